"""The embedded engine: SQLite for the truth, segments of postings and vectors beside it, one commit to publish both.

    store.sqlite    documents, chunks, sources; which segments make the present generation (WAL, synchronous = FULL)
    segments/       immutable files, written and synced before the commit that names them
    write.lock      held while a change is made

A change writes new segment files, then commits documents, chunks, generation and list of segments in ONE transaction. A
writer that dies before it leaves files that nothing names; the next writer deletes them. A reader holds a read transaction:
its store and its segments are of one generation, whatever is written meanwhile.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import RLock
from types import MappingProxyType
from typing import Final, Self

from rag.corrections import Values
from rag.errors import StoreError
from rag.index.arrays import DamagedError
from rag.index.database import (
    FORMAT_VERSION,
    STORE_NAME,
    Manifest,
    connect,
    create_store,
    holds_index,
    read_manifest,
    storage_errors,
    transaction,
    write_manifest,
)
from rag.index.derive import ChunkProgress, Deriver, Ready, clean, listed, open_segments, publish
from rag.index.identity import check_made_with, stamped
from rag.index.ledger import Change, correct_document, counts, remove_documents, replace_sources
from rag.index.lexical import SegmentedLexical
from rag.index.lock import exclusive
from rag.index.prepared import Prepared, made_with
from rag.index.segments import Segment
from rag.index.store import SqliteStore
from rag.index.vectors import SegmentedVectors
from rag.protocols import Analyzer, Embedder
from rag.types import Applied, Entry

__all__ = ["FORMAT_VERSION", "EmbeddedEngine", "EmbeddedSnapshot", "holds_index"]

LOCK_NAME: Final = "write.lock"
SEGMENTS_NAME: Final = "segments"
_OWN_NAMES: Final = frozenset({LOCK_NAME, SEGMENTS_NAME})
_ATTEMPTS: Final = 20

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EmbeddedSnapshot:
    """One generation: store, lexical and vector index agree."""

    store: SqliteStore
    lexical: SegmentedLexical
    vectors: SegmentedVectors
    segments: tuple[Segment, ...]


class EmbeddedEngine:
    """The Engine in one directory. Any thread may call it; changes are made one at a time, over all processes."""

    def __init__(self, directory: Path, embedder: Embedder, analyzer: Analyzer, lock_wait: float) -> None:
        self._directory = directory
        self._embedder = embedder
        self._analyzer = analyzer
        self._segments = directory / SEGMENTS_NAME
        self._lock_wait = lock_wait
        self._reading = RLock()
        self._writing = RLock()
        self._watch = connect(directory)
        self._version = -1
        self._snapshot: EmbeddedSnapshot | None = None

    @classmethod
    def open(
        cls,
        directory: Path,
        *,
        embedder: Embedder,
        analyzer: Analyzer,
        write: bool = False,
        rebuild: bool = False,
        lock_wait: float = 10.0,
    ) -> Self:
        """The index of a directory; with `write` it is made when there is none, in a new or empty directory.

        With `rebuild` an index made with another model or analyzer is opened as well: call `rebuild()` next. A change waits
        `lock_wait` seconds for another writer. Raises StoreError (no index, unreadable), FormatError, MismatchError.
        """
        if not holds_index(directory):
            if not write:
                raise StoreError(f"there is no index in {str(directory)!r}: run `rag index PATH…` first")
            _create(directory, embedder, analyzer, lock_wait)
        engine = cls(directory, embedder, analyzer, lock_wait)
        try:
            if not rebuild:
                engine.snapshot()
        except BaseException:
            engine.close()
            raise
        return engine

    def snapshot(self) -> EmbeddedSnapshot:
        """The newest generation; the same object while no process committed anything. A damaged derived index is mended.

        Raises MismatchError, FormatError, StoreError.
        """
        with self._reading:
            with storage_errors(self._directory):
                version = self._watch.execute("PRAGMA data_version").fetchone()[0]
            if self._snapshot is None or version != self._version:
                self._snapshot = self._opened()
                self._version = version
            return self._snapshot

    def replace(
        self,
        entries: Mapping[str, Sequence[Entry]],
        digests: Mapping[str, str],
        *,
        progress: ChunkProgress | None = None,
    ) -> Applied:
        """Makes the documents of each source exactly these, in one durable step, as the protocol says.

        A document that several sources have keeps the metadata of the first in order of path. One whose text or metadata
        differ counts as added. `progress` hears the number of chunks of each batch. Raises ValueError for a chunk that is
        no range of its document.
        """
        given = {entry.document.id for source in entries.values() for entry in source}
        ready = self._ready(entry for source in entries.values() for entry in source)
        return self._change(lambda connection: replace_sources(connection, entries, digests), given, progress, ready)

    def remove(self, document_ids: Sequence[str]) -> Applied:
        """Removes documents from every source. Raises NotFoundError, then nothing changes."""
        return self._change(lambda connection: remove_documents(connection, document_ids), (), None)

    def correct(self, document_id: str, changes: Values, back: Collection[str] = ()) -> Applied:
        """Sets fields of a document by hand, as the protocol says. Raises NotFoundError, then nothing changes."""
        return self._change(lambda connection: correct_document(connection, document_id, changes, back), (), None)

    def rebuild(self, *, progress: ChunkProgress | None = None) -> None:
        """Makes the derived indexes anew with the present embedder and analyzer, and publishes them as the same generation."""
        with self._writer() as connection:
            self._rebuild(connection, progress)

    def close(self) -> None:
        """Closes the store. A snapshot in use stays usable until it is let go."""
        with self._reading:
            self._snapshot = None
            self._watch.close()

    def _change(
        self,
        apply: Callable[[sqlite3.Connection], Change],
        given: set[str] | tuple[()],
        progress: ChunkProgress | None,
        ready: Mapping[int, Ready] = MappingProxyType({}),
    ) -> Applied:
        segments = self.snapshot().segments
        with self._writer() as connection:
            manifest = read_manifest(connection, self._directory)
            check_made_with(manifest, self._embedder, self._analyzer, self._directory, probe=False)
            change = apply(connection)
            if not manifest.documents:
                manifest = stamped(manifest, self._embedder, self._analyzer)
            if not change.stored:
                return change.applied(manifest.generation, given)
            generation = manifest.generation + 1
            if change.gone or change.fresh:
                present = open_segments(connection, self._segments, self._embedder.dim, segments)
                records = self._deriver(progress).changed(present, change.gone, change.fresh, ready)
            else:
                records = listed(connection)
            publish(connection, records, generation)
            documents, chunks = counts(connection)
            write_manifest(connection, replace(manifest, generation=generation, documents=documents, chunks=chunks))
        return change.applied(generation, given)

    def _ready(self, entries: Iterable[Entry]) -> Mapping[int, Ready]:
        """What was prepared of chunks with this engine's embedder and analyzer, by chunk id."""
        wanted = made_with(self._embedder, self._analyzer)
        found = {id(entry.prepared): entry.prepared for entry in entries}
        return {
            chunk: Ready(context, made.content)
            for made in found.values()
            if isinstance(made, Prepared) and made.made_with == wanted
            for chunk, context in made.contexts.items()
        }

    def _rebuild(self, connection: sqlite3.Connection, progress: ChunkProgress | None) -> None:
        manifest = read_manifest(connection, self._directory)
        store = SqliteStore(connect(self._directory), self._directory)
        fresh = ((document.text, chunk) for document, chunks in store.every_document() for chunk in chunks)
        publish(connection, self._deriver(progress).changed((), (), fresh), manifest.generation)
        write_manifest(connection, stamped(manifest, self._embedder, self._analyzer))

    @contextmanager
    def _writer(self) -> Iterator[sqlite3.Connection]:
        """A connection inside a transaction, under the lock; the files of dead writers and old generations are deleted."""
        with self._writing, exclusive(self._directory / LOCK_NAME, self._lock_wait):
            self._segments.mkdir(exist_ok=True)
            connection = connect(self._directory, write=True)
            try:
                with storage_errors(self._directory):
                    clean(connection, self._segments)
                    with transaction(connection):
                        yield connection
                    clean(connection, self._segments)
            finally:
                connection.close()

    def _opened(self) -> EmbeddedSnapshot:
        """A new snapshot. A segment that was cleaned away meanwhile belongs to an old generation: it is looked up again."""
        damage: DamagedError | None = None
        for _ in range(_ATTEMPTS):
            try:
                return self._assembled()
            except DamagedError as error:
                if str(error) == str(damage):
                    break
                damage = error
        # Only a writer can mend; the message says what a reader may ask one to do.
        if damage is not None and not os.access(self._directory, os.W_OK):
            raise damage
        self._mend()
        return self._assembled()

    def _assembled(self) -> EmbeddedSnapshot:
        connection = connect(self._directory)
        store = SqliteStore(connection, self._directory)
        # A large model takes tens of milliseconds for the probe: once, when the index is opened, is enough.
        probe = self._snapshot is None
        check_made_with(store.manifest, self._embedder, self._analyzer, self._directory, probe=probe)
        opened = self._snapshot.segments if self._snapshot is not None else ()
        segments = open_segments(connection, self._segments, self._embedder.dim, opened)
        return EmbeddedSnapshot(
            store=store,
            lexical=SegmentedLexical([segment.lexical() for segment in segments]),
            vectors=SegmentedVectors(self._embedder.dim, [segment.vector() for segment in segments]),
            segments=segments,
        )

    def _mend(self) -> None:
        """Makes the derived indexes anew if, under the lock, they are still damaged. Raises StoreError when it cannot write."""
        self._snapshot = None
        with self._writer() as connection:
            try:
                open_segments(connection, self._segments, self._embedder.dim)
            except DamagedError as damage:
                logger.warning("%s; made anew from the store", damage)
                self._rebuild(connection, None)

    def _deriver(self, progress: ChunkProgress | None) -> Deriver:
        return Deriver(self._segments, self._embedder, self._analyzer, progress)


def _create(directory: Path, embedder: Embedder, analyzer: Analyzer, lock_wait: float) -> None:
    empty_directory(directory)
    empty = Manifest(FORMAT_VERSION, 0, "", "", 0, b"", "", 0, 0)
    with exclusive(directory / LOCK_NAME, lock_wait):
        create_store(directory, stamped(empty, embedder, analyzer))


def empty_directory(directory: Path) -> None:
    """Makes the directory, or raises StoreError when it holds anything but the remains of an index that was never made."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        foreign = sorted(
            path.name
            for path in directory.iterdir()
            if path.name not in _OWN_NAMES and not path.name.startswith(STORE_NAME)
        )
    except OSError as error:
        raise StoreError(f"{str(directory)!r} cannot be written ({error.strerror})") from error
    if foreign:
        raise StoreError(
            f"{str(directory)!r} is not an index, it holds {foreign[0]!r}: name a new or an empty directory"
        )
