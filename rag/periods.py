"""Periods that a text names, as ranges of days."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from typing import Final

from rag.quantities import numeral

FIRST_DAY: Final = "0001-01-01"
LAST_DAY: Final = "9999-12-31"
_DIGIT: Final = dict(zip("〇○零一二三四五六七八九", "000123456789", strict=True))
_YEAR: Final = r"(?<![\d〔\[])(?:(?:19|20)\d\d|[二一][〇○零九][〇○零一二三四五六七八九]{2})"
_DAY_NUMBER: Final = r"三十一?|二?十[一二三四五六七八九]?|[12]\d|3[01]|0?[1-9]|[一二三四五六七八九]"
_ENGLISH: Final = r"(?P<when>in|since|during|by|from|between|after|before|until|year|years|the|for|of|[(])\s*"
_COUNTED: Final = (
    r"(?!\s*(?:people|persons|yuan|rmb|million|households|enterprises|members|talents|jobs|units|m\b|km|percent|%))"
)
_PERIOD: Final = re.compile(
    r"[“\"「『]?(?P<plan>十[一二三四五六七八九]?)五(?=[”\"」』]|规划|时期|期间|以来|末|开局|收官|阶段|目标|[\s、，。？?]|$)"
    rf"|(?P<from>{_YEAR})年?\s*(?:[-—–~～至到]{{1,2}})\s*(?P<to>(?:19|20)\d\d)(?![-./\d])\s*年?"
    rf"|(?P<year>{_YEAR})\s*(?:年度?|[-./](?=\d))"
    r"(?:\s*(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])(?:月(?:份)?|[-./](?=\d)|(?<=[-./]\d\d)(?!\d))"
    rf"(?:\s*(?P<day>{_DAY_NUMBER})(?:日|号|(?<=[-./]\d\d)(?!\d)|(?<=[-./]\d)(?!\d)))?)?"
    r"(?:\s*(?P<part>[上下]半年|第?[一二三四]季度))?"
    r"(?P<open>\s*(?:以来|以后|之后|起|至今|以前|之前|及以前))?"
    rf"|\b{_ENGLISH}(?P<first>(?:19|20)\d\d)(?:\s*(?:-|–|—|to|and|through)\s*(?P<last>(?:19|20)\d\d))?(?![\w]){_COUNTED}",
    re.IGNORECASE,
)

_YEARS_ON: Final = (
    dict.fromkeys(("去年", "上年", "上一年", "last year"), -1)
    | dict.fromkeys(("前年", "the year before last"), -2)
    | dict.fromkeys(("今年", "本年", "本年度", "this year"), 0)
    | dict.fromkeys(("明年", "next year"), 1)
)
_ENGLISH_NUMBER: Final = {"two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}
_RELATIVE: Final = re.compile(
    r"(?<![比较与同])(?P<word>去年|(?<!以)上一?年(?=[^级来龄]|$)|(?<![之以目])前年(?!度)|今年|本年度?|明年|\b(?:the year before last|(?:last|this|next) year)\b)"
    r"(?P<half>[上下]半年|第?[一二三四]季度)?"
    r"|(?:近|最近|过去)(?P<several>[二两三四五六七八九十]|\d)年(?!级)|\b(?:past|last) (?P<many>two|three|four|five|ten|\d) years\b",
    re.IGNORECASE,
)


def periods(text: str) -> tuple[tuple[str, str], ...]:
    """The periods named, in order, each as (first day, last day) in ISO form; none twice.

    “2022年” is (2022-01-01, 2022-12-31), “2019—2021年” and “十四五” (2021-01-01, 2025-12-31) alike; “2020年以来” ends on
    9999-12-31, “2020年以前” begins on 0001-01-01, “2025年上半年” ends on 2025-06-30. What is relative to the present (去年: see
    `relative`) and years inside document numbers (〔2022〕) are left out.
    """
    found = (_period(match) for match in _PERIOD.finditer(text))
    return tuple(dict.fromkeys(period for period in found if period))


def relative(text: str, year: int) -> tuple[tuple[str, tuple[str, str]], ...]:
    """The words of a text that name a period by the year in which they are said, in order, each with the period.

    Said in 2022, 去年 is (2021-01-01, 2021-12-31), 今年上半年 (2022-01-01, 2022-06-30) and 近三年 (2019-01-01, 2022-12-31). What is
    only compared with (比去年多) is left out.
    """
    found: dict[str, tuple[str, str]] = {}
    for match in _RELATIVE.finditer(text):
        word = match["word"]
        if word is None:
            several = match["several"] or match["many"].casefold()
            first = year - (_ENGLISH_NUMBER.get(several) or numeral(several.replace("两", "二")))
            period = f"{first:04}-01-01", f"{year:04}-12-31"
        else:
            period = _part_of(year + _YEARS_ON[word.casefold()], match["half"])
        found.setdefault(match.group(), period)
    return tuple(found.items())


def overlapping(some: Sequence[tuple[str, str]], others: Sequence[tuple[str, str]]) -> bool:
    """Whether a period of the first shares a day with one of the second."""
    return any(a <= d and c <= b for a, b in some for c, d in others)


def _period(match: re.Match[str]) -> tuple[str, str] | None:
    if match["plan"]:
        return _plan(numeral(match["plan"]))
    if match["from"]:
        return _years(_number(match["from"]), _number(match["to"]))
    return _in_english(match) if match["first"] else _dated(match)


def _in_english(match: re.Match[str]) -> tuple[str, str] | None:
    first, when = int(match["first"]), match["when"].casefold()
    years = _years(first, int(match["last"] or first))
    if years is None or match["last"]:
        return years
    if when in ("before", "until"):
        return FIRST_DAY, years[1]
    return (years[0], LAST_DAY) if when in ("since", "after", "from") else years


def _plan(n: int) -> tuple[str, str] | None:
    """The n-th five-year plan: the tenth began in 2001."""
    first = 2001 + 5 * (n - 10)
    return _years(first, first + 4)


def _years(first: int, last: int) -> tuple[str, str] | None:
    return (f"{first:04}-01-01", f"{last:04}-12-31") if first <= last else None


def _dated(match: re.Match[str]) -> tuple[str, str] | None:
    year, month, day = _number(match["year"]), match["month"], match["day"]
    if not month:
        first, last = _part_of(year, match["part"])
    else:
        n = numeral(month)
        days = monthrange(year, n)[1]
        if day and not 1 <= numeral(day) <= days:
            return None
        first = f"{year:04}-{n:02}-{numeral(day) if day else 1:02}"
        last = f"{year:04}-{n:02}-{numeral(day) if day else days:02}"
    opened = (match["open"] or "").strip()
    if opened.endswith("前"):
        return FIRST_DAY, last
    return first, LAST_DAY if opened else last


def _part_of(year: int, part: str | None) -> tuple[str, str]:
    """A year, or the half or quarter of it that `part` names (上半年, 第一季度)."""
    if not part:
        months = 1, 12
    elif part.endswith("半年"):
        months = (1, 6) if part.startswith("上") else (7, 12)
    else:
        last = 3 * numeral(part.removeprefix("第")[0])
        months = last - 2, last
    return f"{year:04}-{months[0]:02}-01", f"{year:04}-{months[1]:02}-{monthrange(year, months[1])[1]:02}"


def _number(year: str) -> int:
    return int("".join(_DIGIT.get(char, char) for char in year))
