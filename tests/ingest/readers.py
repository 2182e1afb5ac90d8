"""Readers for tests, importable by worker processes. A file's text says what its reader does."""

from __future__ import annotations

import os
import time

from rag.errors import DocumentError
from rag.types import Chunk, Document, Entry, chunk_id, document_id


def plain(data: bytes, source: str) -> tuple[Entry, ...]:
    """One document a file, articles divided by a line of ---. An empty file is refused."""
    if not data:
        raise DocumentError(f"{source}: an empty file")
    return tuple(entry(text, source) for text in data.decode().split("---\n"))


def hostile(data: bytes, source: str) -> tuple[Entry, ...]:
    """As `plain`, but the text can hang, kill or break its reader."""
    text = data.decode()
    if text == "hang":
        time.sleep(3600)
    if text == "die":
        os._exit(7)
    if text == "break":
        raise ZeroDivisionError("a fault\nin a library")
    return plain(data, source)


def entry(text: str, source: str) -> Entry:
    """A document of one chunk."""
    name = document_id(text)
    document = Document(
        id=name, text=text, title=text[:4], place=None, level=None, author=None, source=source, sources=(source,)
    )
    return Entry(document, (Chunk(chunk_id(name, 0, len(text)), name, 0, len(text), "", text[:4]),))
