"""Lines of a text with exact offsets; the segments of a text whose line breaks were lost."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

SPACE: Final = " \t\u3000\xa0\u2002\u2003\u2009\u200b\u200c\u200d\u2060\ufeff\x00"
FLAT_LINES: Final = 3
FLAT_CHARS: Final = 90

_FILLED: Final = re.compile(r"[^\S\n\r]*\S[^\n\r\f\v\x1c-\x1e\x85\u2028\u2029]*")
_BREAK: Final = re.compile(r"\r\n|[\n\r\f\v\x1c\x1d\x1e\x85\u2028\u2029]")
# White space that was a line break: wide, or between two characters that Chinese never separates.
_GAP: Final = re.compile(r"[ \t\xa0\u3000]+")
# Compared, not compiled: a regular expression over ranges of Han takes 3 ms of every start.
_CJK: Final = (("\u2e80", "\u9fff"), ("\uf900", "\ufaff"), ("\uff00", "\uffef"))
_CJK_MARKS: Final = frozenset("“”‘’—…·")
_BEFORE: Final = frozenset("0123456789%.:;)]")
_AFTER: Final = frozenset("0123456789([")
_OPEN: Final = re.compile(r"[（(\[【][^（()）\[\]【】]{0,40}$")
_CLOSE: Final = re.compile(r"[^（()）\[\]【】]{0,40}[)）\]】]")
_BRACKET_CHARS: Final = 41
_NUMBER: Final = re.compile(r"[（(]?[\d一二三四五六七八九十]{1,3}[)）.．、]?|[\[【][^\[\]【】:：\s]{2,8}[\]】]")
_TIME: Final = re.compile(r"\d{1,2}[:：]\d\d")
_UNBROKEN_AFTER: Final = frozenset("、，,（(“‘《〈【[")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: `text[start:end] == words`, white space around it left out.

    `indented`: it began with two or more columns of white space. `gap`: a blank line stood before it.
    `soft`: it began inside a physical line (a text whose line breaks had become spaces).
    """

    start: int
    end: int
    words: str
    indented: bool = False
    gap: bool = False
    soft: bool = False


def lines(text: str, start: int = 0, end: int | None = None) -> list[Line]:
    """The lines of `text[start:end]` that are not blank, in order, with offsets in `text`.

    A text of very few, very long lines has lost its line breaks: there, white space that stands for one ends a line too.
    """
    stop = len(text) if end is None else end
    physical = _physical(text, start, stop)
    if len(physical) > FLAT_LINES or not _is_flat(text):
        return physical
    return [segment for line in physical for segment in _segments(line)]


def _physical(text: str, start: int, stop: int) -> list[Line]:
    found: list[Line] = []
    gap = False
    at = start
    while at <= stop:
        match = _BREAK.search(text, at, stop)
        until = match.start() if match else stop
        raw = text[at:until]
        words = raw.strip(SPACE)
        if words:
            lead = len(raw) - len(raw.lstrip(SPACE))
            found.append(
                Line(at + lead, at + lead + len(words), words, lead > 1 or raw[:1] == "\u3000", gap and bool(found))
            )
            gap = False
        else:
            gap = True
        if match is None:
            break
        at = match.end()
    return found


def _is_flat(text: str) -> bool:
    longest = 0
    for count, match in enumerate(_FILLED.finditer(text)):
        if count == FLAT_LINES:
            return False
        longest = max(longest, match.end() - match.start())
    return longest > FLAT_CHARS


def _segments(line: Line) -> list[Line]:
    if len(line.words) <= FLAT_CHARS:
        return [line]
    found: list[Line] = []
    at = 0
    indented = line.indented
    for match in _GAP.finditer(line.words):
        if not at < match.start() or not _is_break(line.words, match.start(), match.end(), at):
            continue
        found.append(_segment(line, at, match.start(), indented, bool(found)))
        at = match.end()
        indented = match.end() - match.start() > 1
    if at < len(line.words):
        found.append(_segment(line, at, len(line.words), indented, bool(found)))
    return found


def _is_break(words: str, start: int, end: int, first: int) -> bool:
    """Whether the white space `words[start:end]` was a line break; the line before it began at `first`.

    It was none after a comma or an opening mark, after a number or label that stands alone (1. 建立…, 【发文日期】 2020…), and inside a short bracket
    （记者 王建）, nor before a time of day.
    """
    before, after = words[start - 1], words[end : end + 1]
    if before.isdigit() and _TIME.match(words, end):
        return False
    if before in _UNBROKEN_AFTER or (start - first < 12 and _NUMBER.fullmatch(words, first, start) is not None):
        return False
    if end - start == 1 and words[start] != "\u3000":
        chinese = _is_cjk(before) or before in _BEFORE
        if not chinese or not (_is_cjk(after) or after in _AFTER):
            return False
    return not (_OPEN.search(words, max(first, start - _BRACKET_CHARS), start) and _CLOSE.match(words, end))


def _is_cjk(char: str) -> bool:
    return char in _CJK_MARKS or any(first <= char <= last for first, last in _CJK)


def _segment(line: Line, start: int, end: int, indented: bool, soft: bool) -> Line:
    return Line(line.start + start, line.start + end, line.words[start:end], indented, line.gap and not soft, soft)
