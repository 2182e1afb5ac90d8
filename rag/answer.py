"""Answering: retrieved passages → points with citations, or a refusal that says what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from rag.analysis import fold
from rag.answering.choice import kind
from rag.answering.cite import cite, untitled
from rag.answering.looks import asks_for_places
from rag.answering.overview import ABOUT, ROOM, documents_asked, opens_with, overview
from rag.answering.refuse import evidence, explained, reason
from rag.answering.wording import answer_text, nothing_for
from rag.answering.years import by_year, compared
from rag.asking import asks_to_make
from rag.config import DEFAULT_K
from rag.coverage import Weighted, coverage
from rag.protocols import Generator
from rag.question import Question
from rag.ranking.places import AskedPlace, short_name
from rag.refusing import refused, suggestions
from rag.retrieve import Retrieved
from rag.types import (
    Answer,
    Chunk,
    Comparison,
    Coverage,
    Document,
    Draft,
    Hit,
    Intent,
    Point,
    Reason,
)

COMPARED, COMPARE_DEPTH = 20, 8
LEAST_ROOM, OPEN_ROOM, NEAR_PLACE, MOST_PLACES = 0.2, 0.6, 0.75, 10
LEADING = 2
WHOLE_CHUNKS, AROUND = 16, 3


def answer(
    retrieved: Retrieved,
    document: Callable[[str], Document],
    catalogue: Mapping[str, Document],
    generator: Generator,
    chunks: Callable[[str], Sequence[Chunk]] | None = None,
) -> Answer:
    """The answer to a retrieved question. `document` gives a document with its text, `catalogue` all without; `chunks` gives
    the passages of a document, so that a list is read to its end."""
    if asks_to_make(retrieved.question.folded):
        return refused(retrieved, Reason.NOTHING_RELEVANT, relevant(retrieved), catalogue)
    told = _overview(retrieved, document, catalogue, chunks) if chunks is not None else None
    if told is not None:
        return told
    hits = relevant(retrieved)
    refusal, signals = _judged(retrieved, hits, catalogue)
    if refusal is not None:
        return replace(refused(retrieved, refusal, hits, catalogue), signals=signals)
    if chunks is not None and kind(retrieved.question) == "several":
        hits = whole_documents(hits, chunks)
    ids = dict.fromkeys(hit.chunk.document_id for hit in hits)
    texts = {i: document(i).text for i in ids}
    drafts = _drafts(retrieved, hits, texts, generator, catalogue)
    points = untitled(cite([draft for draft in drafts if not draft.spare], hits, texts), catalogue)
    if not points:
        return refused(retrieved, Reason.NOTHING_RELEVANT, relevant(retrieved), catalogue)
    given = _answer(retrieved, points, hits, catalogue, sum(draft.spare for draft in drafts))
    return replace(given, signals=signals)


def _overview(
    retrieved: Retrieved,
    document: Callable[[str], Document],
    catalogue: Mapping[str, Document],
    chunks: Callable[[str], Sequence[Chunk]],
) -> Answer | None:
    """An overview of the documents that the question wants one of, None where it wants something else."""
    wanted = retrieved.question.overview
    held = _held(retrieved)
    if wanted is None or retrieved.question.periods or (retrieved.places and not held):
        return None
    subject = [Weighted(content, content.weight) for content in wanted]
    drafts: list[Draft] = []
    hits: list[Hit] = []
    for place in held or (None,):
        own = retrieved.hits if place is None else _spoken_for(place, retrieved.hits)
        names = documents_asked(subject, own, catalogue, placed=place is not None)
        titled = any(coverage(subject, fold(catalogue[name].title).text) >= ABOUT for name in names)
        every = {name: chunks(name) for name in names}
        names = [name for name in names if titled or opens_with(subject, document(name).text, every[name])]
        names = names[:1] if len(held) > 1 else names
        score = {hit.chunk.id: hit.score for hit in own}
        for name in names:
            found = overview(document(name), every[name], ROOM // len(names) // max(len(held), 1))
            drafts += [replace(draft, place=place.name if place and len(held) > 1 else None) for draft in found]
            hits += [Hit(chunk, score.get(chunk.id, own[-1].score)) for chunk in every[name]]
    texts = {hit.chunk.document_id: document(hit.chunk.document_id).text for hit in hits}
    points = cite([draft for draft in drafts if not draft.spare], hits, texts)
    spare = sum(draft.spare for draft in drafts)
    return _answer(retrieved, points, hits, catalogue, spare) if points else None


def _spoken_for(place: AskedPlace, hits: Sequence[Hit]) -> Sequence[Hit]:
    """The hits of the documents that speak for the place most nearly."""
    nearest = max((place.documents.get(hit.chunk.document_id, 0.0) for hit in hits), default=0.0)
    return [hit for hit in hits if nearest and place.documents.get(hit.chunk.document_id, 0.0) == nearest]


def depth(question: Question, k: int) -> int:
    """How many passages to retrieve for an answer from the k best: more where several places may have to share them."""
    spread = question.intent is Intent.COMPARE or asks_for_places(question) or compared(question)
    return max(k, COMPARED) if spread else k


def _held(retrieved: Retrieved) -> Sequence[AskedPlace]:
    return [place for place in retrieved.places if place.held]


def relevant(retrieved: Retrieved) -> Sequence[Hit]:
    """The hits of the places that are asked about, where any is; else all."""
    held = _held(retrieved)
    chosen = [hit for hit in retrieved.hits if not held or any(retrieved.answered_by(place, hit) for place in held)]
    return chosen or retrieved.hits


def whole_documents(hits: Sequence[Hit], chunks: Callable[[str], Sequence[Chunk]]) -> Sequence[Hit]:
    """The hits, then the other passages of the documents that the first of them come from, near these in a long document."""
    leading = dict.fromkeys(hit.chunk.document_id for hit in hits[:LEADING])
    known = {hit.chunk.id for hit in hits}
    low = min(hit.score for hit in hits)
    added: list[Hit] = []
    for name in leading:
        every = chunks(name)
        found = [i for i, chunk in enumerate(every) if chunk.id in known]
        near = every if len(every) <= WHOLE_CHUNKS else every[max(0, found[0] - AROUND) : found[-1] + AROUND + 1]
        added += [Hit(chunk, low) for chunk in near if chunk.id not in known]
    return [*hits, *added[:WHOLE_CHUNKS]]


def _drafts(
    retrieved: Retrieved,
    hits: Sequence[Hit],
    texts: Mapping[str, str],
    generator: Generator,
    catalogue: Mapping[str, Document],
) -> Sequence[Draft]:
    """The drafts of the answer; place by place where several are asked about, or the question asks which places there are."""
    question = retrieved.question
    parts = _by_place(retrieved, hits, catalogue)
    if len(parts) < 2 and (years := by_year(compared(question), hits, texts, catalogue)):
        return [
            draft
            for own in years.values()
            for draft in generator.generate(question, retrieved.weighted, own[:COMPARE_DEPTH], texts, 1 / len(years))
        ]
    if len(parts) < 2 and len(retrieved.places) < 2:
        names = written(retrieved.places)
        return generator.generate(question, retrieved.weighted, hits, texts, _room(retrieved), names)
    most = _room(retrieved) if retrieved.places else OPEN_ROOM
    room = max(most / max(len(parts), 2), LEAST_ROOM)
    return [
        replace(draft, place=name)
        for name, own in parts.items()
        for draft in generator.generate(
            question, retrieved.weighted, own, texts, room, written([p for p in retrieved.places if p.name == name])
        )
    ]


def written(places: Sequence[AskedPlace]) -> Sequence[str]:
    """The names of places as texts write them, folded, without their level."""
    return [short_name(place.written) for place in places if place.written]


def _room(retrieved: Retrieved) -> float:
    """How much may be quoted, 1 for ten passages: who asks for more passages gets a longer answer."""
    return max(1.0, len(retrieved.hits) / DEFAULT_K) if not retrieved.places[1:] else 1.0


def _by_place(
    retrieved: Retrieved, hits: Sequence[Hit], catalogue: Mapping[str, Document]
) -> Mapping[str, Sequence[Hit]]:
    """The hits of every place that the question names; of every place of the corpus that comes near the best, where it asks
    for places."""
    held = _held(retrieved)
    if held:
        return {
            place.name: [hit for hit in hits if retrieved.answered_by(place, hit)][:COMPARE_DEPTH] for place in held
        }
    found: dict[str, list[Hit]] = {}
    if asks_for_places(retrieved.question):
        best = max((hit.signals.get("coverage", 0.0) for hit in hits), default=0.0)
        near = {hit.chunk.document_id for hit in hits if hit.signals.get("coverage", 0.0) >= NEAR_PLACE * best}
        for hit in hits:
            place = catalogue[hit.chunk.document_id].place
            if place and hit.chunk.document_id in near:
                found.setdefault(place, []).append(hit)
    return dict(list(found.items())[:MOST_PLACES])


def unplaced(retrieved: Retrieved) -> Reason | None:
    """Why nothing can answer, by the places alone: none is held, or nothing that was found speaks for one; else None."""
    if not retrieved.hits:
        return Reason.NO_SUCH_PLACE if retrieved.missing else Reason.NOTHING_RELEVANT
    if retrieved.places and not _held(retrieved):
        return Reason.NO_SUCH_PLACE
    held = _held(retrieved)
    if held and not any(retrieved.answered_by(place, hit) for place in held for hit in retrieved.hits):
        return Reason.NO_SUCH_TOPIC
    return None


def _judged(
    retrieved: Retrieved, hits: Sequence[Hit], catalogue: Mapping[str, Document]
) -> tuple[Reason | None, Mapping[str, float]]:
    """Why to refuse, or None to answer, and the signals that say so; none where places alone decide, or an author is asked for."""
    absent = unplaced(retrieved)
    if absent is not None or (
        retrieved.question.author and any(catalogue[hit.chunk.document_id].author for hit in hits[:1])
    ):
        return absent, {}
    found = evidence(retrieved.question, retrieved.weighted, hits, retrieved.passages, catalogue)
    return reason(retrieved.question, found), explained(found)


def _answer(
    retrieved: Retrieved,
    points: Sequence[Point],
    hits: Sequence[Hit],
    catalogue: Mapping[str, Document],
    omitted: int,
) -> Answer:
    question = retrieved.question
    citations = tuple(dict.fromkeys(citation for point in points for citation in point.citations))
    text = answer_text(points, catalogue, question.language)
    suggested = suggestions(retrieved)
    absent = tuple(nothing_for(place.name, question.language, place.meant) for place in retrieved.missing)
    return Answer(
        question=question.text,
        answered=True,
        text="\n".join([text, *absent]),
        points=tuple(points),
        citations=citations,
        reason=None,
        coverage=Coverage(
            len({hit.chunk.document_id for hit in hits}), len({citation.document_id for citation in citations}), omitted
        ),
        comparison=_comparison(retrieved, points),
        notes=absent,
        suggestions=suggested,
    )


def _comparison(retrieved: Retrieved, points: Sequence[Point]) -> Comparison | None:
    named = [place.name for place in retrieved.places] or [point.place for point in points if point.place]
    if all(point.place is None for point in points):
        return None
    return Comparison(
        tuple(
            (name, tuple(i for i, point in enumerate(points) if point.place == name)) for name in dict.fromkeys(named)
        )
    )
