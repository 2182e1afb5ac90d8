"""What a question asks, by rule: languages, kinds, the sort of answer, content words and weights."""

from __future__ import annotations

import pytest

from rag.gazetteer import Mention
from rag.interrogatives import Wanted, asked_unit, asks_author, intent, wanted
from rag.question import (
    CHARACTER_WEIGHT,
    EXPANSION_WEIGHT,
    SLIGHT_WEIGHT,
    STOP_WEIGHT,
    language,
    placed,
    understand,
    unexpanded,
)
from rag.types import Intent, Language


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("祁东县提出了哪些人才政策？", Language.CHINESE),
        ("蘆汀縣駐村第一書記每個月要住村多少天？", Language.TRADITIONAL),
        ("What talent policies did Qidong County propose?", Language.ENGLISH),
        ("What does 祁东县 say about talent?", Language.ENGLISH),
        ("“1+N”人才政策", Language.CHINESE),
    ],
)
def test_language(text: str, spoken: Language) -> None:
    assert language(text) is spoken


@pytest.mark.parametrize(
    ("text", "places", "kind"),
    [
        ("提出了哪些人才政策?", 1, Intent.LIST),
        ("怎样管理在外打工的党员?", 1, Intent.HOW),
        ("甲县和乙县的村集体收入各有多少?", 2, Intent.COMPARE),
        ("建成公寓多少套?", 1, Intent.COUNT),
        ("书记是谁?", 1, Intent.FACT),
        ("what measures did the county take?", 1, Intent.LIST),
        ("how does the county train cadres?", 1, Intent.HOW),
        ("how many cadres were trained?", 1, Intent.COUNT),
    ],
)
def test_intent(text: str, places: int, kind: Intent) -> None:
    assert intent(text, places) is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("给引进的博士多少安家费?", Wanted.AMOUNT),
        ("创建了多少个支部?", Wanted.COUNT),
        ("覆盖率提高到了多少?", Wanted.SHARE),
        ("什么时候开工?", Wanted.DATE),
        ("多久出结果?", Wanted.DURATION),
        ("办法的文号是什么?", Wanted.DOC_NUMBER),
        ("作者是谁?", Wanted.PERSON),
        ("怎样管理党员?", None),
    ],
)
def test_wanted(text: str, kind: Wanted | None) -> None:
    assert wanted(text) is kind


def test_measure_words_and_authors() -> None:
    assert asked_unit("交付了多少套公寓") == "套"
    assert asked_unit("有几个驿站") == "个"
    assert asked_unit("是多少") == ""
    assert asks_author("这篇文章的作者是谁")
    assert not asks_author("作风建设怎么抓")
    assert not asks_author("社区专职工作者一年拿多少钱")


def test_places_are_taken_out_of_the_topic_and_content_leaves_question_words_out() -> None:
    question = understand("祁东县提出了哪些人才政策？")
    assert [mention.text for mention in question.places] == ["祁东县"]
    assert question.topic == "   提出了哪些人才政策?"
    assert [item.text for item in question.content] == ["人才", "政策"]
    assert question.asked == ("人才",)


def test_what_belongs_to_the_asking_is_no_content() -> None:
    asked = {
        text: {item.text for item in understand(text).content} for text in ("公租房一共几套？", "总共引进了多少人才？")
    }
    assert {"几套", "一共", "总共", "多少人"}.isdisjoint(set().union(*asked.values()))
    assert "人才" in asked["总共引进了多少人才？"]


def test_bigrams_weigh_whole_characters_and_stop_words_less() -> None:
    terms = understand("人才公寓有多少").terms
    assert terms["人才"] == terms["公寓"] == 1.0
    assert terms["才公"] == 1.0
    assert terms["才"] == CHARACTER_WEIGHT
    assert terms["多少"] == STOP_WEIGHT


def test_traditional_and_simplified_questions_are_one() -> None:
    assert understand("陝西省緩繳社保幾個月？").terms == understand("陕西省缓缴社保几个月？").terms


def test_english_questions_carry_the_words_of_the_documents() -> None:
    question = understand("How many talent apartments did Qidong County build?")
    assert [mention.text for mention in question.places] == ["Qidong County"]
    assert question.terms["人才"] > EXPANSION_WEIGHT
    assert question.terms["公寓"] > EXPANSION_WEIGHT


def test_single_characters_that_the_dictionary_cuts_apart_are_one_word() -> None:
    assert "引才" in [item.text for item in understand("该县引才瞄准了哪几块").content]


@pytest.mark.parametrize("text", ["", "  ", "？？？", "\x00", "😀", "a" * 2000, "的了吗"])
def test_any_text_is_understood(text: str) -> None:
    assert understand(text).text == text


def test_a_place_that_only_the_corpus_knows_is_no_content() -> None:
    question = understand("在砚坪送外卖有地方歇脚吗？")
    at = question.folded.index("砚坪")
    known = placed(question, [Mention(at, at + 2, "砚坪", (), "unknown")])
    assert [mention.text for mention in known.places] == ["砚坪"]
    assert "砚坪送" in [item.text for item in question.content]
    assert "砚坪送" not in [item.text for item in known.content]
    assert known.topic == question.folded.replace("砚坪", "  ")
    assert placed(known, []) is known


def test_two_places_that_only_the_corpus_knows_are_compared() -> None:
    question = understand("砚坪和棠溪的租金各是多少？")
    places = [
        Mention(at, at + 2, name, (), "unknown") for name in ("砚坪", "棠溪") for at in [question.folded.index(name)]
    ]
    assert question.intent is Intent.COUNT
    assert placed(question, places).intent is Intent.COMPARE


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("公寓有多少套房源？", {"套", "房源"}),
        ("引进了多少名高层次人才？", {"名", "高层次", "人才"}),
        ("有多少名额？", {"名额"}),
        ("有多少家庭？", {"家庭"}),
    ],
)
def test_a_measure_word_stands_apart_from_its_noun(text: str, held: set[str]) -> None:
    assert held <= {item.text for item in understand(text).content}


def test_everyday_words_weigh_little() -> None:
    weights = {item.text: item.weight for item in understand("后来工资还要自己领吗？").content}
    assert (weights["后来"], weights["自己"], weights["工资"]) == (SLIGHT_WEIGHT, SLIGHT_WEIGHT, 1.0)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("领补贴要走什么流程？", Intent.HOW),
        ("创新券能买什么服务？", Intent.LIST),
        ("申请要交什么材料？", Intent.LIST),
        ("公寓叫什么？", Intent.FACT),
        ("什么行为会被取消资格？", Intent.LIST),
        ("什么情况下会把公租房收回去？", Intent.LIST),
        ("什么时候会发补贴？", Intent.FACT),
        ("招商有什么好做法？", Intent.LIST),
        ("办手续有什么用？", Intent.FACT),
        ("两者有什么不同？", Intent.FACT),
        ("列一下几个站点。", Intent.LIST),
        ("短板有几条，分别是什么？", Intent.LIST),
        ("各档补助分别是多少？", Intent.LIST),
        ("一档补助是多少？", Intent.COUNT),
    ],
)
def test_what_of_several_things(text: str, kind: Intent) -> None:
    assert understand(text).intent is kind


def test_a_question_without_synonyms_keeps_its_own_words() -> None:
    question = understand("老百姓掏多少钱？")
    plain = unexpanded(question)
    assert [item.forms for item in plain.content] == [(item.text,) for item in plain.content]
    assert {item.text for item in plain.content} <= {item.text for item in question.content}


def test_an_entry_with_a_question_word_speaks_for_the_words_in_it() -> None:
    """谁出 is no content, yet 钱谁出 says what is meant by 钱."""
    forms = {item.text: item.forms for item in understand("装电梯钱谁出？").content}
    assert "资金来源" in forms["钱"]
    assert "钱谁出" not in forms
    assert understand("多久？").content == ()
