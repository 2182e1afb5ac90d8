"""Citations: the only place where a point comes to be. A draft may name only ranges inside the hits it was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.documents.sentences import readable
from rag.types import Citation, Document, Draft, Hit, Point, Span


def cite(drafts: Sequence[Draft], hits: Sequence[Hit], texts: Mapping[str, str]) -> tuple[Point, ...]:
    """The drafts as points, each with exact quotes; a draft that names a range outside every hit is dropped whole."""
    points = []
    for draft in drafts:
        citations = [_citation(span, draft, hits, texts) for span in draft.spans]
        sound = tuple(citation for citation in citations if citation is not None)
        if sound and len(sound) == len(draft.spans):
            points.append(Point(_one_line(draft.text), sound, draft.place))
    return tuple(points)


def untitled(points: Sequence[Point], catalogue: Mapping[str, Document]) -> tuple[Point, ...]:
    """The points without the title of their document before the sentence that says something: the line above them has it. A
    point that is the title alone is left out where others say more."""
    told = [
        replace(point, text=_without(point.text, catalogue[point.citations[0].document_id].title)) for point in points
    ]
    return tuple(point for point in told if point.text) or tuple(points)


def _without(text: str, title: str) -> str:
    return text[len(title) :].strip() if text == title or text.startswith(f"{title} ") else text


def _one_line(text: str) -> str:
    """A point's text: what stays parted when broken lines are repaired (a heading, then its sentence) with a space between."""
    return " ".join(readable(text).split("\n")).strip()


def _citation(span: Span, draft: Draft, hits: Sequence[Hit], texts: Mapping[str, str]) -> Citation | None:
    hit = next((hit for hit in hits if _inside(span, hit)), None)
    if hit is None or not 0 <= span.start < span.end <= len(texts[span.document_id]):
        return None
    focus = draft.focus
    inside = (
        focus is not None
        and focus.document_id == span.document_id
        and span.start <= focus.start < focus.end <= span.end
    )
    return Citation(
        document_id=span.document_id,
        start=span.start,
        end=span.end,
        quote=texts[span.document_id][span.start : span.end],
        chunk=hit.chunk,
        score=hit.score,
        focus=(focus.start - span.start, focus.end - span.start) if focus is not None and inside else None,
    )


def _inside(span: Span, hit: Hit) -> bool:
    chunk = hit.chunk
    return chunk.document_id == span.document_id and chunk.start <= span.start and span.end <= chunk.end
