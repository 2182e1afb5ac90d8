"""What a command prints: one JSON document, or text."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO


class Output:
    """Writes to one stream, as JSON or as text."""

    def __init__(self, stream: TextIO, *, json: bool) -> None:
        self._stream = stream
        self.json = json

    def emit(self, body: Mapping[str, object], text: Callable[[], str]) -> None:
        """Prints the JSON document, or the text when no JSON was asked for. `text` is called only then.

        JSON is pure ASCII (`\\\\u4eba`) where the stream is not UTF-8, so that it is right in every encoding.
        """
        if self.json:
            self._stream.write(json.dumps(body, ensure_ascii=not self._unicode(), indent=2) + "\n")
        else:
            self._stream.write(text().rstrip("\n") + "\n")

    def say(self, text: str) -> None:
        """Prints a text and a line end at once, for a reader who waits for it."""
        self._stream.write(text + "\n")
        self._stream.flush()

    def raw(self, text: str) -> None:
        """Prints a text exactly as it is, with no line end of its own."""
        self._stream.write(text)

    def width(self) -> int | None:
        """Columns of the terminal, at most 100; None when the output goes to a file or another program."""
        if not self._stream.isatty():
            return None
        from shutil import get_terminal_size

        return min(get_terminal_size().columns, 100)

    def _unicode(self) -> bool:
        encoding = getattr(self._stream, "encoding", None) or "ascii"
        return encoding.lower().replace("_", "-") in {"utf-8", "utf8"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading and the most columns of the screen that it takes."""

    heading: str
    most: int


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: two for a Chinese character, none for a combining mark."""
    return sum(_character_columns(character) for character in text)


def wrapped(text: str, *, indent: int, width: int | None) -> str:
    """A text indented, its lines broken at `width` columns (not at all when None). Chinese breaks anywhere but before 。，、”."""
    lines = [piece for line in text.splitlines() or [""] for piece in _pieces(line, width and max(20, width - indent))]
    return "\n".join(" " * indent + line if line else "" for line in lines)


def table(heads: Sequence[Column], rows: Sequence[Sequence[str]]) -> str:
    """Rows under headings, cells cut with … at their column's most, two spaces between columns."""
    cells = [[head.heading for head in heads]] + [
        [shortened(one_line(cell), head.most) for cell, head in zip(row, heads, strict=True)] for row in rows
    ]
    widths = [max(columns(row[at]) for row in cells) for at in range(len(heads))]
    return "\n".join(_row(row, widths) for row in cells)


def shortened(text: str, most: int) -> str:
    """A text of at most `most` columns; what was cut shows as …."""
    if columns(text) <= most:
        return text
    kept, used = [], 1
    for character in text:
        used += _character_columns(character)
        if used > most:
            break
        kept.append(character)
    return "".join(kept) + "…"


def one_line(text: str) -> str:
    """A text on one line: control characters, which could rewrite the screen, are escaped."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell + " " * (width - columns(cell)) for cell, width in zip(cells, widths, strict=True)]
    return "  ".join(padded).rstrip()


def _character_columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


_NOT_FIRST = frozenset("。，、；：？！”’）》】〕…,.;:?!)」』")


def _pieces(line: str, width: int | None) -> list[str]:
    if width is None:
        return [line]
    pieces: list[str] = []
    piece, used = "", 0
    for word in _words(line):
        size = columns(word)
        if piece and used + size > width and word not in _NOT_FIRST:
            pieces.append(piece.rstrip())
            piece, used = "", 0
        piece, used = piece + word, used + size
    return [*pieces, piece]


def _words(line: str) -> list[str]:
    """Units that are not broken: a run of Latin letters and digits with its spaces, or one Chinese character."""
    words: list[str] = []
    for character in line:
        if words and character.isascii() and words[-1][-1].isascii() and words[-1][-1] != " ":
            words[-1] += character
        else:
            words.append(character)
    return words
