"""The token table reader, on tables computed by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from embeddings.protocol import EmbeddingError, TokenTable
from embeddings.static import StaticEmbedder, is_static_folder
from tests.embeddings.folders import ROWS, mapped, plain, quantised, write_static


@pytest.mark.parametrize("make", [plain, quantised])
def test_vector_is_the_normalised_sum_of_the_rows(make, tmp_path: Path) -> None:
    vectors = StaticEmbedder.read(make(tmp_path / "m")).encode_document(["人才 政策", "Talent dog dog", "人才"])
    assert vectors.dtype == np.float32
    expected = [[3 / 5, 4 / 5, 0], np.array([3, 0, 4.5]) / np.hypot(3, 4.5), [1, 0, 0]]
    np.testing.assert_allclose(vectors, expected, atol=1e-6)


@pytest.mark.parametrize("make", [plain, quantised])
def test_cosines_of_tokens(make, tmp_path: Path) -> None:
    """The same when the lengths of the rows are known from before."""
    embedder = StaticEmbedder.read(make(tmp_path / "m"))
    first, none = embedder.tokens(["policy 人才 policy", ""])
    assert (first.tolist(), none.tolist()) == ([1, 4], [])
    vectors = np.array([[1, 0, 0], [0, 0.6, 0.8]], np.float32)
    expected = [[1, 0], [0, (0.6 * 4 + 0.8 * 0.5) / np.hypot(4, 0.5)]]
    for _ in range(2):
        np.testing.assert_allclose(embedder.cosines(first, vectors), expected, atol=1e-6)
    assert embedder.cosines(none, vectors).shape == (0, 2)
    assert isinstance(embedder, TokenTable)


@pytest.mark.parametrize("make", [plain, quantised, mapped])
def test_nearness_is_the_weighted_mean_of_the_best_cosines(make, tmp_path: Path) -> None:
    """人才 has length 3, 政策 4; a text without tokens, and a question without any, come near to nothing."""
    embedder = StaticEmbedder.read(make(tmp_path / "m"))
    *texts, asked = embedder.tokens(["政策 dog", "人才 政策", "", "dog", "政策 人才"])
    np.testing.assert_allclose(embedder.nearness(asked, texts), [4 / 7, 1, 0, 0], atol=1e-6)
    np.testing.assert_array_equal(embedder.nearness(texts[2], texts), np.zeros(4))
    np.testing.assert_array_equal(embedder.nearness(asked, texts[2:3]), [0])


def test_nearness_of_rows_at_an_angle(tmp_path: Path) -> None:
    embedder = StaticEmbedder.read(plain(tmp_path / "m"))
    asked, talent, policy = embedder.tokens(["人才 政策", "talent", "policy talent"])
    to_talent, to_policy = 3 / np.hypot(3, 0.5), 4 / np.hypot(4, 0.5)
    expected = [3 * to_talent / 7, (3 * to_talent + 4 * to_policy) / 7]
    np.testing.assert_allclose(embedder.nearness(asked, [talent, policy]), expected, atol=1e-6)


def test_mapping_gives_tokens_a_common_row(tmp_path: Path) -> None:
    embedder = StaticEmbedder.read(mapped(tmp_path / "m"))
    np.testing.assert_array_equal(embedder.encode_query(["talent policy"]), embedder.encode_query(["人才 政策"]))
    np.testing.assert_allclose(embedder.encode_query(["talent policy"]), [[0.6, 0.8, 0]], atol=1e-6)


def test_text_without_a_known_token_is_zero(tmp_path: Path) -> None:
    embedder = StaticEmbedder.read(plain(tmp_path / "m"))
    np.testing.assert_array_equal(embedder.encode_query(["", "cat", "  \n", "\ud800"]), np.zeros((4, 3)))


def test_unknown_words_do_not_turn_the_vector(tmp_path: Path) -> None:
    embedder = StaticEmbedder.read(plain(tmp_path / "m"))
    np.testing.assert_array_equal(embedder.encode_query(["人才 cat"]), embedder.encode_query(["人才"]))


def test_more_texts_than_one_batch(tmp_path: Path) -> None:
    embedder = StaticEmbedder.read(plain(tmp_path / "m"))
    vectors = embedder.encode_document(["人才", "政策"] * 1_500)
    np.testing.assert_array_equal(vectors, np.tile(np.eye(3, dtype=np.float32)[:2], (1_500, 1)))


def test_missing_files_are_named(tmp_path: Path) -> None:
    folder = plain(tmp_path / "m")
    (folder / "model.safetensors").unlink()
    with pytest.raises(EmbeddingError, match=r"model\.safetensors' is missing"):
        StaticEmbedder.read(folder)
    with pytest.raises(EmbeddingError, match=r"tokenizer\.json' is missing"):
        StaticEmbedder.read(tmp_path)


@pytest.mark.parametrize("name", ["tokenizer.json", "model.safetensors"])
def test_damaged_files_are_one_line(name: str, tmp_path: Path) -> None:
    folder = plain(tmp_path / "m")
    (folder / name).write_bytes(b"\x10\x00 damaged")
    with pytest.raises(EmbeddingError) as caught:
        StaticEmbedder.read(folder)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_other_tensors_are_refused(tmp_path: Path) -> None:
    folder = write_static(tmp_path / "m", {"encoder.weight": ROWS})
    with pytest.raises(EmbeddingError, match="holds no token table"):
        StaticEmbedder.read(folder)


def test_a_table_too_short_for_its_tokenizer_is_refused(tmp_path: Path) -> None:
    folder = write_static(tmp_path / "m", {"embedding.weight": ROWS[:4]})
    with pytest.raises(EmbeddingError, match="4 token rows for a tokenizer of 6"):
        StaticEmbedder.read(folder)


def test_which_folders_are_static(tmp_path: Path) -> None:
    folder = plain(tmp_path / "m")
    assert is_static_folder(folder)
    modules = json.loads((folder / "modules.json").read_text())
    modules[0]["type"] = "sentence_transformers.models.Transformer"
    (folder / "modules.json").write_text(json.dumps(modules))
    assert not is_static_folder(folder)
    assert not is_static_folder(tmp_path / "none")
