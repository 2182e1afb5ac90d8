"""What stands below one head inside a passage: the answer to a question, an article, a numbered point, lines below a short one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from rag.answering.listing import Item, Listing
from rag.answering.signals import heading_like
from rag.answering.units import Unit, folded_line

SECTION: Final = "section"
LINES: Final = "lines"
_HAN: Final = "一二三四五六七八九十百"
_SIGNS: Final = (
    (1, re.compile(rf"[{_HAN}]{{1,3}}、|第[{_HAN}\d]{{1,4}}[章节]")),
    (2, re.compile(rf"第[{_HAN}\d]{{1,5}}条(?:之[{_HAN}])?")),
    (3, re.compile(rf"[((][{_HAN}]{{1,3}}[))]")),
    (3, re.compile(rf"[{_HAN}]{{1,3}}(?:是|要)")),
    (4, re.compile(r"[((]?\d{1,2}(?:[))]|[.、](?!\d))")),
)
_FIRSTS: Final = frozenset(f"{_HAN}第(")
_ASKING: Final = re.compile(r"(?:问|q\d{0,2})[:、]?")
_END: Final = re.compile(r"[。?:]")
_STOPS: Final = "。;,!?"
HEADING, NUMBERED, QUESTION = 0, 2, 2
QUESTION_CHARS: Final = 40
LABEL_CHARS: Final = 40
FEWEST_LINES: Final = 2
LINE_CHARS: Final = 30


def divisions(pieces: Sequence[Unit]) -> Iterator[Listing]:
    """One a head: its sentences up to the next head of its rank or above, each an item; the head's own among them where it says
    more than its label. `pieces` are the units of one document in the order of the source."""
    ranks = [_rank(unit) for unit in pieces]
    for at, rank in enumerate(ranks):
        if rank is None or (rank == HEADING and (not at or _is_title(pieces[at]))):
            continue
        end = next((i for i in range(at + 1, len(pieces)) if (r := ranks[i]) is not None and r <= rank), len(pieces))
        head = pieces[at]
        held = pieces[at if _says_more(head) else at + 1 : end]
        if held:
            yield Listing(SECTION, head, list(map(Item, held)), 0, label_of(head))


def lines_below(pieces: Sequence[Unit]) -> Iterator[Listing]:
    """The runs of lines without a mark, a name or the like a line, below the line that announces them."""
    run: list[Unit] = []
    for unit in [*pieces, None]:
        if unit is not None and run and _is_line(unit) and unit.hit.chunk.heading == run[0].hit.chunk.heading:
            run.append(unit)
            continue
        if len(run) > FEWEST_LINES:
            yield Listing(LINES, run[0], list(map(Item, run[1:])), 0, label_of(run[0]))
        run = [unit] if unit is not None and unit.length <= LABEL_CHARS and unit.folded[-1] not in _STOPS else []


def _is_line(unit: Unit) -> bool:
    return heading_like(unit) and unit.length <= LINE_CHARS and _sign(unit)[0] is None


def label_of(unit: Unit) -> str:
    """What a head calls its section, folded: without its number or the mark of a question, up to the first mark."""
    start, end = _label(unit)
    return unit.folded[start:end][:LABEL_CHARS]


def _label(unit: Unit) -> tuple[int, int]:
    """Where the label of a head stands in its folded text."""
    start = _sign(unit)[1]
    asking = _ASKING.match(unit.folded, start)
    start = asking.end() if asking else start
    end = _END.search(unit.folded, start)
    return start, end.start() if end else len(unit.folded)


def _rank(unit: Unit) -> int | None:
    """How high a head stands, the lower the higher; None for a sentence that is none."""
    folded, sign = unit.folded, _sign(unit)[0]
    if sign is not None and sign <= NUMBERED:
        return sign
    if "?" in folded[:QUESTION_CHARS] and (folded[-1] == "?" or unit.sentence.led):
        return QUESTION if sign is None else min(sign, QUESTION)
    if heading_like(unit):
        return HEADING if sign is None else sign
    return sign if unit.sentence.led else None


def _is_title(unit: Unit) -> bool:
    """Whether a line is the title of its document, or a part of it: what stands below is the document."""
    chunk = unit.hit.chunk
    return unit.folded in "".join(folded_line(chunk.context.removesuffix(chunk.heading)).split())


def _sign(unit: Unit) -> tuple[int | None, int]:
    return _opening(unit.folded)


@lru_cache(maxsize=8192)
def _opening(folded: str) -> tuple[int | None, int]:
    """The rank of the number that a folded sentence opens with, and its length; None and 0 without one."""
    start = len(folded) - len(folded.lstrip("#"))
    first = folded[start : start + 1]
    if first in _FIRSTS or first.isdigit():
        for rank, pattern in _SIGNS:
            if match := pattern.match(folded, start):
                return rank, match.end()
    return None, start


def _says_more(head: Unit) -> bool:
    """Whether a head goes on after its label."""
    return _label(head)[1] + 1 < len(head.folded)
