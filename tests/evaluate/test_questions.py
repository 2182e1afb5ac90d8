"""Gold files: what is read, what is refused, and where evidence lies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.errors import UsageError
from rag.evaluation.questions import GoldQuestion, GoldSpan, Kind, library, occurrences, read_questions
from rag.measures import Group
from rag.types import Document, Span

ROW = {
    "id": "q1",
    "lang": "zh",
    "question": "有多少？",
    "type": "fact",
    "answers": ["3个"],
    "evidence": [{"doc": "a.txt", "span": "共有3个"}],
}


def document(identifier: str, text: str, *sources: str) -> Document:
    return Document(identifier, text, "", None, None, None, sources[0], sources=sources)


def write(tmp_path: Path, *rows: object) -> Path:
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_reads_a_question_and_skips_blank_lines(tmp_path: Path) -> None:
    path = write(tmp_path, ROW | {"subtype": None, "alt_docs": ["b.txt"], "place": "甲县", "hard": 1}, "")
    assert read_questions(path) == (
        GoldQuestion(
            "q1", "zh", "有多少？", Kind.FACT, ("3个",), (GoldSpan("a.txt", "共有3个"),), None, ("b.txt",), "甲县"
        ),
    )


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["{"], "gold.jsonl:1: not a gold question"),
        ([ROW, ROW], "gold.jsonl:2: question id 'q1' occurs twice"),
        ([ROW | {"type": "riddle"}], "'riddle' is not a valid Kind"),
        ([{key: value for key, value in ROW.items() if key != "answers"}], "KeyError\\('answers'\\)"),
        ([ROW | {"question": " "}], "is not a text"),
        ([ROW | {"evidence": []}], "needs answers and evidence"),
        ([ROW | {"type": "unanswerable"}], "needs answers and evidence"),
        ([], "no gold question"),
    ],
)
def test_refuses_what_is_not_gold(tmp_path: Path, rows: list[object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_questions(write(tmp_path, *rows))


def test_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read gold questions"):
        read_questions(tmp_path / "none.jsonl")


@pytest.mark.parametrize(
    ("kind", "subtype", "budget", "needs_all"),
    [
        (Kind.FACT, None, 400, True),
        (Kind.TRAD, "fact", 400, True),
        (Kind.TRAD, "list", 400, False),
        (Kind.ENGLISH, "fact", 800, True),
        (Kind.ENGLISH, "how", 800, False),
        (Kind.LIST, None, 1_200, False),
        (Kind.PARAPHRASE, None, 1_200, False),
    ],
)
def test_budget_and_rule_by_type(kind: Kind, subtype: str | None, budget: int, needs_all: bool) -> None:
    question = GoldQuestion("q", "zh", "?", kind, ("a",), (GoldSpan("d", "a"),), subtype)
    assert question.quote_budget == budget
    assert question.needs_all is needs_all


def test_occurrences_verbatim_before_spaced() -> None:
    assert occurrences("甲乙甲乙", "甲乙") == [(0, 2), (2, 4)]
    text = "共有\n\n 3个，共 有3个"
    assert [text[s:e] for s, e in occurrences(text, "共有3个")] == ["共有\n\n 3个", "共 有3个"]
    assert occurrences("甲乙", "丙") == []


def test_groups_search_every_document_of_the_file() -> None:
    held = library(
        [
            document("d1", "前文", "folder/a.txt"),
            document("d2", "共有3个人", "folder/a.txt", "other/copy.txt"),
            document("d3", "另有共有3个", "b.txt"),
        ]
    )
    gold = GoldSpan("a.txt", "共有3个")
    question = GoldQuestion("q", "zh", "?", Kind.FACT, ("3个",), (gold, GoldSpan("a.txt", "不在")), alt_docs=("b.txt",))
    other = frozenset({"d3"})
    assert held.groups(question) == (Group((Span("d2", 0, 4),), other), Group((), other))
    assert held.holds(question)
    assert held.by_name["copy.txt"] == held.by_name["a.txt"][1:]
    assert not library([]).holds(question)
