"""Quantities as questions and texts write them, by value."""

from __future__ import annotations

import math

import pytest

from rag.coverage import weigh
from rag.quantities import ages, written_otherwise
from rag.question import understand


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("三年", ("3年",)),
        ("3年", ("三年",)),
        ("八十岁", ("80岁", "80周岁")),
        ("一百零五天", ("105天", "105日")),
        ("六成", ("60%",)),
        ("三回", ("3次", "三次")),
        ("两百", ("200",)),
        ("二十五号人", ("25人", "25名")),
        ("十亿元", ("10亿元",)),
        ("三万", ("3万",)),
        ("九十多岁", ()),
        ("2024年", ()),
        ("十", ()),
        ("人才", ()),
    ],
)
def test_other_ways_to_write_a_quantity(word: str, forms: tuple[str, ...]) -> None:
    assert written_otherwise(word) == forms


@pytest.mark.parametrize(
    ("topic", "named", "held"),
    [
        ("九十多岁的老人", "九十多岁", "90至99"),
        ("85岁老人", "85岁", "80—89"),
        ("85岁老人", "85岁", "80周岁及以上"),
        ("八十五周岁", "八十五周岁", "85岁"),
        ("百岁老人的津贴", "百岁", "100周岁"),
        ("一百零三岁", "一百零三岁", "103岁"),
    ],
)
def test_an_age_lies_in_its_ten_years(topic: str, named: str, held: str) -> None:
    ((start, end, forms),) = ages(topic)
    assert topic[start:end] == named
    assert held in forms


@pytest.mark.parametrize("topic", ["60岁以上老人", "35周岁及以下", "3岁孩子", "20至30岁青年", "18到60岁"])
def test_what_is_said_of_a_span_is_no_age(topic: str) -> None:
    assert [topic[start:end] for start, end, _ in ages(topic)] == []


def test_a_quantity_in_another_writing_is_as_rare_as_its_rarest_part() -> None:
    asked = understand("九十多岁老人的补助")
    counts = {"90": 3, "99": 2, "至": 40, "老人": 9, "补助": 9}
    (age, *_) = weigh(asked, lambda term: counts.get(term, 0), 100)
    assert age.content.text == "九十多岁"
    assert age.held
    assert age.weight == pytest.approx(math.log(1 + 98.5 / 2.5))
