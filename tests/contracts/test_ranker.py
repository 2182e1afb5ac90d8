"""The Ranker contract, over every implementation: values, order of rows kept, unknown signals ignored."""

from __future__ import annotations

import pytest

from rag.protocols import Ranker
from rag.ranking.features import SIGNALS
from rag.ranking.ranker import LinearRanker, weights


@pytest.fixture(params=["linear"])
def ranker(request: pytest.FixtureRequest) -> Ranker:
    return {"linear": LinearRanker({"lexical": 2.0, "dense": 0.5, "place": -1.0})}[request.param]


def test_scores_are_the_weighted_sums(ranker: Ranker) -> None:
    rows = [{"lexical": 1.0, "dense": 0.4}, {"lexical": 0.25, "place": 1.0}, {}]
    assert list(ranker.rank(rows)) == pytest.approx([2.0 * 1.0 + 0.5 * 0.4, 2.0 * 0.25 - 1.0, 0.0])


def test_no_rows_no_scores_and_unknown_signals_count_nothing(ranker: Ranker) -> None:
    assert list(ranker.rank([])) == []
    assert list(ranker.rank([{"phase_of_the_moon": 9.0}])) == [0.0]


def test_the_shipped_weights_name_known_signals_only() -> None:
    assert set(weights()) == {"native", "crossing"}
    for table in weights().values():
        assert set(table) <= set(SIGNALS)
