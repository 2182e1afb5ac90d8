"""Reading and preparing in one step: what worker processes do with a file, so that the index has little left to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from embeddings.load import load
from embeddings.static import Origin
from rag.analysis import ChineseAnalyzer
from rag.index.prepared import prepare
from rag.protocols import Embedder
from rag.segmentation import expect_much
from rag.types import Entry


@dataclass(frozen=True, slots=True)
class PreparingReader:
    """A reader whose entries come with terms and vectors, those of a static model. Can be sent to
    another process if `reader` can; the model is loaded there, once."""

    reader: Callable[[bytes, str], tuple[Entry, ...]]
    model: Origin

    def __call__(self, data: bytes, source: str) -> tuple[Entry, ...]:
        """The entries of a file. Raises as the reader does."""
        embedder = _loaded(self.model)
        return prepare(self.reader(data, source), embedder, ChineseAnalyzer())


@lru_cache(maxsize=1)
def _loaded(model: Origin) -> Embedder:
    expect_much()
    return load(model.name, cache_dir=model.cache_dir, bulk=True)
