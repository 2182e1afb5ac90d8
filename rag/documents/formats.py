"""Formats: what a file is, by its content first and its name second, and the reader for it."""

from __future__ import annotations

from typing import Final

from rag.documents import html
from rag.documents.decode import decode
from rag.documents.dump import dumped
from rag.documents.extract import Extract
from rag.errors import DocumentError

MAX_BYTES: Final = 50_000_000


def extracts(data: bytes, source: str) -> tuple[Extract, ...]:
    """The texts in a file, in order, each with its marks. Raises DocumentError."""
    if len(data) > MAX_BYTES:
        raise DocumentError(f"{source!r} is larger than 50 MB; split it into smaller files")
    if _looks_html(data, source):
        return html.extracts(data, source)
    text = decode(data, source)
    return (dumped(text) or Extract(text),)


def _looks_html(data: bytes, source: str) -> bool:
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html")) or (b"<html" in head and b"<head" in head)
