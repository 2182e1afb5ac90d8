"""The signals by which passages are ranked: each a number that a reader can check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.coverage import Weighted, answer_pattern, met
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
    passage = candidate.passage
    covered, sentence, heading = _coverages(weighted, passage)
    pattern = answer_pattern(question)
    return {
        "lexical": candidate.lexical / best,
        "dense": candidate.dense,
        "coverage": covered,
        "sentence": sentence,
        "heading": heading,
        "names": _share(question.names, passage.folded + passage.context) if question.names else 0.0,
        "place": candidate.place,
        "year": _share(question.years, passage.folded + passage.context + (candidate.published or ""))
        if question.years
        else 0.0,
        "wanted": float(bool(pattern and pattern.search(passage.folded))),
        "listing": passage.listing,
        "document": 0.0,
        "opening": float(passage.chunk.start == 0),
    }


def _coverages(weighted: Sequence[Weighted], passage: Passage) -> tuple[float, float, float]:
    """The coverage of a passage with its context, of its best sentence, and of its context, in one pass over the words."""
    total = covered = heading = 0.0
    sums = [0.0] * len(passage.sentences)
    for item in weighted:
        weight = item.weight
        total += weight
        inside, above = met(item.content, passage.folded), met(item.content, passage.context)
        covered += weight * max(inside, above)
        heading += weight * above
        if inside > 0:
            for i, sentence in enumerate(passage.sentences):
                sums[i] += weight * met(item.content, sentence)
    return (covered / total, max(sums) / total, heading / total) if total > 0 else (0.0, 0.0, 0.0)


def _share(names: Sequence[str], text: str) -> float:
    return sum(name in text for name in names) / len(names) if names else 0.0
