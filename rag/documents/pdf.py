"""PDF: the text layer, as paragraphs, with the page on which each begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]

from rag.documents.decode import check
from rag.documents.extract import Extract, paged
from rag.documents.layout import Printed, paragraphs
from rag.errors import DocumentError

MAX_PAGES = 5_000
_LEAST_CHARS = 8


def extracts(data: bytes, source: str) -> tuple[Extract, ...]:
    """The text of a pdf: its text layer, or what OCR sees where there is none and the extra is installed.

    Raises DocumentError: encrypted, damaged, without a text layer, or garbled.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = pdfium_c.FPDF_GetLastError() == pdfium_c.FPDF_ERR_PASSWORD or "password" in str(error).lower()
        what = "is encrypted; save it without a password" if locked else "is a damaged pdf; save it again"
        raise DocumentError(f"{source!r} {what}") from error
    try:
        pages = min(len(document), MAX_PAGES)
        printed = [line for page in range(pages) for line in _printed(document, page)]
        if not _is_text(printed):
            printed = _seen(document, pages, source)
    except pdfium.PdfiumError as error:
        raise DocumentError(f"{source!r} is a damaged pdf; save it again") from error
    finally:
        document.close()
    extract = paged(paragraphs(printed))
    check(extract.text, source)
    return (extract,)


def _is_text(printed: Sequence[Printed]) -> bool:
    return sum(len(line.words) for line in printed) >= _LEAST_CHARS


def _seen(document: pdfium.PdfDocument, pages: int, source: str) -> list[Printed]:
    from rag.documents import ocr  # loads a model: only for a scan

    if not ocr.is_installed():
        raise DocumentError(f"{source!r} has no text layer (a scan); install policy-rag[ocr], or save it with one")
    if pages > ocr.MAX_PAGES:
        raise DocumentError(
            f"{source!r} is a scan of more than {ocr.MAX_PAGES} pages; split it, or save it with a text layer"
        )
    printed = [line for page in range(pages) for line in ocr.printed(document, page)]
    if not _is_text(printed):
        raise DocumentError(f"{source!r} has no text layer and no text that OCR can see; scan it again, sharper")
    return printed


def _printed(document: pdfium.PdfDocument, number: int) -> Iterator[Printed]:
    """The lines of a page from top to bottom, as the text layer orders them."""
    page = document[number]
    height = page.get_height()
    text_page = page.get_textpage()
    try:
        text = text_page.get_text_range()
        at = 0
        for raw in text.splitlines(keepends=True):
            words = raw.strip().replace("\ufffe", "").replace("\u0002", "")
            if words:
                yield _line(
                    text_page, words, at + len(raw) - len(raw.lstrip()), at + len(raw.rstrip()) - 1, height, number
                )
            at += len(raw)
    finally:
        text_page.close()
        page.close()


def _line(text_page: pdfium.PdfTextPage, words: str, first: int, last: int, height: float, number: int) -> Printed:
    count = text_page.count_chars()
    left, bottom, _, _ = text_page.get_charbox(min(first, count - 1), loose=True)
    _, _, right, _ = text_page.get_charbox(min(last, count - 1), loose=True)
    size = pdfium_c.FPDFText_GetFontSize(text_page.raw, min(first, count - 1))
    return Printed(words, left, right, height - bottom, size or 10.0, number)
