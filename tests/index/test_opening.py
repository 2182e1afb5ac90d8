"""Opening: each thing that can be wrong with a directory has one line that says so, or is mended."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.errors import FormatError, MismatchError, RagError, StoreError
from rag.index.database import STORE_NAME, connect
from rag.index.engine import LOCK_NAME, SEGMENTS_NAME, EmbeddedEngine, holds_index
from rag.index.lock import exclusive
from tests.index.corpus import CORPUS, DIGESTS, CharacterAnalyzer, CharacterEmbedder, engine, entry

QUERY = {"text": {"人": 1.0, "补": 2.0}, "context": {"人": 1.0}}


def reader(directory: Path) -> EmbeddedEngine:
    return EmbeddedEngine.open(directory, embedder=CharacterEmbedder(), analyzer=CharacterAnalyzer())


@pytest.fixture
def index(tmp_path: Path) -> Path:
    directory = tmp_path / "index"
    made = engine(directory)
    made.replace(CORPUS, DIGESTS)
    made.close()
    return directory


def found(made: EmbeddedEngine) -> tuple[object, ...]:
    snapshot = made.snapshot()
    vector = CharacterEmbedder().encode_query(["人才补贴"])[0]
    return snapshot.lexical.search(QUERY, 50), snapshot.vectors.search(vector, 50), snapshot.store.count()


def message(action: Callable[[], object], kind: type[RagError]) -> str:
    with pytest.raises(kind) as caught:
        action()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_no_index_to_read(tmp_path: Path) -> None:
    assert "rag index" in message(lambda: reader(tmp_path / "nowhere"), StoreError)
    assert "rag index" in message(lambda: reader(tmp_path), StoreError)
    assert not holds_index(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_directory_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("不是索引")
    assert "'letter.txt'" in message(lambda: engine(tmp_path), StoreError)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_file_instead_of_a_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert repr(str(tmp_path / "file")) in message(lambda: engine(tmp_path / "file"), StoreError)


def test_a_store_that_is_not_sqlite(index: Path) -> None:
    (index / STORE_NAME).write_bytes(b"not a database" * 100)
    assert repr(str(index)) in message(lambda: reader(index), StoreError)
    assert repr(str(index)) in message(lambda: engine(index), StoreError)


def test_a_database_of_somebody_else(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / STORE_NAME) as other:
        other.execute("CREATE TABLE addresses (name TEXT)")
    other.close()
    assert "is not an index" in message(lambda: reader(tmp_path), StoreError)


def test_another_model(index: Path) -> None:
    other = CharacterEmbedder("bge-m3", "e2", turn=5)
    text = message(lambda: EmbeddedEngine.open(index, embedder=other, analyzer=CharacterAnalyzer()), MismatchError)
    assert "'characters'" in text
    assert "`rag rebuild --model bge-m3`" in text
    made = EmbeddedEngine.open(index, embedder=other, analyzer=CharacterAnalyzer(), write=True, rebuild=True)
    made.rebuild()
    vector = other.encode_query(["人才补贴"])[0]
    assert made.snapshot().vectors.search(vector, 1)[0].score > 0.5
    assert made.snapshot().store.count() == 4
    made.close()
    assert "`rag rebuild --model characters`" in message(lambda: reader(index), MismatchError)


def test_another_analyzer(index: Path) -> None:
    other = CharacterAnalyzer("a2")
    text = message(lambda: EmbeddedEngine.open(index, embedder=CharacterEmbedder(), analyzer=other), MismatchError)
    assert text.endswith("run `rag rebuild`")


def test_the_same_model_computing_otherwise(index: Path) -> None:
    drifted = CharacterEmbedder(turn=1)
    text = message(lambda: EmbeddedEngine.open(index, embedder=drifted, analyzer=CharacterAnalyzer()), MismatchError)
    assert "`rag rebuild" in text


def test_an_empty_index_takes_any_model(tmp_path: Path) -> None:
    engine(tmp_path).close()
    other = CharacterEmbedder("other", "e2", turn=5)
    made = EmbeddedEngine.open(tmp_path, embedder=other, analyzer=CharacterAnalyzer("a2"), write=True)
    made.replace(CORPUS, DIGESTS)
    made.close()
    message(lambda: reader(tmp_path), MismatchError)


def test_a_change_with_another_model_is_refused(index: Path) -> None:
    """Another process rebuilt the index with another model while this one had it open."""
    late = engine(index)
    other = EmbeddedEngine.open(
        index, embedder=CharacterEmbedder("other", "e2"), analyzer=CharacterAnalyzer(), write=True, rebuild=True
    )
    other.rebuild()
    message(late.snapshot, MismatchError)
    message(lambda: late.remove([]), MismatchError)
    late.close()
    other.close()


def test_another_format(index: Path) -> None:
    connection = connect(index, write=True)
    connection.execute("UPDATE manifest SET format = 99")
    connection.close()
    assert "format 99" in message(lambda: reader(index), FormatError)


def damaged(index: Path) -> dict[str, Callable[[Path], object]]:
    return {
        "missing": lambda path: path.unlink(),
        "empty": lambda path: path.write_bytes(b""),
        "cut": lambda path: path.write_bytes(path.read_bytes()[:-100]),
        "changed": lambda path: path.write_bytes(path.read_bytes()[:-9] + b"\xff" * 9),
        "garbage": lambda path: path.write_bytes(os.urandom(path.stat().st_size)),
    }


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "changed", "garbage"])
@pytest.mark.parametrize("kind", ["lexical", "faiss"])
def test_a_damaged_segment_is_made_anew(index: Path, damage: str, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    made = reader(index)
    before = found(made)
    made.close()
    (segment,) = (index / SEGMENTS_NAME).glob(f"*.{kind}")
    damaged(index)[damage](segment)
    made = reader(index)
    assert found(made) == before
    assert "made anew" in caplog.text
    made.close()


def test_without_any_segment_the_index_is_made_anew(index: Path) -> None:
    made = reader(index)
    before = found(made)
    made.close()
    shutil.rmtree(index / SEGMENTS_NAME)
    made = reader(index)
    assert found(made) == before
    made.close()


def test_a_copied_index_is_read_as_it_is(index: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    made = reader(index)
    before = found(made)
    made.close()
    (tmp_path / "copy").mkdir()
    shutil.copytree(index, tmp_path / "copy" / "index", copy_function=shutil.copyfile)
    made = reader(tmp_path / "copy" / "index")
    assert found(made) == before
    assert not caplog.text
    made.close()


def test_a_closed_index_can_be_renamed(index: Path) -> None:
    assert {path.name for path in index.iterdir()} == {STORE_NAME, SEGMENTS_NAME, LOCK_NAME}
    index.rename(index.with_name("moved"))
    made = reader(index.with_name("moved"))
    assert made.snapshot().store.count() == 4
    made.close()


def test_a_second_writer_hears_that_another_writes(index: Path) -> None:
    made = EmbeddedEngine.open(
        index, embedder=CharacterEmbedder(), analyzer=CharacterAnalyzer(), write=True, lock_wait=0.02
    )
    with exclusive(index / LOCK_NAME, 0):
        text = message(lambda: made.replace({"new": [entry("甲", "new")]}, {}), StoreError)
    assert "being written by another process" in text
    assert made.replace({"new": [entry("甲", "new")]}, {}).generation == 2
    made.close()


def test_leftovers_of_a_dead_writer_are_deleted(index: Path) -> None:
    orphan = index / SEGMENTS_NAME / "0123456789abcdef.lexical"
    orphan.write_bytes(b"x")
    made = engine(index)
    assert orphan.exists()
    made.replace({"new": [entry("甲", "new")]}, {})
    assert not orphan.exists()
    made.close()


def test_old_segments_are_deleted_after_two_generations(index: Path) -> None:
    made = engine(index)
    for number in range(8):
        made.replace({"new": [entry(f"第{number}版", "new")]}, {})
        names = {path.stem for path in (index / SEGMENTS_NAME).iterdir()}
        assert len(names) <= 3
    made.close()


def test_the_last_two_generations_stay_for_readers_about_to_open_them(index: Path) -> None:
    made = engine(index)
    made_by = [{path.name for path in (index / SEGMENTS_NAME).iterdir()}]
    for number in range(4):
        made.replace({source: [entry(f"第{number}版", source)] for source in CORPUS}, {})
        present = {path.name for path in (index / SEGMENTS_NAME).iterdir()}
        made_by.append(present - set().union(*made_by))
        assert set().union(*made_by[-3:]) == present
    made.close()


def test_a_commit_is_on_the_disk_when_it_returns(index: Path) -> None:
    connection = connect(index, write=True)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user whom permissions bind")
def test_a_read_only_directory(index: Path) -> None:
    expected = found(reader(index))
    paths = [index, index / SEGMENTS_NAME, *index.rglob("*.*")]
    modes = {path: path.stat().st_mode for path in paths}
    try:
        for path in paths:
            path.chmod(0o555 if path.is_dir() else 0o444)
        made = reader(index)
        assert found(made) == expected
        assert "cannot be written" in message(lambda: made.remove([]), StoreError)
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
