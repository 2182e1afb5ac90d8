"""The seams: every replaceable part is one Protocol here, with one contract suite in tests/contracts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings.protocol import Embedder
from rag.corrections import Values
from rag.coverage import Weighted
from rag.question import Question
from rag.sketch import Sketch
from rag.types import Applied, Chunk, Document, Draft, Entry, Hit, Scored

__all__ = ["Analyzer", "Embedder", "Engine", "Generator", "LexicalIndex", "Ranker", "Snapshot", "Store", "VectorIndex"]

Vector = NDArray[np.float32]


class Analyzer(Protocol):
    """Turns text into index terms. Index and query use the same one."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same text could give other terms: algorithm version and dictionary, not the library."""
        ...

    def terms(self, text: str) -> Sequence[str]:
        """Index terms of a text, in order of their start, repeated as often as they occur. No term holds white space."""
        ...


class LexicalIndex(Protocol):
    """BM25 (k1 = 1.2, b = 0.75, Lucene idf) over the fields "text" and "context" of chunks, each a list of terms."""

    def search(
        self, query: Mapping[str, Mapping[str, float]], k: int, documents: Collection[str] | None = None
    ) -> Sequence[Scored]:
        """The best k chunks: the sum over fields and terms of weight × BM25. `query[field][term]` is the weight;
        `documents` restricts to chunks of these document ids. Only scores > 0; order by (−score, chunk_id)."""
        ...

    def document_frequency(self, term: str) -> int:
        """Number of chunks whose field "text" or "context" holds the term (the larger of the two counts)."""
        ...


class VectorIndex(Protocol):
    """Exact inner product over chunk vectors."""

    def search(self, vector: Vector, k: int, chunks: Collection[int] | None = None) -> Sequence[Scored]:
        """The best k chunks for a query vector of shape (dim,), restricted to these chunk ids; order by (−score, chunk_id)."""
        ...

    def scores(self, vector: Vector, chunks: Sequence[int]) -> Sequence[float]:
        """Inner products of a query vector of shape (dim,) with these chunks, in their order; 0.0 for an unknown chunk."""
        ...


class Store(Protocol):
    """The truth: documents, their sources and chunks at one generation."""

    @property
    def generation(self) -> int:
        """Counts the changes applied so far; 0 is empty."""
        ...

    def count(self) -> int:
        """Number of documents."""
        ...

    def chunk_count(self) -> int:
        """Number of chunks."""
        ...

    def documents(self, limit: int, offset: int = 0) -> Sequence[Document]:
        """Documents in order of (source, position in the source), with their text."""
        ...

    def catalogue(self) -> Sequence[Document]:
        """Every document in the same order with an empty `text` and no `evidence`: cheap, kept in memory."""
        ...

    def document(self, document_id: str) -> Document:
        """One document with its text. Raises NotFoundError."""
        ...

    def chunks(self, chunk_ids: Sequence[int]) -> Sequence[Chunk]:
        """The chunks with these ids, in this order; unknown ids are left out."""
        ...

    def document_chunks(self, document_id: str) -> Sequence[Chunk]:
        """A document's chunks in order of start. Raises NotFoundError."""
        ...

    def source_digests(self) -> Mapping[str, str]:
        """SHA-256 of the bytes last read from each source path: what has not changed need not be read again."""
        ...

    def sketches(self) -> Mapping[str, Sketch]:
        """The sketch of each document's passages, by id: what likely reposts are found by."""
        ...


class Snapshot(Protocol):
    """One generation, whole: store, lexical and vector index agree."""

    @property
    def store(self) -> Store: ...

    @property
    def lexical(self) -> LexicalIndex: ...

    @property
    def vectors(self) -> VectorIndex: ...


class Engine(Protocol):
    """The index as a whole. One writer at a time; any number of readers, each on one generation."""

    def snapshot(self) -> Snapshot:
        """The newest generation (the same object as before while nothing changed). Cheap: called once a request."""
        ...

    def replace(self, entries: Mapping[str, Sequence[Entry]], digests: Mapping[str, str]) -> Applied:
        """Makes the documents of each source path exactly these, in one atomic, durable step: a new generation.

        An empty sequence removes the source. A document that other sources also have stays, with those sources. The same
        content again changes nothing and keeps the generation. `digests` are the SHA-256 of each source's bytes.
        """
        ...

    def remove(self, document_ids: Sequence[str]) -> Applied:
        """Removes documents, from every source, leaving no trace in any index. Raises NotFoundError, then nothing changes."""
        ...

    def correct(self, document_id: str, changes: Values, back: Collection[str] = ()) -> Applied:
        """Sets metadata of a document by hand (values as `rag.corrections.checked` gives them); the fields in `back` are again
        what was read. It stays when the document is read, brought by another source or indexed again, and goes to the one
        that takes its place when its file changes. Raises NotFoundError, then nothing changes."""
        ...

    def rebuild(self) -> None:
        """Makes the derived indexes anew from the store, with the present embedder and analyzer."""
        ...

    def close(self) -> None:
        """Releases files and locks."""
        ...


class Reranker(Protocol):
    """Reads question and passage together: dearer than a ranker, so only for the best passages."""

    def relevance(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """How well each text answers, in 0..1, in their order."""
        ...


class Ranker(Protocol):
    """Orders candidate passages for a question."""

    def rank(self, features: Sequence[Mapping[str, float]]) -> Sequence[float]:
        """One score per candidate, from its named signals; higher is better."""
        ...


class Generator(Protocol):
    """Proposes the points of an answer. It may only name ranges of the hits that it was given."""

    def generate(
        self,
        question: Question,
        weighted: Sequence[Weighted],
        hits: Sequence[Hit],
        texts: Mapping[str, str],
        room: float = 1.0,
        places: Sequence[str] = (),
    ) -> Sequence[Draft]:
        """Drafts in order; empty when the hits support no answer. `texts` maps a document id to its text; `room` is how
        much may be quoted, 1 the usual: less where places share an answer. `places` are the names of the places asked about,
        folded, as texts write them."""
        ...
