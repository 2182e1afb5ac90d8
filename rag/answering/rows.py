"""Rows of tables as answers: what they say in words, and the cell that holds the figure that is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import le
from typing import Final

from rag.analysis import fold
from rag.coverage import Weighted, coverage, met
from rag.documents.cells import Row
from rag.question import Question
from rag.types import Span

# The column of the year that is asked for, rather than another one that meets more of the other words.
OF_THE_YEAR: Final = 2.0


def cell(
    question: Question, weighted: Sequence[Weighted], row: Row, document_id: str, look: re.Pattern[str] | None
) -> Span | None:
    """The range of the cell that answers: of those that look so, the one whose column meets most of the question, the first of
    equals. Where there is no telling what an answer looks like, the one whose column is asked for. None where no cell does."""
    if look is None:
        fitting = [each for each in row.cells if not each.key and _asked(question, weighted, _folded(each.name)) > 0]
    else:
        # What its column is called does not count (50万元以上的村).
        fitting = [each for each in row.cells if look.search(_folded(each.counted))]
    if not fitting:
        return None
    worth = [_asked(question, weighted, _folded(each.said), _folded(each.name)) for each in fitting]
    chosen = fitting[worth.index(max(worth))]
    return Span(document_id, chosen.start, chosen.end)


def of_another(question: Question, weighted: Sequence[Weighted], row: Row | None, chosen: Sequence[Row]) -> bool:
    """Whether a row is about less of the question than a `chosen` one of its table, and about nothing of it that this is not."""
    if row is None:
        return False
    own = _met(question, weighted, row)
    rivals = (_met(question, weighted, other) for other in chosen if other.table == row.table)
    return any(own != other and all(map(le, own, other)) for other in rivals)


def _met(question: Question, weighted: Sequence[Weighted], row: Row) -> Sequence[float]:
    """How far what a row is about meets each word of the question, and each of its years."""
    about = _folded(row.about)
    return [*(met(item.content, about) for item in weighted), *(float(year in about) for year in question.years)]


def _asked(question: Question, weighted: Sequence[Weighted], said: str, dated: str = "") -> float:
    """How far a folded text meets the question; more where it, or what is `dated`, names its year."""
    return coverage(weighted, said) + OF_THE_YEAR * any(year in (dated or said) for year in question.years)


def _folded(text: str) -> str:
    return "".join(fold(text).text.split())
