"""Places named in Chinese text: the table's names by longest match, guarded by word boundaries, then names known by form."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag.analysis import Folded, fold
from rag.gazetteer.table import Division, Form, Mention, Table, data_lines
from rag.gazetteer.unknown import AFTER_NAME, UnknownMatcher
from rag.gazetteer.words import LONG, words_around
from rag.types import Level

FORMS: Final[Mapping[str, Form]] = {"f": "full", "s": "short", "a": "alias"}
LEADERS: Final = frozenset("和与及新应成任单容文费易礼兴全大各本我该强小老某每邻外")
ORGAN_ENDS: Final = tuple("部局厅办院委处所")
CONJUNCTIONS: Final = "·・、 　"


@dataclass(frozen=True, slots=True)
class Name:
    """One way to name divisions: those it can mean on its own (`codes`) and those only in context (`in_context`).
    A full name is not `plain` when its stem is also a word (会同县)."""

    text: str
    codes: tuple[str, ...]
    in_context: tuple[str, ...]
    form: Form
    plain: bool = True


class _Pairs:
    """Pairs of characters, to be found in a text."""

    def __init__(self, pairs: Collection[str]) -> None:
        self._pairs = pairs

    def positions(self, text: str) -> list[int]:
        """Where one of the pairs begins, ascending. A long text is looked at as an array, ten times as fast."""
        if len(text) < LONG:
            return [i for i in range(len(text) - 1) if text[i : i + 2] in self._pairs]
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
        first, second, held = self._table
        found: list[int] = np.flatnonzero(held[first[codes[:-1]], second[codes[1:]]]).tolist()
        return found

    @cached_property
    def _table(self) -> tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.bool_]]:
        """For each code point its row as a first character and its column as a second one (0 for none), and which pairs there are."""
        codes = np.frombuffer("".join(self._pairs).encode("utf-32-le"), "<u4").reshape(-1, 2)
        numbers = np.zeros((2, 0x110000), np.int16)
        for side, number in zip(codes.T, numbers, strict=True):
            known = sorted(set(side.tolist()))
            number[known] = np.arange(1, len(known) + 1)
        first, second = numbers
        held = np.zeros((first.max() + 1, second.max() + 1), np.bool_)
        held[first[codes[:, 0]], second[codes[:, 1]]] = True
        return first, second, held


class ChineseMatcher:
    """The table's Chinese names, indexed by their first two characters. Reads 2 million characters a second, segmentation included."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._lines = dict(line.split("\t", 1) for line in data_lines("names.tsv"))
        self._names: dict[str, Name] = {}
        self._lengths: dict[str, list[int]] = {}
        for name in sorted(self._lines, key=len, reverse=True):
            sizes = self._lengths.setdefault(name[:2], [])
            if not sizes or sizes[-1] != len(name):
                sizes.append(len(name))
        self._pairs = _Pairs(self._lengths)
        self._unknown = UnknownMatcher(self._stem_owner)

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Places named in the text, in order, not overlapping."""
        folded = fold(text)
        pairs = self._pairs.positions(folded.text)
        words = words_around(folded.text, pairs)
        starts = list(accumulate(map(len, words), initial=0))
        found = self._known(folded.text, words, starts, pairs)
        found = [m for m in found if not self._unknown.is_end(folded.text, words, starts, m)]
        formed = self._unknown.mentions(folded.text, words, starts, found)
        inside = {i for mention in formed for i in range(mention.start, mention.end)}
        found = [*(m for m in found if m.start not in inside), *formed]
        found.sort(key=lambda m: m.start)
        return tuple(_unfolded(mention, folded, text) for mention in found)

    def named(self, text: str) -> tuple[Division, ...]:
        """The divisions that have this name, on its own or in context."""
        if text not in self._lines:
            return ()
        name = self._name(text)
        return tuple(self._table.division(code) for code in (*name.codes, *name.in_context))

    @property
    def standing(self) -> set[str]:
        """The names that mean a place by themselves."""
        return {text for text in self._lines if self._name(text).codes}

    def _name(self, text: str) -> Name:
        name = self._names.get(text)
        if name is None:
            form, plain, codes, in_context = self._lines[text].split("\t")
            name = Name(text, tuple(codes.split()), tuple(in_context.split()), FORMS[form], plain == "1")
            self._names[text] = name
        return name

    def _known(self, text: str, words: Sequence[str], starts: Sequence[int], pairs: Sequence[int]) -> list[Mention]:
        hits = list(self._hits(text, words, starts, pairs))
        full = {code for _, name in hits if name.form == "full" for code in name.codes}
        around = self._around(text, hits)
        found: list[Mention] = []
        for start, name in hits:
            before = found[-1] if found and text[found[-1].end : start].strip(CONJUNCTIONS) == "" else None
            codes = self._meant(text, start, name, before, full, around)
            if codes:
                end = start + len(name.text)
                divisions = tuple(self._table.division(code) for code in codes)
                found.append(
                    Mention(start, end, name.text, divisions, name.form, _stem(divisions[0], name), divisions[0].level)
                )
        return found

    def _around(self, text: str, hits: Sequence[tuple[int, Name]]) -> set[str]:
        """Divisions that the text names beyond doubt, with those above them: by a name of one meaning, or after its parent's."""
        found: set[str] = set()
        above: frozenset[str] = frozenset()
        end = -1
        for start, name in hits:
            codes = name.codes
            if text[end:start].strip(CONJUNCTIONS) == "":
                codes = tuple(c for c in name.codes if above.intersection(self._table.ancestors(c))) or codes
            if len(codes) == 1:
                found.update((codes[0], *self._table.ancestors(codes[0])))
            above, end = frozenset(codes), start + len(name.text)
        return found

    def _hits(
        self, text: str, words: Sequence[str], starts: Sequence[int], pairs: Sequence[int]
    ) -> Iterator[tuple[int, Name]]:
        """Names that begin where a word does, or inside a word of four or more characters (湖南长沙市 is one)."""
        lengths, position = self._lengths, 0
        bounds = frozenset(starts)
        heads = [i for i in pairs if i in bounds]
        inner = [
            at + k
            for word in {words[bisect_right(starts, i) - 1] for i in pairs if i not in bounds}
            for k in range(1, len(word) - 1)
            if len(word) > 3 and word[k : k + 2] in lengths
            for at in _occurrences(text, word)
        ]
        if inner:
            heads = sorted((*heads, *inner))
        for i in heads:
            while i >= position and (name := self._longest(text, i, bounds)):
                yield i, name
                position = i = i + len(name.text)
                while name := self._inside(text, i, name):
                    yield i, name
                    position = i = i + len(name.text)

    def _longest(self, text: str, start: int, bounds: frozenset[int]) -> Name | None:
        """The longest name here that is not a part of other words."""
        for size in self._lengths.get(text[start : start + 2], ()):
            if text[start : start + size] in self._lines:
                name = self._name(text[start : start + size])
                if _stands(text, start, name, bounds):
                    return name
        return None

    def _inside(self, text: str, start: int, above: Name) -> Name | None:
        """The longest full name here of a division of the place named just before, whatever the words (保定市易县, 海东市民和县)."""
        for size in self._lengths.get(text[start : start + 2], ()):
            if text[start : start + size] in self._lines:
                name = self._name(text[start : start + size])
                if name.form != "alias" and size > 1 + (name.form == "short") and self._is_in(name, above):
                    return name
        return None

    def _is_in(self, name: Name, above: Name) -> bool:
        return any(
            not set(above.codes).isdisjoint(self._table.ancestors(code)) for code in (*name.codes, *name.in_context)
        )

    def _meant(
        self, text: str, start: int, name: Name, before: Mention | None, full: set[str], around: set[str]
    ) -> Sequence[str]:
        everything = (*name.codes, *name.in_context)
        if before is not None:
            above = {d.code for d in before.candidates}
            inside = [c for c in everything if above.intersection(self._table.ancestors(c))]
            if inside:
                return inside
        if not name.codes:
            named = [c for c in name.in_context if c in full]
            return named or (name.in_context if _heads_line(text, start, start + len(name.text)) else ())
        return self._nearest(name, around)

    def _nearest(self, name: Name, around: set[str]) -> Sequence[str]:
        """Of several divisions of one level, those that the text also names in full, else those whose parents it names, if any."""
        levels = {self._table.division(c).level for c in name.codes}
        if len(name.codes) == 1 or len(levels) > 1:
            return name.codes
        named = [c for c in name.codes if c in around]
        return named or [c for c in name.codes if around.intersection(self._table.ancestors(c))] or name.codes

    def _stem_owner(self, stem: str, level: Level) -> tuple[Division, ...]:
        """Divisions of that level now called otherwise: 增城市 is 增城区, 射洪县 is 射洪市."""
        if stem not in self._lines:
            return ()
        name = self._name(stem)
        if name.form != "short":
            return ()
        found = tuple(self._table.division(c) for c in (*name.codes, *name.in_context))
        kept = tuple(d for d in found if d.level is level)
        return kept if len(kept) == 1 else ()


def _unfolded(mention: Mention, folded: Folded, text: str) -> Mention:
    """The mention with its range and text in the original; `stem` stays folded (traditional → simplified)."""
    start, end = folded.original(mention.start, mention.end)
    if start == mention.start and text[start:end] == mention.text:
        return mention
    return replace(mention, start=start, end=end, text=text[start:end])


def _occurrences(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + len(word))


def _stands(text: str, start: int, name: Name, bounds: frozenset[int]) -> bool:
    """Whether the name is not a part of other words here."""
    end = start + len(name.text)
    if name.form == "full" and len(name.text) > 2:
        after_organ = text[start - 1 : start] in ORGAN_ENDS  # 组织部会同县人社局 is about no 会同县
        return name.plain or not (
            after_organ or text[end : end + 1] in tuple("区县市级域") or _kind_begins_word(text, end, bounds)
        )
    if start not in bounds or end not in bounds:
        return name.form == "full" and start in bounds and text[end : end + 1] in set("委人政")
    if name.form != "full" or name.text[0] not in LEADERS:
        return True
    between = text[start - 1 : start] in tuple("省市县区乡镇村") or text[end : end + 1] in tuple("直区乡级")
    return not between and not any(i in bounds for i in range(start + 1, end))


def _kind_begins_word(text: str, end: int, bounds: frozenset[int]) -> bool:
    """Whether the kind at a name's end is the beginning of another word: 合作市场 is about no 合作市, 合作市委 is."""
    after = next(i for i in range(end, len(text) + 1) if i in bounds)
    return after > end and end - 1 in bounds and text[end - 1 : after] not in AFTER_NAME


def _heads_line(text: str, start: int, end: int) -> bool:
    """A name before the first colon of a line: 乾县：让人才成为…"""
    return (start == 0 or text[start - 1] in "\n#【[ 　") and text[end : end + 1] in ("：", ":")


def _stem(division: Division, name: Name) -> str:
    if name.form != "full":
        return name.text
    return next((a for a in division.aliases if name.text.startswith(a)), name.text)
