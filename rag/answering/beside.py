"""What stands beside the answer that a question wants: how much of the question is said where a figure of the wanted look is.

A passage may hold every word of a question and any number of figures, and still not the one that is asked for. So every
clause with the wanted look is taken for the answer in turn, and the question's words count by their distance from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from rag.answering.anchors import Anchored, Array, anchored, cut
from rag.answering.shapes import Shape, shape
from rag.answering.telling import asked_for
from rag.coverage import Weighted, coverage
from rag.periods import overlapping, periods, relative
from rag.question import Question
from rag.ranking.passages import Passage
from rag.types import Document, Hit

DEPTH: Final = 6
TOGETHER: Final = 3
SAID: Final = 0.8
OPENING, ELSEWHERE = 300, 0.7

# Words of which a text that names one does not speak of the others.
_RIVALS: Final = tuple(
    tuple(line.split())
    for line in """
院士 博士后 博士 硕士 研究生 本科 大专 专科 高职 中专 高中 大学生 正高 副高 中级职称 高级职称 高级技师 技师 高级工 中级工 初级工
国家级 省级 市级 县级 区级 乡镇级 村级
一期 二期 三期 四期
第一批 第二批 第三批 第四批 首批
第一季度 第二季度 第三季度 第四季度 一季度 二季度 三季度 四季度 上半年 下半年 全年
幼儿园 小学 初中 高中 大学 职校
早餐 午餐 晚餐
一类 二类 三类 四类
a类 b类 c类 d类
城市 农村 城镇 乡村
双人间 单间 一居室 两居室 三居室
80周岁 90周岁 100周岁 百岁
首次 二次 再次
每天 每月 每年 每季度 每平方米 每亩
本人 配偶 子女 父母
党组织书记 村委会主任 村监委会主任 村文书
一等奖 二等奖 三等奖
一孩 二孩 三孩
正职 副职
公办 民办
全日制 非全日制
租房补贴 购房补贴
""".strip().splitlines()
)
_TOTAL: Final = re.compile(
    r"一共|总共|合计|总计|总投资|总额|总支出|平均|(?:花|安排|下达|投入|支出)了?多少|\b(?:in total|altogether|spend on)\b"
)
_EACH: Final = re.compile("每[人户台月年天次个家亩只吨套名餐平]|人均|最高|不超过|上限")
_STOCK: Final = re.compile(r"(?:[^没]有|共|现有)多少[名人个位户家]|[一总共]共?(?:有)?多少[名人个位户家]")
_FLOW: Final = re.compile(
    "(?<!经济)(?:新?发展|新增|新招|新录|引进|引来|招聘|招录|招收|培训|参加|选派|选聘|评出|评选|处分|慰问|救助|带动|吸纳)[^,。;]{0,12}\\d"
)


class Window(NamedTuple):
    """One clause taken for the answer, with what stands around it; each in 0..1. A row of what `windows` gives.

    `covered`: the question's weight met, each word by its distance from the clause; `unasked`: the greatest share of one word
    that names the thing asked for (物业费 in 物业费是多少) and that the sentence and its heading lack; `elsewhere`: what the three
    best passages together meet beyond `covered`; `contradicted`: 1 when the sentence names a rival of a word of the question
    (大专 asked, 本科 told); `unlike`: 1 when it tells the figure of each where that of all is asked for, or how many came where it
    is asked how many there are; `period`: how far the sentence speaks of the period that is asked, 1 where none is.
    """

    covered: float
    unasked: float
    elsewhere: float
    contradicted: float
    unlike: float
    period: float


NONE: Final = np.empty((0, len(Window._fields)))


def windows(
    question: Question,
    weighted: Sequence[Weighted],
    hits: Sequence[Hit],
    passages: Mapping[int, Passage],
    catalogue: Mapping[str, Document],
) -> tuple[Shape | None, Array]:
    """The wanted look, and every clause of the best passages that has it; every clause where there is no telling: shape
    (clauses, fields of Window)."""
    look = shape(question)
    weights = np.array([item.weight for item in weighted])
    if not weights.any():
        return look, NONE
    asked = np.array(asked_for(question, weighted))
    top = [passages[hit.chunk.id] for hit in hits[:TOGETHER]]
    joined = coverage(weighted, "\n".join(passage.folded + "\n" + passage.context for passage in top))
    rivals = _rivals(question.folded)
    held = [passages[hit.chunk.id] for hit in hits[:DEPTH]]
    found = anchored(question, weighted, look, held)
    if found is None:
        return look, NONE
    covered = found.around @ weights / weights.sum()
    unasked = ((found.said < SAID) * (1 - found.said) * asked).max(axis=1) / weights.sum()
    told = _told(question, rivals, held, [catalogue[passage.chunk.document_id].published for passage in held], found)
    rival, period = np.array(told).T
    unlike = _of_another_kind(question.folded, found.clauses)
    return look, np.column_stack([covered, unasked, np.maximum(0.0, joined - covered), rival, unlike, period])


def period_held(
    question: Question, hits: Sequence[Hit], passages: Mapping[int, Passage], catalogue: Mapping[str, Document]
) -> bool:
    """Whether any passage or its document speaks of a period that is asked; True where none is."""
    return any(
        _period(question, "", passages[hit.chunk.id], catalogue[hit.chunk.document_id].published) > 0 for hit in hits
    )


def _told(
    question: Question,
    rivals: Sequence[tuple[str, tuple[str, ...]]],
    passages: Sequence[Passage],
    published: Sequence[str | None],
    found: Anchored,
) -> Sequence[tuple[float, float]]:
    """For each clause whether its sentence names a rival, and how far it speaks of the asked period."""
    if not rivals and not question.periods:
        return [(0.0, 1.0)] * len(found.clauses)
    places = list(zip(found.passage_of, found.sentence_of, strict=True))
    elsewhere = _spoken_of(question, passages)
    told = {}
    for at, number in dict.fromkeys(places):
        clauses, numbers = cut(passages[at].folded)
        sentence = "".join(clause for clause, own in zip(clauses, numbers.tolist(), strict=True) if own == number)
        period = _period(question, sentence, passages[at], published[at], passages[at].chunk.document_id in elsewhere)
        told[at, number] = _contradicted(rivals, sentence), period
    return [told[place] for place in places]


def _rivals(asked: str) -> Sequence[tuple[str, tuple[str, ...]]]:
    """The words of a question that have rivals, each with those that the question does not name as well."""
    found = []
    for rivals in _RIVALS:
        named = [word for word in rivals if word in asked]
        for word in named:
            if not any(word != other and word in other for other in named):
                found.append((word, tuple(rival for rival in rivals if rival not in asked)))
    return found


def _contradicted(rivals: Sequence[tuple[str, tuple[str, ...]]], sentence: str) -> float:
    return float(any(word not in sentence and any(rival in sentence for rival in others) for word, others in rivals))


def _of_another_kind(asked: str, clauses: Sequence[str]) -> Sequence[float]:
    """1 for each clause that tells the figure of each one where all together is asked for, or how many came where it is asked
    how many there are, else 0."""
    if _TOTAL.search(asked):
        return [float(bool(_EACH.search(clause)) and not _TOTAL.search(clause)) for clause in clauses]
    if _STOCK.search(asked) and not _FLOW.search(asked):
        return [float(bool(_FLOW.search(clause))) for clause in clauses]
    return [0.0] * len(clauses)


def _spoken_of(question: Question, passages: Sequence[Passage]) -> frozenset[str]:
    """The documents whose opening, if it is among the passages, speaks of the asked period: what they say is of then."""
    return frozenset(
        passage.chunk.document_id
        for passage in passages
        if question.periods and passage.chunk.start < OPENING and overlapping(question.periods, periods(passage.folded))
    )


def _period(
    question: Question, sentence: str, passage: Passage, published: str | None, elsewhere: bool = False
) -> float:
    """1 when the sentence speaks of the asked period or its heading does and it names no other, less when only its passage or
    the opening of its document does (`elsewhere`), and less again when the sentence names another period. 去年 is the year before the document's own."""
    asked = question.periods
    if not asked:
        return 1.0
    year = int(published[:4]) if published is not None else None
    own = (*periods(sentence), *(period for _, period in relative(sentence, year))) if year else periods(sentence)
    if any(named in sentence for named in question.years) or overlapping(asked, own):
        return 1.0
    if overlapping(asked, periods(passage.context)):
        strength = 1.0
    elif any(named in passage.folded for named in question.years) or overlapping(asked, periods(passage.folded)):
        strength = 0.8
    elif year is not None and overlapping(asked, ((f"{year}-01-01", f"{year}-12-31"),)):
        strength = 0.7
    elif elsewhere:
        strength = ELSEWHERE
    elif year is not None and any(last[:4] == str(year - 1) for _, last in asked):
        strength = 0.5
    else:
        return 0.0
    return 0.4 * strength if own else strength
