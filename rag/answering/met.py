"""How far the sentences of an answer's passages meet the words of the question: looked up once, for all who ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.answering.units import Unit, folded_line
from rag.coverage import Weighted, met_table

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Met:
    """How far each unit meets each content word, as `rag.coverage.met` says: by itself (`inside`) and by the context of its
    passage (`above`); each of shape (units, words), in 0..1."""

    inside: Array
    above: Array

    def of(self, places: NDArray[np.intp]) -> Met:
        """The same of the units at these places."""
        return Met(self.inside[places], self.above[places])


def met_words(weighted: Sequence[Weighted], pieces: Sequence[Unit]) -> Met:
    """What each unit meets of each word."""
    contexts = [folded_line(unit.hit.chunk.context) for unit in pieces]
    places = {context: at for at, context in enumerate(dict.fromkeys(contexts))}
    above = met_table(weighted, list(places))
    return Met(met_table(weighted, [unit.folded for unit in pieces]), above[[places[context] for context in contexts]])
