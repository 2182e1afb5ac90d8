"""What stands beside the answer that a question wants: how much of the question is said where a figure of the wanted look is.

A passage may hold every word of a question and any number of figures, and still not the one that is asked for. So every
clause with the wanted look is taken for the answer in turn, and the question's words count by their distance from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from rag.answering.anchors import Anchored, Array, anchored, whole
from rag.answering.rivals import Rivals, rivals
from rag.answering.shapes import Shape, shape
from rag.answering.telling import asked_for, named_together
from rag.coverage import Weighted, coverage
from rag.periods import overlapping, periods, relative
from rag.question import Question
from rag.ranking.passages import Passage
from rag.types import Document, Hit

DEPTH: Final = 6
TOGETHER: Final = 3
SAID: Final = 0.8
OPENING, ELSEWHERE = 300, 0.7
SLACK: Final = 0.05

_TOTAL: Final = re.compile(
    r"一共|总共|合计|总计|总投资|总额|总支出|平均|(?:花|安排|下达|投入|支出)了?多少|\b(?:in total|altogether|spend on)\b"
)
_EACH: Final = re.compile("每[人户台月年天次个家亩只吨套名餐平]|人均|最高|不超过|上限")
_STOCK: Final = re.compile(r"(?:[^没]有|共|现有)多少[名人个位户家]|[一总共]共?(?:有)?多少[名人个位户家]")
_FLOW: Final = re.compile(
    "(?<!经济)(?:新?发展|新增|新招|新录|引进|引来|招聘|招录|招收|培训|参加|选派|选聘|评出|评选|处分|慰问|救助|带动|吸纳)[^,。;]{0,12}\\d"
)
# What leaves a matter open, and the words without one of which a text does not.
_OPEN: Final = Shape(
    "open",
    re.compile(
        "另行(?:通知|公布|公告|制定|研究|确定|规定|发布|安排)|待定|未定|尚未(?:确定|公布|明确)|未(?:明确|公布)|再行(?:确定|公布|研究)|视.{0,8}而定"
    ),
)
_OPEN_WORDS: Final = ("另行", "待定", "未定", "尚未", "未明确", "未公布", "再行", "而定")


class Window(NamedTuple):
    """One clause taken for the answer, with what stands around it; each in 0..1. A row of what `windows` gives.

    `covered`: the question's weight met, each word by its distance from the clause; `unasked`: the greatest share of one word
    that names the thing asked for (物业费 in 物业费是多少) and that the sentence and its heading lack; `elsewhere`: what the three
    best passages together meet beyond `covered`; `contradicted`: 1 when the sentence tells of a rival (大专 asked, 本科 told:
    `rag.answering.rivals`); `unlike`: 1 when it tells the figure of each where that of all is asked for, or how many came where it
    is asked how many there are; `period`: how far the sentence speaks of the period that is asked, 1 where none is; `deferred`: the
    question's weight met around a clause that leaves the matter open (另行通知), where its sentence says as much of the question.
    """

    covered: float
    unasked: float
    elsewhere: float
    contradicted: float
    unlike: float
    period: float
    deferred: float


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
    held = [passages[hit.chunk.id] for hit in hits[:DEPTH]]
    found = anchored(question, weighted, look, held)
    if found is None:
        return look, NONE
    covered = found.around @ weights / weights.sum()
    missing = (found.said < SAID) * (1 - found.said) * asked
    for row in named_together(question, weighted):
        missing[:, row] = missing[:, row].min(axis=1, keepdims=True)
    unasked = missing.max(axis=1) / weights.sum()
    others = rivals(question, weighted, look is not None)
    told = _told(question, others, held, [catalogue[passage.chunk.document_id].published for passage in held], found)
    rival, period = np.array(told).T
    unlike = _of_another_kind(question.folded, found.clauses)
    deferred = _deferred(question, weighted, weights, held, found)
    beyond = np.maximum(0.0, joined - covered)
    return look, np.column_stack([covered, unasked, beyond, rival, unlike, period, deferred])


def period_held(
    question: Question, hits: Sequence[Hit], passages: Mapping[int, Passage], catalogue: Mapping[str, Document]
) -> bool:
    """Whether any passage or its document speaks of a period that is asked; True where none is."""
    return any(
        _period(question, "", passages[hit.chunk.id], catalogue[hit.chunk.document_id].published) > 0 for hit in hits
    )


def _told(
    question: Question,
    others: Rivals,
    passages: Sequence[Passage],
    published: Sequence[str | None],
    found: Anchored,
) -> Sequence[tuple[float, float]]:
    """For each clause whether its sentence names a rival, and how far it speaks of the asked period."""
    if not others and not question.periods:
        return [(0.0, 1.0)] * len(found.clauses)
    places = list(zip(found.passage_of, found.sentence_of, strict=True))
    elsewhere = _spoken_of(question, passages)
    told = {}
    for (at, number), said in dict(zip(places, found.said.tolist(), strict=True)).items():
        passage = passages[at]
        sentences = whole(passage.folded)
        period = _period(question, sentences[number], passage, published[at], passage.chunk.document_id in elsewhere)
        told[at, number] = float(others.told(sentences, number, passage.context, said)), period
    return [told[place] for place in places]


def _deferred(
    question: Question, weighted: Sequence[Weighted], weights: Array, passages: Sequence[Passage], found: Anchored
) -> Array:
    """For each clause how far the question is met around the clause that leaves it open, if there is one whose sentence says about
    as much of it as its own, else 0."""
    open_ = [passage for passage in passages if any(word in passage.folded for word in _OPEN_WORDS)]
    later = anchored(question, weighted, _OPEN, open_) if open_ else None
    if later is None:
        return np.zeros(len(found.clauses))
    said, around = (float((met @ weights).max()) for met in (later.said, later.around))
    least = weights.sum() * SLACK
    nearer = (said >= found.said @ weights - least) & (around >= found.around @ weights - 2 * least)
    return np.asarray(nearer * around / weights.sum())


def _of_another_kind(asked: str, clauses: Sequence[str]) -> Sequence[float]:
    """1 for each clause that tells the figure of each one where all together is asked for, or how many came where it is asked
    how many there are, else 0."""
    total = _TOTAL.search(asked) is not None
    stock = _STOCK.search(asked) is not None and not _FLOW.search(asked)
    return [
        float(
            (total and _EACH.search(clause) is not None and not _TOTAL.search(clause))
            or (stock and _FLOW.search(clause) is not None)
        )
        for clause in clauses
    ]


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
