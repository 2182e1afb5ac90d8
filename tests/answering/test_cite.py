"""Citations are exact slices, or the draft does not become a point."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.cite import cite, untitled
from rag.types import Chunk, Draft, Hit, Point, Span
from tests.answering.made import document

TEXT = "第一条 给予博士\n30万元补贴。第二条 建成公寓216套。😀完。"
CHUNK = Chunk(7, "d", 0, 21, "", "")
HITS = [Hit(CHUNK, 0.5)]


def test_a_draft_becomes_a_point_with_the_exact_slice() -> None:
    (point,) = cite(
        [Draft("给予博士\n30万元补贴。", (Span("d", 4, 16),), Span("d", 9, 13), "澄河县")], HITS, {"d": TEXT}
    )
    (citation,) = point.citations
    assert citation.quote == TEXT[4:16] == "给予博士\n30万元补贴。"
    assert citation.focus is not None
    assert citation.quote[slice(*citation.focus)] == "30万元"
    assert (citation.chunk, citation.score, point.place) == (CHUNK, 0.5, "澄河县")
    assert point.text == "给予博士 30万元补贴。"


@pytest.mark.parametrize(
    "span",
    [Span("d", 4, 25), Span("d", 15, 15), Span("d", 10, 4), Span("e", 4, 15)],
    ids=["outside the hit", "empty", "backwards", "another document"],
)
def test_a_range_outside_every_hit_makes_no_point(span: Span) -> None:
    assert cite([Draft("给予", (span,))], HITS, {"d": TEXT, "e": TEXT}) == ()


def test_a_draft_with_one_unsound_range_is_dropped_whole() -> None:
    assert cite([Draft("x", (Span("d", 4, 15), Span("d", 20, 30)))], HITS, {"d": TEXT}) == ()


def test_a_point_without_a_citation_cannot_exist() -> None:
    with pytest.raises(ValueError, match="cannot exist"):
        Point("给予补贴", ())


@given(st.text(min_size=1, max_size=80), st.data())
def test_every_quote_is_the_slice(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    hit = Hit(Chunk(1, "d", 0, len(text), "", ""), 1.0)
    for point in cite([Draft(text[start:end] or "x", (Span("d", start, end),))], [hit], {"d": text}):
        for citation in point.citations:
            assert text[citation.start : citation.end] == citation.quote


def test_a_point_says_its_title_no_second_time() -> None:
    made = document("丁县人才办法\n丁县给予博士补贴30万元。\n丁县人才公寓216套。\n")
    chunk = Chunk(1, made.id, 0, len(made.text), "", "")
    drafts = [
        Draft(made.text[:20], (Span(made.id, 0, 20),)),
        Draft(made.text[:6], (Span(made.id, 0, 6),)),
        Draft(made.text[21:31], (Span(made.id, 21, 31),)),
    ]
    points = cite(drafts, [Hit(chunk, 0.5)], {made.id: made.text})
    told = untitled(points, {made.id: made})
    assert [point.text for point in told] == ["丁县给予博士补贴30万元。", "丁县人才公寓216套"]
    assert told[0].citations == points[0].citations
    assert untitled(points[1:2], {made.id: made}) == points[1:2]
