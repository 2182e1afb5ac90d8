"""The seam between the engine and an embedding model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


class EmbeddingError(Exception):
    """A model cannot be found, loaded or run. The message is one line: what, where, what to do."""


class Embedder(Protocol):
    """Turns texts into vectors. The caller says whether a text is a query or a document: a model may treat them differently."""

    @property
    def name(self) -> str:
        """Name or path that loads the same model again (`RAG_MODEL`)."""
        ...

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) over weights and tokenizer: two models with one fingerprint give the same vectors."""
        ...

    @property
    def dim(self) -> int:
        """Number of dimensions of a vector."""
        ...

    def encode_query(self, texts: Sequence[str]) -> Matrix:
        """Query vectors: float32, shape (n, dim), rows L2-normalised; a text without a known token gives a zero row."""
        ...

    def encode_document(self, texts: Sequence[str]) -> Matrix:
        """Document vectors: float32, shape (n, dim), rows L2-normalised; a text without a known token gives a zero row."""
        ...


@runtime_checkable
class TokenTable(Protocol):
    """What an embedder also is whose texts are sums of rows: the rows can be compared one by one."""

    def tokens(self, texts: Sequence[str]) -> Sequence[NDArray[np.int32]]:
        """The known tokens of each text: their ids, ascending, each once."""
        ...

    def encode_with_tokens(self, texts: Sequence[str]) -> tuple[Matrix, Sequence[NDArray[np.int32]]]:
        """The vectors of texts as `encode_document` gives them, and their tokens as `tokens` does: a text is read once."""
        ...

    def cosines(self, tokens: NDArray[np.int32], vectors: Matrix) -> Matrix:
        """The cosine of the row of each token with each of the unit vectors, float32, shape (len(tokens), len(vectors))."""
        ...

    def nearness(self, asked: NDArray[np.int32], held: Sequence[NDArray[np.int32]]) -> NDArray[np.float32]:
        """How near each text that holds certain tokens comes to the asked ones: the mean over the asked of the cosine with the nearest
        held one, each asked one by the length of its row; float32, shape (len(held),), −1 to 1, 0 where there are no tokens."""
        ...
