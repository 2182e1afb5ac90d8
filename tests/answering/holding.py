"""A service that holds a few documents written in a test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from rag.config import settings
from rag.service import Service


def holding(factory: pytest.TempPathFactory, documents: Mapping[str, str]) -> Iterator[Service]:
    """The service over documents, text by file name; closed when the test or module is done with it."""
    folder = factory.mktemp("docs")
    for name, text in documents.items():
        (folder / name).write_text(text, encoding="utf-8")
    service = Service.open(settings(data_dir=str(factory.mktemp("index")), environ={}), write=True)
    service.index([folder])
    yield service
    service.close()
