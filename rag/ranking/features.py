"""The signals by which passages are ranked: each a number that a reader can check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.coverage import Weighted, answer_pattern, best_coverage, coverage
from rag.question import Question
from rag.ranking.passages import Passage

SIGNALS = (
    "lexical",
    "dense",
    "coverage",
    "sentence",
    "heading",
    "names",
    "place",
    "year",
    "wanted",
    "listing",
    "document",
    "opening",
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its raw scores: lexical as the engine gives it, dense a cosine, place a strength in 0..1."""

    passage: Passage
    lexical: float
    dense: float
    place: float
    published: str | None


def signals(
    question: Question, weighted: Sequence[Weighted], candidates: Sequence[Candidate]
) -> Sequence[dict[str, float]]:
    """One dict over SIGNALS per candidate. `lexical` is divided by the best; `document` is the mean of the two best
    coverages among the candidates of the same document."""
    best = max((c.lexical for c in candidates), default=0.0) or 1.0
    rows = [_signals(question, weighted, candidate, best) for candidate in candidates]
    by_document: dict[str, list[float]] = {}
    for candidate, row in zip(candidates, rows, strict=True):
        by_document.setdefault(candidate.passage.chunk.document_id, []).append(row["coverage"])
    for candidate, row in zip(candidates, rows, strict=True):
        top = sorted(by_document[candidate.passage.chunk.document_id], reverse=True)[:2]
        row["document"] = sum(top) / len(top)
    return rows


def _signals(question: Question, weighted: Sequence[Weighted], candidate: Candidate, best: float) -> dict[str, float]:
    text, context = candidate.passage.folded, candidate.passage.context
    pattern = answer_pattern(question)
    return {
        "lexical": candidate.lexical / best,
        "dense": candidate.dense,
        "coverage": coverage(weighted, text + "\n" + context),
        "sentence": best_coverage(weighted, text, candidate.passage.sentences),
        "heading": coverage(weighted, context),
        "names": _share(question.names, text + context),
        "place": candidate.place,
        "year": _share(question.years, text + context + (candidate.published or "")),
        "wanted": float(bool(pattern and pattern.search(text))),
        "listing": candidate.passage.listing,
        "document": 0.0,
        "opening": float(candidate.passage.chunk.start == 0),
    }


def _share(names: Sequence[str], text: str) -> float:
    return sum(name in text for name in names) / len(names) if names else 0.0
