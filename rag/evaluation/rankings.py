"""Evaluation of one retriever alone on gold questions: what terms or vectors rank by themselves. They answer nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.evaluation.beir import RetrieverName
from rag.evaluation.questions import library, read_held
from rag.evaluation.retrievers import ranked_hits, retriever_search
from rag.evaluation.scoring import Evidence, Measure, passages, ranges, ranking_measures
from rag.measures import Interval, interval
from rag.protocols import Embedder, Snapshot

DEPTH = 10


@dataclass(frozen=True, slots=True)
class RankingScores:
    """The measures of a ranking over all answerable questions and by question type (in order of name)."""

    name: str
    retriever: RetrieverName
    overall: Mapping[Measure, Interval]
    by_type: Mapping[str, Mapping[Measure, Interval]]


def evaluate_ranking(snapshot: Snapshot, embedder: Embedder, gold: Path, retriever: RetrieverName) -> RankingScores:
    """The scores of a retriever on the answerable questions of a gold file. Raises UsageError as `evaluate_gold` does."""
    store = snapshot.store
    held = library(store.documents(store.count()))
    questions = [question for question in read_held(gold, held) if question.answerable]
    search = retriever_search(retriever, snapshot, embedder)
    rows: dict[str, list[Mapping[Measure, float]]] = {}
    for question in questions:
        groups = held.groups(question)
        evidence = Evidence(groups, passages(store.document_chunks, groups))
        found = ranges(ranked_hits(search, snapshot, question.question, DEPTH))
        rows.setdefault(question.type.value, []).append(ranking_measures(evidence, found))
    by_type = {kind: _means(rows[kind]) for kind in sorted(rows)}
    return RankingScores(gold.name, retriever, _means([row for kind in rows.values() for row in kind]), by_type)


def _means(rows: Sequence[Mapping[Measure, float]]) -> Mapping[Measure, Interval]:
    return {measure: interval([row[measure] for row in rows]) for measure in (rows[0] if rows else ())}
