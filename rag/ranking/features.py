"""The signals by which passages are ranked: each a number that a reader can check."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rag.coverage import Weighted, answer_pattern, met, met_by_each
from rag.question import Question
from rag.ranking.passages import Passage
from rag.types import Intent

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
    "local",
    "section",
    "figure",
    "manner",
    "bare",
)
MANNER: Final = re.compile("方式|方法|办法|流程|步骤|程序|途径|渠道|指引|操作|办理|怎么|如何|怎样|做法|措施|机制|申请")
LITTLE: Final = 0.05


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
    above: dict[str, Sequence[float]] = {"": [0.0] * len(weighted)}
    for heading in {text for c in candidates for text in (c.passage.title, c.passage.section) if text}:
        above[heading] = [met(item.content, heading) for item in weighted]
    pattern = answer_pattern(question)
    rows = [_signals(question, weighted, candidate, best, above, pattern) for candidate in candidates]
    by_document: dict[str, list[float]] = {}
    for candidate, row in zip(candidates, rows, strict=True):
        by_document.setdefault(candidate.passage.chunk.document_id, []).append(row["coverage"])
    for candidate, row in zip(candidates, rows, strict=True):
        top = sorted(by_document[candidate.passage.chunk.document_id], reverse=True)[:2]
        row["document"] = sum(top) / len(top)
    return rows


def _signals(
    question: Question,
    weighted: Sequence[Weighted],
    candidate: Candidate,
    best: float,
    above: Mapping[str, Sequence[float]],
    pattern: re.Pattern[str] | None,
) -> dict[str, float]:
    passage = candidate.passage
    met_by = _coverages(weighted, passage, pattern, above)
    return {
        "lexical": candidate.lexical / best,
        "dense": candidate.dense,
        "coverage": met_by.whole,
        "sentence": met_by.sentence,
        "heading": met_by.heading,
        "names": _share(question.names, passage.folded + passage.context) if question.names else 0.0,
        "place": candidate.place,
        "year": _share(question.years, passage.folded + passage.context + (candidate.published or ""))
        if question.years
        else 0.0,
        "wanted": float(bool(pattern and pattern.search(passage.folded))),
        "listing": passage.listing,
        "document": 0.0,
        "opening": float(passage.chunk.start == 0),
        "local": met_by.local,
        "section": met_by.section,
        "figure": met_by.figure,
        "manner": float(question.intent is Intent.HOW and bool(MANNER.search(passage.section))),
        "bare": float(len(passage.folded) < 2 * len(passage.title) and passage.chunk.start == 0),
    }


@dataclass(frozen=True, slots=True)
class _Coverages:
    """Shares of the question's weight: met by the passage with its context, by its best sentence, by its context, by its best
    sentence that has the look of the answer; and of the weight that the title leaves: met by text or section, by the section."""

    whole: float = 0.0
    sentence: float = 0.0
    heading: float = 0.0
    figure: float = 0.0
    local: float = 0.0
    section: float = 0.0


def _coverages(
    weighted: Sequence[Weighted],
    passage: Passage,
    pattern: re.Pattern[str] | None,
    above: Mapping[str, Sequence[float]],
) -> _Coverages:
    """In one pass over the words; `above` says how far each title and section meets each word."""
    total = left = covered = heading = local = section = 0.0
    sums = [0.0] * len(passage.sentences)
    for item, titled, under in zip(weighted, above[passage.title], above[passage.section], strict=True):
        weight = item.weight
        total += weight
        inside = met(item.content, passage.folded)
        if not (inside or titled or under):
            left += weight
            continue
        context = titled if titled > under else under
        covered += weight * (inside if inside > context else context)
        heading += weight * context
        free = weight * (1 - titled)
        left += free
        local += free * (inside if inside > under else under)
        section += free * under
        if inside > 0:
            for i, share in met_by_each(item.content, passage.sentences):
                sums[i] += weight * share
    if total <= 0:
        return _Coverages()
    shaped = [s for s, text in zip(sums, passage.sentences, strict=True) if s and pattern and pattern.search(text)]
    whole = covered / total
    return _Coverages(
        whole,
        max(sums) / total,
        heading / total,
        max(shaped, default=0.0) / total,
        local / left if left > LITTLE * total else whole,
        section / left if left > LITTLE * total else heading / total,
    )


def _share(names: Sequence[str], text: str) -> float:
    return sum(name in text for name in names) / len(names) if names else 0.0
