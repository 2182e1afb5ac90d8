"""Reading and preparing in one step: what worker processes do with a file, so that the index has little left to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from embeddings.load import load
from rag.analysis import ChineseAnalyzer
from rag.index.prepared import prepare
from rag.protocols import Embedder
from rag.types import Entry


@dataclass(frozen=True, slots=True)
class PreparingReader:
    """A reader whose entries come with terms and vectors, those of a static model that `load` finds by name. Can be sent to
    another process if `reader` can; the model is loaded there, once."""

    reader: Callable[[bytes, str], tuple[Entry, ...]]
    model: str

    def __call__(self, data: bytes, source: str) -> tuple[Entry, ...]:
        """The entries of a file. Raises as the reader does."""
        return prepare(self.reader(data, source), _loaded(self.model), ChineseAnalyzer())


@lru_cache(maxsize=1)
def _loaded(model: str) -> Embedder:
    return load(model, bulk=True)
