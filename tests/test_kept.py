"""Answers kept for every process of a service."""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rag.config import settings
from rag.errors import NotFoundError, StoreError
from rag.kept import KeptAnswers
from rag.outcomes import Answered
from rag.service import Service
from rag.types import Answer, Comparison, Coverage, Dropped, Reason, Wording

AT = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Given:
    """What a door keeps."""

    result: Answered
    created: datetime


@pytest.fixture(scope="module")
def given(environ: dict[str, str]) -> list[Given]:
    """An answer, a comparison, a refusal, and one that a model worded, of the bundled articles."""
    service = Service.open(settings(environ=environ))
    questions = [
        "乌海市发放了多少人才购房补贴？",
        "锡林浩特市与遂宁市的引才模式有什么不同？",
        "鄂尔多斯市出台了哪些人才政策？",
    ]
    found = [Given(service.ask(question), AT) for question in questions]
    service.close()
    worded = Wording("m", used=True, dropped=(Dropped("假话[1]。", "number"),))
    return [
        *found,
        replace(found[0], result=replace(found[0].result, answer=replace(found[0].result.answer, llm=worded))),
    ]


def test_what_is_kept_comes_back_equal(tmp_path: Path, given: list[Given]) -> None:
    kept = KeptAnswers(tmp_path / "deep" / "answers.db")
    names = [kept.keep(each) for each in given]
    assert [kept.get(name, Given) for name in names] == given
    assert [len(name) for name in names] == [32] * len(given)


def _read(file: Path, name: str, found: multiprocessing.Queue[str]) -> None:
    found.put(KeptAnswers(file).get(name, Given).result.answer.text)


def test_another_process_finds_it(tmp_path: Path, given: list[Given]) -> None:
    file = tmp_path / "answers.db"
    name = KeptAnswers(file).keep(given[0])
    context = multiprocessing.get_context("spawn")
    found: multiprocessing.Queue[str] = context.Queue()
    worker = context.Process(target=_read, args=(file, name, found))
    worker.start()
    assert found.get(timeout=60) == given[0].result.answer.text
    worker.join(10)


def test_the_oldest_are_let_go(tmp_path: Path) -> None:
    kept = KeptAnswers(tmp_path / "answers.db", most=2)
    answer = Answer(
        "问", False, "无", (), (), Reason.NOTHING_RELEVANT, Coverage(0, 0), comparison=Comparison((("甲", ()),))
    )
    names = [kept.keep(replace(answer, text=str(number))) for number in range(3)]
    assert [kept.get(name, Answer).text for name in names[1:]] == ["1", "2"]
    with pytest.raises(NotFoundError, match="the last 2 are"):
        kept.get(names[0], Answer)


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    KeptAnswers(tmp_path / "answers.db").close()
    assert (tmp_path / "answers.db").stat().st_mode & 0o077 == 0


def test_a_place_that_cannot_hold_it_is_an_error_with_advice(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="another cache directory"):
        KeptAnswers(tmp_path / "file" / "answers.db")
