"""Lines that a reader found in a format, woven into one text with the marks that belong to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of text; `level` 1–7 when the format calls it a heading, 0 otherwise; `row` for a row of a table."""

    words: str
    level: int = 0
    row: bool = False


@dataclass(frozen=True, slots=True)
class Woven:
    """A text of one line a piece, and the starts of its headings (with level) and rows."""

    text: str
    headings: Mapping[int, int]
    rows: frozenset[int]


def woven(pieces: Iterable[Piece]) -> Woven:
    """The pieces one a line, each line ended by a line feed; line breaks inside a piece become spaces."""
    parts: list[str] = []
    headings: dict[int, int] = {}
    rows: set[int] = set()
    at = 0
    for piece in pieces:
        words = " ".join(piece.words.splitlines()) if len(piece.words.splitlines()) > 1 else piece.words.strip("\r\n")
        if not words.strip():
            continue
        start = at + len(words) - len(words.lstrip())
        if piece.level:
            headings[start] = piece.level
        if piece.row:
            rows.add(start)
        parts.append(words + "\n")
        at += len(words) + 1
    return Woven("".join(parts), headings, frozenset(rows))
