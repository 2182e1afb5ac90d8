"""Refusals: what is missing in the question's own words, and the nearest documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.answering.wording import refusal_text
from rag.coverage import met
from rag.question import Question
from rag.retrieve import Retrieved
from rag.types import Answer, Coverage, Document, Hit, Language, Reason, Suggestion

NEAREST = 3


def suggestions(retrieved: Retrieved) -> tuple[Suggestion, ...]:
    """What each place that is not held may have been meant for, where one slip away from it a place is held."""
    return tuple(Suggestion(place.name, place.meant) for place in retrieved.missing if place.meant)


def refused(retrieved: Retrieved, why: Reason, hits: Sequence[Hit], catalogue: Mapping[str, Document]) -> Answer:
    """The refusal of a question for that reason. `hits` are those that could have answered: their documents come first among the
    nearest, at most three, each once."""
    question = retrieved.question
    nearest: list[Hit] = []
    for hit in (*hits, *retrieved.hits):
        if len(nearest) < NEAREST and all(hit.chunk.document_id != other.chunk.document_id for other in nearest):
            nearest.append(hit)
    documents = [catalogue[hit.chunk.document_id] for hit in nearest]
    suggested = suggestions(retrieved)
    return Answer(
        question=question.text,
        answered=False,
        text=refusal_text(why, _what(retrieved, why), documents, question.language, suggested),
        points=(),
        citations=(),
        reason=why,
        coverage=Coverage(len({hit.chunk.document_id for hit in retrieved.hits}), 0),
        nearest=tuple(nearest),
        suggestions=suggested,
    )


def _what(retrieved: Retrieved, why: Reason) -> str:
    """What is missing, in the question's own words and spelling."""
    question = retrieved.question
    joiner = ", " if question.language is Language.ENGLISH else "、"
    if why is Reason.NO_SUCH_PLACE:
        return joiner.join(place.name for place in retrieved.missing)
    if why is Reason.NO_SUCH_PERIOD:
        unit = "" if question.language is Language.ENGLISH else "年"
        return joiner.join(year + unit for year in question.years)
    passages = [retrieved.passages[hit.chunk.id] for hit in retrieved.hits[:NEAREST]]
    joined = "".join(passage.folded + passage.context for passage in passages)
    unmet = [
        item for item in retrieved.weighted if met(item.content, joined) < 0.5 and item.content.text in question.folded
    ]
    unmet.sort(key=lambda item: -item.weight)
    return joiner.join(_as_asked(question, item.content.text) for item in unmet[:2])


def _as_asked(question: Question, folded: str) -> str:
    """A folded word as the question spells it."""
    at = question.folded.find(folded)
    return question.text[at : at + len(folded)] if len(question.text) == len(question.folded) else folded
