"""The embedder that keeps the vectors of the last queries: the same vectors, made once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from embeddings.load import load
from embeddings.protocol import Embedder, Matrix
from embeddings.remembering import KEPT, RememberingEmbedder
from tests.embeddings.folders import plain


class Counting:
    """An Embedder that notes what it is asked for."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name, self.fingerprint, self.dim = embedder.name, embedder.fingerprint, embedder.dim
        self.asked: list[Sequence[str]] = []

    def encode_query(self, texts: Sequence[str]) -> Matrix:
        self.asked.append(texts)
        return self._embedder.encode_query(texts)

    def encode_document(self, texts: Sequence[str]) -> Matrix:
        return self._embedder.encode_document(texts)


@pytest.fixture
def counting(tmp_path: Path) -> Counting:
    return Counting(load(str(plain(tmp_path / "model"))))


def test_a_query_is_encoded_once_until_many_others_came(counting: Counting) -> None:
    embedder = RememberingEmbedder(counting)
    for text in ("人才", "政策", "人才"):
        np.testing.assert_array_equal(embedder.encode_query([text]), counting._embedder.encode_query([text]))
    assert counting.asked == [("人才",), ("政策",)]
    for number in range(KEPT):
        embedder.encode_query([str(number)])
    embedder.encode_query(["人才"])
    assert counting.asked[-1] == ("人才",)


def test_what_is_shared_cannot_be_changed(counting: Counting) -> None:
    with pytest.raises(ValueError, match="read-only"):
        RememberingEmbedder(counting).encode_query(["人才"])[0] *= 2
