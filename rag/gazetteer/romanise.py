"""Toneless pinyin of Chinese names, from a table of single characters (no segmentation, nothing imported)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from rag.gazetteer.table import data_lines


@lru_cache(maxsize=1)
def _readings() -> tuple[Mapping[str, str], Mapping[str, tuple[str, ...]]]:
    """Readings of single characters, and of the names that are not read so (六安 lu an)."""
    characters: dict[str, str] = {}
    names: dict[str, tuple[str, ...]] = {}
    for line in data_lines("pinyin.tsv"):
        first, second = line.split("\t")
        if first.isascii():
            characters.update(dict.fromkeys(second, first))
        else:
            names[first] = tuple(second.split(" "))
    return characters, names


@lru_cache(maxsize=1)
def syllable_set() -> frozenset[str]:
    """The syllables of pinyin, toneless, ü written u."""
    return frozenset(fold(reading) for reading in set(_readings()[0].values()))


def syllables(name: str) -> tuple[str, ...]:
    """One syllable for each character, as the gazetteer reads a place of that name; what has no reading stays itself, folded."""
    found: list[str] = []
    characters, names = _readings()
    while name:
        size = next((n for n in range(min(len(name), 8), 1, -1) if name[:n] in names), 1)
        found += names[name[:size]] if size > 1 else (characters.get(name[0], name[0].casefold()),)
        name = name[size:]
    return tuple(found)


def romanise(name: str) -> str:
    """Toneless lower-case pinyin, joined: 澄河 → chenghe, 六安 → luan, 吕梁 → luliang (ü is written u, as in `fold`)."""
    return fold("".join(syllables(name)))


def fold(latin: str) -> str:
    """Letters alone, lower-case, without marks: "Xi'an" → xian, "Lüliang" and "Lvliang" → luliang."""
    plain = unicodedata.normalize("NFKD", latin).casefold()
    return re.sub(r"(?<=[ln])v", "u", re.sub(r"[^a-z]", "", plain))
