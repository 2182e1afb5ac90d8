"""The pieces that answers are made of: sentences of the retrieved passages, with exact ranges."""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Final, NamedTuple

from rag.analysis import fold
from rag.answering.looks import body
from rag.documents.cells import Row
from rag.documents.sentences import sentences
from rag.documents.tables import rows_in
from rag.types import Chunk, Hit

LEAD_CHARS: Final = 18
QUESTION_CHARS: Final = 40
CAPACITY: Final = 8_000
_ENUMERATED = re.compile(
    r"(?:[一二三四五六七八九十]+(?:是|要|、|,)|第[一二三四五六七八九十\d]+(?:[条章款点个]|,|、)?|[((][一二三四五六七八九十\d]+[))]|\d{1,2}[.、](?!\d)|"
    r"首先|其次|再次|最后|同时|此外|另外)"
)
_CLAUSE = re.compile(r"[^,。!?;:]+[,。!?;:]*")
_LEAD = re.compile(r"(?:如下|以下)[^,。;]{0,12}[:。]?$|:$")
_FIGURE = re.compile(r"\d+")
_CIRCLED = re.compile("[①-⑳]")
# A short line with a figure and its unit is a row or an item (80—89周岁 每人每月100元), no heading.
_COUNTED = re.compile(r"\d[余多]?[万亿]?(?:元|%|周?岁|人|名|天|个|家|套|户|次|分|亩|平方|公里|小时|工作日)")
_NAME = re.compile(r"“[^“”]{1,24}”|《[^《》]{1,60}》")
_HEADING_CHARS: Final = 40
_MARKS: Final = "。!?;,…)."

SIGNS: Final = ("enumerated", "run", "figure", "lead", "title", "inquiry", "length")
"""What is seen of a sentence whatever the question: `enumerated`: item of a list; `run`: length of its longest enumeration, 1 at
eight; `figure`: holds a digit; `lead`: announces what follows; `title`: stands like a heading; `inquiry`: itself a question;
`length`: log2 of its characters, 1 at 256. Each in 0..1 but the last."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage: `text[start:end]` of its document. `folded` is without white space, `clauses` are its parts
    up to a comma; `led` says that it opens with a short sentence of its own; `runs` are the lengths of the enumerations inside
    it: of parts that 、 separates, of quoted names, of clauses. `matter` is `folded` without the agency, place and date that open
    a news report; `figure` says that it holds a digit, `announcing` that it leads to what follows (如下:), `heading` that it stands
    like a heading: short, without a mark at its end, or with a name in quotation marks there (让“英雄”有“用武之地”), but not with
    speech (…。”), and without a figure and its unit (a row of a table); `opens` that what follows stands below it, as below a question, a heading or an
    announcement; `enumerated` that it is an item of a list: it opens with an enumerator (一是, 第二, (三), 4.) or with a few words
    that stand as a sentence (盘活资产。). `signs` are the values of SIGNS. A `row` of a table is read as `row.said`.
    """

    start: int
    end: int
    folded: str
    clauses: tuple[str, ...]
    led: bool
    runs: frozenset[int]
    matter: str
    figure: bool
    announcing: bool
    heading: bool
    opens: bool
    enumerated: bool
    signs: tuple[float, ...]
    row: Row | None = None


class Unit(NamedTuple):
    """A sentence of a hit. `rank` is the hit's place in the order (0 first), `place` the sentence's in its passage (0 first) of
    `among`."""

    document_id: str
    sentence: Sentence
    hit: Hit
    rank: int
    place: int
    among: int

    @property
    def start(self) -> int:
        """Where it starts in the document's text."""
        return self.sentence.start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.sentence.end

    @property
    def folded(self) -> str:
        """Its folded text without white space."""
        return self.sentence.folded

    @property
    def enumerated(self) -> bool:
        """Whether it is an item of a list."""
        return self.sentence.enumerated

    @property
    def length(self) -> int:
        """Characters of the exact range."""
        return self.sentence.end - self.sentence.start


class SentenceCache:
    """The sentences of the most recently used passages. Ids of passages are content hashes: what is kept stays true. Safe to
    use from several threads."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._kept: OrderedDict[int, tuple[Sentence, ...]] = OrderedDict()
        self._lock = Lock()

    def get(self, chunk: Chunk, text: str) -> tuple[Sentence, ...]:
        """The sentences of a passage of `text`, in order, white space trimmed at their ends."""
        with self._lock:
            kept = self._kept.get(chunk.id)
            if kept is not None:
                self._kept.move_to_end(chunk.id)
                return kept
        found = _sentences(text, chunk.start, chunk.end)
        with self._lock:
            self._kept[chunk.id] = found
            while len(self._kept) > self._capacity:
                self._kept.popitem(last=False)
        return found


def units(hits: Sequence[Hit], texts: Mapping[str, str], cache: SentenceCache | None = None) -> Sequence[Unit]:
    """The sentences of the hits, hit by hit, none twice."""
    kept = cache or SentenceCache()
    found: list[Unit] = []
    seen: set[tuple[str, int]] = set()
    for rank, hit in enumerate(hits):
        document = hit.chunk.document_id
        held = kept.get(hit.chunk, texts[document])
        for place, sentence in enumerate(held):
            if (document, sentence.start) not in seen:
                seen.add((document, sentence.start))
                found.append(Unit(document, sentence, hit, rank, place, len(held)))
    return found


def _sentences(text: str, first: int, last: int) -> tuple[Sentence, ...]:
    ranges = [_trimmed(text, start, end) for start, end in sentences(text, first, last)]
    rows, silent = rows_in(text, first, last)
    spans = [(start, end) for start, end in ranges if end > start and start not in silent]
    found = []
    for start, end, led in _with_leads(spans, text):
        row = rows.get(start)
        if row is not None and row.end == end:
            found.append(_sentence(start, end, "".join(fold(row.said).text.split()), row=row))
        else:
            folded = "".join(fold(_CIRCLED.sub(_dotted, text[start:end])).text.split())
            found.append(_sentence(start, end, folded, led=led))
    return tuple(found)


def _sentence(start: int, end: int, folded: str, *, led: bool = False, row: Row | None = None) -> Sentence:
    clauses = tuple(_CLAUSE.findall(folded)) or (folded,)
    runs = _runs(folded, clauses) if row is None else frozenset[int]()
    figure = any(map(str.isdigit, folded))
    announcing = bool(_LEAD.search(folded))
    heading = (
        len(folded) <= _HEADING_CHARS
        and folded.rstrip('”"』」')[-1:] not in ("", *_MARKS)
        and not _COUNTED.search(folded)
    )
    enumerated = led or bool(_ENUMERATED.match(folded))
    run = min(max(runs, default=0), 8) / 8
    length = min(math.log2(len(folded) + 1) / 8, 1.25)
    return Sentence(
        start,
        end,
        folded,
        clauses,
        led,
        runs,
        matter=body(folded),
        figure=figure,
        announcing=announcing,
        heading=heading,
        opens=announcing or heading or "?" in folded[:QUESTION_CHARS],
        enumerated=enumerated,
        signs=(*map(float, (enumerated, run, figure, announcing, heading, folded[-1] == "?")), length),
        row=row,
    )


def _dotted(match: re.Match[str]) -> str:
    """①, which folds to a bare 1, as the 1. that it stands for."""
    return f"{ord(match[0]) - ord('①') + 1}."


def _with_leads(ranges: Sequence[tuple[int, int]], text: str) -> list[tuple[int, int, bool]]:
    """Sentences with the few words that announce them (“二是夯实基础。” alone says nothing), and whether they have such. What
    follows a semicolon ends a row of parts and announces nothing."""
    joined: list[tuple[int, int, bool]] = []
    for start, end in ranges:
        before = joined[-1] if joined else None
        if (
            before
            and _announces(text[before[0] : before[1]])
            and not (len(joined) > 1 and text[joined[-2][1] - 1] in ";；")
            and "\n" not in text[before[0] : start]
            and not _ENUMERATED.match(fold(text[start:end]).text)
        ):
            joined[-1] = (before[0], end, True)
        else:
            joined.append((start, end, False))
    return joined


def _runs(folded: str, clauses: Sequence[str]) -> frozenset[int]:
    counts = {clause.count("、") + 1 for clause in clauses}
    return frozenset(count for count in (*counts, len(_NAME.findall(folded)), len(clauses)) if count > 1)


def _announces(sentence: str) -> bool:
    """Whether a sentence only leads to the next: a few words, or a short question that the text answers itself."""
    return (len(sentence) <= LEAD_CHARS and sentence[-1] not in ";；") or (
        len(sentence) <= QUESTION_CHARS and sentence[-1] in "？?"
    )


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))


def alike(one: Unit, other: Unit) -> bool:
    """Whether two sentences say nearly the same: a Jaccard of 0.6 or more over their bigrams, and no other figures."""
    folded, against = one.sentence.folded, other.sentence.folded
    if not 0.6 * len(folded) <= len(against) + 1 or not 0.6 * len(against) <= len(folded) + 1:
        return False
    if _figures(folded) != _figures(against):
        return False
    first, second = _pairs(folded), _pairs(against)
    both = len(first & second)
    return both >= 0.6 * (len(first) + len(second) - both) if first and second else folded == against


@lru_cache(maxsize=4_096)
def _figures(folded: str) -> tuple[str, ...]:
    return tuple(_FIGURE.findall(folded))


@lru_cache(maxsize=4_096)
def folded_line(line: str) -> str:
    """A title, heading or context folded. Kept: the same few stand above all sentences of an answer."""
    return fold(line).text


@lru_cache(maxsize=4_096)
def _pairs(folded: str) -> frozenset[str]:
    return frozenset(folded[i : i + 2] for i in range(len(folded) - 1))
