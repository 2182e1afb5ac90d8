"""Places named in English text: romanised and English names of the table, and invented ones before County, City …"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from rag.gazetteer.romanise import fold, romanise, syllable_set
from rag.gazetteer.table import LEVEL_OF_KIND, Division, Form, Mention, Table, data_lines
from rag.types import Level

WORD: Final = re.compile(r"[^\W\d_]+(?:['’`-](?!s\b)[^\W\d_]+)*")
KINDS: Final = {
    "county": ("县",), "city": ("市",), "municipality": ("市",), "district": ("区",), "prefecture": ("州", "地区"), "province": ("省",),
    "banner": ("旗",), "league": ("盟",), "area": ("新区",), "region": ("区",), "town": (), "township": (), "subdistrict": (), "zone": (), "park": (),
}  # fmt: skip
PINYIN_KINDS: Final = {
    "xian": "county",
    "shi": "city",
    "qu": "district",
    "qi": "banner",
    "meng": "league",
    "sheng": "province",
}
NEEDING: Final = {
    "area": ("new",), "region": ("autonomous", "administrative"), "zone": ("development", "tech", "high-tech", "hi-tech", "industrial"),
    "park": ("industrial",),
}  # fmt: skip
ADJECTIVES: Final = frozenset({"autonomous", "new", "special", "administrative", "municipal"})
# No division of the table is of these kinds.
SMALLER: Final = frozenset({"town", "township", "subdistrict", "zone", "park"})
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


class Words:
    """The words of a text: as written, folded to a–z and in lower case; `linked[i]` when word i follows the one before directly."""

    def __init__(self, text: str) -> None:
        matches = list(WORD.finditer(text))
        self.text = text
        self.spans = [match.span() for match in matches]
        self.written = [match.group() for match in matches]
        self.folded = [fold(word) for word in self.written]
        self.lower = [word.casefold() for word in self.written]
        gaps = (text[a[1] : b[0]] for a, b in pairwise(self.spans))
        self.linked = [False, *(gap in (" ", "-", "") for gap in gaps)][: len(matches)]

    def run(self, index: int) -> int:
        """How many words from this one on follow each other directly, at most LONGEST; 0 past the end."""
        if index >= len(self.spans):
            return 0
        limit = min(len(self.spans), index + LONGEST)
        return next((i for i in range(index + 1, limit) if not self.linked[i]), limit) - index

    def kind(self, index: int) -> tuple[str, int]:
        """The kind that stands here (county, city …) and how many words it takes: Tibetan Autonomous Prefecture takes three."""
        if index >= len(self.spans) or not self.linked[index]:
            return "", 0
        before = ""
        for extra in range(1, self.run(index) + 1):
            word = self.lower[index + extra - 1]
            word = PINYIN_KINDS.get(word, word)
            if word in KINDS and before in NEEDING.get(word, ("", *ADJECTIVES)):
                return word, extra
            before = word
        return "", 0

    def slice(self, first: int, last: int) -> tuple[int, int, str]:
        """Start and end of the words from the first to the last, and the text there."""
        start, end = self.spans[first][0], self.spans[last][1]
        return start, end, self.text[start:end]


class EnglishMatcher:
    """The table's names in Latin letters, folded to a–z."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._keys = dict(line.split("\t", 1) for line in data_lines("english.tsv"))

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Places named in the text, in order, not overlapping."""
        return tuple(self._mentions(Words(text)))

    def _mentions(self, words: Words) -> Iterator[Mention]:
        index = 0
        while index < len(words.spans):
            found, used = self._known(words, index)
            if found is None:
                found, used = _unknown(words, index)
            if found is not None:
                yield found
            index += used

    def _known(self, words: Words, index: int) -> tuple[Mention | None, int]:
        """A name of the table here, the longest, and how many words it takes with its kind."""
        for size in range(words.run(index), 0, -1):
            key = "".join(words.folded[index : index + size])
            codes = self._keys.get(key) or (self._keys.get(_without_kind(key), "") if size == 1 else "")
            if not codes and f"{key}+" not in self._keys:
                continue
            kind, extra = words.kind(index + size)
            divisions = self._divisions(key, codes, kind)
            if divisions and _allowed(key, words.written[index : index + size], kind, divisions):
                start, end, text = words.slice(index, index + size + extra - 1)
                stem = words.slice(index, index + size - 1)[2]
                form: Form = "full" if kind else "short"
                return Mention(start, end, text, tuple(divisions), form, stem, divisions[0].level), size + extra
        return None, 1

    def _divisions(self, key: str, codes: str, kind: str) -> Sequence[Division]:
        """What a spelling can mean before that kind. A name that English keeps (Golmud) is known by whatever kind; one that is
        only spelled like others (Jinshui County beside 金水区) is not theirs."""
        if kind in SMALLER:
            return []
        found = [self._table.division(code) for code in codes.split()]
        endings = KINDS.get(kind, ())
        fitting = [d for d in found if d.name.endswith(endings)] if endings else found
        if not fitting and kind == "county":
            fitting = [self._table.division(code) for code in self._keys.get(f"{key}+", "").split()]
        return fitting or [d for d in found if romanise(d.name)[: len(key)] != key]


def _unknown(words: Words, index: int) -> tuple[Mention | None, int]:
    """A name of one or two words before its kind, capitalised or spelled as pinyin, and how many words it takes."""
    for size in range(1, min(2, words.run(index)) + 1):
        kind, extra = words.kind(index + size)
        if not kind:
            continue
        named = all(_is_name(word, kind) for word in words.written[index : index + size])
        spelled = words.written[index + size + extra - 1][0].isupper() or _is_spelled(
            "".join(words.folded[index : index + size])
        )
        if named and spelled:
            start, end, text = words.slice(index, index + size + extra - 1)
            level, stem = LEVEL_OF_KIND.get(kind, Level.COUNTY), words.slice(index, index + size - 1)[2]
            return Mention(start, end, text, (), "unknown", stem, level), size + extra
    return None, 1


def _without_kind(key: str) -> str:
    """Qidongxian → qidong, for names written in one word with their kind; the key itself otherwise."""
    return next((key[: -len(kind)] for kind in PINYIN_KINDS if key.endswith(kind) and len(key) > len(kind) + 4), key)


def _allowed(key: str, group: Sequence[str], kind: str, divisions: Sequence[Division]) -> bool:
    """Whether the words are meant as a name: before their kind, or by capitals, or by a length that no English word has. What
    could be one syllable (Yuan, Long) names no county without its kind; Xian is a city."""
    capital = all(word[0].isupper() for word in group)
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
