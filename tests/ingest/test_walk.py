"""Which files are read, in which order, and what is told of the rest."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rag.errors import NotFoundError
from rag.intake.walk import Refused, Walk, source_name, walk


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(*names: str) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(name)


def sources(*paths: str) -> list[str]:
    return [file.source for file in walk([Path(path) for path in paths]).files]


def test_folders_are_walked_deep_in_order_of_name(here: Path) -> None:
    put("in/b.txt", "in/a/2.txt", "in/a/10.txt", "in/c.md")
    assert sources("in") == ["in/a/10.txt", "in/a/2.txt", "in/b.txt", "in/c.md"]


def test_paths_stay_as_given_and_come_once(here: Path) -> None:
    put("in/a.txt", "b.txt")
    assert sources("b.txt", "in", "in/a.txt") == ["b.txt", "in/a.txt"]
    assert sources(str(here / "b.txt")) == [str(here / "b.txt")]


def test_hidden_names_and_lock_files_in_folders_are_left_out(here: Path) -> None:
    put("in/.git/config", "in/.a.txt", "in/~$b.docx", "in/b.docx", ".given.txt")
    assert sources("in", ".given.txt") == ["in/b.docx", ".given.txt"]


def test_the_directory_of_an_index_is_left_out(here: Path) -> None:
    put("in/a.txt", "in/index/store.sqlite", "in/index/write.lock", "in/index/segments/x.faiss", "in/b/store.sqlite")
    assert sources("in") == ["in/a.txt", "in/b/store.sqlite"]


def test_a_link_back_to_the_folder_ends(here: Path) -> None:
    put("in/a/1.txt")
    Path("in/a/loop").symlink_to(here / "in")
    assert sources("in") == ["in/a/1.txt"]


def test_a_linked_file_is_read_and_a_dead_link_refused(here: Path) -> None:
    put("in/a.txt")
    Path("in/b.txt").symlink_to("a.txt")
    Path("in/c.txt").symlink_to("nowhere")
    found = walk([Path("in")])
    assert [file.source for file in found.files] == ["in/a.txt", "in/b.txt"]
    assert found.refused == (Refused("in/c.txt", "a link to nothing"),)


def test_a_pipe_is_refused(here: Path) -> None:
    os.mkfifo("pipe")
    assert walk([Path("pipe")]).refused == (Refused("pipe", "neither a file nor a folder"),)


def test_a_path_that_is_not_there_stops_before_anything_is_read(here: Path) -> None:
    put("a.txt")
    with pytest.raises(NotFoundError, match=r"'gone\.txt' is not there"):
        walk([Path("a.txt"), Path("gone.txt")])


def test_names_from_old_systems_become_text() -> None:
    assert source_name(Path(os.fsdecode("人才.txt".encode("gbk")))) == "人才.txt"
    assert source_name(Path(os.fsdecode(b"a\xff.txt"))) == "a\\xff.txt"
    assert source_name(Path("行\n二.txt")) == "行\n二.txt"


def test_missing_is_what_lay_below_the_folders_given(here: Path) -> None:
    put("in/a.txt")
    found = walk([Path("in")])
    assert found.missing(["in/a.txt", "in/z.txt", "in/b/c.txt", "inner/d.txt", "e.txt"]) == ("in/b/c.txt", "in/z.txt")


def test_what_lies_below_a_folder_that_cannot_be_seen_is_not_missing() -> None:
    found = Walk((), ("in",), (Refused("in/locked", "Permission denied"),))
    assert found.missing(["in/locked/a.txt", "in/b.txt"]) == ("in/b.txt",)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look into every folder")
def test_a_folder_without_permission_is_refused(here: Path) -> None:
    put("in/locked/a.txt", "in/b.txt")
    Path("in/locked").chmod(0)
    found = walk([Path("in")])
    Path("in/locked").chmod(0o700)
    assert [file.source for file in found.files] == ["in/b.txt"]
    assert found.refused == (Refused("in/locked", "Permission denied"),)
