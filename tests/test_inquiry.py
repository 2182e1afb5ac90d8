"""Several questions in one, and what a question says relative to today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from rag.config import settings
from rag.conversation.splitting import split
from rag.present import answered
from rag.service import Service

ARTICLE = """{place}人才工作情况

{place}出台人才新政。对全职引进的博士，一次性给予安家费{fee}万元；硕士每月发放生活补贴1500元。
{place}建成人才公寓“青年里”，共216套。人才公寓的申请流程是：先到县人才服务中心提交申请，再由县住房中心审核，审核通过后签订合同入住。
"""
YEARLY = """朔河县人社局2025年工作总结

发布时间：2025-12-28

2025年，朔河县举办技能培训班48期。今年新建就业驿站6家。
"""
EARLIER = """朔河县文旅局2022年工作要点

发布时间：2022-03-10

去年，朔河县接待游客36万人次。今年计划修缮古桥4座。
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, environ: dict[str, str]) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("inquiry")
    texts = {
        "a.txt": ARTICLE.format(place="朔河县", fee=30),
        "b.txt": ARTICLE.format(place="云溪县", fee=20),
        "c.txt": YEARLY,
        "d.txt": EARLIER,
        "e.txt": "朔河县居住证办法\n\n持证满半年的人员可在朔河县就近入学。\n本办法自2024年7月1日起施行，有效期三年。\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    opened = Service.open(
        settings(data_dir=folder / "index", environ=environ), write=True, today=lambda: date(2026, 3, 1)
    )
    opened.index(sorted(folder.glob("*.txt")))
    yield opened
    opened.close()


@pytest.mark.parametrize(("year", "read"), [(2026, True), (2031, False)])
def test_questions_are_read_by_the_clock_that_was_given(
    year: int, read: bool, tmp_path: Path, environ: dict[str, str]
) -> None:
    (tmp_path / "a.txt").write_text(YEARLY, encoding="utf-8")
    opened = Service.open(
        settings(data_dir=tmp_path / "index", environ=environ), write=True, today=lambda: date(year, 3, 1)
    )
    try:
        opened.index([tmp_path / "a.txt"])
        given = opened.ask("朔河县去年举办技能培训班多少期？").answer.text
        assert ("按今天的日期理解为2025年" in given) is read
    finally:
        opened.close()


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("朔河县的公寓有多少套？怎么申请？", ["朔河县的公寓有多少套", "朔河县的公寓怎么申请"]),
        ("朔河县给博士多少安家费，公寓楼哪天开工？", ["朔河县给博士多少安家费", "朔河县公寓楼哪天开工"]),
        ("朔河县采取了哪些措施，成效如何？", ["朔河县采取了哪些措施", "朔河县采取了措施成效如何"]),
        ("朔河县给博士多少安家费？云溪县有哪些人才政策？", ["朔河县给博士多少安家费", "云溪县有哪些人才政策"]),
        ("朔河县的“一站、两员、几个圈”是什么？", ["朔河县的“一站、两员、几个圈”是什么？"]),
        ("补贴分哪三档，各是多少？", ["补贴分哪三档，各是多少？"]),
        ("朔河县提出了哪些人才政策？", ["朔河县提出了哪些人才政策？"]),
        ("在朔河县，博士能领多少安家费？", ["在朔河县，博士能领多少安家费？"]),
        ("How many flats are there in Shuohe County?", ["How many flats are there in Shuohe County?"]),
    ],
)
def test_what_a_question_holds(question: str, parts: list[str]) -> None:
    assert list(split(question)) == parts


def test_an_english_question_of_two() -> None:
    assert split("How many flats are there in Shuohe County, and how can one apply?") == (
        "How many flats are there in Shuohe County",
        "how can one apply in Shuohe County?",
    )


def test_each_part_has_its_points(service: Service) -> None:
    given = answered(service.ask("朔河县的人才公寓有多少套？怎么申请？"))
    points, parts = given["points"], given["parts"]
    assert isinstance(points, list)
    assert isinstance(parts, list)
    told = [" ".join(points[at]["text"] for at in part["points"]) for part in parts]
    assert [part["reason"] for part in parts] == [None, None]
    assert "216套" in told[0]
    assert "审核" in told[1]
    assert str(given["answer"]).startswith("【朔河县的人才公寓有多少套】\n")


def test_one_point_that_answers_every_part_stands_under_none(service: Service) -> None:
    given = service.ask("朔河县居住证办法什么时候施行，有效期多久？").answer
    assert [part.points for part in given.parts] == [(0,), (0,)]
    assert [citation.quote for citation in given.citations] == ["本办法自2024年7月1日起施行，有效期三年。"]
    assert "【" not in given.text


def test_a_part_that_finds_nothing_is_named(service: Service) -> None:
    given = service.ask("云溪县给博士多少安家费？物业费每平方米多少元？").answer
    assert given.answered
    assert [part.reason is None for part in given.parts] == [True, False]
    assert "20万元" in " ".join(citation.quote for citation in given.citations)
    assert "没有找到单独的回答" in given.text
    assert given.notes != ()


def test_parts_about_two_places_are_answered_for_each(service: Service) -> None:
    given = service.ask("朔河县给博士多少安家费？云溪县的硕士每月补贴多少元？").answer
    assert [part.reason for part in given.parts] == [None, None]
    quoted = ["".join(given.points[at].citations[0].quote for at in part.points) for part in given.parts]
    assert ["30万元" in quoted[0], "1500元" in quoted[1]] == [True, True]
    held = [{given.points[at].citations[0].document_id for at in part.points} for part in given.parts]
    assert [len(documents) for documents in held] == [1, 1]
    assert held[0] != held[1]


def test_nothing_is_answered_where_no_part_is(service: Service) -> None:
    given = service.ask("云溪县的地铁票价是多少元？机场哪天开工？").answer
    assert (given.answered, given.parts) == (False, ())


@pytest.mark.parametrize(
    ("question", "quote", "periods"),
    [
        ("朔河县去年举办了多少期技能培训班？", "48期", [("去年", "2025-01-01", "2025-12-31", True)]),
        ("朔河县去年接待了多少游客？", "36万人次", [("去年", "2025-01-01", "2025-12-31", False)]),
        ("朔河县2021年接待了多少游客？", "36万人次", []),
        ("朔河县2025年举办了多少期技能培训班？", "48期", []),
    ],
)
def test_relative_periods_are_read_by_the_clock_and_then_by_the_document(
    service: Service, question: str, quote: str, periods: list[tuple[str, str, str, bool]]
) -> None:
    given = service.ask(question).answer
    assert quote in " ".join(citation.quote for citation in given.citations)
    assert [(each.asked, each.since, each.until, each.held) for each in given.periods] == periods
    assert ("按今天的日期" in given.text) == bool(periods)


def test_how_a_period_was_read_is_in_the_document_for_machines(service: Service) -> None:
    assert answered(service.ask("朔河县去年举办了多少期技能培训班？"))["periods"] == [
        {"asked": "去年", "since": "2025-01-01", "until": "2025-12-31", "held": True}
    ]
    assert "periods" not in answered(service.ask("朔河县给博士多少安家费？"))
