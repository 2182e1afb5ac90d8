"""How much each word of a question tells of whether a passage answers it: search counts every word, a refusal must not.

A word that says what the answer looks like (文号, 多少钱) need not stand beside the answer, nor need those that say who spoke
(会议提到, 组织部长说), nor those that give time or order its place in the talk (当时, 这件). And 全省 is 我省 in the document's mouth.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from rag.coverage import Weighted
from rag.question import Content, Question
from rag.types import Language

UNKNOWN_ENGLISH: Final = 0.5
LITTLE: Final = 0.25
NAMING: Final = 0.8

_SLIGHT: Final = frozenset(
    "人次 次数 比重 比例 占比 占 百分之 总数 总量 总额 名额 数目 规模 额度 期限 年限 文号 发文字号 号码 钱 块钱 元 万元 亿元 名字 姓名 日期 时间 岁数 年份 数量 百分比 地址 "
    "当时 后来 之后 以后 以前 此前 这件 这次 那次 这项 那项 过来 起来 下来 回来 出来 单笔 一下 大概 大约 左右 平时 自己 "
    "达到 达 升到 降到 增至 总共 一共 全部 具体 分别 够 领 拿".split()
)
_SAID: Final = re.compile(
    r"[^,。?!;:]*?(?:说(?:了|过|的是)?|提到|介绍|指出|显示|讲(?:到|话)?|透露|表示|总结的(?:是)?|写道|谈到)[,:]"
)
_NUMBER: Final = re.compile("(?:电话|热线|号码)$")
_SHORT: Final = {"引才": "引进", "育才": "培养", "留才": "留住", "招才": "招引"}
_SCOPE: Final = re.compile("^(?:全|我|本|该|整个)?(?P<level>[省市县区州旗盟镇乡])(?:里|内)?$")
_MONTH: Final = re.compile("^(?P<month>十[一二]?|[一二三四五六七八九])月份?$")
_HAN_NUMBER: Final = {n: str(i) for i, n in enumerate("一 二 三 四 五 六 七 八 九 十 十一 十二".split(), 1)}
_JOINS: Final = re.compile(r"以?[和与及]|、|或者?|还是")
_SPAN: Final = re.compile("^[月年日总](?P<what>[一-龥]{2,})$")


def telling(question: Question, weighted: Sequence[Weighted]) -> tuple[Weighted, ...]:
    """The content words with the weights and forms that count for a refusal, in the same order."""
    said = [match.span() for match in _SAID.finditer(question.topic)]
    return tuple(_told(question, item, said) for item in weighted)


def _told(question: Question, item: Weighted, said: Sequence[tuple[int, int]]) -> Weighted:
    content, weight = item.content, item.weight
    if question.language is Language.ENGLISH:
        if 0 < content.weight < UNKNOWN_ENGLISH and content.text.isascii():
            weight *= UNKNOWN_ENGLISH / content.weight
        return Weighted(content, weight, item.held)
    at = question.topic.find(content.text)
    if content.text in _SLIGHT or _NUMBER.search(content.text) or any(start <= at < end for start, end in said):
        weight *= LITTLE
    return Weighted(_with_variants(content), weight, item.held)


def _with_variants(content: Content) -> Content:
    """The content word, met by the other ways in which a document says it (全省 by 我省, 八月 by 8月)."""
    if match := _SCOPE.match(content.text):
        further = tuple(f"{own}{match['level']}" for own in "全我本")
    elif match := _MONTH.match(content.text):
        further = (f"{_HAN_NUMBER[match['month']]}月",)
    elif content.text in _SHORT:
        further = (_SHORT[content.text],)
    elif match := _SPAN.match(content.text):
        further = (match["what"],)
    else:
        return content
    return replace(content, forms=tuple(dict.fromkeys((*content.forms, *further))))


def asked_for(question: Question, weighted: Sequence[Weighted]) -> Sequence[float]:
    """For each content word its weight where it names the thing that a question in Chinese asks for, else 0 (物业费 of
    物业费是多少); an English name has too many ways into Chinese to be missed."""
    return [
        item.weight if item.content.weight >= NAMING and item.content.text in question.asked else 0.0
        for item in weighted
    ]


def named_together(question: Question, weighted: Sequence[Weighted]) -> Sequence[Sequence[int]]:
    """The places of content words that a question in Chinese asks for in one breath (公寓和驿站): one clause tells of one of them."""
    places = sorted((at, i) for i, item in enumerate(weighted) if (at := question.topic.find(item.content.text)) >= 0)
    rows: list[list[int]] = []
    for (at, i), (then, j) in pairwise(places):
        if _JOINS.fullmatch(question.topic[at + len(weighted[i].content.text) : then]):
            if rows and rows[-1][-1] == i:
                rows[-1].append(j)
            else:
                rows.append([i, j])
    return rows
