"""How a command ends when something is wrong: one line, the right status, never a traceback."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.cli.main import main
from rag.cli.output import Column, Output, columns, shortened, table, wrapped
from rag.errors import MismatchError, ModelError, RagError, StoreError, UsageError
from tests.cli.conftest import Command


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["ask"], "the question is missing"),
        (["ask", ""], "a question has 1–2000 characters, not 0"),
        (["ask", "问" * 2001], "a question has 1–2000 characters, not 2001"),
        (["ask", "补贴", "-k", "0"], "k 0 is outside 1–100"),
        (["ask", "补贴", "-k", "many"], "argument -k: invalid int value: 'many'"),
        (["search"], "the question is missing"),
        (["fly"], "invalid choice: 'fly'"),
        (["ask", "补贴", "--jsn"], "unrecognized arguments: --jsn"),
        (["eval", "--retriever", "magic"], "invalid choice: 'magic'"),
        (["eval", "--beir", "x", "--gold", "x"], "--beir goes without"),
        (["eval", "--beir", "x", "--ablate"], "--beir goes without"),
        (["eval", "--beir", "x", "--report", "x"], "--beir goes without"),
        (["eval", "--docs", "x"], "--docs needs the questions"),
        (["eval", "--ablate", "--docs", "x"], "--docs needs the questions"),
        (["eval", "--ablate", "--gold", "x"], "--ablate needs the documents"),
        (["eval", "--ablate", "--retriever", "dense"], "leave --retriever out"),
        (["eval", "--ablate", "--report", "x"], "--report shows answers"),
        (["eval", "--retriever", "dense", "--report", "x"], "--report shows answers"),
        (["eval", "--data-dir", "x"], "--data-dir is the index that --gold asks about"),
        (["eval", "--data-dir", "x", "--gold", "x", "--docs", "x"], "--data-dir is the index that --gold asks about"),
        (["eval", "--data-dir", "x", "--beir", "x"], "--data-dir is the index that --gold asks about"),
        (["index", "x", "--every", "3"], "give --watch"),
        (["search", "--queries", "x", "--run", "x", "--explain"], "--explain is for one question"),
        (["search", "补贴", "--queries", "x", "--run", "x"], "without a QUESTION"),
        (["ask", "补贴", "--format", "text", "--references"], "leave --references out"),
        (["ask", "补贴", "--format", "text", "--json"], "give one"),
        (["ask", "补贴", "--output", "x"], "give --format"),
        (["ask", "-i", "--references"], "leave -i out"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(rag: Command, arguments: list[str], complaint: str) -> None:
    ran = rag(*arguments)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith("rag: ")
    assert complaint in ran.err


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UsageError("bad\ndate"), 2),
        (RagError("bad thing"), 1),
        (StoreError("no index"), 1),
        (MismatchError("another model: rag rebuild"), 1),
        (ModelError("no model"), 1),
    ],
)
def test_errors_are_one_line(failing: Callable[[Exception], Command], error: Exception, status: int) -> None:
    ran = failing(error)("ask", "补贴", "--json")
    assert (ran.status, ran.out, ran.err) == (status, "", f"rag: {' '.join(str(error).split())}\n")


def test_what_the_system_says_is_told_with_the_file(failing: Callable[[Exception], Command]) -> None:
    ran = failing(OSError(28, "No space left on device", "/x"))("ask", "补贴")
    assert (ran.status, ran.err) == (1, "rag: '/x' cannot be read or written (No space left on device)\n")


def test_an_interrupt_is_quiet(failing: Callable[[Exception], Command], capsys: pytest.CaptureFixture[str]) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    assert main(["ask", "补贴"], open_service=stop) == 130  # type: ignore[arg-type]
    assert capsys.readouterr() == ("", "")


def test_help_and_version_end_with_0(rag: Command) -> None:
    assert rag("--help").status == 0
    assert rag("ask", "--help").out.startswith("usage: rag ask")
    assert rag("--version").out == "rag 0.1.0\n"


def process(*arguments: str, encoding: str = "utf-8", **options: object) -> subprocess.CompletedProcess[bytes]:
    """A command in a process of its own, over the service in memory."""
    code = (
        "import sys; from rag.cli.main import main; from tests.cli.service import Desk; "
        "sys.exit(main(open_service=lambda settings, access: Desk()))"
    )
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        env=environment,
        cwd=Path(__file__).parents[2],
        check=False,
        **options,  # type: ignore[call-overload]
    )


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("gbk", "镇的补贴是20万元。".encode("gbk")),
        pytest.param("ascii", rb"\u9547\u7684\u8865\u8d34\u662f20\u4e07\u5143\u3002", marks=pytest.mark.slow),
    ],
)
def test_a_terminal_of_another_encoding_shows_what_it_can(encoding: str, shown: bytes) -> None:
    ran = process("search", "补贴", encoding=encoding)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert b"\\U00020bb7" + shown in ran.stdout


@pytest.mark.slow
def test_json_is_right_in_every_encoding() -> None:
    documents = {process("search", "补贴", "--json", encoding=name).stdout.decode("ascii") for name in ("gbk", "ascii")}
    assert len(documents) == 1
    assert '"\\u8865\\u8d34"' in documents.pop()


@pytest.mark.slow
def test_a_reader_that_leaves_is_no_error() -> None:
    code = (
        "import sys; from rag.cli.main import main; from tests.cli.service import Desk; "
        "desk = Desk(); [desk.add(f'{n}', f'第{n}篇'.encode()) for n in range(3000)]; "
        "sys.exit(main(['list'], open_service=lambda settings, access: desk))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=Path(__file__).parents[2]
    ) as listing:
        assert listing.stdout is not None
        assert listing.stderr is not None
        listing.stdout.readline()
        listing.stdout.close()
        assert listing.stderr.read() == b""
    assert listing.returncode == 0


def test_help_needs_no_index_library() -> None:
    code = (
        "import sys; from rag.cli.main import main; main(['--help']); "
        "print([name for name in ('numpy', 'faiss', 'tantivy', 'rich', 'fastapi') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[2], check=True
    )
    assert ran.stdout.splitlines()[-1] == "[]"


def test_chinese_takes_two_columns() -> None:
    assert columns("甲a，e\u0301") == 2 + 1 + 2 + 1
    assert shortened("甲乙丙", 5) == "甲乙…"
    assert shortened("甲乙丙", 6) == "甲乙丙"
    assert table([Column("A", 4), Column("B", 9)], [["甲", "x\ny"], ["甲乙丙", ""]]) == "A    B\n甲   x\\ny\n甲…"


def test_lines_break_between_words_and_never_before_a_mark() -> None:
    assert wrapped("一二三四五六七八九十。甲", indent=2, width=22) == "  一二三四五六七八九十。\n  甲"
    assert wrapped("talent policies of the county", indent=0, width=20) == "talent policies of\nthe county"
    assert wrapped("一\n二", indent=1, width=None) == " 一\n 二"


def test_output_to_a_file_is_not_wrapped() -> None:
    assert Output(io.StringIO(), json=False).width() is None
