"""The shapes of the HTTP interface. Requests are checked against theirs; the shapes of responses only document them.

`rag.present` makes the responses, and a test holds it to these shapes. Limits that the Service checks are written here
as documentation (`_limits`), so that each limit is enforced in one place and means the same at every door.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from unicodedata import category

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from rag.config import DEFAULT_K, MAX_K, MAX_QUESTION_CHARS
from rag.types import Level, Reason

MAX_PAGE = 1000
MAX_SOURCE_CHARS = 1000
_INT64_MAX = 2**63 - 1
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})


def _limits(**limits: int) -> Callable[[dict[str, object]], None]:
    """Writes limits into the documentation of a field; the Service enforces them."""
    return lambda schema: schema.update(limits)


def whole(value: str) -> str:
    """The value. Raises ValueError for half of a surrogate pair: JSON can carry one, no text can."""
    if any(category(char) == "Cs" for char in value):
        raise ValueError("a text cannot hold half of a surrogate pair")
    return value


Text = Annotated[str, AfterValidator(whole)]
Question = Annotated[
    Text,
    Field(description="In Chinese or English.", json_schema_extra=_limits(minLength=1, maxLength=MAX_QUESTION_CHARS)),
]
K = Annotated[int, Field(description="Most passages to consider.", json_schema_extra=_limits(minimum=1, maximum=MAX_K))]
Place = Annotated[Text | None, Field(description="Only documents of this place: 祁东县, 衡阳市祁东县, Qidong County.")]
Day = Annotated[Text | None, Field(description="ISO date or a prefix of one: 2022-12-05, 2022-12, 2022.")]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Filters(_Request):
    k: K = DEFAULT_K
    place: Place = None
    since: Day = None
    until: Day = None


class AskRequest(_Filters):
    """A question and what to look at."""

    model_config = ConfigDict(strict=True)

    question: Question


class AskQuery(_Filters):
    """The same, as the parameters of a link."""

    q: Question


class SearchRequest(_Filters):
    """Words or a question to find passages for."""

    model_config = ConfigDict(strict=True)

    query: Question


class PageQuery(_Request):
    """Which documents to list."""

    limit: Annotated[int, Field(json_schema_extra=_limits(minimum=1, maximum=MAX_PAGE))] = 50
    offset: Annotated[int, Field(ge=0, le=_INT64_MAX)] = 0


def source_name(value: str) -> str:
    """The value without surrounding space. Raises ValueError unless it is 1–1,000 characters, none a control or line break."""
    name = value.strip()
    if not 0 < len(name) <= MAX_SOURCE_CHARS or any(category(char) in _UNPRINTABLE for char in name):
        raise ValueError(f"a source has 1–{MAX_SOURCE_CHARS:,} characters, none of them a control character")
    return name


class DocumentRequest(_Request):
    """A document sent as text."""

    source: Annotated[
        str,
        AfterValidator(source_name),
        Field(
            description="Name, path or URL that it came from. What had the same source is replaced.",
            json_schema_extra=_limits(minLength=1, maxLength=MAX_SOURCE_CHARS),
        ),
    ]
    text: Annotated[str, Field(min_length=1)]


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


class CoverageShape(_Response):
    """How much of what matched the answer shows."""

    documents_matched: int
    documents_cited: int
    points_omitted: int = 0


class AnswerShape(_Response):
    """An answer, or a refusal: no points, a reason, and the nearest passages. `timings` are milliseconds by stage."""

    question: str
    answered: bool
    answer: str
    points: list[PointShape]
    citations: list[CitationShape]
    reason: Reason | None
    nearest: list[NearShape]
    coverage: CoverageShape
    comparison: list[RowShape] | None = None
    model: str
    generation: int
    timings: dict[str, float]


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
    """The index is open."""

    status: str
    documents: int
    chunks: int
    generation: int
    model: str


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
