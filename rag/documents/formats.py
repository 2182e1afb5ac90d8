"""Formats: what a file is, by its content first and its name second, and the reader for it."""

from __future__ import annotations

from typing import Final

from rag.documents.decode import decode
from rag.documents.extract import Extract
from rag.errors import DocumentError

MAX_BYTES: Final = 50_000_000


def extracts(data: bytes, source: str) -> tuple[Extract, ...]:
    """The texts in a file, in order, each with its marks. Raises DocumentError."""
    if len(data) > MAX_BYTES:
        raise DocumentError(f"{source!r} is larger than 50 MB; split it into smaller files")
    return (Extract(decode(data, source)),)
