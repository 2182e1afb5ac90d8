"""One thing asked for: the shortest quote that holds it, with the answer marked."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Final

from rag.analysis import fold
from rag.answering.choice import Rated
from rag.answering.focus import focus
from rag.answering.listing import ADJACENT
from rag.answering.looks import shape
from rag.answering.rows import cell, of_another
from rag.answering.several import unnumbered
from rag.answering.units import Unit, alike
from rag.coverage import Weighted, coverage
from rag.question import Question
from rag.types import Draft, Span

BUDGET: Final = 390
UNSURE_BUDGET: Final = 600
SENTENCE_LIMIT: Final = 220
SURE, COMPARED_SURE, UNSURE = 0.9, 0.97, 0.01
MOST: Final = 5
ALONE: Final = 0.95
MET_WITHOUT_LOOK, MET_WITH_LOOK, OTHER_WORDS = 0.5, 0.35, 2.0
_CLAUSE: Final = re.compile(r"[^,，;；。]+[,，;；。]*")


def fact(
    question: Question,
    weighted: Sequence[Weighted],
    rated: Sequence[Rated],
    texts: Mapping[str, str],
    room: float = 1.0,
) -> Sequence[Draft]:
    """The sentence that answers, and the next ones while it is not yet likely that the answer is among those taken."""
    best, heat = rated[0].score, _heat(question, weighted, rated[0].unit)
    total = sum(math.exp((item.score - best) / heat) for item in rated)
    whole = BUDGET if shape(question) is not None or total < 2 else UNSURE_BUDGET
    left, enough = (whole, SURE) if room >= 1 else (int(2 * UNSURE_BUDGET * room), COMPARED_SURE)
    drafts: list[Draft] = []
    quoted: list[tuple[str, int, int]] = []
    said: list[Unit] = []
    likely = 0.0
    for item in rated:
        p = math.exp((item.score - best) / heat) / total
        if drafts and (likely >= enough or p < UNSURE * likely or len(drafts) == MOST):
            break
        document = item.unit.document_id
        start, end = window(question, weighted, item.unit, texts[document])
        if not drafts:
            end = _completed(question, item.unit, end, rated)
            if p < ALONE:
                end = _told_whole(item.unit, end, rated)
        likely += p
        again = any(alike(item.unit, other) for other in said) or _aside(question, weighted, item.unit, said)
        if again or any(document == other and start < until and since < end for other, since, until in quoted):
            continue
        if end - start <= left or not drafts:
            drafts.append(_draft(question, weighted, item.unit, start, end, texts[document]))
            quoted.append((document, start, end))
            said.append(item.unit)
            left -= end - start
    return drafts


def _aside(question: Question, weighted: Sequence[Weighted], unit: Unit, said: Sequence[Unit]) -> bool:
    """Whether a unit is a row of a table beside the one that is asked for."""
    rows = [
        other.sentence.row for other in said if other.sentence.row is not None and other.document_id == unit.document_id
    ]
    return of_another(question, weighted, unit.sentence.row, rows)


def _heat(question: Question, weighted: Sequence[Weighted], unit: Unit) -> float:
    """How much less the scores tell apart: where the best sentence and its heading meet little of the question, it is put in other
    words, and the likelihoods are too sure (of 31 such questions without a look the best is right for 18, one of three for 29)."""
    little = MET_WITHOUT_LOOK if shape(question) is None else MET_WITH_LOOK
    return OTHER_WORDS if coverage(weighted, unit.folded + unit.hit.chunk.context) < little else 1.0


def _draft(question: Question, weighted: Sequence[Weighted], unit: Unit, start: int, end: int, text: str) -> Draft:
    span, row = Span(unit.document_id, start, end), unit.sentence.row
    if row is not None and (start, end) == (unit.start, unit.end):
        return Draft(row.text, (span,), cell(question, weighted, row, unit.document_id, shape(question)))
    return Draft(unnumbered(text[start:end]), (span,), focus(question, weighted, span, text))


def _completed(question: Question, unit: Unit, end: int, rated: Sequence[Rated]) -> int:
    """The end of a quote, moved to the next sentence or the one after where only they look like the answer."""
    pattern = shape(question)
    if pattern is None or pattern.search(unit.sentence.matter) or end != unit.end:
        return end
    following = _following(unit, rated)[:2]
    until = next((other.end for other in following if pattern.search(other.folded)), end)
    return until if until - unit.start <= BUDGET else end


def _told_whole(unit: Unit, end: int, rated: Sequence[Rated]) -> int:
    """The end of a quote, moved to the end of the sentence that semicolons part, as far as it stays short."""
    if end != unit.end:
        return end
    last = unit
    for other in _following(unit, rated):
        if last.folded[-1] != ";" or other.start - last.end > ADJACENT or other.end - unit.start > SENTENCE_LIMIT:
            break
        last = other
    return last.end


def _following(unit: Unit, rated: Sequence[Rated]) -> Sequence[Unit]:
    """The sentences after one in its passage, in order."""
    after = (item.unit for item in rated if item.unit.rank == unit.rank and item.unit.start >= unit.end)
    return sorted(after, key=lambda other: other.start)


def window(question: Question, weighted: Sequence[Weighted], unit: Unit, text: str) -> tuple[int, int]:
    """The range to quote for a fact: the sentence, or of a long one the clauses that cover most of the question and
    look like the answer, widened while there is room."""
    if unit.length <= (BUDGET if unit.sentence.row is not None else SENTENCE_LIMIT):
        return unit.start, unit.end
    clauses = [(m.start(), m.end()) for m in _CLAUSE.finditer(text, unit.start, unit.end)]
    pattern = shape(question)
    folded = ["".join(fold(text[start:end]).text.split()) for start, end in clauses]
    best, best_score = (0, len(clauses)), -1.0
    for i in range(len(clauses)):
        for j in range(i + 1, len(clauses) + 1):
            if clauses[j - 1][1] - clauses[i][0] > SENTENCE_LIMIT:
                break
            piece = "".join(folded[i:j])
            score = coverage(weighted, piece) + 0.3 * bool(pattern and pattern.search(piece)) - 0.0004 * len(piece)
            if score > best_score:
                best, best_score = (i, j), score
    i, j = best
    while True:
        room = SENTENCE_LIMIT - (clauses[j - 1][1] - clauses[i][0])
        if j < len(clauses) and clauses[j][1] - clauses[j][0] <= room:
            j += 1
        elif i and clauses[i - 1][1] - clauses[i - 1][0] <= room:
            i -= 1
        else:
            return clauses[i][0], clauses[j - 1][1]
