"""What the derived indexes need of a document's chunks: computed where it is read, or when it is indexed.

Worker processes import this and nothing of the indexes themselves: FAISS alone takes a tenth of a second to start.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import Final

import numpy as np

from embeddings.protocol import Matrix
from rag.analysis import ChineseAnalyzer
from rag.index.postings import Keys, gram_keys, term_keys
from rag.index.text import embedded_texts, indexed_text
from rag.protocols import Analyzer, Embedder
from rag.types import Chunk, Entry

_BATCH: Final = 256

# A chunk, its context and its passage.
Text = tuple[Chunk, str, str]


@dataclass(frozen=True, slots=True)
class IndexedChunk:
    """What a segment needs of a chunk: its ids and the keys of its terms by field, in the order of FIELDS."""

    chunk_id: int
    document_id: str
    keys: tuple[Keys, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Terms and vectors, shape (n, dim), of an entry's chunks, in their order, and the fingerprints of what made them."""

    made_with: tuple[str, str]
    chunks: tuple[IndexedChunk, ...]
    vectors: Matrix

    def __reduce__(self) -> tuple[Callable[..., Prepared], tuple[object, ...]]:
        """Pickled as a few flat arrays: thousands of chunks a second go from the workers to the index."""
        fields = [_joined(rows) for rows in zip(*(chunk.keys for chunk in self.chunks), strict=True)]
        ids = [(chunk.chunk_id, chunk.document_id) for chunk in self.chunks]
        return _unpickled, (self.made_with, ids, fields, self.vectors)


def _joined(rows: Sequence[Keys]) -> tuple[Keys, list[int], list[int]]:
    """The keys of each row one after the other, rows that are one array once: keys, length of each, which of them a row is."""
    distinct = {id(row): row for row in rows}
    places = {each: place for place, each in enumerate(distinct)}
    return (
        np.concatenate([*distinct.values()]),
        [len(row) for row in distinct.values()],
        [places[id(row)] for row in rows],
    )


def _unpickled(
    made_with: tuple[str, str],
    ids: Sequence[tuple[int, str]],
    fields: Sequence[tuple[Keys, list[int], list[int]]],
    vectors: Matrix,
) -> Prepared:
    rows = []
    for keys, lengths, which in fields:
        distinct = [keys[start:end] for start, end in pairwise(accumulate(lengths, initial=0))]
        rows.append([distinct[place] for place in which])
    chunks = tuple(IndexedChunk(*each, keys) for each, keys in zip(ids, zip(*rows, strict=True), strict=True))
    return Prepared(made_with, chunks, vectors)


def made_with(embedder: Embedder, analyzer: Analyzer) -> tuple[str, str]:
    """What `Prepared` of these says that it was made with."""
    return embedder.fingerprint, analyzer.fingerprint


def prepare(entries: Sequence[Entry], embedder: Embedder, analyzer: Analyzer) -> tuple[Entry, ...]:
    """The entries with what an index made with these needs of them. An engine made with others passes it over.

    The vectors of all are made before the terms of all: each goes through tables that would drive the other's out of the
    processor's cache.
    """
    texts = [(chunk, *indexed_text(entry.document.text, chunk)) for entry in entries for chunk in entry.chunks]
    parts = [encoded(texts[at : at + _BATCH], embedder) for at in range(0, len(texts), _BATCH)]
    vectors = np.concatenate(parts) if parts else np.empty((0, embedder.dim), np.float32)
    chunks = analysed(texts, analyzer)
    bounds = pairwise(accumulate((len(entry.chunks) for entry in entries), initial=0))
    by = made_with(embedder, analyzer)
    return tuple(
        replace(entry, prepared=Prepared(by, tuple(chunks[start:end]), vectors[start:end]))
        for entry, (start, end) in zip(entries, bounds, strict=True)
    )


def analysed(texts: Sequence[Text], analyzer: Analyzer) -> list[IndexedChunk]:
    """Chunks with the keys of their terms, in the order given."""
    passages = _keys([passage for _, _, passage in texts], analyzer)
    contexts = list(dict.fromkeys(context for _, context, _ in texts))
    keys = dict(zip(contexts, _keys(contexts, analyzer), strict=True))
    return [
        IndexedChunk(chunk.id, chunk.document_id, (passage, keys[context]))
        for (chunk, context, _), passage in zip(texts, passages, strict=True)
    ]


def encoded(texts: Sequence[Text], embedder: Embedder) -> Matrix:
    """The vectors of chunks, shape (n, dim), in the order given."""
    return embedder.encode_document(embedded_texts([(context, passage) for _, context, passage in texts]))


def _keys(texts: Sequence[str], analyzer: Analyzer) -> list[Keys]:
    """The keys of each text's terms, computed in one go."""
    if not isinstance(analyzer, ChineseAnalyzer):
        return _split([analyzer.terms(text) for text in texts])
    parts = analyzer.parts(texts)
    others = _split([rest for _, rest in parts])
    return [np.concatenate(pair) for pair in zip(gram_keys([folded for folded, _ in parts]), others, strict=True)]


def _split(terms: Sequence[Sequence[str]]) -> list[Keys]:
    keys = term_keys([term for some in terms for term in some])
    return [keys[start:end] for start, end in pairwise(accumulate(map(len, terms), initial=0))]
