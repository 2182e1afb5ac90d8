"""Knowing when there is nothing: raw signals → the reason to refuse, or none."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from operator import attrgetter, mul
from typing import Final

import numpy as np

from rag.answering.anchors import Array
from rag.answering.beside import TOGETHER, Window, period_held, windows
from rag.answering.telling import telling
from rag.coverage import Weighted, met
from rag.question import Question
from rag.ranking.passages import Passage
from rag.types import Document, Hit, Intent, Language, Reason

NEAR: Final = 0.4
TOPIC_LACKS: Final = 0.6
BEARING, HALF, MANY = 0.5, 0.5, 12
_ASKED_NAME: Final = re.compile("(?:哪|什么|几)[个些种]?.$")


@dataclass(frozen=True, slots=True)
class Whole:
    """Signals of a question over all its best passages, each in 0..1.

    `shaped`: 1 where the wording tells what the answer looks like; `broad`: 1 for a question of list, manner or comparison, `loose`:
    1 for one whose wording does not tell besides, so that any clause may be the answer; `lacking`: the greatest share of one word that the three best
    passages lack; `unnamed`: the share of the names in quotation marks (“梭子计划”, 《…办法》) that no passage holds; `unmet`: the share of
    the content words, each counting the same, that the three best passages lack; `words`: their number over MANY, since of many
    words some are always said differently; `foreign`: the share of the weight that the whole corpus lacks, where the wording does not
    tell what the answer looks like; less where something comes near in meaning (a dense similarity of NEAR or more takes all of it).
    """

    shaped: float
    broad: float
    loose: float
    lacking: float
    unnamed: float
    unmet: float
    words: float
    foreign: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the best passages hold of a question: the signals of the whole, every clause that may be the answer, shape (clauses,
    WINDOW_SIGNALS), the place strength, and whether anything speaks of the period that is asked."""

    whole: Whole
    windows: Array
    placed: float
    in_period: bool


WINDOW_SIGNALS: Final = Window._fields
WHOLE_SIGNALS: Final = tuple(Whole.__slots__)
WHOLE_VALUES: Final = attrgetter(*WHOLE_SIGNALS)
NO_WINDOW: Final = Window(0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
PERIOD: Final = WINDOW_SIGNALS.index("period")


def evidence(
    question: Question,
    weighted: Sequence[Weighted],
    hits: Sequence[Hit],
    passages: Mapping[int, Passage],
    catalogue: Mapping[str, Document],
) -> Evidence:
    """The signals of refusal over the best hits."""
    lacked = sum(item.weight for item in weighted if not item.held) / (sum(item.weight for item in weighted) or 1.0)
    weighted = telling(question, weighted)
    look, found = windows(question, weighted, hits, passages, catalogue)
    top = hits[:TOGETHER]
    joined = "\n".join(passages[hit.chunk.id].folded + "\n" + passages[hit.chunk.id].context for hit in top)
    total = sum(item.weight for item in weighted) or 1.0
    said = [met(item.content, joined) for item in weighted]
    bearing = [share for share, item in zip(said, weighted, strict=True) if item.content.weight >= BEARING]
    broad = question.intent in (Intent.LIST, Intent.HOW, Intent.COMPARE)
    whole = Whole(
        shaped=float(look is not None),
        broad=float(broad),
        loose=float(broad and look is None),
        lacking=max(
            (item.weight * (1 - share) / total for item, share in zip(weighted, said, strict=True)), default=1.0
        ),
        unnamed=_unnamed(_names(question), [passages[hit.chunk.id] for hit in hits]),
        unmet=sum(share < HALF for share in bearing) / max(len(bearing), 1),
        words=min(len(weighted) / MANY, 1.0),
        foreign=(look is None) * lacked * max(0.0, 1 - max((hit.signals["dense"] for hit in top), default=0.0) / NEAR),
    )
    placed = max((hit.signals["place"] for hit in top), default=0.0)
    return Evidence(whole, found, placed, period_held(question, hits, passages, catalogue))


def _names(question: Question) -> Sequence[str]:
    """The names in quotation marks that a text in Chinese would hold; not what the question asks to be told (哪“四化”)."""
    if question.language is Language.ENGLISH:
        return ()
    return [name for name in question.names if not _ASKED_NAME.search(question.folded[: question.folded.find(name)])]


def _unnamed(names: Sequence[str], held: Sequence[Passage]) -> float:
    if not names:
        return 0.0
    missing = [name for name in names if not any(name in passage.folded or name in passage.context for passage in held)]
    return len(missing) / len(names)


@lru_cache(maxsize=1)
def table() -> Mapping[str, float]:
    """The shipped weights: one per signal, "bias" and "threshold"."""
    loaded: Mapping[str, float] = json.loads(files("rag").joinpath("data", "refusal.json").read_text(encoding="utf-8"))
    return loaded


def support(found: Evidence) -> float:
    """The probability that the passages answer: logistic regression over the signals of the likeliest clause and the whole."""
    return _support(found.whole, likeliest(found))


def _support(whole: Whole, window: Window) -> float:
    weights = table()
    best = sum(map(mul, map(weights.__getitem__, WINDOW_SIGNALS), window))
    z = weights["bias"] + best + sum(map(mul, map(weights.__getitem__, WHOLE_SIGNALS), WHOLE_VALUES(whole)))
    return 1 / (1 + math.exp(-z))


def likeliest(found: Evidence) -> Window:
    """The clause that most likely is the answer, the first of equals."""
    if not len(found.windows):
        return NO_WINDOW
    rated = np.zeros(len(found.windows))
    for name, column in zip(WINDOW_SIGNALS, found.windows.T, strict=True):
        rated += table()[name] * column
    return Window._make(found.windows[rated.argmax()].tolist())


def explained(found: Evidence) -> Mapping[str, float]:
    """Every signal of the likeliest clause and of the whole, the probability that they make and the threshold."""
    window = likeliest(found)
    values = (*window, *WHOLE_VALUES(found.whole))
    signals = dict(zip((*WINDOW_SIGNALS, *WHOLE_SIGNALS), values, strict=True))
    return {"support": _support(found.whole, window), "threshold": table()["threshold"], **signals}


def reason(question: Question, found: Evidence) -> Reason | None:
    """Why to refuse, or None to answer. The period is missing where another one would be answered for."""
    if not found.in_period:
        return Reason.NO_SUCH_PERIOD
    if support(found) >= table()["threshold"]:
        return None
    if question.periods and support(_timeless(found)) >= table()["threshold"]:
        return Reason.NO_SUCH_PERIOD
    return Reason.NO_SUCH_TOPIC if found.placed or found.whole.lacking < TOPIC_LACKS else Reason.NOTHING_RELEVANT


def _timeless(found: Evidence) -> Evidence:
    """The evidence as if every clause spoke of the asked period."""
    windows = found.windows.copy()
    windows[:, PERIOD] = 1.0
    return replace(found, windows=windows)
