"""Which characters of a quote are marked as the answer."""

from __future__ import annotations

import pytest

from rag.answering.focus import focus
from rag.coverage import Weighted
from rag.question import understand
from rag.types import Span


@pytest.mark.parametrize(
    ("asked", "quote", "marked"),
    [
        ("床位每月的服务补贴是多少？", "每张床位一次性改造补贴4000元，每月服务补贴400元，由机构提供服务。", "400元"),
        ("引进的硕士每月生活补贴多少？", "硕士享受安家补贴10万元、每月生活补贴1200元。", "1200元"),
        ("盟级支部有多少个？", "创建市级支部183个、盟级支部45个、示范点6个。", "45个"),
        ("社区工作者一年拿多少钱？", "社区工作者平均年收入由5.2万元提到7.6万元。", "7.6万元"),
        ("社区工作者原来一年拿多少钱？", "社区工作者平均年收入由5.2万元提到7.6万元。", "5.2万元"),
        ("场地租金补多少钱？", "按场地租金的50%补贴，最高5万元。", "5万元"),
        ("场地租金补贴的比例是多少？", "按场地租金的50%补贴，最高5万元。", "50%"),
        ("公租房申请截止到哪天？", "公租房申请时间为2025年7月1日至8月15日。", "8月15日"),
        ("公租房哪天开始申请？", "公租房自2025年7月1日起申请，8月公布结果。", "2025年7月1日"),
        ("公寓有多少套？", "\t公寓每户1套，\n公寓共有216套。", "216套"),
    ],
)
def test_the_figure_that_is_asked_for_is_marked(asked: str, quote: str, marked: str) -> None:
    question = understand(asked)
    text = f"前言。{quote}"
    found = focus(question, [Weighted(c, c.weight) for c in question.content], Span("d", 3, len(text)), text)
    assert found is not None
    assert text[found.start : found.end] == marked


@pytest.mark.parametrize(
    ("asked", "quote"), [("公寓怎么申请？", "公寓共有216套。"), ("公寓有多少套？", "公寓尚在建设。")]
)
def test_nothing_is_marked_where_nothing_tells_what_an_answer_looks_like(asked: str, quote: str) -> None:
    question = understand(asked)
    assert focus(question, [], Span("d", 0, len(quote)), quote) is None
