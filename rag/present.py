"""The JSON documents of DESIGN §6, made in one place for the command line, HTTP and every other door."""

from __future__ import annotations

from typing import TypedDict

from rag.service import Answered, Found, Page, Report, Status
from rag.types import Document


class DocumentRef(TypedDict):
    """A document as an answer names it."""

    id: str
    title: str
    place: str | None
    source: str
    published: str | None
    author: str | None


def answered(result: Answered) -> dict[str, object]:
    """The `ask --json` and `POST /ask` document."""
    raise NotImplementedError


def found(result: Found) -> dict[str, object]:
    """The `search --json` and `POST /search` document."""
    raise NotImplementedError


def document(item: Document, *, text: bool) -> dict[str, object]:
    """One flat document object, with its original text when asked."""
    raise NotImplementedError


def page(result: Page) -> dict[str, object]:
    """The `list --json` and `GET /documents` document."""
    raise NotImplementedError


def report(result: Report) -> dict[str, object]:
    """The `index --json` document."""
    raise NotImplementedError


def status(result: Status) -> dict[str, object]:
    """The `status --json` document."""
    raise NotImplementedError
