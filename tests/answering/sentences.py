"""Units of a made document, one passage a line."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.choice import Rated
from rag.answering.met import met_words
from rag.answering.units import Unit, units
from rag.coverage import Weighted
from rag.types import Chunk, Hit, chunk_id


def hits_of(text: str, title: str = "甲县人才办法", document: str = "d") -> Sequence[Hit]:
    """A hit a line of the text, falling scores."""
    found, start = [], 0
    for rank, line in enumerate(text.splitlines(keepends=True)):
        end = start + len(line.rstrip("\n"))
        chunk = Chunk(chunk_id(document, start, end), document, start, end, "", f"甲县 › {title}")
        found.append(Hit(chunk, 1.0 - 0.01 * rank, {"coverage": 1.0}))
        start += len(line)
    return found


def units_of(text: str) -> Sequence[Unit]:
    """The sentences of the text as units of document "d"."""
    return units(hits_of(text), {"d": text})


def rated(weighted: Sequence[Weighted], pieces: Sequence[Unit], scores: Sequence[float]) -> Sequence[Rated]:
    """The units with these scores."""
    return list(map(Rated, pieces, scores, met_words(weighted, pieces).inside.tolist()))
