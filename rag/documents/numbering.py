"""Numbers of list paragraphs in a docx: 一、 （一） 1. as Word would print them (ECMA-376 part 1, 17.9)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL: Final = f"{_W}val"
_DIGITS: Final = "〇一二三四五六七八九"
_PLACE: Final = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    pattern: str
    start: int


@dataclass(slots=True)
class Numbering:
    """Counts the list paragraphs of one document, in order."""

    levels: Mapping[str, Mapping[int, _Level]] = field(default_factory=dict)
    counts: dict[tuple[str, int], int] = field(default_factory=dict)

    def next(self, paragraph: etree._Element) -> str:
        """The printed number of the next paragraph, with a space where it needs one; empty for one without a number."""
        properties = paragraph.find(f"{_W}pPr/{_W}numPr")
        if properties is None:
            return ""
        numbered = properties.find(f"{_W}numId")
        stands = properties.find(f"{_W}ilvl")
        identity = (numbered.get(_VAL) or "") if numbered is not None else ""
        depth = _whole(stands.get(_VAL) if stands is not None else None, 0)
        level = self.levels.get(identity, {}).get(depth)
        if level is None or level.form in ("bullet", "none"):
            return ""
        self.counts[identity, depth] = self.counts.get((identity, depth), level.start - 1) + 1
        for deeper in [key for key in self.counts if key[0] == identity and key[1] > depth]:
            del self.counts[deeper]
        return self._printed(identity, level)

    def _printed(self, identity: str, level: _Level) -> str:
        def number(match: re.Match[str]) -> str:
            depth = int(match.group(1)) - 1
            own = self.levels[identity].get(depth, level)
            return _said(self.counts.get((identity, depth), own.start), own.form)

        printed = _PLACE.sub(number, level.pattern)
        return printed if printed[-1:] in ("、", "）", ")", ".", "．", "") else f"{printed} "


def numbering(root: etree._Element | None) -> Numbering:
    """The list definitions of word/numbering.xml; none without it."""
    if root is None:
        return Numbering()
    abstract = {
        element.get(f"{_W}abstractNumId"): _levels(element) for element in root.iterchildren(f"{_W}abstractNum")
    }
    levels: dict[str, dict[int, _Level]] = {}
    for num in root.iterchildren(f"{_W}num"):
        named = num.find(f"{_W}abstractNumId")
        levels[num.get(f"{_W}numId") or ""] = abstract.get(named.get(_VAL) if named is not None else None, {})
    return Numbering(levels)


def _levels(abstract: etree._Element) -> dict[int, _Level]:
    found: dict[int, _Level] = {}
    for element in abstract.iterchildren(f"{_W}lvl"):
        values = {name: element.find(f"{_W}{name}") for name in ("numFmt", "lvlText", "start")}
        said = {name: value.get(_VAL) if value is not None else None for name, value in values.items()}
        depth = _whole(element.get(f"{_W}ilvl"), 0)
        found[depth] = _Level(said["numFmt"] or "decimal", said["lvlText"] or "", _whole(said["start"], 1))
    return found


def _whole(value: str | None, otherwise: int) -> int:
    return int(value) if value is not None and value.isdecimal() and len(value) < 6 else otherwise


def _said(number: int, form: str) -> str:
    if form.startswith(("chinese", "ideograph", "taiwanese", "japaneseCounting")):
        return _chinese(number)
    if form in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if form in ("lowerLetter", "upperLetter") and 1 <= number <= 26:
        return chr((97 if form == "lowerLetter" else 65) + number - 1)
    return str(number)


def _chinese(number: int) -> str:
    """1 to 99 as 一 … 九十九; other numbers digit by digit."""
    if not 1 <= number <= 99:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")
