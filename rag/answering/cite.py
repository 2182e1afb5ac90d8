"""Citations: the only place where a point comes to be. A draft may name only ranges inside the hits it was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.documents.sentences import readable
from rag.types import Citation, Draft, Hit, Point, Span


def cite(drafts: Sequence[Draft], hits: Sequence[Hit], texts: Mapping[str, str]) -> tuple[Point, ...]:
    """The drafts as points, each with exact quotes; a draft that names a range outside every hit is dropped whole."""
    points = []
    for draft in drafts:
        citations = [_citation(span, draft, hits, texts) for span in draft.spans]
        sound = tuple(citation for citation in citations if citation is not None)
        if sound and len(sound) == len(draft.spans):
            points.append(Point(readable(draft.text).strip(), sound, draft.place))
    return tuple(points)


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
