"""Numbers and signs that open a heading or an item, and the words that end a title."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_HAN: Final = "一二三四五六七八九十百零〇"
_OPENING: Final = re.compile(
    rf"(?P<hashes>\#{{1,6}})[ \t\u3000]+"
    rf"|(?P<chapter>第[{_HAN}\d]{{1,4}}(?:部分|编|篇|章)[：:、]?)"
    rf"|(?P<section>第[{_HAN}\d]{{1,4}}节)"
    rf"|(?P<article>第[{_HAN}\d]{{1,5}}条)(?![^\s\u3000：:　，,之]*(?:措施|规定|第))"
    rf"|(?P<bracket>【[{_HAN}\d]{{1,3}}】)"
    rf"|(?P<han>[{_HAN}]{{1,3}}[、．.])"
    rf"|(?P<han_bracket>[（(][{_HAN}]{{1,3}}[)）])"
    rf"|(?P<digit>\d{{1,2}}(?:[.．](?!\d)|、))"
    rf"|(?P<digit_bracket>[（(]?\d{{1,2}}[)）])"
    rf"|(?P<circle>[①-⑳])"
)
_RANK: Final = {
    "chapter": 20,
    "section": 30,
    "bracket": 40,
    "han": 50,
    "article": 55,
    "han_bracket": 60,
    "digit": 70,
    "digit_bracket": 80,
    "circle": 90,
}
MARKUP: Final = "#*_`>~ \t\u3000\xa0"
TERMINAL: Final = "。！？!?；;…"
CLOSERS: Final = "”’」』）)】》〉\"'"

_ITEM: Final = re.compile(
    rf"[{_HAN}]{{1,3}}(?:是|要|来|则)|第[{_HAN}]{{1,3}}(?=[，,、条步类件])|(?:首先|其次|再次|最后|此外|同时)[，,]"
    r"|[（(]?\d{1,2}[)）]|[①-⑳]|[•·●■◆▪▶►○◎※★☆-] ?|“[^“”]{2,16}”[\u4e00-\u9fff]{1,4}[。，：]"
)
# One of several articles in a file: 篇二：…, 案例一：…
ARTICLE_NUMBER: Final = re.compile(
    rf"^(?:篇|范文|文章|材料|例文|案例|经验|做法)(?:之)?[{_HAN}\d]{{1,3}}\s*[:：]\s*(?=\S)"
)
DOCUMENT_NOUN: Final = re.compile(
    r"(?:通知|通告|公告|通报|公示|决定|决议|意见|办法|规定|细则|方案|措施|条例|规划|计划|纲要|指引|指南|解读|批复|函|令|报告|公开信|一封信"
    r"|倡议书|章程|制度|要点|清单|目录|说明|汇编|解答|问答|简介|实录|讲话|要求|办法|名单)"
    r"(?:[（(《“][^（）()《》“”]{1,30}[)）》”])?$"
)


@dataclass(frozen=True, slots=True)
class Opening:
    """The sign that a line opens with: its kind, its rank (lower stands above higher) and its length in characters."""

    kind: str
    rank: int
    length: int


def opening(words: str) -> Opening | None:
    """The heading sign at the start of a line: `##`, 第二章, 第三条, 一、, （一）, 1., (1), ①, 【一】; None without one."""
    first = words[:1]
    if not first or first not in _FIRST:
        return None
    match = _OPENING.match(words)
    if match is None or match.lastgroup is None:
        return None
    kind = match.lastgroup
    rank = len(match.group(kind)) if kind == "hashes" else _RANK[kind]
    return Opening(kind, rank, match.end())


def is_item(words: str) -> bool:
    """True where an enumeration goes on: 一是, 二要, 首先, (1), ①, “政招企用”引。"""
    return words[:1] in _ITEM_FIRST and _ITEM.match(words) is not None


def label(words: str) -> str:
    """A line as a heading to show: without markup signs, white space folded."""
    return " ".join(words.strip(MARKUP).split())


def ends_sentence(words: str) -> bool:
    """True when a line ends a sentence, closing quotes and brackets aside."""
    bare = words.rstrip(CLOSERS)
    return bool(bare) and bare[-1] in TERMINAL


_FIRST: Final = frozenset(f"#第【（(①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳0123456789{_HAN}")
_ITEM_FIRST: Final = frozenset(f"第首其再最此同（(①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳0123456789{_HAN}•·●■◆▪▶►○◎※★☆-“")
