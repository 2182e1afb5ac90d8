"""An index in one file, and back: the store as it was at one instant. The derived indexes are made anew on restoring."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from rag.errors import NotFoundError, StoreError
from rag.index.database import STORE_NAME, connect, holds_index, read_manifest, storage_errors
from rag.index.engine import LOCK_NAME, EmbeddedEngine, empty_directory
from rag.index.files import sync_directory
from rag.index.lock import exclusive
from rag.protocols import Analyzer, Embedder


def backup(directory: Path, file: Path) -> None:
    """Writes the store of an index to a file, whole or not at all, while others may read and write the index.

    Raises StoreError: no index, the file is there already, or it cannot be written.
    """
    if not holds_index(directory):
        raise StoreError(f"there is no index in {str(directory)!r}: run `rag index PATH…` first")
    if file.exists():
        raise StoreError(f"{str(file)!r} is there already: name a new file")
    with closing(connect(directory)) as source:
        read_manifest(source, directory)
        _copy(source, file)


def restore(file: Path, directory: Path, *, embedder: Embedder, analyzer: Analyzer) -> None:
    """Makes an index in a new or empty directory from a backup, with this embedder and analyzer.

    Raises NotFoundError (no such file), StoreError (not a backup, the directory holds something), FormatError.
    """
    if not file.is_file():
        raise NotFoundError(f"there is no backup {str(file)!r}")
    if holds_index(directory):
        raise StoreError(f"{str(directory)!r} holds an index already: name a new or an empty directory")
    empty_directory(directory)
    with storage_errors(file):
        source = sqlite3.connect(f"file:{quote(os.fsencode(file))}?mode=ro&immutable=1", uri=True)
    with closing(source), exclusive(directory / LOCK_NAME, 0):
        read_manifest(source, file)
        _copy(source, directory / STORE_NAME)
    engine = EmbeddedEngine.open(directory, embedder=embedder, analyzer=analyzer, write=True, rebuild=True)
    try:
        engine.rebuild()
    finally:
        engine.close()


def _copy(source: sqlite3.Connection, file: Path) -> None:
    """Copies a database into a new file that has its name only when it is complete and on the disk."""
    beside = file.with_name(file.name + ".new")
    try:
        beside.unlink(missing_ok=True)
        with storage_errors(file), closing(sqlite3.connect(beside)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        with beside.open("rb+") as written:
            os.fsync(written.fileno())
        beside.replace(file)
        sync_directory(file.parent)
    except OSError as error:
        raise StoreError(f"{str(file)!r} cannot be written ({error.strerror})") from error
