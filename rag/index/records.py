"""Rows of the store: documents and chunks as JSON that gives back every field, lone surrogates included."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rag.corrections import Values, context, corrected
from rag.types import Chunk, Document, Entry, Evidence, Level, text_sha256

_PLAIN: Final = ("title", "place", "level", "author", "source", "published", "doc_number", "url", "sha256", "issuer")


@dataclass(frozen=True, slots=True)
class Record:
    """One source's version of a document: JSON of the metadata and of the evidence, the text's SHA-256, the chunks."""

    document_id: str
    metadata: str
    evidence: str
    sources: tuple[str, ...]
    text_sha256: str
    chunks: tuple[Chunk, ...]

    @property
    def source(self) -> str:
        """`Document.source`, as given."""
        source: str = json.loads(self.metadata)["source"]
        return source

    def of_source(self, other: Record) -> Record:
        """The record with the sources of the other."""
        metadata = json.dumps(json.loads(self.metadata) | {"source": other.source})
        return replace(self, metadata=metadata, sources=other.sources)

    def payload(self) -> bytes:
        """The record without its id, compressed."""
        chunks = [[c.id, c.start, c.end, c.heading, c.context] for c in self.chunks]
        values = [self.metadata, self.evidence, self.sources, self.text_sha256, chunks]
        return zlib.compress(json.dumps(values).encode("ascii"), 1)

    @classmethod
    def of_payload(cls, document_id: str, payload: bytes) -> Record:
        """The record that gave this payload."""
        metadata, evidence, sources, digest, chunks = json.loads(zlib.decompress(payload))
        return cls(
            document_id,
            metadata,
            evidence,
            tuple(sources),
            digest,
            tuple(Chunk(number, document_id, *rest) for number, *rest in chunks),
        )


def record(entry: Entry) -> Record:
    """The record of an entry. Raises ValueError for chunks that are not ranges of the document, or not its own."""
    document = entry.document
    for chunk in entry.chunks:
        if chunk.document_id != document.id or not 0 <= chunk.start < chunk.end <= len(document.text):
            raise ValueError(f"chunk {chunk.id} [{chunk.start}:{chunk.end}] is no range of document {document.id!r}")
        if not 0 < chunk.id < 2**63:
            raise ValueError(f"chunk id {chunk.id} is not a positive 63-bit integer")
    return Record(
        document.id,
        _metadata(document),
        _evidence(document),
        document.sources,
        text_sha256(document.text),
        tuple(sorted(entry.chunks, key=lambda chunk: (chunk.start, chunk.end, chunk.id))),
    )


def corrected_record(item: Record, values: Values) -> Record:
    """The record with these values set by hand, and the contexts of its chunks with the place and title that it has then."""
    if not values:
        return item
    document = with_text(document_of(item.document_id, item.metadata, json.dumps(item.sources)), b"", item.evidence)
    changed = corrected(document, values)
    chunks = item.chunks
    if (changed.place, changed.title) != (document.place, document.title):
        chunks = tuple(replace(chunk, context=context(changed, chunk.heading)) for chunk in chunks)
    return replace(item, metadata=_metadata(changed), evidence=_evidence(changed), chunks=chunks)


def _metadata(document: Document) -> str:
    return json.dumps({name: getattr(document, name) for name in _PLAIN})


def _evidence(document: Document) -> str:
    return json.dumps([[e.field, e.value, e.start, e.end, e.how] for e in document.evidence])


def joined_sources(records: Sequence[Record]) -> tuple[str, ...]:
    """Every source of a document's versions, each once: theirs in order, then what else they name."""
    named = [item.source for item in records]
    return tuple(dict.fromkeys([*named, *(name for item in records for name in item.sources)]))


def document_of(document_id: str, metadata: str, sources: str) -> Document:
    """The document of a row, with an empty text and no evidence."""
    values = json.loads(metadata)
    level = values.pop("level")
    return Document(
        id=document_id,
        text="",
        level=None if level is None else Level(level),
        sources=tuple(json.loads(sources)),
        **values,
    )


def with_text(document: Document, text: bytes, evidence: str) -> Document:
    """The document with its text and evidence."""
    found = tuple(Evidence(*item) for item in json.loads(evidence))
    return replace(document, text=decoded(text), evidence=found)


def encoded(text: str) -> bytes:
    """UTF-8 that also takes lone surrogates (SQLite's own text does not); its order is that of the code points."""
    return text.encode("utf-8", "surrogatepass")


def decoded(data: bytes) -> str:
    """The text that `encoded` was given."""
    return data.decode("utf-8", "surrogatepass")


def chunk_rows(chunks: Iterable[Chunk]) -> list[tuple[int, str, int, int, bytes, bytes]]:
    """Chunks as rows of the store."""
    return [(c.id, c.document_id, c.start, c.end, encoded(c.heading), encoded(c.context)) for c in chunks]


def chunk_of(row: tuple[int, str, int, int, bytes, bytes]) -> Chunk:
    """The chunk of a row."""
    number, document, start, end, heading, context = row
    return Chunk(number, document, start, end, decoded(heading), decoded(context))
