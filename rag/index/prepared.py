"""What the derived indexes need of a document's chunks: computed where it is read, or when it is indexed.

Worker processes import this and nothing of the indexes themselves: FAISS alone takes a tenth of a second to start.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import Final

import numpy as np

from embeddings.protocol import Matrix
from rag.analysis import ChineseAnalyzer
from rag.index.content import Content, IndexedChunk, build_content, merge_contents
from rag.index.postings import Keys, gram_keys, term_keys
from rag.index.text import embedded_texts, indexed_text
from rag.protocols import Analyzer, Embedder
from rag.types import Chunk, Entry

# Chunks of a group of small texts; the arrays that are made on the way for more would fill the memory for a book.
_BATCH: Final = 512

# A chunk, its context and its passage.
Text = tuple[Chunk, str, str]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What an index needs of an entry's chunks, in a content that may hold those of other entries too, the context that each
    chunk has there, by id, and the fingerprints of what made it. Entries that were prepared together share one, also when they
    are pickled together."""

    made_with: tuple[str, str]
    content: Content
    contexts: Mapping[int, str]


def made_with(embedder: Embedder, analyzer: Analyzer) -> tuple[str, str]:
    """What `Prepared` of these says that it was made with."""
    return embedder.fingerprint, analyzer.fingerprint


def prepare(entries: Sequence[Entry], embedder: Embedder, analyzer: Analyzer) -> tuple[Entry, ...]:
    """The entries with what an index made with these needs of them. An engine made with others passes it over.

    The vectors of all are made before the terms of all: each goes through tables that would drive the other's out of the
    processor's cache. A chunk that comes twice, of one text from two sources, is taken once.
    """
    by_chunk = {
        chunk.id: (chunk, *indexed_text(entry.document.text, chunk)) for entry in entries for chunk in entry.chunks
    }
    texts = list(by_chunk.values())
    if not texts:
        return tuple(entries)
    vectors = [encoded(texts[at : at + _BATCH], embedder) for at in range(0, len(texts), _BATCH)]
    parts = [
        build_content(analysed(texts[at * _BATCH : (at + 1) * _BATCH], analyzer), some)
        for at, some in enumerate(vectors)
    ]
    content = merge_contents([(part, None) for part in parts])
    made = Prepared(made_with(embedder, analyzer), content, {chunk.id: context for chunk, context, _ in texts})
    return tuple(replace(entry, prepared=made) for entry in entries)


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
