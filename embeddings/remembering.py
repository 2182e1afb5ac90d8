"""An embedder that keeps the vectors of the last queries."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from embeddings.protocol import Embedder, Matrix

KEPT: Final = 16


class RememberingEmbedder:
    """An Embedder that encodes the same queries once: a question is compared with passages, then with their sentences. So few
    are kept that those of other requests at the same time find room, and no more. Safe to share between threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._queries = lru_cache(maxsize=KEPT)(self._encoded)

    @property
    def name(self) -> str:
        """That of the embedder inside."""
        return self._embedder.name

    @property
    def fingerprint(self) -> str:
        """That of the embedder inside."""
        return self._embedder.fingerprint

    @property
    def dim(self) -> int:
        """Number of dimensions of a vector."""
        return self._embedder.dim

    def encode_query(self, texts: Sequence[str]) -> Matrix:
        """Query vectors, shape (n, dim), read-only: others have the same ones."""
        return self._queries(tuple(texts))

    def encode_document(self, texts: Sequence[str]) -> Matrix:
        """Document vectors, shape (n, dim)."""
        return self._embedder.encode_document(texts)

    def _encoded(self, texts: tuple[str, ...]) -> Matrix:
        vectors = self._embedder.encode_query(texts)
        vectors.flags.writeable = False
        return vectors
