"""Measures of retrieval and of answers, as pure functions over ranges of text.

Ranking measures follow trec_eval as BEIR uses it (linear gain, log2 discount; a query without results scores 0).
Gold-question measures work on `Span`s: a hit covers a span when its range overlaps at least half of it, and at rank k only
the first 500·k characters of the hits count, so that long passages gain nothing.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from rag.types import Span

CHARS_PER_RANK: Final = 500
BOOTSTRAP_ROUNDS: Final = 1_000
BOOTSTRAP_SEED: Final = 2022


@dataclass(frozen=True, slots=True)
class Group:
    """One piece of gold evidence: any of `spans` supports the answer, and so does any text of `documents` (ids).

    A group with neither is evidence that was lost in reading: nothing covers it, and it still counts as missing.
    """

    spans: tuple[Span, ...]
    documents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its 95 % bootstrap interval over `n` questions."""

    mean: float
    low: float
    high: float
    n: int


def overlap(one: Span, other: Span) -> int:
    """Number of code points that two ranges share; 0 for ranges of different documents."""
    if one.document_id != other.document_id:
        return 0
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def covers(ranges: Sequence[Span], group: Group) -> bool:
    """Whether the ranges together overlap at least half of one of the group's spans, or touch one of its documents."""
    if any(span.document_id in group.documents and span.end > span.start for span in ranges):
        return True
    return any(2 * _covered(ranges, span) >= span.end - span.start for span in group.spans)


def within(ranges: Sequence[Span], budget: int) -> tuple[Span, ...]:
    """The ranges, in order, up to `budget` characters in all: the last one is cut, the rest left out."""
    kept: list[Span] = []
    for span in ranges:
        length = min(span.end - span.start, budget)
        if length <= 0:
            break
        kept.append(Span(span.document_id, span.start, span.start + length))
        budget -= length
    return tuple(kept)


def evidence_recall(groups: Sequence[Group], hits: Sequence[Span], k: int) -> float:
    """Share of the groups that one of the first k hits covers (DESIGN §7), in [0, 1]. Raises ValueError without groups."""
    if not groups:
        raise ValueError("evidence recall needs at least one evidence group")
    considered = within(hits[:k], CHARS_PER_RANK * k)
    found = sum(any(covers((hit,), group) for hit in considered) for group in groups)
    return found / len(groups)


def novel_gains(groups: Sequence[Group], ranges: Sequence[Span]) -> tuple[int, ...]:
    """For each range in order, how many groups it covers that no earlier range covered."""
    remaining = list(groups)
    gains: list[int] = []
    for span in ranges:
        left = [group for group in remaining if not covers((span,), group)]
        gains.append(len(remaining) - len(left))
        remaining = left
    return tuple(gains)


def ideal_gains(groups: Sequence[Group], passages: Sequence[Span]) -> tuple[int, ...]:
    """Gains of the best order of `passages`: always the one next that covers the most groups not yet covered.

    Groups that no passage covers are added at the end with gain 1 each: they stay missing from any ranking.
    """
    remaining = list(groups)
    gains: list[int] = []
    while remaining:
        gain, best = max(((novel_gains(remaining, (p,))[0], i) for i, p in enumerate(passages)), default=(0, 0))
        if gain == 0:
            return (*gains, *(1 for _ in remaining))
        gains.append(gain)
        remaining = [group for group in remaining if not covers((passages[best],), group)]
    return tuple(gains)


def gold_ndcg(groups: Sequence[Group], hits: Sequence[Span], passages: Sequence[Span], k: int = 10) -> float:
    """nDCG@k of a gold question, in [0, 1]: the gain of a hit is the number of groups it is the first to cover.

    `passages` are all passages that the index holds of the evidence's documents; they give the ideal order, greedily, which
    a ranking can beat where spans overlap several passages: 1 is the most.
    """
    ideal = _dcg(ideal_gains(groups, passages)[:k])
    return min(1.0, _dcg(novel_gains(groups, within(hits[:k], CHARS_PER_RANK * k))) / ideal) if ideal else 0.0


def reciprocal_rank(groups: Sequence[Group], hits: Sequence[Span], k: int = 10) -> float:
    """1 / rank of the first of k hits that covers any group; 0.0 when none does."""
    considered = within(hits[:k], CHARS_PER_RANK * k)
    return next((1 / rank for rank, gain in enumerate(novel_gains(groups, considered), 1) if gain), 0.0)


def quote_precision(groups: Sequence[Group], quotes: Sequence[Span]) -> float:
    """Share of the quoted characters that lie in gold evidence, in [0, 1]; 0.0 when nothing is quoted."""
    quoted = sum(quote.end - quote.start for quote in quotes)
    documents = frozenset[str]().union(*(group.documents for group in groups))
    spans = [span for group in groups for span in group.spans]
    supported = sum(
        quote.end - quote.start if quote.document_id in documents else _covered(spans, quote) for quote in quotes
    )
    return supported / quoted if quoted else 0.0


def document_precision(groups: Sequence[Group], quotes: Sequence[Span]) -> float:
    """Share of the quotes that come from a document that holds evidence, in [0, 1]; 0.0 when nothing is quoted."""
    documents = frozenset[str]().union(
        *(group.documents for group in groups), (span.document_id for group in groups for span in group.spans)
    )
    return sum(quote.document_id in documents for quote in quotes) / len(quotes) if quotes else 0.0


def completeness(groups: Sequence[Group], quotes: Sequence[Span]) -> float:
    """Share of the groups that the quotes, together, cover: evidence cited / all evidence. Raises ValueError without groups."""
    if not groups:
        raise ValueError("completeness needs at least one evidence group")
    return sum(covers(quotes, group) for group in groups) / len(groups)


def answer_share(answers: Sequence[str], quotes: Sequence[str]) -> float:
    """Share of the gold answer strings that lie inside one of the quotes, white space, width and case aside, in [0, 1]."""
    if not answers:
        raise ValueError("answer share needs at least one answer string")
    texts = [plain(quote) for quote in quotes]
    return sum(any(plain(answer) in text for text in texts) for answer in answers) / len(answers)


def every_place_held(places: Sequence[Sequence[Group]], points: Sequence[Sequence[Span]]) -> bool:
    """Whether for every place (its evidence groups) some point's quotes cover at least one of its groups."""
    return all(any(covers(quotes, group) for quotes in points for group in groups) for groups in places)


def ndcg(ranking: Sequence[str], judged: Mapping[str, int], k: int) -> float:
    """nDCG@k of document ids against judgements (Järvelin and Kekäläinen 2002), linear gain; 0.0 with nothing relevant."""
    ideal = _dcg(sorted((grade for grade in judged.values() if grade > 0), reverse=True)[:k])
    return _dcg([max(0, judged.get(document, 0)) for document in ranking[:k]]) / ideal if ideal else 0.0


def recall(ranking: Sequence[str], judged: Mapping[str, int], k: int) -> float:
    """Share of the relevant documents (grade > 0) among the first k; 0.0 with nothing relevant."""
    relevant = {document for document, grade in judged.items() if grade > 0}
    return len(relevant & set(ranking[:k])) / len(relevant) if relevant else 0.0


def interval(values: Sequence[float], *, rounds: int = BOOTSTRAP_ROUNDS, seed: int = BOOTSTRAP_SEED) -> Interval:
    """Mean with the 2.5 and 97.5 percentiles of means over resampled questions; all zero for no values."""
    if not values:
        return Interval(0.0, 0.0, 0.0, 0)
    array = np.asarray(values, dtype=np.float64)
    draws = np.random.default_rng(seed).integers(0, len(array), size=(rounds, len(array)))
    low, high = np.percentile(array[draws].mean(axis=1), (2.5, 97.5))
    return Interval(float(array.mean()), float(low), float(high), len(array))


def plain(text: str) -> str:
    """The text for comparison: NFKC, case folded, white space removed."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _covered(ranges: Sequence[Span], span: Span) -> int:
    """Code points of `span` that lie in any of the ranges, each counted once."""
    parts = sorted(
        (max(r.start, span.start), min(r.end, span.end)) for r in ranges if r.document_id == span.document_id
    )
    total, reached = 0, span.start
    for start, end in parts:
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total


def _dcg(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))
