"""Segments: immutable parts of the derived indexes, each the lexical and the vector index of the same chunks.

    segments/<name>.lexical   arrays: chunk ids, document keys, postings of both fields
    segments/<name>.faiss     FAISS IndexIDMap2 over IndexFlatIP, rows in the same order

The name is the first 16 hex digits of the SHA-256 of the content, chunks stand in order of their id: the same chunks make
the same files, whatever the order they came in. A change writes new segments and marks rows of old ones as dead; which
segments make a generation, and which of their rows are dead, is written in the store, in the transaction of the change.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import faiss
import numpy as np

from rag.errors import StoreError
from rag.index.arrays import Array, DamagedError, open_arrays, pack
from rag.index.content import Content, Ids
from rag.index.files import Stamp, check, write_durably
from rag.index.lexical import FIELDS, LexicalSegment
from rag.index.postings import Mask, Postings
from rag.index.rough import Rough
from rag.index.vectors import VectorSegment, build_index, matrix, open_index


@dataclass(frozen=True, slots=True)
class SegmentRecord:
    """A segment as the store lists it: `dead` holds the deleted rows, ascending."""

    name: str
    rows: int
    lexical: Stamp
    vectors: Stamp
    dead: tuple[int, ...] = ()

    @property
    def live_rows(self) -> int:
        """Number of rows that are not deleted."""
        return self.rows - len(self.dead)


@dataclass(frozen=True, slots=True)
class Segment:
    """An open segment."""

    record: SegmentRecord
    content: Content
    index: faiss.IndexIDMap2
    rough: Rough

    @property
    def live(self) -> Mask | None:
        """Which rows are not deleted; None when all are there."""
        if not self.record.dead:
            return None
        live = np.ones(self.record.rows, np.bool_)
        live[list(self.record.dead)] = False
        return live

    def without(self, chunk_ids: Ids) -> Segment:
        """The segment with these chunks deleted as well; unknown ones are passed over."""
        where = np.searchsorted(self.content.chunk_ids, chunk_ids)
        where[where == self.record.rows] = 0
        found = where[self.content.chunk_ids[where] == chunk_ids]
        dead = tuple(sorted({*self.record.dead, *found.tolist()}))
        return self if dead == self.record.dead else self.marked(dead)

    def marked(self, dead: tuple[int, ...]) -> Segment:
        """The segment with exactly these rows deleted."""
        return replace(self, record=replace(self.record, dead=dead))

    def lexical(self) -> LexicalSegment:
        """Its part of the lexical index."""
        content = self.content
        return LexicalSegment(content.chunk_ids, content.documents, content.document_of, content.fields, self.live)

    def vector(self) -> VectorSegment:
        """Its part of the vector index."""
        return VectorSegment(self.content.chunk_ids, self.index, self.live, self.rough)


def write_segment(directory: Path, content: Content) -> SegmentRecord:
    """The record of a segment whose two files are on the disk. Raises StoreError when they cannot be written."""
    packed = pack(_arrays(content))
    digest = hashlib.sha256()
    for part in (*packed, np.ascontiguousarray(content.vectors).data):
        digest.update(part)
    name = digest.hexdigest()[:16]
    index = build_index(content.chunk_ids, content.vectors)
    try:
        lexical = write_durably(lexical_path(directory, name), partial(_write_parts, packed))
        vectors = write_durably(vectors_path(directory, name), partial(_write_index, index))
    # FAISS reports a failing disk as a RuntimeError.
    except (OSError, RuntimeError) as error:
        why = _system_words(str(error)) if isinstance(error, RuntimeError) else error.strerror
        raise StoreError(
            f"{str(directory)!r} cannot be written ({why}): free some space or check its permissions"
        ) from error
    return SegmentRecord(name, len(content.chunk_ids), lexical, vectors)


def open_segment(directory: Path, record: SegmentRecord, dim: int) -> Segment:
    """The segment of a record. Raises DamagedError when a file is missing or not what was written."""
    lexical, vectors = lexical_path(directory, record.name), vectors_path(directory, record.name)
    check(lexical, record.lexical)
    check(vectors, record.vectors)
    arrays = open_arrays(lexical)
    index = open_index(vectors, record.rows, dim)
    try:
        content = Content(
            chunk_ids=arrays["chunk_ids"],
            documents=arrays["documents"],
            document_of=arrays["document_of"],
            fields={field: Postings.of(arrays, field) for field in FIELDS},
            vectors=matrix(index),
        )
    except KeyError as error:
        raise DamagedError(f"{str(lexical)!r} has no array {error}: run `rag rebuild`") from error
    return Segment(record, content, index, Rough(content.vectors))


def lexical_path(directory: Path, name: str) -> Path:
    """Where a segment's postings lie."""
    return directory / f"{name}.lexical"


def vectors_path(directory: Path, name: str) -> Path:
    """Where a segment's vectors lie."""
    return directory / f"{name}.faiss"


def _arrays(content: Content) -> dict[str, Array]:
    arrays: dict[str, Array] = {
        "chunk_ids": content.chunk_ids,
        "documents": content.documents,
        "document_of": content.document_of,
    }
    for field in FIELDS:
        arrays |= content.fields[field].arrays(field)
    return arrays


def _system_words(told: str) -> str:
    """What the system said, which FAISS puts into brackets after the place in its source: “No space left on device”."""
    found = re.search(r"\(([^()]*)\)\W*$", told)
    return found[1] if found else told


def _write_parts(parts: Sequence[bytes | memoryview], path: Path) -> None:
    with path.open("wb") as file:
        file.writelines(parts)


def _write_index(index: faiss.IndexIDMap2, path: Path) -> None:
    faiss.write_index(index, str(path))
