"""Word documents (docx): paragraphs with their numbers, headings by style, tables as rows, text boxes.

The parts are read with lxml and not with python-docx, which refuses files with a dangling relationship (WPS writes them) and
whose paragraphs have neither list numbers nor text boxes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from rag.documents.archive import member, opened
from rag.documents.decode import check
from rag.documents.extract import Extract
from rag.documents.numbering import Numbering, numbering
from rag.documents.weave import MOST_COLUMNS, Piece, in_columns, woven
from rag.documents.xml import local, parsed

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL: Final = f"{_W}val"
_HEADING: Final = re.compile(r"^(?:heading|标题)\s*([1-6])$", re.IGNORECASE)
_SKIPPED: Final = frozenset(("Fallback", "del", "moveFrom", "instrText", "delText", "pPr", "sectPr"))


@dataclass(slots=True)
class _State:
    """What reading a document needs: heading level by style, numbers of list paragraphs."""

    levels: dict[str, int]
    numbers: Numbering
    pieces: list[Piece] = field(default_factory=list)


def extracts(data: bytes, source: str) -> tuple[Extract, ...]:
    """The text of a docx. Raises DocumentError: damaged, encrypted, or garbled."""
    with opened(data, source) as archive:
        names = set(archive.namelist())
        body = parsed(member(archive, "word/document.xml", source), source)
        styles = _styles(archive, names, source)
        numbers = numbering(
            parsed(member(archive, "word/numbering.xml", source), source) if "word/numbering.xml" in names else None
        )
        title = _core_title(archive, names, source)
    state = _State(styles, numbers)
    for element in body.iter(f"{_W}body"):
        _walk(state, element)
    text = woven(state.pieces)
    check(text.text, source)
    said = {"".join(piece.words.split()) for piece in state.pieces[:12]}
    return (
        Extract(
            text.text,
            title=title if "".join(title.split()) in said else None,
            whole=True,
            headings=text.headings,
            rows=text.rows,
        ),
    )


def _core_title(archive: zipfile.ZipFile, names: set[str], source: str) -> str:
    """The title property: believed only where the text says it as well, since templates leave theirs behind."""
    if "docProps/core.xml" not in names:
        return ""
    root = parsed(member(archive, "docProps/core.xml", source), source)
    return next((element.text or "" for element in root.iter() if local(element) == "title"), "")


def _styles(archive: zipfile.ZipFile, names: set[str], source: str) -> dict[str, int]:
    """Heading level, 1–6, by style id."""
    levels: dict[str, int] = {}
    if "word/styles.xml" not in names:
        return levels
    for style in parsed(member(archive, "word/styles.xml", source), source).iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        called = (name.get(_VAL) or "") if name is not None else ""
        match = _HEADING.match(called)
        if match is not None:
            levels[style.get(f"{_W}styleId") or ""] = int(match.group(1))
    return levels


def _walk(state: _State, parent: etree._Element) -> None:
    """Paragraphs and tables in the order of the body, those in content controls included."""
    for element in parent:
        name = local(element)
        if name == "p":
            _paragraph(state, element)
        elif name == "tbl":
            _table(state, element)
        elif name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
            _walk(state, element)


def _paragraph(state: _State, paragraph: etree._Element) -> None:
    words = "".join(_runs(paragraph)).strip()
    number = state.numbers.next(paragraph)
    if words:
        level = state.levels.get(_style(paragraph), 0)
        state.pieces.append(Piece(f"{number}{words}", level))
    for box in paragraph.iter(f"{_W}txbxContent"):
        if not any(local(ancestor) == "Fallback" for ancestor in box.iterancestors()):
            _walk(state, box)


def _style(paragraph: etree._Element) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return (style.get(_VAL) or "") if style is not None else ""


def _runs(element: etree._Element) -> Iterator[str]:
    """Text of a paragraph in order; deleted text, field codes and text boxes left out, breaks as spaces."""
    for child in element:
        name = local(child)
        if name == "t":
            yield child.text or ""
        elif name in ("tab", "br", "cr"):
            yield " "
        elif name == "noBreakHyphen":
            yield "-"
        elif name not in _SKIPPED and name != "txbxContent":
            yield from _runs(child)


def _table(state: _State, table: etree._Element) -> None:
    """Each row as one line of cells, one that spans several columns with empty ones after it, so that all stand under their names; a
    table of one column as its paragraphs (a frame, not data)."""
    rows = list(table.iterchildren(f"{_W}tr"))
    wide = any(len(list(row.iterchildren(f"{_W}tc"))) > 1 for row in rows)
    for row in rows:
        cells = list(row.iterchildren(f"{_W}tc"))
        if not wide:
            for cell in cells:
                _walk(state, cell)
            continue
        said: list[str] = []
        for cell in cells:
            said.append(" ".join("".join(_runs(paragraph)).strip() for paragraph in cell.iter(f"{_W}p")).strip())
            said += [""] * (_span(cell) - 1)
        if any(said):
            state.pieces.append(Piece(in_columns(said), row=True))


def _span(cell: etree._Element) -> int:
    """How many columns a cell takes, at most MOST_COLUMNS."""
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    value = (span.get(_VAL) or "") if span is not None else ""
    return min(int(value), MOST_COLUMNS) if value.isdecimal() else 1
