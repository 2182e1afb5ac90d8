"""LexicalIndex: scores against BM25 written out, for every way to lay an index out."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.index.content import IndexedChunk, build_content, merge_contents
from rag.index.lexical import LexicalSegment, SegmentedLexical
from rag.index.postings import term_keys
from rag.protocols import LexicalIndex
from tests.examples import examples

K1, B = 1.2, 0.75


@dataclass(frozen=True)
class Row:
    chunk: int
    document: str
    text: tuple[str, ...]
    context: tuple[str, ...]


def bm25(
    rows: Sequence[Row], query: Mapping[str, Mapping[str, float]], documents: Collection[str] | None
) -> dict[int, float]:
    """Scores of all chunks that match, by the formula."""
    scores: dict[int, float] = {}
    for field, weights in query.items():
        terms = {row.chunk: Counter(getattr(row, field)) for row in rows}
        average = sum(sum(count.values()) for count in terms.values()) / len(rows)
        for term, weight in weights.items():
            df = sum(term in count for count in terms.values())
            idf = math.log(1 + (len(rows) - df + 0.5) / (df + 0.5))
            for row in rows:
                tf = terms[row.chunk][term]
                if tf and (documents is None or row.document in documents):
                    norm = K1 * (1 - B + B * sum(terms[row.chunk].values()) / average)
                    scores[row.chunk] = scores.get(row.chunk, 0.0) + weight * idf * (K1 + 1) * tf / (tf + norm)
    return scores


def segment(rows: Sequence[Row], dead: Collection[int] = ()) -> LexicalSegment:
    chunks = [IndexedChunk(row.chunk, row.document, (term_keys(row.text), term_keys(row.context))) for row in rows]
    content = build_content(chunks, np.zeros((len(rows), 1), np.float32))
    live = ~np.isin(content.chunk_ids, list(dead)) if dead else None
    return LexicalSegment(content.chunk_ids, content.documents, content.document_of, content.fields, live)


def one_segment(rows: Sequence[Row]) -> LexicalIndex:
    return SegmentedLexical([segment(rows)] if rows else [])


def forgetful(rows: Sequence[Row]) -> LexicalIndex:
    """With room for one term of a few chunks only, so that every other is made ready again and again."""
    return SegmentedLexical([segment(rows)] if rows else [], most=8)


def three_segments(rows: Sequence[Row]) -> LexicalIndex:
    return SegmentedLexical([segment(part) for part in (rows[::3], rows[1::3], rows[2::3]) if part])


def with_deletions(rows: Sequence[Row]) -> LexicalIndex:
    """As many rows again were there and are deleted; some of the ids live on in the other segment."""
    stale = [Row(row.chunk, "gone", ("甲", "乙", *row.context), row.text) for row in rows]
    extra = [Row(row.chunk + 1_000_000, row.document, row.text, ("甲",)) for row in rows]
    every = [*rows[::2], *extra]
    return SegmentedLexical(
        [segment(every, {row.chunk for row in extra})]
        + ([segment([*rows[1::2], *stale[::2]], {row.chunk for row in stale[::2]})] if len(rows) > 1 else [])
    )


def merged(rows: Sequence[Row]) -> LexicalIndex:
    """Two segments with deletions, merged into one."""
    extra = [Row(row.chunk + 1_000_000, "gone", row.text, ("甲",)) for row in rows]
    contents = []
    for part in ([*rows[::2], *extra], list(rows[1::2])):
        if part:
            chunks = [
                IndexedChunk(row.chunk, row.document, (term_keys(row.text), term_keys(row.context))) for row in part
            ]
            content = build_content(chunks, np.zeros((len(part), 1), np.float32))
            contents.append((content, content.chunk_ids < 1_000_000))
    content = merge_contents(contents)
    return SegmentedLexical([LexicalSegment(content.chunk_ids, content.documents, content.document_of, content.fields)])


IMPLEMENTATIONS = [one_segment, forgetful, three_segments, with_deletions, merged]
Build = Callable[[Sequence[Row]], LexicalIndex]

TERMS = ["甲", "乙", "人才", "+", '"', "祁办发〔2022〕15号", "AND", "a:b", "·ab", "\ud800", "丙", "丁"]


def rows_of(seed: int, size: int) -> list[Row]:
    chance = random.Random(seed)
    weights = [1 / (rank + 1) for rank in range(len(TERMS))]

    def terms(most: int) -> tuple[str, ...]:
        return tuple(chance.choices(TERMS, weights, k=chance.randint(0, most)))

    ids = chance.sample(range(1, 1_000_000), size)
    return [Row(number, f"d{place // 3}", terms(30), terms(4)) for place, number in enumerate(ids)]


@pytest.mark.parametrize("build", IMPLEMENTATIONS)
@pytest.mark.parametrize("size", [1, 2, 60])
def test_scores_are_bm25(build: Build, size: int) -> None:
    rows = rows_of(size, size)
    index = build(rows)
    query = {"text": {term: 1.0 + place / 4 for place, term in enumerate(TERMS)}, "context": {"甲": 0.5, "人才": 2.0}}
    expected = bm25(rows, query, None)
    found = index.search(query, size)
    assert {hit.chunk_id: hit.score for hit in found} == pytest.approx(expected, rel=1e-6)
    assert len(found) == len(expected)


@pytest.mark.parametrize("build", IMPLEMENTATIONS)
def test_scores_of_one_term_by_hand(build: Build) -> None:
    rows = [Row(1, "d", ("甲", "甲", "乙"), ()), Row(2, "d", ("乙",), ()), Row(3, "e", ("丙", "丙"), ())]
    (hit,) = build(rows).search({"text": {"甲": 3.0}}, 10)
    idf = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    assert hit.chunk_id == 1
    assert hit.score == pytest.approx(3.0 * idf * 2.2 * 2 / (2 + 1.2 * (0.25 + 0.75 * 3 / 2)), rel=1e-6)


@pytest.mark.parametrize("build", IMPLEMENTATIONS)
def test_order_and_cut(build: Build) -> None:
    rows = rows_of(5, 60)
    query = {"text": {"甲": 1.0, "人才": 0.5}, "context": {"乙": 1.0}}
    index = build(rows)
    whole = index.search(query, 1_000)
    assert list(whole) == sorted(whole, key=lambda hit: (-hit.score, hit.chunk_id))
    assert len({hit.score for hit in whole}) < len(whole), "the rows hold no ties: the test proves nothing"
    for k in range(len(whole) + 2):
        assert list(index.search(query, k)) == list(whole[:k])


@pytest.mark.parametrize("build", IMPLEMENTATIONS)
def test_restriction_leaves_scores_alone(build: Build) -> None:
    rows = rows_of(6, 60)
    query = {"text": {"甲": 1.0}, "context": {"人才": 1.0}}
    some = {"d1", "d7", "d12", "unknown"}
    found = build(rows).search(query, 100, some)
    assert {hit.chunk_id: hit.score for hit in found} == pytest.approx(bm25(rows, query, some), rel=1e-6)
    assert found == tuple(
        hit for hit in build(rows).search(query, 100) if {r.chunk: r.document for r in rows}[hit.chunk_id] in some
    )
    assert not build(rows).search(query, 100, set())
    assert not build(rows).search(query, 100, {"unknown"})


@pytest.mark.parametrize("build", IMPLEMENTATIONS)
def test_unknown_terms_and_zero_weights_find_nothing(build: Build) -> None:
    rows = rows_of(7, 20)
    assert not build(rows).search({"text": {"没有": 1.0}}, 10)
    assert not build(rows).search({"text": {"甲": 0.0}}, 10)
    assert not build(rows).search({}, 10)


@pytest.mark.parametrize("build", IMPLEMENTATIONS)
def test_document_frequency(build: Build) -> None:
    rows = rows_of(8, 60)
    for term in [*TERMS, "没有"]:
        counts = [sum(term in getattr(row, field) for row in rows) for field in ("text", "context")]
        assert build(rows).document_frequency(term) == max(counts)


def test_nothing_indexed() -> None:
    index = one_segment([])
    assert not index.search({"text": {"甲": 1.0}}, 5)
    assert index.document_frequency("甲") == 0


def test_an_unknown_field_is_an_error() -> None:
    with pytest.raises(ValueError, match="'title'"):
        one_segment(rows_of(1, 3)).search({"title": {"甲": 1.0}}, 5)


def test_layouts_agree_to_the_bit() -> None:
    rows = rows_of(9, 60)
    query = {"text": dict.fromkeys(TERMS, 1.0), "context": dict.fromkeys(TERMS, 0.3)}
    backwards = {field: dict(reversed(weights.items())) for field, weights in reversed(query.items())}
    results = [build(rows).search(q, 60) for build in IMPLEMENTATIONS for q in (query, backwards)]
    assert all(result == results[0] for result in results)


@examples(30)
@given(
    st.lists(st.tuples(st.lists(st.sampled_from("甲乙丙")), st.lists(st.sampled_from("甲乙"))), min_size=1, max_size=12)
)
def test_any_corpus(fields: list[tuple[list[str], list[str]]]) -> None:
    rows = [Row(n, f"d{n % 3}", tuple(text), tuple(context)) for n, (text, context) in enumerate(fields, 1)]
    query = {"text": {"甲": 1.0, "乙": 0.5}, "context": {"甲": 2.0}}
    if not any(row.text for row in rows) or not any(row.context for row in rows):
        return
    for build in IMPLEMENTATIONS:
        found = {hit.chunk_id: hit.score for hit in build(rows).search(query, 100)}
        assert found == pytest.approx(bm25(rows, query, None), rel=1e-6)


@pytest.mark.parametrize("build", IMPLEMENTATIONS)
def test_asking_again_gives_the_same(build: Build) -> None:
    """Also when the caller changes its query in between, and after a search among some documents."""
    rows = rows_of(10, 60)
    index = build(rows)
    query = {"text": {"甲": 1.0, "乙": 2.0}}
    first = index.search(query, 100)
    assert index.search(query, 100, {"d1"}) != first
    assert index.search({"text": dict(query["text"])}, 100) == first
    query["text"]["甲"] = 5.0
    changed = {hit.chunk_id: hit.score for hit in index.search(query, 100)}
    assert changed == pytest.approx(bm25(rows, query, None), rel=1e-6)
