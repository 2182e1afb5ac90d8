"""A linear ranker with readable weights."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files


class LinearRanker:
    """Scores a passage as Σ weight × signal; unknown signals count nothing."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = {name: weight for name, weight in weights.items() if weight}

    def rank(self, features: Sequence[Mapping[str, float]]) -> Sequence[float]:
        """One score per row of signals."""
        weights = self._weights.items()
        scores = []
        for row in features:
            score = 0.0
            for name, weight in weights:
                score += weight * row.get(name, 0.0)
            scores.append(score)
        return scores


@lru_cache(maxsize=1)
def weights() -> Mapping[str, Mapping[str, float]]:
    """The shipped weights: "native" where question and passage are in one language, "crossing" where they are not."""
    loaded: Mapping[str, Mapping[str, float]] = json.loads(
        files("rag").joinpath("data", "ranker.json").read_text(encoding="utf-8")
    )
    return loaded
