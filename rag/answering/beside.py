"""What stands beside the answer that a question wants: how much of the question is said where a figure of the wanted look is.

A passage may hold every word of a question and any number of figures, and still not the one that is asked for. So every
clause with the wanted look is taken for the answer in turn, and the question's words count by their distance from it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag.answering.shapes import Shape, shape
from rag.coverage import Weighted, coverage, met, met_by_each
from rag.periods import overlapping, periods
from rag.question import Question
from rag.ranking.passages import Passage
from rag.types import Document, Hit, Language

DEPTH: Final = 6
TOGETHER: Final = 3
HEADING: Final = 0.7
SLIGHT: Final = 0.4
SAME_CLAUSE, NEXT_CLAUSE, SAME_SENTENCE, NEXT_SENTENCE, SAME_PASSAGE = 1.0, 0.9, 0.6, 0.35, 0.2
UNKNOWN_ENGLISH: Final = 0.5
NEAR_CHARS: Final = 6.0
ELSEWHERE: Final = 0.3
Array = NDArray[np.float64]
_INSIDE: Final[Array] = np.array([SAME_CLAUSE, NEXT_CLAUSE, SAME_SENTENCE])
_OUTSIDE: Final[Array] = np.array([SAME_CLAUSE, NEXT_SENTENCE, SAME_PASSAGE])

_CLAUSE = re.compile(r"(?:[^,。!?;:\n]|(?<=\d)[,:](?=\d))+[,。!?;:\n]*")
_SENTENCE_END = frozenset("。!?;\n")
_QUESTION_WORD = re.compile(
    r"多少|几|什么|谁|哪|多大|多长|多久|多高|何时|怎|如何|how (?:many|much|long|old|large)|what|which|when|who|where"
)
# Words of which a text that names one does not speak of the others.
_RIVALS: Final = tuple(
    tuple(line.split())
    for line in """
博士后 博士 硕士 研究生 本科 大专 专科 高职 中专 高中 大学生
正高 副高 中级职称 高级职称 初级
高级技师 技师 高级工 中级工 初级工
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
""".strip().splitlines()
)


@dataclass(frozen=True, slots=True)
class Window:
    """One clause taken for the answer, with what stands around it; each in 0..1.

    `covered`: the question's weight met, each word by its distance from the clause; `near`: the same with the words next to
    the question word counting most; `slight`: how far `covered` falls short of SLIGHT; `missing`: the greatest share of one word that the sentence and its heading lack;
    `elsewhere`: what the three best passages together meet beyond `covered`; `contradicted`: 1 when the sentence names a rival of a word of the question (大专 asked, 本科 told);
    `period`: how far the sentence speaks of the period that is asked, 1 where none is.
    """

    covered: float
    near: float
    slight: float
    missing: float
    elsewhere: float
    contradicted: float
    period: float


def windows(
    question: Question,
    weighted: Sequence[Weighted],
    hits: Sequence[Hit],
    passages: Mapping[int, Passage],
    catalogue: Mapping[str, Document],
) -> tuple[Shape | None, Sequence[Window]]:
    """The wanted look, and every clause of the best passages that has it; every clause where there is no telling."""
    look = shape(question)
    weights = _weights(question, weighted)
    if not weights.any():
        return look, ()
    near = weights * _nearness(question, weighted)
    top = [passages[hit.chunk.id] for hit in hits[:TOGETHER]]
    joined = coverage(weighted, "\n".join(passage.folded + "\n" + passage.context for passage in top))
    rivals = _rivals(question.folded)
    found = [
        window
        for hit in hits[:DEPTH]
        for window in _passage_windows(
            question,
            weighted,
            (weights, near),
            joined,
            rivals,
            look,
            passages[hit.chunk.id],
            catalogue[hit.chunk.document_id].published,
        )
    ]
    return look, found


def period_held(
    question: Question, hits: Sequence[Hit], passages: Mapping[int, Passage], catalogue: Mapping[str, Document]
) -> bool:
    """Whether any passage or its document speaks of a period that is asked; True where none is."""
    return any(
        _period(question, "", passages[hit.chunk.id], catalogue[hit.chunk.document_id].published) > 0 for hit in hits
    )


def _weights(question: Question, weighted: Sequence[Weighted]) -> Array:
    """The weights of the content words; English words that no table knows count more here than in search."""
    crossing = question.language is Language.ENGLISH
    return np.array(
        [
            item.weight * (UNKNOWN_ENGLISH / item.content.weight)
            if crossing and 0 < item.content.weight < UNKNOWN_ENGLISH and item.content.text.isascii()
            else item.weight
            for item in weighted
        ]
    )


def _nearness(question: Question, weighted: Sequence[Weighted]) -> Array:
    """For each content word how near it stands to a question word, in 0..1: what is asked for stands beside it."""
    text = question.topic
    spots = [match.start() for match in _QUESTION_WORD.finditer(text)]
    if not spots:
        return np.ones(len(weighted))
    scale = 3.0 if question.language is Language.ENGLISH else 1.0
    result = []
    for item in weighted:
        at = text.find(item.content.text)
        end = at if scale > 1 else at + len(item.content.text)
        far = min(min(abs(spot - end), abs(spot - at)) for spot in spots) / scale
        result.append(math.exp(-far / NEAR_CHARS) if at >= 0 else ELSEWHERE)
    return np.array(result)


def _passage_windows(
    question: Question,
    weighted: Sequence[Weighted],
    weights: tuple[Array, Array],
    joined: float,
    rivals: Sequence[tuple[str, tuple[str, ...]]],
    look: Shape | None,
    passage: Passage,
    published: str | None,
) -> Iterator[Window]:
    clauses, sentence_of = _clauses(passage.folded)
    anchors = [i for i, clause in enumerate(clauses) if look is None or _has(look.pattern, clause, question.folded)]
    if not anchors:
        return
    inside = _met(weighted, passage.folded, clauses)
    above = np.array([met(item.content, passage.context) for item in weighted])
    nearness = _distances(sentence_of, anchors)
    around = np.maximum((inside[None] * nearness[:, None]).max(axis=2), HEADING * above)
    together = sentence_of[anchors][:, None] == sentence_of[None]
    said = np.maximum((inside[None] * together[:, None]).max(axis=2), above)
    covered, near = (around @ part / part.sum() for part in weights)
    missing = ((1 - said) * weights[0]).max(axis=1) / weights[0].sum()
    told = _told(question, rivals, passage, published, anchors)
    for one, close, lacking, number in zip(
        covered.tolist(), near.tolist(), missing.tolist(), sentence_of[anchors].tolist(), strict=True
    ):
        yield Window(one, close, max(0.0, 1 - one / SLIGHT), lacking, max(0.0, joined - one), *told[number])


def _told(
    question: Question,
    rivals: Sequence[tuple[str, tuple[str, ...]]],
    passage: Passage,
    published: str | None,
    anchors: Sequence[int],
) -> Mapping[int, tuple[float, float]]:
    """Whether each sentence with an anchor names a rival, and how far it speaks of the asked period, by its number."""
    clauses, sentence_of = _clauses(passage.folded)
    numbers = sentence_of.tolist()
    wanted = {numbers[anchor] for anchor in anchors}
    if not rivals and not question.periods:
        return dict.fromkeys(wanted, (0.0, 1.0))
    sentences = dict.fromkeys(wanted, "")
    for clause, number in zip(clauses, numbers, strict=True):
        if number in sentences:
            sentences[number] += clause
    return {
        number: (_contradicted(rivals, sentence), _period(question, sentence, passage, published))
        for number, sentence in sentences.items()
    }


def _has(pattern: re.Pattern[str], clause: str, asked: str) -> bool:
    """Whether a clause has the look, by something else than what the question itself says."""
    return any(match.group() not in asked for match in pattern.finditer(clause))


@lru_cache(maxsize=8192)
def _clauses(folded: str) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The clauses of a folded text, and for each the number of its sentence."""
    clauses = tuple(_CLAUSE.findall(folded)) or (folded,)
    numbers, sentence = [], 0
    for clause in clauses:
        numbers.append(sentence)
        sentence += clause[-1:] in _SENTENCE_END
    return clauses, np.array(numbers)


def _met(weighted: Sequence[Weighted], folded: str, clauses: Sequence[str]) -> Array:
    """How far each clause meets each content word, shape (words, clauses)."""
    rows = np.zeros((len(weighted), len(clauses)))
    for row, item in zip(rows, weighted, strict=True):
        if met(item.content, folded) > 0:
            for at, share in met_by_each(item.content, clauses):
                row[at] = share
    return rows


def _distances(sentence_of: NDArray[np.int64], anchors: Sequence[int]) -> Array:
    """How much what a clause says counts for each anchor, by their distance, shape (anchors, clauses)."""
    order = np.arange(len(sentence_of))
    clauses = np.abs(order[anchors][:, None] - order[None])
    sentences = np.abs(sentence_of[anchors][:, None] - sentence_of[None])
    inside = _INSIDE[np.minimum(clauses, 2)]
    outside = _OUTSIDE[np.minimum(sentences, 2)]
    distances: Array = np.where(sentences == 0, inside, outside)
    return distances


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


def _period(question: Question, sentence: str, passage: Passage, published: str | None) -> float:
    """1 when the sentence speaks of the asked period, less when only its passage, its heading or its document does, and less
    again when the sentence names another period."""
    asked = question.periods
    if not asked:
        return 1.0
    own = periods(sentence)
    if any(year in sentence for year in question.years) or overlapping(asked, own):
        return 1.0
    around = passage.folded + "\n" + passage.context
    if any(year in around for year in question.years) or overlapping(asked, periods(around)):
        strength = 0.8
    elif published is not None and overlapping(asked, ((published[:4] + "-01-01", published[:4] + "-12-31"),)):
        strength = 0.7
    elif published is not None and any(last[:4] == str(int(published[:4]) - 1) for _, last in asked):
        strength = 0.5
    else:
        return 0.0
    return 0.4 * strength if own else strength
