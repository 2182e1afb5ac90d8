"""Answers given lately, for every worker of a server: their JSON, receipts and reports can be fetched again."""

from __future__ import annotations

import pickle
import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Final

from rag import present
from rag.answering.formats import Format, markdown, plain, sheet
from rag.errors import NotFoundError
from rag.service import Answered

KEPT: Final = 1_000
_BUSY_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as given, without the texts of its documents, and when (UTC). `body` is its JSON."""

    result: Answered
    body: dict[str, object]
    model_fingerprint: str
    created: datetime

    def receipt(self) -> dict[str, object]:
        """The receipt, the same at every call."""
        return present.receipt(self.result, model_fingerprint=self.model_fingerprint, created=self.created)

    def references(self) -> list[present.Reference]:
        """The documents cited, as on the day of the answer."""
        return present.references(self.result, self.created.astimezone().date())

    def report(self, form: Format) -> bytes:
        """The answer ready for a report: UTF-8 text, or a Word file."""
        page = sheet(self.result.answer, self.result.documents, self.created.astimezone().date())
        if form is Format.DOCX:
            # Here, since python-docx takes 0.1 s to import and few answers become Word files.
            from rag.answering.word import word

            return word(page, self.created)
        return (markdown(page) if form is Format.MARKDOWN else plain(page)).encode("utf-8", "replace")


class Receipts:
    """The last answers by a random id. Safe to share between threads, and over a file between the workers of one server.

    Answers are pickled: the file is one that the server itself made, in a folder that no other user may enter.
    """

    def __init__(self, path: Path | None = None, *, most: int = KEPT) -> None:
        self._most = most
        self._lock = Lock()
        self._base = sqlite3.connect(
            path or ":memory:", timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        # What is kept here may be lost with the machine.
        self._base.execute("PRAGMA synchronous = OFF")
        self._base.execute(
            "CREATE TABLE IF NOT EXISTS given (id TEXT PRIMARY KEY, at INTEGER, answer BLOB) WITHOUT ROWID"
        )
        self._base.execute("CREATE INDEX IF NOT EXISTS given_at ON given (at)")

    def __del__(self) -> None:
        self._base.close()

    def keep(self, result: Answered, model_fingerprint: str) -> tuple[str, Given]:
        """Keeps an answer; the oldest beyond the limit are let go. The id is 32 hex digits that cannot be guessed."""
        bare = {name: replace(document, text="", evidence=()) for name, document in result.documents.items()}
        given = Given(replace(result, documents=bare), present.answered(result), model_fingerprint, datetime.now(UTC))
        name, packed = secrets.token_hex(16), pickle.dumps(given)
        with self._lock:
            self._base.execute("INSERT INTO given SELECT ?, 1 + coalesce(max(at), 0), ? FROM given", (name, packed))
            self._base.execute("DELETE FROM given WHERE at <= (SELECT max(at) FROM given) - ?", (self._most,))
        return name, given

    def get(self, name: str) -> Given:
        """The answer with this id. Raises NotFoundError."""
        with self._lock, closing(self._base.execute("SELECT answer FROM given WHERE id = ?", (name,))) as found:
            row = found.fetchone()
        if row is None:
            raise NotFoundError(
                f"no answer {name!r} is kept: the last {self._most:,} are, until the server stops; ask again"
            )
        given: Given = pickle.loads(row[0])
        return given
