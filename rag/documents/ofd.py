"""OFD (GB/T 33190, the Chinese office format): the text layer of a zip of XML, as paragraphs."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from itertools import pairwise

from lxml import etree

from rag.documents.archive import member, opened
from rag.documents.decode import check
from rag.documents.extract import Extract, paged
from rag.documents.layout import Printed, paragraphs
from rag.documents.xml import local, parsed
from rag.errors import DocumentError

MAX_PAGES = 5_000
_LINE_HEIGHT = 0.6


def extracts(data: bytes, source: str) -> tuple[Extract, ...]:
    """The text of an ofd. Raises DocumentError: damaged, encrypted, without text, or garbled."""
    with opened(data, source) as archive:
        printed = list(_pages(archive, source))
    if not printed:
        raise DocumentError(f"{source!r} has no text layer (a scan); run it through OCR and save it with one")
    extract = paged(paragraphs(printed))
    check(extract.text, source)
    return (extract,)


def _pages(archive: zipfile.ZipFile, source: str) -> Iterator[Printed]:
    root = parsed(member(archive, "OFD.xml", source), source)
    number = 0
    for doc_root in _texts(root, "DocRoot"):
        folder = posixpath.dirname(doc_root.lstrip("/"))
        document = parsed(member(archive, doc_root.lstrip("/"), source), source)
        for page in _found(document, "Page"):
            location = page.get("BaseLoc")
            if not location or number >= MAX_PAGES:
                continue
            path = location.lstrip("/") if location.startswith("/") else posixpath.join(folder, location)
            content = parsed(member(archive, posixpath.normpath(path), source), source)
            yield from _lines(_runs(content, number))
            number += 1


def _runs(content: etree._Element, page: int) -> list[Printed]:
    """The text objects of a page, from top to bottom and left to right."""
    runs = []
    for element in _found(content, "TextObject"):
        box = _numbers(element.get("Boundary"))
        words = "".join(code.text or "" for code in _found(element, "TextCode"))
        if len(box) != 4 or not words.strip():
            continue
        left, top, width, height = box
        size = (_numbers(element.get("Size")) or [height])[0] * _scale(element)
        runs.append(Printed(words, left, left + width, top + height, size or 1.0, page))
    return sorted(runs, key=lambda run: (round(run.y, 1), run.left))


def _scale(element: etree._Element) -> float:
    matrix = _numbers(element.get("CTM"))
    return abs(matrix[3]) if len(matrix) == 6 and matrix[3] else 1.0


def _lines(runs: list[Printed]) -> Iterator[Printed]:
    """Runs that stand on one baseline as one line."""
    line: list[Printed] = []
    for run in runs:
        if line and run.y - line[0].y > _LINE_HEIGHT * line[0].size:
            yield _line(line)
            line = []
        line.append(run)
    if line:
        yield _line(line)


def _line(runs: list[Printed]) -> Printed:
    ordered = sorted(runs, key=lambda run: run.left)
    words = ordered[0].words
    for before, run in pairwise(ordered):
        words += (" " if run.left - before.right > 0.8 * run.size else "") + run.words
    first = ordered[0]
    return Printed(words.strip(), first.left, max(run.right for run in ordered), first.y, first.size, first.page)


def _found(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return (element for element in root.iter() if local(element) == name)


def _texts(root: etree._Element, name: str) -> list[str]:
    return [element.text.strip() for element in _found(root, name) if element.text and element.text.strip()]


def _numbers(value: str | None) -> list[float]:
    try:
        return [float(part) for part in (value or "").split()]
    except ValueError:
        return []
