"""rag ask -i and rag ask --references."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest

from rag import present
from tests.cli.conftest import Command


@pytest.fixture
def asked(rag: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command over three questions and what comes after exit, on stdin."""
    monkeypatch.setattr("sys.stdin", io.StringIO("资金\n\n  还有呢？\n航天\nexit\n补贴\n"))
    return rag


def test_each_line_is_answered_and_a_follow_up_says_what_it_means(asked: Command) -> None:
    ran = asked("ask", "-i")
    answer = asked("ask", "资金").out
    refusal = asked("ask", "航天").out
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == f"{answer}\n→ 资金\n\n{answer}\n{refusal}\n"


def test_json_is_one_document_of_all_answers(asked: Command) -> None:
    ran = asked("ask", "-i", "--json")
    questions = ["资金", "资金", "航天"]
    expected = [present.answered(asked.desk.ask(question)) for question in questions]
    assert ran.json == {"answers": json.loads(json.dumps(expected))}


def test_a_question_on_the_command_line_is_the_first(rag: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("还有呢？"))
    answers = rag("ask", "-i", "补贴", "--place", "丙市", "--json").json["answers"]
    assert [(each["question"], len(each["citations"])) for each in answers] == [("补贴", 1), ("补贴", 1)]


def test_what_cannot_be_asked_is_complained_about_and_skipped(rag: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("问" * 2001 + "\n资金\n"))
    ran = rag("ask", "-i")
    assert (ran.status, ran.err) == (0, "rag: a question has 1–2000 characters, not 2001\n")
    assert ran.out.startswith("甲县设立人才发展专项资金500万元。\n")


@pytest.mark.parametrize(
    ("option", "name"),
    [(("--receipt", "r.json"), "receipt"), (("--format", "text"), "format"), (("--references",), "references")],
)
def test_options_of_one_question_do_not_go_with_i(rag: Command, option: tuple[str, ...], name: str) -> None:
    ran = rag("ask", "-i", *option)
    assert (ran.status, ran.out, ran.err) == (2, "", f"rag: --{name} is for one question: leave -i out\n")


def test_without_a_question_nothing_is_asked(rag: Command) -> None:
    ran = rag("ask")
    assert (ran.status, ran.out, ran.err) == (2, "", "rag: the question is missing: give one, as rag ask QUESTION\n")


def test_references_name_each_document_once(rag: Command) -> None:
    expected = present.references(rag.desk.ask("甲县"), date.today())
    assert [(each["citations"], each["text"]) for each in expected] == [
        ([1, 2, 3], "王一. 甲县人才工作[Z]. 2022-12-05. a.txt.")
    ]
    assert rag("ask", "甲县", "--references", "--json").json["references"] == expected
    plain, added = rag("ask", "甲县").out, rag("ask", "甲县", "--references").out
    assert added == f"{plain}\n[1][2][3] 王一. 甲县人才工作[Z]. 2022-12-05. a.txt.\n"
    assert rag("ask", "航天", "--references").out == rag("ask", "航天").out
