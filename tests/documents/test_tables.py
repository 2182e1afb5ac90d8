"""Tables in a text: which lines are one, how their rows are told, and what passages make of them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.documents.assemble import read
from rag.documents.chunking import MAX_CHARS
from rag.documents.sentences import sentences
from rag.documents.tables import reading, tables, tables_of
from tests.documents.test_properties import CELLS, LINES
from tests.examples import examples


def told(text: str) -> list[tuple[str, str]]:
    """Every row of the text's tables: its exact slice, and how it is told to a reader."""
    return [(text[row.start : row.end], row.text) for table in tables(text) for row in table.rows]


BARS = "工作台账\n年度|接管小区（个）|投入（万元）\n2021|38|960\n2022|131|2350\n"
MARKDOWN = "| 站点 | 床位 |\n| --- | --- |\n| 东街站 | 52张 |\n| 西街站 | 60张 |\n"
BOXED = "+------+------+\n| 站点 | 床位 |\n+------+------+\n| 东街站 | 52张 |\n+------+------+\n| 西街站 | 60张 |\n+------+------+\n"
TABS = "表1 党员情况（单位：名）\n指标\t2022年底\t2023年底\n女党员\t2601\t2688\n农民党员\t3702\t3690\n"
WIDE = "年度\u3000发展总数\u3000其中农村\n2020\u3000298\u3000\u3000\u3000\u3000121\n2021\u3000356\u3000\u3000\u3000\u3000140\n"
BLANKS = "楼层数    市级补助    区级配套\n四层      8万元       4万元\n七层及以上  14万元      7万元\n"
UNNAMED = "调整后标准\n80—89周岁\u3000\u3000每人每月100元\n90—99周岁\u3000\u3000每人每月200元\n100周岁以上\u3000\u3000每人每月1000元\n"
PAIRS = "分乡镇情况（2024年经营性收入，万元）\n城关镇 1127\n沙河镇 846\n其他8个乡镇合计 1229\n"
STACKED = "二、岗位分布\n街镇名称\n岗位数\n朝阳街道\n23\n河口街道\n17\n双桥镇\n14\n"
NAMED = "姓名：李大成；单位：县医院；补贴（元）：300000\n姓名：王小平；补贴（元）：120000\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            BARS,
            [
                ("2021|38|960", "工作台账：2021年，接管小区：38个，投入：960万元"),
                ("2022|131|2350", "工作台账：2022年，接管小区：131个，投入：2350万元"),
            ],
        ),
        (MARKDOWN, [("| 东街站 | 52张 |", "东街站，床位：52张"), ("| 西街站 | 60张 |", "西街站，床位：60张")]),
        (BOXED, [("| 东街站 | 52张 |", "东街站，床位：52张"), ("| 西街站 | 60张 |", "西街站，床位：60张")]),
        (
            TABS,
            [
                ("女党员\t2601\t2688", "党员情况：女党员，2022年底：2601名，2023年底：2688名"),
                ("农民党员\t3702\t3690", "党员情况：农民党员，2022年底：3702名，2023年底：3690名"),
            ],
        ),
        (
            WIDE,
            [
                ("2020\u3000298\u3000\u3000\u3000\u3000121", "2020年，发展总数：298，其中农村：121"),
                ("2021\u3000356\u3000\u3000\u3000\u3000140", "2021年，发展总数：356，其中农村：140"),
            ],
        ),
        (
            BLANKS,
            [
                ("四层      8万元       4万元", "四层，市级补助：8万元，区级配套：4万元"),
                ("七层及以上  14万元      7万元", "七层及以上，市级补助：14万元，区级配套：7万元"),
            ],
        ),
        (
            UNNAMED,
            [
                ("80—89周岁\u3000\u3000每人每月100元", "调整后标准：80—89周岁，每人每月100元"),
                ("90—99周岁\u3000\u3000每人每月200元", "调整后标准：90—99周岁，每人每月200元"),
                ("100周岁以上\u3000\u3000每人每月1000元", "调整后标准：100周岁以上，每人每月1000元"),
            ],
        ),
        (
            PAIRS,
            [
                ("城关镇 1127", "分乡镇情况（2024年经营性收入，万元）：城关镇，1127万元"),
                ("沙河镇 846", "分乡镇情况（2024年经营性收入，万元）：沙河镇，846万元"),
                ("其他8个乡镇合计 1229", "分乡镇情况（2024年经营性收入，万元）：其他8个乡镇合计，1229万元"),
            ],
        ),
        (
            STACKED,
            [
                ("朝阳街道\n23", "岗位分布：朝阳街道，岗位数：23"),
                ("河口街道\n17", "岗位分布：河口街道，岗位数：17"),
                ("双桥镇\n14", "岗位分布：双桥镇，岗位数：14"),
            ],
        ),
        (
            NAMED,
            [
                ("姓名：李大成；单位：县医院；补贴（元）：300000", "李大成，单位：县医院，补贴：300000元"),
                ("姓名：王小平；补贴（元）：120000", "王小平，补贴：120000元"),
            ],
        ),
    ],
)
def test_rows_are_told_under_their_columns(text: str, expected: list[tuple[str, str]]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "第一章\u3000总\u3000\u3000则\n第一条\u3000为拓宽引才渠道，制定本办法\n第二条\u3000本办法适用于全县\n第三条\u3000县委组织部负责实施\n",
        "来源：市委人才办   日期：2024-08-07\n索引号：NT0300   主题分类：城乡建设\n",
        "【打印本页】 【关闭窗口】\n上一篇：没有了    下一篇：县委召开务虚会\n",
        "首页 | 新闻 | 公告\n",
        "[网站地图](http://a.cn/a) | [联系我们](http://a.cn/b)\n[首页](http://a.cn/) | [公告](http://a.cn/c)\n",
        "中共云溪县委组织部    云溪县人社局\n2024年6月26日\n",
        "先进基层党组织\n大坪村党支部\n木槿坪联村党委\n县税务局第二党支部\n石羊派出所党支部\n云台村党支部\n",
        "会上，县委书记    李大成讲话。\n县长    王小平主持会议。\n",
        "博士：每人30万元；硕士：每人12万元。\n公寓共有216套，前两年免租金。\n",
    ],
)
def test_what_is_no_table(text: str) -> None:
    assert tables(text) == ()


def test_units_stand_in_the_row_the_column_or_the_caption() -> None:
    text = (
        "主要指标（单位：家）\n指标 | 2023年 | 户数\n企业 | 41 | 6\n博士（人） | 66 | 8\n投资（亿元） | 约1.5 | 0.2\n"
    )
    assert [line for _, line in told(text)] == [
        "主要指标：企业，2023年：41家，户数：6户",
        "主要指标：博士，2023年：66人，户数：8人",
        "主要指标：投资，2023年：约1.5，户数：0.2亿元",
    ]


def test_a_count_without_a_unit_may_be_asked_for_by_any_but_is_told_as_it_stands() -> None:
    row = tables(STACKED)[0].rows[1]
    assert (row.cells[1].value, row.cells[1].counted) == ("17", "17个")
    assert row.said == "二、岗位分布：街镇名称河口街道，河口街道岗位数17个。"


def test_every_figure_repeats_what_its_row_is_about() -> None:
    text = "招聘岗位\n序号\t单位\t岗位\t人数\n1\t市医院\t医师\t31\n2\t档案馆\t修复\t2\n"
    assert [row.about for row in tables(text)[0].rows] == ["市医院医师", "档案馆修复"]
    assert tables(text)[0].rows[0].said == "招聘岗位：单位市医院，岗位医师，市医院医师人数31人。"


def test_a_line_between_gives_the_unit_and_a_sentence_is_no_caption() -> None:
    assert tables("全县党员情况\n单位：名\n" + WIDE)[0].caption == "全县党员情况（单位：名）"
    assert tables("全县党员队伍不断壮大，结构不断优化。\n" + WIDE)[0].caption == ""
    assert tables("一、发展党员情况。\n" + WIDE)[0].caption == "一、发展党员情况。"
    assert tables("基准租金每平方米11元。按类别实行差别化租金：\n" + WIDE)[0].caption == "按类别实行差别化租金："
    assert tables("本季收入合计：96,820.00元\n" + WIDE)[0].caption == ""


def test_a_name_and_a_figure_without_a_blank_between_are_two_cells() -> None:
    text = "指标\u3000\u30002020年\u3000\u30002021年\n博士（人）\u3000\u300041\u3000\u300058\n资金（亿元）0.85\u3000\u30001.10\n"
    assert told(text)[1] == ("资金（亿元）0.85\u3000\u30001.10", "资金，2020年：0.85亿元，2021年：1.10亿元")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "历年情况\n指标 2022年 2028年（目标）\n人才总量（万人） 3.4 5.5\n研发人员（人） 960 8000\n",
            [
                "历年情况：人才总量，2022年：3.4万人，2028年（目标）：5.5万人",
                "历年情况：研发人员，2022年：960人，2028年（目标）：8000人",
            ],
        ),
        (
            "各镇情况\n镇名 户数 人口（人）\n云溪镇 1203 4521\n河口镇 980 3310\n",
            ["各镇情况：云溪镇，户数：1203户，人口：4521人", "各镇情况：河口镇，户数：980户，人口：3310人"],
        ),
    ],
)
def test_one_blank_parts_figures_under_a_line_of_as_many_names(text: str, expected: list[str]) -> None:
    assert [line for _, line in told(text)] == expected


def test_names_spread_to_the_width_of_others_are_one_cell() -> None:
    text = "姓  名    职  务    党龄\n李  四    县水利局局长    12年\n欧阳小红    教师    3年\n"
    assert told(text) == [
        ("李  四    县水利局局长    12年", "李四，职务：县水利局局长，党龄：12年"),
        ("欧阳小红    教师    3年", "欧阳小红，职务：教师，党龄：3年"),
    ]


def test_names_and_values_line_by_line_have_no_header() -> None:
    text = "事项名称\t高龄津贴发放\n承诺时限\t5个工作日\n收费标准\t不收费\n咨询电话\t0639-2210876\n"
    assert told(text)[:2] == [
        ("事项名称\t高龄津贴发放", "事项名称，高龄津贴发放"),
        ("承诺时限\t5个工作日", "承诺时限，5个工作日"),
    ]


def test_a_merged_cell_holds_for_the_rows_below_it() -> None:
    text = "单位\t岗位\t人数\n市医院\t医师\t31\n\t护士\t12\n档案馆\t修复\t2\n"
    assert told(text) == [
        ("市医院\t医师\t31", "市医院，岗位：医师，人数：31人"),
        ("护士\t12", "市医院，岗位：护士，人数：12人"),
        ("档案馆\t修复\t2", "档案馆，岗位：修复，人数：2人"),
    ]


def test_a_row_with_too_few_cells_is_told_without_names() -> None:
    assert told("单位\t岗位\t人数\n市医院\t医师\t31\n合计\t45\n")[1] == ("合计\t45", "合计，45")


def test_a_header_of_two_rows() -> None:
    text = "病种\t支付限额\t\t有效期\n\t职工\t居民\t\n高血压\t200元\t50元\t长期\n糖尿病\t300元\t60元\t长期\n"
    assert tables(text)[0].names == ("病种", "支付限额职工", "支付限额居民", "有效期")
    assert told(text)[0] == (
        "高血压\t200元\t50元\t长期",
        "高血压，支付限额职工：200元，支付限额居民：50元，有效期：长期",
    )


def test_a_title_between_rows_does_not_take_the_names_away() -> None:
    text = BARS + "其中城区\n2023|212|3184\n2024|230|3300\n"
    assert told(text)[2:] == [
        ("2023|212|3184", "其中城区：2023年，接管小区：212个，投入：3184万元"),
        ("2024|230|3300", "其中城区：2024年，接管小区：230个，投入：3300万元"),
    ]


def test_a_row_is_one_sentence_whatever_marks_it_holds() -> None:
    text = "前言。\n| 项目 | 分值 |\n| --- | --- |\n| 住所 | 自有40分；租赁每年5分，最高25分。 |\n| 社保 | 每年6分 |\n后话。"
    assert [text[start:end] for start, end in sentences(text)] == text.splitlines()
    assert reading(text, 0, len(text)) == (
        "前言。\n\n\n项目住所，住所分值自有40分，租赁每年5分，最高25分，。\n项目社保，社保分值每年6分。\n后话。"
    )


def test_a_passage_of_rows_alone_is_read_under_names_that_it_does_not_hold() -> None:
    start = BARS.index("2022")
    assert reading(BARS, start, len(BARS)) == "工作台账：年度2022年，2022年接管小区131个，2022年投入2350万元。\n"


TITLE = "云溪县村级集体经济报告\n\n全县上下齐心协力，集体经济稳步发展，村级收入连年增长，群众得到了更多实惠。"


def test_a_table_stays_in_one_passage_with_its_caption() -> None:
    prose = "各乡镇党委把发展集体经济作为头等大事，书记亲自抓，一村一策抓落实，成效逐步显现。" * 5
    rows = "".join(f"{year}|{year - 1900}|{year - 1800}|{year - 1700}\n" for year in range(2015, 2025))
    table = f"历年数据\n年份|总收入（万元）|经营性收入（万元）|补助收入（万元）\n{rows}"
    (entry,) = read(f"{TITLE}{prose}\n{table}{prose}\n".encode(), "a.txt")
    text = entry.document.text
    assert [
        text[chunk.start : chunk.end].count("|") for chunk in entry.chunks if "|" in text[chunk.start : chunk.end]
    ] == [33]
    (held,) = [chunk for chunk in entry.chunks if chunk.start <= text.index("历年数据") < chunk.end]
    assert table.strip() in text[held.start : held.end]


def test_the_rule_of_a_markdown_table_does_not_part_it() -> None:
    (entry,) = read(f"{TITLE}\n\n{MARKDOWN}".encode(), "a.md")
    assert [entry.document.text[chunk.start : chunk.end] for chunk in entry.chunks] == [
        f"{TITLE}\n\n{MARKDOWN}".strip()
    ]


def test_a_long_table_is_cut_between_rows_and_goes_on_under_its_names() -> None:
    rows = "".join(f"云溪县第{at}中心小学\t{at}\t本科以上学历，年龄三十五周岁以下\n" for at in range(10, 50))
    (entry,) = read(f"{TITLE}\n招聘岗位一览\n单位\t人数\t条件\n{rows}".encode(), "a.txt")
    text = entry.document.text
    passages = [text[chunk.start : chunk.end] for chunk in entry.chunks]
    assert max(map(len, passages)) <= MAX_CHARS
    lines = [line for passage in passages for line in passage.splitlines() if line.strip()]
    assert lines == [line for line in text.splitlines() if line.strip()]
    assert {chunk.heading for chunk in entry.chunks[2:]} == {"招聘岗位一览 › 单位 人数 条件"}


@examples(150)
@given(st.lists(st.one_of(CELLS, LINES, st.just("| --- | --- | --- |")), min_size=1, max_size=30).map("\n".join))
def test_rows_are_slices_in_order_and_sentences_of_their_own(text: str) -> None:
    found = tables(text)
    ranges = [span for table in found for span in table.ranges]
    assert all(before[1] <= after[0] for before, after in pairwise(ranges))
    assert {(row.start, row.end) for table in found for row in table.rows} <= set(sentences(text))
    for table in found:
        assert table.start <= table.ranges[0][0] < table.ranges[-1][1] <= table.end
        for row in table.rows:
            assert text[row.start : row.end] == text[row.start : row.end].strip()
            cells = [(cell.start, cell.end) for cell in row.cells]
            assert cells == sorted(cells)
            assert all(row.start <= start < end <= row.end for start, end in cells)
            assert all("".join(text[start:end].split()) for start, end in cells)
    assert all(tables_of(text, row.start, row.end) for table in found for row in table.rows)
    covered = "".join("".join(text[start:end].split()) for start, end in sentences(text))
    assert covered == "".join(text.split())
