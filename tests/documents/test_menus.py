"""A site's menu and footer copied with an article change nothing of what is read, and stand in no passage."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from rag.documents.assemble import read
from rag.documents.chrome import chrome
from rag.documents.lines import lines
from rag.types import Entry

DATA = Path(__file__).parent.parent / "data"
FOOTER = (
    "\n【打印本页】【关闭窗口】\n责任编辑：周某\n主办：澜江市融媒体中心 澜ICP备12345678号\n版权所有 未经授权不得转载\n"
)
MENUS = {
    "one a line": "首页\n新闻中心\n政务公开\n办事服务\n互动交流\n您现在的位置：首页 > 新闻中心 > 基层动态\n",
    "in one line": "首页 新闻中心 政务公开 办事服务 互动交流\n当前位置：首页 > 组工动态\n",
    "of its own": "澜江先锋\n网站首页\n组工要闻\n人才之家\n党员教育\n通知公告\n当前位置： 首页 » 组工要闻\n",
    "without a beginning": "新闻中心\n通知公告\n政策文件\n领导信箱\n登录\n注册\n",
}


@cache
def texts() -> tuple[str, ...]:
    paths = sorted(path for name in ("invented", "invented2") for path in (DATA / name / "docs").glob("*.txt"))
    found = (path.read_text(encoding="utf-8") for path in paths)
    return tuple(text for text in found if len(read(text.encode(), "a.txt")) == 1)


def said(entries: tuple[Entry, ...]) -> list[tuple[str, str | None, str | None, list[str]]]:
    return [
        (
            each.document.title,
            each.document.place,
            each.document.published,
            [each.document.text[chunk.start : chunk.end] for chunk in each.chunks],
        )
        for each in entries
    ]


@pytest.mark.parametrize("menu", MENUS)
def test_a_menu_changes_nothing(menu: str) -> None:
    wrong = [
        text[:30]
        for text in texts()
        if said(read((MENUS[menu] + text + FOOTER).encode(), "a.txt")) != said(read(text.encode(), "a.txt"))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    ["白石县\n人才新政\n问答\n", "张三\n李四\n王五\n赵六\n", "首页\n人才新政\n白石县\n", "第一章\n总则\n政策文件\n"],
)
def test_short_lines_are_no_menu(text: str) -> None:
    found = lines(
        text
        + "为加强人才工作，根据有关规定，结合本县实际，制定以下措施，请认真贯彻执行，并将落实情况及时报告县委组织部。\n"
    )
    kept = [line.words for line, flag in zip(found, chrome(found), strict=True) if not flag]
    assert kept[:-1] == [words for words in text.split() if words != "首页"]
