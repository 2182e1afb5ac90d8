"""Lists as a document makes them: items that open with a number of one kind, or with a few words that stand alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from rag.answering.looks import numeral
from rag.answering.signals import heading_like
from rag.answering.units import Unit, folded_line

_HAN: Final = "一二三四五六七八九十"
_MARKERS: Final = (
    ("是", re.compile(rf"([{_HAN}]{{1,3}})(?:是|要|曰|则)")),
    ("一、", re.compile(rf"([{_HAN}]{{1,3}})、")),
    ("(一)", re.compile(rf"[((]([{_HAN}]{{1,3}})[))]")),
    ("1.", re.compile(r"(\d{1,2})[.、](?!\d)")),
    ("(1)", re.compile(r"[((](\d{1,2})[))]")),
    (
        "第一",
        re.compile(rf"第([{_HAN}]{{1,3}}|\d{{1,2}})(?:[,、:]|[^,。;:\d{_HAN}]{{0,2}}(?:是|,|、|:|路))"),
    ),
    ("首先", re.compile(r"(首先|其次|再次|第三|最后)[,、]?")),
)
_ORDER: Final = {"首先": 1, "其次": 2, "再次": 3, "第三": 3, "最后": 4}
# What begins otherwise has no enumerator: most sentences need no closer look.
_FIRSTS: Final = frozenset(f"{_HAN}((第首其再最")
LED: Final = "led"
_ANSWERING: Final = re.compile(r"^(?:答|a\d{0,2}):")
_LABEL: Final = re.compile(r"[^,。;:\d(]{1,6}:")
_LABEL_CHARS: Final = 7
UNNUMBERED: Final = (LED, "label")
BODY: Final = "body"
SHARED: Final = "shared"
SERIES: Final = "series"
ADJACENT: Final = 4
LED_CHARS: Final = 14
GAP: Final = 3
FAR: Final = 8
FEWEST_HEADS, HEAD_CHARS = 3, 4
_OPENING: Final = re.compile(r"[^,。;:\d(“]{2,8}")


@dataclass(slots=True)
class Item:
    """An item of a list: the unit that opens it and those that follow up to the next."""

    head: Unit
    body: list[Unit] = field(default_factory=list)

    @property
    def units(self) -> Sequence[Unit]:
        """All its units in order."""
        return [self.head, *self.body]


@dataclass(slots=True)
class Listing:
    """A list in one document: items in order, the unit before the first, which usually announces it, and what that calls it."""

    kind: str
    lead: Unit | None
    items: list[Item]
    last: int
    label: str = ""

    @property
    def units(self) -> Sequence[Unit]:
        """The units of all items in order."""
        return [unit for item in self.items for unit in item.units]


def listings(pieces: Sequence[Unit]) -> Sequence[Listing]:
    """The lists of two items or more among the units of one document, in the order of their first items. `pieces` must be in
    the order of the source. A list may stand inside an item of another."""
    open_lists: list[Listing] = []
    found: list[Listing] = []
    before: Unit | None = None
    for unit in pieces:
        sign = _sign(unit)
        if sign is not None and (at := _continued(open_lists, sign, unit)) is not None:
            del open_lists[at + 1 :]
            open_lists[at].items.append(Item(unit))
            open_lists[at].last = sign[1] or open_lists[at].last + 1
        elif sign is not None and sign[1] in (0, 1):
            listing = Listing(sign[0], before, [Item(unit)], 1)
            open_lists = [other for other in open_lists if other.kind != sign[0]]
            for outer in open_lists:
                outer.items[-1].body.append(unit)
            open_lists.append(listing)
            found.append(listing)
            before = unit
            continue
        for at, listing in enumerate(open_lists):
            if listing.items[-1].head is not unit:
                listing.items[-1].body.append(unit)
            elif at + 1 < len(open_lists):
                continue
        before = unit
    return [_ended(listing) for listing in found if len(listing.items) > 1]


def _sign(unit: Unit) -> tuple[str, int] | None:
    """The kind of enumerator that a unit opens with and its number, 0 for one without."""
    sentence = unit.sentence
    folded = _ANSWERING.sub("", sentence.folded)
    if folded[:1] in _FIRSTS or folded[:1].isdigit():
        for name, pattern in _MARKERS:
            if match := pattern.match(folded):
                return name, _ORDER.get(match[1]) or numeral(match[1])
    if sentence.led and sentence.clauses and len(sentence.clauses[0]) <= LED_CHARS:
        return LED, 0
    label = ":" in folded[:_LABEL_CHARS] and not sentence.heading and _LABEL.match(folded)
    return ("label", 0) if label else None


def _continued(open_lists: Sequence[Listing], sign: tuple[str, int], unit: Unit) -> int | None:
    """Which open list an enumerator goes on: the innermost of its kind whose number comes next; one may be skipped. Without numbers
    an item may be as long as GAP, or FAR where it opens as the one before does."""
    for at in range(len(open_lists) - 1, -1, -1):
        listing = open_lists[at]
        if listing.kind != sign[0]:
            continue
        if sign[0] in UNNUMBERED:
            return at if len(listing.items[-1].body) <= (FAR if _parallel(listing, unit) else GAP) else None
        return at if listing.last < sign[1] <= listing.last + 2 else None
    return None


def _parallel(listing: Listing, unit: Unit) -> bool:
    """Whether a unit opens as the last item of a list does: as many characters up to the first mark, and one of them the same in
    the same place (产业联兴, 人才联育)."""
    one, other = (_OPENING.match(head.folded) for head in (listing.items[-1].head, unit))
    if one is None or other is None or len(one[0]) != len(other[0]):
        return False
    return any(a == b for a, b in zip(one[0], other[0], strict=True))


def _ended(listing: Listing) -> Listing:
    """The list with a last item that ends where a heading stands, or is as long as the longest of the others."""
    last = listing.items[-1]
    longest = max((len(item.body) for item in listing.items[:-1]), default=0)
    end = next((at for at, unit in enumerate(last.body) if heading_like(unit) and at), len(last.body))
    last.body = last.body[: min(end, max(longest, 1))]
    return listing


def sections(pieces: Sequence[Unit], divided: Sequence[Listing]) -> Sequence[Listing]:
    """What stands below the heading of a passage, where no head of those `divided` is that heading; each sentence is an item. Only
    those of two or more."""
    heads = {_compact(listing.lead.folded) for listing in divided if listing.lead is not None}
    headed: dict[str, list[Unit]] = {}
    for unit in pieces:
        heading = unit.hit.chunk.heading
        if heading and not heading_like(unit):
            headed.setdefault(heading, []).append(unit)
    return [
        Listing(BODY, None, [Item(unit) for unit in held], 0)
        for heading, held in headed.items()
        if len(held) > 1 and _compact(heading.rpartition("›")[2]) not in heads
    ]


def _compact(heading: str) -> str:
    return "".join(folded_line(heading).split())


def series(pieces: Sequence[Unit]) -> Sequence[Listing]:
    """The runs of two units or more that semicolons join into one sentence, where the first is not an item like the second; what
    announces them (有下列情形之一的: …, 以下四类: 第一类 …) stands in the first."""
    runs: list[list[Unit]] = []
    last: Unit | None = None
    for before, unit in pairwise(pieces):
        if before.folded[-1] == ";" and unit.start - before.end <= ADJACENT:
            if before is last:
                runs[-1].append(unit)
            else:
                runs.append([before, unit])
            last = unit
    return [Listing(SERIES, None, list(map(Item, run)), 0) for run in runs if not _same_kind(*run[:2])]


def _same_kind(one: Unit, other: Unit) -> bool:
    """Whether two units open with enumerators of one kind."""
    signs = _sign(one), _sign(other)
    return signs[0] is not None and signs[1] is not None and signs[0][0] == signs[1][0]


def sharing(pieces: Sequence[Unit], core: str, number: int) -> Listing | None:
    """The first run of so many units that all open with the word that they share (坚持 …; 坚持 …), what little stands between two
    being the body of the first; None without one. What a unit opens with is its first clause; a word of one character must begin a
    quotation there (“求实”)."""
    word = core if len(core) > 1 else f"“{core}"
    opens = [at for at, unit in enumerate(pieces) if word in unit.sentence.clauses[0]]
    run: list[int] = []
    for at in [*opens, len(pieces) + GAP]:
        if run and at - run[-1] > GAP:
            if len(run) == number:
                break
            run = []
        run.append(at)
    else:
        return None
    ends = [*run[1:], run[-1] + 1]
    items = [Item(pieces[at], list(pieces[at + 1 : end])) for at, end in zip(run, ends, strict=True)]
    return Listing(SHARED, pieces[run[0] - 1] if run[0] else None, items, number)


def alike_heads(pieces: Sequence[Unit]) -> Sequence[Listing]:
    """The lists whose items are headings without numbers that open with the same two characters (聚焦…, 聚焦…), each with what stands
    below it; only those of three or more."""
    opened: dict[str, list[int]] = {}
    for at, unit in enumerate(pieces):
        if heading_like(unit) and _sign(unit) is None and len(unit.folded) >= HEAD_CHARS:
            opened.setdefault(unit.folded.lstrip("#")[:2], []).append(at)
    found = []
    for heads in opened.values():
        if len(heads) >= FEWEST_HEADS:
            ends = [*heads[1:], len(pieces)]
            items = [Item(pieces[at], list(pieces[at + 1 : end])) for at, end in zip(heads, ends, strict=True)]
            found.append(_ended(Listing(SHARED, pieces[heads[0] - 1] if heads[0] else None, items, len(heads))))
    return found


def headed(pieces: Sequence[Unit], core: str, number: int) -> Listing | None:
    """So many headings of a document, no more, that hold the word that they share, each with what stands below it."""
    word = core if len(core) > 1 else f"“{core}"
    heads = [at for at, unit in enumerate(pieces) if heading_like(unit) and word in unit.folded]
    if len(heads) != number:
        return None
    items = [
        Item(pieces[at], list(pieces[at + 1 : end])) for at, end in zip(heads, [*heads[1:], len(pieces)], strict=True)
    ]
    return _ended(Listing(SHARED, pieces[heads[0] - 1] if heads[0] else None, items, number))
