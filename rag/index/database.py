"""The store's file: connections, tables, the manifest."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final
from urllib.parse import quote

from rag.errors import FormatError, StoreError
from rag.index.files import sync_directory

FORMAT_VERSION: Final = 1
STORE_NAME: Final = "store.sqlite"
_BUSY_SECONDS: Final = 30.0
_LOG_BYTES: Final = 32_000_000
# A change writes rows all over the tables: pages that fit here are written once, not each time another one needs the room.
_CACHE_BYTES: Final = 64_000_000

_TABLES: Final = """
CREATE TABLE manifest (
    only INTEGER PRIMARY KEY CHECK (only = 1), format INTEGER NOT NULL, generation INTEGER NOT NULL, model TEXT NOT NULL,
    model_fingerprint TEXT NOT NULL, dim INTEGER NOT NULL, probe BLOB NOT NULL, analyzer_fingerprint TEXT NOT NULL,
    documents INTEGER NOT NULL, chunks INTEGER NOT NULL);
CREATE TABLE sources (path BLOB PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE entries (source BLOB NOT NULL, position INTEGER NOT NULL, document TEXT NOT NULL, payload BLOB NOT NULL,
    UNIQUE (source, position));
CREATE INDEX entries_of_document ON entries (document, source, position);
CREATE TABLE documents (id TEXT PRIMARY KEY, source BLOB NOT NULL, position INTEGER NOT NULL, metadata TEXT NOT NULL,
    sources TEXT NOT NULL, text_sha256 TEXT NOT NULL, evidence TEXT NOT NULL, text BLOB NOT NULL);
CREATE INDEX documents_in_order ON documents (source, position);
CREATE TABLE chunks (id INTEGER PRIMARY KEY, document TEXT NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
    heading BLOB NOT NULL, context BLOB NOT NULL);
CREATE INDEX chunks_of_document ON chunks (document, start, stop);
CREATE TABLE segments (ordinal INTEGER PRIMARY KEY, name TEXT NOT NULL, rows INTEGER NOT NULL, dead BLOB NOT NULL,
    lexical TEXT NOT NULL, vectors TEXT NOT NULL);
CREATE TABLE retired (name TEXT PRIMARY KEY, generation INTEGER NOT NULL) WITHOUT ROWID;
"""
# Younger than the format: a writer adds them to a store that was made without.
_YOUNGER: Final = (
    "CREATE TABLE IF NOT EXISTS corrections (document TEXT PRIMARY KEY, fields TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS sketches (document TEXT PRIMARY KEY, numbers BLOB NOT NULL) WITHOUT ROWID",
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the index was made with and holds. `probe` is the vector of a fixed text, float32 little-endian."""

    format: int
    generation: int
    model: str
    model_fingerprint: str
    dim: int
    probe: bytes
    analyzer_fingerprint: str
    documents: int
    chunks: int


_COLUMNS: Final = ", ".join(field.name for field in fields(Manifest))


def holds_index(directory: Path) -> bool:
    """Whether a store lies in the directory, readable or not."""
    try:
        return (directory / STORE_NAME).stat().st_size > 0
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise StoreError(f"{str(directory)!r} cannot be read ({error.strerror})") from error


def connect(directory: Path, *, write: bool = False) -> sqlite3.Connection:
    """A connection in autocommit mode that any thread may use. Without `write` it cannot change anything. Raises StoreError."""
    path = directory / STORE_NAME
    with storage_errors(directory):
        connection = _connect(path, "mode=rw" if write else _reading_mode(path))
        try:
            if write:
                _make_durable(connection)
                connection.execute(f"PRAGMA cache_size = {-_CACHE_BYTES // 1024}")
                for table in _YOUNGER:
                    connection.execute(table)
            else:
                connection.execute("PRAGMA query_only = ON")
        except sqlite3.Error:
            connection.close()
            raise
        return connection


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"file:{quote(os.fsencode(path))}?{mode}"
    return sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)


def _make_durable(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA journal_size_limit = {_LOG_BYTES}")


def _reading_mode(path: Path) -> str:
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return "mode=rw"
    log = path.with_name(path.name + "-wal")
    # On a read-only medium SQLite cannot make the shared-memory file that WAL needs, and nobody can write either.
    return "mode=ro" if log.exists() and log.stat().st_size else "mode=ro&immutable=1"


def create_store(directory: Path, manifest: Manifest) -> None:
    """Makes an empty store, unless there is one; it has its name only when it is complete. The caller holds the lock."""
    if holds_index(directory):
        return
    beside = directory / f"{STORE_NAME}.new"
    beside.unlink(missing_ok=True)
    with storage_errors(directory), closing(_connect(beside, "mode=rwc")) as connection:
        _make_durable(connection)
        with transaction(connection):
            for statement in _TABLES.split(";"):
                connection.execute(statement)
            write_manifest(connection, manifest)
    beside.replace(directory / STORE_NAME)
    sync_directory(directory)


def read_manifest(connection: sqlite3.Connection, directory: Path) -> Manifest:
    """The manifest of the generation that the connection sees. Raises FormatError, StoreError."""
    with storage_errors(directory):
        row = connection.execute("SELECT format FROM manifest").fetchone()
        if row is not None and row[0] != FORMAT_VERSION:
            raise FormatError(
                f"the index in {str(directory)!r} has format {row[0]}, this version reads format {FORMAT_VERSION}: "
                "use the version that made it, or index the documents again into another directory"
            )
        row = connection.execute(f"SELECT {_COLUMNS} FROM manifest").fetchone()
        if row is None:
            raise StoreError(f"the index in {str(directory)!r} is empty: run `rag index PATH…`")
        return Manifest(*row)


def write_manifest(connection: sqlite3.Connection, manifest: Manifest) -> None:
    """Puts the manifest in place of the old one, in the caller's transaction."""
    values = [getattr(manifest, field.name) for field in fields(Manifest)]
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT OR REPLACE INTO manifest (only, {_COLUMNS}) VALUES (1, {marks})", values)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commits the block's changes together, durably, or none of them."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        # A full disk makes SQLite roll back by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def storage_errors(directory: Path) -> Iterator[None]:
    """Turns SQLite's errors into a StoreError that names the directory."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"{str(directory)!r} {_trouble(error)}") from error


def _trouble(error: sqlite3.Error) -> str:
    name = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_FULL":
        return "cannot be written, the disk is full: free some space and run it again"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "is being written by another process: try again when it has finished"
    if name.startswith(("SQLITE_NOTADB", "SQLITE_ERROR")):
        return f"is not an index ({error}): name another directory"
    return f"cannot be read or written ({error}): check the disk and its permissions, or restore a backup"
