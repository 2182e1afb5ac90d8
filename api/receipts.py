"""Receipts of the answers given lately."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock
from typing import Final

from rag import present
from rag.errors import NotFoundError
from rag.service import Answered

KEPT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as given, without the texts of its documents, and when (UTC)."""

    result: Answered
    model_fingerprint: str
    created: datetime

    def receipt(self) -> dict[str, object]:
        """The receipt, the same at every call."""
        return present.receipt(self.result, model_fingerprint=self.model_fingerprint, created=self.created)


class Receipts:
    """The last answers of this process by a random id. Safe to share between threads."""

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._given: OrderedDict[str, Given] = OrderedDict()
        self._lock = Lock()

    def keep(self, result: Answered, model_fingerprint: str) -> tuple[str, Given]:
        """Keeps an answer; the oldest beyond the limit is let go. The id is 32 hex digits that cannot be guessed."""
        bare = {name: replace(document, text="", evidence=()) for name, document in result.documents.items()}
        given = Given(replace(result, documents=bare), model_fingerprint, datetime.now(UTC))
        name = secrets.token_hex(16)
        with self._lock:
            self._given[name] = given
            while len(self._given) > self._most:
                self._given.popitem(last=False)
        return name, given

    def get(self, name: str) -> Given:
        """The answer with this id. Raises NotFoundError."""
        with self._lock:
            given = self._given.get(name)
        if given is None:
            raise NotFoundError(
                f"no answer {name!r} is kept: the last {self._most:,} are, until the server stops; ask again"
            )
        return given
