"""The extractive generator: the sentences of the hits that answer, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from embeddings.protocol import Embedder
from rag.answering.choice import Weights, kind, rate
from rag.answering.fact import fact
from rag.answering.meaning import Meaning
from rag.answering.several import several
from rag.answering.units import SentenceCache, units
from rag.coverage import Weighted
from rag.question import Question
from rag.types import Draft, Hit, Intent

MAX_UNITS = 110


class ExtractiveGenerator:
    """Picks sentences by learned weights over readable signals. One may serve several threads."""

    def __init__(self, embedder: Embedder, weights: Weights | None = None) -> None:
        self._meaning = Meaning(embedder)
        self._weights = weights
        self._sentences = SentenceCache()

    def generate(
        self,
        question: Question,
        weighted: Sequence[Weighted],
        hits: Sequence[Hit],
        texts: Mapping[str, str],
        room: float = 1.0,
        places: Sequence[str] = (),
    ) -> Sequence[Draft]:
        """Drafts, best first for a fact, in the order of the source otherwise; empty without hits. `room` is how much
        may be quoted, 1 the usual: less where places share an answer. `places` are the names of those asked about."""
        pieces = units(hits, texts, self._sentences)[:MAX_UNITS]
        rated = rate(question, weighted, pieces, self._meaning, self._weights, places)
        if not rated:
            return []
        asks_one = kind(question) == "one" or (question.intent is Intent.COMPARE and question.wanted is not None)
        if asks_one:
            return fact(question, weighted, rated, texts, room)
        return several(question, weighted, rated, texts, room)
