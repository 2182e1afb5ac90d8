"""Overviews of made documents, and refusals that name what is missing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.service import Service
from rag.types import Reason
from tests.answering.holding import holding

DOCUMENTS = {
    "qingyu.txt": (
        "在青榆县组织工作座谈会上的发言\n\n"
        "近年来，青榆县把组织工作摆在突出位置。\n\n"
        "一、建强基层组织\n\n青榆县新建村级活动场所35个，全部投入使用。各村每月开展一次活动。\n\n"
        "二、选优配强干部\n\n青榆县选派第一书记62名到村任职。考核结果与任用挂钩。\n\n"
        "三、引育各类人才\n\n青榆县给予全职引进的博士40万元安家补贴。人才公寓前两年免租金。\n"
    ),
    "linxi.txt": (
        "霖溪县茶园里的合作社\n\n"
        "霖溪县把合作社办到了茶园里，茶农成了股东。\n\n"
        "村里先把分散的茶地流转到一起，请来农技员指导。\n\n"
        "加工厂去年投产，鲜叶当天就能制成干茶。\n\n"
        "年底分红时，每户平均拿到了六千多元。\n"
    ),
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    yield from holding(tmp_path_factory, DOCUMENTS)


SECTIONS = [
    "建强基层组织：青榆县新建村级活动场所35个，全部投入使用。",
    "选优配强干部：青榆县选派第一书记62名到村任职。",
    "引育各类人才：青榆县给予全职引进的博士40万元安家补贴。",
]


@pytest.mark.parametrize(
    "question",
    [
        "青榆县组织工作座谈会讲了什么？",
        "介绍一下青榆县的组织工作",
        "请概括青榆县的文章",
        "青榆縣這篇文章的主要內容是什麼？",
        "What does Qingyu County's speech say?",
    ],
)
def test_an_overview_is_a_point_a_section_in_the_order_of_the_source(service: Service, question: str) -> None:
    given = service.ask(question).answer
    opened = [
        point.text.replace("。各村每月开展一次活动", "").replace("。考核结果与任用挂钩", "") for point in given.points
    ]
    assert [text.replace("。人才公寓前两年免租金", "") for text in opened] == SECTIONS


def test_every_point_of_an_overview_is_cited_exactly(service: Service) -> None:
    answered = service.ask("青榆县组织工作座谈会讲了什么？")
    for point in answered.answer.points:
        (citation,) = point.citations
        assert answered.documents[citation.document_id].text[citation.start : citation.end] == citation.quote
        assert point.text.split("：")[1] in citation.quote


def test_a_document_without_sections_is_told_by_its_paragraphs(service: Service) -> None:
    given = service.ask("霖溪县茶园里的合作社说了什么？").answer
    assert [point.text for point in given.points] == [
        "霖溪县把合作社办到了茶园里，茶农成了股东。",
        "村里先把分散的茶地流转到一起，请来农技员指导。",
        "加工厂去年投产，鲜叶当天就能制成干茶。",
        "年底分红时，每户平均拿到了六千多元。",
    ]


def test_a_section_that_is_asked_about_is_no_overview(service: Service) -> None:
    given = service.ask("介绍一下青榆县引育人才的做法").answer
    assert given.answered
    assert not any("活动场所" in point.text for point in given.points)


def test_two_places_have_an_overview_each(service: Service) -> None:
    given = service.ask("介绍一下青榆县和霖溪县").answer
    assert given.comparison is not None
    assert [(place, len(rows)) for place, rows in given.comparison.rows] == [("青榆县", 3), ("霖溪县", 4)]


@pytest.mark.parametrize("request_text", ["帮我写一首诗", "请翻译这段话", "Please write me a poem"])
def test_what_is_no_question_is_refused(service: Service, request_text: str) -> None:
    given = service.ask(request_text).answer
    assert (given.answered, given.reason) == (False, Reason.NOTHING_RELEVANT)


def test_a_refusal_spells_what_is_missing_as_the_question_does(service: Service) -> None:
    given = service.ask("霖溪县的GDP是多少？").answer
    assert given.text.startswith("语料中有相关文件，但没有提到GDP。最接近的：霖溪县《霖溪县茶园里的合作社》")


def test_a_refusal_of_a_period_without_a_year_reads_whole(service: Service) -> None:
    given = service.ask("“十二五”期间霖溪县每户分红多少？").answer
    assert given.reason is Reason.NO_SUCH_PERIOD
    assert given.text.startswith("语料中没有说到所问时期的情况。")


def test_no_other_place_answers_for_one_that_none_of_the_passages_speaks_for(service: Service) -> None:
    given = service.ask("霖溪县引进的博士安家补贴是多少？", place="青榆县").answer
    assert (given.answered, given.reason) == (False, Reason.NO_SUCH_TOPIC)
