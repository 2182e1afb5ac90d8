"""The optional cross-encoder: a real one, made here, changes scores by what it says and by nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from rag.config import settings
from rag.errors import ModelError
from rag.retrieve import RERANKER_WEIGHT
from rag.service import Service
from tests.embeddings.transformer import LETTERS

ARTICLE = "云溪县人才工作\n\n云溪县提出人才政策，给博士安家费30万元。\n\n云溪县提出哪些政策，由县里公布。\n"


def save_cross_encoder(folder: Path, labels: int = 1) -> Path:
    """Saves a BERT classifier of one layer and 8 dimensions over single letters; returns its folder."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder.mkdir()
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    with torch.random.fork_rng():
        torch.manual_seed(1)
        config = BertConfig(
            vocab_size=len(vocabulary),
            hidden_size=8,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=16,
            num_labels=labels,
            initializer_range=0.9,
        )
        BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def _open(tmp_path: Path, reranker: Path | None) -> Service:
    environ = {"HOME": str(tmp_path)} | ({"RAG_RERANKER": str(reranker)} if reranker else {})
    return Service.open(settings(data_dir=str(tmp_path / "index"), environ=environ), write=True)


def _signals(service: Service) -> Sequence[tuple[int, float, float]]:
    hits = service.search("云溪县提出了哪些人才政策？").hits
    return sorted((hit.chunk.id, hit.score, hit.signals.get("reranker", 0.0)) for hit in hits)


@pytest.mark.models
def test_its_relevance_is_added_to_the_score(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    plain = _open(tmp_path, None)
    plain.index([tmp_path / "a.txt"])
    before = _signals(plain)
    plain.close()
    service = _open(tmp_path, save_cross_encoder(tmp_path / "cross"))
    after = _signals(service)
    service.close()
    assert [i for i, *_ in after] == [i for i, *_ in before]
    assert all(0 < value < 1 for _, _, value in after)
    expected = [score + RERANKER_WEIGHT * value for (_, score, _), (_, _, value) in zip(before, after, strict=True)]
    assert [score for _, score, _ in after] == pytest.approx(expected)


@pytest.mark.models
def test_what_is_no_cross_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="2 numbers a pair"):
        _open(tmp_path, save_cross_encoder(tmp_path / "two", labels=2))
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="cannot be loaded"):
        _open(tmp_path, tmp_path / "empty")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        _open(tmp_path, tmp_path / "nowhere")
