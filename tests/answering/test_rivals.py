"""Whose figure a sentence tells: what counts as a rival of what a question asks about."""

from __future__ import annotations

import pytest

from rag.answering.rivals import rivals
from rag.coverage import met, weigh
from rag.question import understand


def _told(asked: str, *sentences: str, context: str = "", shaped: bool = True) -> bool:
    """Whether the last sentence tells of a rival, every content word with an equal idf."""
    question = understand(asked)
    weighted = weigh(question, lambda _: 0, 100)
    said = [max(met(item.content, sentences[-1]), met(item.content, context)) for item in weighted]
    return rivals(question, weighted, shaped).told(sentences, len(sentences) - 1, context, said)


@pytest.mark.parametrize(
    ("asked", "sentence", "told"),
    [
        ("大专毕业生每月补贴多少元？", "本科毕业生每月补贴800元", True),
        ("大专毕业生每月补贴多少元？", "大专、本科毕业生每月补贴500元", False),
        ("E类人才的安家补贴是多少？", "B类人才安家补贴80万元", True),
        ("B类人才的安家补贴是多少？", "A、B类人才安家补贴80万元", False),
        ("B类人才的安家补贴是多少？", "A-C类人才安家补贴80万元", False),
        ("三星级楼栋长每年奖励多少元？", "五星级楼栋长每年奖励1200元", True),
        ("第二批选派了多少人？", "首批选派12人", True),
        ("首批选派了多少人？", "第一批选派12人", False),
        ("引进的人才分成哪四类？", "一类人才为院士", False),
    ],
)
def test_another_of_a_list_or_a_form_is_a_rival(asked: str, sentence: str, told: bool) -> None:
    assert _told(asked, sentence.lower()) is told


def test_the_nearest_sentence_that_names_the_form_decides() -> None:
    above, figure = "a、b、c类人才的配偶由单位安排工作。", "暂未就业的，每月补助1400元。"
    assert _told("D类人才的配偶每月补助多少元？", above, figure)
    assert not _told("C类人才的配偶每月补助多少元？", above, figure)
    assert not _told("D类人才的配偶每月补助多少元？", above, "d类人才另行规定。", figure)


@pytest.mark.parametrize(
    ("asked", "sentence", "told"),
    [
        ("网约车司机每年保费多少元？", "为外卖员、快递员购买保险,每年保费120元", True),
        ("网约车司机每年保费多少元？", "为网约车司机和快递员购买保险,每年保费120元", False),
        ("网约车司机每年保费多少元？", "每年保费120元", False),
        ("企业设立院士工作站奖补多少元？", "设立专家工作站的奖补8万元", True),
        ("企业设立院士工作站奖补多少元？", "设立院士工作站的奖补8万元", False),
        ("企业设立院士工作站奖补多少元？", "设立工作站的奖补8万元", False),
    ],
)
def test_other_groups_and_things_are_rivals(asked: str, sentence: str, told: bool) -> None:
    assert _told(asked, sentence) is told


def test_a_group_that_stands_above_is_said() -> None:
    assert not _told("网约车司机每年保费多少元？", "为快递员购买保险,每年保费120元", context="网约车司机")


def test_what_answers_in_general_terms_may_speak_of_others() -> None:
    assert not _told("网约车司机有什么保障？", "为外卖员、快递员购买保险", shaped=False)
