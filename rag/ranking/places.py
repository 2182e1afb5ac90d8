"""Which documents speak for the places that a question names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.analysis import fold, tagged
from rag.gazetteer import ZONES, Mention, gazetteer, level_of_form, romanise, without_peoples
from rag.ranking.spelling import misspelt
from rag.types import Document, Level

_ZONE = "|".join(ZONES)
_SUFFIX = re.compile(rf"(?:{_ZONE}|自治[区州县旗]|特别行政区|新区|地区|街道|[省市县区州盟旗镇乡])$")
_ENGLISH_SUFFIX = re.compile(
    r"\b(?:county|city|district|province|banner|league|prefecture|town|township|new area)\b|[ -](?:xian|shi|qu|qi)\b",
    re.I,
)

_CAPITALISED = re.compile(r"\b[A-Z][a-z']{3,}\b")
REMEMBERED = 10_000
EXACT, INSIDE, AROUND, MENTIONED = 1.0, 0.9, 0.35, 0.6


@dataclass(frozen=True, slots=True)
class AskedPlace:
    """A place of the question with the documents that answer for it: document id → strength (1 the place itself, 0.9 a
    place inside it, 0.6 its text names the place, 0.35 a place around it). `held` is False when there is none of the first three.
    `written` is the name as texts in Chinese have it, folded; empty where the corpus does not tell. `meant` is the one place of
    the corpus that a name which no table knows may be misspelt for; empty where there is none."""

    name: str
    documents: Mapping[str, float]
    held: bool
    written: str = ""
    meant: str = ""

    def strength(self, document_id: str, text: str) -> float:
        """How far a passage of a document, given with its context, speaks for the place: as far as its document does, and
        one that names the place at least 0.6. Where only another passage of the document names it, half of that."""
        strength = self.documents.get(document_id, 0.0)
        if strength > MENTIONED:
            return strength
        if self.written and self.written in text:
            return MENTIONED
        return strength / 2 if strength == MENTIONED else strength

    def answered_by(self, document_id: str, text: str) -> bool:
        """Whether a passage may answer for the place: one of a document that only names the place must do so itself, unless
        no document speaks for it."""
        strength = self.strength(document_id, text)
        return strength >= MENTIONED or (0 < strength == MENTIONED / 2 and max(self.documents.values()) <= MENTIONED)


def short_name(name: str) -> str:
    """A place name without its level (祁东县 → 祁东, 阿兰藏族自治县 → 阿兰); names of two characters stay whole."""
    stripped = _SUFFIX.sub("", name)
    if name[len(stripped) :].startswith("自治"):
        stripped = without_peoples(stripped)
    return stripped if len(stripped) >= 2 else name


def _last_part(place: str) -> str:
    """The smallest division of a joined name (湖南省衡阳市祁东县 → 祁东县)."""
    return re.split(r"(?<=[省市州盟区县旗])(?=..)", place)[-1]


def groups(mentions: Sequence[Mention]) -> tuple[tuple[Mention, ...], ...]:
    """Mentions that name one place: neighbours in the text (福州市长乐区), or one inside another (Qian County in Shaanxi)."""
    grouped: list[list[Mention]] = []
    for mention in mentions:
        if grouped and (mention.start - grouped[-1][-1].end <= 0 or _nested(grouped[-1][-1], mention)):
            grouped[-1].append(mention)
        elif not any(mention.text == other.text for group in grouped for other in group):
            grouped.append([mention])
    return tuple(tuple(group) for group in grouped)


def _nested(first: Mention, second: Mention) -> bool:
    names = gazetteer()
    return any(
        names.within(a.code, b.code) or names.within(b.code, a.code)
        for a in first.candidates
        for b in second.candidates
    )


def finest(group: Sequence[Mention]) -> Mention:
    """The mention of a group that names the smallest division; the last of equals."""
    rank = {Level.PROVINCE: 0, Level.PREFECTURE: 1, Level.COUNTY: 2, Level.TOWNSHIP: 3}
    return max(group, key=lambda m: (max((rank[d.level] for d in m.candidates), default=3), m.start))


class PlaceIndex:
    """The places of a corpus, from its catalogue."""

    def __init__(self, catalogue: Sequence[Document]) -> None:
        self._by_place: dict[str, list[str]] = {}
        self._unknown: tuple[frozenset[str], Sequence[int]] | None = None
        self._contextual: frozenset[str] | None = None
        self._spellings: frozenset[str] | None = None
        self._found: dict[tuple[str, tuple[str, ...]], AskedPlace] = {}
        for document in catalogue:
            if document.place:
                self._by_place.setdefault(document.place, []).append(document.id)

    @property
    def places(self) -> Sequence[str]:
        """The distinct places of the corpus, sorted."""
        return sorted(self._by_place)

    def named(self, folded: str, taken: Sequence[Mention]) -> Sequence[Mention]:
        """Places of the corpus that a folded question names without their level (澄河 for 澄河县), outside the mentions
        already found: those that no table knows, and those whose short name the gazetteer takes for a place only in context
        (三明), where it stands as a word of its own."""
        free = list(folded)
        for mention in taken:
            free[mention.start : mention.end] = " " * (mention.end - mention.start)
        text = "".join(free)
        unknown, sizes = self._unknown_names()
        # One look at each place of the text: to look for each name of a large corpus in it takes ten times as long.
        first: dict[str, int] = {}
        for size in sizes:
            for at in range(len(text) - size + 1):
                if text[at : at + size] in unknown:
                    first.setdefault(text[at : at + size], at)
        found = [Mention(at, at + len(short), short, (), "unknown") for short, at in sorted(first.items())]
        if any(short in text for short in self._contextual_names()):
            found += self._as_words(text)
        return sorted(found, key=lambda mention: mention.start)

    def _as_words(self, text: str) -> Sequence[Mention]:
        found, at = [], 0
        for word, speech in tagged(text):
            if speech in ("ns", "nz") and word in self._contextual_names():
                found.append(Mention(at, at + len(word), word, (), "unknown"))
            at += len(word)
        return found

    def spelt(self, text: str, taken: Sequence[Mention]) -> Sequence[Mention]:
        """Places of the corpus that an English question spells without their kind (Chenghe for 澄河县): capitalised words
        that are the spelling of a place that no table knows, outside the mentions already found."""
        if self._spellings is None:
            self._spellings = frozenset(romanise(short) for short in self._unknown_names()[0])
        found = []
        for match in _CAPITALISED.finditer(text):
            inside = any(mention.start < match.end() and match.start() < mention.end for mention in taken)
            if not inside and match.group().lower() in self._spellings:
                found.append(Mention(match.start(), match.end(), match.group(), (), "unknown"))
        return found

    def _contextual_names(self) -> frozenset[str]:
        if self._contextual is None:
            find = gazetteer().mentions
            shorts = {short_name(_last_part(place)) for place in self._by_place}
            self._contextual = frozenset(s for s in shorts if len(s) >= 2 and not find(s)) - self._unknown_names()[0]
        return self._contextual

    def _unknown_names(self) -> tuple[frozenset[str], Sequence[int]]:
        """The short names that no table knows, folded, and the lengths that they have."""
        if self._unknown is None:
            last = {_last_part(place) for place in self._by_place}
            find = gazetteer().mentions
            unknown = {name for name in last if not any(mention.candidates for mention in find(name))}
            shorts = frozenset(fold(short_name(name)).text for name in unknown if len(short_name(name)) >= 2)
            self._unknown = shorts, sorted(set(map(len, shorts)))
        return self._unknown

    def find(self, group: Sequence[Mention]) -> AskedPlace:
        """The documents of a place, by metadata alone."""
        target = finest(group)
        officials = tuple(gazetteer().official(division.code) for division in target.candidates)
        known = self._found.get((target.text, officials))
        if known is not None:
            return known
        found: dict[str, float] = {}
        for place in self._likely(target, officials):
            strength = self._strength(target, officials, place)
            if strength > 0:
                found.update((i, max(strength, found.get(i, 0.0))) for i in self._by_place[place])
        written = self._written(target, officials, found)
        held = any(s >= MENTIONED for s in found.values())
        asked = AskedPlace(target.text, found, held, written, "" if held or officials else self._meant(target))
        if len(self._found) < REMEMBERED:
            self._found[target.text, officials] = asked
        return asked

    def _likely(self, target: Mention, officials: Sequence[str]) -> Sequence[str]:
        """The places that may have a strength at all: a corpus has thousands, and to look closely at one takes microseconds."""
        name = target.text
        if name.isascii():
            return list(self._by_place)
        inside = tuple(officials)
        above = {official[:end] for official in officials for end in range(1, len(official))}
        ending = () if officials else (name[-2:], *(ZONES if name.endswith(ZONES) else ()))
        return [
            place
            for place in self._by_place
            if name in place or place.startswith(inside) or place in above or place.endswith(ending)
        ]

    def _meant(self, target: Mention) -> str:
        last = {short_name(name) if target.text.isascii() else name: name for name in map(_last_part, self._by_place)}
        return last.get(misspelt(target.stem if target.text.isascii() else target.text, list(last)), "")

    def _written(self, target: Mention, officials: Sequence[str], found: Mapping[str, float]) -> str:
        """The name to look for in texts: without its level where no table knows the place, so that only it can be meant."""
        if target.text.isascii():
            places = [place for place, ids in self._by_place.items() if any(found.get(i) == EXACT for i in ids)]
            names = {_last_part(place) for place in places}
            name = names.pop() if len(names) == 1 else ""
            return fold(name if officials else short_name(name)).text
        return fold(target.text if officials else short_name(target.text)).text

    @staticmethod
    def _strength(target: Mention, officials: Sequence[str], place: str) -> float:
        if officials:
            if place in officials:
                return EXACT
            if any(place.startswith(official) for official in officials):
                return INSIDE
            if any(official.startswith(place) for official in officials):
                return AROUND
        name = target.text
        if name.isascii():
            return _romanised_strength(target, place)
        if place.endswith(name) or short_name(place) == name:
            return EXACT
        # A zone is called by several kinds (雁鸣洲开发区 and 雁鸣洲经济技术开发区).
        if name.endswith(ZONES) and place.endswith(ZONES) and short_name(name) == short_name(_last_part(place)):
            return EXACT
        # A place that no table knows may be read with the end of the word before it (日起 + 朔屏市).
        if not officials and len(last := _last_part(place)) > 2 and name.endswith(last):
            return EXACT
        return INSIDE if len(name) > 2 and name in place else 0.0


def _romanised_strength(target: Mention, place: str) -> float:
    """1 when a place of the corpus is spelt so and is of the kind that the question says; a spelling that the table knows
    may still mean another place of the same sound."""
    wanted = _letters(target.stem.lower() or target.text.lower())
    level, spelt = _spelt(place)
    if not wanted or (target.level is not None and level not in (None, target.level)):
        return 0.0
    return EXACT if wanted in spelt or _by_sound(wanted) in spelt else 0.0


@lru_cache(maxsize=64)
def _letters(name: str) -> str:
    """The letters of an English name without its kind. Kept: it is compared with every place of a corpus."""
    return re.sub(r"[^a-z]", "", _ENGLISH_SUFFIX.sub("", name))


@lru_cache(maxsize=REMEMBERED)
def _spelt(place: str) -> tuple[Level | None, frozenset[str]]:
    """The level that the name of a place says, and its spellings with and without its kind, as they are and by sound."""
    last = _last_part(place)
    spelt = (romanise(short_name(last)), romanise(last))
    return level_of_form(last), frozenset((*spelt, *map(_by_sound, spelt)))


def _by_sound(spelling: str) -> str:
    """A spelling as names of other languages than Chinese are written too (诺敏: Nomin beside Nuomin, 乌兰: Ulan beside Wulan)."""
    return spelling.replace("uo", "o").replace("wu", "u")
