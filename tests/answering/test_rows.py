"""Answers that stand in tables: the row that is quoted, the cell that is marked, and how it is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.service import Service
from tests.answering.holding import holding

DOCUMENTS = {
    "estates.txt": (
        "云溪县旧小区治理的探索\n\n云溪县因矿而兴，全县有老旧小区212个，住着9.3万人，多数没有物业公司管理。\n\n"
        "【工作台账】\n年度|接管小区（个）|收取服务费（万元）|维修投入（万元）\n2021|38|112|960\n2022|131|407|2350\n2023|212|893|3184\n\n"
        "下一步，云溪县将继续扩大接管范围，让更多小区有人管、管得好。\n"
    ),
    "members.txt": (
        "霖江旗党内统计公报\n\n霖江旗党组织和党员队伍不断壮大，结构持续优化，作用明显增强。\n\n"
        "表1 党员队伍情况（单位：名）\n指标\t2022年底\t2023年底\t2024年底\n党员总数\t8879\t9011\t9108\n女党员\t2601\t2688\t2763\n农牧民党员\t3702\t3690\t3655\n"
    ),
    "jobs.txt": (
        "青榆县公开招聘社区工作者公告\n\n为优化社区工作者结构，青榆县面向社会公开招聘社区工作者，户籍不限，年龄放宽。\n\n"
        "二、岗位分布\n街镇名称\n岗位数\n朝阳街道\n23\n河口街道\n17\n双桥镇\n14\n\n三、报名。采取现场与网络并行的办法，不收取报名费。\n"
    ),
    "homes.txt": (
        "澄湖市公共租赁住房分布\n\n澄湖市本级公租房由市住房保障中心统一管理，常年受理申请。\n\n"
        "小区名称    所在城区    套数    物业费\n云浦花苑    云浦区    2310    每平方米0.8元\n北岸人家    云浦区    954    每平方米0.6元\n"
    ),
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    yield from holding(tmp_path_factory, DOCUMENTS)


def answered(service: Service, question: str) -> tuple[str, str, str]:
    """The first point: its text, its quote, and what of that is marked."""
    given = service.ask(question).answer
    assert given.answered, question
    cited = given.points[0].citations[0]
    first, last = cited.focus or (0, 0)
    return given.points[0].text, cited.quote, cited.quote[first:last]


@pytest.mark.parametrize(
    ("question", "text", "quote", "marked"),
    [
        (
            "云溪县2022年接管了多少个小区？",
            "工作台账：2022年，接管小区：131个，收取服务费：407万元，维修投入：2350万元",
            "2022|131|407|2350",
            "131",
        ),
        (
            "云溪县2022年维修投入多少万元？",
            "工作台账：2022年，接管小区：131个，收取服务费：407万元，维修投入：2350万元",
            "2022|131|407|2350",
            "2350",
        ),
        (
            "霖江旗2023年底女党员有多少名？",
            "党员队伍情况：女党员，2022年底：2601名，2023年底：2688名，2024年底：2763名",
            "女党员\t2601\t2688\t2763",
            "2688",
        ),
        (
            "霖江旗2024年女党员人数",
            "党员队伍情况：女党员，2022年底：2601名，2023年底：2688名，2024年底：2763名",
            "女党员\t2601\t2688\t2763",
            "2763",
        ),
        ("青榆县双桥镇社区工作者有几个岗位？", "岗位分布：双桥镇，岗位数：14", "双桥镇\n14", "14"),
        (
            "澄湖市云浦花苑有公租房多少套？",
            "云浦花苑，所在城区：云浦区，套数：2310套，物业费：每平方米0.8元",
            "云浦花苑    云浦区    2310    每平方米0.8元",
            "2310",
        ),
        (
            "澄湖市北岸人家的物业费是多少钱？",
            "北岸人家，所在城区：云浦区，套数：954套，物业费：每平方米0.6元",
            "北岸人家    云浦区    954    每平方米0.6元",
            "每平方米0.6元",
        ),
    ],
)
def test_the_row_is_quoted_and_its_figure_marked(
    service: Service, question: str, text: str, quote: str, marked: str
) -> None:
    assert answered(service, question) == (text, quote, marked)


def test_rows_beside_the_one_that_is_asked_for_are_left_out(service: Service) -> None:
    cited = service.ask("霖江旗2023年底女党员有多少名？").answer.citations
    assert [citation.quote for citation in cited if "\t" in citation.quote] == ["女党员\t2601\t2688\t2763"]


def test_two_rows_that_are_asked_for_are_both_quoted(service: Service) -> None:
    cited = service.ask("澄湖市云浦花苑和北岸人家各有公租房多少套？").answer.citations
    rows = {citation.quote.split()[0] for citation in cited}
    assert rows == {"云浦花苑", "北岸人家"}


@pytest.mark.parametrize("question", ["霖江旗2023年底有多少名大学生村官？", "澄湖市云浦花苑有商铺多少间？"])
def test_what_no_row_tells_is_refused(service: Service, question: str) -> None:
    assert not service.ask(question).answer.answered


def test_rows_are_cited_as_exact_slices(service: Service) -> None:
    given = service.ask("青榆县双桥镇社区工作者有几个岗位？").answer
    for citation in given.citations:
        text = service.document(citation.document_id).text
        assert text[citation.start : citation.end] == citation.quote
