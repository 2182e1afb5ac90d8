"""Which list of which document answers a question for several things, if one does: learned weights over readable signals."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag.answering.choice import Rated
from rag.answering.divisions import LINES, SECTION, divisions, lines_below
from rag.answering.listing import BODY, SERIES, Listing, alike_heads, headed, listings, sections, series, sharing
from rag.answering.looks import announced
from rag.answering.signals import is_counted
from rag.answering.units import Unit, folded_line
from rag.coverage import Weighted, coverage, met
from rag.question import Question
from rag.types import Intent

DOCUMENTS: Final = 2
FARTHEST: Final = -6.0
SPREAD: Final = 3.0
OPENING: Final = 2
NEAR_THE_START: Final = 3
CORE_WITHIN: Final = 20
LONG: Final = 60
LEFT: Final = 0.2
SHORT: Final = 40
_HAN: Final = "一二三四五六七八九十"
Array = NDArray[np.float64]
# A question for a few things that the document itself counts.
_SOME: Final = re.compile(r"哪几|几(?:大|件|条|块|个|类|项|点|种|招|步|方面)")
# What a question asks for, and what the lines above a list call it.
_KIN: Final = (
    (
        re.compile(r"条件|要求|资格|符合|满足|具备|condition|requirement|eligib"),
        re.compile(r"条件|要求|资格|准入|符合|具备"),
    ),
    (re.compile(r"材料|资料|证件|手续|带什么|document|material"), re.compile(r"材料|资料|证件|手续")),
    (
        re.compile(r"怎么|怎样|如何|咋|流程|程序|步骤|手续|how|procedure|steps"),
        re.compile(r"流程|程序|步骤|方式|渠道|途径|操作|手续|申请|办理|怎么(?!办(?:[?。]|$)|样|算)|怎样|如何"),
    ),
    (
        re.compile(r"哪些人|哪类人|什么人|对象|哪些家庭|哪些单位|哪些企业|谁(?:能|可以)|who"),
        re.compile(r"对象|范围|人群|人员|哪些人|什么人|谁"),
    ),
    (re.compile(r"多久|几天|什么时候|时限|when|how long"), re.compile(r"时间|时限|期限|多久|多长时间|什么时候|几天")),
    (re.compile(r"多少|标准|how much"), re.compile(r"标准|多少|金额|额度")),
    (re.compile(r"情形|情况|situation|circumstance"), re.compile(r"情形|情况|之一")),
)
# What says nothing of its own in what a list is called.
_SLIGHT: Final = re.compile(
    rf"哪[些几个]?|什么|怎么样?|怎样|如何|多少|可以|需要|主要|以下|下列|如下|之一|[的了是吗呢有能会要都为]|[{_HAN}\d]+[、.个条项点种类]?"
)

SIGNALS: Final = (
    "none",
    "none_counted",
    "rank",
    "known",
    "above",
    "beyond",
    "kin",
    "counted",
    "core",
    "size",
    "pair",
    "near",
    "top",
    "early",
    "body",
    "some",
    "manner",
    "met",
    "whole",
    "whole_known",
    "section",
    "lines",
    "asked",
    "lead",
    "brief",
    "brief_long",
    "brief_near",
    "brief_holds",
    "brief_manner",
    "brief_counted",
)
"""`none`: no list, the best sentences one by one; `none_counted`: of these the best enumerates what is asked for. Of a list: `rank` of
its document, 0 that of the best sentence; `known`: share of the question met by place and title; `above`: by what stands above the
list, and `beyond`: how much of the rest; `kin`: what stands above names the kind of thing that is asked for; `counted`: it has as
many items as the question says; `core`: share of the items with the word that the question says they share; `size`: log2 of their
number, 1 at eight; `pair`: there are two; `near`, `top`: how near the best sentence the items come on average and the best of them,
-2 the farthest; `early`: it begins the document; `body`: sentences below one head, without numbers; `some`: the question asks
for a few things; `manner`: it asks how. `met`: what the items' openings meet on average of what
stands neither in the title nor above; `whole`: share of the document's sentences that the list holds, and `whole_known` times
`known`. `section`: what stands below one head inside a passage; `lines`: lines without a mark below one; `asked`: how much of what
the list is called the question says, 0 where that asks for another kind of thing; `lead`: how near the best sentence what stands
before the list comes, -2 the farthest. `brief`: the items' first sentences alone are quoted; `brief_…`: how long these are, how near
the items come, whether the best sentence is among them, whether the question asks how, whether the number is right."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to answer: with a list, its items whole or `brief` (their first sentences), or without one."""

    listing: Listing | None
    brief: bool
    signals: Mapping[str, float]


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, float]:
    """The weights of the signals. `python -m tools.train_lists` makes them."""
    loaded: Mapping[str, float] = json.loads(files("rag").joinpath("data", "lists.json").read_text(encoding="utf-8"))
    return loaded


def choose(question: Question, weighted: Sequence[Weighted], rated: Sequence[Rated]) -> Choice:
    """The best way to answer. `rated` are the sentences by descending score, at least one."""
    table = shipped()
    found = choices(question, weighted, rated)
    return max(found, key=lambda choice: sum(table[name] * value for name, value in choice.signals.items()))


def choices(question: Question, weighted: Sequence[Weighted], rated: Sequence[Rated]) -> Sequence[Choice]:
    """Every way to answer, without a list first."""
    counted = is_counted(rated[0].unit, *announced(question.folded))
    without = Choice(None, False, {"none": 1.0, "none_counted": float(counted)})
    return [without, *_Lists(question, weighted, rated).choices()]


class _Lists:
    """The lists of the documents that the best sentences stand in, with what their signals need."""

    def __init__(self, question: Question, weighted: Sequence[Weighted], rated: Sequence[Rated]) -> None:
        self._question = question
        self._weighted = weighted
        self._rated = rated
        self._best = rated[0]
        self._scores = {(item.unit.document_id, item.unit.sentence.start): item.score for item in rated}
        self._wanted, self._core = announced(question.folded)
        self._coverage = lru_cache(maxsize=None)(lambda text: coverage(weighted, text))
        self._said = lru_cache(maxsize=None)(self._share_said)
        self._asked_kinds = [bool(asked.search(question.folded)) for asked, _ in _KIN]
        self._meets = dict(zip(self._scores, (item.met for item in rated), strict=True))

    def choices(self) -> Iterator[Choice]:
        """Whole and brief, document by document."""
        documents = list(dict.fromkeys(item.unit.document_id for item in self._rated))[:DOCUMENTS]
        for rank, document in enumerate(documents):
            own = sorted((i.unit for i in self._rated if i.unit.document_id == document), key=lambda unit: unit.start)
            for listing in self._found(own):
                signals = self._signals(listing, own, rank)
                yield Choice(listing, False, signals)
                if any(item.body for item in listing.items):
                    yield Choice(listing, True, {**signals, **self._brief(listing, signals)})

    def _met(self, listing: Listing, above: str) -> float:
        """What the items' openings meet, on average, of the words that `above` leaves open; 1 where it leaves none."""
        left = np.array([item.weight * (1 - met(item.content, above)) for item in self._weighted])
        if left.sum() < LEFT:
            return 1.0
        openings = [item.units[:OPENING] for item in listing.items]
        rows = np.array([self._meets[unit.document_id, unit.start] for units in openings for unit in units])
        firsts = np.cumsum([0, *map(len, openings[:-1])])
        return float((np.maximum.reduceat(rows, firsts, axis=0) @ left).mean() / left.sum())

    def _found(self, own: Sequence[Unit]) -> Sequence[Listing]:
        numbered = listings(own)
        named = self._core, self._wanted
        shared = (sharing(own, *named) or headed(own, *named)) if self._core else None
        announced_in_it = [run for run in series(own) if ":" in run.items[0].head.folded]
        found = [*([shared] if shared else []), *numbered, *alike_heads(own), *announced_in_it]
        divided = list(divisions(own))
        likely = [each for each in divided if self._asked(each) or self._kinds(each.label, each.label)[0]]
        return [*found, *likely, *sections(own, divided), *lines_below(own)]

    def _signals(self, listing: Listing, own: Sequence[Unit], rank: int) -> Mapping[str, float]:
        heads = [item.head for item in listing.items]
        title, above = title_of(own[0]), _above(listing)
        known = self._coverage(title)
        values = [max(self._score(unit) for unit in item.units[:OPENING]) for item in listing.items]
        word = self._core if len(self._core) > 1 else f"“{self._core}"
        whole = len(listing.units) / len(own)
        kin, other = self._kinds(listing.label, above)
        return {
            "rank": float(rank),
            "known": known,
            "above": self._coverage(above),
            "beyond": (self._coverage(title + above) - known) / (1 - known) if known < 0.95 else 0.0,
            "kin": float(kin),
            "counted": float(self._wanted > 1 and self._wanted == len(heads) and listing.kind != BODY),
            "core": sum(word in head.folded[:CORE_WITHIN] for head in heads) / len(heads) if self._core else 0.0,
            "size": math.log2(len(heads)) / 3,
            "pair": float(len(heads) == 2),
            "near": max(sum(values) / len(values) - self._best.score, FARTHEST) / SPREAD,
            "top": max(max(values) - self._best.score, FARTHEST) / SPREAD,
            "early": float(any(unit is listing.lead for unit in own[: NEAR_THE_START + 1])),
            "body": float(listing.kind == BODY),
            "some": float(listing.kind != BODY and bool(_SOME.search(self._question.folded))),
            "manner": float(self._question.intent is Intent.HOW),
            "met": self._met(listing, title + above),
            "whole": whole,
            "whole_known": whole * known,
            "section": float(listing.kind == SECTION),
            "lines": float(listing.kind == LINES),
            "asked": 0.0 if other else self._asked(listing),
            "lead": max(self._score(listing.lead) - self._best.score, FARTHEST) / SPREAD
            if listing.lead
            else FARTHEST / SPREAD,
        }

    def _kinds(self, label: str, above: str) -> tuple[bool, bool]:
        """Whether a list is called the kind of thing that is asked for, and whether its label asks for another kind."""
        mine, its = self._asked_kinds, _label_kinds(label)
        if any(its):
            same = any(map(min, mine, its))
            return same, not same
        return any(own and bool(kin.search(above)) for own, (_, kin) in zip(mine, _KIN, strict=True)), False

    def _asked(self, listing: Listing) -> float:
        """How much of what a list is called the question says."""
        return self._said(listing.label or _called(listing))

    def _share_said(self, called: str) -> float:
        label = _SLIGHT.sub("", called)
        pairs = {label[i : i + 2] for i in range(len(label) - 1)}
        return sum(pair in self._question.folded for pair in pairs) / len(pairs) if pairs else 0.0

    def _brief(self, listing: Listing, signals: Mapping[str, float]) -> Mapping[str, float]:
        heads = [item.head for item in listing.items]
        return {
            "brief": 1.0,
            "brief_long": min(sum(head.length for head in heads) / len(heads) / LONG, 2.0),
            "brief_near": signals["near"],
            "brief_holds": float(any(head is self._best.unit for head in heads)),
            "brief_manner": signals["manner"],
            "brief_counted": signals["counted"],
        }

    def _score(self, unit: Unit) -> float:
        return self._scores[unit.document_id, unit.start]


@lru_cache(maxsize=4096)
def _label_kinds(label: str) -> Sequence[bool]:
    """Which kinds of thing a label asks for."""
    return [bool(asked.search(label)) for asked, _ in _KIN]


def title_of(unit: Unit) -> str:
    """Place and title of a unit's document, folded."""
    return folded_line(unit.hit.chunk.context.removesuffix(unit.hit.chunk.heading))


def _called(listing: Listing) -> str:
    """What a list without a label is called: the last clause of the sentence before it, else its heading."""
    if listing.lead is not None:
        return listing.lead.sentence.clauses[-1]
    return folded_line(listing.items[0].head.hit.chunk.heading)


def _above(listing: Listing) -> str:
    """What announces a list: the sentence before it, of a long one that does not lead to it the last clause, or what its first item
    opens with; and the heading."""
    first = listing.items[0].head
    if listing.kind in (SECTION, LINES):
        lead = listing.lead.folded if listing.lead else ""
        return "。".join((lead.rpartition(":")[0], listing.label, folded_line(first.hit.chunk.heading)))
    lead = listing.lead.folded if listing.lead is not None else ""
    if listing.lead is not None and len(lead) > SHORT and not listing.lead.sentence.announcing:
        lead = listing.lead.sentence.clauses[-1]
    if listing.kind == SERIES:
        lead = first.folded.rpartition(":")[0]
    return lead + folded_line(first.hit.chunk.heading)
