"""The shapes of responses, for the OpenAPI description only: `rag.present` makes them, and a test holds it to these."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from rag.types import Level, Reason


class _Response(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Range(_Response):
    """A half-open range of Unicode code points."""

    start: int
    end: int


class Passage(Range):
    """A range of the document's text and that text made readable: lines broken in mid-sentence are joined."""

    text: str


class Quote(Range):
    """The exact slice of the document's text. `focus` is the range inside the quote that holds the answer itself."""

    text: str
    focus: Range | None = None


class DocumentRef(_Response):
    """A document as an answer names it."""

    id: str
    title: str
    place: str | None
    source: str
    published: str | None
    author: str | None


class CitationShape(_Response):
    """Where a point comes from. `id` counts from 1; `sha256` is of the document's text in UTF-8."""

    id: int
    document: DocumentRef
    heading: str
    passage: Passage
    quote: Quote
    score: float
    sha256: str


class PointShape(_Response):
    """One point of an answer and the ids of its citations."""

    text: str
    citations: list[int]
    place: str | None = None


class HitShape(_Response):
    """A ranked passage."""

    rank: int
    score: float
    document: DocumentRef
    heading: str
    passage: Passage


class NearShape(_Response):
    """A document that comes nearest to a question that has no answer here, and where in it."""

    document: DocumentRef
    heading: str
    score: float


class RowShape(_Response):
    """One row of a comparison: a place and the indices (from 0) of its points, none where it has nothing."""

    place: str
    points: list[int]


class SuggestionShape(_Response):
    """A place that the corpus lacks as the question names it, and the one of the corpus that may be meant."""

    asked: str
    place: str


class PartShape(_Response):
    """One of several questions in one, self-contained: why it was refused, and the indices (from 0) of its points."""

    question: str
    reason: Reason | None
    points: list[int]


class PeriodShape(_Response):
    """What the question says relative to today, and the days that it was read as; `held` is false where nothing was found for
    them and the dates of the documents were taken instead."""

    asked: str
    since: str
    until: str
    held: bool


class CoverageShape(_Response):
    """How much of what matched the answer shows."""

    documents_matched: int
    documents_cited: int
    points_omitted: int = 0


class DroppedShape(_Response):
    """A sentence of the LLM's that its quotes do not support, and why."""

    text: str
    reason: str


class WordingShape(_Response):
    """Whether the answer is in the words of the LLM, what of them was dropped, and what failed. There only with an LLM."""

    used: bool
    model: str
    dropped: list[DroppedShape]
    error: str | None


class ReferenceShape(_Response):
    """A cited document as an entry of a list of references (GB/T 7714—2015), and the ids of its citations."""

    citations: list[int]
    document: str
    text: str


class ReceiptDocumentShape(_Response):
    """The document of a citation; `sha256` is of its text in UTF-8."""

    id: str
    title: str
    source: str
    sha256: str


class ReceiptCitationShape(Range):
    """A citation as it was made, with the hash of its quote."""

    id: int
    document: ReceiptDocumentShape
    quote: str
    quote_sha256: str


class ReceiptPointShape(_Response):
    """A point as it was answered."""

    text: str
    citations: list[int]
    place: str | None


class ReceiptModelShape(_Response):
    """The embedding model."""

    name: str
    fingerprint: str


class ReceiptShape(_Response):
    """What `rag verify` checks an answer by. `digest` is the SHA-256 of the rest as canonical JSON: keys sorted, no white
    space, ASCII."""

    kind: Literal["policy-rag receipt"]
    version: Literal[1]
    created: str
    question: str
    answered: bool
    reason: Reason | None
    answer: str
    points: list[ReceiptPointShape]
    citations: list[ReceiptCitationShape]
    model: ReceiptModelShape
    generation: int
    digest: str


class AnswerShape(_Response):
    """An answer, or a refusal: no points, a reason, and the nearest passages. `timings` are milliseconds by stage.
    `references` and `receipt` are there when asked for."""

    question: str
    answered: bool
    answer: str
    points: list[PointShape]
    citations: list[CitationShape]
    reason: Reason | None
    nearest: list[NearShape]
    coverage: CoverageShape
    comparison: list[RowShape] | None = None
    suggestions: list[SuggestionShape] | None = None
    parts: list[PartShape] | None = None
    periods: list[PeriodShape] | None = None
    llm: WordingShape | None = None
    model: str
    generation: int
    timings: dict[str, float]
    references: list[ReferenceShape] | None = None
    receipt: ReceiptShape | None = None


class HitsShape(_Response):
    """Ranked passages, best first."""

    query: str
    hits: list[HitShape]


class DocumentShape(_Response):
    """A document without its text."""

    id: str
    title: str
    place: str | None
    level: Level | None
    source: str
    sources: list[str]
    published: str | None
    author: str | None
    doc_number: str | None
    issuer: str | None
    url: str | None
    chars: int


class EvidenceShape(Range):
    """Where a metadata value was read; 0 to 0 when it is not in the text."""

    field: str
    value: str
    how: str


class SectionShape(Range):
    """A passage of the document."""

    id: int
    heading: str


class FullDocumentShape(DocumentShape):
    """A document with its original text, which every offset counts in."""

    text: str
    sha256: str
    evidence: list[EvidenceShape]
    outline: list[str]
    chunks: list[SectionShape]


class DocumentsShape(_Response):
    """The documents that an upload made."""

    documents: list[DocumentShape]


class PageShape(DocumentsShape):
    """A page of documents and how many there are in all."""

    total: int


class Health(_Response):
    """The process is up."""

    status: str = "ok"


class Readiness(_Response):
    """The index is open. `bundled`: it holds the bundled articles; `writable`: documents can be added, corrected and removed."""

    status: str
    documents: int
    chunks: int
    generation: int
    model: str
    bundled: bool
    writable: bool


class FieldError(_Response):
    """What is wrong with one field: a JSON pointer into the body, or the name of a parameter."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None


class Problem(_Response):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[FieldError] | None = None
