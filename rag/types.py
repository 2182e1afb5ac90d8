"""The central records. All are frozen; offsets are half-open ranges of Unicode code points in `Document.text`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple


class Level(StrEnum):
    """Administrative level that a document or a question speaks for."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"


class Reason(StrEnum):
    """Why a question was refused."""

    NO_SUCH_PLACE = "no_such_place"
    NO_SUCH_TOPIC = "no_such_topic"
    NO_SUCH_PERIOD = "no_such_period"
    NOTHING_RELEVANT = "nothing_relevant"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a metadata value was read: `Document.text[start:end]`; `start == end == 0` when it is not in the text."""

    field: str
    value: str
    start: int
    end: int
    how: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One article. `text` is the original as decoded or extracted, never repaired.

    `place` joins official names as far as known (湖南省衡阳市祁东县; 澄河县). `published` is an ISO date
    (2022-12-05) or a prefix of one (2022-12, 2022). `sources` holds every path that this text came from, `source` first.
    """

    id: str
    text: str
    title: str
    place: str | None
    level: Level | None
    author: str | None
    source: str
    published: str | None = None
    doc_number: str | None = None
    url: str | None = None
    sha256: str = ""
    issuer: str | None = None
    sources: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage: `document.text[start:end]`. `id` is a positive 63-bit hash of (document_id, start, end), so that it is
    the same on every machine and in every order of ingest. `context` (place › title › heading) is indexed with it, never quoted."""

    id: int
    document_id: str
    start: int
    end: int
    heading: str
    context: str

    def __reduce__(self) -> tuple[type[Chunk], tuple[int, str, int, int, str, str]]:
        """Pickled by its fields: a tenth of the time of the general way for frozen dataclasses; thousands a second are sent."""
        return Chunk, (self.id, self.document_id, self.start, self.end, self.heading, self.context)


@dataclass(frozen=True, slots=True)
class Hit:
    """A ranked passage. Higher `score` is better; order is by (−score, chunk.id). `signals` explains the score."""

    chunk: Chunk
    score: float
    signals: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points in a document's text."""

    document_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Citation:
    """An exact quote: `document.text[start:end] == quote`. `focus` is a range inside `quote` that holds the answer itself."""

    document_id: str
    start: int
    end: int
    quote: str
    chunk: Chunk
    score: float
    focus: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One point of an answer, with at least one citation. `place` groups points where several places are answered for."""

    text: str
    citations: tuple[Citation, ...]
    place: str | None = None

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError(f"point {self.text!r} has no citation; a point without a citation cannot exist")


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what matched an answer shows."""

    documents_matched: int
    documents_cited: int
    points_omitted: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Points side by side: `rows[i]` is (place, indices into Answer.points); no index means that the place has nothing."""

    rows: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence of the LLM's that its quotes do not support, and why (a value of `rag.answering.support.Fault`)."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Wording:
    """What became of the LLM's wording: whether the answer's text is made of it, the sentences that were dropped, and the
    failure of the server or the reason for not asking it."""

    model: str
    used: bool
    dropped: tuple[Dropped, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place that the corpus lacks as the question names it, and the one of the corpus that may be meant."""

    asked: str
    place: str


@dataclass(frozen=True, slots=True)
class Part:
    """One of several questions in one: its words made self-contained, why it was refused (None: it was not), and the indices
    into Answer.points of its points."""

    question: str
    reason: Reason | None
    points: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PeriodRead:
    """What a question says of time relative to today (去年), read as ISO days from `since` to `until`; `held` says whether the
    corpus answers for these, or the answer goes by the documents' own date."""

    asked: str
    since: str
    until: str
    held: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer (points, each cited) or a refusal (no points, `reason`, and `nearest` hits).

    `text` is the readable answer or the sentence that explains the refusal; `notes` are those of its last lines that belong
    to no point, `suggestions` places that may be meant instead of ones that the corpus lacks, `parts` the
    questions where it was several, `periods` how what it says relative to today was read, `signals` what decided
    between answering and refusing, where signals did. `timings` are milliseconds by stage. `llm` is None where no LLM is configured.
    """

    question: str
    answered: bool
    text: str
    points: tuple[Point, ...]
    citations: tuple[Citation, ...]
    reason: Reason | None
    coverage: Coverage
    nearest: tuple[Hit, ...] = ()
    comparison: Comparison | None = None
    timings: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    llm: Wording | None = None
    suggestions: tuple[Suggestion, ...] = ()
    parts: tuple[Part, ...] = ()
    periods: tuple[PeriodRead, ...] = ()
    signals: Mapping[str, float] = field(default_factory=dict)


class Intent(StrEnum):
    """What kind of answer a question asks for."""

    FACT = "fact"
    LIST = "list"
    HOW = "how"
    COMPARE = "compare"
    DEFINE = "define"
    COUNT = "count"


class Language(StrEnum):
    """Language of a question: simplified Chinese, traditional Chinese, English."""

    CHINESE = "zh"
    TRADITIONAL = "zh-Hant"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a reader hands to the engine: one document and its chunks, in order of `start`. `prepared` is what an engine's own
    preparation made of them where they were read; nobody else looks into it. `sketch` tells likely reposts (`rag.sketch`); None
    where nobody has made it yet."""

    document: Document
    chunks: tuple[Chunk, ...]
    prepared: object = field(default=None, compare=False, repr=False)
    sketch: tuple[int, ...] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Applied:
    """What one change of the index did: document ids, each list sorted."""

    generation: int
    added: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]


class Scored(NamedTuple):
    """A chunk id with one index's raw score. Order is by (−score, chunk_id). A search makes 130 of them, as named tuples in a
    third of the time."""

    chunk_id: int
    score: float


@dataclass(frozen=True, slots=True)
class Draft:
    """What a generator proposes: a wording and the ranges that support it. `cite` makes a Point of it, or drops it.
    `focus` is a range in the same document inside the first span. A `spare` one answers too, but there is no room for it."""

    text: str
    spans: tuple[Span, ...]
    focus: Span | None = None
    place: str | None = None
    spare: bool = False


CHUNK_ID_BITS: Final = 63


def document_id(text: str) -> str:
    """The id of a text: the first 16 hex digits of the SHA-256 of its UTF-8 bytes."""
    return text_sha256(text)[:16]


def text_sha256(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes, 64 hex digits. Lone surrogates are encoded as they are (surrogatepass)."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def chunk_id(document: str, start: int, end: int) -> int:
    """The id of a chunk: 63 bits of SHA-256 over `document:start:end`; positive, so that it fits a signed 64-bit integer."""
    digest = hashlib.sha256(f"{document}:{start}:{end}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - CHUNK_ID_BITS)
