"""Quantities as a question says them and as a text may write them: 三年 and 3年, 八十岁 and 80周岁, 六成 and 60%, 三回 and 3次; an age
as the span of ages that it lies in (九十多岁: 90至99周岁)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_DIGITS: Final = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_POWERS: Final = {"十": 10, "百": 100, "千": 1_000}
_HAN: Final = "零一二三四五六七八九十百千两〇"
_QUANTITY: Final = re.compile(
    rf"(?P<number>[{_HAN}]{{1,7}}|\d{{1,4}})(?P<more>来|多|余)?(?P<unit>岁|周岁|成|回|次|号人|[年天日月周期批名位户套亩元块]|[万亿]元?|个月|年级|公里|小时|工作日)?"
)
_SAME_UNIT: Final = {
    "岁": ("岁", "周岁"),
    "周岁": ("周岁", "岁"),
    "回": ("次",),
    "天": ("天", "日"),
    "块": ("元",),
    "号人": ("人", "名"),
}
_SPELT: Final = "零一二三四五六七八九十"
_AGE: Final = re.compile(
    rf"(?<![\d{_HAN}至到—~-])(?:(?P<number>\d{{2,3}}|[{_HAN}]{{2,4}}|百)(?:多|来|余|几)?个?周?岁)(?!以[上下内]|及以|到|至|[-—~])"
)
_SPANS: Final = ("至", "-", "—", "–", "~", "到", "岁至", "岁-", "周岁至", "周岁-", "周岁—")


@lru_cache(maxsize=2_048)
def written_otherwise(word: str) -> tuple[str, ...]:
    """The other ways in which a folded text may write a quantity, likeliest first; empty for what is none, for one with 多 or 余, and
    for a bare numeral of one character, which counts nothing by itself."""
    match = _QUANTITY.fullmatch(word)
    if match is None or match["more"] or (not match["unit"] and (word.isdigit() or len(word) < 2)):
        return ()
    number, unit = numeral(match["number"]), match["unit"] or ""
    if unit == "成":
        return (f"{10 * number}%",) if number < 10 else ()
    numerals = [str(number)] + ([_SPELT[number]] if 0 < number < len(_SPELT) else [])
    forms = [numeral + same for numeral in numerals for same in _SAME_UNIT.get(unit, (unit,))]
    return tuple(form for form in dict.fromkeys(forms) if form != word)


def numeral(number: str) -> int:
    """三十二 → 32, 一百零五 → 105, 80 → 80; digits or numerals up to thousands, folded. Raises KeyError for other characters."""
    if number.isdecimal():
        return int(number)
    total = digit = 0
    for char in number:
        if char in _POWERS:
            total += (digit or 1) * _POWERS[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit


def ages(topic: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """The ages of ten and more that a folded topic names: where each stands, with the ways in which a text may write it or the ten
    years that it lies in; what is said of all above or below an age is none."""
    for match in _AGE.finditer(topic):
        number = 100 if match["number"] == "百" else numeral(match["number"])
        if number < 10:
            continue
        decade = number // 10 * 10
        own = [f"{number}周岁", f"{number}岁"]
        spans = [f"{decade}{sign}{decade + 9}" for sign in _SPANS] if number < 100 else ["百岁"] * (decade == 100)
        above = [f"{decade}周岁以上", f"{decade}周岁及以上", f"{decade}岁以上", f"{decade}岁及以上"]
        yield match.start(), match.end(), tuple(form for form in (*own, *spans, *above) if form != match.group())
