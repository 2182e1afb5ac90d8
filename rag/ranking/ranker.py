"""A linear ranker with readable weights."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import repeat
from operator import mul


class LinearRanker:
    """Scores a passage as Σ weight × signal; unknown signals count nothing."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = {name: weight for name, weight in weights.items() if weight}

    def rank(self, features: Sequence[Mapping[str, float]]) -> Sequence[float]:
        """One score per row of signals."""
        names, weights = list(self._weights), self._weights.values()
        return [float(sum(map(mul, weights, map(row.get, names, repeat(0.0))))) for row in features]


@lru_cache(maxsize=1)
def weights() -> Mapping[str, Mapping[str, float]]:
    """The shipped weights: "native" where question and passage are in one language, "crossing" where they are not."""
    loaded: Mapping[str, Mapping[str, float]] = json.loads(
        files("rag").joinpath("data", "ranker.json").read_text(encoding="utf-8")
    )
    return loaded
