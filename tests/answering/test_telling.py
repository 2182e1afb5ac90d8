"""How much the words of a question count for a refusal."""

from __future__ import annotations

import pytest

from rag.answering.telling import LITTLE, asked_for, telling
from rag.coverage import met, weigh
from rag.question import understand


def _weights(text: str) -> dict[str, float]:
    """The weight of each content word, over what it counts in search, every word with an equal idf."""
    question = understand(text)
    weighted = weigh(question, lambda _: 0, 100)
    told = telling(question, weighted)
    return {after.content.text: after.weight / before.weight for before, after in zip(weighted, told, strict=True)}


def test_words_of_the_asking_count_little() -> None:
    weights = _weights("云溪县实施办法的文号是多少？")
    assert weights["文号"] == LITTLE
    assert weights["办法"] == 1.0


def test_who_said_it_counts_little() -> None:
    weights = _weights("座谈会的材料提到，新增岗位有多少个？")
    assert weights["座谈会"] == weights["材料"] == LITTLE
    assert weights["岗位"] == 1.0


@pytest.mark.parametrize(
    ("asked", "word", "said"),
    [
        ("全省有多少名党员？", "全省", "我省有党员510万名"),
        ("八月哪天截止？", "八月", "8月15日截止"),
        ("公寓的月租金是多少？", "月租金", "租金每月800元"),
    ],
)
def test_what_a_document_says_otherwise_is_met(asked: str, word: str, said: str) -> None:
    question = understand(asked)
    forms = {item.content.text: item.content for item in telling(question, weigh(question, lambda _: 0, 100))}
    assert met(forms[word], said) >= 0.8


def test_the_thing_asked_for_has_its_weight() -> None:
    question = understand("公寓的物业费是多少元？")
    weighted = weigh(question, lambda _: 0, 100)
    asked = {item.content.text: weight for item, weight in zip(weighted, asked_for(question, weighted), strict=True)}
    assert asked["物业费"] > 0
    english = understand("What is the property fee?")
    assert set(asked_for(english, weigh(english, lambda _: 0, 100))) == {0.0}
