"""How well each sentence answers: learned weights over readable signals."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from operator import itemgetter, mul
from typing import Final, NamedTuple

from rag.answering.looks import announced, asks_which_places
from rag.answering.meaning import Meaning
from rag.answering.signals import SIGNALS, is_byline, signals
from rag.answering.units import Unit
from rag.coverage import Weighted
from rag.question import Question
from rag.types import Intent

SEVERAL: Final = frozenset({Intent.LIST, Intent.HOW, Intent.COMPARE})
COMPARED: Final = 32
BYLINE: Final = 20.0
Weights = Mapping[str, Mapping[str, float]]


class Rated(NamedTuple):
    """A unit with how well it answers: higher is better, and e to the power of a difference says how many times likelier one
    is than the other to hold the answer."""

    unit: Unit
    score: float


@lru_cache(maxsize=1)
def shipped() -> Weights:
    """The weights of each signal by kind of question: "one" wants one thing, "several" a list, a manner or a comparison.
    `python -m tools.train_sentences` makes them."""
    loaded: Weights = json.loads(files("rag").joinpath("data", "sentences.json").read_text(encoding="utf-8"))
    return loaded


def kind(question: Question) -> str:
    """Which weights a question goes by. What a name with a number in it (“三不准”) stands for is several things;
    of each of the places that are asked for, one is wanted."""
    if asks_which_places(question):
        return "one"
    named = (
        question.wanted is None and not question.author and bool(question.names) and announced(question.folded)[0] > 1
    )
    return "several" if question.intent in SEVERAL or named or question.overview is not None else "one"


def rate(
    question: Question,
    weighted: Sequence[Weighted],
    pieces: Sequence[Unit],
    meaning: Meaning,
    weights: Weights | None = None,
    places: Sequence[str] = (),
) -> Sequence[Rated]:
    """The units by descending score; ties by (document id, start). `places` as for `signals`."""
    if not pieces:
        return []
    table = (weights or shipped())[kind(question)]
    scores = worths(table, signals(question, weighted, pieces, places))
    compared = meanings(question, weighted, pieces, meaning, scores)
    if question.author:
        scores = [score + BYLINE * is_byline(unit) for score, unit in zip(scores, pieces, strict=True)]
    for name, values in compared.items():
        scores = [score + table[name] * value for score, value in zip(scores, values, strict=True)]
    rated = map(Rated, pieces, scores)
    return sorted(rated, key=lambda item: (-item.score, item.unit.document_id, item.unit.start))


def worths(table: Mapping[str, float], found: Sequence[Mapping[str, float]]) -> list[float]:
    """The score of each unit by its signals alone."""
    # A signal without a weight is one that is about to be learned.
    values, weight = itemgetter(*SIGNALS), [table.get(name, 0.0) for name in SIGNALS]
    return [sum(map(mul, weight, values(row))) for row in found]


def meanings(
    question: Question, weighted: Sequence[Weighted], pieces: Sequence[Unit], meaning: Meaning, scores: Sequence[float]
) -> Mapping[str, Sequence[float]]:
    """The MEANINGS of every unit. Only those that lead by their `scores` are compared; the others count as the least of these."""
    leading = sorted(sorted(range(len(pieces)), key=lambda i: -scores[i])[:COMPARED])
    every = {}
    for name, values in meaning(question, weighted, [pieces[i] for i in leading]).items():
        of, least = dict(zip(leading, values, strict=True)), min(values)
        every[name] = [of.get(i, least) for i in range(len(pieces))]
    return every
