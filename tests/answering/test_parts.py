"""The parts of a sentence that answers with several things."""

from __future__ import annotations

from rag.answering.parts import clauses, names
from rag.coverage import Weighted
from rag.question import understand


def weighted(question: str) -> list[Weighted]:
    return [Weighted(content, content.weight) for content in understand(question).content]


def texts(text: str, ranges: object) -> list[str]:
    assert isinstance(ranges, list)
    return [text[start:end] for start, end in ranges]


def test_names_in_a_row_are_parts_of_the_clause_that_is_asked_about() -> None:
    text = "县里实施治理“网格工程”“连心工程”和“家园工程”，建成“红色物业”。"
    assert texts(text, names(text, 0, len(text), weighted("治理实施了哪些工程？"))) == [
        "“网格工程”",
        "“连心工程”",
        "“家园工程”",
    ]


def test_two_titles_are_a_row_and_two_quoted_words_are_not() -> None:
    titles, words = "制定《人才办法》《引才措施》，效果好。", "常态化开展“走出去”和“请进来”活动，效果好。"
    assert texts(titles, names(titles, 0, len(titles), weighted("制定了哪些办法？"))) == [
        "《人才办法》",
        "《引才措施》",
    ]
    assert names(words, 0, len(words), weighted("开展了哪些活动？")) == []


def test_clauses_that_each_say_what_is_done_are_parts() -> None:
    text = "推进人才战略。坚持党管人才原则，用好柔性引才机制，开展引才活动，做好紧缺人才招引工作。"
    assert texts(text, clauses(text, 0, len(text))) == [
        "坚持党管人才原则",
        "用好柔性引才机制",
        "开展引才活动",
        "做好紧缺人才招引工作",
    ]


def test_a_statement_stays_whole() -> None:
    for text in (
        "对引进的博士，每人给予30万元安家补贴，分三年发放。",
        "把衣食住行等个人琐事，子女入学等家庭大事，一件一件解决好。",
    ):
        assert clauses(text, 0, len(text)) == []
