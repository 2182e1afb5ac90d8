"""The pieces that answers are made of: sentences of the retrieved passages, with exact ranges."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.analysis import fold
from rag.documents.sentences import sentences
from rag.types import Hit

LEAD_CHARS = 18
QUESTION_CHARS = 40
_ENUMERATED = re.compile(
    r"(?:[一二三四五六七八九十]+(?:是|要|、|,)|第[一二三四五六七八九十\d]+(?:[条章款点个]|,|、)?|[((][一二三四五六七八九十\d]+[))]|\d{1,2}[.、](?!\d)|"
    r"首先|其次|再次|最后|同时|此外|另外)"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence of a hit: `text[start:end]` of its document. `folded` is without white space; `rank` is the hit's place
    in the order (0 first); `led` says that it opens with a short sentence of its own."""

    document_id: str
    start: int
    end: int
    folded: str
    hit: Hit
    rank: int
    led: bool

    @property
    def enumerated(self) -> bool:
        """Whether it is an item of a list: it opens with an enumerator (一是, 第二, (三), 4.) or with a few words that
        announce it and stand as a sentence (盘活资产。)."""
        return self.led or bool(_ENUMERATED.match(self.folded))

    @property
    def length(self) -> int:
        """Characters of the exact range."""
        return self.end - self.start


def units(hits: Sequence[Hit], texts: Mapping[str, str]) -> Sequence[Unit]:
    """The sentences of the hits, hit by hit, none twice, white space trimmed at their ends."""
    found: list[Unit] = []
    seen: set[tuple[str, int]] = set()
    for rank, hit in enumerate(hits):
        chunk = hit.chunk
        text = texts[chunk.document_id]
        ranges = [_trimmed(text, start, end) for start, end in sentences(text, chunk.start, chunk.end)]
        joined = _with_leads([(start, end) for start, end in ranges if end > start], text)
        folded = ["".join(fold(text[start:end]).text.split()) for start, end, _ in joined]
        for i, (start, end, led) in enumerate(joined):
            if (chunk.document_id, start) in seen:
                continue
            seen.add((chunk.document_id, start))
            found.append(Unit(chunk.document_id, start, end, folded[i], hit, rank, led))
    return found


def _with_leads(ranges: Sequence[tuple[int, int]], text: str) -> list[tuple[int, int, bool]]:
    """Sentences with the few words that announce them (“二是夯实基础。” alone says nothing), and whether they have such."""
    joined: list[tuple[int, int, bool]] = []
    for start, end in ranges:
        before = joined[-1] if joined else None
        if before and _announces(text[before[0] : before[1]]) and "\n" not in text[before[0] : start]:
            joined[-1] = (before[0], end, True)
        else:
            joined.append((start, end, False))
    return joined


def _announces(sentence: str) -> bool:
    """Whether a sentence only leads to the next: a few words, or a short question that the text answers itself."""
    return len(sentence) <= LEAD_CHARS or (len(sentence) <= QUESTION_CHARS and sentence[-1] in "？?")


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
