"""The parts of a sentence that answers with several things: names in a row, or clauses that each say what is done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rag.analysis import fold, tagged
from rag.coverage import Weighted, coverage

Range = tuple[int, int]
_NAME: Final = r"(?:“[^“”\n]{1,30}”|《[^《》\n]{1,80}》|\"[^\"\n]{1,30}\")"
_ROW: Final = re.compile(rf"{_NAME}(?:[^“”《》\"，,。；;：:\n]{{0,6}}?[、和与及]?{_NAME}){{1,}}")
_EACH: Final = re.compile(_NAME)
_CLAUSE: Final = re.compile(r"(?:“[^“”\n]*”|《[^《》\n]*》|（[^（）\n]*）|[^，,；;。！？!?\n])+")
_MARKS: Final = " \t\u3000，,；;。！？!?"
FEWEST_TITLES, FEWEST_NAMES, FEWEST_CLAUSES = 2, 3, 3
CLAUSE_CHARS: Final = 6
VERB_WITHIN: Final = 4
PARALLEL: Final = 0.8
_BOUND: Final = re.compile(r"把|^\s*(?:让|使|真正|更是|也是|但|而|一[件个项])|(?:是|为)$")


def names(text: str, start: int, end: int, weighted: Sequence[Weighted]) -> Sequence[Range]:
    """The ranges of the names in a row in that clause of `text[start:end]` that meets most of the question; empty for none."""
    every = [(match.start(), match.end()) for match in _CLAUSE.finditer(text, start, end)]
    if not every:
        return []
    best = max(every, key=lambda found: coverage(weighted, fold(text[slice(*found)]).text))
    row = _ROW.search(text, *best)
    found = [(match.start(), match.end()) for match in _EACH.finditer(text, *row.span())] if row else []
    return found if len(found) >= (FEWEST_TITLES if row and row.group()[0] == "《" else FEWEST_NAMES) else []


def clauses(text: str, start: int, end: int) -> Sequence[Range]:
    """The ranges of the clauses of `text[start:end]` where nearly all of three or more say what is done; one that does not goes
    with the one before. Empty where one clause is made for the next (把 …, …), or is what comes of the one before."""
    found = [(match.start(), match.end()) for match in _CLAUSE.finditer(text, start, end)]
    if found and text[found[0][1] : found[0][1] + 1] in "。！？":
        found = found[1:]
    if any(_BOUND.search(text[first:last]) for first, last in found[:-1]):
        return []
    acting = [_acts(text[first:last]) for first, last in found]
    if len(found) < FEWEST_CLAUSES or sum(acting) < PARALLEL * len(found):
        return []
    joined: list[Range] = []
    for (first, last), acts in zip(found, acting, strict=True):
        if acts or not joined:
            joined.append((first, last))
        else:
            joined[-1] = (joined[-1][0], last)
    return [_trimmed(text, *part) for part in joined] if len(joined) >= FEWEST_CLAUSES else []


def _acts(clause: str) -> bool:
    """Whether a clause is long enough and has a verb among its first words."""
    words = [(word, speech) for word, speech in tagged(fold(clause).text) if not word.isspace()]
    return len(clause.strip()) >= CLAUSE_CHARS and any(speech[:1] == "v" for _, speech in words[:VERB_WITHIN])


def _trimmed(text: str, first: int, last: int) -> Range:
    piece = text[first:last]
    return first + len(piece) - len(piece.lstrip(_MARKS)), last - (len(piece) - len(piece.rstrip(_MARKS)))
