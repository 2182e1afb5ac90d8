"""Files into an index: what each run changes, what it reports, and what stays when it is stopped."""

from __future__ import annotations

from pathlib import Path

import pytest

import rag.intake.run as run_module
from rag.ingest import Outcome, ingest, ingest_files
from rag.intake.walk import File, Refused
from tests.documents.made import zipped
from tests.ingest.engine import MemoryEngine
from tests.ingest.readers import plain


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    return Path("in")


def outcome(**lists: tuple[str, ...] | tuple[Refused, ...]) -> Outcome:
    names = ("added", "refreshed", "unchanged", "folded", "refused", "missing")
    return Outcome(**{name: lists.get(name, ()) for name in names})  # type: ignore[arg-type]


def run(folder: Path, engine: MemoryEngine, *, prune: bool = False) -> Outcome:
    return ingest([folder], engine, prune=prune, reader=plain, processes=0)


def test_a_second_run_changes_nothing(folder: Path) -> None:
    engine = MemoryEngine()
    (folder / "a.txt").write_text("甲")
    (folder / "b.txt").write_text("乙一\n---\n乙二")
    assert run(folder, engine) == outcome(added=("in/a.txt", "in/b.txt"))
    assert engine.texts() == {"in/a.txt": ["甲"], "in/b.txt": ["乙一\n", "乙二"]}
    assert run(folder, engine) == outcome(unchanged=("in/a.txt", "in/b.txt"))
    assert len(engine.changes) == 1


def test_a_changed_file_replaces_what_it_said(folder: Path) -> None:
    engine = MemoryEngine()
    (folder / "a.txt").write_text("甲")
    run(folder, engine)
    (folder / "a.txt").write_text("新")
    assert run(folder, engine) == outcome(refreshed=("in/a.txt",))
    assert engine.texts() == {"in/a.txt": ["新"]}


def test_the_same_text_elsewhere_is_folded_as_long_as_it_is_there(folder: Path) -> None:
    engine = MemoryEngine()
    (folder / "a.txt").write_text("甲")
    (folder / "b.txt").write_text("甲")
    assert run(folder, engine) == outcome(added=("in/a.txt",), folded=("in/b.txt",))
    (folder / "a.txt").write_text("新")
    (folder / "b.txt").write_text("另")
    (folder / "c.txt").write_text("甲")
    assert run(folder, engine) == outcome(refreshed=("in/a.txt", "in/b.txt"), added=("in/c.txt",))


def test_a_file_that_broke_is_refused_and_keeps_what_it_said(folder: Path) -> None:
    engine = MemoryEngine()
    (folder / "a.txt").write_text("甲")
    run(folder, engine)
    (folder / "a.txt").write_text("")
    assert run(folder, engine) == outcome(refused=(Refused("in/a.txt", "in/a.txt: an empty file"),))
    assert engine.texts() == {"in/a.txt": ["甲"]}


def test_files_that_are_gone_are_told_and_pruned_when_asked(folder: Path) -> None:
    engine = MemoryEngine()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(name)
    run(folder, engine)
    (folder / "b.txt").unlink()
    assert run(folder, engine) == outcome(unchanged=("in/a.txt",), missing=("in/b.txt",))
    assert sorted(engine.texts()) == ["in/a.txt", "in/b.txt"]
    assert run(folder, engine, prune=True) == outcome(unchanged=("in/a.txt",), missing=("in/b.txt",))
    assert engine.texts() == {"in/a.txt": ["a.txt"]}


def test_batches_are_whole_files_of_bounded_number(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = MemoryEngine()
    for number in range(5):
        (folder / f"{number}.txt").write_text(f"第{number}")
    monkeypatch.setattr(run_module, "BATCH_FILES", 2)
    told: list[tuple[int, int, int]] = []
    ingest([folder], engine, reader=plain, processes=0, progress=lambda *now: told.append(now))
    assert [list(change) for change in engine.changes] == [
        ["in/0.txt", "in/1.txt"],
        ["in/2.txt", "in/3.txt"],
        ["in/4.txt"],
    ]
    assert told == [(1, 5, 1), (2, 5, 2), (3, 5, 3), (4, 5, 4), (5, 5, 5)]


def test_an_interrupted_run_keeps_what_was_read_and_the_next_goes_on(folder: Path) -> None:
    engine = MemoryEngine()
    for name in ("a", "b", "c"):
        (folder / name).write_text(name)

    def stops(done: int, total: int, chunks: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest([folder], engine, reader=plain, processes=0, progress=stops)
    assert engine.texts() == {"in/a": ["a"], "in/b": ["b"]}
    assert run(folder, engine) == outcome(added=("in/c",), unchanged=("in/a", "in/b"))


def test_files_take_the_names_that_they_come_with(tmp_path: Path) -> None:
    engine = MemoryEngine()
    (tmp_path / "a.txt").write_text("甲")
    assert ingest_files([File("甲.txt", tmp_path / "a.txt")], engine, reader=plain) == outcome(added=("甲.txt",))
    assert engine.texts() == {"甲.txt": ["甲"]}


def test_many_files_are_read_by_workers_with_the_same_result(folder: Path) -> None:
    alone, parallel = MemoryEngine(), MemoryEngine()
    for number in range(120):
        (folder / f"{number:03}.txt").write_text(f"第{number % 100}")
    first = ingest([folder], alone, reader=plain, processes=0)
    assert ingest([folder], parallel, reader=plain, processes=2) == first
    assert parallel.held == alone.held
    assert first.folded == tuple(f"in/{number:03}.txt" for number in range(100, 120))


def test_members_of_a_zip_come_stay_change_and_go(folder: Path) -> None:
    engine = MemoryEngine()
    (folder / "a.zip").write_bytes(zipped({"1.txt": "甲".encode(), "2.txt": "乙".encode(), "3.txt": b""}))
    first = run(folder, engine)
    assert first.added == ("in/a.zip/1.txt", "in/a.zip/2.txt")
    assert [each.source for each in first.refused] == ["in/a.zip/3.txt"]
    assert run(folder, engine) == outcome(unchanged=("in/a.zip/1.txt", "in/a.zip/2.txt"))
    (folder / "a.zip").write_bytes(zipped({"2.txt": "新".encode(), "4.txt": "丁".encode()}))
    assert run(folder, engine) == outcome(refreshed=("in/a.zip/2.txt",), added=("in/a.zip/4.txt",))
    assert engine.texts() == {"in/a.zip/2.txt": ["新"], "in/a.zip/4.txt": ["丁"]}
    (folder / "a.zip").write_bytes(b"PK\x03\x04 broken")
    assert [each.source for each in run(folder, engine).refused] == ["in/a.zip"]
    assert engine.texts() == {"in/a.zip/2.txt": ["新"], "in/a.zip/4.txt": ["丁"]}
    (folder / "a.zip").unlink()
    assert run(folder, engine, prune=True).missing == ("in/a.zip/2.txt", "in/a.zip/4.txt")
    assert engine.texts() == {}


def test_sources_that_are_gone_go_with_their_members(folder: Path) -> None:
    engine = MemoryEngine()
    (folder / "a.zip").write_bytes(zipped({"1.txt": "甲".encode()}))
    (folder / "b.txt").write_text("乙")
    run(folder, engine)
    assert ingest_files([], engine, gone=["in/a.zip"]) == outcome(missing=("in/a.zip/1.txt",))
    assert engine.texts() == {"in/b.txt": ["乙"]}
