"""The rough pass over vectors: what it leaves out cannot be among the best, and a search by way of it gives the same."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.index.rough import FEWEST_ROWS, Rough
from rag.index.vectors import SegmentedVectors, VectorSegment, build_index

DIM = 64
Matrix = NDArray[np.float32]


def vectors(seed: int, rows: int = FEWEST_ROWS + 500, scale: float = 1.0) -> Matrix:
    """Unit vectors times the scale in thirty clusters, so that many come near each other; every seventh is there twice."""
    chance = np.random.default_rng(seed)
    centres = chance.standard_normal((30, DIM))
    made = centres[chance.integers(30, size=rows)] + 0.5 * chance.standard_normal((rows, DIM))
    made[::7] = made[0]
    unit: Matrix = (scale * made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)
    return unit


def ready(made: Matrix) -> Rough:
    rough = Rough(made)
    assert [rough.ready() for _ in range(40)][-1], "it was not made after 40 searches"
    return rough


@pytest.mark.parametrize("scale", [1.0, 0.01, 30.0])
@pytest.mark.parametrize("count", [1, 40, 300])
def test_no_other_row_exceeds_the_bound(scale: float, count: int) -> None:
    made = vectors(1, scale=scale)
    rough = ready(made)
    for query in (*vectors(2, 20), made[3], 100 * made[3], np.zeros(DIM, np.float32)):
        rows, bounds = rough.leading(query, count, None)
        left = np.setdiff1d(np.arange(len(made)), rows)
        exact = made.astype(np.float64) @ query
        assert len(rows) == len(bounds) == count
        assert (exact[rows] <= bounds).all()
        assert list(bounds) == sorted(bounds, reverse=True)
        assert exact[left].max() <= bounds[-1]


def test_the_bound_is_near() -> None:
    made = vectors(1)
    rough = ready(made)
    for query in vectors(2, 20):
        rows, bounds = rough.leading(query, 300, None)
        assert (bounds <= made[rows] @ query + 0.1).all()


@pytest.mark.parametrize("deleted", [False, True])
@pytest.mark.parametrize("k", [1, 40, 357, 1_000])
def test_a_search_by_way_of_it_gives_the_same(k: int, deleted: bool) -> None:
    made = vectors(3)
    ids = np.sort(np.random.default_rng(4).choice(10**12, len(made), replace=False))
    live = np.arange(len(made)) % 5 > 0 if deleted else None
    index, rough = build_index(ids, made), ready(made)
    exact = SegmentedVectors(DIM, [VectorSegment(ids, index, live)])
    roughly = SegmentedVectors(DIM, [VectorSegment(ids, index, live, rough)])
    for query in (*vectors(5, 40), made[0], np.zeros(DIM, np.float32)):
        assert roughly.search(query, k) == exact.search(query, k)


def test_few_rows_and_few_searches_make_none() -> None:
    few = Rough(vectors(6, FEWEST_ROWS - 1))
    assert not any(few.ready() for _ in range(100))
    assert not Rough(vectors(6)).ready()
