"""The one composition root: settings in, a working service out. Every door calls this and nothing below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.config import DEFAULT_K, Settings
from rag.types import Answer, Chunk, Document, Hit


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer with the documents that it and its nearest passages come from, by id."""

    answer: Answer
    documents: Mapping[str, Document]
    model: str
    generation: int


@dataclass(frozen=True, slots=True)
class Found:
    """Ranked passages with their documents, by id."""

    query: str
    hits: tuple[Hit, ...]
    documents: Mapping[str, Document]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of documents (texts included) and how many there are in all."""

    documents: tuple[Document, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not taken, and why, in one line."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What one `index` run did. Sources, each list in the order read."""

    added: tuple[str, ...]
    refreshed: tuple[str, ...]
    unchanged: tuple[str, ...]
    folded: tuple[str, ...]
    refused: tuple[Refused, ...]
    missing: tuple[str, ...]
    generation: int
    documents: int
    chunks: int


@dataclass(frozen=True, slots=True)
class Status:
    """What is in the index and what made it."""

    data_dir: str
    bundled: bool
    generation: int
    documents: int
    chunks: int
    model: str
    model_fingerprint: str
    analyzer_fingerprint: str
    format_version: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an `index` run is: files and chunks done, files in all."""

    done: int
    total: int
    chunks: int


class Service:
    """Questions and changes over one index. Reading methods may be called from several threads; writing is serialised."""

    @classmethod
    def open(cls, settings: Settings, *, write: bool = False) -> Service:
        """Opens the index that the settings name. With `write`, a named or default directory is made when missing.

        For reading, with no directory named and none at the default place, the bundled seeds are used.
        Raises StoreError (named but empty or unreadable), FormatError, MismatchError, ModelError.
        """
        raise NotImplementedError

    def ask(
        self,
        question: str,
        *,
        k: int = DEFAULT_K,
        place: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Answered:
        """A cited answer or a refusal. Raises UsageError: empty question, more than 2,000 characters, k outside 1–100, bad date."""
        raise NotImplementedError

    def search(
        self,
        query: str,
        *,
        k: int = DEFAULT_K,
        place: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Found:
        """The best k passages. Raises UsageError as `ask` does."""
        raise NotImplementedError

    def documents(self, *, limit: int = 50, offset: int = 0) -> Page:
        """Documents in order of (source, position). Raises UsageError for limit outside 1–1000 or offset below 0."""
        raise NotImplementedError

    def document(self, document_id: str) -> Document:
        """One document. Raises NotFoundError."""
        raise NotImplementedError

    def chunks(self, document_id: str) -> Sequence[Chunk]:
        """A document's passages in order. Raises NotFoundError."""
        raise NotImplementedError

    def index(
        self, paths: Sequence[Path], *, prune: bool = False, progress: Callable[[Progress], None] | None = None
    ) -> Report:
        """Adds or refreshes files and folders. Raises NotFoundError for a path that is not there, StoreError."""
        raise NotImplementedError

    def add(self, source: str, data: bytes) -> tuple[Document, ...]:
        """Takes one file's bytes, replacing what had that source. Raises DocumentError when it cannot be read."""
        raise NotImplementedError

    def remove(self, document_ids: Sequence[str]) -> None:
        """Removes documents. Raises NotFoundError, then nothing changes. Raises UsageError on the bundled seeds."""
        raise NotImplementedError

    def rebuild(self) -> None:
        """Makes the derived indexes anew from the store with the present model and analyzer."""
        raise NotImplementedError

    def status(self) -> Status:
        """Counts, generation and fingerprints."""
        raise NotImplementedError

    def close(self) -> None:
        """Releases the index."""
        raise NotImplementedError
