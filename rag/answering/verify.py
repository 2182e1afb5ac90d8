"""Checking a receipt against the documents as they are now: no model, no index, no network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rag.answering.receipt import Receipt, ReceiptCitation, ReceiptPoint, digest
from rag.types import Document, Span, text_sha256

Documents = Callable[[str], Document | None]
"""The document with an id, None when it is not held."""
Successors = Callable[[str], Sequence[Document]]
"""The documents that come from a source now."""
ID_DIGITS: Final = 16


class State(StrEnum):
    """What became of a citation."""

    HOLDS = "holds"
    DOCUMENT_GONE = "document_gone"
    DOCUMENT_CHANGED = "document_changed"
    QUOTE_DIFFERS = "quote_differs"
    RECEIPT_ALTERED = "receipt_altered"


@dataclass(frozen=True, slots=True)
class Checked:
    """One citation checked. `now` is where its quote stands today, when that is another range or another document."""

    citation: ReceiptCitation
    state: State
    now: Span | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """A receipt checked. `altered`: it is not what was issued. `reworded` are the numbers (from 1) of points that are not
    words of their quotes: nothing wrong with an answer that a model worded, but such words are not proved by the quotes."""

    altered: bool
    citations: tuple[Checked, ...]
    reworded: tuple[int, ...]

    @property
    def ok(self) -> bool:
        """Whether the receipt is unaltered and every citation holds."""
        return not self.altered and all(checked.state is State.HOLDS for checked in self.citations)


def verify(receipt: Receipt, documents: Documents, successors: Successors | None = None) -> Verification:
    """The receipt checked against the documents.

    A document's text is hashed anew, whatever the document says of itself. `successors` finds, by source, what has taken
    the place of a document that is gone: then the citation is `document_changed`, and `now` says where the quote stands.
    """
    held = _Held(documents)
    return Verification(
        altered=digest(receipt) != receipt.digest or not _whole(receipt),
        citations=tuple(_checked(citation, held, successors) for citation in receipt.citations),
        reworded=tuple(number for number, point in enumerate(receipt.points, 1) if not _verbatim(point, receipt)),
    )


class _Held:
    """Documents by id, each looked up and hashed once."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._found: dict[str, tuple[Document, str] | None] = {}

    def get(self, name: str) -> tuple[Document, str] | None:
        """The document and the SHA-256 of its text, None when it is not held."""
        if name not in self._found:
            document = self._documents(name)
            self._found[name] = None if document is None else (document, text_sha256(document.text))
        return self._found[name]


def _checked(citation: ReceiptCitation, held: _Held, successors: Successors | None) -> Checked:
    if not _sound(citation):
        return Checked(citation, State.RECEIPT_ALTERED)
    found = held.get(citation.document)
    if found is None:
        heirs = successors(citation.source) if successors is not None else ()
        return Checked(citation, State.DOCUMENT_CHANGED if heirs else State.DOCUMENT_GONE, _place(citation, heirs))
    document, sha256 = found
    if sha256 != citation.sha256:
        return Checked(citation, State.DOCUMENT_CHANGED, _place(citation, [document]))
    if document.text[citation.start : citation.end] != citation.quote:
        return Checked(citation, State.QUOTE_DIFFERS, _place(citation, [document]))
    return Checked(citation, State.HOLDS)


def _sound(citation: ReceiptCitation) -> bool:
    """Whether a citation agrees with itself: the id of a document begins its hash, a quote has its range's length and hash."""
    return (
        citation.document == citation.sha256[:ID_DIGITS]
        and 0 <= citation.start < citation.end == citation.start + len(citation.quote)
        and text_sha256(citation.quote) == citation.quote_sha256
    )


def _place(citation: ReceiptCitation, documents: Iterable[Document]) -> Span | None:
    """Where the quote stands in the first of the documents that has it, nearest to where it stood."""
    for document in documents:
        starts = list(_starts(document.text, citation.quote))
        if starts:
            start = min(starts, key=lambda found: (abs(found - citation.start), found))
            return Span(document.id, start, start + len(citation.quote))
    return None


def _starts(text: str, quote: str) -> Iterator[int]:
    start = text.find(quote)
    while start >= 0:
        yield start
        start = text.find(quote, start + 1)


def _whole(receipt: Receipt) -> bool:
    """Whether its parts agree: citations numbered from 1, each used by a point; points exactly when it is an answer."""
    used = {number for point in receipt.points for number in point.citations}
    return (
        [citation.id for citation in receipt.citations] == list(range(1, len(receipt.citations) + 1))
        and used == {citation.id for citation in receipt.citations}
        and all(point.citations for point in receipt.points)
        and receipt.answered == bool(receipt.points) == (receipt.reason is None)
    )


def _verbatim(point: ReceiptPoint, receipt: Receipt) -> bool:
    """Whether a point's words stand in its quotes; line breaks and spaces apart, which display repairs."""
    quotes = {citation.id: _bare(citation.quote) for citation in receipt.citations}
    return any(_bare(point.text) in quotes.get(number, "") for number in point.citations)


def _bare(text: str) -> str:
    return "".join(text.split())
