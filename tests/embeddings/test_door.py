"""A sentence-transformers model from the folder to the answer: indexed with, asked with, switched to and from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from embeddings.load import load
from rag.analysis import ChineseAnalyzer
from rag.cli.main import main
from rag.index.engine import EmbeddedEngine
from rag.index.text import embedded_texts, indexed_text
from tests.embeddings.transformer import save_transformer

pytestmark = [pytest.mark.models, pytest.mark.slow]

TEXT = "澄川县人才政策\n澄川县人民政府办公室\n\n第一条 对引进的博士研究生，给予安家补贴30万元。\n\n第二条 哪些县提出了人才政策，另行公布。\n"
QUESTION = "澄川县给博士多少安家补贴?"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RAG_DATA_DIR", "data")
    Path("办法.txt").write_text(TEXT, encoding="utf-8")
    save_transformer(tmp_path / "e5-tiny")
    return tmp_path


def test_the_index_holds_what_the_transformer_says_with_its_prompts(place: Path) -> None:
    from sentence_transformers import SentenceTransformer

    assert main(["index", "办法.txt", "--model", "e5-tiny"]) == 0
    engine = EmbeddedEngine.open(Path("data"), embedder=load("e5-tiny"), analyzer=ChineseAnalyzer())
    snapshot = engine.snapshot()
    (document,) = snapshot.store.documents(10)
    chunks = snapshot.store.document_chunks(document.id)
    raw = SentenceTransformer("e5-tiny", device="cpu")
    texts = embedded_texts([indexed_text(document.text, chunk) for chunk in chunks])
    expected = raw.encode([f"passage: {text}" for text in texts], normalize_embeddings=True)
    query = raw.encode([f"query: {QUESTION}"], normalize_embeddings=True)[0]
    found = {scored.chunk_id: scored.score for scored in snapshot.vectors.search(query, len(chunks))}
    assert found == pytest.approx({chunk.id: float(expected[n] @ query) for n, chunk in enumerate(chunks)}, abs=1e-3)
    np.testing.assert_allclose(load("e5-tiny").encode_query([QUESTION])[0], query, atol=1e-5)
    engine.close()


def test_asked_refused_with_another_and_switched(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["index", "办法.txt", "--model", "e5-tiny"]) == 0
    capsys.readouterr()
    assert main(["ask", QUESTION, "--model", "e5-tiny"]) == 0
    assert "30万元" in capsys.readouterr().out
    for wrong, right in ((["--model", "bundled"], "bundled"), (["--model", "e5-tiny"], "e5-tiny")):
        assert main(["ask", QUESTION, *wrong]) == 1
        refused = capsys.readouterr()
        assert (refused.out, refused.err.count("\n")) == ("", 1)
        assert f"`rag rebuild --model {right}`" in refused.err
        assert main(["rebuild", "--model", right]) == 0
        capsys.readouterr()
        assert main(["ask", QUESTION, *wrong]) == 0
        assert "30万元" in capsys.readouterr().out
