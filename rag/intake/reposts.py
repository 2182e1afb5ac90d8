"""Reposts: the same article again with another site's banner, other line breaks, a corrected comma. Folded into the first.

Precision before recall, for two notices of one form are not one notice: a repost has the title of the first, no other
place, the same numbers, and shares at least 0.9 of the 8-character shingles (Jaccard) of all passages.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from rag.types import Document, Entry

SHINGLE = 8
ALIKE = 0.9
MAX_COMPARED = 20
# A body of 3,000 characters takes some 300 KB.
CACHED = 64

_NOT_WORDS = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Body:
    """What two articles are compared by."""

    shingles: frozenset[str]
    numbers: Counter[str]
    place: str | None

    def repeats(self, other: Body) -> bool:
        """Whether these are one article."""
        elsewhere = self.place is not None and other.place is not None and self.place != other.place
        if elsewhere or self.numbers != other.numbers:
            return False
        shared = len(self.shingles & other.shingles)
        return shared >= ALIKE * (len(self.shingles) + len(other.shingles) - shared)


def body(entry: Entry) -> Body:
    """The letters, digits and characters of an article's passages, widths folded, as overlapping runs of eight."""
    text = entry.document.text
    words = _letters("".join(text[chunk.start : chunk.end] for chunk in entry.chunks))
    shingles = frozenset(words[at : at + SHINGLE] for at in range(max(1, len(words) - SHINGLE + 1)))
    return Body(shingles, Counter(_NUMBER.findall(words)), entry.document.place)


@dataclass(slots=True)
class Reposts:
    """The articles known so far, by title. `entry` reads one of them by id; None when it is not there any more."""

    entry: Callable[[str], Entry | None]
    _titles: dict[str, list[str]] = field(default_factory=dict)
    _bodies: dict[str, Body] = field(default_factory=dict)

    def add(self, documents: Iterable[Document]) -> None:
        """Makes documents known; their texts are read only when an article of the same title comes."""
        for item in documents:
            known = self._titles.setdefault(_letters(item.title), [])
            if item.id not in known:
                known.append(item.id)

    def first(self, entry: Entry) -> Entry | None:
        """The known article that this one repeats with small differences; None when there is none, or this one is known.

        Of one title at most the 20 articles known longest are compared.
        """
        known = self._titles.get(_letters(entry.document.title), [])
        if not known or entry.document.id in known:
            return None
        own = body(entry)
        candidates = (self.entry(name) for name in known[:MAX_COMPARED])
        return next((each for each in candidates if each is not None and own.repeats(self._body(each))), None)

    def _body(self, entry: Entry) -> Body:
        name = entry.document.id
        if name not in self._bodies:
            if len(self._bodies) >= CACHED:
                self._bodies.clear()
            self._bodies[name] = body(entry)
        return self._bodies[name]


def _letters(text: str) -> str:
    return _NOT_WORDS.sub("", unicodedata.normalize("NFKC", text)).casefold()
