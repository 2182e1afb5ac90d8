"""Answers kept as they were given, in one file that every process of a service shares.

A record is a frozen dataclass written as JSON by its fields, so that nothing that is read back can be anything else.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

from rag.errors import NotFoundError, StoreError

KEPT: Final = 10_000
NAME_BYTES: Final = 16
BUSY_SECONDS: Final = 10.0
T = TypeVar("T")


class KeptAnswers:
    """The last answers given, by an id of 32 hex digits that cannot be guessed. Safe to share between threads and processes."""

    def __init__(self, file: Path | None = None, most: int = KEPT) -> None:
        """`file` is made with its folder when it is not there, for its owner's eyes only; without one the answers are kept in
        this process. Raises StoreError."""
        self._most = most
        self._lock = Lock()
        try:
            if file is not None:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.touch(mode=0o600)
            self._database = sqlite3.connect(
                file or ":memory:", timeout=BUSY_SECONDS, check_same_thread=False, isolation_level=None
            )
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = OFF")
            self._database.execute(
                "CREATE TABLE IF NOT EXISTS answers (at INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, record TEXT NOT NULL)"
            )
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"answers cannot be kept in {str(file)!r} ({error}): name another cache directory"
            ) from error

    def keep(self, record: object) -> str:
        """Keeps a record (a dataclass) and returns its id; the oldest beyond the limit are let go. Raises StoreError."""
        name, text = secrets.token_hex(NAME_BYTES), json.dumps(encoded(record), ensure_ascii=False)
        try:
            with self._lock:
                at = self._database.execute("INSERT INTO answers (name, record) VALUES (?, ?)", (name, text)).lastrowid
                self._database.execute("DELETE FROM answers WHERE at <= ?", ((at or 0) - self._most,))
        except sqlite3.Error as error:
            raise StoreError(f"the answer cannot be kept ({error}): free some space") from error
        return name

    def get(self, name: str, kind: type[T]) -> T:
        """The record with this id as it was kept. Raises NotFoundError."""
        with self._lock:
            row = self._database.execute("SELECT record FROM answers WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise NotFoundError(f"no answer {name!r} is kept: the last {self._most:,} are; ask again")
        decoded: T = _decoded(kind, json.loads(row[0]))
        return decoded

    def close(self) -> None:
        """Releases the file."""
        with self._lock:
            self._database.close()


def encoded(value: object) -> object:
    """The value as JSON has it: a dataclass as an object of its fields, a tuple as a list, an enum by its value, a time in
    ISO 8601. Raises TypeError for what has no such form."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value):
        return {field.name: encoded(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): encoded(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [encoded(item) for item in value]
    raise TypeError(f"{type(value).__name__} cannot be kept")


def _decoded(kind: Any, value: Any) -> Any:
    """The value of a type from its JSON form. Every type that a record holds names its parts."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return None if value is None else _decoded(next(part for part in parts if part is not type(None)), value)
    if origin is tuple:
        each = parts[:1] * len(value) if len(parts) == 2 and parts[1] is ... else parts
        return tuple(_decoded(part, item) for part, item in zip(each, value, strict=True))
    if origin is not None and issubclass(origin, Mapping):
        return {key: _decoded(parts[1], item) for key, item in value.items()}
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _decoded(hints[name], item) for name, item in value.items()})
    if kind is datetime:
        return datetime.fromisoformat(value)
    return kind(value) if isinstance(kind, type) and issubclass(kind, Enum) else value


@lru_cache(maxsize=64)
def _hints(kind: Any) -> Mapping[str, Any]:
    return get_type_hints(kind)
