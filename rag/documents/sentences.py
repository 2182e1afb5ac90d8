"""Sentences of a text as ranges of it, and the text made readable where its lines were broken in mid-sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from rag.documents.lines import SPACE, Line, lines
from rag.documents.marks import opening
from rag.documents.paragraphs import WRAP_MAX, grouped, wrap_width
from rag.documents.tables import Table, parted, tables_of

Range = tuple[int, int]
CONTEXT_CHARS: Final = 300  # what stands before a range tells whether its first line goes on a sentence

# A short quotation or bracket is one piece: the marks inside it end no sentence. A full stop just before the closing
# quote ends the sentence around it as well; ？” and ！” do so only where a quotation or nothing follows.
_STOP: Final = "。！？!?；;…"
_INSIDE: Final = r"（[^（）]{0,120}）|\([^()]{0,120}\)|《[^《》]{0,80}》|‘[^‘’]{0,80}’"
# Characters that begin no bracket or quotation are taken in runs, five times as fast as one by one.
_OPENERS: Final = "（(《‘“"
_SENTENCE: Final = re.compile(
    rf"(?:[^{_STOP}{_OPENERS}.]++|{_INSIDE}|“[^“”。；]{{0,120}}”(?!(?<=[！？!?]”)(?:[\s“]|$))|\.(?![ \u3000\n]+[A-Z“\"]|\s*$)|[^{_STOP}.])*+"
    rf"(?:[{_STOP}]+|\.)?[”’」』）)】》\"']*\s*"
)
_CLAUSES: Final = re.compile(
    rf"(?:[^。！？!?…{_OPENERS}]++|{_INSIDE}|“[^“”。]{{0,120}}”|[^。！？!?…])*+[。！？!?…]*[”’」』）)】》\"']*\s*"
)
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:No|Nos|Art|Dr|Mr|Mrs|Ms|St|vs|etc|Inc|Ltd|Co|e\.g|i\.e)|\b[A-Z]|^\s*\d{1,2})\.\s*$"
)
_LATIN: Final = re.compile(r"[A-Za-z0-9,.;:!?)%]$")
_LATIN_START: Final = re.compile(r"[A-Za-z0-9(]")


def sentences(text: str, start: int = 0, end: int | None = None) -> tuple[Range, ...]:
    """Ranges of the sentences in `text[start:end]`, in order, as offsets in `text`, white space around them left out.

    A sentence ends at 。！？；… (and . ? ! in English), closing quotes and brackets included, at the end of a paragraph
    or of a heading; a line break inside a sentence does not end it. Marks inside a short bracket or quotation do not.
    Together the ranges hold every character that is not white space.
    """
    stop = len(text) if end is None else end
    before = text.rfind("\n", 0, max(0, start - CONTEXT_CHARS)) + 1
    found = lines(text, before, stop)
    width = _width(text) if any(line.gap or len(line.words) <= WRAP_MAX for line in found) and len(found) > 2 else 0
    own = tables_of(text, start, stop)
    ranges = _of_prose(text, found, width, start) if not own else _of_all(text, found, own, width, start)
    return tuple((max(first, start), last) for first, last in ranges if last > start)


def _of_prose(text: str, found: Sequence[Line], width: int, start: int) -> Iterator[Range]:
    return (piece for group in grouped(found, width) if group[-1].end > start for piece in split(text, group))


def _of_all(text: str, found: Sequence[Line], own: Sequence[Table], width: int, start: int) -> Iterator[Range]:
    """The sentences of lines among which there are tables: a row is one, however it is broken or punctuated."""
    for table, group in parted(found, own):
        if table is None:
            yield from _of_prose(text, group, width, start)
        else:
            yield group[0].start, group[-1].end


@lru_cache(maxsize=32)
def _width(text: str) -> int:
    return wrap_width(lines(text))


def split(text: str, paragraph: Sequence[Line], *, clauses: bool = True) -> Iterator[Range]:
    """The sentences of one paragraph; without `clauses`, ； does not end one."""
    at, stop = paragraph[0].start, paragraph[-1].end
    pattern = _SENTENCE if clauses else _CLAUSES
    first = at
    while at < stop:
        match = pattern.match(text, at, stop)
        until = match.end() if match is not None and match.end() > at else at + 1
        piece = text[first:until]
        if until < stop and (_is_abbreviated(piece) or _is_number_only(piece)):
            at = until
            continue
        trimmed = len(piece.rstrip(SPACE + "\r\n\f\v\x1c\x1d\x1e\x85\u2028\u2029"))
        if trimmed:
            yield first, first + trimmed
        first = at = until


def _is_abbreviated(piece: str) -> bool:
    return "." in piece[-12:] and piece.rstrip().endswith(".") and _ABBREVIATION.search(piece[-12:]) is not None


def _is_number_only(piece: str) -> bool:
    sign = opening(piece) if len(piece) < 8 else None
    return sign is not None and not piece[sign.length :].strip()


def readable(text: str) -> str:
    """The text to show: line breaks inside a sentence repaired, one paragraph a line, blank lines left out.

    Broken lines are joined without a space in Chinese, with one between Latin words.
    """
    return "\n".join(_joined([line.words for line in group]) for group in grouped(lines(text)))


def _joined(parts: Sequence[str]) -> str:
    joined = parts[0]
    for part in parts[1:]:
        spaced = _LATIN.search(joined) and _LATIN_START.match(part)
        joined = f"{joined} {part}" if spaced else joined + part
    return joined
