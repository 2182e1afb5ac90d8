"""Evaluation on BEIR folders (corpus.jsonl, queries.jsonl, qrels.tsv; Thakur et al. 2021).

Every corpus row is read as a file of its own, title first, and cut into passages as the engine does; a row's score is that of
its best passage.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np

from rag.errors import UsageError
from rag.evaluation.trec import Ranking, best_per_document
from rag.measures import ndcg, recall
from rag.types import Entry, Scored

RetrieverName = Literal["lexical", "dense", "hybrid"]
Search = Callable[[Sequence[str], int], Sequence[Sequence[Scored]]]
"""Query texts and a depth → for each query its best passages."""

DEPTH: Final = 100
RECALL_CUTOFFS: Final = (1, 5, 10, 100)


@dataclass(frozen=True, slots=True)
class BeirSet:
    """A test collection. `corpus` maps a row id to its text, title on the first line; `qrels[query][row]` is the grade."""

    name: str
    corpus: Mapping[str, str]
    queries: Mapping[str, str]
    qrels: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class BeirScores:
    """Means over all judged queries, as fractions, by the names of DESIGN §6; `run` holds the ranking of each query."""

    name: str
    retriever: RetrieverName
    measures: Mapping[str, float]
    run: Mapping[str, Ranking]


def read_beir(directory: Path) -> BeirSet:
    """The collection in a folder; `qrels.tsv` may also lie in `qrels/test.tsv`. Queries without judgements are left out.

    Raises UsageError: a file missing, a line that is not what the format says, a judged query that is not there.
    """
    corpus = {row["_id"]: _joined(row) for row in _rows(directory / "corpus.jsonl")}
    queries = {row["_id"]: row["text"] for row in _rows(directory / "queries.jsonl")}
    flat = directory / "qrels.tsv"
    qrels = _qrels(flat if flat.exists() else directory / "qrels" / "test.tsv")
    missing = next((query for query in qrels if query not in queries), None)
    if missing is not None:
        raise UsageError(f"{str(directory)!r}: query {missing!r} is judged but not in queries.jsonl")
    return BeirSet(directory.resolve().name, corpus, {query: queries[query] for query in qrels}, qrels)


def read_entries(data: BeirSet, read: Callable[[bytes, str], Sequence[Entry]]) -> Mapping[str, tuple[Entry, ...]]:
    """What the reader makes of each row, by row id. Raises DocumentError, naming the row, when one cannot be read."""
    return {row: tuple(read(text.encode(), f"{row}.txt")) for row, text in data.corpus.items()}


def evaluate_beir(
    data: BeirSet, entries: Mapping[str, Sequence[Entry]], retriever: RetrieverName, search: Search
) -> BeirScores:
    """nDCG@10 and recall of a search over the indexed entries. Rows of the same text are found together."""
    rows = _rows_by_chunk(entries)
    chunks_per_row = math.ceil(len(rows) / max(1, len(entries)))
    found = search(list(data.queries.values()), 2 * DEPTH * chunks_per_row)
    run = {
        query: best_per_document([(row, scored.score) for scored in ranking for row in rows.get(scored.chunk_id, ())])[
            :DEPTH
        ]
        for query, ranking in zip(data.queries, found, strict=True)
    }
    return BeirScores(data.name, retriever, ranking_measures(run, data.qrels), run)


def ranking_measures(run: Mapping[str, Ranking], qrels: Mapping[str, Mapping[str, int]]) -> Mapping[str, float]:
    """nDCG@10 and R@1, 5, 10, 100, averaged over every judged query; one without a ranking scores 0."""
    ranked = {query: [document for document, _ in run.get(query, ())] for query in qrels}
    scores = {"nDCG@10": _mean([ndcg(ranked[query], judged, 10) for query, judged in qrels.items()])}
    for k in RECALL_CUTOFFS:
        scores[f"R@{k}"] = _mean([recall(ranked[query], judged, k) for query, judged in qrels.items()])
    return scores


def _rows_by_chunk(entries: Mapping[str, Sequence[Entry]]) -> Mapping[int, Sequence[str]]:
    rows: dict[int, list[str]] = {}
    for row, read in entries.items():
        for chunk in (chunk for entry in read for chunk in entry.chunks):
            rows.setdefault(chunk.id, []).append(row)
    return rows


def _joined(row: Mapping[str, str]) -> str:
    title = row.get("title", "")
    return f"{title}\n{row['text']}" if title else row["text"]


def _rows(path: Path) -> Iterator[Mapping[str, str]]:
    for number, line in _lines(path):
        try:
            row = json.loads(line)
            yield {"_id": str(row["_id"]), "title": str(row.get("title") or ""), "text": str(row["text"])}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(f"{path}:{number}: not a BEIR row ({error!r}); expected _id, title and text") from error


def _qrels(path: Path) -> Mapping[str, Mapping[str, int]]:
    """Grades by query and row; the header line is skipped."""
    qrels: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        fields = line.split("\t")
        if number == 1 and not fields[-1].lstrip("-").isdigit():
            continue
        try:
            query, row, grade = fields
            qrels.setdefault(query, {})[row] = int(grade)
        except ValueError as error:
            raise UsageError(
                f"{path}:{number}: not a judgement; expected query, row and grade, tab-separated"
            ) from error
    return qrels


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Line numbers from 1 with their lines, blank ones left out."""
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield number, line.rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {str(path)!r} of a BEIR folder: {error}") from error


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else 0.0
