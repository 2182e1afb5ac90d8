"""Tables that stand in a text as rows of cells, parted by bars, tabs or wide blanks, or with every cell on a line of its own.

Recognised by what the lines of a row share, from the text alone: so a table pasted as text and one that a reader of web pages,
Word files or sheets wrote out are the same. Most texts have none, and are only asked for a few characters.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, groupby
from typing import Final

from rag.documents.cells import VALUE, YEAR, Over, Range, Row, about, told, unit_of
from rag.documents.grids import Grid, grids, may_hold, trimmed
from rag.documents.lines import Line, lines
from rag.documents.marks import label, opening

CAPTION_CHARS: Final = 60
COLUMNS_CHARS: Final = 60
NAME_CHARS: Final = 30
TITLE_CHARS: Final = 24
MOSTLY: Final = 0.6
_COLON: Final = re.compile("[：:]")
_UNIT_LINE: Final = re.compile(r"[（(]?(?:计量|金额)?单位[：:]\s*\S{1,8}[）)]?")
_HEAD_NOUN: Final = re.compile(
    "姓名|名称|单位|项目|类[别型]|对象|标准|时间|日期|地[址点]|电话|序号|内容|[条文]件|指标|年[度份]|备注|说明|职[务位称]|岗位|人数|时限|材料|部门|"
    "乡镇|街道|社区|村名|措施|分值|金额|数量|床位|名额|负责人|学历|专业|要求|政策|站点|区域|范围|方式|比例|占比|[数额率](?:$|[（(])"
)
# A line that ends in a figure, or has cells of its own, says something and calls nothing.
_COUNTED: Final = re.compile(r"\t|[：: ]\d[\d.,]*[^\s\d，。；：:,;（(年月日号]{0,4}$")
_STOPS: Final = frozenset("。；！？;")


@dataclass(frozen=True, slots=True)
class Table:
    """A table `text[start:end]`: the line that calls it, the names of its columns, its rows in order, and the ranges in it that say
    nothing by themselves: its header and its rules."""

    start: int
    end: int
    caption: str
    names: tuple[str, ...]
    rows: tuple[Row, ...]
    silent: tuple[Range, ...]

    @property
    def ranges(self) -> Sequence[Range]:
        """Its rows and what is silent, in order."""
        return sorted([*((row.start, row.end) for row in self.rows), *self.silent])

    @property
    def over(self) -> tuple[str, ...]:
        """What a row has to stand under to be understood: the line that calls the table, and the names of its columns as far as
        they are short in all."""
        names = [name for name in self.names if name]
        ends = accumulate(len(name) + 1 for name in names)
        columns = " ".join(name for name, end in zip(names, ends, strict=True) if end <= COLUMNS_CHARS + 1)
        return tuple(filter(None, (label(self.caption), columns)))

    def opens(self, start: int) -> bool:
        """Whether its header, or one of the rules around that, starts there."""
        return start < self.rows[0].start


@lru_cache(maxsize=32)
def tables(text: str) -> tuple[Table, ...]:
    """The tables of a text, in order."""
    return tables_in(text, lines(text))


def tables_of(text: str, start: int, end: int) -> Sequence[Table]:
    """The tables of a text that a passage of it, `text[start:end]`, holds rows of."""
    if not may_hold(text[start:end]):
        return ()
    return [table for table in tables(text) if table.start < end and start < table.end]


def rows_in(text: str, start: int, end: int) -> tuple[Mapping[int, Row], frozenset[int]]:
    """The rows of tables in `text[start:end]` by their starts, and the starts of what is silent in them."""
    own = tables_of(text, start, end)
    return {row.start: row for table in own for row in table.rows}, frozenset(s for t in own for s, _ in t.silent)


def reading(text: str, start: int, end: int) -> str:
    """A passage `text[start:end]` as it is compared with questions: rows of tables told with the names of their columns, and the
    names and rules by themselves left out."""
    parts, at = [], start
    for table in tables_of(text, start, end):
        said = {(row.start, row.end): row.said for row in table.rows}
        for first, last in table.ranges:
            if at <= first and last <= end:
                parts += [text[at:first], said.get((first, last), "")]
                at = last
    return "".join([*parts, text[at:end]])


def parted(found: Sequence[Line], own: Sequence[Table]) -> Iterator[tuple[Table | None, Sequence[Line]]]:
    """Lines of a text in order, parted by its tables: runs outside of them (None), and of each table the lines of every row, of its
    header and of each rule."""
    ranges = [(*span, table) for table in own for span in table.ranges]
    starts = [start for start, _, _ in ranges]

    def place(line: Line) -> int:
        at = bisect_right(starts, line.start) - 1
        return at if at >= 0 and line.end <= ranges[at][1] else -1

    for at, group in groupby(found, key=place):
        yield ranges[at][2] if at >= 0 else None, list(group)


def tables_in(text: str, found: Sequence[Line]) -> tuple[Table, ...]:
    """The tables of a text whose lines are known, in order."""
    made: list[Table] = []
    before: Grid | None = None
    for grid in grids(text, found):
        names = _names(text, grid)
        if names is None and before is not None and _goes_on(before, grid):
            names, own = before.names or (), 0
        else:
            names, own = _deeper(text, grid, names) if names else (names, 0)
        if own == len(grid.rows) or not _holds(text, grid, bool(names)):
            continue
        before = replace(grid, names=names or ())
        made.append(_table(text, found, before, own))
    return tuple(made)


def _names(text: str, grid: Grid) -> tuple[str, ...] | None:
    """The names of the columns where the first row gives them, else None."""
    if grid.kind == "named":
        return ()
    first, *body = [["".join(text[start:end].split()) for start, end in row] for row in grid.rows]
    if grid.ruled:
        return tuple(first)
    if not body or any(
        len(cell) > NAME_CHARS or (VALUE.fullmatch(cell) and not YEAR.fullmatch(cell)) for cell in first
    ):
        return None
    named = [_HEAD_NOUN.search(cell) is not None for cell in first]
    # A table of names and values, line by line (办理时限 5个工作日), has names in its first column all the way down.
    down = sum(bool(row[0]) and _HEAD_NOUN.search(row[0]) is not None for row in body)
    if 2 * down >= len(body) and not any(named[1:]):
        return None
    nouns = sum(named)
    for at, name in enumerate(first):
        column = [row[at] for row in body if at < len(row) and row[at]]
        if not column or (name[:1].isdigit() and not YEAR.match(name)):
            continue
        figures = sum(cell[0].isdigit() and bool(YEAR.fullmatch(cell)) <= (not YEAR.fullmatch(name)) for cell in column)
        digits = sum(any(map(str.isdigit, cell)) for cell in column) if nouns and not any(map(str.isdigit, name)) else 0
        if max(figures, digits) >= MOSTLY * len(column):
            return tuple(first)
    return tuple(first) if 2 * nouns >= len(first) and not any(map(str.isdigit, "".join(first))) else None


def _deeper(text: str, grid: Grid, names: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
    """The names of the columns and how many rows give them: a second one where names of the first span columns and it names
    these alone (支付限额 over 职工 and 居民)."""
    below = ["".join(text[start:end].split()) for start, end in grid.rows[1]] if len(grid.rows) > 2 else []
    spanned = [at for at, name in enumerate(names) if not name]
    if not spanned or len(below) < len(names) or any(VALUE.fullmatch(cell) for cell in below):
        return names, 1
    alone = [at for at, name in enumerate(names) if name and at + 1 not in spanned]
    if not any(below[at] for at in spanned) or any(below[at] for at in alone):
        return names, 1
    over = [next((name for name in names[at::-1] if name), "") for at in range(len(names))]
    return tuple(above + under if under else above for above, under in zip(over, below, strict=False)), 2


def _goes_on(before: Grid, grid: Grid) -> bool:
    """Whether a grid without names goes on the one right above: a title over some rows, or a row of another form, stands between."""
    return (
        bool(before.names)
        and grid.kind == before.kind
        and grid.first - before.last <= 1
        and (len(grid.rows[0]) == len(before.rows[0]))
    )


def _holds(text: str, grid: Grid, named: bool) -> bool:
    """Whether lines are a table: blanks part other things too, so there it takes names over columns or a column of figures."""
    if grid.kind in ("bar", "tab", "named", "stack"):
        return True
    figures = all(text[row[-1][0]].isdigit() or any(map(str.isdigit, text[slice(*row[-1])])) for row in grid.rows)
    return (named and len(grid.rows) > 2) or (figures and len(grid.rows) > (2 if grid.kind == "pair" else 1))


def _table(text: str, found: Sequence[Line], grid: Grid, header: int) -> Table:
    if grid.kind == "named":
        return _table_of_named(text, found, grid)
    names, body = grid.names or (), grid.rows[header:]
    caption = _caption(found, grid.first)
    first = about(names, [["".join(text[a:b].split()) for a, b in row] for row in body])
    over = Over(grid.start, caption.rstrip("：:。"), names, unit_of(caption), first)
    rows: list[Row] = []
    for cells, span in zip(body, grid.spans[header:], strict=True):
        rows.append(told(text, cells, span, over, rows[-1].whose if rows else ""))
    return Table(grid.start, grid.end, caption, names, tuple(rows), (*grid.spans[:header], *grid.rules))


def _table_of_named(text: str, found: Sequence[Line], grid: Grid) -> Table:
    """A table whose rows name their cells (单位：…；岗位：…). What names the columns above them is silent."""
    rows: list[tuple[Range, Sequence[str], Sequence[Range]]] = []
    for row, span in zip(grid.rows, grid.spans, strict=True):
        names = [_COLON.split("".join(text[start:end].split()), maxsplit=1)[0] for start, end in row]
        rows.append((span, names, [_after_colon(text, start, end) for start, end in row]))
    every = tuple(dict.fromkeys(name for _, names, _ in rows for name in names))
    above = found[grid.first - 1] if grid.first else None
    listed = above is not None and set(every) <= {"".join(cell.split()) for cell in above.words.split("\t")}
    silent = ((above.start, above.end),) if above is not None and listed else ()
    start = silent[0][0] if silent else grid.spans[0][0]
    caption = _caption(found, grid.first - listed)
    made = tuple(
        told(text, cells, span, Over(start, caption.rstrip("：:。"), tuple(names), unit_of(caption), about(names, ())))
        for span, names, cells in rows
    )
    return Table(start, grid.spans[-1][1], caption, every, made, silent)


def _after_colon(text: str, start: int, end: int) -> Range:
    match = _COLON.search(text, start, end)
    return trimmed(text, match.end() if match else start, end)


def _caption(found: Sequence[Line], first: int) -> str:
    """The line above a table that calls it, with the one between that gives its unit; empty where a sentence stands there."""
    at = first - 1
    unit = ""
    if at >= 0 and _UNIT_LINE.fullmatch(found[at].words):
        unit, at = found[at].words, at - 1
    if at < 0:
        return unit
    words = found[at].words
    if words[-1] in "：:":
        words = words[words.rfind("。") + 1 :]
    titled = len(words) <= TITLE_CHARS and words.find("。") == len(words) - 1 and opening(words) is not None
    calls = len(words) <= CAPTION_CHARS and (words[-1] not in _STOPS or titled) and not _COUNTED.search(words)
    if not calls:
        return unit
    return f"{words}（{unit.strip('（()）')}）" if unit else words
