"""Places named in English text: romanised and English names of the table, and invented ones before County, City …"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from rag.gazetteer.romanise import fold, romanise, syllable_set
from rag.gazetteer.table import LEVEL_OF_KIND, Division, Mention, Table, data_lines
from rag.types import Level

WORD: Final = re.compile(r"[^\W\d_]+(?:['’`-](?!s\b)[^\W\d_]+)*")
KINDS: Final = {
    "county": ("县",), "city": ("市",), "municipality": ("市",), "district": ("区",), "prefecture": ("州", "地区"), "province": ("省",),
    "banner": ("旗",), "league": ("盟",), "area": ("新区",), "region": ("区",), "town": (), "township": (), "subdistrict": (),
}  # fmt: skip
PINYIN_KINDS: Final = {
    "xian": "county",
    "shi": "city",
    "qu": "district",
    "qi": "banner",
    "meng": "league",
    "sheng": "province",
}
NEEDING: Final = {"area": ("new",), "region": ("autonomous", "administrative")}
ADJECTIVES: Final = frozenset({"autonomous", "new", "special", "administrative", "municipal"})
# Romanised names of several syllables that are also English words or common given names: a name only with a capital.
ENGLISH_WORDS: Final = frozenset(
    "dali bole ali anda mori seni hami dalian bayi linden heron manas dulan chile baby jingle date dating mangan altai western anal luan".split()
)
NOT_NAMES: Final = frozenset(
    "the a an this that each every any which what whose our their its his her my your some all both other another same new old local "
    "home host rural urban poor model pilot key major county city district province town township municipal autonomous capital inner outer "
    "in of at for from to by with and or is are was were do does did has have had how why when where who whom can could will would should may "
    "industrial development economic high tech business residential school central national neighboring neighbouring entire whole one two "
    "three four five many several most few more first second special compare tell list describe between within across per than as on "
    "chinese china talent party policy policies work government people state pastoral agricultural border smart safe healthy".split()
)
LONGEST: Final = 5


class EnglishMatcher:
    """The table's names in Latin letters, folded to a–z."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._keys = dict(line.split("\t", 1) for line in data_lines("english.tsv"))

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Places named in the text, in order, not overlapping."""
        return tuple(self._mentions(text))

    def _mentions(self, text: str) -> Iterator[Mention]:
        words = list(WORD.finditer(text))
        index = 0
        while index < len(words):
            found, used = self._at(text, words, index)
            if found is not None:
                yield found
            index += max(used, 1)

    def _at(self, text: str, words: Sequence[re.Match[str]], index: int) -> tuple[Mention | None, int]:
        for size in range(min(LONGEST, len(words) - index), 0, -1):
            group = words[index : index + size]
            if not _adjacent(text, group):
                continue
            key = fold("".join(w.group() for w in group))
            kind, extra = _kind(text, words, index + size)
            divisions = self._divisions(key, kind, size)
            if divisions and _allowed(key, group, kind, divisions):
                return _known(text, group, words[index + size : index + size + extra], divisions, kind), size + extra
        return _unknown(text, words, index)

    def _divisions(self, key: str, kind: str, size: int) -> Sequence[Division]:
        """What a spelling can mean before that kind. A name that English keeps (Golmud) is known by whatever kind; one that is
        only spelled like others (Jinshui County beside 金水区) is not theirs."""
        codes = self._keys.get(key) or self._keys.get(_without_kind(key, size), "")
        found = [self._table.division(code) for code in codes.split()]
        endings = KINDS.get(kind, ())
        fitting = [d for d in found if d.name.endswith(endings)] if endings else found
        if not fitting and kind == "county":
            fitting = [self._table.division(code) for code in self._keys.get(f"{key}+", "").split()]
        return fitting or [d for d in found if romanise(d.name)[: len(key)] != key]


def _known(
    text: str, group: Sequence[re.Match[str]], suffix: Sequence[re.Match[str]], divisions: Sequence[Division], kind: str
) -> Mention:
    start, end = group[0].start(), (suffix or group)[-1].end()
    stem = text[start : group[-1].end()]
    return Mention(start, end, text[start:end], tuple(divisions), "full" if kind else "short", stem, divisions[0].level)


def _unknown(text: str, words: Sequence[re.Match[str]], index: int) -> tuple[Mention | None, int]:
    """A capitalised name of one or two words before its kind, and how many words it takes."""
    for size in (1, 2):
        group = words[index : index + size]
        kind, extra = _kind(text, words, index + size)
        if len(group) == size and kind and _adjacent(text, group) and all(_is_name(w.group(), kind) for w in group):
            start, last = group[0].start(), words[index + size + extra - 1]
            if last.group()[0].islower() and not _is_spelled(fold("".join(w.group() for w in group))):
                continue
            end = last.end()
            level = LEVEL_OF_KIND.get(kind, Level.COUNTY)
            return Mention(
                start, end, text[start:end], (), "unknown", text[start : group[-1].end()], level
            ), size + extra
    return None, 1


def _adjacent(text: str, group: Sequence[re.Match[str]]) -> bool:
    return all(text[a.end() : b.start()] in (" ", "-", "") for a, b in pairwise(group))


def _kind(text: str, words: Sequence[re.Match[str]], index: int) -> tuple[str, int]:
    """The kind that follows (county, city …) and how many words it takes: Tibetan Autonomous Prefecture takes three."""
    for extra in range(1, 6):
        if index + extra > len(words) or not _adjacent(text, words[index - 1 : index + extra]):
            break
        word = words[index + extra - 1].group().casefold()
        word = PINYIN_KINDS.get(word, word)
        between = [w.group().casefold() for w in words[index : index + extra - 1]]
        if word in NEEDING and between[-1:] not in ([w] for w in NEEDING[word]):
            continue
        if word in KINDS and (not between or between[-1] in ADJECTIVES):
            return word, extra
    return "", 0


def _without_kind(key: str, size: int) -> str:
    """Qidongxian → qidong, for names written in one word with their kind; the key itself otherwise."""
    if size > 1:
        return key
    return next((key[: -len(kind)] for kind in PINYIN_KINDS if key.endswith(kind) and len(key) > len(kind) + 4), key)


def _allowed(key: str, group: Sequence[re.Match[str]], kind: str, divisions: Sequence[Division]) -> bool:
    """Whether the words are meant as a name: before their kind, or by capitals, or by a length that no English word has. What
    could be one syllable (Yuan, Long) names no county without its kind; Xian is a city."""
    capital = all(w.group()[0].isupper() for w in group)
    if kind:
        return capital or len(key) > 3
    if key in syllable_set():
        return capital and divisions[0].level is not Level.COUNTY
    return capital or (key not in ENGLISH_WORDS and len(key) > (6 if len(group) > 1 else 5))


def _is_spelled(key: str) -> bool:
    """Whether the letters divide into two to four syllables of pinyin."""
    known = syllable_set()
    ends = {0}
    for _ in range(4):
        ends = {end + size for end in ends for size in range(1, 7) if key[end : end + size] in known}
        if len(key) in ends:
            return len(key) > 3
    return False


def _is_name(word: str, kind: str) -> bool:
    """A capitalised word; in lower case only a long one of pinyin before a kind that no other English phrase ends in."""
    lower = word.casefold()
    spelled = len(word) > 5 and kind in ("county", "district", "banner", "league") and _is_spelled(fold(word))
    return lower not in NOT_NAMES and len(word) > 1 and (word[0].isupper() or spelled)
