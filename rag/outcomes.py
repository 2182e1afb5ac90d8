"""What the service gives back, for every door to render."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.types import Answer, Document, Hit

if TYPE_CHECKING:
    from rag.intake.walk import Refused


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
    """What is in the index and what made it; whether it can be changed here."""

    data_dir: str
    bundled: bool
    generation: int
    documents: int
    chunks: int
    model: str
    model_fingerprint: str
    analyzer_fingerprint: str
    format_version: int
    writable: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an `index` run is: files and chunks done, files in all."""

    done: int
    total: int
    chunks: int
