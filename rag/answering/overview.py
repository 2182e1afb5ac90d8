"""An overview of a document: a point a section, its heading with the sentence that opens it, in the order of the source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from rag.analysis import fold
from rag.answering.several import unnumbered
from rag.answering.signals import heading_like, is_byline
from rag.answering.units import Unit, units
from rag.coverage import Weighted, coverage
from rag.types import Chunk, Document, Draft, Hit, Span

ROOM: Final = 10
DOCUMENTS: Final = 3
ABOUT: Final = 0.6
BRIEF, LONGEST = 40, 220
LEAST_OPENINGS: Final = 3
LEAST_CHARS: Final = 12
OWN_MARK: Final = 2
_ENDS: Final = "。！？!?：:；;，, "


def documents_asked(
    subject: Sequence[Weighted], hits: Sequence[Hit], catalogue: Mapping[str, Document], *, placed: bool
) -> Sequence[str]:
    """The documents among the hits that an overview of `subject` is of, best first, DOCUMENTS at most: those that name it in
    their titles; all of them where nothing but a place is named. Where only the opening passage of a `placed` document names
    it, as no section of it does, that document. Empty where the question is about less than a document."""
    names = list(dict.fromkeys(hit.chunk.document_id for hit in hits))
    if not subject:
        return names[:DOCUMENTS] if placed or len(names) == 1 else []
    titled = {name: coverage(subject, fold(catalogue[name].title).text) for name in names}
    best = max(titled.values(), default=0.0)
    if best >= ABOUT:
        return [name for name in names if titled[name] >= best][:DOCUMENTS]
    return names[:DOCUMENTS] if placed and len(names) <= DOCUMENTS else []


def opens_with(subject: Sequence[Weighted], text: str, chunks: Sequence[Chunk]) -> bool:
    """Whether a document's opening passage names the subject, and no heading of it does: then it is the subject of all of it."""
    if not subject:
        return True
    opening = fold(text[chunks[0].start : chunks[0].end]).text
    headings = [fold(chunk.heading).text for chunk in chunks]
    phrase = "".join(item.content.text for item in subject)
    if phrase in opening:
        return not any(phrase in heading for heading in headings)
    headed = max(coverage(subject, heading) for heading in headings)
    return coverage(subject, opening) >= ABOUT and headed < ABOUT


def overview(document: Document, chunks: Sequence[Chunk], room: int = ROOM) -> Sequence[Draft]:
    """The points of one document, `room` of them and the others spare: its sections; where it has fewer than two, the sentences
    that open its paragraphs, spread over it."""
    pieces = sorted(
        units([Hit(chunk, 0.0) for chunk in chunks], {document.id: document.text}), key=lambda unit: unit.start
    )
    drafts = list(_sections(document, chunks, pieces))
    if len(drafts) < 2:
        after = {unit.start: following for unit, following in pairwise(pieces)}
        openings = _openings(document, chunks, pieces)
        drafts = [_draft(document, "", _opening([unit, *_next(document, unit, after)])) for unit in openings]
        kept = _spread(len(drafts), room)
    else:
        kept = frozenset(range(room))
    return [draft if at in kept else _spared(draft) for at, draft in enumerate(drafts)]


def _spared(draft: Draft) -> Draft:
    return Draft(draft.text, draft.spans, spare=True)


def _spread(count: int, room: int) -> frozenset[int]:
    """Which of so many to keep: all, or the first and others at even distances."""
    return frozenset(range(count)) if count <= room else frozenset(i * count // room for i in range(room))


def _sections(document: Document, chunks: Sequence[Chunk], pieces: Sequence[Unit]) -> Iterator[Draft]:
    headings = list(dict.fromkeys(chunk.heading for chunk in chunks if chunk.heading))
    found = [(heading, *span) for heading, span in zip(headings, _places(document.text, headings), strict=True) if span]
    for at, (heading, start, end) in enumerate(found):
        until = found[at + 1][1] if at + 1 < len(found) else len(document.text)
        own = [unit for unit in pieces if start <= unit.start < until]
        below = [unit for unit in own if unit.end > end + OWN_MARK and not heading_like(unit)]
        if below and below[0].start < end:
            yield _draft(document, "", below[:1])
        elif below:
            yield _draft(document, heading, _opening(below), start)
        elif own:
            yield _draft(document, "", own[:1])


def _opening(below: Sequence[Unit]) -> Sequence[Unit]:
    """The first sentence below a heading, with the next where it only leads to it."""
    first, *rest = below
    leads = rest and first.length < BRIEF and first.length + rest[0].length <= LONGEST
    return below[:2] if leads and rest[0].hit is first.hit else below[:1]


def _next(document: Document, unit: Unit, after: Mapping[int, Unit]) -> Sequence[Unit]:
    """The sentence that follows in the paragraph, none at its end."""
    following = after.get(unit.start)
    return [] if following is None or "\n" in document.text[unit.end : following.start] else [following]


def _places(text: str, headings: Sequence[str]) -> Sequence[tuple[int, int] | None]:
    """Where each heading stands in the text, in order, whatever white space is in it; None for one that is not found."""
    offsets = [at for at, char in enumerate(text) if not char.isspace()]
    packed = "".join(text[at] for at in offsets)
    found: list[tuple[int, int] | None] = []
    after = 0
    for heading in headings:
        sought = "".join(heading.split())
        at = packed.find(sought, after)
        found.append((offsets[at], offsets[at + len(sought) - 1] + 1) if at >= 0 else None)
        after = at + len(sought) if at >= 0 else after
    return found


def _openings(document: Document, chunks: Sequence[Chunk], pieces: Sequence[Unit]) -> Sequence[Unit]:
    """The sentences that open a paragraph, or a passage where the document has hardly any paragraphs."""
    title = "".join(fold(document.title).text.split())
    said = [
        unit
        for unit in pieces
        if unit.length >= LEAST_CHARS and not heading_like(unit) and not is_byline(unit) and unit.folded != title
    ]
    starts = [
        unit for unit in said if "\n" in document.text[_before(document.text, unit) : unit.start] or not unit.start
    ]
    if len(starts) >= LEAST_OPENINGS:
        return starts
    firsts = (next((unit for unit in said if chunk.start <= unit.start < chunk.end), None) for chunk in chunks)
    return [unit for unit in firsts if unit is not None]


def _before(text: str, unit: Unit) -> int:
    """Where the white space before a unit begins."""
    return len(text[: unit.start].rstrip())


def _draft(document: Document, heading: str, below: Sequence[Unit], start: int | None = None) -> Draft:
    """A point: the heading and what opens the section. One quote holds both where one passage does."""
    first, last = below[0], below[-1]
    opening = document.text[first.start : last.end]
    if start is None:
        return Draft(unnumbered(opening), (Span(document.id, first.start, last.end),))
    text = unnumbered(f"{'，'.join(heading.split()).rstrip(_ENDS)}：{opening}")
    chunk = first.hit.chunk
    return Draft(text, (Span(document.id, max(start, chunk.start), last.end),))
