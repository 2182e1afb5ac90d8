"""Knowing when there is nothing: raw signals → the reason to refuse, or none."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.coverage import Weighted, answer_pattern, coverage, met
from rag.interrogatives import Wanted
from rag.question import Question
from rag.ranking.passages import Passage
from rag.types import Hit, Reason

TOP = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the best passages hold of a question. All in 0..1 but `dense`, a cosine: `covered` and `sentence` are shares of
    the question's weight in the best passage and the best sentence, `unmet` the greatest share of one content word that
    no top passage meets, `shaped` whether an answer of the wanted sort stands in them, `placed` the place strength."""

    covered: float
    sentence: float
    unmet: float
    dense: float
    shaped: float
    placed: float


def evidence(
    question: Question, weighted: Sequence[Weighted], hits: Sequence[Hit], passages: Mapping[int, Passage]
) -> Evidence:
    """The signals of refusal over the best hits."""
    top = hits[:TOP]
    joined = "\n".join(passages[hit.chunk.id].folded + passages[hit.chunk.id].context for hit in top)
    total = sum(item.weight for item in weighted) or 1.0
    unmet = max((item.weight * (1 - met(item.content, joined)) / total for item in weighted), default=0.0)
    pattern = answer_pattern(question.wanted)
    return Evidence(
        covered=coverage(weighted, joined),
        sentence=max((hit.signals["sentence"] for hit in top), default=0.0),
        unmet=unmet,
        dense=max((hit.signals["dense"] for hit in top), default=0.0),
        shaped=float(pattern is None or bool(pattern.search(joined))),
        placed=max((hit.signals["place"] for hit in top), default=0.0),
    )


def support(found: Evidence) -> float:
    """The probability that the passages answer, by logistic regression over the signals."""
    z = -1.2 + 3.0 * found.covered + 1.5 * found.sentence - 3.0 * found.unmet + 1.5 * found.dense + 0.5 * found.shaped
    return 1 / (1 + math.exp(-z))


def reason(question: Question, found: Evidence, years_held: bool, threshold: float = 0.5) -> Reason | None:
    """Why to refuse, or None to answer. `years_held` says whether any candidate document speaks of a year that is asked."""
    if question.years and not years_held:
        return Reason.NO_SUCH_PERIOD
    if question.wanted in (Wanted.DOC_NUMBER,) and not found.shaped:
        return Reason.NO_SUCH_TOPIC
    if support(found) < threshold:
        return Reason.NO_SUCH_TOPIC if found.placed or found.covered > 0.2 else Reason.NOTHING_RELEVANT
    return None
