"""Paragraphs: lines broken in mid-sentence are one range of the original text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from rag.documents.lines import Line
from rag.documents.marks import CLOSERS, TERMINAL, opening
from rag.documents.tables import Table

SHORT: Final = 40
PAUSED: Final = 32
SIGNED: Final = 64
_CONTINUES: Final = frozenset("，。、；：！？,;:!?”’）)》】」』")
_HANGING: Final = frozenset("，,、（(“‘《〈【—")
_INNER: Final = frozenset("，。；,;")
_STOPS: Final = frozenset("。；！？")
# Columns set apart by blanks: the line is a row of a table.
_COLUMNS: Final = re.compile(r"\S(?:\u3000{2,}| {4,}|\t+)\S")
_WIDE_BLANKS: Final = ("\u3000\u3000", "    ", "\t")
_CLOSED: Final = frozenset(TERMINAL + CLOSERS + "：:")
WRAP_MIN: Final = 16
WRAP_MAX: Final = 72
WRAP_SLACK: Final = 3


class Start(IntEnum):
    """What begins at a paragraph: nothing, a part named by its first sentence, or a section with a heading of its own."""

    NONE = 0
    LEAD = 1
    SECTION = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its lines, the path of headings over it (its own last), and what begins with it.

    `heading`: the paragraph is nothing but a heading. `parted`: chrome stands between it and the one before.
    `row`: a table row, of `table` where that was recognised.
    """

    lines: tuple[Line, ...]
    path: tuple[str, ...] = ()
    starts: Start = Start.NONE
    heading: bool = False
    parted: bool = False
    row: bool = False
    table: Table | None = None

    @property
    def words(self) -> str:
        """The paragraph's first line."""
        return self.lines[0].words


def grouped(found: Sequence[Line], width: int | None = None) -> list[list[Line]]:
    """Lines grouped into paragraphs, in order: a line that ends in mid-sentence takes the next one with it.

    Blank lines and page breaks inside a sentence do not part it. A line that opens with a heading sign begins anew.
    `width` is the number of characters at which the text is wrapped, 0 where it is not, None to tell it from the lines.
    """
    if width is None:
        width = wrap_width(found)
    indents = width and any(line.indented for line in found)
    groups: list[list[Line]] = []
    chars = 0
    for line in found:
        if groups and _joins(groups, chars, line, width, bool(indents)):
            groups[-1].append(line)
            chars += len(line.words)
        else:
            groups.append([line])
            chars = len(line.words)
    return groups


def wrap_width(found: Sequence[Line]) -> int:
    """Characters per line where the text is wrapped at a fixed width, else 0."""
    if len(found) < 8 or any(line.soft for line in found[:8]):
        return 0
    lengths = sorted(len(line.words) for line in found)
    width = lengths[int(len(lengths) * 0.9)]
    if not WRAP_MIN <= width <= WRAP_MAX or lengths[-1] > width + 2 * WRAP_SLACK:
        return 0
    full = sum(length >= width - WRAP_SLACK for length in lengths)
    return width if full * 5 >= len(lengths) * 2 else 0


def _joins(groups: Sequence[list[Line]], chars: int, line: Line, width: int, indents: bool) -> bool:
    group = groups[-1]
    last = group[-1]
    if line.words[0] in _CONTINUES and not ends_whole(last.words):
        return True
    if opening(line.words) is not None:
        return False
    if _has_columns(last.words) and _has_columns(line.words):
        return False
    if width:
        return _wrapped(last, line, width, indents)
    return _is_open(last.words, chars, len(group) == 1 and not _is_item(groups))


def _has_columns(words: str) -> bool:
    # The search goes through every character of a line, and few lines hold such blanks at all.
    return any(blank in words for blank in _WIDE_BLANKS) and _COLUMNS.search(words) is not None


def ends_whole(words: str) -> bool:
    """True when nothing can follow in the same sentence: terminal mark, and every quote in the line closed."""
    return words[-1] in _CLOSED and words.count("“") <= words.count("”")


def _wrapped(last: Line, line: Line, width: int, indents: bool) -> bool:
    if len(last.words) < width - WRAP_SLACK or line.gap:
        return False
    if indents:
        return not line.indented
    return not ends_whole(last.words)


def _is_label(words: str) -> bool:
    pauses = sum(words.count(mark) for mark in "，,；;。")
    return len(words) <= (SHORT if not pauses else PAUSED if pauses == 1 else 0)


def _is_item(groups: Sequence[list[Line]]) -> bool:
    """Whether the last paragraph is an item of a sentence that semicolons part ((3) …；(4) …，…): it is no heading, and ends with
    a mark."""
    if len(groups) < 2 or groups[-2][-1].words[-1] not in "；;" or _INNER.isdisjoint(groups[-1][-1].words):
        return False
    before, own = opening(groups[-2][0].words), opening(groups[-1][0].words)
    return before is not None and own is not None and before.kind == own.kind


def _is_open(words: str, chars: int, first: bool) -> bool:
    if words[-1] in _HANGING or words.count("“") > words.count("”"):
        return True
    if words[-1] in _CLOSED:
        return False
    # A short line that stands alone is a heading or a label, not half a sentence; so is a longer one with a heading sign.
    if first and (_is_label(words) or (chars <= SIGNED and opening(words) is not None and _STOPS.isdisjoint(words))):
        return False
    return not first or not _INNER.isdisjoint(words)
