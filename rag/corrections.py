"""What a person knows better than the reader: fields of a document set by hand, and a document with them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from rag.errors import UsageError
from rag.gazetteer import gazetteer
from rag.types import Document, Evidence, Level

FIELDS: Final = ("place", "title", "published", "author", "doc_number", "issuer")
NONE: Final = "-"
HOW: Final = "set by hand"
MAX_CHARS: Final = 300
PATH_SEPARATOR: Final = " › "
_KINDS: Final = ("区", "园", "城", "县", "市", "州", "盟", "旗", "镇", "乡", "村", "社区", "农场", "林场", "兵团")
_DATE: Final = re.compile(r"((?:19|20)\d\d)(?:-(\d\d))?(?:-(\d\d))?")

Values = Mapping[str, str | None]


def checked(field: str, value: str) -> Values:
    """What is stored for a field set to a value: the official name of a place and its level, a date as it is; None for `-`,
    which says that there is none. Raises UsageError: no such field, not one line of 1–300 characters, no such day, or a name
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
        return _place(words)
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


def _place(words: str) -> Values:
    names = gazetteer()
    found = names.by_official(words)
    if found is not None:
        return {"place": words, "level": found.level.value}
    mentions = names.mentions_english(words) if words.isascii() else names.mentions(words)
    if not mentions or re.sub(r"[\s,]", "", "".join(each.text for each in mentions)) != re.sub(r"[\s,]", "", words):
        if words.endswith(_KINDS):
            return {"place": words, "level": None}
        raise UsageError(f"place is {words!r}: write a division's name, as 祁东县 or 湖南省衡阳市祁东县")
    joined = ""
    for mention in mentions:
        officials = sorted({names.official(each.code) for each in mention.candidates})
        if len(officials) > 1:
            raise UsageError(f"place is {words!r}, which several have: write {' or '.join(officials[:5])}")
        joined = officials[0] if officials else joined + mention.text
    level = mentions[-1].candidates[0].level if mentions[-1].candidates else mentions[-1].level
    return {"place": joined, "level": None if level is None else level.value}
