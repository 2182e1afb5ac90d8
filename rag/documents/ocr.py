"""Scanned pages through RapidOCR (extra `ocr`; PP-OCR models for Chinese and English, in the package), where it is installed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import Final, Protocol, cast

import numpy as np
import pypdfium2 as pdfium  # type: ignore[import-untyped]
from numpy.typing import NDArray

from rag.documents.layout import Printed

MAX_PAGES: Final = 200  # about two seconds a page
SCALE: Final = 2.0  # 144 dots an inch: characters of 10 points are 20 pixels high
LEAST_SCORE: Final = 0.5
_LIBRARY: Final = "rapidocr_onnxruntime"

Box = Sequence[Sequence[float]]


class _Reader(Protocol):
    def __call__(self, image: NDArray[np.uint8]) -> tuple[Sequence[tuple[Box, str, float]] | None, object]: ...


def is_installed() -> bool:
    """Whether scanned pages can be read here."""
    return find_spec(_LIBRARY) is not None


def printed(document: pdfium.PdfDocument, page: int) -> Iterator[Printed]:
    """The lines that are seen on a page, from top to bottom; those that are read with less than even confidence left out."""
    bitmap = document[page].render(scale=SCALE)
    found, _ = _reader()(np.ascontiguousarray(bitmap.to_numpy()))
    lines = [_line(box, words, page) for box, words, score in found or () if score >= LEAST_SCORE and words.strip()]
    yield from sorted(lines, key=lambda line: (line.y, line.left))


def _line(box: Box, words: str, page: int) -> Printed:
    columns = [point[0] / SCALE for point in box]
    rows = [point[1] / SCALE for point in box]
    # The size is rounded, so that the boxes of one paragraph, which differ by a pixel, are of one size.
    size = round((max(rows) - min(rows)) / 2) * 2.0
    return Printed(words.strip(), min(columns), max(columns), max(rows), max(size, 1.0), page)


@lru_cache(maxsize=1)
def _reader() -> _Reader:
    from rapidocr_onnxruntime import RapidOCR  # type: ignore[import-not-found]

    return cast(_Reader, RapidOCR())
