"""How near the tokens of a question come to those of a passage, as a signal of the search."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from embeddings.protocol import Embedder, Matrix
from embeddings.static import StaticEmbedder
from rag.analysis import ChineseAnalyzer
from rag.documents.assemble import read
from rag.index.engine import EmbeddedEngine
from rag.question import understand
from rag.retrieve import Retriever
from tests.embeddings.folders import plain

TEXTS = {"a.txt": "talent\n\ndog talent", "b.txt": "政策\n\ndog policy", "c.txt": "人才\n\n关于人才的若干规定和要求"}


class WithoutTable:
    """The same vectors, as of a model that has no rows to compare."""

    name = fingerprint = "opaque"

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self.dim = inner.dim

    def encode_query(self, texts: Sequence[str]) -> Matrix:
        return self._inner.encode_query(texts)

    def encode_document(self, texts: Sequence[str]) -> Matrix:
        return self._inner.encode_document(texts)


def _signals(folder: Path, embedder: Embedder, question: str) -> dict[str, dict[str, float]]:
    engine = EmbeddedEngine.open(folder, embedder=embedder, analyzer=ChineseAnalyzer(), write=True)
    entries = {name: read(text.encode(), name) for name, text in TEXTS.items()}
    engine.replace(entries, dict.fromkeys(entries, ""))
    snapshot = engine.snapshot()
    hits = Retriever(embedder).search(snapshot, understand(question), 5).hits
    found = {snapshot.store.document(hit.chunk.document_id).source: dict(hit.signals) for hit in hits}
    engine.close()
    return found


def test_the_passage_is_read_with_its_context(tmp_path: Path) -> None:
    """The title of b, in its context, holds 政策 itself."""
    found = _signals(tmp_path / "i", StaticEmbedder.read(plain(tmp_path / "m")), "人才 政策")
    assert found["a.txt"]["near"] == pytest.approx(3 * (3 / np.hypot(3, 0.5)) / 7)
    assert found["b.txt"]["near"] == pytest.approx(4 / 7)


def test_within_one_language_nothing_is_compared(tmp_path: Path) -> None:
    embedder = StaticEmbedder.read(plain(tmp_path / "m"))
    assert _signals(tmp_path / "i", embedder, "人才 政策")["c.txt"]["near"] == 0
    assert _signals(tmp_path / "j", embedder, "talent policy")["c.txt"]["near"] > 0


def test_a_model_without_a_table_gives_the_cosine(tmp_path: Path) -> None:
    found = _signals(tmp_path / "i", WithoutTable(StaticEmbedder.read(plain(tmp_path / "m"))), "人才 政策")
    assert all(found[name]["near"] == found[name]["dense"] != 0 for name in ("a.txt", "b.txt"))
