"""Scores of one gold question: every measure of DESIGN §7 that applies to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rag.evaluation.questions import GoldQuestion, Kind
from rag.measures import (
    Group,
    answer_share,
    completeness,
    document_precision,
    every_place_held,
    evidence_recall,
    gold_ndcg,
    quote_precision,
    reciprocal_rank,
    within,
)
from rag.types import Answer, Chunk, Citation, Hit, Span


class Measure(StrEnum):
    """Measures of gold questions. Each is a mean, in [0, 1], over the questions that it applies to.

    Recall, nDCG, MRR, quotes and answers: answerable questions; a refusal scores 0 in what is quoted. `places_held`: comparisons.
    `refusal_recall`: unanswerable questions; `refusal_precision`: refused ones; `answerable_refused`: answerable ones.
    """

    RECALL_1 = "recall@1"
    RECALL_5 = "recall@5"
    RECALL_10 = "recall@10"
    NDCG = "nDCG@10"
    MRR = "MRR"
    ANSWERS = "answers_in_quotes"
    COMPLETENESS = "completeness"
    QUOTE_PRECISION = "quote_precision"
    DOCUMENT_PRECISION = "document_precision"
    PLACES_HELD = "places_held"
    REFUSAL_PRECISION = "refusal_precision"
    REFUSAL_RECALL = "refusal_recall"
    ANSWERABLE_REFUSED = "answerable_refused"


CUTOFFS: Final[Mapping[Measure, int]] = {Measure.RECALL_1: 1, Measure.RECALL_5: 5, Measure.RECALL_10: 10}


@dataclass(frozen=True, slots=True)
class Quoted:
    """What an answer quotes, within the budget of its question: ranges, their texts, and the ranges of each point.

    `uncut` holds every quote whole, whatever the budget.
    """

    spans: tuple[Span, ...]
    texts: tuple[str, ...]
    points: tuple[tuple[Span, ...], ...]
    uncut: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is needed to score: the groups, in the order of the gold spans, and all passages of their documents."""

    groups: tuple[Group, ...]
    passages: tuple[Span, ...] = ()


def quoted(answer: Answer, budget: int) -> Quoted:
    """The quotes of an answer in the order of its points, cut at `budget` characters in all; a quote cited twice counts once."""
    first: dict[Span, Citation] = {}
    for point in answer.points:
        for citation in point.citations:
            first.setdefault(_span(citation), citation)
    spans = within(tuple(first), budget)
    kept = dict(zip(first, spans, strict=False))
    texts = tuple(first[whole].quote[: cut.end - cut.start] for whole, cut in kept.items())
    points = tuple(tuple(kept[span] for span in map(_span, point.citations) if span in kept) for point in answer.points)
    return Quoted(spans, texts, points, tuple(citation.quote for citation in first.values()))


def measures(
    question: GoldQuestion, evidence: Evidence, hits: Sequence[Span], quotes: Quoted, answered: bool
) -> Mapping[Measure, float]:
    """Every measure that applies to the question, from its ten hits and the quotes of its answer."""
    scores: dict[Measure, float] = {}
    if not answered:
        scores[Measure.REFUSAL_PRECISION] = float(not question.answerable)
    if not question.answerable:
        return scores | {Measure.REFUSAL_RECALL: float(not answered)}
    groups = evidence.groups
    share = answer_share(question.answers, quotes.texts)
    scores |= ranking_measures(evidence, hits)
    scores |= {
        Measure.ANSWERS: float(share == 1.0) if question.needs_all else share,
        Measure.COMPLETENESS: completeness(groups, quotes.spans),
        Measure.QUOTE_PRECISION: quote_precision(groups, quotes.spans),
        Measure.DOCUMENT_PRECISION: document_precision(groups, quotes.spans),
        Measure.ANSWERABLE_REFUSED: float(not answered),
    }
    if question.type is Kind.COMPARE:
        scores[Measure.PLACES_HELD] = float(every_place_held(by_document(question, groups), quotes.points))
    return scores


def ranking_measures(evidence: Evidence, hits: Sequence[Span]) -> Mapping[Measure, float]:
    """Evidence recall@1, 5 and 10, nDCG@10 and MRR of ten hits for an answerable question."""
    groups = evidence.groups
    scores = {measure: evidence_recall(groups, hits, k) for measure, k in CUTOFFS.items()}
    return scores | {
        Measure.NDCG: gold_ndcg(groups, hits, evidence.passages),
        Measure.MRR: reciprocal_rank(groups, hits),
    }


def passages(chunks: Callable[[str], Sequence[Chunk]], groups: Sequence[Group]) -> tuple[Span, ...]:
    """All passages of the documents that hold evidence, each once; `chunks` gives those of a document id."""
    ids = {span.document_id for group in groups for span in group.spans}
    ids = ids.union(*(group.documents for group in groups))
    return tuple(_range(chunk) for document_id in sorted(ids) for chunk in chunks(document_id))


def ranges(hits: Sequence[Hit]) -> tuple[Span, ...]:
    """The ranges of the hits' passages, in order."""
    return tuple(_range(hit.chunk) for hit in hits)


def by_document(question: GoldQuestion, groups: Sequence[Group]) -> tuple[tuple[Group, ...], ...]:
    """The groups of each evidence document: in a comparison each place has its own document."""
    parts: dict[str, list[Group]] = {}
    for gold, group in zip(question.evidence, groups, strict=True):
        parts.setdefault(gold.doc, []).append(group)
    return tuple(tuple(part) for part in parts.values())


def _range(chunk: Chunk) -> Span:
    return Span(chunk.document_id, chunk.start, chunk.end)


def _span(citation: Citation) -> Span:
    return Span(citation.document_id, citation.start, citation.end)
