"""What a watch takes for changed, new and gone, and when."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.intake.watch import Watch


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("甲")
    return Path("in")


def seen(watched: Watch) -> tuple[list[str], list[str]]:
    changes = watched.changes()
    watched.took(changes)
    return [file.source for file in changes.files], list(changes.gone)


NOTHING: tuple[list[str], list[str]] = ([], [])


def test_what_is_there_at_first_is_no_change(folder: Path) -> None:
    watched = Watch([folder])
    assert (seen(watched), seen(watched)) == (NOTHING, NOTHING)


def test_a_new_file_counts_when_two_looks_agree_and_once(folder: Path) -> None:
    watched = Watch([folder])
    (folder / "b.txt").write_text("乙")
    assert [seen(watched) for _ in range(3)] == [NOTHING, (["in/b.txt"], []), NOTHING]


def test_a_file_that_is_still_written_waits(folder: Path) -> None:
    watched = Watch([folder])
    found = []
    for length in (2, 3, 4, 4, 4):
        (folder / "a.txt").write_text("甲" * length)
        os.utime(folder / "a.txt", ns=(length, length))
        found.append(seen(watched))
    assert found == [NOTHING, NOTHING, NOTHING, (["in/a.txt"], []), NOTHING]


def test_a_file_that_is_away_for_one_look_is_not_gone(folder: Path) -> None:
    (folder / "b.txt").write_text("乙")
    watched = Watch([folder])
    (folder / "a.txt").rename("away")
    assert seen(watched) == NOTHING
    Path("away").rename(folder / "a.txt")
    assert seen(watched) == NOTHING
    (folder / "a.txt").unlink()
    assert [seen(watched) for _ in range(3)] == [NOTHING, ([], ["in/a.txt"]), NOTHING]


def test_what_was_not_taken_is_told_again(folder: Path) -> None:
    watched = Watch([folder])
    (folder / "b.txt").write_text("乙")
    told = [[file.source for file in watched.changes().files] for _ in range(3)]
    assert told == [[], ["in/b.txt"], ["in/b.txt"]]


def test_an_emptied_or_absent_folder_takes_nothing_out(folder: Path) -> None:
    watched = Watch([folder])
    (folder / "a.txt").rename("a.txt")
    assert (seen(watched), seen(watched), seen(watched)) == (NOTHING, NOTHING, NOTHING)
    assert watched.absent == "'in' holds no files: nothing is taken out while it is empty"
    folder.rmdir()
    assert (seen(watched), watched.absent) == (NOTHING, "'in' is not there: name an existing file or folder")
    folder.mkdir()
    Path("a.txt").rename(folder / "a.txt")
    assert (seen(watched), seen(watched), watched.absent) == (NOTHING, NOTHING, None)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look into every folder")
def test_what_lies_in_a_closed_folder_is_not_gone(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "b.txt").write_text("乙")
    watched = Watch([folder])
    (folder / "sub").chmod(0)
    assert (seen(watched), seen(watched)) == (NOTHING, NOTHING)
    (folder / "sub").chmod(0o700)


def eventually(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.slow
def test_the_command_keeps_step_and_ends_cleanly(folder: Path, tmp_path: Path) -> None:
    (folder / "a.txt").write_text("清禾县人才新政\n全职引进的博士给予28万元安家补贴。\n")
    command = [sys.executable, "-m", "rag", "--data-dir", "index", "index", "in", "--watch", "--every", "0.1", "--json"]
    with Path("out").open("w") as out, Path("err").open("w") as err:
        process = subprocess.Popen(command, stdout=out, stderr=err)
    lines = lambda: Path("out").read_text().splitlines()  # noqa: E731
    try:
        assert eventually(lambda: len(lines()) == 1)
        (folder / "b.txt").write_text("白石县党建\n村集体经济收入平均达到31万元。\n")
        assert eventually(lambda: len(lines()) == 2)
        (folder / "a.txt").unlink()
        assert eventually(lambda: len(lines()) == 3)
    finally:
        process.send_signal(signal.SIGINT)
        status = process.wait(30)
    assert status == 0
    assert '"added": ["in/b.txt"]' in lines()[1]
    assert '"missing": ["in/a.txt"]' in lines()[2]
    assert Path("err").read_text() == "rag: stopped watching; what was read is kept\n"
