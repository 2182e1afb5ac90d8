"""What is asked for other than a piece of knowledge."""

from __future__ import annotations

import pytest

from rag.asking import asks_to_make
from rag.question import understand


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("务虚会讲了什么？", ["务虚会"]),
        ("这篇文章的主要内容是什么？", []),
        ("请介绍一下组织工作", ["组织", "工作"]),
        ("總結一下這篇文章", []),
        ("12条举措的主要内容有哪些？", ["12", "举措"]),
        ("乌海市", []),
        ("我想了解一下乌海市", []),
        ("What does the article say?", []),
        ("Please summarise the speech", []),
        ("What is the document about?", []),
    ],
)
def test_what_an_overview_is_wanted_of(question: str, subject: list[str]) -> None:
    found = understand(question).overview
    assert found is not None
    assert [item.text for item in found if item.text in {*subject} or item.weight >= 0.5] == subject


@pytest.mark.parametrize(
    "question",
    [
        "用什么数字来概括引才制度？",
        "用哪几个词概括组织工作的任务？",
        "乌海市有哪些人才政策？",
        "书记介绍了哪些经验做法的来历",
        "年终总结什么时候交？",
        "请介绍一下博士补贴是多少",
        "我想知道乌海市有哪些人才政策",
        "？？？",
        "",
        "Please tell me about who is in charge",
        "What does the article say about housing subsidies?",
        "How much is the main subsidy?",
    ],
)
def test_a_question_for_less_than_a_document_wants_no_overview(question: str) -> None:
    assert understand(question).overview is None


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("帮我写一首诗", True),
        ("请翻译这段话", True),
        ("給我講個笑話", True),
        ("Please write me a poem", True),
        ("文章是谁写的？", False),
        ("乌海写了哪些做法", False),
        ("怎么写一份申请？", False),
        ("做一件事要盖几个章？", False),
    ],
)
def test_what_somebody_is_to_make_is_no_question(text: str, made: bool) -> None:
    assert asks_to_make(understand(text).folded) is made
