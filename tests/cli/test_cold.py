"""The process of one question: what it imports, what it leaves behind, how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from rag.config import settings
from rag.service import Service

ROOT = Path(__file__).parents[2]
# A process takes half a second of a processor: of those that end alike the fast suite starts one.
SLOW = pytest.mark.slow
QUESTION = "祁东县提出了哪些人才政策?"
# Each takes 10–150 ms to import, and one question of a built index needs none of them.
UNNEEDED = (
    *("rjieba", "jieba", "tokenizers", "safetensors", "torch", "sentence_transformers"),
    *("rich", "lxml", "pypdfium2", "docx", "openpyxl", "fastapi", "uvicorn", "pydantic", "httpx", "multiprocessing"),
    *("importlib.metadata", "asyncio", "ssl", "email", "http", "html", "xml", "csv", "difflib", "unittest"),
)


@dataclass(frozen=True)
class First:
    """What the first process left: a cache with an index, and its answer."""

    cache: Path
    said: str


def rag(cache: Path, *arguments: str, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """`python -m rag` in a process of its own, with nothing but a cache."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RAG_")}
    return subprocess.run(
        [sys.executable, *options, "-m", "rag", *arguments],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**kept, "XDG_CACHE_HOME": str(cache), "XDG_DATA_HOME": str(cache), "PYTHONIOENCODING": "utf-8"},
        check=False,
    )


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> First:
    """A process that makes the index of the bundled articles."""
    folder = tmp_path_factory.mktemp("cache")
    ran = rag(folder, "ask", QUESTION)
    assert ran.returncode == 0
    return First(folder, ran.stdout)


@pytest.fixture(scope="module")
def cache(environ: dict[str, str]) -> Path:
    """A cache with that index, whoever made it."""
    Service.open(settings(environ=environ)).close()
    return Path(environ["XDG_CACHE_HOME"])


@pytest.mark.parametrize(
    "question", [QUESTION, pytest.param("What talent policies did Qidong County propose?", marks=SLOW)]
)
def test_a_question_imports_no_library_that_it_does_not_need(cache: Path, question: str) -> None:
    ran = rag(cache, "ask", question, options=("-X", "importtime"))
    imported = {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines() if line.startswith("import time:")}
    assert ran.returncode == 0
    assert {"faiss", "numpy"} < imported
    assert [name for name in UNNEEDED if name in imported] == []


@SLOW
def test_the_second_process_answers_as_the_first_and_leaves_no_file(first: First) -> None:
    before = sorted(path.relative_to(first.cache) for path in first.cache.rglob("*"))
    assert rag(first.cache, "ask", QUESTION).stdout == first.said != ""
    assert sorted(path.relative_to(first.cache) for path in first.cache.rglob("*")) == before
    assert [path.name for path in first.cache.rglob("*-wal")] == []


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("ask", "火星移民补贴是多少?"), 3, ""),
        (("ask",), 2, "rag: the question is missing"),
        (("fly",), 2, "rag: argument COMMAND"),
        pytest.param(("search", "人才", "--since", "soon"), 2, "rag: since is 'soon'", marks=SLOW),
        pytest.param(("ask", "--data-dir", "/nowhere/at/all", "人才"), 1, "rag: there is no index", marks=SLOW),
        pytest.param((), 2, "rag: the following arguments are required", marks=SLOW),
    ],
)
def test_the_process_ends_with_the_status_of_the_command(
    cache: Path, arguments: tuple[str, ...], status: int, said: str
) -> None:
    ran = rag(cache, *arguments)
    assert (ran.returncode, ran.stderr[: len(said)]) == (status, said)
    assert (ran.stdout == "") == (status != 3)


@SLOW
def test_output_to_a_pipe_is_whole(cache: Path) -> None:
    assert rag(cache, "search", "人才", "--json").stdout.rstrip().endswith("}")
