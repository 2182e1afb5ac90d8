"""The sentence-transformers door, through a real transformer saved on the spot."""

from __future__ import annotations

import http.server
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from embeddings.load import BUNDLED_FOLDER, load
from embeddings.protocol import EmbeddingError
from embeddings.sentence import Prompts, SentenceTransformerEmbedder, prompts_for
from embeddings.static import StaticEmbedder
from tests.embeddings.folders import mapped, plain, quantised
from tests.embeddings.transformer import save_transformer

BGE_ZH = "为这个句子生成表示以用于检索相关文章："
TEXTS = [
    "祁东县提出了哪些人才政策?",
    "What talent policies did Qidong County propose?",
    "祁办发〔2022〕15号，“1+N”人才政策体系。\n第二行\t制表",
    "繁體中文：組織部",
    "ＡＢＣ１２３ ﬁ é ñ 😀 한국어 русский",
    "",
    "   ",
    "长文本" * 500,
]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("intfloat/multilingual-e5-small", Prompts("query: ", "passage: ")),
        ("models/e5-base-v2/", Prompts("query: ", "passage: ")),
        ("BAAI/bge-m3", Prompts("", "")),
        ("BAAI/bge-small-zh-v1.5", Prompts(BGE_ZH, "")),
        ("BAAI/bge-base-en-v1.5", Prompts("Represent this sentence for searching relevant passages: ", "")),
        ("thenlper/gte-base-zh", Prompts("", "")),
        ("my-model", Prompts("", "")),
    ],
)
def test_prompts_of_the_families(name: str, expected: Prompts) -> None:
    assert prompts_for(name) == expected


def test_instruct_models_ask_with_a_task() -> None:
    assert prompts_for("Qwen/Qwen3-Embedding-0.6B").query.startswith("Instruct: ")
    assert prompts_for("intfloat/multilingual-e5-large-instruct").document == ""


def test_a_models_own_prompts_come_first() -> None:
    assert prompts_for("e5-mine", {"query": "Q ", "document": ""}) == Prompts("Q ", "")
    assert prompts_for("e5-mine", {"query": "", "passage": "P "}) == Prompts("", "P ")
    assert prompts_for("e5-mine", {"query": "", "document": ""}) == Prompts("query: ", "passage: ")


@pytest.mark.models
def test_query_and_document_differ_by_their_prompts(tmp_path: Path) -> None:
    folder = save_transformer(tmp_path / "e5-tiny")
    nameless = shutil.copytree(folder, tmp_path / "nameless")
    with_prompts, bare = load(str(folder)), load(str(nameless))
    np.testing.assert_allclose(with_prompts.encode_query(["talent"]), bare.encode_query(["query: talent"]), atol=1e-5)
    np.testing.assert_allclose(
        with_prompts.encode_document(["talent"]), bare.encode_document(["passage: talent"]), atol=1e-5
    )
    assert not np.allclose(with_prompts.encode_query(["talent"]), with_prompts.encode_document(["talent"]), atol=1e-2)
    assert with_prompts.fingerprint != bare.fingerprint


@pytest.mark.models
def test_progress_counts_texts(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    folder = save_transformer(tmp_path / "m")
    embedder = SentenceTransformerEmbedder(
        str(folder), batch=2, progress=lambda done, total: heard.append((done, total))
    )
    embedder.encode_document(["a", "bb", "ccc"])
    assert heard == [(2, 3), (3, 3)]


@pytest.mark.models
def test_batches_hold_texts_of_like_length(tmp_path: Path) -> None:
    """Of letters that are one token each, the longest go first and none is filled up by more than its batch's longest."""
    embedder = SentenceTransformerEmbedder(str(save_transformer(tmp_path / "m")), batch=2)
    shapes: list[tuple[int, ...]] = []
    embedder._model[0].register_forward_pre_hook(lambda _, given: shapes.append(tuple(given[0]["input_ids"].shape)))
    texts = [" ".join("a" * length) for length in (1, 40, 2, 38, 9)]
    vectors = embedder.encode_document(texts)
    assert shapes == [(2, 42), (2, 11), (1, 3)]
    np.testing.assert_allclose(vectors, np.concatenate([embedder.encode_document([text]) for text in texts]), atol=1e-5)


@pytest.mark.models
def test_loading_prints_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = save_transformer(tmp_path / "m")
    capfd.readouterr()
    load(str(folder)).encode_query(["人才"])
    assert capfd.readouterr() == ("", "")


@pytest.mark.models
def test_another_weight_is_another_fingerprint(tmp_path: Path) -> None:
    first = load(str(save_transformer(tmp_path / "one" / "m", seed=0)))
    second = load(str(save_transformer(tmp_path / "two" / "m", seed=1)))
    again = load(str(save_transformer(tmp_path / "three" / "m", seed=0)))
    assert first.fingerprint == again.fingerprint != second.fingerprint


def test_another_byte_of_a_table_is_another_fingerprint(tmp_path: Path) -> None:
    first, second = plain(tmp_path / "one"), plain(tmp_path / "two")
    assert StaticEmbedder.read(first).fingerprint == StaticEmbedder.read(second).fingerprint
    weights = bytearray((second / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (second / "model.safetensors").write_bytes(weights)
    assert StaticEmbedder.read(first).fingerprint != StaticEmbedder.read(second).fingerprint


@pytest.mark.models
@pytest.mark.parametrize("make", [plain, quantised, mapped])
def test_sentence_transformers_gives_the_same_vectors_for_a_table(make, tmp_path: Path) -> None:
    folder = make(tmp_path / "m")
    texts = ["人才 政策", "talent dog cat", "cat", ""]
    ours, theirs = StaticEmbedder.read(folder), SentenceTransformerEmbedder(str(folder))
    np.testing.assert_allclose(ours.encode_query(texts), theirs.encode_query(texts), atol=1e-5)


@pytest.mark.models
def test_sentence_transformers_gives_the_same_vectors_for_the_bundled_model() -> None:
    ours, theirs = load(None), SentenceTransformerEmbedder(str(BUNDLED_FOLDER))
    assert ours.dim == theirs.dim
    np.testing.assert_allclose(ours.encode_query(TEXTS), theirs.encode_query(TEXTS), atol=1e-5)


@pytest.mark.models
def test_an_onnx_file_gives_the_same_vectors_where_its_parts_are_installed(tmp_path: Path) -> None:
    pytest.importorskip("optimum.onnxruntime", exc_type=ImportError)
    from sentence_transformers import SentenceTransformer

    loaded = []
    for seed in (0, 1):
        folder = save_transformer(tmp_path / f"torch-{seed}", seed=seed)
        exported = SentenceTransformer(str(folder), backend="onnx", model_kwargs={"export": True})
        exported.save_pretrained(str(tmp_path / f"onnx-{seed}"))
        loaded.append(SentenceTransformerEmbedder(str(tmp_path / f"onnx-{seed}")))
        assert loaded[-1]._model.get_backend() == "onnx"
        np.testing.assert_allclose(loaded[-1].encode_query(TEXTS), load(str(folder)).encode_query(TEXTS), atol=1e-5)
    assert loaded[0].fingerprint != loaded[1].fingerprint


@pytest.mark.models
def test_a_damaged_onnx_file_leaves_the_torch_weights(tmp_path: Path) -> None:
    folder = save_transformer(tmp_path / "m")
    expected = load(str(folder)).encode_query(TEXTS)
    (folder / "onnx").mkdir()
    (folder / "onnx" / "model.onnx").write_bytes(b"damaged")
    np.testing.assert_array_equal(load(str(folder)).encode_query(TEXTS), expected)


def ask(model: str, **environ: str) -> tuple[str, float]:
    """What a process says that wants a model, and the seconds that it took."""
    begun = time.monotonic()
    code = "import sys; from rag.cli.main import main; sys.exit(main(['ask', '有哪些政策？', '--model', sys.argv[1]]))"
    done = subprocess.run(
        [sys.executable, "-c", code, model], capture_output=True, text=True, env={**os.environ, **environ}, check=False
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    return done.stderr, time.monotonic() - begun


@pytest.mark.models
def test_a_name_that_cannot_be_had_is_one_line_at_once(tmp_path: Path) -> None:
    """The hub is here a server that takes connections and never answers; the libraries alone ask it for over a minute."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        hub = f"http://127.0.0.1:{mute.getsockname()[1]}"
        told, seconds = ask("nobody/no-such-model", HF_ENDPOINT=hub, HF_HOME=str(tmp_path), HF_HUB_OFFLINE="0")
    assert f"'nobody/no-such-model' is not in the cache ({tmp_path}/hub), and {hub} does not answer" in told
    assert seconds < 10  # 2 on a machine that does nothing else


@pytest.mark.models
def test_offline_nobody_is_asked(tmp_path: Path) -> None:
    told, _ = ask("nobody/no-such-model", HF_HOME=str(tmp_path), HF_HUB_OFFLINE="1")
    assert "and HF_HUB_OFFLINE is set" in told


@pytest.mark.models
def test_a_model_that_the_hub_has_not_is_one_line(tmp_path: Path) -> None:
    class Hub(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            """Nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        hub = f"http://127.0.0.1:{server.server_address[1]}"
        told, _ = ask("nobody/no-such-model", HF_ENDPOINT=hub, HF_HOME=str(tmp_path), HF_HUB_OFFLINE="0")
        server.shutdown()
    assert f"{hub} has none of that name for you" in told


@pytest.mark.models
def test_what_can_be_no_name_is_one_line() -> None:
    with pytest.raises(EmbeddingError, match="'a b' is no model's name"):
        load("a b")


@pytest.mark.models
def test_folder_without_a_model_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(EmbeddingError, match="cannot load model") as caught:
        load(str(tmp_path / "empty"))
    assert "\n" not in str(caught.value)
