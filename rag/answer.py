"""Answering: retrieved passages → points with citations, or a refusal that says what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rag.answering.cite import cite
from rag.answering.refuse import evidence, reason
from rag.answering.wording import answer_text, nothing_for, refusal_text
from rag.coverage import met
from rag.protocols import Generator
from rag.ranking.places import AskedPlace
from rag.retrieve import Retrieved
from rag.types import Answer, Comparison, Coverage, Document, Draft, Hit, Intent, Point, Reason

NEAREST = 3
COMPARE_DEPTH = 8


def answer(
    retrieved: Retrieved,
    document: Callable[[str], Document],
    catalogue: Mapping[str, Document],
    generator: Generator,
) -> Answer:
    """The answer to a retrieved question. `document` gives a document with its text, `catalogue` all without."""
    refusal = _reason(retrieved, catalogue)
    if refusal is not None:
        return _refuse(retrieved, refusal, catalogue)
    hits = relevant(retrieved)
    ids = dict.fromkeys(hit.chunk.document_id for hit in hits)
    texts = {i: document(i).text for i in ids}
    drafts = _drafts(retrieved, hits, texts, generator)
    points = cite(drafts, hits, texts)
    if not points:
        return _refuse(retrieved, Reason.NOTHING_RELEVANT, catalogue)
    return _answer(retrieved, points, hits, catalogue)


def _held(retrieved: Retrieved) -> Sequence[AskedPlace]:
    return [place for place in retrieved.places if place.held]


def relevant(retrieved: Retrieved) -> Sequence[Hit]:
    """The hits of the places that are asked about, where any is; else all."""
    held = _held(retrieved)
    chosen = [hit for hit in retrieved.hits if not held or any(retrieved.answered_by(place, hit) for place in held)]
    return chosen or retrieved.hits


def _drafts(
    retrieved: Retrieved, hits: Sequence[Hit], texts: Mapping[str, str], generator: Generator
) -> Sequence[Draft]:
    held = _held(retrieved)
    question = retrieved.question
    if question.intent is not Intent.COMPARE or len(held) < 2:
        return generator.generate(question, retrieved.weighted, hits, texts)
    drafts: list[Draft] = []
    for place in held:
        own = [hit for hit in hits if retrieved.answered_by(place, hit)][:COMPARE_DEPTH]
        drafts += [
            Draft(draft.text, draft.spans, draft.focus, place.name)
            for draft in generator.generate(question, retrieved.weighted, own, texts)
        ]
    return drafts


def _reason(retrieved: Retrieved, catalogue: Mapping[str, Document]) -> Reason | None:
    if not retrieved.hits:
        return Reason.NO_SUCH_PLACE if retrieved.missing else Reason.NOTHING_RELEVANT
    if retrieved.places and not _held(retrieved):
        return Reason.NO_SUCH_PLACE
    hits = relevant(retrieved)
    if retrieved.question.author and any(catalogue[hit.chunk.document_id].author for hit in hits[:1]):
        return None
    found = evidence(retrieved.question, retrieved.weighted, hits, retrieved.passages, catalogue)
    return reason(retrieved.question, found)


def _answer(
    retrieved: Retrieved, points: Sequence[Point], hits: Sequence[Hit], catalogue: Mapping[str, Document]
) -> Answer:
    question = retrieved.question
    citations = tuple(dict.fromkeys(citation for point in points for citation in point.citations))
    text = answer_text(points, catalogue, question.language)
    absent = tuple(nothing_for(place.name, question.language) for place in retrieved.missing)
    return Answer(
        question=question.text,
        answered=True,
        text="\n".join([text, *absent]),
        points=tuple(points),
        citations=citations,
        reason=None,
        coverage=Coverage(
            len({hit.chunk.document_id for hit in hits}), len({citation.document_id for citation in citations})
        ),
        comparison=_comparison(retrieved, points),
        notes=absent,
    )


def _comparison(retrieved: Retrieved, points: Sequence[Point]) -> Comparison | None:
    if retrieved.question.intent is not Intent.COMPARE or len(retrieved.places) < 2:
        return None
    return Comparison(
        tuple(
            (place.name, tuple(i for i, point in enumerate(points) if point.place == place.name))
            for place in retrieved.places
        )
    )


def _refuse(retrieved: Retrieved, why: Reason, catalogue: Mapping[str, Document]) -> Answer:
    question = retrieved.question
    nearest: list[Hit] = []
    for hit in retrieved.hits:
        if len(nearest) < NEAREST and all(hit.chunk.document_id != other.chunk.document_id for other in nearest):
            nearest.append(hit)
    documents = [catalogue[hit.chunk.document_id] for hit in nearest]
    return Answer(
        question=question.text,
        answered=False,
        text=refusal_text(why, _what(retrieved, why), documents, question.language),
        points=(),
        citations=(),
        reason=why,
        coverage=Coverage(len({hit.chunk.document_id for hit in retrieved.hits}), 0),
        nearest=tuple(nearest),
    )


def _what(retrieved: Retrieved, why: Reason) -> str:
    """What is missing, in the question's own words."""
    question = retrieved.question
    if why is Reason.NO_SUCH_PLACE:
        return "、".join(place.name for place in retrieved.missing)
    if why is Reason.NO_SUCH_PERIOD:
        return "、".join(question.years)
    passages = [retrieved.passages[hit.chunk.id] for hit in retrieved.hits[:NEAREST]]
    joined = "".join(passage.folded + passage.context for passage in passages)
    unmet = [item for item in retrieved.weighted if met(item.content, joined) < 0.5]
    unmet.sort(key=lambda item: -item.weight)
    return "、".join(item.content.text for item in unmet[:2])
