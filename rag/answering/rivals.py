"""Whose figure a sentence tells: it may name another of the kind that the question asks about, and then it does not answer.

What is of a kind is told by closed lists (硕士, 本科), by form (A类 and B类, 二期, 三星级), by the groups of people and bodies that Chinese
names by their last word (…企业, …司机), and by what stands before a common last word (院士工作站, 博士后工作站). The sentence's own words
are the evidence: it contradicts only where it names another and not the one that is asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rag.analysis import is_han, tagged
from rag.coverage import Weighted
from rag.question import Question
from rag.types import Language

NOUN: Final = 0.8
MODIFIER: Final = 0.6
SAID: Final = 0.3

_LISTS: Final = tuple(
    tuple(line.split())
    for line in """
院士 博士后 博士 硕士 研究生 本科 大专 专科 高职 中专 高中 大学生 正高 副高 初级职称 中级职称 高级职称 高级技师 技师 高级工 中级工 初级工
国家级 省级 市级 县级 区级 乡镇级 村级
第一季度 第二季度 第三季度 第四季度 一季度 二季度 三季度 四季度 上半年 下半年 全年
幼儿园 小学 初中 高中 大学 职校
早餐 午餐 晚餐 早饭 午饭 晚饭
城市 农村 城镇 乡村
双人间 单间 一居室 两居室 三居室
80周岁 90周岁 100周岁 百岁
首次 二次 再次
每天 每月 每年 每季度 每平方米 每亩
本人 配偶 子女 父母
党组织书记 村委会主任 村监委会主任 村文书
正职 副职
公办 民办
全日制 非全日制
护士 医生 教师 药师
公租房 人才公寓 周转房 廉租房
物业费 水费 电费 租金 押金 停车费
省内 省外
全职 柔性
个人 团队 法人
""".strip().splitlines()
)
_MEMBER: Final = re.compile(
    r"(?P<members>(?:[a-h]|[一二三四五六七八九十首]{1,2}|\d{1,2})(?:[、和及与或/,-](?:[a-h]|[一二三四五六七八九十]{1,2}|\d{1,2}))*)"
    r"(?P<kind>类|期|批|级|等奖|等功|档|星级|年级|孩|居室|号线|标段)(?!别)"
)
_COUNTED: Final = re.compile("[哪几成为这共有]$")
_NUMERAL: Final = {numeral: str(i) for i, numeral in enumerate("零一二三四五六七八九十")} | {"首": "1"}
_GROUP: Final = re.compile(
    "(?:人员|工人|[员工师生者户]|人才|司机|博士|硕士|本科|大专|专科|配偶|子女|父母|孩子|军人|农民|牧民|渔民|居民|村民|市民|书记|主任|企业|公司|机构|团队|"
    "家庭|青年|妇女|儿童|专家|教授|院士|骑手|商户|合作社|干部|老人|职称)$"
)
_NO_GROUP: Final = frozenset(
    "个人 人员 工作人员 员工 职工 用工 学生 开工 施工 复工 先生 新生 民生 卫生 产生 发生 落户 开户 账户 记者 或者 加工 一户 每户 人才 团队 领军人才 医护".split()
)
_GROUPS: Final = tuple(
    "人员 司机 博士 硕士 配偶 子女 父母 军人 农民 牧民 渔民 居民 村民 书记 企业 公司 机构 团队 家庭 青年 妇女 儿童 专家 教授 院士 骑手 商户 合作社 干部 主任 "
    "医生 护士 教师 老师 学生 研究生 毕业生 本科 大专 老人 老年人 队员 网格员 快递员 外卖员 技师 高级工 特派员 农户 大户 人才 工程师 事业单位 机关 职工 学校 "
    "高校 残疾人 低保 特困".split()
)
_GRANTS: Final = ("补贴", "补助", "津贴", "奖励", "奖补", "资助")
_THINGS: Final = "费金贷险站馆所园校院室厅店场街"
_BEFORE: Final = re.compile("[一-龥]{2,8}$")


@dataclass(frozen=True, slots=True)
class Rivals:
    """What a question asks about that has rivals. `listed`: words with the others of their lists; `members`: for a kind (类) those
    that it names (a); `groups`: the places of the words that name groups, `others` what other groups are called; `things`: for what
    stands before a last word the ways to say it, and those to say the last word."""

    listed: Sequence[tuple[str, Sequence[str]]]
    members: Mapping[str, frozenset[str]]
    groups: Sequence[int]
    others: Sequence[str]
    things: Sequence[tuple[Sequence[str], Sequence[str]]]

    def __bool__(self) -> bool:
        return bool(self.listed or self.members or self.groups or self.things)

    def told(self, sentences: Sequence[str], at: int, context: str, said: Sequence[float]) -> bool:
        """Whether the sentence at that place of its passage tells of a rival. `context` stands above the passage; `said` is how far
        sentence and context meet each content word."""
        sentence = sentences[at]
        return (
            any(word not in sentence and any(other in sentence for other in others) for word, others in self.listed)
            or any(_another(kind, own, sentences[at::-1]) for kind, own in self.members.items())
            or (any(said[i] < SAID for i in self.groups) and any(other in sentence for other in self.others))
            or any(
                not any(form in sentence or form in context for form in forms) and _modified(sentence, heads)
                for forms, heads in self.things
            )
        )


def rivals(question: Question, weighted: Sequence[Weighted], shaped: bool) -> Rivals:
    """What the question asks about that has rivals. Groups and things count only where a figure or name of some look is asked for:
    what answers in general terms may speak of others too."""
    asked = question.folded
    chinese = shaped and question.language is not Language.ENGLISH
    groups = [i for i, item in enumerate(weighted) if chinese and _names_group(item)]
    said = "".join((asked, *(form for item in weighted for form in item.content.forms))) if groups else ""
    return Rivals(
        _listed(asked),
        _members(asked, counted=False),
        groups,
        [group for group in _GROUPS if group not in said] if groups else (),
        _things(question.topic, weighted) if chinese else (),
    )


def _listed(asked: str) -> Sequence[tuple[str, Sequence[str]]]:
    """The words of a question that stand in a list, each with those of it that the question does not name as well."""
    found = []
    for words in _LISTS:
        named = [word for word in words if word in asked]
        for word in named:
            if not any(word != other and word in other for other in named):
                found.append((word, [other for other in words if other not in asked]))
    return found


@lru_cache(maxsize=4096)
def _members(text: str, *, counted: bool = True) -> Mapping[str, frozenset[str]]:
    """The members of each kind that a folded text names (A、B类: a and b), numerals as digits; not those that only count the kind
    (哪四类) unless `counted`."""
    found: dict[str, frozenset[str]] = {}
    for match in _MEMBER.finditer(text):
        if counted or not _COUNTED.search(text[: match.start()]):
            named = {_NUMERAL.get(each, each) for each in re.split("[、和及与或/,-]", match["members"])}
            found[match["kind"]] = found.get(match["kind"], frozenset()) | _between(match["members"]) | named
    return found


def _between(members: str) -> frozenset[str]:
    """What lies between two letters (a-c)."""
    first, sign, last = members[:1], members[1:2], members[2:]
    if sign != "-" or not (first.isascii() and first.isalpha() and len(last) == 1):
        return frozenset()
    return frozenset(map(chr, range(ord(first), ord(last) + 1)))


def _another(kind: str, own: frozenset[str], backwards: Sequence[str]) -> bool:
    """Whether the nearest sentence that names a member of the kind, from the last one back, names none of one's own."""
    return next((not named[kind] & own for named in map(_members, backwards) if kind in named), False)


def _names_group(item: Weighted) -> bool:
    text = item.content.text
    return item.content.weight >= NOUN and len(text) > 1 and text not in _NO_GROUP and _GROUP.search(text) is not None


def _things(topic: str, weighted: Sequence[Weighted]) -> Sequence[tuple[Sequence[str], Sequence[str]]]:
    """What is asked for by a common last word and something before it: two words that adjoin, or a word of four characters or more."""
    found: list[tuple[Sequence[str], Sequence[str]]] = []
    at = {topic.find(item.content.text): item.content for item in weighted if item.content.text in topic}
    for start, content in at.items():
        if not is_han(content.text):
            continue
        head = at.get(start + len(content.text))
        if head is not None and content.weight >= MODIFIER and head.weight >= NOUN and len(content.text) > 1:
            found.append((content.forms, _heads(head.text)))
        if len(content.text) > 3 and content.weight >= NOUN:
            found.append(((content.text[:-2],), _heads(content.text[-2:])))
    return [(forms, heads) for forms, heads in found if heads]


def _heads(word: str) -> Sequence[str]:
    if word in _GRANTS:
        return _GRANTS
    return (word,) if len(word) > 1 and word[-1] in _THINGS else ()


def _modified(sentence: str, heads: Sequence[str]) -> bool:
    """Whether a noun stands right before one of the heads in a sentence."""
    for head in heads:
        start = sentence.find(head)
        while start >= 0:
            before = _BEFORE.search(sentence[max(0, start - 8) : start])
            if before and _noun_before(before.group() + head):
                return True
            start = sentence.find(head, start + 1)
    return False


@lru_cache(maxsize=4096)
def _noun_before(text: str) -> bool:
    """Whether the last word but one is a noun of two characters or more."""
    words = tagged(text)
    return len(words) > 1 and len(words[-2][0]) > 1 and (words[-2][1][0] in "nb" or words[-2][1] == "vn")
