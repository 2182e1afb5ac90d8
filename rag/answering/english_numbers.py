"""Numbers in English text with what they count and how they are bounded, in the terms of `numerals`: “no more than 0.3 million yuan”
is 300,000 元, at most."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from rag.answering.numerals import Bound

_WORDS: Final = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
        "nineteen".split()
    )
} | {word: 10 * tens for tens, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_POWERS: Final = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "dozen": 12}
_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(), 1
    )
}
# What the Chinese side calls the unit; a word that is not here counts anything.
_UNITS: Final = (
    (re.compile(r"(?:yuan|rmb|cny)\b"), ("元",)),
    (re.compile(r"(?:us |u\.s\. )?dollars?\b|euros?\b|usd\b"), ("美元",)),
    (re.compile(r"%|percentage points?\b|per ?cent\b"), ("%", "个百分点")),
    (re.compile(r"(?:consecutive )?months?\b"), ("个月", "月")),
    (re.compile(r"(?:working |business |calendar )?days?\b"), ("天", "工作日")),
    (re.compile(r"(?:consecutive )?years?\b"), ("年", "周岁", "岁", "第年")),
    (re.compile(r"hours?\b"), ("小时",)),
    (re.compile(r"square met(?:er|re)s?\b"), ("平方米",)),
    (re.compile(r"kilomet(?:er|re)s?\b"), ("公里", "千米")),
)
_SPELT: Final = "|".join(sorted(_WORDS, key=len, reverse=True))
_NUMBER: Final = re.compile(
    rf"(?P<month>{'|'.join(_MONTHS)}) (?P<day>\d{{1,2}})\b(?!,\d{{3}})"
    rf"|(?<![\w.])(?P<digits>\d+(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:st|nd|rd|th)?(?:[ -](?P<power>hundred|thousand|million|billion))?"
    rf"|\b(?P<spelt>(?:{_SPELT})(?:[ -](?:{_SPELT}))?)(?:[ -](?P<times>hundred|thousand|million|billion|dozen))?\b(?!-time|-stop|-off)",
    re.IGNORECASE,
)
_MOST: Final = re.compile(
    r"(?:up to|at most|no more than|not more than|a maximum of|as (?:much|many|high) as|not exceed(?:ing)?|within|under|below|less than|"
    r"fewer than|no longer than|capped at|as long as)\s*$"
)
_LEAST: Final = re.compile(
    r"(?:at least|no less than|no fewer than|not less than|no smaller than|a minimum of|more than|over|above|exceed(?:s|ing)?)\s*$"
)
# “Over three years” says how long, not how much at least.
_DURING: Final = re.compile(r"over\s*$")
_TIME: Final = re.compile(r"(?:years?|months?|weeks?|days?)\b")
_ABOUT: Final = re.compile(r"(?:about|around|nearly|almost|approximately|some|roughly)\s*$")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number at `text[start:end]`: its value, the units that it may go with in Chinese (empty: any), and what bounds it."""

    start: int
    end: int
    value: Decimal
    units: tuple[str, ...]
    bound: Bound


def figures(text: str) -> tuple[Figure, ...]:
    """The numbers of an English text in order; a lone “one” is none, since it mostly counts nothing."""
    found: list[Figure] = []
    for match in _NUMBER.finditer(text):
        if match["month"]:
            start, end = match.span("month")
            found.append(Figure(start, end, Decimal(_MONTHS[match["month"].lower()]), ("月",), ""))
            found.append(Figure(*match.span("day"), Decimal(match["day"]), ("日", "号", "天"), ""))
        elif (value := _value(match)) is not None:
            start, end = match.span()
            rest = text[end:].lstrip(" -").lower()
            units = next((units for pattern, units in _UNITS if pattern.match(rest)), ())
            found.append(Figure(start, end, value, units, _bound(text[:start].lower(), rest)))
    return tuple(found)


def _value(match: re.Match[str]) -> Decimal | None:
    if match["digits"]:
        return Decimal(match["digits"].replace(",", "")) * _POWERS.get((match["power"] or "").lower(), 1)
    if match["spelt"].lower() == "one" and not match["times"]:
        return None
    value = sum(_WORDS[word] for word in re.split(r"[ -]", match["spelt"].lower()))
    return Decimal(value) * _POWERS.get((match["times"] or "").lower(), 1)


def _bound(before: str, after: str) -> Bound:
    if _MOST.search(before) or re.match(r"\w* ?or (?:less|fewer|below|under)\b", after):
        return "most"
    during = _DURING.search(before) and _TIME.match(after)
    if (_LEAST.search(before) and not during) or re.match(r"\w* ?or (?:more|above|over)\b", after):
        return "least"
    return "about" if _ABOUT.search(before) else ""
