"""How well each sentence answers: learned weights over readable signals."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.answering.looks import announced, asks_which_places
from rag.answering.meaning import Meaning
from rag.answering.met import Met, met_words
from rag.answering.signals import SIGNALS, is_byline, signals
from rag.answering.units import Unit
from rag.coverage import Weighted
from rag.question import Question
from rag.types import Intent

SEVERAL: Final = frozenset({Intent.LIST, Intent.HOW, Intent.COMPARE})
COMPARED: Final = 32
BYLINE: Final = 20.0
Weights = Mapping[str, Mapping[str, float]]
Array = NDArray[np.float64]


class Rated(NamedTuple):
    """A unit with how well it answers: higher is better, and e to the power of a difference says how many times likelier one
    is than the other to hold the answer. `met` says how far it meets each content word."""

    unit: Unit
    score: float
    met: Sequence[float]


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
    met = met_words(weighted, pieces)
    scores = worths(table, signals(question, weighted, pieces, met, places))
    compared = meanings(question, weighted, pieces, met, meaning, scores)
    if question.author:
        scores += BYLINE * np.array(list(map(is_byline, pieces)))
    for name, values in compared.items():
        scores += table[name] * values
    rated = map(Rated, pieces, scores.tolist(), met.inside.tolist())
    return sorted(rated, key=lambda item: (-item.score, item.unit.document_id, item.unit.start))


def worths(table: Mapping[str, float], found: Mapping[str, Array]) -> Array:
    """The score of each unit by its signals alone."""
    # A signal without a weight is one that is about to be learned.
    return sum((table.get(name, 0.0) * found[name] for name in SIGNALS), np.zeros(len(found[SIGNALS[0]])))


def meanings(
    question: Question, weighted: Sequence[Weighted], pieces: Sequence[Unit], met: Met, meaning: Meaning, scores: Array
) -> Mapping[str, Array]:
    """The MEANINGS of every unit. Only those that lead by their `scores` are compared; the others count as the least of these."""
    leading = np.sort(np.argsort(-scores, kind="stable")[:COMPARED])
    every = {}
    for name, values in meaning(question, weighted, [pieces[i] for i in leading], met.of(leading)).items():
        every[name] = np.full(len(pieces), values.min())
        every[name][leading] = values
    return every
