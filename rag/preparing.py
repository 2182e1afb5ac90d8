"""Preparing what was read: what worker processes do with it, so that the index has little left to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from embeddings.load import load
from embeddings.static import Origin
from rag.analysis import ChineseAnalyzer
from rag.index.prepared import prepare
from rag.protocols import Embedder
from rag.segmentation import expect_much
from rag.sketch import sketch
from rag.types import Entry


@dataclass(frozen=True, slots=True)
class Preparer:
    """Gives entries the terms and vectors of their chunks, those of a static model, and their sketch. Can be sent to another
    process; the model is loaded there, once."""

    model: Origin

    def __call__(self, entries: Sequence[Entry]) -> tuple[Entry, ...]:
        """The entries, in the order given."""
        sketched = [replace(entry, sketch=sketch(entry)) for entry in entries]
        return prepare(sketched, _loaded(self.model), ChineseAnalyzer())


@lru_cache(maxsize=1)
def _loaded(model: Origin) -> Embedder:
    expect_much()
    return load(model.name, cache_dir=model.cache_dir, bulk=True)
