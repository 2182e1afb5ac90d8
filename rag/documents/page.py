"""The lines of a web page: what is said in each, and what the page's elements say of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml import etree
from lxml import html as lxml_html

from rag.documents.weave import MOST_COLUMNS, in_columns

_SKIPPED: Final = frozenset(
    (
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "select",
        "button",
        "svg",
        "object",
        "head",
        "textarea",
        "nav",
        "input",
        "map",
    )
)
_BLOCKS: Final = frozenset(
    "address article aside blockquote body center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main ol p pre "
    "section table tbody td tfoot th thead tr ul ucapcontent br".split()
)
_HEADINGS: Final = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_SPACES: Final = re.compile(r"[ \t\r\n\f\v\xa0]+")
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CONTAINER: Final = re.compile(
    r"^(?:zoom|zoomcon|ucap-?content|trs_(?:editor|ueditor)|vsb_content|artibody|article|article[-_]?(?:content|body|con|main|text)|content[-_]article"
    r"|news[-_]?(?:content|text|body|con)|pages?[-_]content|main[-_]?(?:content|text)|view[-_]?(?:content|TRS_UEDITOR)|conTxt|xxgk[-_]content|js_content|nr|TRS_PreAppend)$",
    re.IGNORECASE,
)
_AROUND: Final = re.compile(
    r"(?:^|[-_ ])(?:nav|navbar|menu|footer|foot|breadcrumb|crumbs?|share|sidebar|copyright|toolbar|pagination|related|recommend|bdshare)(?:$|[-_ ])",
    re.IGNORECASE,
)


_Row = tuple[etree._Element, Sequence[etree._Element]]


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of a page. `linked` characters of it are links; `level` is its heading element's, 0 without one; `around`: it
    stands in an element that is named as navigation, footer or sharing; `container` counts elements that are named as the
    article's, 0 outside all of them."""

    words: str
    linked: int
    level: int
    row: bool
    bold: bool
    around: bool
    container: int


@dataclass(slots=True)
class _Walk:
    """Where the walk over the page is: the line being gathered and the elements that are open."""

    lines: list[PageLine] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    linked: int = 0
    bold: int = 0
    links: int = 0
    strong: int = 0
    around: int = 0
    level: int = 0
    row: int = 0
    taken: Mapping[etree._Element, int] = field(default_factory=dict)
    containers: list[int] = field(default_factory=list)
    known: int = 0


def page_lines(root: lxml_html.HtmlElement) -> list[PageLine]:
    """The page's lines in order: block elements and `br` end one, a row of a data table is one."""
    walk = _Walk()
    skip: etree._Element | None = None
    rows = _data_rows(root)
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if skip is None and (not tag or tag in _SKIPPED or _is_hidden(element)):
                skip = element
            elif skip is None:
                _enter(walk, element, tag, rows)
        else:
            if skip is None:
                _leave(walk, element, tag, rows)
            elif skip is element:
                skip = None
            if skip is None and element.tail:
                _say(walk, element.tail)
    _flush(walk)
    return walk.lines


def _is_hidden(element: etree._Element) -> bool:
    style = element.get("style")
    return bool(style and _HIDDEN.search(style)) or element.get("hidden") is not None


def _data_rows(root: lxml_html.HtmlElement) -> dict[etree._Element, dict[etree._Element, int]]:
    """Rows of tables that hold data, not the layout of a page: two or more rows of two or more cells, none of them long. Of each row
    its cells, with the number of columns before each that cells of the rows above take."""
    rows: dict[etree._Element, dict[etree._Element, int]] = {}
    for table in root.iter("table"):
        if next(table.iter("table"), None) is not None and len(list(table.iter("table"))) > 1:
            continue
        own = [(row, [cell for cell in row if cell.tag in ("td", "th")]) for row in table.iter("tr")]
        wide = [cells for _, cells in own if len(cells) > 1]
        longest = max((len("".join(cell.itertext())) for cells in wide for cell in cells), default=0)
        if len(wide) > 1 and longest <= 1200:
            rows.update(_columns(own))
    return rows


def _columns(own: Sequence[_Row]) -> dict[etree._Element, dict[etree._Element, int]]:
    """For each row of a table, how many columns before each of its cells, and after the last (under the row itself), are taken by
    cells that reach down from above, or are none of its own."""
    found: dict[etree._Element, dict[etree._Element, int]] = {}
    ends: dict[etree._Element, int] = {}
    reaching: dict[int, int] = {}
    for row, cells in own:
        before, at, further = {}, 0, dict[int, int]()
        for cell in cells:
            first = at
            while reaching.get(at):
                at += 1
            before[cell] = at - first
            width = _spanned(cell, "colspan")
            further.update(dict.fromkeys(range(at, at + width), _spanned(cell, "rowspan") - 1))
            at += width
        reaching = {column: left - 1 for column, left in reaching.items() if left > 1} | further
        found[row], ends[row] = before, at
    widest = max(ends.values(), default=0)
    return {row: before | {row: widest - ends[row]} for row, before in found.items()}


def _spanned(cell: etree._Element, way: str) -> int:
    value = cell.get(way) or ""
    return min(max(int(value), 1), MOST_COLUMNS) if value.isdecimal() and len(value) < 6 else 1


def _enter(
    walk: _Walk, element: etree._Element, tag: str, rows: Mapping[etree._Element, Mapping[etree._Element, int]]
) -> None:
    if tag in _BLOCKS and not walk.row:
        _flush(walk)
    elif tag in ("td", "th") and walk.row:
        walk.parts.append("\t" * (1 + walk.taken.get(element, 0)))
    elif tag in _BLOCKS:
        walk.parts.append(" ")
    walk.row += element in rows
    walk.taken = rows.get(element, walk.taken)
    walk.links += tag == "a"
    walk.strong += tag in ("b", "strong")
    walk.level = _HEADINGS.get(tag, walk.level)
    names = f"{element.get('id') or ''} {element.get('class') or ''}"
    walk.around += tag in ("footer", "nav", "aside") or bool(_AROUND.search(names))
    if any(_CONTAINER.match(name) for name in names.split()):
        walk.known += 1
        walk.containers.append(walk.known)
    if element.text:
        _say(walk, element.text)


def _leave(walk: _Walk, element: etree._Element, tag: str, rows: Collection[etree._Element]) -> None:
    if tag in ("td", "th") and walk.row:
        walk.parts.append("\t" * (_spanned(element, "colspan") - 1))
    if element in rows:
        walk.parts.append("\t" * walk.taken[element])
    names = f"{element.get('id') or ''} {element.get('class') or ''}"
    if tag in _BLOCKS and (not walk.row or element in rows):
        _flush(walk)
    walk.row -= element in rows
    walk.links -= tag == "a"
    walk.strong -= tag in ("b", "strong")
    if tag in _HEADINGS:
        walk.level = 0
    walk.around -= tag in ("footer", "nav", "aside") or bool(_AROUND.search(names))
    if any(_CONTAINER.match(name) for name in names.split()):
        walk.containers.pop()


def _say(walk: _Walk, raw: str) -> None:
    words = _SPACES.sub(" ", raw)
    walk.parts.append(words)
    count = len(words.strip())
    walk.linked += count if walk.links else 0
    walk.bold += count if walk.strong else 0


def _flush(walk: _Walk) -> None:
    joined = "".join(walk.parts)
    before, *cells = (cell.strip(" \u3000\u200b\ufeff") for cell in joined.split("\t"))
    words = in_columns([before, *cells] if before else cells)
    if words:
        bold = walk.bold * 10 >= len(words) * 9
        container = walk.containers[0] if walk.containers else 0
        walk.lines.append(PageLine(words, walk.linked, walk.level, walk.row > 0, bold, walk.around > 0, container))
    walk.parts.clear()
    walk.linked = walk.bold = 0
