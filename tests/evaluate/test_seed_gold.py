"""The bundled gold questions: true to the five articles, and about every section of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import seeds
from rag.evaluation.questions import GoldQuestion, Kind, occurrences, read_questions
from rag.measures import plain

GOLD = Path(seeds.__file__).parent / "gold" / "questions.jsonl"
TEXTS = {path.name: path.read_bytes().decode("utf-8") for path in seeds.paths()}

# Where each section begins; the first begins with the file.
SECTIONS = {
    "000": ("强化基层战斗堡垒", "优化干部队伍建设", "建立人才服务体系"),
    "001": ("把旗帜举高扛稳", "把贤能选优配强", "把英才引好育好", "把根基夯实筑牢"),
    "002": (
        "重大任务落实落细",
        "思想引领入脑入心",
        "选育管用系统发力",
        "集聚各方优秀人才",
        "基层基础全面提升",
        "新思想引领新时代",
    ),
    "003": ("一、深刻感悟", "二、深刻把握", "三、深入推进", "四、深入聚焦"),
    "004": (
        "一、凝心铸魂",
        "二、严密体系",
        "三、鲜明导向",
        "四、改革创新",
        "## 全面学习",
        "一、在全面学习",
        "二、在全面把握",
        "三、在全面落实",
    ),
}


@pytest.fixture(scope="module")
def questions() -> tuple[GoldQuestion, ...]:
    return read_questions(GOLD)


def test_all_types_are_there(questions: tuple[GoldQuestion, ...]) -> None:
    counts = Counter(question.type for question in questions)
    assert len(questions) >= 66
    assert all(counts[kind] >= 5 for kind in Kind)
    absent = Counter(question.subtype for question in questions if not question.answerable)
    assert {"fact_absent", "fact_of_other_place", "place_absent"} == set(absent)
    assert min(absent.values()) >= 3


def test_spans_are_verbatim_and_unambiguous(questions: tuple[GoldQuestion, ...]) -> None:
    for question in questions:
        for gold in question.evidence:
            assert TEXTS[gold.doc].count(gold.span) == 1, (question.id, gold.span)


def test_answers_lie_in_the_evidence(questions: tuple[GoldQuestion, ...]) -> None:
    for question in questions:
        evidence = [plain(gold.span) for gold in question.evidence]
        for answer in question.answers:
            assert any(plain(answer) in span for span in evidence), (question.id, answer)


def test_every_section_of_every_article_is_asked_about(questions: tuple[GoldQuestion, ...]) -> None:
    starts = {
        name: sorted(
            start
            for gold in (g for q in questions for g in q.evidence)
            if gold.doc == name
            for start, _ in occurrences(text, gold.span)
        )
        for name, text in TEXTS.items()
    }
    for name, text in TEXTS.items():
        bounds = [0]
        for heading in SECTIONS[name[:3]]:
            bounds.append(text.index(heading, bounds[-1]))
        for start, end in zip(bounds, [*bounds[1:], len(text)], strict=True):
            assert any(start <= place < end for place in starts[name]), (name, text[start : start + 12])


def test_questions_are_asked_once(questions: tuple[GoldQuestion, ...]) -> None:
    counts = Counter(plain(question.question) for question in questions)
    assert max(counts.values()) == 1


@pytest.mark.parametrize(
    "corpus",
    [
        "invented",
        "invented2",
        "invented3",
        "invented4",
        "invented5",
        "invented6",
        "invented7",
        "unseen",
        "unseen2",
        "unseen3",
        "unseen4",
    ],
)
def test_answers_of_the_invented_corpora_stand_in_their_evidence(corpus: str) -> None:
    folder = Path(__file__).parent.parent / "data" / corpus
    held = {path.name: plain(path.read_text(encoding="utf-8")) for path in (folder / "docs").iterdir()}
    for question in read_questions(folder / "gold.jsonl"):
        texts = [held[gold.doc] for gold in question.evidence]
        missing = [answer for answer in question.answers if not any(plain(answer) in text for text in texts)]
        assert not (missing and question.answerable), (question.id, missing)
