"""Lines that a reader found in a format, woven into one text with the marks that belong to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

MOST_COLUMNS: Final = 64  # that a cell may span: more is damage


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


def in_columns(cells: Sequence[str]) -> str:
    """The line of a row: its cells in their columns, empty ones too, parted by tabs; a cell that stands alone as it is."""
    filled = [cell for cell in cells if cell]
    return "\t".join(cells) if len(filled) > 1 else "".join(filled)


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
