"""Knowing when there is nothing: raw signals → the reason to refuse, or none."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from rag.coverage import Weighted, answer_clauses, best_coverage, coverage, met
from rag.question import Question
from rag.ranking.passages import Passage
from rag.types import Hit, Intent, Language, Reason

TOP = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the best passages hold of a question, each in 0..1 but `dense`, a cosine.

    `covered`, `sentence`: shares of the question's weight met by the three best passages together, by the best sentence;
    `shaped`: the share met by the clauses around what has the look of the wanted answer (`sentence` where no look is known);
    `unmet`: the greatest share of one content word that the passages do not meet; `asked`: how far one sentence meets the
    words that name the thing asked for (1 when none does); `both`: the smaller of `shaped` and `asked`; `broad`: 1 for a question of list or manner; `placed`: the place
    strength; `dense`: the best cosine.
    """

    covered: float
    sentence: float
    shaped: float
    unmet: float
    asked: float
    both: float
    broad: float
    placed: float
    dense: float


FEATURES: Final = tuple(Evidence.__slots__)


def evidence(
    question: Question, weighted: Sequence[Weighted], hits: Sequence[Hit], passages: Mapping[int, Passage]
) -> Evidence:
    """The signals of refusal over the best hits."""
    top = hits[:TOP]
    held = [passages[hit.chunk.id] for hit in top]
    joined = "\n".join(passage.folded + "\n" + passage.context for passage in held)
    pieces = [sentence + "\n" + passage.context for passage in held for sentence in passage.sentences]
    total = sum(item.weight for item in weighted) or 1.0
    shaped = [near for piece in pieces if (near := answer_clauses(question, piece))]
    asked = [item for item in weighted if item.content.text in question.asked]
    look = best_coverage(weighted, joined, shaped or [""])
    named = best_coverage(asked, joined, pieces or [""]) if asked else 1.0
    return Evidence(
        covered=coverage(weighted, joined),
        sentence=best_coverage(weighted, joined, pieces or [""]),
        shaped=look,
        unmet=max((item.weight * (1 - met(item.content, joined)) / total for item in weighted), default=0.0),
        asked=named,
        both=min(look, named),
        broad=float(question.intent in (Intent.LIST, Intent.HOW, Intent.COMPARE)),
        placed=max((hit.signals["place"] for hit in top), default=0.0),
        dense=max((hit.signals["dense"] for hit in top), default=0.0),
    )


@lru_cache(maxsize=1)
def table() -> Mapping[str, Mapping[str, float]]:
    """The shipped weights by kind of question, "native" and "crossing": one per feature, "bias" and "threshold"."""
    loaded: Mapping[str, Mapping[str, float]] = json.loads(
        files("rag").joinpath("data", "refusal.json").read_text(encoding="utf-8")
    )
    return loaded


def support(question: Question, found: Evidence) -> float:
    """The probability that the passages answer, by logistic regression over the signals."""
    weights = table()["crossing" if question.language is Language.ENGLISH else "native"]
    z = weights["bias"] + sum(weights.get(name, 0.0) * getattr(found, name) for name in FEATURES)
    return 1 / (1 + math.exp(-z))


def reason(question: Question, found: Evidence, years_held: bool) -> Reason | None:
    """Why to refuse, or None to answer. `years_held` says whether any candidate document speaks of a year that is asked."""
    if question.years and not years_held:
        return Reason.NO_SUCH_PERIOD
    kind = "crossing" if question.language is Language.ENGLISH else "native"
    if support(question, found) < table()[kind]["threshold"]:
        return Reason.NO_SUCH_TOPIC if found.placed or found.covered > 0.2 else Reason.NOTHING_RELEVANT
    return None
