"""Lists as a document makes them."""

from __future__ import annotations

import pytest

from rag.answering.divisions import LINES, divisions, lines_below
from rag.answering.listing import BODY, LED, SERIES, Listing, alike_heads, headed, listings, sections, series, sharing
from rag.answering.lists import SIGNALS, Choice, choices, choose
from rag.answering.looks import announced
from rag.answering.several import composed
from rag.answering.signals import heading_like, is_counted
from rag.answering.units import units
from rag.coverage import Weighted
from rag.question import understand
from rag.types import Chunk, Hit
from tests.answering.sentences import rated, units_of

NESTED = (
    "二、准入条件\n"
    "（一）城镇家庭，应当同时符合下列条件：\n1.有本市户籍；\n2.收入不高于线。\n"
    "（二）外来务工人员，应当符合下列条件：\n1.持居住证满1年；\n2.缴社保满24个月；\n3.没有住房。\n"
    "三、租金\n每月每平方米3元。\n"
)


def shown(listing: Listing) -> tuple[str, str, list[str]]:
    lead = listing.lead.folded if listing.lead else ""
    return listing.kind, lead, [item.head.folded for item in listing.items]


def test_numbered_clauses_of_a_sentence_are_a_list_with_its_lead() -> None:
    found = listings(units_of("县里定了三条规矩：\n一是管住门；二是管好人；三是管好钱。\n"))
    assert [shown(listing) for listing in found] == [
        ("是", "县里定了三条规矩:", ["一是管住门;", "二是管好人;", "三是管好钱。"])
    ]


def test_a_list_inside_an_item_ends_with_it() -> None:
    found = {shown(listing)[1]: shown(listing)[2] for listing in listings(units_of(NESTED))}
    assert found["(一)城镇家庭,应当同时符合下列条件:"] == ["1.有本市户籍;", "2.收入不高于线。"]
    assert found["(二)外来务工人员,应当符合下列条件:"] == ["1.持居住证满1年;", "2.缴社保满24个月;", "3.没有住房。"]
    assert found["二、准入条件"] == ["(一)城镇家庭,应当同时符合下列条件:", "(二)外来务工人员,应当符合下列条件:"]


def test_short_leads_make_a_list() -> None:
    text = "盘活资产。清理闲置校舍、厂房三百处。\n抱团发展。十个村合股办公司，按股分红。\n"
    (found,) = listings(units_of(text))
    assert shown(found)[0::2] == (
        LED,
        ["盘活资产。清理闲置校舍、厂房三百处。", "抱团发展。十个村合股办公司,按股分红。"],
    )


def test_one_item_is_no_list() -> None:
    assert listings(units_of("一是管住门。\n其他照旧，不再重复说明。\n")) == []


def divided(text: str) -> list[tuple[str, list[str]]]:
    return [(each.label, [item.head.folded for item in each.items]) for each in divisions(units_of(text))]


def test_what_stands_below_a_heading_is_its_section() -> None:
    text = "一、对象\n没有雇工的个体工商户都可以参加保险。\n非全日制的从业人员也可以参加保险。\n二、费率\n比例为百分之二十。\n"
    assert divided(text) == [
        ("对象", ["没有雇工的个体工商户都可以参加保险。", "非全日制的从业人员也可以参加保险。"]),
        ("费率", ["比例为百分之二十。"]),
    ]


def test_the_answer_to_a_question_ends_where_the_next_is_asked() -> None:
    text = "问：哪些行为要清退？\n答：转租的；连续空置的；拖欠租金的。\n问：咨询电话是多少？\n答：请拨打县人才办。\n"
    assert divided(text) == [
        ("哪些行为要清退", ["答:转租的;", "连续空置的;", "拖欠租金的。"]),
        ("咨询电话是多少", ["答:请拨打县人才办。"]),
    ]


def test_an_article_is_a_section_with_its_own_first_sentence() -> None:
    text = "第九条 激励。表现好的优先提拔使用。\n第十条 召回。有以下情形的予以召回：（一）抽查不在岗的；（二）考核不合格的。\n"
    assert divided(text) == [
        ("激励", ["第九条激励。表现好的优先提拔使用。"]),
        ("召回", ["第十条召回。有以下情形的予以召回:(一)抽查不在岗的;", "(二)考核不合格的。"]),
    ]


def test_the_title_is_no_head_of_a_section() -> None:
    assert divided("甲县人才办法\n本办法所称人才，是指来县里工作的人。\n") == []


def test_lines_below_a_heading_are_a_list() -> None:
    text = "三、先进党组织（节选）\n大坪村党支部\n税务局党支部\n石羊镇党委\n公示期为五天，有异议的可以来电反映。\n"
    (found,) = lines_below(units_of(text))
    assert shown(found) == (LINES, "三、先进党组织(节选)", ["大坪村党支部", "税务局党支部", "石羊镇党委"])


def test_the_sentences_of_a_passage_heading_are_a_section_unless_the_heading_stands_in_the_text() -> None:
    text = "人才工作\n每年秋天办一次人才周，全年引进三百名急需人才。建好人才公寓，现有房源二百套。"
    whole, below = (
        [Hit(Chunk(1, "d", start, len(text), "人才工作", "甲县 › 总结 › 人才工作"), 1.0, {})] for start in (0, 5)
    )
    sentences = ["每年秋天办一次人才周,全年引进三百名急需人才。", "建好人才公寓,现有房源二百套。"]
    for hits in (whole, below):
        pieces = units(hits, {"d": text})
        assert [shown(each) for each in sections(pieces, [])] == [(BODY, "", sentences)]
    pieces = units(whole, {"d": text})
    assert sections(pieces, [Listing("section", pieces[0], [], 0)]) == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("尤敏：每人每年90元，其中个人30元；单位30元；财政30元。", 3),
        ("三是办实事。建立分级制度：一般事项由社区办；较难事项由街道办。", 2),
        ("第十条 有以下情形的：（一）不在岗的；（二）不合格的。", 2),
        ("1.建设补助：每处5万元；\n2.运营补助：每处2万元。", 0),
    ],
)
def test_the_parts_of_one_sentence_are_a_run_and_the_items_of_a_numbered_list_none(text: str, parts: int) -> None:
    pieces = units([Hit(Chunk(1, "d", 0, len(text), "", "甲县"), 1.0, {})], {"d": text})
    assert sum(len(run.items) for run in series(pieces)) == parts


def test_a_part_of_a_sentence_is_quoted_with_the_others() -> None:
    text = "清退\n下列房屋收回：转租转借的；连续空置六十天的；拖欠租金三个月的。\n咨询电话每天有人接听。\n"
    question, pieces = understand("什么房屋要收回？"), units_of(text)
    weighted = [Weighted(item, item.weight) for item in question.content]
    scores = [9.0 if "连续空置" in unit.folded else 0.0 for unit in pieces]
    best = sorted(rated(weighted, pieces, scores), key=lambda item: -item.score)
    drafts = composed(question, weighted, best, {"d": text}, 1.0, Choice(None, False, {}))
    assert [draft.text for draft in drafts] == [
        "下列房屋收回：转租转借的；",
        "连续空置六十天的；",
        "拖欠租金三个月的。",
    ]


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("培养人才的四招是哪四招？", (4, "")),
        ("“五边”行动包括哪五边？", (5, "边")),
        ("从哪12个方面发力？", (12, "")),
        ("文章说的三个“务必”是什么？", (3, "务必")),
        ("出台了哪些政策？", (0, "")),
        ("一个人能领多少？", (0, "")),
    ],
)
def test_a_question_may_say_how_many_things_there_are(question: str, number: tuple[int, str]) -> None:
    from rag.analysis import fold

    assert announced(fold(question).text) == number


def test_sentences_that_open_with_one_word_are_a_list_when_they_are_as_many_as_said() -> None:
    pieces = units_of(
        "这就是三个坚持的要求。\n坚持人民至上，一切为了群众。\n坚持守正创新，不断改进工作。\n坚持系统观念，统筹各项任务。\n"
    )
    found = sharing(pieces, "坚持", 4)
    assert found is not None
    assert [item.head.folded[:6] for item in found.items] == [
        "这就是三个坚",
        "坚持人民至上",
        "坚持守正创新",
        "坚持系统观念",
    ]
    assert sharing(pieces, "坚持", 5) is None


def test_parts_that_semicolons_join_are_a_series_with_their_announcement_in_the_first() -> None:
    text = (
        "第六条 有下列情形之一的应当退出：购买住房的；离职的；转租的。逾期不退的加收租金。\n一是管住门；二是管好人。\n"
    )
    assert [shown(listing) for listing in series(units_of(text))] == [
        (SERIES, "", ["第六条有下列情形之一的应当退出:购买住房的;", "离职的;", "转租的。"])
    ]


@pytest.mark.parametrize("measure", ["本", "类", "", "步骤"])
def test_any_measure_word_may_stand_in_an_ordinal(measure: str) -> None:
    text = f"镇里晒出账本。\n第一{measure}是资源账。\n第二{measure}是产业账。\n"
    (found,) = listings(units_of(text))
    assert shown(found)[2] == [f"第一{measure}是资源账。", f"第二{measure}是产业账。"]


TWO_LISTS = (
    "青榆县人才工作\n青榆县这几年人才工作成效明显，全县人才总量达到三万人，人才贡献率逐年提高。\n"
    "一、聚焦产业引才\n办好人才周，每年引进三百人。\n二、聚焦实践育才\n办好技能大赛，每年培训一千人。\n"
    "三、聚焦服务留才\n建好人才公寓，现有房源二百套。\n"
)


def ways(text: str, asked: str) -> list[Choice]:
    question, pieces = understand(asked), units_of(text)
    weighted = [Weighted(item, item.weight) for item in question.content]
    return list(choices(question, weighted, rated(weighted, pieces, [-0.1 * at for at in range(len(pieces))])))


def test_every_way_to_answer_is_offered_with_its_signals() -> None:
    found = ways(TWO_LISTS, "青榆县人才工作聚焦哪三个方面？")
    assert found[0].listing is None
    assert found[0].signals == {"none": 1.0, "none_counted": 0.0}
    whole, brief = (way for way in found if way.listing is not None and way.listing.kind == "一、")
    assert (whole.brief, brief.brief) == (False, True)
    assert {name: whole.signals[name] for name in ("rank", "counted", "size", "pair", "body", "manner", "early")} == {
        "rank": 0.0,
        "counted": 1.0,
        "size": pytest.approx(0.528, abs=1e-3),
        "pair": 0.0,
        "body": 0.0,
        "manner": 0.0,
        "early": 1.0,
    }
    assert brief.signals["brief_counted"] == 1.0
    assert set().union(*(way.signals for way in found)) <= set(SIGNALS)


def test_the_list_that_is_asked_for_is_chosen() -> None:
    question, pieces = understand("青榆县人才工作聚焦哪三个方面？"), units_of(TWO_LISTS)
    weighted = [Weighted(item, item.weight) for item in question.content]
    chosen = choose(question, weighted, rated(weighted, pieces, [-0.1 * at for at in range(len(pieces))]))
    assert chosen.listing is not None
    assert [item.head.folded for item in chosen.listing.items] == [
        "一、聚焦产业引才",
        "二、聚焦实践育才",
        "三、聚焦服务留才",
    ]


def test_parts_that_share_a_word_may_have_a_sentence_between_them() -> None:
    text = "要做到三个坚持，方向才不会偏。\n坚持人民至上，办好实事。\n群众看得见实事办到了哪一步。\n坚持守正创新，破解难题。\n坚持问题导向，补齐短板。\n"
    found = sharing(units_of(text)[1:], "坚持", 3)
    assert found is not None
    assert [len(item.units) for item in found.items] == [2, 1, 1]


def test_of_two_numbers_alike_the_named_one_tells_the_word() -> None:
    assert announced("从哪六个方面落实“六个坚持”") == (6, "坚持")
    assert announced("从哪三个方面落实“六个坚持”") == (3, "")


def test_headings_that_share_the_word_are_the_list_where_they_are_as_many() -> None:
    text = "聚焦“应建”，让组织有形\n摸排三个月，走访企业千家。\n聚焦“双培”，让队伍有力\n发展党员百名。\n"
    found = headed(units_of(text), "聚焦", 2)
    assert found is not None
    assert shown(found)[2] == ["聚焦“应建”,让组织有形", "聚焦“双培”,让队伍有力"]
    assert [unit.folded for unit in found.items[0].body] == ["摸排三个月,走访企业千家。"]
    assert headed(units_of(text), "聚焦", 3) is None


def test_parts_that_share_a_word_are_counted_where_it_is_said() -> None:
    other, own, twice = units_of(
        "针对找不到、管不住、用不好三个难题。\n做到聚焦产业、教育、医疗。\n聚焦人，聚焦事，聚焦钱。\n"
    )
    counted = [is_counted(unit, *announced("三个“聚焦”是什么?")) for unit in (other, own, twice)]
    assert counted == [False, True, True]
    assert is_counted(other, *announced("哪三个难题?"))


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("让“英雄”有“用武之地”", True),
        ("三、租金", True),
        ("他说：“日子好过了。”", False),
        ("租金每月800元。", False),
        ("（责任单位：县财政局）", False),
        ("（二）2024年打算", True),
        ("80—89周岁　　每人每月100元", False),
        ("完成率　　73.5%", False),
    ],
)
def test_a_heading_may_end_with_a_name_but_counts_nothing(line: str, heading: bool) -> None:
    (unit,) = units_of(line + "\n")
    assert heading_like(unit) is heading


def test_items_that_open_alike_may_be_long() -> None:
    more = "村里为此开了好几次会，大家都来出主意。" * 5
    alike = f"产业联兴。办起公司，统一收购和销售。{more}\n人才联育。请来专家，轮流到村里授课。{more}\n"
    other = f"产业联兴。办起公司，统一收购和销售。{more}\n后来怎样了呢。请来专家，轮流到村里授课。{more}\n"
    assert [len(found.items) for found in listings(units_of(alike)) if found.kind == LED] == [2]
    assert [found for found in listings(units_of(other)) if found.kind == LED] == []


def test_headings_that_open_alike_are_a_list() -> None:
    text = (
        "全区抓党建的办法有三个。\n聚焦“应建尽建”，让组织有形\n摸清了底数。\n聚焦“双向培养”，让党员有为\n发展了党员。\n"
        "聚焦“融合共进”，让活动有味\n办起了活动。\n"
    )
    (found,) = alike_heads(units_of(text))
    assert [item.head.folded[:8] for item in found.items] == ["聚焦“应建尽建”", "聚焦“双向培养”", "聚焦“融合共进”"]
    assert [[unit.folded for unit in item.body] for item in found.items] == [
        ["摸清了底数。"],
        ["发展了党员。"],
        ["办起了活动。"],
    ]
    assert alike_heads(units_of(text.replace("聚焦“融合共进”", "办好“融合共进”"))) == []


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("what are the three focuses of the district?", 3),
        ("what must be done within three years?", 0),
        ("which four types of people?", 4),
    ],
)
def test_an_english_number_says_how_many_things_there_are(asked: str, number: int) -> None:
    assert announced(asked) == (number, "")


def test_circled_numbers_are_numbers_and_the_first_may_stand_behind_the_mark_of_an_answer() -> None:
    (found,) = (
        each
        for each in listings(units_of("问：哪些会被取消？\n答：①转让房间；②提供假材料；③扰乱秩序。\n"))
        if each.kind == "1."
    )
    assert [item.head.folded for item in found.items] == ["答:1.转让房间;", "2.提供假材料;", "3.扰乱秩序。"]


@pytest.mark.parametrize(("asked", "kin"), [("就餐卡怎么办？", [0.0, 1.0]), ("哪些人有就餐补贴？", [1.0, 0.0])])
def test_what_stands_above_a_list_may_ask_as_the_question_does(asked: str, kin: list[float]) -> None:
    text = (
        "一、哪些人能享受？\n（一）满八十岁的老人；\n（二）没有子女的老人。\n"
        "二、怎样申请？\n（一）带上身份证和照片；\n（二）到社区服务站填表。\n"
    )
    question = understand(asked)
    weighted = [Weighted(content, content.weight) for content in question.content]
    pieces = units_of(text)
    ranked = rated(weighted, pieces, [-float(at) for at in range(len(pieces))])
    found = [
        way
        for way in choices(question, weighted, ranked)
        if way.listing and way.listing.kind == "(一)" and not way.brief
    ]
    assert [way.signals["kin"] for way in found] == kin


def test_a_heading_is_one_point_with_the_sentence_below_it() -> None:
    text = "一、租金标准\n租金按市场价的六成收取。\n二、申请流程\n三、退出条件\n不再符合条件的要退出。\n另有车位。\n"
    question = understand("怎样管理公寓?")
    hits = [Hit(Chunk(1, "d", 0, len(text), "", "甲县 › 公寓办法"), 1.0, {"coverage": 1.0})]
    pieces = units(hits, {"d": text})
    scored = rated([], pieces, [1.0] * len(pieces))
    (numbered,) = listings(pieces)
    drafts = composed(question, [], scored, {"d": text}, 1.0, Choice(numbered, False, {}))
    assert [(draft.text, text[draft.spans[0].start : draft.spans[0].end]) for draft in drafts] == [
        ("租金标准\n租金按市场价的六成收取。", "一、租金标准\n租金按市场价的六成收取。"),
        ("申请流程", "二、申请流程"),
        ("退出条件\n不再符合条件的要退出。", "三、退出条件\n不再符合条件的要退出。"),
        ("另有车位。", "另有车位。"),
    ]


def test_a_section_that_is_asked_for_by_its_heading_is_the_answer() -> None:
    text = "一、租金标准\n租金按市场价的六成收取。\n二、申请流程\n先交材料。\n再选房源。\n三、退出条件\n不再符合条件的要退出。\n"
    hits = [Hit(Chunk(1, "d", 0, len(text), "", "甲县 › 公寓办法"), 1.0, {"coverage": 1.0})]
    pieces = units(hits, {"d": text})
    scored = rated([], pieces, [1.0] * len(pieces))
    (numbered,) = listings(pieces)

    def said(asked: str) -> list[str]:
        choice = Choice(numbered, False, {})
        return [draft.text for draft in composed(understand(asked), [], scored, {"d": text}, 1.0, choice)]

    assert said("公寓的申请流程有哪些步骤?") == ["先交材料。", "再选房源。"]
    every = [
        "租金标准\n租金按市场价的六成收取。",
        "申请流程\n先交材料。",
        "再选房源。",
        "退出条件\n不再符合条件的要退出。",
    ]
    assert said("公寓有哪些规定?") == every
    assert said("申请流程和退出条件有哪些?") == every
