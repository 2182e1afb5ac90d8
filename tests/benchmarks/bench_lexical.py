"""The lexical index beside tantivy's: speed, how exact its scores are, and what deleted chunks leave behind in them.

    pip install tantivy; python -m tests.benchmarks.bench_lexical [--chunks 10000] [--json]

Both hold the same terms of the same chunks and get the same weighted queries. Scores are compared with the BM25 of our index, which
the contract suite holds to an exact reference. Then every second document is deleted, and each index is compared with one that
never held it: a deletion that leaves no trace leaves the same scores.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Protocol

import numpy as np

from rag.analysis import ChineseAnalyzer
from rag.index.content import IndexedChunk, build_content
from rag.index.lexical import LexicalSegment, SegmentedLexical
from rag.index.postings import term_keys
from tests.benchmarks.bench_index import QUERIES, QUERY_CHARS
from tests.benchmarks.command import run
from tests.benchmarks.corpora import SEED, corpus

DEPTH = 100
Query = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Row:
    """A chunk as both indexes see it: the terms of its text, and its document."""

    chunk: int
    document: str
    terms: Sequence[str]


class Lexical(Protocol):
    """What is compared."""

    def delete(self, documents: set[str]) -> None:
        """Deletes the chunks of these documents."""
        ...

    def search(self, query: Query) -> Mapping[int, float]:
        """Scores of the best 100 chunks by id."""
        ...


class Ours:
    """The product's index, one segment."""

    def __init__(self, rows: Sequence[Row]) -> None:
        none = term_keys(())
        self._rows = rows
        self._content = build_content(
            [IndexedChunk(row.chunk, row.document, (term_keys(row.terms), none)) for row in rows],
            np.zeros((len(rows), 1), np.float32),
        )
        self._open(None)

    def _open(self, live: Any) -> None:
        c = self._content
        self._index = SegmentedLexical([LexicalSegment(c.chunk_ids, c.documents, c.document_of, c.fields, live)])

    def delete(self, documents: set[str]) -> None:
        """As the protocol says."""
        dead = [row.chunk for row in self._rows if row.document in documents]
        self._open(~np.isin(self._content.chunk_ids, dead))

    def search(self, query: Query) -> Mapping[int, float]:
        """As the protocol says."""
        return {hit.chunk_id: hit.score for hit in self._index.search({"text": query}, DEPTH)}


class Tantivy:
    """tantivy over the same terms, written by one thread into one commit."""

    def __init__(self, rows: Sequence[Row]) -> None:
        import tantivy  # type: ignore[import-not-found, unused-ignore]

        self._lib = tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("chunk", stored=True, fast=True)
        builder.add_text_field("document", tokenizer_name="raw")
        builder.add_text_field("text", tokenizer_name="white")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema)
        white = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer("white", white)
        self._writer = self._index.writer(num_threads=1)
        for row in rows:
            self._writer.add_document(
                tantivy.Document(chunk=row.chunk, document=row.document, text=" ".join(row.terms))
            )
        self._commit()

    def _commit(self) -> None:
        self._writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def delete(self, documents: set[str]) -> None:
        """As the protocol says."""
        for document in documents:
            self._writer.delete_documents_by_term("document", document)
        self._commit()

    def search(self, query: Query) -> Mapping[int, float]:
        """As the protocol says."""
        lib = self._lib
        clauses = [
            (lib.Occur.Should, lib.Query.boost_query(lib.Query.term_query(self._schema, "text", term), weight))
            for term, weight in query.items()
        ]
        hits = self._searcher.search(lib.Query.boolean_query(clauses), DEPTH).hits
        chunks = self._searcher.fast_field_values("chunk", [address for _, address in hits])
        return {chunk: score for (score, _), chunk in zip(hits, chunks, strict=True)}


def made(chunks: int) -> tuple[list[Row], list[Query]]:
    """The chunks' terms, and queries of a few words cut out of them."""
    analyzer = ChineseAnalyzer()
    rows = []
    for some in corpus(random.Random(SEED), chunks).values():
        for entry in some:
            for chunk in entry.chunks:
                text = entry.document.text[chunk.start : chunk.end]
                rows.append(Row(chunk.id, entry.document.id, list(analyzer.terms(text))))
    rng = random.Random(SEED)
    texts = [entry.document.text for some in corpus(random.Random(SEED), chunks).values() for entry in some]
    queries: list[Query] = []
    for _ in range(QUERIES):
        text = rng.choice(texts)
        start = rng.randrange(len(text) - QUERY_CHARS)
        terms = Counter(analyzer.terms(text[start : start + QUERY_CHARS]))
        queries.append({term: rng.choice((1.0, 0.5, 0.3)) for term in terms})
    return rows, queries


def compare(directory: Path, chunks: int) -> dict[str, float]:
    """The figures of each index, over the same chunks; nothing is written into the directory."""
    kinds: dict[str, Callable[[Sequence[Row]], Lexical]] = {"ours": Ours}
    try:
        import tantivy  # type: ignore[import-not-found, unused-ignore]  # noqa: F401

        kinds["tantivy"] = Tantivy
    except ImportError:
        print("tantivy is not installed: our index alone", file=sys.stderr)
    rows, queries = made(chunks)
    exact = [Ours(rows).search(query) for query in queries]
    return {
        f"{name}: {key}": value for name, kind in kinds.items() for key, value in measure(kind, rows, queries, exact)
    }


def measure(
    kind: Callable[[Sequence[Row]], Lexical],
    rows: Sequence[Row],
    queries: Sequence[Query],
    exact: Sequence[Mapping[int, float]],
) -> Sequence[tuple[str, float]]:
    """Milliseconds, and relative differences of scores: from the exact ones, and after deletions from an index made anew."""
    started = perf_counter()
    index = kind(rows)
    built = perf_counter() - started
    times = [_timed(partial(index.search, query)) for query in [*queries, *queries]][len(queries) :]
    apart = [
        abs(score - wanted[chunk]) / wanted[chunk]
        for query, wanted in zip(queries, exact, strict=True)
        for chunk, score in index.search(query).items()
        if chunk in wanted
    ]
    gone = set(sorted({row.document for row in rows})[::2])
    started = perf_counter()
    index.delete(gone)
    deleted = perf_counter() - started
    anew = kind([row for row in rows if row.document not in gone])
    differences = [
        abs(score - after[chunk]) / after[chunk]
        for query in queries
        if (after := anew.search(query))
        for chunk, score in index.search(query).items()
        if chunk in after
    ]
    return [
        ("build, s", built),
        ("search p50, ms", median(times)),
        ("difference from the exact score, median", median(apart)),
        ("difference from the exact score, greatest", max(apart)),
        ("deletion of half the documents, s", deleted),
        ("trace of the deleted in a score, median", median(differences)),
        ("trace of the deleted in a score, greatest", max(differences)),
    ]


def _timed(call: Callable[[], object]) -> float:
    started = perf_counter()
    call()
    return 1000 * (perf_counter() - started)


if __name__ == "__main__":
    sys.exit(run(compare, __doc__, 10_000))
