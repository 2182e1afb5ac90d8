"""The store as a reader sees it: one generation of documents, sources and chunks in SQLite."""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Final

from rag.errors import NotFoundError
from rag.index.database import Manifest, read_manifest, storage_errors
from rag.index.records import chunk_of, decoded, document_of, with_text
from rag.sketch import Sketch, unpacked
from rag.types import Chunk, Document

_BATCH: Final = 500
_CHUNK: Final = "id, document, start, stop, heading, context"


class SqliteStore:
    """The Store over a connection that it keeps in one read transaction, and closes when it is no longer used.

    Any number of threads may read it; a lock takes them one after the other.
    """

    def __init__(self, connection: sqlite3.Connection, directory: Path) -> None:
        self._connection = connection
        self._directory = directory
        self._lock = Lock()
        self._catalogue: tuple[Document, ...] | None = None
        weakref.finalize(self, connection.close)
        with storage_errors(directory):
            connection.execute("BEGIN")
            self._manifest = read_manifest(connection, directory)

    @property
    def manifest(self) -> Manifest:
        """What the index was made with and holds."""
        return self._manifest

    @property
    def generation(self) -> int:
        """Counts the changes applied so far; 0 is empty."""
        return self._manifest.generation

    def count(self) -> int:
        """Number of documents."""
        return self._manifest.documents

    def chunk_count(self) -> int:
        """Number of chunks."""
        return self._manifest.chunks

    def documents(self, limit: int, offset: int = 0) -> Sequence[Document]:
        """Documents in order of (source, position), with their text."""
        rows = self._rows(
            "SELECT id, metadata, sources, text, evidence FROM documents ORDER BY source, position LIMIT ? OFFSET ?",
            (limit, offset),
        )
        return tuple(with_text(document_of(*head), text, evidence) for *head, text, evidence in rows)

    def catalogue(self) -> Sequence[Document]:
        """Every document in the same order, with an empty text and no evidence. Read once."""
        if self._catalogue is None:
            rows = self._rows("SELECT id, metadata, sources FROM documents ORDER BY source, position", ())
            self._catalogue = tuple(document_of(*row) for row in rows)
        return self._catalogue

    def document(self, document_id: str) -> Document:
        """One document with its text. Raises NotFoundError."""
        rows = self._rows("SELECT id, metadata, sources, text, evidence FROM documents WHERE id = ?", (document_id,))
        for *head, text, evidence in rows:
            return with_text(document_of(*head), text, evidence)
        raise NotFoundError(f"there is no document {document_id!r} in {str(self._directory)!r}: see `rag list`")

    def chunks(self, chunk_ids: Sequence[int]) -> Sequence[Chunk]:
        """The chunks with these ids, in this order; unknown ids are left out."""
        found: dict[int, Chunk] = {}
        for first in range(0, len(chunk_ids), _BATCH):
            some = tuple(chunk_ids[first : first + _BATCH])
            marks = ", ".join("?" * len(some))
            for row in self._rows(f"SELECT {_CHUNK} FROM chunks WHERE id IN ({marks})", some):
                found[row[0]] = chunk_of(row)
        return tuple(found[number] for number in chunk_ids if number in found)

    def document_chunks(self, document_id: str) -> Sequence[Chunk]:
        """A document's chunks in order of start. Raises NotFoundError."""
        rows = self._rows(f"SELECT {_CHUNK} FROM chunks WHERE document = ? ORDER BY start, stop, id", (document_id,))
        if not rows:
            self.document(document_id)
        return tuple(map(chunk_of, rows))

    def source_digests(self) -> Mapping[str, str]:
        """SHA-256 of the bytes last read from each source path, in order of path."""
        return {
            decoded(path): digest for path, digest in self._rows("SELECT path, digest FROM sources ORDER BY path", ())
        }

    def sketches(self) -> Mapping[str, Sketch]:
        """The sketch of each document; an index of an older version may hold none."""
        if not self._rows("SELECT 1 FROM sqlite_master WHERE name = 'sketches'", ()):
            return {}
        return {name: unpacked(numbers) for name, numbers in self._rows("SELECT document, numbers FROM sketches", ())}

    def every_document(self) -> Iterator[tuple[Document, Sequence[Chunk]]]:
        """Each document with its text and chunks, in order of (source, position); reads one at a time."""
        for document in self.catalogue():
            yield self.document(document.id), self.document_chunks(document.id)

    # Any: SQLite's rows; each caller's SELECT says what they hold.
    def _rows(self, statement: str, values: Sequence[str | int]) -> list[tuple]:  # type: ignore[type-arg]
        with self._lock, storage_errors(self._directory):
            return self._connection.execute(statement, values).fetchall()
