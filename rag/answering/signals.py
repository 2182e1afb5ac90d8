"""The signals by which sentences are chosen: each a number that a reader can check."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag.answering.looks import announced, shape
from rag.answering.met import Met
from rag.answering.units import SIGNS, Unit, folded_line
from rag.coverage import Weighted
from rag.coverage import met as met_by
from rag.question import Question
from rag.types import Chunk

SIGNALS: Final = (
    "joint",
    "heading",
    "before",
    "shaped",
    "shaped_near",
    "passage",
    "first",
    "named",
    "dated",
    "placed",
    "under",
    "enumerated",
    "counted",
    "run",
    "figure",
    "lead",
    "title",
    "inquiry",
    "length",
)
"""Each in 0..1 but `length`. `joint`: share of the question's weight met by the sentence or the context of its passage; `heading`:
by the context alone; `before`: by the sentence before it in the passage; `shaped`: looks like the sort of answer that is wanted;
`shaped_near`: share met by the clauses around what looks so; `passage`: score of its passage, 1 the best, 0 the worst; `first`:
1 / rank of it; `named`: share of the question's quoted names and years; `dated`: 1 under a title that names a year of the question's, -1 under one that names others; `placed`: names a place that is asked about and that the
context of its passage does not name; `under`: share met by the question, heading or announcement that it stands below in the
passage; `enumerated`: item of a list; `counted`: enumerates as many things as the question says that there are; `run`: length of
its longest enumeration, 1 at eight; `figure`: holds a digit; `lead`: announces what follows; `title`: stands like a heading;
`inquiry`: itself a question; `length`: log2 of its characters, 1 at 256."""

_BYLINE: Final = re.compile(r"记者|作者|撰稿|通讯员|部长|书记|主任|常委|局长|组织部|党委|人民政府|办公室|供稿")
_VOW: Final = re.compile(
    r"^(?:让|使)[^,;。]{2,24}(?:成为|变成|更加)[^,;。]+[。;]?$|重在[^,;。]{1,8}[。;]?$|离不开[^,;。]{2,24}(?:,|[。;]?$)"
    r"|是[^,;。]{0,16}(?:之[基源本要魂]|生命线|关键因素|关键所在|根本所在|重中之重)(?:[,、;。]|$)"
)
_NAMED: Final = re.compile(r"“|《")
_BYLINE_CHARS: Final = 60
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
Array = NDArray[np.float64]
Numbers = NDArray[np.int64]


def signals(
    question: Question, weighted: Sequence[Weighted], pieces: Sequence[Unit], met: Met, places: Sequence[str] = ()
) -> Mapping[str, Array]:
    """The SIGNALS, each of shape (units,). `met` is what the units, at least one, meet of the words; `places` are the names of
    the places asked about, folded, as texts write them."""
    total = sum(item.weight for item in weighted) or 1.0
    shares = [item.weight / total for item in weighted]
    texts = [unit.sentence.folded for unit in pieces]
    own = _summed(shares, met.inside)
    ranks = np.array([unit.rank for unit in pieces])
    scores = np.array([unit.hit.score for unit in pieces])
    low, spread = scores.min(), scores.max() - scores.min()
    pattern = shape(question)
    names = (*question.names, *question.years)
    number, core = announced(question.folded)
    return {
        "joint": _summed(shares, np.maximum(met.inside, met.above)),
        "heading": _summed(shares, met.above),
        "before": np.where(_goes_on(ranks), np.roll(own, 1), 0.0),
        "shaped": _shaped(pieces, pattern),
        "shaped_near": _near(weighted, pieces, met, pattern),
        "passage": (scores - low) / spread if spread > 0 else np.ones(len(pieces)),
        "first": 1 / (1 + ranks),
        "named": sum((_holding(name, texts) for name in names), np.zeros(len(pieces))) / (len(names) or 1),
        "dated": _dated(pieces, question.years),
        "placed": _placed(pieces, texts, places),
        "under": _under(own, ranks, np.array([unit.sentence.opens for unit in pieces])),
        "counted": _counted(pieces, number, core),
        **_signs(pieces),
    }


def _signs(pieces: Sequence[Unit]) -> Mapping[str, Array]:
    values = chain.from_iterable(unit.sentence.signs for unit in pieces)
    table = np.fromiter(values, np.float64, len(pieces) * len(SIGNS)).reshape(-1, len(SIGNS))
    return dict(zip(SIGNS, table.T, strict=True))


def _shaped(pieces: Sequence[Unit], pattern: re.Pattern[str] | None) -> Array:
    """Which units look like the sort of answer that is wanted."""
    if pattern is None:
        return np.zeros(len(pieces))
    return np.array([pattern.search(unit.sentence.matter) is not None for unit in pieces], dtype=np.float64)


def _holding(name: str, texts: Sequence[str]) -> Array:
    return np.array([name in text for text in texts], dtype=np.float64)


def _summed(shares: Sequence[float], met: Array) -> Array:
    """The share of the question's weight that is met, word by word in their order; `met` (units, words)."""
    total = np.zeros(len(met))
    for share, column in zip(shares, met.T, strict=True):
        total += share * column
    return total


def _goes_on(ranks: Numbers) -> NDArray[np.bool_]:
    """Which units have one before them in their passage."""
    return np.concatenate(([False], ranks[1:] == ranks[:-1]))


def _under(own: Array, ranks: Numbers, opens: NDArray[np.bool_]) -> Array:
    """The coverage of the last question, heading or announcement above each sentence in the same passage, 0 without one."""
    places = np.arange(len(own))
    firsts = np.maximum.accumulate(np.where(_goes_on(ranks), 0, places))
    last = np.maximum.accumulate(np.where(opens, places, -1))
    above = np.concatenate(([-1], last[:-1]))
    return np.where(above >= firsts, own[above], 0.0)


def _dated(pieces: Sequence[Unit], years: Sequence[str]) -> Array:
    """Whether the title above each unit names a year of the question's (1) or others alone (-1)."""
    dated = {unit.document_id: _year_of(unit.hit.chunk, years) for unit in pieces} if years else {}
    return np.array([dated.get(unit.document_id, 0.0) for unit in pieces])


def _year_of(chunk: Chunk, years: Sequence[str]) -> float:
    named = _YEAR.findall(chunk.context.removesuffix(chunk.heading))
    return (1.0 if set(named) & set(years) else -1.0) if named else 0.0


def _placed(pieces: Sequence[Unit], texts: Sequence[str], places: Sequence[str]) -> Array:
    """Which units name a place that the context of their passage does not."""
    found = np.zeros(len(pieces))
    for name in places:
        for i, text in enumerate(texts):
            if name in text and name not in folded_line(pieces[i].hit.chunk.context):
                found[i] = 1.0
    return found


def _near(weighted: Sequence[Weighted], pieces: Sequence[Unit], met: Met, pattern: re.Pattern[str] | None) -> Array:
    """The best coverage of a clause of each unit that looks like the answer, with the one before it."""
    found = np.zeros(len(pieces))
    if pattern is None:
        return found
    total = sum(item.weight for item in weighted) or 1.0
    for i in np.flatnonzero(met.inside.any(axis=1)).tolist():
        clauses = pieces[i].sentence.clauses
        nearest = [clauses[at - 1] + c if at else c for at, c in enumerate(clauses) if pattern.search(c)]
        if nearest:
            held = [item for item, share in zip(weighted, met.inside[i].tolist(), strict=True) if share]
            found[i] = max(sum(item.weight * met_by(item.content, text) for item in held) / total for text in nearest)
    return found


def _counted(pieces: Sequence[Unit], number: int, core: str) -> Array:
    """Which units enumerate what the question counts."""
    if number < 2:
        return np.zeros(len(pieces))
    return np.array([is_counted(unit, number, core) for unit in pieces], dtype=np.float64)


def is_counted(unit: Unit, number: int, core: str) -> bool:
    """Whether a sentence enumerates that many parts, of which it names the word that they share where they do (“五边”: 边), or has
    that word that many times."""
    if number < 2:
        return False
    if core and unit.folded.count(core) in (number, number + 1):
        return True
    return number in unit.sentence.runs and core in unit.folded


def is_vow(unit: Unit) -> bool:
    """Whether a sentence only says what should become of things, or how much they matter (让人才成为…引擎, …是执政之基): it names
    no measure, figure or name."""
    return bool(_VOW.search(unit.folded)) and not unit.sentence.figure and not _NAMED.search(unit.folded)


def is_byline(unit: Unit) -> bool:
    """Whether a sentence may name who wrote the document."""
    return len(unit.folded) <= _BYLINE_CHARS and unit.folded[-1] not in "。;!?" and bool(_BYLINE.search(unit.folded))


def heading_like(unit: Unit) -> bool:
    """Whether a sentence stands like a heading: short, without a mark at its end."""
    return unit.sentence.heading
