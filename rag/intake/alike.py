"""Whether two articles are one, told by where their texts part, letter by letter.

A repost gives an article another title, byline or note around it, leaves a paragraph out, mends a letter. Two articles of one
form (the notice of another county, of another year) part inside their sentences: at a name, a figure, a date. So the texts are laid
over each other along the runs that they share, and each place where they part is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np

from rag.sketch import SHINGLE, Codes, Hashes, body, codes_of, counted, letters, shingles
from rag.types import Document, Entry

# Shares of the letters of the shorter text and of the longer: a paragraph may be cut, a note added. At these, and at any higher
# ones, no two articles of one form made from 400 real ones were folded; at .85 and .6 a tenth of short reposts with a note was not.
SHARED: Final = 0.7
KEPT: Final = 0.5
MIN_LETTERS: Final = 40
MAX_RUNS: Final = 64
# Letters mended, in all; letters of a line put in; letters at the two ends that sites write otherwise.
SLIPS: Final = 3
LINE: Final = 6
HEAD: Final = 200
TAIL: Final = 60
# Share of character pairs at which two beginnings or ends are one form filled in twice.
FORM: Final = 0.3
MONTHS: Final = 3

_BREAKS: Final = "。！？!?；;：:…"
_DIVISIONS: Final = "省市县区旗盟州镇乡村街"
_NUMBERED: Final = re.compile(r"((?:19|20)\d\d)年?|([一二三四五六七八九十\d]+)(批|期|届|次|号|轮|季度|月)")
_STAGES: Final = ("征求意见", "草案", "送审稿", "讨论稿", "公示", "更正", "废止", "补充")


@dataclass(frozen=True, slots=True)
class Run:
    """Letters that two texts share: `one[i : i + size] == other[j : j + size]`."""

    i: int
    j: int
    size: int


@dataclass(frozen=True)
class Body:
    """What an article is compared by."""

    entry: Entry

    @property
    def document(self) -> Document:
        """The article itself."""
        return self.entry.document

    @cached_property
    def text(self) -> str:
        """Its passages, a line each."""
        return body(self.entry)

    @cached_property
    def codes(self) -> Codes:
        """The code points of its letters and digits, as they count."""
        return letters(self.text)

    @cached_property
    def words(self) -> str:
        """The same as text."""
        return _text(self.codes)

    @cached_property
    def title(self) -> str:
        """The letters and digits of its title."""
        return _text(letters(self.document.title))

    @cached_property
    def numbered(self) -> dict[str, set[str]]:
        """The years, batches, months … that its title names, by their kind."""
        found: dict[str, set[str]] = {}
        for year, number, kind in _NUMBERED.findall(self.document.title):
            found.setdefault(kind, set()).add(year or number)
        return found

    @cached_property
    def begins(self) -> Sequence[bool]:
        """Whether a line or a sentence begins at each letter, and True for the end."""
        kept = np.flatnonzero(counted(codes_of(self.text)))
        breaks = np.fromiter((char.isspace() or char in _BREAKS for char in self.text), np.int64, len(self.text))
        return [True, *(np.diff(np.cumsum(breaks)[kept]) > 0).tolist(), True]

    @cached_property
    def single(self) -> tuple[Hashes, Codes]:
        """The shingles that it has once, ascending, and where each begins."""
        values, first, counts = np.unique(shingles(self.codes), return_index=True, return_counts=True)
        return values[counts == 1], first[counts == 1]


@dataclass(frozen=True, slots=True)
class Gap:
    """Where two texts part, between two runs or outside of all: `one.words[i:x]` against `other.words[j:y]`."""

    i: int
    x: int
    j: int
    y: int
    head: bool
    tail: bool


def alike(one: Body, other: Body) -> bool:
    """Whether these are one article."""
    if _titled_apart(one, other) or _differ(one.document.doc_number, other.document.doc_number):
        return False
    runs = shared(one, other)
    held = sum(run.size for run in runs)
    least, most = sorted((len(one.words), len(other.words)))
    if held < max(MIN_LETTERS, SHARED * least, KEPT * most):
        return False
    found = list(gaps(runs, len(one.words), len(other.words)))
    slips = [_slips(gap, one, other) for gap in found]
    if any(count is None for count in slips) or sum(count or 0 for count in slips) > SLIPS:
        return False
    return not _elsewhere(found, one, other) and not _at_another_time(runs, one, other)


def longer(one: Body, other: Body) -> bool:
    """Whether the first of two that are alike holds a line of the article that the second has not: not just more around it."""
    found = gaps(shared(one, other), len(one.words), len(other.words))
    return sum((gap.x - gap.i) - (gap.y - gap.j) for gap in found if not gap.head) >= LINE


def shared(one: Body, other: Body) -> list[Run]:
    """The runs of letters that two texts share, in the order of both; none when they lie so much apart that there are over 64.

    They are found by the shingles that each text has once, and are as long as they can be.
    """
    (mine, at), (yours, till) = one.single, other.single
    _, first, second = np.intersect1d(mine, yours, assume_unique=True, return_indices=True)
    order = np.argsort(at[first])
    i, j = at[first][order], till[second][order]
    parted = np.flatnonzero((np.diff(j - i) != 0) | (np.diff(i) > SHINGLE)) + 1
    runs: list[Run] = []
    for begin, after in pairwise([0, *parted.tolist(), len(i)] if len(i) else ()):
        run = Run(int(i[begin]), int(j[begin]), int(i[after - 1] - i[begin]) + SHINGLE)
        # Between two such shingles may be others that come again.
        if runs and one.words[runs[-1].i : run.i] == other.words[runs[-1].j : run.j]:
            run = Run(runs[-1].i, runs[-1].j, run.i + run.size - runs.pop().i)
        runs.append(run)
        if len(runs) > MAX_RUNS:
            return []
    return _stretched(_rising(runs), one.words, other.words)


def gaps(runs: Sequence[Run], one: int, other: int) -> Iterator[Gap]:
    """What lies between the runs, before the first and after the last, in texts of these lengths."""
    i = j = 0
    for at, run in enumerate([*runs, Run(one, other, 0)]):
        if i < run.i or j < run.j:
            yield Gap(i, run.i, j, run.j, head=at == 0, tail=at == len(runs))
        i, j = run.i + run.size, run.j + run.size


def _rising(runs: Sequence[Run]) -> list[Run]:
    """Those of the runs, in order of `i`, that rise in `j` as well and together are the longest."""
    best: list[tuple[int, int]] = []
    for at, run in enumerate(runs):
        before = [(best[k][0], -k) for k in range(at) if runs[k].j < run.j]
        longest, k = max(before, default=(0, 1))
        best.append((longest + run.size, -k))
    at = max(range(len(runs)), key=lambda k: best[k][0], default=-1)
    chain: list[Run] = []
    while at >= 0:
        chain.append(runs[at])
        at = best[at][1]
    return chain[::-1]


def _stretched(runs: Sequence[Run], one: str, other: str) -> list[Run]:
    """Each run as far to both sides as the texts agree and no other run is; runs that meet are one."""
    made: list[Run] = []
    low_i = low_j = 0
    for run, after in pairwise([*runs, Run(len(one), len(other), 0)]):
        cut = max(0, low_i - run.i, low_j - run.j)
        i, j, size = run.i + cut, run.j + cut, run.size - cut
        if size <= 0:
            continue
        while i > low_i and j > low_j and one[i - 1] == other[j - 1]:
            i, j, size = i - 1, j - 1, size + 1
        while i + size < after.i and j + size < after.j and one[i + size] == other[j + size]:
            size += 1
        if made and (i, j) == (low_i, low_j):
            last = made.pop()
            i, j, size = last.i, last.j, last.size + size
        made.append(Run(i, j, size))
        low_i, low_j = i + size, j + size
    return made


def _slips(gap: Gap, one: Body, other: Body) -> int | None:
    """How many mended letters a gap is, 0 where it is what a repost adds or leaves out; None where one article would not part."""
    mine, yours = one.words[gap.i : gap.x], other.words[gap.j : gap.y]
    figures = any(map(str.isnumeric, mine + yours))
    if mine and yours:
        if sorted(mine) == sorted(yours) and not figures:
            return 0
        if gap.head:
            return 0 if _is_around(_untitled(mine, one.title), _untitled(yours, other.title), HEAD) else None
        if gap.tail:
            both = any(map(str.isnumeric, mine)) and any(map(str.isnumeric, yours))
            return 0 if not both and _is_around(mine, yours, TAIL) else None
        names = any(char in _DIVISIONS for char in one.words[gap.i : gap.x + 2])
        return 1 if len(mine) == len(yours) == 1 and not figures and not names else None
    whole = _is_whole(one, gap.i, gap.x) if mine else _is_whole(other, gap.j, gap.y)
    if gap.head or gap.tail or (whole and len(mine or yours) >= LINE):
        return 0
    return 1 if len(mine or yours) <= 2 and not figures else None


def _is_around(mine: str, yours: str, most: int) -> bool:
    """Whether two beginnings or ends are what sites put around an article, and not one form filled in twice."""
    if mine in yours or yours in mine:
        return True
    pairs = [{text[at : at + 2] for at in range(len(text) - 1)} for text in (mine, yours)]
    return min(len(mine), len(yours)) <= most and len(pairs[0] & pairs[1]) <= FORM * min(map(len, pairs))


def _untitled(words: str, title: str) -> str:
    """The words without the title that they begin with, nothing where they are a part of it."""
    return "" if title.startswith(words) else words.removeprefix(title)


def _is_whole(one: Body, start: int, end: int) -> bool:
    """Whether letters are whole lines or sentences. Where what they begin with stands after them too, the same letters may be
    taken a little further on, or back: one way must do."""
    words = one.words
    first = last = 0
    while start + first > 0 and words[start + first - 1] == words[end + first - 1]:
        first -= 1
    while end + last < len(words) and words[start + last] == words[end + last]:
        last += 1
    return any(one.begins[start + by] and one.begins[end + by] for by in range(first, last + 1))


def _titled_apart(one: Body, other: Body) -> bool:
    """Whether titles tell two articles: of other years, months, batches, of another stage, or with other words in the same place."""
    if any(one.numbered[kind] != other.numbered[kind] for kind in one.numbered.keys() & other.numbered.keys()):
        return True
    least = min(len(one.title), len(other.title))
    head = next((at for at in range(least) if one.title[at] != other.title[at]), least)
    tail = next((at for at in range(least - head) if one.title[-1 - at] != other.title[-1 - at]), least - head)
    if 2 * (head + tail) < least:
        return False
    return head + tail < least or any((stage in one.title) != (stage in other.title) for stage in _STAGES)


def _elsewhere(found: Sequence[Gap], one: Body, other: Body) -> bool:
    """Whether the articles are of two places, and name them where they part. (A new title alone can have a place read otherwise.)"""
    here, there = one.document.place or "", other.document.place or ""
    if not here or not there or here.startswith(there) or there.startswith(here):
        return False
    mine = [one.words[gap.i : gap.x] for gap in found]
    yours = [other.words[gap.j : gap.y] for gap in found]
    return _names_place(one.document, mine) or _names_place(other.document, yours)


def _names_place(document: Document, parts: Sequence[str]) -> bool:
    """Whether one of the parts holds the words that the document's place was read from; also when nobody knows these words."""
    shown = [
        _text(letters(document.text[each.start : each.end])) for each in document.evidence if each.field == "place"
    ]
    return not any(shown) or any(words and words in part for words in shown for part in parts)


def _at_another_time(runs: Sequence[Run], one: Body, other: Body) -> bool:
    """Whether the articles were published more than three months apart, and what they share does not name the year of the first."""
    first, last = sorted((one.document.published or "", other.document.published or ""))
    if not first or _months_apart(first, last) <= MONTHS:
        return False
    return not any(first[:4] in one.words[run.i : run.i + run.size] for run in runs)


def _months_apart(one: str, other: str) -> int:
    """Months between two days or months; where only a year is known, full years."""
    years = int(other[:4]) - int(one[:4])
    return 12 * years + (int(other[5:7]) - int(one[5:7]) if len(one) > 4 and len(other) > 4 else 0)


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _text(codes: Codes) -> str:
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
