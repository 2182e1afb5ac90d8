"""Several things asked for: the items of the list that answers, and the sentences that come near."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rag.answering.choice import Rated
from rag.answering.listing import BODY, Listing, series
from rag.answering.lists import Choice, choose, title_of
from rag.answering.looks import announced
from rag.answering.parts import clauses, names
from rag.answering.signals import heading_like, is_counted, is_vow
from rag.answering.units import Unit, alike
from rag.coverage import Weighted, coverage
from rag.question import Question
from rag.types import Draft, Intent, Language, Span

ROOM: Final = 1_170
NEAR, WHOLE_NEAR, ELSEWHERE = 3.4, 4.5, 1.2
LISTED_NEAR: Final = 2.0
SHARED_NEAR: Final = 1.2
COUNTED_NEAR: Final = 0.7
APART: Final = 2.2
WHOLE_DOCUMENT: Final = 0.5
RUN_CHARS: Final = 400
MOST_SPLIT: Final = 3
NAMED: Final = 3
MOST_OF_IT: Final = 0.75
MOST_PLAIN: Final = 12
MEANT: Final = 0.5
FEW_PLAIN: Final = 3
SHARED_BY_MANY: Final = 0.34


# The number of an item in its document says nothing beside the number of its point, nor does the mark of an answer (答：).
_NUMBER: Final = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.、．](?!\d)|[①-⑳]|(?:A\d{0,2}|答)[：:])\s*"
)
_BRACKETS: Final = re.compile(r"\([^()]*\)[。;]?")
_QUESTION: Final = re.compile(r"[^。;?]{2,40}\?")
_LABEL: Final = re.compile(r"(?:解读人|来源|责任编辑|编辑|记者|审核|供稿|撰稿|作者|联系人|责任单位|牵头单位|落款)\s*:")
# What sends a document out is no item of it.
_SENT: Final = re.compile(r"印发给你们|请[^,。]{0,8}(?:遵照|贯彻|组织|抓好)[^,。]{0,4}(?:执行|落实|实施)")
_IN_CHARGE: Final = re.compile(r"负责|责任|牵头|单位|部门|谁|联系|来源|作者|who|responsible|in charge|department")


@dataclass(frozen=True, slots=True)
class Scores:
    """The score of every unit by where it stands, and the best."""

    by_start: Mapping[tuple[str, int], float]
    best: float

    def of(self, unit: Unit) -> float:
        """The score of a unit."""
        return self.by_start[unit.document_id, unit.start]


def several(
    question: Question,
    weighted: Sequence[Weighted],
    rated: Sequence[Rated],
    texts: Mapping[str, str],
    room: float = 1.0,
) -> Sequence[Draft]:
    """One draft an item, in the order of the source: the items of the list that the best sentences stand in, if they do, then
    what else comes near the best; none twice, as much as the room holds."""
    choice = choose(question, weighted, rated) if room >= 1 else Choice(None, False, {})
    return composed(question, weighted, rated, texts, room, choice)


def composed(
    question: Question,
    weighted: Sequence[Weighted],
    rated: Sequence[Rated],
    texts: Mapping[str, str],
    room: float,
    choice: Choice,
) -> Sequence[Draft]:
    """The drafts of an answer of that choice."""
    chosen = choice.listing
    if chosen is not None:
        document = chosen.items[0].head.document_id
        rated = [item for item in rated if item.unit.document_id == document or rated[0].unit.document_id == document]
    scores = Scores({(item.unit.document_id, item.unit.sentence.start): item.score for item in rated}, rated[0].score)
    order: list[Unit] = []
    if chosen is not None:
        if chosen.lead is not None and scores.of(chosen.lead) >= scores.best - NEAR:
            order.append(chosen.lead)
        order += [item.head for item in chosen.items]
        if not choice.brief:
            order += sorted((unit for item in chosen.items for unit in item.body), key=lambda unit: -scores.of(unit))
    section = _named(question, chosen) if chosen is not None else ()
    near = [] if section else list(_near(question, weighted, rated, chosen, room))
    near = [unit for unit in near if not is_vow(unit)] or near
    order = [*section] or [*order, *_whole_runs(near, rated)]
    order = [unit for unit in order if not _aside(question, unit)] or order
    fitting, left = _fitting(order, int(ROOM * room))
    documents = list(dict.fromkeys(item.unit.document_id for item in rated))
    spare = (replace(draft, spare=True) for draft in _drafts(left, documents, texts))
    few = question.intent is Intent.LIST and room >= 1 and len(fitting) <= MOST_SPLIT
    drafts = [*_drafts(fitting, documents, texts, apart=few), *spare]
    if few:
        whole = sum(unit.length for unit in fitting)
        return [part for draft in drafts for part in _split(draft, weighted, texts, whole)]
    return drafts


def _named(question: Question, chosen: Listing) -> Sequence[Unit]:
    """What stands in the one section of the list that the question asks for by its heading (培训内容有哪些: 二、培训内容); empty where it
    names none or several."""
    asked = "".join(question.folded.split())
    named = [
        item
        for item in chosen.items
        if item.body
        and heading_like(item.head)
        and len(name := unnumbered(item.head.folded)) >= NAMED
        and name in asked
    ]
    return named[0].body if len(named) == 1 else ()


def _aside(question: Question, unit: Unit) -> bool:
    """Whether a sentence is no item: a mere question, what sends the document out, or, unless it is asked who has to do with it, a
    remark in brackets or a line that names who (（责任单位：…）, 解读人：…)."""
    if _QUESTION.fullmatch(unit.folded) or _SENT.search(unit.folded):
        return True
    return bool(_BRACKETS.fullmatch(unit.folded) or _LABEL.match(unit.folded)) and not _IN_CHARGE.search(
        question.folded
    )


def _near(
    question: Question, weighted: Sequence[Weighted], rated: Sequence[Rated], chosen: Listing | None, room: float
) -> Iterable[Unit]:
    """The sentences that come near the best, best first: nearer in another passage, nearest in another document."""
    best, leader = rated[0].score, rated[0].unit
    inside, apart = _reach(question, weighted, rated[0], chosen, room)
    most = MOST_PLAIN if room > SHARED_BY_MANY else FEW_PLAIN
    said = [item for item in rated if not heading_like(item.unit)] or rated
    # What says no word of the question but its category (政策, 措施) is no item of a list from elsewhere in the document.
    many = room >= 1 and question.intent is Intent.LIST
    told = [at for at, word in enumerate(weighted) if word.content.weight >= MEANT and many]
    taken = 0
    for item in said:
        if item.unit.document_id != leader.document_id:
            allowed = min(ELSEWHERE, apart)
        else:
            allowed = inside if _beside(item.unit, leader) else apart
            if allowed == apart and told and not any(item.met[at] for at in told):
                allowed /= 2
        if item.score >= best - allowed and taken < most:
            taken += 1
            yield item.unit


def _whole_runs(near: Sequence[Unit], rated: Sequence[Rated]) -> Sequence[Unit]:
    """The units, each that semicolons join with others followed by all of these: a part of a sentence is no answer."""
    if not any(item.unit.folded[-1] == ";" for item in rated):
        return near
    documents = {unit.document_id for unit in near}
    own = sorted(
        (i.unit for i in rated if i.unit.document_id in documents), key=lambda unit: (unit.document_id, unit.start)
    )
    joined = {id(unit): listing.units for listing in series(own) for unit in listing.units}
    found: dict[int, Unit] = {}
    for unit in near:
        parts = joined.get(id(unit), ())
        short = sum(part.length for part in parts) <= RUN_CHARS
        found |= {id(part): part for part in (unit, *(parts if short else ()))}
    return list(found.values())


def _beside(unit: Unit, leader: Unit) -> bool:
    """Whether two sentences of a document stand in one passage, or below one heading."""
    heading = leader.hit.chunk.heading
    return unit.rank == leader.rank or (bool(heading) and unit.hit.chunk.heading == heading)


def _reach(
    question: Question, weighted: Sequence[Weighted], best: Rated, chosen: Listing | None, room: float
) -> tuple[float, float]:
    """How far below the best a sentence of its passage may score, and one of another passage of its document."""
    if room <= SHARED_BY_MANY:
        return SHARED_NEAR, SHARED_NEAR
    if is_counted(best.unit, *announced(question.folded)):
        return COUNTED_NEAR, COUNTED_NEAR
    if chosen is not None and chosen.kind != BODY:
        return LISTED_NEAR, LISTED_NEAR
    about_it = room >= 1 and question.intent is Intent.LIST
    if about_it and coverage(weighted, title_of(best.unit)) >= WHOLE_DOCUMENT:
        return WHOLE_NEAR, WHOLE_NEAR
    unsure = room < 1 or question.language is Language.ENGLISH or question.intent is Intent.HOW
    return NEAR, NEAR if unsure else APART


def _fitting(order: Iterable[Unit], room: int) -> tuple[Sequence[Unit], Sequence[Unit]]:
    """The units that the room holds and those that it does not, each once and none that says what another says."""
    chosen: list[Unit] = []
    left: list[Unit] = []
    for unit in order:
        if any(unit is other or alike(unit, other) for other in (*chosen, *left)):
            continue
        if unit.length <= room:
            chosen.append(unit)
            room -= unit.length
        else:
            left.append(unit)
    return chosen, left


def _drafts(
    chosen: Sequence[Unit], documents: Sequence[str], texts: Mapping[str, str], *, apart: bool = False
) -> Sequence[Draft]:
    """The drafts of the units, in the order of the documents and of the source. A heading and the sentence below it are one,
    unless all are to stay `apart`."""
    ordered = sorted(chosen, key=lambda unit: (documents.index(unit.document_id), unit.start))
    drafts: list[Draft] = []
    above: Unit | None = None
    for unit in ordered:
        text = texts[unit.document_id]
        if above is not None and not apart and _heads(above, unit, text):
            drafts.pop()
            start, above = above.start, None
        else:
            start, above = unit.start, unit
        row = unit.sentence.row if start == unit.start else None
        said = row.text if row is not None else unnumbered(text[start : unit.end])
        drafts.append(Draft(said, (Span(unit.document_id, start, unit.end),)))
    return drafts


def _heads(above: Unit, unit: Unit, text: str) -> bool:
    """Whether the first is the heading right above the second, in one passage."""
    return (
        heading_like(above)
        and not heading_like(unit)
        and above.hit.chunk.id == unit.hit.chunk.id
        and not text[above.end : unit.start].strip()
    )


def unnumbered(text: str) -> str:
    """A text without the number that its document gives it; a number alone stays."""
    return _NUMBER.sub("", text) or text


def _split(draft: Draft, weighted: Sequence[Weighted], texts: Mapping[str, str], whole: int) -> Sequence[Draft]:
    """A draft a name of a row, or a clause of a sentence that makes up most of the `whole` characters of the answer, each citing
    the whole sentence; the draft itself where it is one statement."""
    span = draft.spans[0]
    text = texts[span.document_id]
    if draft.text != unnumbered(text[span.start : span.end]):  # a row of a table, told already
        return [draft]
    leading = span.end - span.start >= MOST_OF_IT * whole
    found = names(text, span.start, span.end, weighted) or (clauses(text, span.start, span.end) if leading else [])
    return [replace(draft, text=text[first:last]) for first, last in found] or [draft]
