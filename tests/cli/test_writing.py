"""index, remove, rebuild, doctor, and which index each command opens."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag import present
from rag.cli.opening import Access
from tests.api.fake import COUNTY, made
from tests.cli.conftest import Command


def test_index_reports_what_it_took(rag: Command, tmp_path: Path) -> None:
    good, bad = tmp_path / "a.txt", tmp_path / "b.bin"
    good.write_text("题目\n内容", "utf-8")
    bad.write_bytes(b"\xff")
    ran = rag("index", str(good), str(bad))
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "1 added, 1 refused",
        f"refused  {bad}: not text",
        "3 documents, 0 passages, generation 2",
    ]
    assert rag("index", str(good), "--json").json["added"] == [str(good)]
    assert rag.desk.log == ["index prune=False progress=False", "index prune=False progress=False"]


def test_index_ends_with_1_when_nothing_could_be_taken(rag: Command, tmp_path: Path) -> None:
    bad = tmp_path / "b.bin"
    bad.write_bytes(b"\xff")
    ran = rag("index", str(bad), "--prune")
    assert ran.status == 1
    assert rag.desk.log == ["index prune=True progress=False"]


def test_index_of_a_path_that_is_not_there(rag: Command) -> None:
    ran = rag("index", "gone")
    assert (ran.status, ran.out, ran.err) == (1, "", "rag: 'gone' is not there: name an existing file or folder\n")


def test_an_empty_path_is_not_the_present_folder(rag: Command) -> None:
    """What a variable that is not set leaves behind: rag index "$FOLDER"."""
    ran = rag("index", "")
    assert (ran.status, rag.desk.log) == (2, [])
    assert ran.err == "rag: a path is empty: name a file or a folder (. is this one)\n"


def test_an_interrupted_index_says_that_what_was_read_is_kept(rag: Command) -> None:
    ran = rag("index", "^C")
    assert (ran.status, ran.out, rag.desk.closed) == (130, "", True)
    assert ran.err == "rag: stopped; what was read is kept, and the same command goes on from there\n"


def test_remove_takes_documents_out(rag: Command) -> None:
    name = made(COUNTY).id
    assert rag("remove", name, "--json").json == {"removed": [name]}
    assert name not in rag.desk.held
    gone = rag("remove", name)
    assert (gone.status, gone.out) == (1, "")
    assert gone.err == f"rag: no document {name!r}; `rag list` shows what there is\n"


def test_set_corrects_a_document(rag: Command) -> None:
    name = made(COUNTY).id
    body = rag("set", name, "place=祁东县", "title=新题", "published=-", "--json").json
    assert (body["place"], body["title"], body["published"]) == ("湖南省衡阳市祁东县", "新题", None)
    assert "published = none  (0–0) set by hand; read as 2022-12-05" in rag("show", name).out


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        (["title"], "'title' sets nothing: write FIELD=VALUE, as place=祁东县"),
        (["title=甲", "title=乙"], "a field is given twice: give each once"),
        (["id=1"], "'id' cannot be set: known are place, title, published, author, doc_number, issuer"),
        (["title=-"], "a document has a title: write one, or take the correction back"),
    ],
)
def test_what_cannot_be_set_is_said(rag: Command, fields: list[str], complaint: str) -> None:
    ran = rag("set", made(COUNTY).id, *fields)
    assert (ran.status, ran.out, ran.err) == (2, "", f"rag: {complaint}\n")


def test_rebuild_ends_with_the_status(rag: Command) -> None:
    assert rag("rebuild", "--json").json == present.status(rag.desk.status())
    assert rag.desk.log == ["rebuild"]


def test_each_command_opens_for_what_it_does(rag: Command, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("题目", "utf-8")
    name = made(COUNTY).id
    for arguments in (
        ["ask", "补贴"],
        ["search", "补贴"],
        ["list"],
        ["show", name],
        ["status"],
        ["doctor"],
        ["index", str(tmp_path / "a.txt")],
        ["rebuild"],
        ["set", name, "title=题"],
        ["remove", name],
    ):
        rag(*arguments)
    assert [access for _, access in rag.opened] == [Access.READ] * 6 + [
        Access.CREATE,
        Access.REBUILD,
        Access.CHANGE,
        Access.CHANGE,
    ]


def test_the_index_named_before_or_after_the_command_is_opened(rag: Command, tmp_path: Path) -> None:
    rag("--data-dir", str(tmp_path), "status")
    rag("status", "--data-dir", str(tmp_path))
    assert rag.opened == [(str(tmp_path), Access.READ)] * 2


def test_doctor_looks_at_everything(rag: Command) -> None:
    ran = rag("doctor", "--json")
    checks = {check["name"]: check for check in ran.json["checks"]}
    assert (ran.status, ran.json["ok"]) == (0, True)
    assert list(checks) == ["python", "packages", "other models", "model", "index", "search"]
    assert checks["search"]["detail"] == "《甲县人才工作》 finds 1 passages"
    rag.desk.held = {}
    empty = rag("doctor")
    assert empty.status == 1
    assert "FAIL  search: the index is empty: rag index PATH…" in empty.out
