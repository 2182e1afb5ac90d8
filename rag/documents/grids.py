"""Lines that share what parts their cells: bars, tabs, wide blanks, one blank before a figure, labels, or every cell its own line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from rag.documents.cells import VALUE, Range
from rag.documents.lines import SPACE, Line
from rag.documents.marks import opening
from rag.documents.stacks import stacked

PAIR_CHARS: Final = 30
CELL_CHARS: Final = 60
ROW_CHARS: Final = 400
_BARS: Final = "|｜│"
_CORNERS: Final = "+┌├└"
_RULE: Final = re.compile(r"[\s:：\-—–_=─━|｜│+┼┌┬┐├┤└┴┘]+")
_BAR: Final = re.compile("[|｜│]")
_TAB: Final = re.compile("\t")
_WIDE: Final = re.compile(r"[ \u3000\xa0]*\u3000[ \u3000\xa0]*|[ \xa0]{2,}")
# 其中：门面出租 21,500元（4间）, or 2022 4126 2493 under a line of as many names.
_FIGURE: Final = r"\d[\d.,]*[^\s\d，。；：:,;（(]{0,4}(?:（[^（）\s]{1,30}）)?"
_PAIR: Final = re.compile(
    rf"(?:(?:其中[：:])?[^\s\d，。；：:,;（(][^\s，。；：:,;]{{0,18}}?|(?:19|20)\d\d年?)(?: {_FIGURE})+"
)
_BLANK: Final = re.compile(" ")
# 姓  名: a name of two characters spread to the width of others.
_SPREAD: Final = re.compile(r"(?<![^\s])([\u4e00-\u9fff])[ \u3000]{1,4}([\u4e00-\u9fff])(?![^\s])")
_NAMED: Final = re.compile(r"[^：:，,。；;]{1,20}[：:][^。；;]*(?:[；;]|$)")
_ARTICLE: Final = re.compile(r"第[一二三四五六七八九十百零〇\d]+[章节条编款]")
_GLUED: Final = re.compile(r"(.*[）)\u4e00-\u9fff])(\d[\d.,，%]*)")
_STOPS: Final = frozenset("。；！？;")


@dataclass(frozen=True, slots=True)
class Grid:
    """Consecutive lines `[first, last)` with the cells of each of their rows and the ranges of these in the text, and the ranges of
    `rules` between them. `ruled`: the first row is a header, as its form says. `names` of columns where they are known."""

    kind: str
    first: int
    last: int
    rows: tuple[tuple[Range, ...], ...]
    spans: tuple[Range, ...]
    rules: tuple[Range, ...] = ()
    ruled: bool = False
    names: tuple[str, ...] | None = None

    @property
    def start(self) -> int:
        """Where it starts, rules included."""
        return min(start for start, _ in (*self.spans[:1], *self.rules))

    @property
    def end(self) -> int:
        """Where it ends, rules included."""
        return max(end for _, end in (*self.spans[-1:], *self.rules))


def grids(text: str, found: Sequence[Line]) -> Iterator[Grid]:
    """The grids among the lines of a text, in order. What has one row is none."""
    kinds = ["" if line.soft else kind_of(line.words) for line in found]
    for kind, run in groupby(range(len(found)), key=kinds.__getitem__):
        places = list(run)
        if kind == "short":
            for first, rows in stacked([found[at].words for at in places]):
                yield _stack(found, places[0] + first, rows)
        elif kind:
            headed = kind == "pair" and places[0] and _heads(found[places[0] - 1].words, found[places[0]].words)
            yield from _parted(text, found, kind, [*([places[0] - 1] if headed else []), *places])


def _heads(above: str, words: str) -> bool:
    """Whether a line names the columns of one whose cells one blank parts."""
    names = above.split(" ")
    return len(above) <= CELL_CHARS and len(names) == words.count(" ") + 1 and not any(map(VALUE.fullmatch, names))


def may_hold(passage: str) -> bool:
    """Whether a passage may hold a row: most do not, and their texts need not be looked through for tables."""
    kinds = [kind_of(words) for line in passage.splitlines() if (words := line.strip(SPACE))]
    return any(kind and (kind != "short" or kind == after) for kind, after in pairwise([*kinds, ""]))


def kind_of(words: str) -> str:
    """What parts the cells of a line: bar, tab, wide, pair, named; short for one that may be a cell itself; empty for prose."""
    if ("|" in words or "｜" in words or "│" in words) and "](" not in words:
        return "bar"
    if words[0] in _CORNERS and _RULE.fullmatch(words):
        return "bar"
    if "\t" in words:
        return "tab"
    if len(words) > ROW_CHARS:
        return ""
    if ("\u3000" in words or "  " in words) and "。" not in words and _is_wide(words):
        return "wide"
    if "；" in words and words.count("：") > 1:
        return "named" if all(map(_NAMED.fullmatch, _NAMED.findall(words))) else ""
    if len(words) > CELL_CHARS or words[-1] in _STOPS:
        return ""
    if " " in words and len(words) <= PAIR_CHARS and _PAIR.fullmatch(words):
        return "pair"
    return "short" if opening(words) is None else ""


def _is_wide(words: str) -> bool:
    """Whether wide blanks part cells: not the number of an article from its text, nor facts with labels from one another."""
    if _ARTICLE.match(words):
        return False
    parts = _WIDE.split(_SPREAD.sub(r"\1\2", words))
    return len(parts) > 1 and 2 * sum("：" in part or ":" in part for part in parts) < len(parts)


def _parted(text: str, found: Sequence[Line], kind: str, places: Sequence[int]) -> Iterator[Grid]:
    """The grids of consecutive lines whose cells are parted in one way: rows of a grid have as many cells."""
    rules = {at for at in places if kind == "bar" and _RULE.fullmatch(found[at].words)}
    rows = {at: _cells(text, found[at], kind) for at in places if at not in rules}
    group: list[int] = []
    for at in [*places, -1]:
        if group and (at < 0 or not (at in rules or _fits(text, rows, group, at, kind))):
            inner = [i for i in group if i not in rules]
            if len(inner) > 1:
                width = len(rows[inner[0]])
                cells = tuple(_even(text, rows[i], width) if kind == "wide" else rows[i] for i in inner)
                spans = tuple((found[i].start, found[i].end) for i in inner)
                ruled = inner[0] + 1 in rules and inner[1] + 1 not in rules
                marks = tuple((found[i].start, found[i].end) for i in group if i in rules)
                yield Grid(kind, group[0], group[-1] + 1, cells, spans, marks, ruled)
            group = []
        if at >= 0:
            group.append(at)


def _fits(text: str, rows: dict[int, tuple[Range, ...]], group: Sequence[int], at: int, kind: str) -> bool:
    """Whether a line is one more row of a group."""
    first = next((rows[i] for i in group if i in rows), None)
    if first is None or kind == "tab":
        return True
    if kind == "named":
        return text[slice(*first[0])].partition("：")[0] == text[slice(*rows[at][0])].partition("：")[0]
    return len(_even(text, rows[at], len(first)) if kind == "wide" else rows[at]) == len(first)


def _cells(text: str, line: Line, kind: str) -> tuple[Range, ...]:
    start, end = line.start, line.end
    if kind == "named":
        return tuple((m.start(), m.end() - (m[0][-1] in "；;")) for m in _NAMED.finditer(text, start, end))
    if kind == "bar":
        start += text[start] in _BARS
        end -= text[end - 1] in _BARS
    if kind == "tab":
        # Empty cells at the ends of a row are white space around its line.
        while start and text[start - 1] in SPACE:
            start -= 1
        while end < len(text) and text[end] in SPACE:
            end += 1
    pattern = _BAR if kind == "bar" else _TAB if kind == "tab" else _WIDE if kind == "wide" else _BLANK
    spread = {match.end(1) for match in _SPREAD.finditer(text, start, end)} if kind == "wide" else ()
    cells, at = [], start
    for match in pattern.finditer(text, start, end):
        if match.start() in spread:
            continue
        cells.append(trimmed(text, at, match.start()))
        at = match.end()
    return (*cells, trimmed(text, at, end))


def trimmed(text: str, start: int, end: int) -> Range:
    """The range without the white space around it; `(end, end)` where it holds nothing else."""
    piece = text[start:end]
    lead = len(piece) - len(piece.lstrip())
    return (start + lead, start + len(piece.rstrip())) if lead < len(piece) else (end, end)


def _even(text: str, cells: tuple[Range, ...], width: int) -> tuple[Range, ...]:
    """A row that is one cell short because its name and first figure stand together, with these parted."""
    glued = _GLUED.fullmatch(text, *cells[0]) if len(cells) == width - 1 else None
    return ((glued.start(1), glued.end(1)), (glued.start(2), glued.end(2)), *cells[1:]) if glued else cells


def _stack(found: Sequence[Line], first: int, rows: Sequence[int]) -> Grid:
    """The grid of a table of one cell a line; `rows` are the numbers of cells of its rows."""
    cells, spans, at = [], [], first
    for width in rows:
        own = found[at : at + width]
        cells.append(tuple((line.start, line.end) for line in own))
        spans.append((own[0].start, own[-1].end))
        at += width
    return Grid("stack", first, at, tuple(cells), tuple(spans), ruled=True)
