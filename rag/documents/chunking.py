"""Passages: 80 to 400 characters of whole sentences, never over a section's heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from rag.documents.marks import is_item
from rag.documents.paragraphs import Paragraph, Start
from rag.documents.sentences import split
from rag.documents.tables import Table

MIN_CHARS: Final = 80
MAX_CHARS: Final = 400
IDEAL_CHARS: Final = 240
LONG_SENTENCE: Final = 600
MANY_ATOMS: Final = 200
COARSE_CHARS: Final = 40
HELD_TOGETHER: Final = (
    1.0  # more than a passage of 400 characters costs beside two of 200: a table that fits stays whole
)
LEAD_CHARS: Final = 18  # a sentence this short inside a paragraph names what the next ones say

_CLAUSE: Final = re.compile(r"[^；;]*[；;]?")
_COMMA: Final = re.compile(r"[^，,、\s]*[，,、\s]*")


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage `text[start:end]` under a path of headings."""

    start: int
    end: int
    path: tuple[str, ...]


class _Atom(NamedTuple):
    """A piece that is never cut: a sentence, or a row of a table. `cost` is the price of beginning a passage with it, `under` the
    lines that a row stands under: what calls its table, and the names of its columns."""

    start: int
    end: int
    cost: float
    path: tuple[str, ...]
    heading: bool
    under: tuple[str, ...] = ()


def passages(text: str, paragraphs: Sequence[Paragraph], head: int = 0) -> list[Passage]:
    """The passages of an article, in order: together they hold every character of its paragraphs but white space.

    `paragraphs[:head]` are the title and byline: they go with what follows unless chrome parts them.
    """
    found: list[Passage] = []
    for section in _sections(paragraphs, head):
        found.extend(_packed(_atoms(text, section)))
    return found


def _sections(paragraphs: Sequence[Paragraph], head: int) -> Iterator[list[Paragraph]]:
    section: list[Paragraph] = []
    bare = True
    for at, paragraph in enumerate(paragraphs):
        begins = paragraph.starts is Start.SECTION and not bare
        if section and (paragraph.parted or begins):
            yield section
            section, bare = [], True
        section.append(paragraph)
        bare = bare and (at < head or paragraph.heading)
    if section:
        yield section


def _atoms(text: str, section: Sequence[Paragraph]) -> list[_Atom]:
    atoms: list[_Atom] = []
    glued = False
    for paragraph in section:
        first, after = True, 0
        if paragraph.table is not None:
            atoms.extend(_row(text, paragraph, paragraph.table, glued, bool(atoms)))
            glued = paragraph.table.opens(paragraph.lines[0].start)
            continue
        for start, end in split(text, paragraph.lines, clauses=False):
            for piece_start, piece_end in _pieces(text, start, end):
                cost = 9.0 if glued else _cost(text, piece_start, piece_end, paragraph, first, after)
                atoms.append(_Atom(piece_start, piece_end, cost, paragraph.path, paragraph.heading))
                first = glued = False
                after = piece_end - piece_start
        glued = paragraph.heading
    return atoms


def _cost(text: str, start: int, end: int, paragraph: Paragraph, first: bool, before: int) -> float:
    """The price of a break before a sentence; `before` is the length of the sentence before it in the paragraph."""
    if first:
        return -0.3 if paragraph.starts is not Start.NONE else 0.0
    if before <= LEAD_CHARS:
        return 2.0
    if end - start <= LEAD_CHARS and end < paragraph.lines[-1].end:
        return 0.2
    words = text[start : min(end, start + 24)]
    return 0.2 if is_item(words) else 0.8


def _row(text: str, paragraph: Paragraph, table: Table, glued: bool, goes_on: bool) -> Iterator[_Atom]:
    """A row of a table, uncut unless it is very long: a table stays whole where it fits, and below the line that calls it."""
    start, end = paragraph.lines[0].start, paragraph.lines[-1].end
    held = start != table.start or (goes_on and bool(table.caption))
    cost = 9.0 if glued else HELD_TOGETHER if held else 0.0
    under = () if table.opens(start) else tuple(line for line in table.over if line not in paragraph.path)
    for first, last in _pieces(text, start, end):
        yield _Atom(first, last, cost, paragraph.path, False, under)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence of up to 600 characters whole; a longer one cut after ；, else after ，, else at 400 characters."""
    if end - start <= LONG_SENTENCE:
        yield start, end
        return
    for clause_start, clause_end in _cut(text, start, end, _CLAUSE):
        if clause_end - clause_start <= LONG_SENTENCE:
            yield from _trimmed(text, clause_start, clause_end)
            continue
        for part_start, part_end in _cut(text, clause_start, clause_end, _COMMA):
            for at in range(part_start, part_end, MAX_CHARS):
                yield from _trimmed(text, at, min(part_end, at + MAX_CHARS))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The range without the white space around it; nothing where it holds nothing else."""
    words = text[start:end]
    lead = len(words) - len(words.lstrip())
    if lead < len(words):
        yield start + lead, start + len(words.rstrip())


def _cut(text: str, start: int, end: int, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Ranges of at most 400 characters where the pattern allows, cut after its matches."""
    first = at = start
    while at < end:
        match = pattern.match(text, at, end)
        until = match.end() if match is not None and match.end() > at else at + 1
        if until - first > MAX_CHARS and at > first:
            yield first, at
            first = at
        at = until
    yield first, end


def _packed(atoms: Sequence[_Atom]) -> Iterator[Passage]:
    """Atoms joined into passages at the least cost: sizes near 240, breaks where a paragraph or an item begins."""
    if not atoms:
        return
    if atoms[-1].end - atoms[0].start <= IDEAL_CHARS + MIN_CHARS:
        yield Passage(atoms[0].start, atoms[-1].end, _shared(atoms))
        return
    atoms = _coarse(atoms)
    back = _best_cuts(atoms)
    cuts = [len(atoms)]
    while cuts[-1]:
        cuts.append(back[cuts[-1]])
    cuts.reverse()
    for at, until in pairwise(cuts):
        yield Passage(atoms[at].start, atoms[until - 1].end, _shared(atoms[at:until]))


def _coarse(atoms: Sequence[_Atom]) -> Sequence[_Atom]:
    """The atoms; where they are very many, short ones joined with the next, so that the search stays linear."""
    if len(atoms) <= MANY_ATOMS:
        return atoms
    joined: list[_Atom] = []
    for atom in atoms:
        last = joined[-1] if joined else None
        if last is not None and atom.end - last.start <= COARSE_CHARS and (atom.cost or atom.path == last.path):
            joined[-1] = _Atom(last.start, atom.end, last.cost, last.path, last.heading and atom.heading)
        else:
            joined.append(atom)
    return joined


def _best_cuts(atoms: Sequence[_Atom]) -> list[int]:
    """For every number of atoms, where the last passage of the cheapest cut of that many begins."""
    starts = [atom.start for atom in atoms]
    best, back = [0.0], [0]
    for until, atom in enumerate(atoms, start=1):
        lowest, chosen = float("inf"), until - 1
        for at in range(until - 1, -1, -1):
            size = atom.end - starts[at]
            if size <= MAX_CHARS:
                cost = best[at] + _SIZE_COSTS[size] + (atoms[at].cost if at else 0.0)
            elif at == until - 1 or lowest == float("inf"):
                cost = best[at] + 6.0 + (size - MAX_CHARS) / 100 + (atoms[at].cost if at else 0.0)
            else:
                break
            if cost < lowest:
                lowest, chosen = cost, at
        best.append(lowest)
        back.append(chosen)
    return back


def _size_cost(size: int) -> float:
    """The price of a passage of up to 400 characters: least at 240, high under 80."""
    if size < MIN_CHARS:
        return 2.0 + 4.0 * (MIN_CHARS - size) / MIN_CHARS
    return ((size - IDEAL_CHARS) / 160) ** 2 * 0.6


_SIZE_COSTS: Final = tuple(_size_cost(size) for size in range(MAX_CHARS + 1))


def _shared(atoms: Sequence[_Atom]) -> tuple[str, ...]:
    """The path of headings that all sentences of a passage share, headings and what stands before the first one aside; below it what
    a table is called and its columns, where the passage holds nothing but rows of it."""
    paths = [atom.path for atom in atoms if atom.path and not atom.heading] or [atom.path for atom in atoms[-1:]]
    under = atoms[0].under if all(atom.under == atoms[0].under for atom in atoms) else ()
    if paths[0] == paths[-1]:
        return (*paths[0], *under)
    shared = 0
    while all(len(path) > shared and path[shared] == paths[0][shared] for path in paths):
        shared += 1
    return (*paths[0][:shared], *under)
