"""The clauses of some passages that may be the answer, and how far each content word of a question is met around each of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag.answering.shapes import Shape
from rag.coverage import Weighted, met_by_each
from rag.question import Question
from rag.ranking.passages import Passage

HEADING: Final = 0.7
SAME_CLAUSE, NEXT_CLAUSE, SAME_SENTENCE, NEXT_SENTENCE, SAME_PASSAGE = 1.0, 0.9, 0.6, 0.35, 0.2
Array = NDArray[np.float64]
Numbers = NDArray[np.int64]

_CLAUSE = re.compile(r"(?:[^,。!?;:\n]|(?<=\d)[,:](?=\d))+[,。!?;:\n]*")
_SENTENCE_END = frozenset("。!?;\n")
_NUMBERED = re.compile(
    r"[一二三四五六七八九十]{1,3}(?:、|是|要)|[(]?[一二三四五六七八九十\d]{1,3}[).、]|第[一二三四五六七八九十\d]{1,4}条"
)
LEAD_CHARS: Final = 18


@dataclass(frozen=True, slots=True)
class Anchored:
    """The clauses that may be the answer, in order: the text of each, the number of its passage among those that were given and
    of its sentence in that; and how far each content word is met `around` each of them, by distance, and `said` by its
    sentence or heading, shape (anchors, words)."""

    clauses: Sequence[str]
    passage_of: Sequence[int]
    sentence_of: Sequence[int]
    around: Array
    said: Array


def anchored(
    question: Question, weighted: Sequence[Weighted], look: Shape | None, passages: Sequence[Passage]
) -> Anchored | None:
    """Every clause that has the wanted look, all of them where there is none; None for no clause. All passages go into one set
    of arrays: they are small, and the number of operations is what takes the time."""
    every = [(at, *cut(passage.folded)) for at, passage in enumerate(passages)]
    clauses = [clause for _, own, _ in every for clause in own]
    chosen = [i for i, clause in enumerate(clauses) if look is None or _has(look.pattern, clause, question.folded)]
    if not chosen:
        return None
    inside, above = _met(weighted, passages, [own for _, own, _ in every])
    passage_of = np.repeat([at for at, _, _ in every], [len(own) for _, own, _ in every])
    sentence_of = np.concatenate([numbers for _, _, numbers in every])
    around, said = _around(inside, sentence_of, passage_of, np.array(chosen))
    over = above[:, passage_of[chosen]]
    return Anchored(
        [clauses[i] for i in chosen],
        passage_of[chosen].tolist(),
        sentence_of[chosen].tolist(),
        np.maximum(around, HEADING * over).T,
        np.maximum(said, over).T,
    )


@lru_cache(maxsize=8192)
def cut(folded: str) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The clauses of a folded text, and for each the number of its sentence."""
    clauses = tuple(_CLAUSE.findall(folded)) or (folded,)
    numbers, sentence, led = [], 0, True
    for clause in clauses:
        # A short numbered sentence leads to the next (一、租房补贴。博士每月…): what it says is said with that.
        led = led and len(clause) <= LEAD_CHARS and _NUMBERED.match(clause) is not None
        numbers.append(sentence)
        if clause[-1:] in _SENTENCE_END:
            sentence, led = sentence + (not led), True
        else:
            led = False
    return clauses, np.array(numbers)


@lru_cache(maxsize=8192)
def whole(folded: str) -> tuple[str, ...]:
    """The sentences of a folded text, by their numbers."""
    clauses, numbers = cut(folded)
    return tuple("".join(clauses[i] for i in np.flatnonzero(numbers == n)) for n in range(int(numbers[-1]) + 1))


def _has(pattern: re.Pattern[str], clause: str, asked: str) -> bool:
    """Whether a clause has the look, by something else than what the question itself says."""
    first = pattern.search(clause)
    if first is None or first.group() not in asked:
        return first is not None
    return any(match.group() not in asked for match in pattern.finditer(clause, first.end()))


def _met(
    weighted: Sequence[Weighted], passages: Sequence[Passage], clauses: Sequence[Sequence[str]]
) -> tuple[Array, Array]:
    """How far each clause of each passage meets each content word, shape (words, clauses), and each passage's heading, shape
    (words, passages)."""
    texts, contexts = [passage.folded for passage in passages], [passage.context for passage in passages]
    every = [clause for own in clauses for clause in own]
    firsts = list(accumulate(map(len, clauses), initial=0))
    inside, above = np.zeros((len(weighted), len(every))), np.zeros((len(weighted), len(passages)))
    for row, over, item in zip(inside, above, weighted, strict=True):
        places = [i for at, _ in met_by_each(item.content, texts) for i in range(firsts[at], firsts[at + 1])]
        for i, share in met_by_each(item.content, [every[place] for place in places]):
            row[places[i]] = share
        for i, share in met_by_each(item.content, contexts):
            over[i] = share
    return inside, above


def _around(inside: Array, sentence_of: Numbers, passage_of: Numbers, anchors: Numbers) -> tuple[Array, Array]:
    """How far each word is met around each anchor, what is farther away counting less, and by its sentence; each of shape
    (words, anchors). `inside` (words, clauses); `sentence_of` (clauses,) counts in a passage, `passage_of` (clauses,) through."""
    first = np.ones(len(passage_of), np.bool_)
    first[1:] = passage_of[1:] != passage_of[:-1]
    begins = first.copy()
    begins[1:] |= sentence_of[1:] != sentence_of[:-1]
    starts = np.flatnonzero(begins)
    through = np.cumsum(begins) - 1
    by_sentence = np.maximum.reduceat(inside, starts, axis=1)
    by_passage = np.maximum.reduceat(inside, np.flatnonzero(first), axis=1)
    own = through[anchors]
    said = by_sentence[:, own]
    around = SAME_CLAUSE * inside[:, anchors]
    for value, met_there in (
        (NEXT_CLAUSE, _next_to(inside, through)[:, anchors]),
        (SAME_SENTENCE, said),
        (NEXT_SENTENCE, _next_to(by_sentence, passage_of[starts])[:, own]),
        (SAME_PASSAGE, by_passage[:, passage_of[anchors]]),
    ):
        np.maximum(around, value * met_there, out=around)
    return around, said


def _next_to(values: Array, group_of: Numbers) -> Array:
    """The greater of the values before and after each column that are of its group, 0 where there is none."""
    together = group_of[1:] == group_of[:-1]
    found = np.zeros_like(values)
    found[:, :-1] = values[:, 1:] * together
    np.maximum(found[:, 1:], values[:, :-1] * together, out=found[:, 1:])
    return found
