"""The JSON documents of the command line and of HTTP, made in one place so that every door says the same.

Offsets are half-open ranges of Unicode code points in `rag show ID --text`. Keys appear in the order of the contract.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NotRequired, TypedDict

from rag.answering.numbering import Numbering, numbering
from rag.answering.taken import taken
from rag.documents.sentences import readable
from rag.outcomes import Answered, Found, Page, Report, Status
from rag.types import Chunk, Citation, Comparison, Document, Hit, Point, Wording, text_sha256


class DocumentRef(TypedDict):
    """A document as an answer names it."""

    id: str
    title: str
    place: str | None
    source: str
    published: str | None
    author: str | None


class Reference(TypedDict):
    """A cited document as an entry of a list of references, and the ids of its citations."""

    citations: list[int]
    document: str
    text: str


class Focus(TypedDict):
    """Where the answer itself stands inside a quote: `quote["text"][start:end]`."""

    start: int
    end: int


class Quote(TypedDict):
    """An exact slice of the document's text."""

    text: str
    start: int
    end: int
    focus: NotRequired[Focus]


class Passage(TypedDict):
    """A passage of `text[start:end]`, made readable: lines broken in mid-sentence are joined."""

    text: str
    start: int
    end: int


def answered(result: Answered) -> dict[str, object]:
    """The `ask --json` and `POST /ask` document.

    Citations are numbered from 1 in the order in which the points first use them; the same range cited twice has one number.
    """
    answer = result.answer
    numbers = numbering(answer.points)
    body: dict[str, object] = {
        "question": answer.question,
        "answered": answer.answered,
        "answer": answer.text,
        "points": [_point(point, numbers) for point in answer.points],
        "citations": [_citation(number, item, result.documents) for number, item in enumerate(numbers.citations, 1)],
        "reason": None if answer.reason is None else answer.reason.value,
        "nearest": _nearest(answer.nearest, result.documents),
        "coverage": _coverage(result),
    }
    if answer.comparison is not None:
        body["comparison"] = _comparison(answer.comparison)
    body |= taken(answer)
    if answer.llm is not None:
        body["llm"] = _llm(answer.llm)
    body |= {
        "model": result.model,
        "generation": result.generation,
        "timings": {stage: round(ms, 3) for stage, ms in answer.timings.items()},
    }
    return body


def references(result: Answered, accessed: date) -> list[Reference]:
    """The documents cited, in order of first citation, in GB/T 7714 form; `accessed` is the day of access."""
    cited: dict[str, list[int]] = {}
    for number, citation in enumerate(numbering(result.answer.points).citations, 1):
        cited.setdefault(citation.document_id, []).append(number)
    from rag.answering.reference import gbt7714

    return [
        {"citations": numbers, "document": name, "text": gbt7714(result.documents[name], accessed)}
        for name, numbers in cited.items()
    ]


def receipt(result: Answered, *, model_fingerprint: str, created: datetime) -> dict[str, object]:
    """The receipt of an answer, which `rag verify` checks. The documents' texts are not needed, their hashes are."""
    # Here, as below: most answers are read, not kept, and a cold start should not pay for receipts and references.
    from rag.answering.receipt import issue, to_json

    issued = issue(
        result.answer,
        result.documents,
        model=result.model,
        model_fingerprint=model_fingerprint,
        generation=result.generation,
        created=created,
    )
    return to_json(issued)


def found(result: Found, *, explain: bool = False) -> dict[str, object]:
    """The `search --json` and `POST /search` document; with `explain` each hit also holds its `signals`."""
    return {
        "query": result.query,
        "hits": [_hit(rank, hit, result.documents, explain=explain) for rank, hit in enumerate(result.hits, 1)],
    }


def document(item: Document, *, text: bool) -> dict[str, object]:
    """One flat document object, with its original text when asked. What is not known is null.

    `chars` counts the code points of the text.
    """
    body: dict[str, object] = {
        "id": item.id,
        "title": item.title,
        "place": item.place,
        "level": None if item.level is None else item.level.value,
        "source": item.source,
        "sources": list(item.sources or (item.source,)),
        "published": item.published,
        "author": item.author,
        "doc_number": item.doc_number,
        "issuer": item.issuer,
        "url": item.url,
        "chars": len(item.text),
    }
    if text:
        body["text"] = item.text
    return body


def shown(item: Document, chunks: Sequence[Chunk]) -> dict[str, object]:
    """The `show --json` document: the flat object with its text, then `sha256`, `evidence`, `outline` and `chunks`."""
    return document(item, text=True) | {
        "sha256": item.sha256 or text_sha256(item.text),
        "evidence": [
            {"field": each.field, "value": each.value, "start": each.start, "end": each.end, "how": each.how}
            for each in item.evidence
        ],
        "outline": outline(chunks),
        "chunks": [
            {"id": chunk.id, "start": chunk.start, "end": chunk.end, "heading": chunk.heading} for chunk in chunks
        ],
    }


def outline(chunks: Iterable[Chunk]) -> list[str]:
    """The headings of a document in order, each once, the empty one left out."""
    return list(dict.fromkeys(chunk.heading for chunk in chunks if chunk.heading))


def page(result: Page) -> dict[str, object]:
    """The `list --json` and `GET /documents` document."""
    return {"documents": [document(item, text=False) for item in result.documents], "total": result.total}


def report(result: Report) -> dict[str, object]:
    """The `index --json` document: sources by what became of them, and what the index holds now."""
    return {
        "added": list(result.added),
        "refreshed": list(result.refreshed),
        "unchanged": list(result.unchanged),
        "folded": list(result.folded),
        "refused": [{"source": each.source, "reason": each.reason} for each in result.refused],
        "missing": list(result.missing),
        "generation": result.generation,
        "documents": result.documents,
        "chunks": result.chunks,
    }


def status(result: Status) -> dict[str, object]:
    """The `status --json` document."""
    return {
        "data_dir": result.data_dir,
        "bundled": result.bundled,
        "generation": result.generation,
        "documents": result.documents,
        "chunks": result.chunks,
        "model": result.model,
        "model_fingerprint": result.model_fingerprint,
        "analyzer_fingerprint": result.analyzer_fingerprint,
        "format_version": result.format_version,
    }


def reference(item: Document) -> DocumentRef:
    """A document as an answer names it."""
    return {
        "id": item.id,
        "title": item.title,
        "place": item.place,
        "source": item.source,
        "published": item.published,
        "author": item.author,
    }


def _point(point: Point, numbers: Numbering) -> dict[str, object]:
    body: dict[str, object] = {"text": point.text, "citations": list(numbers.of(point))}
    if point.place is not None:
        body["place"] = point.place
    return body


def _citation(number: int, citation: Citation, documents: Mapping[str, Document]) -> dict[str, object]:
    item = documents[citation.document_id]
    quote: Quote = {"text": citation.quote, "start": citation.start, "end": citation.end}
    if citation.focus is not None:
        quote["focus"] = {"start": citation.focus[0], "end": citation.focus[1]}
    return {
        "id": number,
        "document": reference(item),
        "heading": citation.chunk.heading,
        "passage": passage(item, citation.chunk),
        "quote": quote,
        "score": citation.score,
        "sha256": item.sha256 or text_sha256(item.text),
    }


def passage(item: Document, chunk: Chunk) -> Passage:
    """The passage that a chunk is, made readable."""
    return {"text": readable(item.text[chunk.start : chunk.end]), "start": chunk.start, "end": chunk.end}


def _hit(rank: int, hit: Hit, documents: Mapping[str, Document], *, explain: bool) -> dict[str, object]:
    item = documents[hit.chunk.document_id]
    body: dict[str, object] = {
        "rank": rank,
        "score": hit.score,
        "document": reference(item),
        "heading": hit.chunk.heading,
        "passage": passage(item, hit.chunk),
    }
    if explain:
        body["signals"] = dict(sorted(hit.signals.items()))
    return body


def _nearest(hits: Iterable[Hit], documents: Mapping[str, Document]) -> list[dict[str, object]]:
    """One line a document, its best passage's; a refusal names where to look, not what to quote."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.chunk.document_id, hit)
    return [
        {"document": reference(documents[name]), "heading": hit.chunk.heading, "score": hit.score}
        for name, hit in best.items()
    ]


def _coverage(result: Answered) -> dict[str, int]:
    coverage = result.answer.coverage
    body = {"documents_matched": coverage.documents_matched, "documents_cited": coverage.documents_cited}
    if coverage.points_omitted:
        body["points_omitted"] = coverage.points_omitted
    return body


def _llm(wording: Wording) -> dict[str, object]:
    """Whether `answer` is in the LLM's words, what of them was dropped, and what failed."""
    return {
        "used": wording.used,
        "model": wording.model,
        "dropped": [{"text": each.text, "reason": each.reason} for each in wording.dropped],
        "error": wording.error,
    }


def _comparison(comparison: Comparison) -> list[dict[str, object]]:
    """One row a place, with the indices (from 0) of its points; an empty list says that the place has nothing."""
    return [{"place": place, "points": list(points)} for place, points in comparison.rows]
