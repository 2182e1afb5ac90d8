"""How well each sentence answers: learned weights over readable signals."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from operator import itemgetter, mul
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embeddings.protocol import Embedder
from rag.analysis import simplified
from rag.answering.looks import announced, asks_which_places
from rag.answering.signals import is_byline, signals
from rag.answering.units import Unit
from rag.coverage import Weighted
from rag.question import Question
from rag.types import Intent, Language

SEVERAL: Final = frozenset({Intent.LIST, Intent.HOW, Intent.COMPARE})
ENCODED: Final = 32
VECTORS: Final = 8_000
BYLINE: Final = 20.0
Weights = Mapping[str, Mapping[str, float]]
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Rated:
    """A unit with how well it answers: higher is better, and e to the power of a difference says how many times likelier one
    is than the other to hold the answer."""

    unit: Unit
    score: float


@lru_cache(maxsize=1)
def shipped() -> Weights:
    """The weights of each signal by kind of question: "one" wants one thing, "several" a list, a manner or a comparison.
    `python -m tools.train_sentences` makes them."""
    loaded: Weights = json.loads(files("rag").joinpath("data", "sentences.json").read_text(encoding="utf-8"))
    return loaded


def kind(question: Question) -> str:
    """Which weights a question goes by. What a name with a number in it (“三不准”) stands for is several things;
    of each of the places that are asked for, one is wanted."""
    if asks_which_places(question):
        return "one"
    named = (
        question.wanted is None and not question.author and bool(question.names) and announced(question.folded)[0] > 1
    )
    return "several" if question.intent in SEVERAL or named or question.overview is not None else "one"


class Similarity:
    """Cosines of sentences and questions. The vectors of the sentences used last are kept; safe to use from several threads."""

    def __init__(self, embedder: Embedder, capacity: int = VECTORS) -> None:
        self._embedder = embedder
        self._capacity = capacity
        self._kept: OrderedDict[str, Vector] = OrderedDict()
        self._lock = Lock()

    def __call__(self, question: Question, pieces: Sequence[Unit]) -> Sequence[float]:
        """The cosine of each unit's vector and the question's."""
        if not pieces:
            return []
        with self._lock:
            known = {unit.folded: self._kept[unit.folded] for unit in pieces if unit.folded in self._kept}
        query = self._embedder.encode_query([simplified(question.text)])[0]
        missing = list(dict.fromkeys(unit.folded for unit in pieces if unit.folded not in known))
        if missing:
            known |= zip(missing, self._embedder.encode_document(missing), strict=True)
        with self._lock:
            for folded in missing:
                self._kept[folded] = known[folded].copy()
            while len(self._kept) > self._capacity:
                self._kept.popitem(last=False)
        return [float(value) for value in np.stack([known[unit.folded] for unit in pieces]) @ query]


def rate(
    question: Question,
    weighted: Sequence[Weighted],
    pieces: Sequence[Unit],
    similarity: Similarity,
    weights: Weights | None = None,
) -> Sequence[Rated]:
    """The units by descending score; ties by (document id, start). Only those that lead without it are compared as vectors;
    the others count as the least similar of them."""
    if not pieces:
        return []
    table = (weights or shipped())[kind(question)]
    found = signals(question, weighted, pieces, [0.0] * len(pieces))
    values, worths = itemgetter(*table), tuple(table.values())
    scores = [sum(map(mul, worths, values(row))) for row in found]
    leading = sorted(range(len(pieces)), key=lambda i: -scores[i])[:ENCODED]
    similar = dict(zip(leading, similarity(question, [pieces[i] for i in leading]), strict=True))
    least = min(similar.values())
    worth = table["similar"] + (table["crossing"] if question.language is Language.ENGLISH else 0.0)
    if question.author:
        scores = [score + BYLINE * is_byline(unit) for score, unit in zip(scores, pieces, strict=True)]
    rated = [Rated(unit, scores[i] + worth * similar.get(i, least)) for i, unit in enumerate(pieces)]
    return sorted(rated, key=lambda item: (-item.score, item.unit.document_id, item.unit.start))
