"""The signals of a passage by value: what its title says already counts for no passage of the document."""

from __future__ import annotations

import pytest

from rag.coverage import weigh
from rag.question import understand
from rag.ranking.features import Candidate, signals
from rag.ranking.passages import prepared
from rag.types import Chunk

TITLE = "公寓申请公告"


def _rows(question: str, *sections: tuple[str, str]) -> list[dict[str, float]]:
    """Signals of passages of one document, each given as section and text; every word has the same idf."""
    understood = understand(question)
    candidates = []
    for i, (section, text) in enumerate(sections):
        context = f"{TITLE} › {section}" if section else TITLE
        chunk = Chunk(i + 1, "d", 10 * i, 10 * i + len(text), section, context)
        candidates.append(Candidate(prepared(chunk, text), 1.0, 0.0, 0.0, None))
    return list(signals(understood, weigh(understood, lambda _: 0, 100), candidates))


def test_words_of_the_title_leave_the_rest_to_decide() -> None:
    """申请 and 公寓 stand in the title; of what is left, 材料, the second passage meets all in its section, the first nothing."""
    first, second = _rows("申请公寓要哪些材料？", ("房源", "公寓共有216套"), ("申请材料", "身份证和合同"))
    assert first["local"] == 0.0
    assert (second["local"], second["section"]) == pytest.approx((1.0, 1.0))
    assert second["coverage"] == pytest.approx(1.0)


def test_the_figure_counts_with_the_words_of_its_own_sentence() -> None:
    (row,) = _rows("公寓有多少套？", ("", "公寓很大。共有216套。"))
    (together,) = _rows("公寓有多少套？", ("", "公寓共有216套。"))
    assert row["figure"] < row["sentence"] <= together["figure"] == together["sentence"]


def test_a_question_of_manner_looks_for_a_section_of_manner() -> None:
    rows = _rows("怎么申请公寓？", ("办理流程", "提交材料"), ("房源", "共216套"))
    assert [row["manner"] for row in rows] == [1.0, 0.0]
    assert _rows("申请公寓有哪些条件？", ("办理流程", "提交材料"))[0]["manner"] == 0.0


def test_a_passage_that_is_little_more_than_the_title() -> None:
    rows = _rows("公寓申请公告", ("", TITLE), ("", "公寓" * 20))
    assert [row["bare"] for row in rows] == [1.0, 0.0]
