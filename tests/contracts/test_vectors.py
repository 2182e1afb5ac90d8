"""VectorIndex: scores against NumPy, for every way to lay an index out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import faiss
import numpy as np
import pytest

from rag.index.vectors import SegmentedVectors, VectorSegment, build_index, one_thread
from rag.protocols import Vector, VectorIndex
from rag.types import Scored

DIM = 24
Corpus = Mapping[int, Vector]


def segment(corpus: Corpus, dead: Corpus | None = None) -> VectorSegment:
    both = {**corpus, **(dead or {})}
    ids = np.array(sorted(both), np.int64)
    vectors = np.array([both[number] for number in ids.tolist()], np.float32).reshape(len(ids), DIM)
    live = ~np.isin(ids, list(dead)) if dead else None
    return VectorSegment(ids, build_index(ids, vectors), live)


def part(corpus: Corpus, start: int, step: int) -> Corpus:
    return dict(list(corpus.items())[start::step])


def one_segment(corpus: Corpus) -> VectorIndex:
    return SegmentedVectors(DIM, [segment(corpus)])


def three_segments(corpus: Corpus) -> VectorIndex:
    return SegmentedVectors(DIM, [segment(part(corpus, start, 3)) for start in range(3)])


def with_deletions(corpus: Corpus) -> VectorIndex:
    """Deleted rows are better than any that is left, and some of their chunks live on elsewhere."""
    stale = {number: np.full(DIM, 9, np.float32) for number in part(corpus, 1, 2)}
    return SegmentedVectors(DIM, [segment(part(corpus, 1, 2)), segment(part(corpus, 0, 2), stale)])


IMPLEMENTATIONS = [one_segment, three_segments, with_deletions]
Build = Callable[[Corpus], VectorIndex]


def corpus_of(size: int) -> dict[int, Vector]:
    """Unit vectors, every fifth one the same; ids in no order, up to 2^63 − 1."""
    chance = np.random.default_rng(size)
    vectors = chance.standard_normal((size, DIM)).astype(np.float32)
    vectors[::5] = vectors[0]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ids = [2**63 - 1, *chance.choice(10**12, size - 1, replace=False).tolist()]
    return dict(zip(ids, vectors, strict=True))


def query() -> Vector:
    return np.random.default_rng(99).standard_normal(DIM).astype(np.float32)


def reference(corpus: Corpus, vector: Vector) -> dict[int, float]:
    return {number: float(each.astype(np.float64) @ vector) for number, each in corpus.items()}


def scores(found: Sequence[Scored]) -> dict[int, float]:
    return {hit.chunk_id: hit.score for hit in found}


@pytest.mark.parametrize("build", IMPLEMENTATIONS)
def test_scores_are_inner_products(build: Build) -> None:
    corpus = corpus_of(53)
    found = build(corpus).search(query(), 100)
    assert scores(found) == pytest.approx(reference(corpus, query()), abs=1e-5)
    assert len(found) == 53


@pytest.mark.parametrize("build", IMPLEMENTATIONS)
def test_order_and_cut_through_ties(build: Build) -> None:
    corpus = corpus_of(53)
    index = build(corpus)
    twin = next(iter(corpus.values()))
    for vector in (query(), twin, np.zeros(DIM, np.float32)):
        whole = index.search(vector, 53)
        assert list(whole) == sorted(whole, key=lambda hit: (-hit.score, hit.chunk_id))
        for k in range(1, 54):
            assert index.search(vector, k) == whole[:k]
    assert index.search(query(), 0) == ()


@pytest.mark.parametrize("build", IMPLEMENTATIONS)
@pytest.mark.parametrize("levels", [5, 50])
def test_ties_among_many(build: Build, levels: int) -> None:
    """Left to itself FAISS breaks such ties as it likes (measured: 300 vectors of 5 or 50 scores, k from 50 on)."""
    chance = np.random.default_rng(levels)
    unit = np.eye(DIM, dtype=np.float32)[0]
    corpus = {number: unit * chance.integers(levels) for number in chance.permutation(np.arange(1, 301)).tolist()}
    expected = sorted(corpus, key=lambda number: (-corpus[number][0], number))
    index = build(corpus)
    for k in (1, 50, 99, 100, 108, 300):
        assert [hit.chunk_id for hit in index.search(unit, k)] == expected[:k]


@pytest.mark.parametrize("build", IMPLEMENTATIONS)
def test_restriction_to_chunks(build: Build) -> None:
    corpus = corpus_of(53)
    some = [*list(corpus)[::3], 77]
    found = build(corpus).search(query(), 100, some)
    assert scores(found) == pytest.approx(reference({n: corpus[n] for n in some if n in corpus}, query()), abs=1e-5)
    assert found == tuple(hit for hit in build(corpus).search(query(), 100) if hit.chunk_id in some)
    assert build(corpus).search(query(), 3, some) == found[:3]
    assert build(corpus).search(query(), 3, []) == ()


@pytest.mark.parametrize("build", IMPLEMENTATIONS)
def test_scores_of_given_chunks(build: Build) -> None:
    corpus = corpus_of(53)
    asked = [*list(corpus)[::-2], 77, next(iter(corpus))]
    found = build(corpus).scores(query(), asked)
    whole = scores(build(corpus).search(query(), 53))
    assert list(found) == [whole.get(number, 0.0) for number in asked]
    assert build(corpus).scores(query(), []) == ()


def test_layouts_agree_to_the_bit() -> None:
    corpus = corpus_of(53)
    assert len({build(corpus).search(query(), 53) for build in IMPLEMENTATIONS}) == 1


def test_nothing_indexed() -> None:
    index = SegmentedVectors(DIM, [])
    assert index.search(query(), 5) == ()
    assert index.scores(query(), [1, 2]) == (0.0, 0.0)


def test_another_shape_is_an_error() -> None:
    with pytest.raises(ValueError, match="24 dimensions"):
        one_segment(corpus_of(3)).search(np.zeros(DIM + 1, np.float32), 5)


def test_the_hosts_thread_count_is_put_back() -> None:
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(2)
    try:
        with one_thread():
            assert faiss.omp_get_max_threads() == 1
        one_segment(corpus_of(3)).search(query(), 2)
        assert faiss.omp_get_max_threads() == 2
    finally:
        faiss.omp_set_num_threads(before)
