"""What the extractor chooses, by value."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from embeddings.protocol import Embedder
from rag.answering.choice import kind, rate, shipped
from rag.answering.extract import ExtractiveGenerator
from rag.answering.fact import fact
from rag.answering.meaning import MEANINGS, Meaning
from rag.answering.met import met_words
from rag.answering.signals import SIGNALS, is_vow, signals
from rag.answering.units import SentenceCache, Unit, units
from rag.coverage import Weighted
from rag.question import Question, understand
from tests.answering.sentences import hits_of, rated, units_of

TEXT = (
    "甲县印发人才办法，鼓励各类人才到甲县工作。\n"
    "引进的博士每人给予30万元安家补贴，分三年发放。\n"
    "硕士每人给予12万元安家补贴。\n"
    "公寓共有216套，前两年免租金。\n"
)


def weights(question: Question) -> list[Weighted]:
    return [Weighted(content, content.weight) for content in question.content]


def seen(question: Question, pieces: Sequence[Unit], places: Sequence[str] = ()) -> dict[str, list[float]]:
    found = signals(question, weights(question), pieces, met_words(weights(question), pieces), places)
    return {name: column.tolist() for name, column in found.items()}


def test_shipped_weights_name_every_signal() -> None:
    every = {*SIGNALS, *MEANINGS}
    assert {name: set(table) for name, table in shipped().items()} == {"one": every, "several": every}


def test_signals_are_what_they_say() -> None:
    found = seen(understand("博士安家补贴多少？"), units_of(TEXT))
    assert set(found) == set(SIGNALS)
    assert found["shaped"] == [0.0, 1.0, 1.0, 0.0]
    assert found["first"] == [1.0, 1 / 2, 1 / 3, 1 / 4]
    joint = found["joint"]
    assert joint[1] == 1.0
    assert joint[1] > joint[2] > joint[3]


def test_a_place_counts_where_the_passage_is_of_another() -> None:
    pieces = units_of("乙镇每人给予300元。\n丙镇每人给予200元。\n")
    question = understand("丙镇每人给多少？")
    placed, own = (seen(question, pieces, [place])["placed"] for place in ("丙镇", "甲县"))
    assert (placed, own) == ([0.0, 1.0], [0.0, 0.0])


def test_a_title_dates_what_stands_below_it() -> None:
    text = "公寓建成120套。\n"
    pieces = units(hits_of(text, title="甲县2023年工作总结"), {"d": text})
    asked = ("2023年公寓多少套？", "2024年公寓多少套？", "公寓多少套？")
    assert [seen(understand(question), pieces)["dated"] for question in asked] == [[1.0], [-1.0], [0.0]]


def test_an_answer_stands_under_its_question() -> None:
    pieces = units_of("公寓有多少套？甲县一直在建。去年又添了一批，分布在城里的三个小区当中。现有公寓共计216套。\n")
    assert seen(understand("公寓有多少套？"), pieces)["under"] == [0.0, 1.0]


@pytest.mark.parametrize(("rival", "end"), [(0.0, "2500元。"), (-9.0, "75%；")])
def test_an_unsure_answer_is_quoted_to_the_end_of_its_sentence(rival: float, end: str) -> None:
    text = "门诊起付线为200元，一级医院报销75%；年度限额在职2500元。其他费用按有关规定另行计算。\n"
    first, *others = units_of(text)
    question = understand("门诊最多报多少？")
    order = rated(weights(question), [first, *others], [0.0, *(rival - at for at in range(len(others)))])
    (draft, *_) = fact(question, weights(question), order, {"d": text})
    assert draft.text == text[: text.index(end) + len(end)]


def test_a_fact_is_one_sentence_with_its_answer_marked(model: Embedder) -> None:
    question = understand("博士安家补贴多少？")
    (draft, *_) = ExtractiveGenerator(model).generate(question, weights(question), hits_of(TEXT), {"d": TEXT})
    assert draft.text == "引进的博士每人给予30万元安家补贴，分三年发放。"
    assert draft.focus is not None
    assert TEXT[draft.focus.start : draft.focus.end] == "30万元"


def test_a_name_with_a_number_asks_for_several_things() -> None:
    assert kind(understand("甲县工地的“三不准”是什么？")) == "several"
    assert kind(understand("甲县工地在什么地方？")) == "one"


def test_what_finds_no_room_is_spare_and_not_lost(model: Embedder) -> None:
    text = "".join(f"（{number}）第{number}项条件是{'长' * 120}{number}；\n" for number in "一二三四五六七八九十")
    text = "申请补贴应当符合下列条件：\n" + text
    question = understand("申请补贴要符合哪些条件？")
    drafts = ExtractiveGenerator(model).generate(question, weights(question), hits_of(text), {"d": text})
    quoted = [draft for draft in drafts if not draft.spare]
    assert 0 < sum(len(draft.text) for draft in quoted) <= 1_170
    assert sum(draft.spare for draft in drafts) == 11 - len(quoted)


def test_rating_is_the_same_with_a_warm_cache(model: Embedder) -> None:
    cache, question = SentenceCache(), understand("公寓有多少套？")
    hits, meaning = hits_of(TEXT), Meaning(model)
    cold = rate(question, weights(question), units(hits, {"d": TEXT}, cache), meaning)
    warm = rate(question, weights(question), units(hits, {"d": TEXT}, cache), meaning)
    assert [item.unit for item in cold] == [item.unit for item in warm]
    assert [item.score for item in cold] == pytest.approx([item.score for item in warm], abs=1e-5)
    assert cold[0].unit.folded == "公寓共有216套,前两年免租金。"


def test_the_number_of_an_item_is_quoted_but_not_said(model: Embedder) -> None:
    text = "申请补贴应当符合下列条件：\n（一）具有本市户籍；\n（二）没有自有住房；\n"
    question = understand("申请补贴要符合哪些条件？")
    drafts = ExtractiveGenerator(model).generate(question, weights(question), hits_of(text), {"d": text})
    said = {draft.text: text[draft.spans[0].start : draft.spans[0].end] for draft in drafts}
    assert said["具有本市户籍；"] == "（一）具有本市户籍；"
    assert said["没有自有住房；"] == "（二）没有自有住房；"


def test_the_sentence_that_makes_up_the_answer_is_told_clause_by_clause(model: Embedder) -> None:
    text = (
        "让人才成为甲县发展的引擎。\n"
        "甲县人才政策要落到实处，坚持党管人才的原则，设立人才发展专项资金，给予博士安家补贴，建设人才公寓二百套，"
        "开展校企联合培养，推行柔性引才机制，落实子女就学待遇。\n"
    )
    question = understand("甲县有哪些人才政策？")
    drafts = ExtractiveGenerator(model).generate(question, weights(question), hits_of(text), {"d": text})
    said = [draft.text for draft in drafts]
    assert {"设立人才发展专项资金", "给予博士安家补贴", "推行柔性引才机制"} <= set(said)


def test_who_is_in_charge_is_no_point_unless_it_is_asked_for(model: Embedder) -> None:
    text = (
        "一、加大信贷支持。对中小企业展期或续贷，降低利率。（责任单位：县中小企业金融局）\n"
        "二、降低融资成本。对中小企业减免担保费。（责任单位：县中小企业金融局）\n三、设立中小企业资金。（责任单位：县财政局）\n"
    )

    def said(asked: str) -> list[str]:
        question = understand(asked)
        drafts = ExtractiveGenerator(model).generate(question, weights(question), hits_of(text), {"d": text})
        return [draft.text for draft in drafts]

    credit, charge = "加大信贷支持。对中小企业展期或续贷，降低利率。", "（责任单位：县中小企业金融局）"
    assert said("对中小企业有哪些金融支持？") == [credit]
    assert said("加大中小企业信贷支持的责任单位有哪些？") == [credit, charge]


def said(model: Embedder, text: str, asked: str) -> list[str]:
    question = understand(asked)
    drafts = ExtractiveGenerator(model).generate(question, weights(question), hits_of(text), {"d": text})
    return [draft.text for draft in drafts if not draft.spare]


def test_a_vow_is_no_measure(model: Embedder) -> None:
    text = "让人才成为推动发展的强大引擎。\n设立人才发展专项资金，每年不少于3000万元。\n人才是县域发展的关键所在。\n"
    assert said(model, text, "甲县有哪些人才措施？") == ["设立人才发展专项资金，每年不少于3000万元。"]


@pytest.mark.parametrize(
    ("folded", "vow"),
    [
        ("让人才成为推动发展的强大引擎。", True),
        ("基层是党的执政之基,力量之源。", True),
        ("建强党的基层堡垒重在基础。", True),
        ("让216套公寓成为人才的新家。", False),
        ("让“候鸟计划”成为引才名片。", False),
        ("让企业先用工、后缴费。", False),
    ],
)
def test_what_a_vow_is(folded: str, vow: bool) -> None:
    (unit,) = units_of(folded)
    assert is_vow(unit) is vow


def test_a_question_and_a_credit_are_no_items(model: Embedder) -> None:
    text = "补贴怎么申请？\n一是向社区提交补贴申请表。\n二是由街道审核补贴。\n解读人：县人社局补贴科。\n"
    assert said(model, text, "申请补贴有哪些步骤？") == ["一是向社区提交补贴申请表。", "二是由街道审核补贴。"]


def test_what_sends_a_document_out_is_no_item(model: Embedder) -> None:
    text = (
        "现将《引才若干措施》印发给你们，请认真贯彻执行。\n引才若干措施\n一、安家补贴。博士给予40万元引才补贴。\n"
        "二、子女入学。引才对象的子女自主选择学校。\n"
    )
    points = said(model, text, "引才有哪些措施？")
    assert not any("印发" in point for point in points)
    assert [point[:4] for point in points if "。" in point][:2] == ["安家补贴", "子女入学"]


def test_the_answer_is_marked_in_the_clause_that_asks_for_it(model: Embedder) -> None:
    text = "每张床位一次性改造补贴4000元，每月服务补贴400元，由机构提供服务。\n"
    question = understand("床位每月的服务补贴是多少？")
    (draft, *_) = ExtractiveGenerator(model).generate(question, weights(question), hits_of(text), {"d": text})
    assert draft.focus is not None
    assert text[draft.focus.start : draft.focus.end] == "400元"


def test_the_mark_of_an_answer_is_not_said(model: Embedder) -> None:
    (point, *_) = said(
        model, "公寓共有多少套呢，大家都很关心这一件事情，请问现在有多少？\n答：公寓共有216套。\n", "公寓有多少套？"
    )
    assert point == "公寓共有216套。"


def test_a_question_in_other_words_is_answered_with_more_sentences() -> None:
    """The scores say that the first is right with .95: enough where the words are met, too sure where they are not."""
    text = "公寓的租金一般每个月是八百元整，由住户按月缴。\n签约的时候还要另外缴纳保证金一千元，退房时退。\n合同每三年签一次，最长可以连着住满六年时间。\n"

    def said(asked: str) -> list[str]:
        question = understand(asked)
        scored = rated(weights(question), units_of(text), (3.6, 0.0, 0.0))
        return [draft.text for draft in fact(question, weights(question), scored, {"d": text})]

    assert said("公寓租金怎么收？") == [text.splitlines()[0]]
    assert len(said("在那儿安身得花几个子儿？")) == 3
