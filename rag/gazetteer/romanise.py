"""Toneless pinyin of Chinese names, from a table of single characters (no segmentation, nothing imported)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from rag.gazetteer.table import DATA, GROUPINGS, table


@lru_cache(maxsize=1)
def _characters() -> Mapping[str, str]:
    readings: dict[str, str] = {}
    for line in (DATA / "pinyin.tsv").read_text(encoding="utf-8").splitlines():
        reading, characters = line.split("\t")
        readings.update(dict.fromkeys(characters, reading))
    return readings


@lru_cache(maxsize=1)
def _names() -> Mapping[str, tuple[str, ...]]:
    """Syllables of the table's names without their kind; the only source of readings such as 六安 lu an."""
    names: dict[str, tuple[str, ...]] = {}
    for row in table().rows.values():
        if row.name not in GROUPINGS:
            syllables = tuple(row.reading.split())
            names.setdefault(row.name[: len(syllables)], syllables)
    return names


def syllables(name: str) -> tuple[str, ...]:
    """One syllable for each character, as the gazetteer reads a place of that name; what has no reading stays itself, folded."""
    found: list[str] = []
    names, characters = _names(), _characters()
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
