"""What every Embedder promises, by value, over each implementation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from embeddings.load import load
from embeddings.protocol import Embedder
from tests.embeddings.folders import plain, quantised
from tests.embeddings.transformer import save_transformer

TEXTS = ["人才 政策", "dog", "人才", "policy talent dog dog", "政策 政策 人才", "talent"]


def _transformer(folder: Path) -> Embedder:
    return load(str(save_transformer(folder)))


MAKERS: dict[str, Callable[[Path], Embedder]] = {
    "plain table": lambda folder: load(str(plain(folder))),
    "quantised table": lambda folder: load(str(quantised(folder))),
    "bundled model": lambda folder: load(None),
    "transformer": _transformer,
}
PARAMETERS = [pytest.param(name, marks=pytest.mark.models if name == "transformer" else ()) for name in MAKERS]


@pytest.fixture(scope="module", params=PARAMETERS)
def embedder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    return MAKERS[request.param](tmp_path_factory.mktemp("embedder") / "model")


@pytest.mark.parametrize("side", ["encode_query", "encode_document"])
def test_vectors_are_float32_unit_rows(embedder: Embedder, side: str) -> None:
    vectors = getattr(embedder, side)(TEXTS)
    assert (vectors.dtype, vectors.shape) == (np.float32, (len(TEXTS), embedder.dim))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), np.ones(len(TEXTS)), atol=1e-6)


@pytest.mark.parametrize("side", ["encode_query", "encode_document"])
def test_no_text_gives_no_row(embedder: Embedder, side: str) -> None:
    vectors = getattr(embedder, side)([])
    assert (vectors.dtype, vectors.shape) == (np.float32, (0, embedder.dim))


def test_the_same_text_gives_the_same_vector(embedder: Embedder) -> None:
    np.testing.assert_array_equal(embedder.encode_query(TEXTS), embedder.encode_query(TEXTS))


def test_a_batch_equals_its_texts_alone(embedder: Embedder) -> None:
    alone = np.concatenate([embedder.encode_document([text]) for text in TEXTS])
    np.testing.assert_allclose(embedder.encode_document(TEXTS), alone, atol=1e-5)


def test_rows_keep_the_order_of_the_texts(embedder: Embedder) -> None:
    turned = embedder.encode_document(TEXTS[::-1])[::-1]
    np.testing.assert_allclose(embedder.encode_document(TEXTS), turned, atol=1e-5)


def test_name_loads_the_same_model(embedder: Embedder) -> None:
    again = load(embedder.name)
    assert again.fingerprint == embedder.fingerprint
    np.testing.assert_array_equal(again.encode_query(TEXTS), embedder.encode_query(TEXTS))


def test_fingerprint_is_a_sha256(embedder: Embedder) -> None:
    assert len(embedder.fingerprint) == 64
    assert set(embedder.fingerprint) <= set("0123456789abcdef")
