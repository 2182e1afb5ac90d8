"""The shapes of requests. Unknown fields are errors.

Limits that the Service checks are written here as documentation only (`_limits`), so that each limit is enforced in one
place and means the same at every door.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from unicodedata import category

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from rag.answering.formats import Format
from rag.config import DEFAULT_K, MAX_K, MAX_QUESTION_CHARS

MAX_PAGE = 1000
MAX_SOURCE_CHARS = 1000
MAX_CONVERSATION = 100
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

Conversation = Annotated[
    list[Text],
    Field(
        description="Earlier questions, oldest first; they complete a follow-up (那格尔木呢?). The last ten are looked at.",
        max_length=MAX_CONVERSATION,
    ),
]


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
    conversation: Conversation = []
    references: Annotated[bool, Field(description="Add the documents cited as GB/T 7714 references.")] = False
    receipt: Annotated[bool, Field(description="Add the receipt, which `rag verify` checks.")] = False


class AskQuery(_Filters):
    """The same, as the parameters of a link."""

    q: Question


class SearchRequest(_Filters):
    """Words or a question to find passages for."""

    model_config = ConfigDict(strict=True)

    query: Question
    explain: Annotated[bool, Field(description="Add the signals behind each score.")] = False


class ReportQuery(_Request):
    """The form of an answer for a report."""

    format: Annotated[Format, Field(description="text, markdown or docx.")] = Format.MARKDOWN


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


class CorrectionRequest(_Request):
    """What is to be set by hand. `-` says that there is none; null is again what was read; what is not named stays."""

    model_config = ConfigDict(strict=True)

    place: Annotated[Text | None, Field(description="A division's name: 祁东县, 湖南省衡阳市祁东县.")] = None
    title: Text | None = None
    published: Annotated[Text | None, Field(description="2022-12-05, 2022-12 or 2022.")] = None
    author: Text | None = None
    doc_number: Text | None = None
    issuer: Text | None = None


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
