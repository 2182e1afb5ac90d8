"""Formats: what a file is, by its content first and its name second, and the reader for it."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from rag.documents import archive
from rag.documents.decode import decode
from rag.documents.dump import dumped
from rag.documents.extract import Extract
from rag.errors import DocumentError

MAX_BYTES: Final = 50_000_000
SUFFIXES: Final = frozenset(
    "txt text md markdown html htm shtml xhtml mht mhtml docx pdf ofd xlsx csv tsv zip doc wps wpt rtf xls et".split()
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SHEETS: Final = frozenset(("xls", "et"))
_UNREAD: Final = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"BM", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"Rar!", "a rar archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)
_ADVICE: Final = {"a picture": "run it through OCR", "a program": "leave it out"}


def extracts(data: bytes, source: str) -> tuple[Extract, ...]:
    """The texts in a file that is not a zip of files, in order, each with its marks. Raises DocumentError."""
    if len(data) > MAX_BYTES:
        raise DocumentError(f"{source!r} is larger than {MAX_BYTES // 1_000_000} MB; split it into smaller files")
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data, source)
    return _single(data, source)


def _suffix(source: str) -> str:
    return PurePosixPath(source.replace("\\", "/")).suffix.lower().lstrip(".")


def _single(data: bytes, source: str) -> tuple[Extract, ...]:
    suffix = _suffix(source)
    if data[:1024].lstrip().startswith(b"%PDF-"):
        from rag.documents import pdf  # readers load large libraries: only when a file needs one

        return pdf.extracts(data, source)
    if data.startswith((_OLE, b"{\\rtf")):
        return _old_office(data, suffix, source)
    for magic, what in _UNREAD:
        if data.startswith(magic) and (len(magic) > 2 or b"\x00" in data[:64]):
            raise DocumentError(f"{source!r} is {what}; {_ADVICE.get(what, 'unpack it')}")
    if _is_web_archive(data):
        from rag.documents import mht

        return mht.extracts(data, source)
    if _is_page(data, suffix):
        from rag.documents import html

        return html.extracts(data, source)
    if suffix in ("csv", "tsv"):
        from rag.documents import sheets

        return sheets.delimited(data, source)
    text = decode(data, source)
    return (dumped(text) or Extract(text),)


def _is_page(data: bytes, suffix: str) -> bool:
    head = data[:4096].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html")):
        return True
    if b"<html" in head and (b"<head" in head or b"<body" in head):
        return head.startswith(b"<")
    return suffix in ("html", "htm", "shtml", "xhtml") and b"<" in head


def _is_web_archive(data: bytes) -> bool:
    head = data[:4096].lower()
    return b"mime-version:" in head and b"multipart/related" in head


def _old_office(data: bytes, suffix: str, source: str) -> tuple[Extract, ...]:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise DocumentError(f"{source!r} is encrypted; save it without a password")
    from rag.documents.office import converted

    if suffix in _SHEETS:
        from rag.documents import sheets

        return sheets.workbook(converted(data, suffix, "xlsx", source), source)
    from rag.documents import docx

    return docx.extracts(converted(data, suffix if suffix in SUFFIXES else "doc", "docx", source), source)


def _zipped(data: bytes, source: str) -> tuple[Extract, ...]:
    with archive.opened(data, source) as container:
        names = set(container.namelist())
    if "word/document.xml" in names:
        from rag.documents import docx

        return docx.extracts(data, source)
    if "xl/workbook.xml" in names:
        from rag.documents import sheets

        return sheets.workbook(data, source)
    if "OFD.xml" in names:
        from rag.documents import ofd

        return ofd.extracts(data, source)
    if "ppt/presentation.xml" in names or "mimetype" in names:
        raise DocumentError(f"{source!r} is a presentation or another office format; save it as docx or pdf")
    raise DocumentError(f"{source!r} is a zip in a zip; unpack it, zips in zips are not opened")
