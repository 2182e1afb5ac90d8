"""Backup and restore: everything comes back, or nothing is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import NotFoundError, StoreError
from rag.index.backup import backup, restore
from rag.index.database import STORE_NAME
from rag.index.engine import EmbeddedEngine
from tests.contracts.test_engine import everything
from tests.index.corpus import CORPUS, DIGESTS, CharacterAnalyzer, CharacterEmbedder, engine


@pytest.fixture
def index(tmp_path: Path) -> Path:
    made = engine(tmp_path / "index")
    made.replace(CORPUS, DIGESTS)
    made.replace({"a.txt": []}, {})
    made.close()
    return tmp_path / "index"


def test_everything_comes_back(index: Path, tmp_path: Path) -> None:
    opened = engine(index)
    backup(index, tmp_path / "copy.ragbackup")
    restore(tmp_path / "copy.ragbackup", tmp_path / "again", embedder=CharacterEmbedder(), analyzer=CharacterAnalyzer())
    again = engine(tmp_path / "again")
    assert everything(again.snapshot()) == everything(opened.snapshot())
    assert again.snapshot().store.generation == 2
    assert again.snapshot().store.source_digests() == opened.snapshot().store.source_digests()
    assert again.replace({"b.txt": CORPUS["b.txt"]}, DIGESTS).generation == 2
    again.close()
    opened.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again", "copy.ragbackup", "index"]


def test_restoring_with_another_model(index: Path, tmp_path: Path) -> None:
    backup(index, tmp_path / "copy")
    other = CharacterEmbedder("other", "e2", turn=3)
    restore(tmp_path / "copy", tmp_path / "again", embedder=other, analyzer=CharacterAnalyzer())
    made = EmbeddedEngine.open(tmp_path / "again", embedder=other, analyzer=CharacterAnalyzer())
    assert made.snapshot().store.manifest.model == "other"
    assert len(made.snapshot().vectors.search(other.encode_query(["人"])[0], 100)) == 7
    made.close()


def test_an_index_is_never_overwritten(index: Path, tmp_path: Path) -> None:
    backup(index, tmp_path / "copy")
    with pytest.raises(StoreError, match="holds an index already"):
        restore(tmp_path / "copy", index, embedder=CharacterEmbedder(), analyzer=CharacterAnalyzer())
    with pytest.raises(StoreError, match="there already"):
        backup(index, tmp_path / "copy")
    with pytest.raises(StoreError, match="is not an index"):
        restore(tmp_path / "copy", tmp_path, embedder=CharacterEmbedder(), analyzer=CharacterAnalyzer())


def test_what_is_not_a_backup(index: Path, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("不是备份")
    with pytest.raises(StoreError, match="text"):
        restore(tmp_path / "text", tmp_path / "again", embedder=CharacterEmbedder(), analyzer=CharacterAnalyzer())
    with pytest.raises(NotFoundError, match="nowhere"):
        restore(tmp_path / "nowhere", tmp_path / "again", embedder=CharacterEmbedder(), analyzer=CharacterAnalyzer())
    with pytest.raises(StoreError, match="no index"):
        backup(tmp_path / "nowhere", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_store_alone_is_an_index_that_mends_itself(index: Path, tmp_path: Path) -> None:
    made = engine(index)
    before = everything(made.snapshot())
    made.close()
    (tmp_path / "alone").mkdir()
    (tmp_path / "alone" / STORE_NAME).write_bytes((index / STORE_NAME).read_bytes())
    made = engine(tmp_path / "alone")
    assert everything(made.snapshot()) == before
    made.close()
