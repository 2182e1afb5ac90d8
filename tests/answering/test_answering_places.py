"""Answers over several places, from an index of made documents."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.answering.years import compared
from rag.question import understand
from rag.service import Service
from rag.types import Comparison
from tests.answering.holding import holding

DOCUMENTS = {
    "yunchao.txt": "青榆县出台人才新政\n\n青榆县给予全职引进的博士40万元安家补贴，分三年发放。\n青榆县人才公寓共有120套，前两年免租金。\n",
    "linxi.txt": "霖溪县出台引才办法\n\n霖溪县给予全职引进的博士25万元安家补贴，一次性发放。\n霖溪县每年举办人才周活动。\n",
    "luzhou1.txt": "鹭汀县2023年村级集体经济工作总结\n\n全县村级集体经济总收入5210万元，村均收入26.4万元，同比增长两成。\n",
    "luzhou2.txt": "鹭汀县2024年村级集体经济工作总结\n\n全县各村收入都有增长，村均收入31.9万元，超过上年。\n",
    "hetang.txt": "鹤塘县村级集体经济发展情况\n\n鹤塘县组织各村抱团发展，去年村均集体收入达到31万元。\n鹤塘县鼓励村集体领办合作社。\n",
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    yield from holding(tmp_path_factory, DOCUMENTS)


def placed(service: Service, question: str) -> dict[str, list[str]]:
    """The quotes of each place's points."""
    found: dict[str, list[str]] = {}
    for point in service.ask(question).answer.points:
        found.setdefault(str(point.place), []).append(point.citations[0].quote)
    return found


def test_two_places_are_answered_one_by_one_without_a_word_of_comparison(service: Service) -> None:
    found = placed(service, "引进的博士在青榆县、霖溪县能拿多少安家补贴？")
    assert {place: quotes[0] for place, quotes in found.items()} == {
        "青榆县": "青榆县给予全职引进的博士40万元安家补贴，分三年发放。",
        "霖溪县": "霖溪县给予全职引进的博士25万元安家补贴，一次性发放。",
    }


def test_a_place_that_has_nothing_says_so(service: Service) -> None:
    answer = service.ask("青榆县和沧屿县的博士安家补贴分别是多少？").answer
    assert answer.comparison == Comparison((("青榆县", tuple(range(len(answer.points)))), ("沧屿县", ())))
    assert answer.text.split("\n")[-1] == "沧屿县：语料中没有相关内容。"


def test_a_question_for_places_is_answered_for_each(service: Service) -> None:
    found = placed(service, "哪些县给博士发安家补贴？")
    assert set(found) == {"青榆县", "霖溪县"}
    assert found["青榆县"][0] == "青榆县给予全职引进的博士40万元安家补贴，分三年发放。"
    assert found["霖溪县"][0] == "霖溪县给予全职引进的博士25万元安家补贴，一次性发放。"


def test_more_passages_make_more_room(service: Service) -> None:
    usual, more = (service.ask("青榆县提出了哪些人才政策？", k=k).answer for k in (10, 40))
    assert {c.quote for c in usual.citations} <= {c.quote for c in more.citations}
    assert usual.coverage.points_omitted >= more.coverage.points_omitted


def test_years_that_are_compared_are_answered_one_by_one(service: Service) -> None:
    points = service.ask("鹭汀县2023年和2024年的村均收入各是多少？").answer.points
    quotes = [point.citations[0].quote for point in points]
    assert ["26.4万元" in quotes[0], "31.9万元" in quotes[-1], len({p.citations[0].document_id for p in points})] == [
        True,
        True,
        2,
    ]


def test_a_period_from_one_year_to_another_is_not_two_years() -> None:
    asked = (
        "2023年和2024年各是多少",
        "2021年的办法和2024年的措施",
        "2022—2024年的总数",
        "2022年至2024年的总数",
        "2024年",
    )
    assert [tuple(compared(understand(question))) for question in asked] == [
        ("2023", "2024"),
        ("2021", "2024"),
        (),
        (),
        (),
    ]
