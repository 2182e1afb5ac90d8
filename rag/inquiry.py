"""A question as it is asked: its parts, each answered by itself, and the periods that it counts from today.

“去年” is the year before today's. A text that says 去年 means another year, and a question is often asked with the text in mind:
so where nothing answers for the period by today's date, the question is read as each document reads it, and the answer says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from rag.answering.wording import answer_text, nothing_for, period_read
from rag.conversation.several import several
from rag.periods import relative
from rag.question import Question, understand
from rag.types import Answer, Coverage, Document, Intent, Part, PeriodRead, Point

Ask = Callable[[Question], Answer]


def inquire(text: str, today: date, ask: Ask, catalogue: Mapping[str, Document]) -> Answer:
    """The answer to a question, by asking each part of it; the question as a whole where it has none, compares places, or no
    part of it finds anything."""
    whole = understand(text)
    parts = several(whole.text) if whole.intent is not Intent.COMPARE and whole.overview is None else ()
    if len(parts) > 1:
        given = [_by_the_clock(understand(part), today, ask) for part in parts]
        if any(answer.answered for answer in given) and not any(answer.comparison for answer in given):
            return _together(whole, parts, given, catalogue)
    return _by_the_clock(whole, today, ask)


def _by_the_clock(question: Question, today: date, ask: Ask) -> Answer:
    """The answer with what the question says relative to today read by the date, then, where that finds nothing, by the
    documents' own."""
    named = () if question.periods or question.overview is not None else relative(question.folded, today.year)
    if not named:
        return ask(question)
    periods = tuple(period for _, period in named)
    years = tuple(dict.fromkeys(first[:4] for first, last in periods if first[:4] == last[:4]))
    given = ask(replace(question, periods=periods, years=years))
    held = given.answered
    if not held:
        given = ask(question)
    read = tuple(PeriodRead(word, *period, held) for word, period in named)
    if not given.answered:
        return replace(given, periods=read)
    notes = tuple(period_read(each, question.language) for each in read)
    return replace(given, periods=read, notes=(*given.notes, *notes), text="\n".join([given.text, *notes]))


def _together(
    whole: Question, parts: Sequence[str], given: Sequence[Answer], catalogue: Mapping[str, Document]
) -> Answer:
    """One answer of several: the points of each part under its own words, and a line for each part that found nothing."""
    points: list[Point] = []
    asked: list[Part] = []
    headings: dict[int, str] = {}
    notes: list[str] = []
    for part, answer in zip(parts, given, strict=True):
        at: list[int] = []
        for point in answer.points:
            same = (i for i, other in enumerate(points) if _says(other) == _says(point))
            at.append(next(same, len(points)))
            if at[-1] == len(points):
                if part not in headings.values():
                    headings[len(points)] = part
                points.append(point)
        asked.append(Part(part, answer.reason, tuple(at)))
        notes += answer.notes if answer.answered else [nothing_for(part, whole.language)]
    citations = tuple(dict.fromkeys(citation for point in points for citation in point.citations))
    text = answer_text(points, catalogue, whole.language, headings)
    return Answer(
        question=whole.text,
        answered=True,
        text="\n".join([text, *dict.fromkeys(notes)]),
        points=tuple(points),
        citations=citations,
        reason=None,
        coverage=Coverage(
            max(answer.coverage.documents_matched for answer in given),
            len({citation.document_id for citation in citations}),
            sum(answer.coverage.points_omitted for answer in given),
        ),
        notes=tuple(dict.fromkeys(notes)),
        suggestions=tuple(dict.fromkeys(each for answer in given for each in answer.suggestions)),
        parts=tuple(asked),
        periods=tuple(dict.fromkeys(each for answer in given for each in answer.periods)),
    )


def _says(point: Point) -> tuple[str, tuple[tuple[str, int, int], ...]]:
    """A point's words and quotes, whatever was marked in them."""
    return point.text, tuple((c.document_id, c.start, c.end) for c in point.citations)
