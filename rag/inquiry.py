"""A question as it is asked: its parts, each answered by itself, and the periods that it counts from today.

“去年” is the year before today's. A text that says 去年 means another year, and a question is often asked with the text in mind:
so where nothing answers for the period by today's date, the question is read as each document reads it, and the answer says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from rag.analysis import fold
from rag.answering.shapes import shape
from rag.answering.wording import answer_text, part_unanswered, period_read
from rag.conversation.splitting import split
from rag.coverage import Weighted, coverage
from rag.periods import relative
from rag.question import Question, understand
from rag.types import Answer, Coverage, Document, Intent, Language, Part, PeriodRead, Point

# What a point must hold of a part's words; fewer of English ones, which have many ways into Chinese.
COVERED, COVERED_BESIDE_FIGURE, CROSSING = 0.5, 0.3, 3.0
Ask = Callable[[Question], Answer]


def inquire(text: str, today: date, ask: Ask, catalogue: Mapping[str, Document]) -> Answer:
    """The answer to a question as a whole, and what its parts add: a part is asked by itself where no point of the whole answers
    it, or where it speaks of another place. Comparisons have no parts, and a refusal stays one where every part is refused."""
    whole = understand(text)
    texts = split(whole.text) if whole.intent is not Intent.COMPARE and whole.overview is None else ()
    if len(texts) < 2:
        return _by_the_clock(whole, today, ask)
    parts = [understand(part) for part in texts]
    if len({tuple(place.text for place in part.places) for part in parts}) == 1:
        given = _by_the_clock(whole, today, ask)
        answers = [_part_of(given, part) or _by_the_clock(part, today, ask) for part in parts]
        answers[0] = _with_the_rest(answers[0], given, answers)
    else:
        answers = [_by_the_clock(part, today, ask) for part in parts]
        given = answers[0]
    if any(answer.comparison for answer in (given, *answers)):
        return _by_the_clock(whole, today, ask)
    return _together(whole, texts, answers, catalogue) if any(answer.answered for answer in answers) else given


def _part_of(given: Answer, part: Question) -> Answer | None:
    """The answer with those of its points alone that answer a part; None where there are none."""
    points = tuple(point for point in given.points if _answers(part, point))
    return replace(given, points=points) if points else None


def _with_the_rest(first: Answer, given: Answer, answers: Sequence[Answer]) -> Answer:
    """The answer to the first part with the points of the whole that belong to none."""
    told = {_says(point) for answer in answers for point in answer.points}
    rest = [point for point in given.points if _says(point) not in told]
    return replace(given, points=(*first.points, *rest)) if rest else first


def _answers(part: Question, point: Point) -> bool:
    """Whether a point has what the answer to a part must look like and enough of its words."""
    text = fold("\n".join(citation.quote + "\n" + citation.chunk.context for citation in point.citations)).text
    look = shape(part)
    if look is not None and all(match.group() in part.folded for match in look.pattern.finditer(text)):
        return False
    enough = COVERED if look is None else COVERED_BESIDE_FIGURE
    if part.language is Language.ENGLISH:
        enough /= CROSSING
    return coverage([Weighted(content, content.weight) for content in part.content], text) >= enough


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
        notes += answer.notes if answer.answered else [part_unanswered(part, whole.language)]
    citations = tuple(dict.fromkeys(citation for point in points for citation in point.citations))
    # Where one point answers all parts, a heading would give it to the first alone.
    shared = len(headings) < 2 and all(part.points for part in asked)
    text = answer_text(points, catalogue, whole.language, {} if shared else headings)
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
