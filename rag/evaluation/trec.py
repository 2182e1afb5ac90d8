"""TREC run files: `query Q0 document rank score tag`, one line per retrieved document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rag.errors import UsageError

Ranking = Sequence[tuple[str, float]]


def best_per_document(scored: Sequence[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """Each document once, with the score of its best passage; order by −score, ties in the order given."""
    best: dict[str, float] = {}
    for document, score in scored:
        best[document] = max(score, best.get(document, score))
    return tuple(sorted(best.items(), key=lambda item: -item[1]))


def run_lines(run: Mapping[str, Ranking], tag: str) -> Iterator[str]:
    """Lines without line ends, queries in the order of the mapping, ranks from 1.

    Raises UsageError for an id or a tag with white space: the format has no way to write it.
    """
    for query, ranking in run.items():
        for rank, (document, score) in enumerate(ranking, 1):
            fields = (query, "Q0", document, str(rank), f"{score:.6f}", tag)
            if any(len(field.split()) != 1 for field in fields):
                raise UsageError(f"{query!r}, {document!r} and {tag!r} must hold no white space in a TREC run")
            yield " ".join(fields)


def write_run(path: Path, run: Mapping[str, Ranking], tag: str) -> None:
    """Writes the run as UTF-8. Raises UsageError when it cannot be written."""
    lines = list(run_lines(run, tag))
    try:
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write the run to {str(path)!r}: {error.strerror}; name a writable file") from error
