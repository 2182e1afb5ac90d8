"""Printed lines to paragraphs: pages of a pdf or ofd, whose line breaks are those of the paper."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from rag.documents.marks import opening
from rag.documents.weave import Piece

_PAGE_NUMBER: Final = re.compile(
    r"^[-—–·\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/，,共]\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–·\s]*$"
)
_DIGITS: Final = re.compile(r"\d+")
_LATIN_END: Final = re.compile(r"[A-Za-z0-9,.;:!?)]$")
_LATIN_START: Final = re.compile(r"^[A-Za-z0-9(]")


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed line: its words, the columns where it begins and ends, its baseline and size (points or millimetres; `y` grows
    downwards), and its page from 0."""

    words: str
    left: float
    right: float
    y: float
    size: float
    page: int


@dataclass(frozen=True, slots=True)
class Laid:
    """A paragraph made of printed lines, and the page on which it begins."""

    piece: Piece
    page: int


def paragraphs(printed: Sequence[Printed]) -> list[Laid]:
    """The paragraphs of the pages, in order. A line goes on the one before unless that ended short, this one is indented,
    centred, of another size or further down, or opens with a heading sign. Page numbers and running heads are left out."""
    lines = list(_without_furniture(printed))
    margins = _margins(lines)
    pitch = _pitch(lines)
    laid: list[Laid] = []
    for at, line in enumerate(lines):
        if at and _goes_on(lines[at - 1], line, margins[lines[at - 1].page], margins[line.page], pitch):
            laid[-1] = Laid(Piece(_joined(laid[-1].piece.words, line.words)), laid[-1].page)
        else:
            laid.append(Laid(Piece(line.words), line.page))
    return laid


def _without_furniture(printed: Sequence[Printed]) -> Iterator[Printed]:
    """The lines without page numbers and running heads: lines at the edge of a page that stand there on other pages too."""
    pages: dict[int, list[Printed]] = {}
    for line in printed:
        pages.setdefault(line.page, []).append(line)
    edges = {page: _edges(lines) for page, lines in pages.items()}
    seen = Counter(key for lines in edges.values() for key in {_key(line) for line in lines})
    often = 2 if len(pages) == 2 else 3
    for line in printed:
        if line in edges[line.page] and (_PAGE_NUMBER.match(line.words) or seen[_key(line)] >= often):
            continue
        yield line


def _edges(lines: Sequence[Printed]) -> frozenset[Printed]:
    """The two highest and the two lowest lines of a page."""
    ordered = sorted(lines, key=lambda line: line.y)
    return frozenset((*ordered[:2], *ordered[-2:]))


def _key(line: Printed) -> tuple[str, int]:
    return _DIGITS.sub("0", line.words), round(line.y / max(line.size, 1.0))


def _margins(lines: Sequence[Printed]) -> dict[int, tuple[float, float]]:
    """Left and right edge of the text of each page; those of the whole document where a page has few lines."""
    if not lines:
        return {}
    left = _common([line.left for line in lines], lines[0].size)
    right = _high([line.right for line in lines])
    margins: dict[int, tuple[float, float]] = {}
    for page, group in groupby(lines, key=lambda line: line.page):
        own = list(group)
        margins[page] = (_common([line.left for line in own], own[0].size), _high([line.right for line in own]))
        if len(own) < 4:
            margins[page] = (left, right)
    return margins


def _common(values: Sequence[float], size: float) -> float:
    """The lowest value that at least a tenth of the lines share, within half a character."""
    ordered = sorted(values)
    for at, value in enumerate(ordered):
        near = bisect_right(ordered, value + size / 2) - bisect_left(ordered, value - size / 2, 0, at + 1)
        if near * 10 >= len(ordered):
            return value
    return ordered[0]


def _high(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def _pitch(lines: Sequence[Printed]) -> float:
    """The usual distance between two lines of a page."""
    gaps = sorted(b.y - a.y for a, b in pairwise(lines) if a.page == b.page and b.y > a.y)
    return gaps[len(gaps) // 2] if gaps else 0.0


def _goes_on(
    last: Printed, line: Printed, last_margin: tuple[float, float], margin: tuple[float, float], pitch: float
) -> bool:
    size = max(last.size, 1.0)
    if abs(last.size - line.size) > size * 0.12 or last.right < last_margin[1] - 1.6 * size:
        return False
    if line.left > margin[0] + 0.8 * size or opening(line.words) is not None:
        return False
    return line.page != last.page or not pitch or line.y - last.y <= 1.7 * pitch


def _joined(before: str, after: str) -> str:
    spaced = _LATIN_END.search(before) and _LATIN_START.match(after)
    return f"{before} {after}" if spaced else before + after
