"""Everything bad at once in one folder: each gets its line in the report, the rest goes on, and nothing that was indexed is lost."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rag.cli import text
from rag.config import settings
from rag.intake.reading import read_file
from rag.intake.walk import File, Refused, walk
from rag.service import Service
from tests.documents.made import zipped
from tests.documents.test_formats import REFUSED
from tests.ingest.readers import plain

NOBODY = 65_534
GOOD = "清禾县人才新政解读\n全职引进的博士给予28万元安家补贴,分三年发放。\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    return Path("in")


def fill(folder: Path) -> dict[str, str]:
    """Puts every bad thing into the folder, and two good files; gives what the reason for each bad one must hold."""
    for at, (name, (data, _)) in enumerate(REFUSED.items()):
        (folder / f"{at}-{name}").write_bytes(data)
    reasons = {f"in/{at}-{name}": why for at, (name, (_, why)) in enumerate(REFUSED.items())}
    # A zip's members have lines of their own.
    reasons = {name: why for name, why in reasons.items() if not name.endswith(("bomb.zip", "nested.zip"))}
    reasons |= {f"in/{at}-bomb.zip/a.txt": "unfolds to" for at, name in enumerate(REFUSED) if name == "bomb.zip"}
    reasons |= {f"in/{at}-nested.zip/b.zip": "zips in zips" for at, name in enumerate(REFUSED) if name == "nested.zip"}
    with (folder / "large.txt").open("wb") as stream:
        stream.truncate(200 * 2**20)
    (folder / "new\nline.bin").write_bytes(b"\x00\x01\x02" * 200)
    (folder / "nowhere.txt").symlink_to("gone.txt")
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to(folder.absolute())
    (folder / "a.txt").write_text(GOOD, encoding="utf-8")
    (folder / "z\nz.txt").write_text(GOOD.replace("清禾", "白石"), encoding="utf-8")
    return reasons | {
        "in/large.txt": "larger than 50 MB",
        "in/new\nline.bin": "binary",
        "in/nowhere.txt": "a link to nothing",
        "in/pipe": "neither a file nor a folder",
    }


@pytest.mark.slow
def test_each_bad_file_has_its_line_and_the_rest_goes_on(folder: Path, tmp_path: Path) -> None:
    reasons = fill(folder)
    service = Service.open(settings(data_dir=str(tmp_path / "index"), environ={"HOME": str(tmp_path)}), write=True)
    try:
        (before,) = service.add("in/a.txt", GOOD.encode())
        report = service.index([folder])
        held = {item.source for item in service.documents().documents}
    finally:
        service.close()
    said = {each.source: each.reason for each in report.refused}
    assert said.keys() == reasons.keys()
    assert [name for name, why in reasons.items() if why not in said[name]] == []
    assert (report.added, report.unchanged, held) == (("in/z\nz.txt",), (before.source,), {"in/a.txt", "in/z\nz.txt"})
    lines = text.report(report).splitlines()
    assert len(lines) == len(reasons) + 2
    assert all(re.match(r"refused  in/", line) for line in lines[1:-1])


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    """The file grows between the look at it and the end of reading: a writer is at it."""
    path = tmp_path / "a.txt"
    path.write_text("甲" * 10)

    class Growing(type(path)):  # type: ignore[misc]
        def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
            before = super().stat(follow_symlinks=follow_symlinks)
            with Path(self).open("a") as stream:
                stream.write("乙")
            return before

    assert list(read_file(File("a.txt", Growing(path)), plain)) == [
        Refused("a.txt", "changed while it was read: index it again")
    ]


@contextmanager
def as_nobody() -> Iterator[None]:
    """As a user without rights, where the tests are run by root, whom nothing is closed to."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_what_may_not_be_read_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "closed").mkdir()
    (folder / "closed" / "b.txt").write_text("乙")
    (folder / "a.txt").write_text("甲")
    (folder / "c.txt").write_text("丙")
    for parent in (tmp_path, *tmp_path.parents[:3]):
        if parent.stat().st_uid == os.getuid() and parent != Path("/tmp"):
            parent.chmod(0o755)
    folder.chmod(0o755)
    (folder / "a.txt").chmod(0)
    (folder / "closed").chmod(0)
    with as_nobody():
        found = walk([folder])
        results = [result for file in found.files for result in read_file(file, plain)]
    (folder / "closed").chmod(0o700)
    assert found.refused == (Refused("in/closed", "Permission denied"),)
    assert results[0] == Refused("in/a.txt", "Permission denied")
    assert [result.source for result in results] == ["in/a.txt", "in/c.txt"]


def test_of_a_zip_the_good_members_are_read(folder: Path) -> None:
    data = zipped({"好.txt": "甲".encode(), "空.txt": b""})
    (folder / "a.zip").write_bytes(data)
    sources = [result.source for result in read_file(File("a.zip", folder / "a.zip"), plain)]
    assert sources == ["a.zip/好.txt", "a.zip/空.txt"]
