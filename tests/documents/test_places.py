"""Which place a document speaks for. Texts are written for these tests; accuracy is measured on the development data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.documents.assemble import read
from rag.documents.places import Located, locate
from rag.gazetteer import gazetteer
from rag.types import Document, Level


def place(
    text: str, title: str = "", byline: str | None = None, source: str = "a.txt", hints: tuple[str, ...] = ()
) -> str | None:
    return locate(text, title=title, byline=byline, source=source, hints=hints).place


def test_the_title_goes_before_what_the_text_mentions() -> None:
    text = "祁东县：人才工作\n省委、市委都有部署。长沙市、株洲市、湘潭市也来学习。"
    assert place(text, "祁东县：人才工作") == "湖南省衡阳市祁东县"


def test_the_visited_place_goes_before_the_visitor() -> None:
    title = "衡阳市委组织部到祁东调研"
    assert place(f"{title}\n近日，衡阳市委组织部一行到祁东县走访。", title) == "湖南省衡阳市祁东县"


def test_a_row_of_visited_places_is_context() -> None:
    text = "澄河县委办公室\n由县委副书记带队，先后到岚泉市、碧河县学习考察。\n碧河县山区面积占九成。\n我县的差距在哪里。\n（澄河县委办公室）\n"
    assert locate(text, title="关于赴岚泉市、碧河县学习考察情况的报告", byline=None, source="a.txt").place == "澄河县"


def test_the_byline_tells_where_the_text_does_not() -> None:
    assert place("我县坚持党管人才。", byline="中共祁东县委常委、组织部部长 某某") == "湖南省衡阳市祁东县"


def test_the_signature_tells_and_the_owner_of_the_site_does_not() -> None:
    text = "我县坚持党管人才，全县上下抓落实。\n(中共祁东县委组织部 某某)\n\n主办单位:中共湖南省委组织部\n湘ICP备00000000号"
    assert place(text) == "湖南省衡阳市祁东县"


def test_an_everyday_name_with_our_city_is_enough() -> None:
    text = "全省会议立足新起点。我市为人才发放“遂州英才卡”，我市还借鉴浙江的经验。"
    assert place(text) == "四川省遂宁市"


def test_where_the_text_is_our_city_its_province_is_context() -> None:
    text = "市委把人才工作摆上重要位置，我市体现格尔木特色。借力青海省的人才计划，全市发力。"
    assert place(text) == "青海省海西蒙古族藏族自治州格尔木市"


def test_a_dateline_names_the_reporter_s_desk() -> None:
    text = "新华社兰州2月17日电 记者从甘肃省人力资源和社会保障厅获悉，甘肃新增公益性岗位。"
    assert place(text) == "甘肃省"


def test_a_site_of_a_city_speaks_for_the_city_within_the_province() -> None:
    text = "按照广东省的规定，参保人可以到社保机构办理。广东省人社厅负责解释。"
    assert place(text) == "广东省"
    assert place(text, hints=("广州市人力资源和社会保障局网站",)) == "广东省广州市"
    assert place("祁东县委出台办法，我县执行。", hints=("湖南省委组织部",)) == "湖南省衡阳市祁东县"


def test_what_a_ministry_issues_speaks_for_no_place() -> None:
    title = "国家税务总局关于优化服务的通知"
    text = f"{title}\n湖北省税务局要做好服务，武汉市税务局落实到位。\n国家税务总局\n2020年2月7日"
    assert place(text, title) is None
    assert place(text, title, hints=("广州市人民政府门户网站",)) is None
    assert place("做好服务。", "国家税务总局南阳市税务局通知") == "河南省南阳市"


def test_the_sign_of_its_own_number_tells() -> None:
    text = "市商务局关于做好服务工作的通知\n津商外资〔2020〕1号\n各区商务主管部门：\n根据《通知》（京商发〔2019〕2号），市委要求抓好落实。"
    assert place(text, "市商务局关于做好服务工作的通知") == "天津市"


def test_a_digest_of_many_places_speaks_for_none() -> None:
    text = "云南省委组织部办培训班。西藏自治区党委组织部选派干部。青海省财政厅拨款。广西引才。贵州省教育厅支教。"
    assert place(text, "各地人才工作摘编") is None


def test_a_title_about_its_own_district_names_the_city_as_context() -> None:
    title = "关于印发本区落实北京市政策若干措施的通知"
    text = f"{title}\n北京市海淀区人民政府\n经区政府研究同意，现将措施印发给你们。海淀区各单位执行。北京市的政策照办。"
    assert place(text, title) == "北京市海淀区"


def test_a_district_is_told_apart_by_the_city_that_the_text_names() -> None:
    title = "海州区的驿站"
    assert place(f"{title}\n连云港市委表扬了驿站。", title) == "江苏省连云港市海州区"


@pytest.mark.parametrize(
    ("text", "expected", "level"),
    [
        ("澄河县：四条路子\n我县走出新路。", "澄河县", Level.COUNTY),
        ("江南省澄河县人才新政\n澄河县委发布。", "江南省澄河县", Level.COUNTY),
        ("岚泉市引才\n岚泉市委组织部发布。", "岚泉市", Level.PREFECTURE),
        ("松吉自治县：双语人才\n我县培养。", "松吉自治县", Level.COUNTY),
        ("湖南省衡阳市澄河县人才新政", "湖南省衡阳市澄河县", Level.COUNTY),
    ],
)
def test_places_that_no_table_knows(text: str, expected: str, level: Level) -> None:
    found = locate(text, title=text.splitlines()[0], byline=None, source="a.txt")
    assert (found.place, found.level) == (expected, level)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "人才是第一资源。",
        "我县扎实推进乡村人才振兴，县里与高校共建研究院。",
        "北京、上海、广州、深圳、成都、杭州、武汉、西安都在引才。",
    ],
)
def test_a_text_without_a_place_of_its_own(text: str) -> None:
    assert locate(text, title="", byline=None, source="a.txt") == Located()


def test_evidence_is_where_the_text_names_the_place() -> None:
    text = "近日，祁东县委组织部部署工作。"
    (evidence,) = locate(text, title="", byline=None, source="a.txt").evidence
    assert text[evidence.start : evidence.end] == "祁东县"
    assert (evidence.field, evidence.value, evidence.how) == ("place", "湖南省衡阳市祁东县", "organ")


def test_evidence_at_the_end_of_a_long_text() -> None:
    text = "我县坚持党管人才。\n" * 2000 + "(中共祁东县委组织部 某某)\n"
    (evidence,) = locate(text, title="", byline=None, source="a.txt").evidence
    assert (text[evidence.start : evidence.end], evidence.how) == ("祁东县", "signature")


def test_evidence_outside_the_text_has_no_range() -> None:
    (evidence,) = locate("坚持党管人才。", title="", byline="祁东县委组织部", source="a.txt").evidence
    assert (evidence.start, evidence.end, evidence.how) == (0, 0, "byline")


@given(
    st.lists(
        st.sampled_from(["祁东县委", "我市", "澄河县", "\n", "。", "北京市", "（", "）", "2022年", "岚泉", "東", "㎡"]),
        max_size=25,
    )
)
def test_evidence_lies_inside_the_text(parts: list[str]) -> None:
    text = "".join(parts)
    for evidence in locate(text, title=text[:10], byline=None, source="a.txt").evidence:
        assert 0 <= evidence.start <= evidence.end <= len(text)


def agrees(truth: str | None, found: str | None) -> bool:
    """Whether the place found is the one that the truth names, often by a short name (河南郑州); a text about the whole country has none."""
    if truth is None or truth == "全国" or found is None:
        return found is None and (truth is None or truth == "全国")
    mentions = gazetteer().mentions(truth)
    if found.endswith((truth, f"{truth}市")) or not mentions or mentions[-1].end != len(truth):
        return found.endswith((truth, f"{truth}市"))
    last = mentions[-1]
    return any(gazetteer().official(d.code) == found for d in last.candidates) or (
        not last.candidates and found.endswith(last.text)
    )


def development(shared: Path) -> Iterator[tuple[str | None, Document]]:
    for facts, folder in (("gold/docs.jsonl", "gold/docs"), ("gold/raw/docs.jsonl", "gold/raw/docs")):
        for line in (shared / facts).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            path = shared / folder / row.get("file", f"{row['id']}.txt")
            yield row["place"], read(path.read_bytes(), path.name)[0].document


@pytest.mark.shared
def test_places_of_the_development_documents(shared: Path) -> None:
    """96 % (200 documents that name a place; the ones without truth name none or an unnamed one)."""
    rows = [(truth, document.place) for truth, document in development(shared) if truth]
    right = sum(agrees(truth, found) for truth, found in rows)
    assert right / len(rows) >= 0.95, [row for row in rows if not agrees(*row)]


@pytest.mark.shared
def test_places_of_the_seeds(shared: Path) -> None:
    found = [
        entry.document.place
        for path in sorted((shared / "seeds").glob("*.txt"))
        for entry in read(path.read_bytes(), path.name)
    ]
    golmud = "青海省海西蒙古族藏族自治州格尔木市"
    assert found == [
        "内蒙古自治区锡林郭勒盟锡林浩特市",
        "四川省遂宁市",
        "内蒙古自治区乌海市",
        "湖南省衡阳市祁东县",
        golmud,
        golmud,
    ]
