"""The gazetteer as one object: divisions by code, and mentions of them in Chinese and English text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache

from rag.gazetteer.chinese import ChineseMatcher
from rag.gazetteer.english import EnglishMatcher
from rag.gazetteer.table import Division, Mention, Table, table


class Gazetteer:
    """Divisions and where texts name them. What matches names is built at first use; safe to share between threads."""

    def __init__(self, divisions: Table) -> None:
        self._table = divisions

    def by_code(self, code: str) -> Division:
        """The division with this code (430426). Raises KeyError."""
        return self._table.division(code)

    def codes(self) -> Sequence[str]:
        """The codes of all divisions and statistical groupings, sorted."""
        return sorted(self._table.codes)

    def by_official(self, official: str) -> Division | None:
        """The division with this official joined name (湖南省衡阳市祁东县), None where there is none."""
        code = self._table.by_official(official)
        return None if code is None else self._table.division(code)

    def official(self, code: str) -> str:
        """Official names from the province down: 湖南省衡阳市祁东县, 重庆市江津区; no statistical groupings. Raises KeyError."""
        return self._table.official(code)

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Codes above this one, nearest first, without statistical groupings. Raises KeyError."""
        return self._table.ancestors(code)

    def within(self, code: str, ancestor: str) -> bool:
        """Whether the division is the other one or lies in it. Raises KeyError."""
        return code == ancestor or ancestor in self._table.ancestors(code)

    def by_letter(self, letter: str) -> Division | None:
        """The place that a document number's sign stands for (湘 → 湖南省, 穗 → 广州市), None for other characters."""
        code = self._table.by_letter.get(letter)
        return None if code is None else self._table.division(code)

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Places named in Chinese text, in order, not overlapping, longest first where they could."""
        return self._chinese.mentions(text)

    def mentions_english(self, text: str) -> tuple[Mention, ...]:
        """Places named in English text (Qidong County, Golmud), in order, not overlapping."""
        return self._english.mentions(text)

    def named(self, name: str) -> tuple[Division, ...]:
        """The divisions that have this Chinese name, simplified: official, short or everyday, also where it is a common word."""
        return self._chinese.named(name)

    def names(self) -> Sequence[str]:
        """Every Chinese name of two or more characters that stands for a place on its own, sorted: what an analyzer keeps whole."""
        return sorted(self._chinese.standing)

    @cached_property
    def _chinese(self) -> ChineseMatcher:
        return ChineseMatcher(self._table)

    @cached_property
    def _english(self) -> EnglishMatcher:
        return EnglishMatcher(self._table)


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The bundled gazetteer, read once in each process."""
    return Gazetteer(table())
