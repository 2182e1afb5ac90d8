"""A file of queries run against the index, written as a TREC run over documents."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from rag.config import MAX_K
from rag.errors import NotFoundError, UsageError
from rag.evaluation.trec import Ranking, best_per_document
from rag.evaluation.trec import write_run as write_trec
from rag.service import Service

TAG = "policy-rag"


def write_run(service: Service, queries: Path, run: Path, options: Namespace) -> int:
    """Writes the best `options.k` documents of every query, best passage first; returns the number of queries.

    A line is `query-id Q0 document-id rank score policy-rag`. A document's score is its best passage's; order is by
    (−score, document id). Nothing is written unless every query was run. Raises UsageError for a line that is not a query.
    """
    found = {name: _ranking(service, text, options) for name, text in _queries(queries)}
    write_trec(run, found, TAG)
    return len(found)


def _ranking(service: Service, text: str, options: Namespace) -> Ranking:
    found = service.search(text, k=MAX_K, place=options.place, since=options.since, until=options.until)
    ranked = best_per_document([(hit.chunk.document_id, hit.score) for hit in found.hits])
    return sorted(ranked, key=lambda item: (-item[1], item[0]))[: options.k]


def _queries(path: Path) -> Iterator[tuple[str, str]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        raise NotFoundError(f"{str(path)!r} is not there: name a JSONL file of queries") from None
    except UnicodeDecodeError:
        raise UsageError(f"{str(path)!r} is not UTF-8: write the queries as JSONL in UTF-8") from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _query(path, number, line)


def _query(path: Path, number: int, line: str) -> tuple[str, str]:
    try:
        row = json.loads(line)
    except ValueError:
        row = None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or not _is_name(row.get("_id")):
        raise UsageError(
            f'line {number} of {str(path)!r} is no query: write {{"_id": "…", "text": "…"}}, the id without spaces'
        )
    return str(row["_id"]), row["text"]


def _is_name(value: object) -> bool:
    return isinstance(value, str | int) and bool(str(value)) and not any(c.isspace() for c in str(value))
