"""The signals by which passages are ranked: each a number that a reader can check."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, compress, pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.coverage import Weighted, answer_pattern, met_by_each
from rag.question import Question
from rag.ranking.passages import Passage
from rag.types import Intent

SIGNALS = (
    "lexical",
    "dense",
    "near",
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
Array = NDArray[np.float64]


class Candidate(NamedTuple):
    """A passage with its raw scores: lexical as the engine gives it, dense a cosine, place a strength in 0..1, near how near its
    tokens come to those of a question in another language one by one (a mean of cosines)."""

    passage: Passage
    lexical: float
    dense: float
    place: float
    published: str | None
    near: float = 0.0


def signals(
    question: Question, weighted: Sequence[Weighted], candidates: Sequence[Candidate]
) -> Sequence[dict[str, float]]:
    """One dict over SIGNALS per candidate. `lexical` is divided by the best; `document` is the mean of the two best
    coverages among the candidates of the same document."""
    best = max((c.lexical for c in candidates), default=0.0) or 1.0
    pattern = answer_pattern(question)
    shaped = [pattern is not None and pattern.search(c.passage.folded) is not None for c in candidates]
    shares = _coverages(weighted, [c.passage for c in candidates], pattern, shaped)
    by_document: dict[str, list[float]] = {}
    for candidate, share in zip(candidates, shares, strict=True):
        by_document.setdefault(candidate.passage.chunk.document_id, []).append(share.whole)
    tops = {document: sorted(found, reverse=True)[:2] for document, found in by_document.items()}
    means = {document: sum(top) / len(top) for document, top in tops.items()}
    return [
        _signals(question, candidate, best, share, looks, means[candidate.passage.chunk.document_id])
        for candidate, share, looks in zip(candidates, shares, shaped, strict=True)
    ]


def _signals(
    question: Question,
    candidate: Candidate,
    best: float,
    share: _Coverages,
    shaped: bool,
    document: float,
) -> dict[str, float]:
    passage = candidate.passage
    names, years = question.names, question.years
    around = passage.folded + passage.context if names or years else ""
    opening = passage.chunk.start == 0
    return {
        "lexical": candidate.lexical / best,
        "dense": candidate.dense,
        "near": candidate.near,
        "coverage": share.whole,
        "sentence": share.sentence,
        "heading": share.heading,
        "names": _share(names, around),
        "place": candidate.place,
        "year": _share(years, around + (candidate.published or "")),
        "wanted": float(shaped),
        "listing": passage.listing,
        "document": document,
        "opening": float(opening),
        "local": share.local,
        "section": share.section,
        "figure": share.figure,
        "manner": float(question.intent is Intent.HOW and bool(MANNER.search(passage.section))),
        "bare": float(opening and len(passage.folded) < 2 * len(passage.title)),
    }


class _Coverages(NamedTuple):
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
    passages: Sequence[Passage],
    pattern: re.Pattern[str] | None,
    shaped: Sequence[bool],
) -> Sequence[_Coverages]:
    """Of each passage; `shaped` says which of them have anything of the look. A word is looked for in all passages in turn, and
    in sentences only of those that hold it."""
    weights = np.array([[item.weight] for item in weighted])
    total = float(weights.sum())
    if total <= 0 or not passages:
        return [_Coverages()] * len(passages)
    sums = _Sums(passages)
    inside = sums.add(weighted)
    titled, under = _headings_met(weighted, passages)
    context = np.maximum(titled, under)
    free = weights * (1 - titled)
    parts = (
        weights * np.maximum(inside, context),
        weights * context,
        free,
        free * np.maximum(inside, under),
        free * under,
    )
    covered, above, left, local, section = np.stack(parts).sum(axis=1)
    little = left <= LITTLE * total
    scale = np.where(little, total, left)
    columns = (
        covered / total,
        np.array(sums.best()) / total,
        above / total,
        np.array(sums.best_shaped(pattern, shaped)) / total,
        np.where(little, covered, local) / scale,
        np.where(little, above, section) / scale,
    )
    return list(map(_Coverages._make, np.stack(columns, axis=1).tolist()))


class _Sums:
    """What each sentence of some passages meets of the question's weight."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._texts = [passage.folded for passage in passages]
        self._sentences = [sentence for passage in passages for sentence in passage.sentences]
        ends = list(accumulate(len(passage.sentences) for passage in passages))
        self._ranges = [range(*pair) for pair in pairwise([0, *ends])]
        self._sums = [0.0] * len(self._sentences)

    def add(self, weighted: Sequence[Weighted]) -> Array:
        """Adds the words; how far each passage as a whole meets each of them, shape (words, passages)."""
        inside = np.zeros((len(weighted), len(self._texts)))
        for row, item in zip(inside, weighted, strict=True):
            places: list[int] = []
            for at, share in met_by_each(item.content, self._texts):
                row[at] = share
                places += self._ranges[at]
            for i, share in met_by_each(item.content, [self._sentences[place] for place in places]):
                self._sums[places[i]] += item.weight * share
        return inside

    def best(self) -> Sequence[float]:
        """Of each passage what its best sentence meets."""
        return [max(self._sums[sentences.start : sentences.stop]) for sentences in self._ranges]

    def best_shaped(self, pattern: re.Pattern[str] | None, shaped: Sequence[bool]) -> Sequence[float]:
        """Of each passage what its best sentence meets that has the look of the answer; only those that are `shaped` have any."""
        best = [0.0] * len(shaped)
        if pattern is not None:
            for at in compress(range(len(shaped)), shaped):
                found = (
                    self._sums[i] for i in self._ranges[at] if self._sums[i] and pattern.search(self._sentences[i])
                )
                best[at] = max(found, default=0.0)
        return best


def _headings_met(weighted: Sequence[Weighted], passages: Sequence[Passage]) -> tuple[Array, Array]:
    """How far the title and the section of each passage meet each word, each of shape (words, passages)."""
    places = {text: at for at, text in enumerate(dict.fromkeys(h for p in passages for h in (p.title, p.section)))}
    headings = list(places)
    each = np.zeros((len(weighted), len(headings)))
    for row, item in zip(each, weighted, strict=True):
        for at, share in met_by_each(item.content, headings):
            row[at] = share
    titles, sections = (
        [places[text] for text in column] for column in zip(*((p.title, p.section) for p in passages), strict=True)
    )
    return each[:, titles], each[:, sections]


def _share(names: Sequence[str], text: str) -> float:
    return sum(name in text for name in names) / len(names) if names else 0.0
