"""Receipts: an answer with all that is needed to check its citations later, offline, without model or index.

A receipt is one JSON object. Its `digest` is the SHA-256 of the object without `digest`, written as canonical JSON (keys
sorted, no white space, ASCII with \\u escapes). It shows that a receipt was altered; it is no signature: who can write the
receipt can write its digest anew, so keep the digest apart where that matters. What a forger cannot write anew are the documents.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from rag.answering.numbering import numbering
from rag.types import Answer, Citation, Document, text_sha256

KIND: Final = "policy-rag receipt"
VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class ReceiptPoint:
    """A point as answered: its words, the numbers of its citations, its place where points are grouped by place."""

    text: str
    citations: tuple[int, ...]
    place: str | None


@dataclass(frozen=True, slots=True)
class ReceiptCitation:
    """A citation as made: `quote` was `text[start:end]` of the document whose text has the SHA-256 `sha256`."""

    id: int
    document: str
    title: str
    source: str
    sha256: str
    start: int
    end: int
    quote: str
    quote_sha256: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt. `created` is ISO 8601 in UTC; `generation` and the model say what the answer was made with."""

    created: str
    question: str
    answered: bool
    reason: str | None
    answer: str
    points: tuple[ReceiptPoint, ...]
    citations: tuple[ReceiptCitation, ...]
    model: str
    model_fingerprint: str
    generation: int
    digest: str


def issue(
    answer: Answer,
    documents: Mapping[str, Document],
    *,
    model: str,
    model_fingerprint: str,
    generation: int,
    created: datetime,
) -> Receipt:
    """The receipt of an answer or a refusal. `documents` holds every cited document by id; `created` knows its time zone."""
    numbers = numbering(answer.points)
    receipt = Receipt(
        created=created.astimezone(UTC).isoformat(timespec="seconds"),
        question=answer.question,
        answered=answer.answered,
        reason=None if answer.reason is None else answer.reason.value,
        answer=answer.text,
        points=tuple(ReceiptPoint(point.text, numbers.of(point), point.place) for point in answer.points),
        citations=tuple(
            _citation(number, citation, documents[citation.document_id])
            for number, citation in enumerate(numbers.citations, 1)
        ),
        model=model,
        model_fingerprint=model_fingerprint,
        generation=generation,
        digest="",
    )
    return replace(receipt, digest=digest(receipt))


def digest(receipt: Receipt) -> str:
    """What the receipt's `digest` must be: 64 hex digits."""
    body = {name: value for name, value in to_json(receipt).items() if name != "digest"}
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


def to_json(receipt: Receipt) -> dict[str, object]:
    """The receipt as a JSON object, keys in order of reading."""
    return {
        "kind": KIND,
        "version": VERSION,
        "created": receipt.created,
        "question": receipt.question,
        "answered": receipt.answered,
        "reason": receipt.reason,
        "answer": receipt.answer,
        "points": [
            {"text": point.text, "citations": list(point.citations), "place": point.place} for point in receipt.points
        ],
        "citations": [_citation_json(citation) for citation in receipt.citations],
        "model": {"name": receipt.model, "fingerprint": receipt.model_fingerprint},
        "generation": receipt.generation,
        "digest": receipt.digest,
    }


def _citation(number: int, citation: Citation, document: Document) -> ReceiptCitation:
    return ReceiptCitation(
        id=number,
        document=document.id,
        title=document.title,
        source=document.source,
        sha256=document.sha256 or text_sha256(document.text),
        start=citation.start,
        end=citation.end,
        quote=citation.quote,
        quote_sha256=text_sha256(citation.quote),
    )


def _citation_json(citation: ReceiptCitation) -> dict[str, object]:
    return {
        "id": citation.id,
        "document": {
            "id": citation.document,
            "title": citation.title,
            "source": citation.source,
            "sha256": citation.sha256,
        },
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "quote_sha256": citation.quote_sha256,
    }
