"""What may be asked: checked once, at the door of the service."""

from __future__ import annotations

import re

from rag.config import MAX_K, MAX_QUESTION_CHARS
from rag.errors import UsageError

_DATE = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


def check_question(question: str, k: int, since: str | None, until: str | None) -> None:
    """Raises UsageError: an empty question, one that cannot be read, k outside 1–100, a date that is none."""
    if not question.strip():
        raise UsageError("the question is empty: ask something")
    check_text(question)
    if not 1 <= k <= MAX_K:
        raise UsageError(f"k is {k}: it must be 1–{MAX_K}")
    for name, value in (("since", since), ("until", until)):
        if value is not None and not _DATE.fullmatch(value):
            raise UsageError(f"{name} is {value!r}: write a date as 2023, 2023-04 or 2023-04-18")


def check_text(question: str) -> None:
    """Raises UsageError for half a character and for more than 2,000 characters."""
    if any("\ud800" <= char <= "\udfff" for char in question):
        raise UsageError("the question holds half a character (a lone surrogate): send it as UTF-8")
    if len(question) > MAX_QUESTION_CHARS:
        raise UsageError(f"the question has {len(question):,} characters: at most {MAX_QUESTION_CHARS:,} are read")
