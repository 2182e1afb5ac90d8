"""What a person knows better than the reader: fields of a document set by hand, and a document with them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from rag.errors import UsageError
from rag.gazetteer.typed import typed_place
from rag.types import Document, Evidence, Level

FIELDS: Final = ("place", "title", "published", "author", "doc_number", "issuer")
NONE: Final = "-"
HOW: Final = "set by hand"
MAX_CHARS: Final = 300
PATH_SEPARATOR: Final = " › "
_DATE: Final = re.compile(r"((?:19|20)\d\d)(?:-(\d\d))?(?:-(\d\d))?")

Values = Mapping[str, str | None]


def checked(field: str, value: str) -> Values:
    """What is stored for a field set to a value: of a place the official name, or what was typed where no division is called so, and
    its level; a date as it is; None for `-`, which says that there is none. Raises UsageError: no such field, not one line of 1–300 characters, no such day, or a name
    that several places have."""
    if field not in FIELDS:
        raise UsageError(f"{field!r} cannot be set: known are {', '.join(FIELDS)}")
    words = " ".join(value.split())
    if not 0 < len(words) <= MAX_CHARS or not words.isprintable():
        raise UsageError(f"{field} is {value[:40]!r}: write one line of 1–{MAX_CHARS} characters")
    if words == NONE:
        if field == "title":
            raise UsageError("a document has a title: write one, or take the correction back")
        return {"place": None, "level": None} if field == "place" else {field: None}
    if field == "place":
        place, level = typed_place(words)
        return {"place": place, "level": None if level is None else level.value}
    if field == "published":
        _check_day(words)
    return {field: words}


def all_checked(fields: Values) -> tuple[Values, Sequence[str]]:
    """What is stored for these fields, and the names of those whose correction is taken back: they have no value. Raises
    UsageError as `checked` does."""
    stored: dict[str, str | None] = {}
    back: list[str] = []
    for field, value in fields.items():
        if value or field not in FIELDS:
            stored |= checked(field, value or "")
        else:
            back += [field, "level"] if field == "place" else [field]
    return stored, back


def corrected(document: Document, values: Values) -> Document:
    """The document with these values, and evidence that says so and what was read."""
    if not values:
        return document
    others = [each for each in document.evidence if each.field not in values]
    by_hand = [
        Evidence(field, value or "", 0, 0, _how(getattr(document, field)))
        for field, value in values.items()
        if field != "level"
    ]
    stored = {field: Level(value) if field == "level" and value else value for field, value in values.items()}
    # Any: the fields' types are those that `checked` gives.
    return replace(document, **stored, evidence=(*by_hand, *others))  # type: ignore[arg-type]


def context(document: Document, heading: str) -> str:
    """What is indexed with a passage under this heading: place › title › heading, what is not known left out."""
    return PATH_SEPARATOR.join(part for part in (document.place, document.title, heading) if part)


def _how(read: str | None) -> str:
    return f"{HOW}; read as {read}" if read else HOW


def _check_day(words: str) -> None:
    match = _DATE.fullmatch(words)
    try:
        if match is None:
            raise ValueError
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError as error:
        raise UsageError(f"published is {words!r}: write a day as 2022-12-05, 2022-12 or 2022") from error
