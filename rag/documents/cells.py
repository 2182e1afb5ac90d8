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
YEAR: Final = re.compile(r"(?:19|20)\d\d(?:年(?:[底末度初]|[上下]半年|前?[一二三四]季度)?)?")
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
    name, after what the row is about: a clause that stands alone."""

    start: int
    end: int
    name: str
    value: str
    counted: str
    said: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row `text[start:end]`, its cells that say something in order, and two tellings of it: `text` for readers, `said` for
    comparison with a question, where every cell repeats what the row is about. One sentence each."""

    start: int
    end: int
    cells: tuple[Cell, ...]
    text: str
    said: str


def unit_of(caption: str) -> str:
    """The unit that a caption gives for all figures of its table (单位：名), empty for none."""
    match = _OF_ALL.search(caption)
    return (match["said"] or match["last"]) if match else ""


def about(names: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """The column that says what a row is about: the first that does not only number the rows."""
    for at in range(max(map(len, rows))):
        cells = [row[at] for row in rows if at < len(row)]
        name = names[at] if at < len(names) else ""
        counted = not name and len(cells) > 1 and all(cell.isdigit() and int(cell) == i for i, cell in enumerate(cells, 1))
        if not counted and "".join(name.lower().split()) not in _SERIAL:
            return at
    return 0


def told(
    text: str, cells: Sequence[Range], names: Sequence[str], caption: str, unit: str, first: int, span: Range
) -> Row:
    """The row at `span` of that text with these cells. `first` is the column that says what the row is about, `unit` that of bare
    numbers whose column names none."""
    words = ["".join(text[start:end].split()) for start, end in cells]
    label, of_row = _parted(words[first]) if first < len(words) else ("", "")
    columns = [_parted(name) for name in (*names, *[""] * (len(words) - len(names)))]
    keys = _keys(words, first)
    values = [
        _with_unit(word, name, of_row if at != first else "", own, unit)
        for at, (word, (name, own)) in enumerate(zip(words, columns, strict=False))
    ]
    if first < len(words) and not of_row:
        label = values[first]
    whose = label + "".join(values[key] for key in keys[1:])
    found = []
    for at, (start, end) in enumerate(cells):
        if start < end and not set(words[at]) <= _NOTHING and at >= first:
            value = label if at == first else values[at]
            name = columns[at][0]
            counted = value if at in keys else _counted(value)
            said = name + counted if at in keys else whose + name + counted
            found.append(Cell(start, end, name, value, counted, _STOPS.sub("，", said)))
    called = _called(caption)
    read = [cell.value if not cell.name or at == 0 else f"{cell.name}：{cell.value}" for at, cell in enumerate(found)]
    said = "，".join(cell.said for cell in found if cell.name or cell.said != whose or len(found) == 1)
    opening = f"{_STOPS.sub('，', caption)}：" if caption else ""
    return Row(*span, tuple(found), f"{called}：" * bool(called) + "，".join(read), f"{opening}{said}。")


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


def _with_unit(word: str, name: str, of_row: str, own: str, of_all: str) -> str:
    """A cell with the unit that its row, its column or the whole table gives, if it is a bare number."""
    if _PLAIN_YEAR.fullmatch(word) and _OF_YEARS.search(name):
        return f"{word}年"
    if not BARE.fullmatch(word):
        return word
    counted = _COUNTS.search(name)
    return word + (of_row or own or (counted["unit"] if counted else "") or of_all)


def _counted(value: str) -> str:
    """A bare number whose unit nobody gives as what a question may count by any word."""
    return f"{value}个" if BARE.fullmatch(value) and not _PLAIN_YEAR.fullmatch(value) else value
