"""Rows of tables as answers: what they say in words, and the cell that holds the figure that is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rag.analysis import fold
from rag.coverage import Weighted, coverage
from rag.documents.cells import Cell, Row
from rag.question import Question
from rag.types import Span

# The column of the year that is asked for, rather than another one that meets more of the other words.
OF_THE_YEAR: Final = 2.0


def cell(
    question: Question, weighted: Sequence[Weighted], row: Row, document_id: str, look: re.Pattern[str] | None
) -> Span | None:
    """The range of the cell that answers: of those that look so, the one whose column meets most of the question, the first of
    equals. None where there is no telling what an answer looks like, or none does."""
    if look is None:
        return None
    found = [(_worth(question, weighted, each), -at, each) for at, each in enumerate(row.cells) if _looks(look, each)]
    if not found:
        return None
    chosen = max(found)[2]
    return Span(document_id, chosen.start, chosen.end)


def _looks(look: re.Pattern[str], each: Cell) -> bool:
    """Whether the figure of a cell has the look; what its column is called does not count (50万元以上的村)."""
    return look.search(_folded(each.counted)) is not None


def _worth(question: Question, weighted: Sequence[Weighted], each: Cell) -> float:
    named = _folded(each.name)
    return coverage(weighted, _folded(each.said)) + OF_THE_YEAR * any(year in named for year in question.years)


def _folded(text: str) -> str:
    return "".join(fold(text).text.split())
