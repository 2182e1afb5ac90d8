"""Rows of a table told as a reader tells them: each cell under the name of its column, bare numbers with their unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

Range = tuple[int, int]
_UNITS: Final = (
    "[百千万亿]*(?:美?元|人次|人|名|个|家|户|套|件|项|所|处|座|次|张|台|辆|吨|公里|公顷|平方米|平方公里|亩|米|周?岁|分|条|期|篇|份|"
    "只|头|株|棵|床|间|栋|幢|对|批|门|班|场|支|款|种|类|倍|天|年|个?月|小时|课时|学时|%|‰|㎡|千瓦时)"
)
_NUMBER: Final = r"[\d０-９][\d０-９,，.．]*"
BARE: Final = re.compile(rf"{_NUMBER}[余多]?")
VALUE: Final = re.compile(rf"(?:约|近|超过?|[+＋-])?{_NUMBER}[余多]?(?:{_UNITS})?(?:[（(][^（）()]*[)）])?")
YEAR: Final = re.compile(r"(?:19|20)\d\d(?:年(?:[底末度初]|[上下]半年|前?[一二三四]季度)?(?:[（(][^（）()]*[)）])?)?")
_PLAIN_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_OF_YEARS: Final = re.compile("年(?:度|份)?$|时间$")
# A unit that stands in brackets at the end of a name, or is said of the whole table.
_IN_NAME: Final = re.compile(rf"(?P<name>.*?)[（(](?:单位[:：])?(?P<unit>{_UNITS})[)）]$")
_OF_ALL: Final = re.compile(rf"单位[:：]\s*(?P<said>{_UNITS})|[，,、](?P<last>{_UNITS})[)）]")
# 人数, 套数: the name says what is counted.
_COUNTS: Final = re.compile("(?P<unit>[人户套件家处台间张所])(?:员)?数$")
_SERIAL: Final = frozenset(("序号", "编号", "顺序", "排序", "序", "no", "no."))
_NOTHING: Final = frozenset("—-－–/／…·")
_SAID_UNIT: Final = re.compile(r"[（(](?:计量|金额)?单位[:：][^（）()]*[)）]")
_NUMBERED: Final = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|附?[件表图]?[一二三四五六七八九十\d]{0,3}[:：\s\u3000]+|\d{1,2}[.、．](?!\d))\s*"
)
_STOPS: Final = re.compile(r"[。！？!?；;\n]")
KEYS: Final = 2
KEY_CHARS: Final = 16


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell `text[start:end]` with the name of its column, empty where that has none, and its `value`: the words of the cell, a
    bare number with its unit. Where nobody gives that, `counted` has one that any count may go by. `said` is this under its
    name, after what the row is about: a clause that stands alone. A `key` is one of the cells that say what the row is about."""

    start: int
    end: int
    name: str
    value: str
    counted: str
    said: str
    key: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row `text[start:end]` of the table that starts at `table`, its cells that say something in order, what it is `about`, the first
    part of that (`whose`), and two tellings of it: `text` for readers, `said` for comparison with a question, where every cell
    repeats what the row is about. One sentence each."""

    start: int
    end: int
    table: int
    cells: tuple[Cell, ...]
    whose: str
    about: str
    text: str
    said: str


@dataclass(frozen=True, slots=True)
class Over:
    """What stands over the rows of the table that starts at `start`: the line that calls it, the names of its columns, the unit of bare
    numbers whose column gives none, and the number of the column that says what a row is about."""

    start: int
    caption: str
    names: tuple[str, ...]
    unit: str
    first: int


def unit_of(caption: str) -> str:
    """The unit that a caption gives for all figures of its table (单位：名), empty for none."""
    match = _OF_ALL.search(caption)
    return (match["said"] or match["last"]) if match else ""


def about(names: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """The column that says what a row is about: the first that does not only number the rows."""
    for at in range(max(map(len, rows), default=len(names))):
        cells = [row[at] for row in rows if at < len(row)]
        name = names[at] if at < len(names) else ""
        counted = (
            not name and len(cells) > 1 and all(cell.isdigit() and int(cell) == i for i, cell in enumerate(cells, 1))
        )
        if not counted and "".join(name.lower().split()) not in _SERIAL:
            return at
    return 0


def told(text: str, cells: Sequence[Range], span: Range, over: Over, whose: str = "") -> Row:
    """The row at `span` of that text with these cells. `whose` is what the row above was about, for one that leaves that cell empty
    (cells that were merged)."""
    words = ["".join(text[start:end].split()) for start, end in cells]
    first = min(over.first, len(words) - 1)
    keys = _keys(words, first)
    # Fewer cells than names: nobody knows under which of them each stands.
    names = over.names if len(words) >= len(over.names) else ()
    columns = [_parted(name) for name in (*names, *[""] * (len(words) - len(names)))]
    values = _values(words, columns, first, over.unit)
    merged = "" if words[first] else whose
    whose = values[first] or whose
    about = whose + "".join(values[key] for key in keys[1:])
    found = tuple(
        _cell(cells[at], columns[at][0], values[at], "" if at in keys else about)
        for at in range(first, len(words))
        if not set(words[at]) <= _NOTHING
    )
    return Row(*span, over.start, found, whose, about, _shown(over.caption, found, merged), _said(over.caption, found))


def _cell(span: Range, name: str, value: str, about: str) -> Cell:
    """The cell at that range; of a row that is `about` something, or itself what the row is about, where that is empty."""
    counted = _counted(value) if about else value
    return Cell(*span, name, value, counted, _STOPS.sub("，", about + name + counted), key=not about)


def _shown(caption: str, cells: Sequence[Cell], merged: str) -> str:
    """A row for readers. Its first cell needs no name to be understood; after a `merged` one it does."""
    read = [f"{each.name}：{each.value}" if each.name else each.value for each in cells]
    read[:1] = [merged, *read[:1]] if merged else [each.value for each in cells[:1]]
    called = _called(caption)
    return f"{called}：{'，'.join(read)}" if called else "，".join(read)


def _said(caption: str, cells: Sequence[Cell]) -> str:
    """A row for comparison, one clause a cell; what it is about and has no name of its own stands in all others."""
    opening = _STOPS.sub("，", caption)
    said = "，".join(each.said for each in cells if each.name or not each.key or len(cells) == 1)
    return f"{opening}：{said}。" if opening else f"{said}。"


def _called(caption: str) -> str:
    """A caption without its number in the document, the brackets around it and the unit that is told with the figures."""
    return _NUMBERED.sub("", _SAID_UNIT.sub("", caption).strip("#*【】 \u3000")).strip()


def _parted(name: str) -> tuple[str, str]:
    """A name without the unit in brackets at its end, and that unit."""
    match = _IN_NAME.fullmatch(name)
    return (match["name"], match["unit"]) if match and match["name"] else (name, "")


def _keys(words: Sequence[str], first: int) -> Sequence[int]:
    """The cells that say what the row is about: the first, and the next one if it is a name as well and others follow."""
    after = first + 1
    named = after + 1 < len(words) and 0 < len(words[after]) <= KEY_CHARS and not any(map(str.isdigit, words[after]))
    return (first, after) if named and not set(words[after]) <= _NOTHING else (first,)


def _values(words: Sequence[str], columns: Sequence[tuple[str, str]], first: int, of_all: str) -> Sequence[str]:
    """The cells of a row, bare numbers with the unit that the row, their column or the whole table gives."""
    label, of_row = _parted(words[first])
    values = [_with_unit(word, name, of_row or own, of_all) for word, (name, own) in zip(words, columns, strict=True)]
    values[first] = label if of_row else _with_unit(words[first], columns[first][0], columns[first][1])
    return values


def _with_unit(word: str, name: str, unit: str, of_all: str = "") -> str:
    """A cell with its unit, that of the whole table where neither its own nor its name gives one, if it is a bare number; a year has
    its own."""
    if _PLAIN_YEAR.fullmatch(word) and _OF_YEARS.search(name):
        return f"{word}年"
    counted = _COUNTS.search(name)
    return word + (unit or (counted["unit"] if counted else of_all)) if BARE.fullmatch(word) else word


def _counted(value: str) -> str:
    """A bare number whose unit nobody gives as what a question may count by any word."""
    return f"{value}个" if BARE.fullmatch(value) and not _PLAIN_YEAR.fullmatch(value) else value
