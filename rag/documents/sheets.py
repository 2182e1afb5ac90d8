"""Sheets (xlsx, csv, tsv): every row as a line that names its columns."""

from __future__ import annotations

import csv
import datetime
import io
import warnings
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import PurePosixPath
from typing import Final

import openpyxl  # type: ignore[import-untyped]
from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

from rag.documents.archive import DAMAGE, member, opened
from rag.documents.decode import decode
from rag.documents.extract import Extract
from rag.documents.weave import Piece, woven
from rag.errors import DocumentError

MAX_ROWS: Final = 100_000
MAX_CELLS: Final = 200
# What openpyxl raises for a damaged workbook, found by fuzzing.
_DAMAGE: Final = (*DAMAGE, InvalidFileException, LookupError, TypeError, AttributeError, SyntaxError)
_PLAIN_SHEET: Final = ("sheet", "工作表")


def workbook(data: bytes, source: str) -> tuple[Extract, ...]:
    """The text of an xlsx: its sheets in order. Raises DocumentError: damaged or encrypted."""
    _check_parts(data, source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that it leaves out
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheets = [(sheet.title, _sheet_rows(sheet.iter_rows(values_only=True))) for sheet in book.worksheets]
            book.close()
        except _DAMAGE as error:
            raise DocumentError(f"{source!r} is a damaged xlsx; save it again") from error
    pieces: list[Piece] = []
    for title, rows in sheets:
        if rows and len(sheets) > 1 and not title.lower().startswith(_PLAIN_SHEET):
            pieces.append(Piece(title, level=2))
        pieces.extend(_pieces(rows))
    return (_extract(pieces, source),)


def _check_parts(data: bytes, source: str) -> None:
    """Holds the parts of a workbook to the limits of `member`, and refuses document types (entity bombs)."""
    with opened(data, source) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in member(archive, name, source):
                raise DocumentError(f"{source!r} holds a document type, which no such file needs; it is not read")


def delimited(data: bytes, source: str) -> tuple[Extract, ...]:
    """The text of a csv or tsv file. Raises DocumentError as `decode` does, and for a cell without an end."""
    text = decode(data, source)
    try:
        dialect = csv.Sniffer().sniff(text[:4096], delimiters=",\t;|")
    except csv.Error:
        dialect = csv.excel
    try:
        rows = _sheet_rows(csv.reader(io.StringIO(text, newline=""), dialect))
    except csv.Error as error:
        raise DocumentError(f"{source!r} is a damaged csv ({error}); save it again") from error
    return (_extract(list(_pieces(rows)), source),)


def _sheet_rows(rows: Iterable[Sequence[object]]) -> list[list[str]]:
    said = ([_cell(value) for value in row[:MAX_CELLS]] for row in islice(rows, MAX_ROWS))
    return [row for row in said if any(row)]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d") if value.time() == datetime.time() else value.strftime("%Y-%m-%d %H:%M")
    return " ".join(str(value).split())


def _pieces(rows: Sequence[Sequence[str]]) -> Iterator[Piece]:
    """Lines of one cell before the head as they are, then every row under the names in the first row of several cells."""
    names: Sequence[str] | None = None
    for row in rows:
        filled = [cell for cell in row if cell]
        if names is None and len(filled) == 1:
            yield Piece(filled[0])
        elif names is None:
            names = row
            yield Piece("\t".join(filled), row=True)
        else:
            yield Piece("；".join(_named(names, row)), row=True)


def _named(names: Sequence[str], row: Sequence[str]) -> Iterator[str]:
    for at, cell in enumerate(row):
        if cell:
            name = names[at] if at < len(names) else ""
            yield f"{name}：{cell}" if name else cell


def _extract(pieces: Sequence[Piece], source: str) -> Extract:
    """Rows under no line of their own are called as their file: names of columns are no title."""
    text = woven(pieces)
    title = PurePosixPath(source).stem if pieces and pieces[0].row else None
    return Extract(text.text, title=title, whole=True, headings=text.headings, rows=text.rows)
