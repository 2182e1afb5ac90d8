"""The signals by which sentences are chosen: each a number that a reader can check."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Final

from rag.analysis import fold
from rag.answering.looks import announced, shape
from rag.answering.units import QUESTION_CHARS, Unit
from rag.coverage import Weighted, met, met_by_each
from rag.question import Question

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


def signals(
    question: Question, weighted: Sequence[Weighted], pieces: Sequence[Unit], places: Sequence[str] = ()
) -> Sequence[dict[str, float]]:
    """One dict over SIGNALS per unit. `places` are the names of the places asked about, folded, as texts write them."""
    met_by = _Coverage(question, weighted, pieces)
    pattern = shape(question)
    scores = [unit.hit.score for unit in pieces]
    low, spread = min(scores), max(scores) - min(scores)
    names = (*question.names, *question.years)
    number, core = announced(question.folded)
    under = met_by.under()
    dated = {unit.document_id: _dated(unit, question.years) for unit in pieces}
    rows = []
    for i, unit in enumerate(pieces):
        folded = unit.folded
        rows.append(
            {
                "joint": met_by.joint[i],
                "heading": met_by.context[i],
                "before": met_by.before(i),
                "shaped": float(bool(pattern and pattern.search(unit.sentence.matter))),
                "shaped_near": met_by.near(i, pattern),
                "passage": (unit.hit.score - low) / spread if spread > 0 else 1.0,
                "first": 1 / (1 + unit.rank),
                "named": sum(name in folded for name in names) / len(names) if names else 0.0,
                "dated": dated[unit.document_id],
                "placed": float(met_by.names_place(i, places)),
                "under": under[i],
                "enumerated": float(unit.sentence.enumerated),
                "counted": float(is_counted(unit, number, core)),
                "run": min(max(unit.sentence.runs, default=0), 8) / 8,
                "figure": float(unit.sentence.figure),
                "lead": float(unit.sentence.announcing),
                "title": float(heading_like(unit)),
                "inquiry": float(folded[-1] == "?"),
                "length": min(math.log2(len(folded) + 1) / 8, 1.25),
            }
        )
    return rows


def _dated(unit: Unit, years: Sequence[str]) -> float:
    """Whether the title above a unit names a year of the question's (1) or others alone (-1)."""
    chunk = unit.hit.chunk
    named = _YEAR.findall(chunk.context.removesuffix(chunk.heading)) if years else ()
    return (1.0 if set(named) & set(years) else -1.0) if named else 0.0


class _Coverage:
    """What each unit meets of the question, every word looked for once in each."""

    def __init__(self, question: Question, weighted: Sequence[Weighted], pieces: Sequence[Unit]) -> None:
        self._pieces = pieces
        self._total = total = sum(item.weight for item in weighted) or 1.0
        size = len(pieces)
        self.own, self.joint = [0.0] * size, [0.0] * size
        self._held: list[list[Weighted]] = [[] for _ in pieces]
        chunks = [unit.hit.chunk.id for unit in pieces]
        above_each = {unit.hit.chunk.id: unit.hit.chunk.context for unit in pieces}
        contexts = {chunk: fold(context).text for chunk, context in above_each.items()}
        self._contexts: Mapping[int, str] = contexts
        by_context = dict.fromkeys(contexts, 0.0)
        texts = [unit.folded for unit in pieces]
        for item in weighted:
            weight = item.weight / total
            above = {chunk: met(item.content, text) for chunk, text in contexts.items()}
            inside = dict(met_by_each(item.content, texts))
            for chunk, over in above.items():
                by_context[chunk] += weight * over
            for i in range(size) if any(above.values()) else inside:
                self.joint[i] += weight * max(inside.get(i, 0.0), above[chunks[i]])
            for i, share in inside.items():
                self.own[i] += weight * share
                self._held[i].append(item)
        self.context = [by_context[chunk] for chunk in chunks]

    def before(self, i: int) -> float:
        """The coverage of the sentence before in the same passage, 0 where there is none."""
        return self.own[i - 1] if i and self._pieces[i - 1].rank == self._pieces[i].rank else 0.0

    def under(self) -> Sequence[float]:
        """The coverage of the last question, heading or announcement above each sentence in the same passage, 0 without one."""
        found: list[float] = []
        over = 0.0
        for i, unit in enumerate(self._pieces):
            over = over if i and self._pieces[i - 1].rank == unit.rank else 0.0
            found.append(over)
            if unit.sentence.announcing or heading_like(unit) or "?" in unit.folded[:QUESTION_CHARS]:
                over = self.own[i]
        return found

    def names_place(self, i: int, places: Sequence[str]) -> bool:
        """Whether a sentence names a place that the context of its passage does not."""
        unit = self._pieces[i]
        return any(name in unit.folded and name not in self._contexts[unit.hit.chunk.id] for name in places)

    def near(self, i: int, pattern: re.Pattern[str] | None) -> float:
        """The best coverage of a clause that looks like the answer, with the one before it."""
        if pattern is None:
            return 0.0
        clauses = self._pieces[i].sentence.clauses
        nearest = (clauses[at - 1] + c if at else c for at, c in enumerate(clauses) if pattern.search(c))
        return max((self._covered(i, text) for text in nearest), default=0.0)

    def _covered(self, i: int, text: str) -> float:
        return sum(item.weight * met(item.content, text) for item in self._held[i]) / self._total


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
    """Whether a sentence stands like a heading: short, without a mark at its end; it may end with a name in quotation marks
    (让“英雄”有“用武之地”), but not with speech (…。”)."""
    said = unit.folded.rstrip('”"』」')
    return len(unit.folded) <= 40 and said[-1:] not in ("", *"。!?;,…).")
