"""Quantities as questions and texts write them, by value."""

from __future__ import annotations

import pytest

from rag.quantities import written_otherwise


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
        ("九十多岁", ()),
        ("2024年", ()),
        ("十", ()),
        ("人才", ()),
    ],
)
def test_other_ways_to_write_a_quantity(word: str, forms: tuple[str, ...]) -> None:
    assert written_otherwise(word) == forms
