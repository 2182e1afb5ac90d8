"""How far a text meets a question: values by hand."""

from __future__ import annotations

import math
import re

import pytest

from rag.coverage import SINGLE_WEIGHT, Weighted, answer_pattern, coverage, met, met_by_each, met_table, weigh
from rag.question import Content, understand


def content(text: str, *forms: str, weight: float = 1.0) -> Content:
    return Content(text, (text, *forms), weight)


@pytest.mark.parametrize(
    ("word", "text", "share"),
    [
        (content("人才公寓"), "建成人才公寓216套", 1.0),
        (content("骑手", "外卖"), "为外卖小哥办理保险", 0.8),
        (content("人才公寓"), "公寓216套", 0.5 * 1 / 3),
        (content("博士"), "硕士", 0.0),
        (content("wechat"), "we chat", 0.0),
    ],
)
def test_met(word: Content, text: str, share: float) -> None:
    assert met(word, text) == pytest.approx(share)


@pytest.mark.parametrize(
    "word", [content("人才公寓"), content("骑手", "外卖"), content("博士"), content("津贴", "人才补贴")]
)
def test_met_by_each_leaves_out_what_does_not_meet_the_word(word: Content) -> None:
    texts = ["建成人才公寓216套", "为外卖小哥办理保险", "公寓216套", "硕士", "博士骑手", "人才津贴", "各类人才补贴"]
    assert met_by_each(word, texts) == [(i, met(word, text)) for i, text in enumerate(texts) if met(word, text) > 0]


def test_the_table_of_words_met_has_a_row_a_text_and_a_column_a_word() -> None:
    words = [Weighted(content("人才公寓"), 1.0), Weighted(content("骑手", "外卖"), 2.0)]
    table = met_table(words, ["人才公寓里的骑手", "公寓216套", "为外卖小哥办理保险", ""])
    assert table.tolist() == [[1.0, 1.0], [pytest.approx(1 / 6), 0.0], [0.0, 0.8], [0.0, 0.0]]


def test_coverage_is_the_met_share_of_the_weight() -> None:
    weighted = [Weighted(content("博士"), 3.0), Weighted(content("安家费"), 1.0)]
    assert coverage(weighted, "引进博士") == pytest.approx(3 / 4)
    assert coverage(weighted, "") == 0.0
    assert coverage([], "引进博士") == 0.0


def test_weights_are_idf_in_this_corpus() -> None:
    frequency = {"人才": 50, "才公": 2, "公寓": 4}.get
    question = understand("人才公寓")
    weights = {item.content.text: item.weight for item in weigh(question, lambda term: frequency(term) or 0, 100)}
    assert weights["人才"] == pytest.approx(math.log(1 + (100 - 50 + 0.5) / (50 + 0.5)))
    assert weights["公寓"] == pytest.approx(math.log(1 + (100 - 4 + 0.5) / (4 + 0.5)))


@pytest.mark.parametrize(
    ("question", "yes", "no"),
    [
        ("给多少补贴", "给予30万元补贴", "给予补贴"),
        ("创建了多少个支部", "创建支部183个", "创建支部"),
        ("交付了多少套公寓", "交付公寓352套", "交付352平方米"),
        ("有多少名党员", "党员总数达3.93万余名", "党员是第一位的"),
        ("覆盖率提高到了多少", "达到45%", "达到很高水平"),
        ("要多久", "在20个工作日内", "尽快"),
        ("文号是什么", "祁办发〔2022〕15号", "祁办发15号"),
        ("飞地有多大", "总面积3200平方米", "总面积很大"),
    ],
)
def test_the_shape_of_an_answer(question: str, yes: str, no: str) -> None:
    pattern = answer_pattern(understand(question))
    assert isinstance(pattern, re.Pattern)
    assert pattern.search(yes)
    assert not pattern.search(no)


def test_no_shape_for_what_is_not_told() -> None:
    question = understand("怎样管理党员")
    assert answer_pattern(question) is None


def test_what_only_stands_together_in_the_question_is_no_word() -> None:
    """钱 and 买 make no word; 引才, which the dictionary lacks too, is one where the corpus holds it."""
    counts = {"引才": 4, "钱": 7, "买": 3}
    question = understand("补的钱买些粮，怎么引才？")
    held = {item.content.text: item.held for item in weigh(question, lambda term: counts.get(term, 0), 100)}
    assert held["引才"] is True
    assert "钱买" not in held
    assert held["钱"] is True
    assert held["买"] is True
    assert len(held) == len(list(weigh(question, lambda term: counts.get(term, 0), 100)))


def test_a_word_that_falls_apart_leaves_the_longest_stretches_that_are_held() -> None:
    counts = {"岫才": 2, "租": 1}
    question = understand("租岫才公寓要多少钱？")
    joined = [item for item in question.content if item.joined]
    assert [item.text for item in joined] == ["租岫才"]
    found = weigh(question, lambda term: counts.get(term, 0), 100)
    assert [item.content.text for item in found][:2] == ["租", "岫才"]
    assert found[0].content.weight == SINGLE_WEIGHT * found[1].content.weight
