"""Numbers in Chinese text with what they count and how they are bounded: “不超过30万元” is 300,000 元, at most."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

Bound = Literal["", "most", "least", "about"]

_DIGIT: Final = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_POWER: Final = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_UNITS: Final = (
    "个百分点|个月|个?工作日|个?小时|个?季度|个?学期|平方公里|平方米|公里|千米|公顷|分钟|"
    "[元块个名人位家项条套所处件次辆户座场期届批支款种类天年月日号周岁亩米吨倍篇章步级层间成%‰]"
)
_SAME: Final = {char: group[0] for group in ("人名位", "天日", "元块", "个家所处座件期", "项条款") for char in group}
_HAN_NUMBER: Final = "零〇一二两三四五六七八九十百千万亿"
_NUMBER: Final = re.compile(
    rf"(?P<digits>\d+(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<power>[十百千万亿]*)(?P<more>[余多]?)(?P<unit>{_UNITS})?"
    rf"|百分之(?P<share>[{_HAN_NUMBER}]+|\d+(?:\.\d+)?)"
    rf"|(?P<han>(?<![{_HAN_NUMBER}])[{_HAN_NUMBER}]+)(?P<rest>[余多]?)(?P<counted>{_UNITS}|大(?=[\u4e00-\u9fff]))"
)
# 一个, 一项, 一年年 … are articles and idioms, not figures.
_ARTICLE: Final = re.compile(r"一[个种类批项条支次期家位场步款套级层成]")
_MOST: Final = re.compile(r"(?:不超过|不高于|不多于|不得超过|最高|最多|至多|上限为?|封顶)[^\d,。;]{0,6}$")
_LEAST: Final = re.compile(
    r"(?:不少于|不低于|不得少于|不得低于|至少|最低|最少|超过|超|逾|突破|高于|多于)[^\d,。;]{0,6}$"
)
_ABOUT: Final = re.compile(r"(?:约|大约|近|将近|接近)$")
_NEGATED: Final = re.compile(r"(?:不|不得|未)(?:超过|高于|多于|突破)[^\d,。;]{0,6}$")


@dataclass(frozen=True, slots=True)
class Number:
    """A number at `text[start:end]` of a folded text: its value with its powers (30万 → 300000), the unit that follows it
    ("" when none is known; units that count alike are one: 名, 位 → 人; 第三年 has 第年), and what bounds it."""

    start: int
    end: int
    value: Decimal
    unit: str
    bound: Bound

    def means(self, other: Number) -> bool:
        """Whether the two say the same: value and bound, and the unit where both have one."""
        return (
            self.value == other.value
            and self.bound == other.bound
            and (self.unit == other.unit or not self.unit or not other.unit)
        )

    def rivals(self, other: Number) -> bool:
        """Whether the other counts in the same unit to another value, so that the two could be mistaken."""
        return self.unit == other.unit and self.value != other.value


def numbers(folded: str) -> tuple[Number, ...]:
    """The numbers of a folded text in order: digits always, Chinese numerals where a unit follows them."""
    return tuple(_number(match, folded) for match in _NUMBER.finditer(folded) if not _ARTICLE.fullmatch(match.group()))


def _number(match: re.Match[str], text: str) -> Number:
    parts = match.groupdict()
    if parts["share"]:
        value, unit, more = _value(parts["share"], ""), "%", ""
    elif parts["digits"]:
        value, unit, more = _value(parts["digits"], parts["power"]), parts["unit"] or "", parts["more"]
    else:
        value, unit, more = _value(parts["han"], ""), parts["counted"], parts["rest"]
    start, end = match.span()
    unit = _SAME.get(unit, unit.removeprefix("个") if len(unit) > 2 else unit)
    ordinal = "第" if text[start - 1 : start] == "第" else ""
    return Number(start, end, value, ordinal + unit, _bound(text, start, end, more))


def _value(digits: str, power: str) -> Decimal:
    value = Decimal(_han(digits)) if digits[0] in _HAN_NUMBER else Decimal(digits.replace(",", ""))
    for char in power:
        value *= _POWER[char]
    return value


def _han(text: str) -> int:
    """三百二十 → 320, 二〇二二 → 2022, 十五 → 15, 一万二千 → 12000."""
    if not any(char in _POWER for char in text):
        return int("".join(str(_DIGIT[char]) for char in text))
    total = section = digit = 0
    for char in text:
        if char in _DIGIT:
            digit = _DIGIT[char]
        elif _POWER[char] < 10_000:
            section, digit = section + (digit or 1) * _POWER[char], 0
        else:
            total, section, digit = (total + (section + digit or 1)) * _POWER[char], 0, 0
    return total + section + digit


def _bound(text: str, start: int, end: int, more: str) -> Bound:
    before, after = text[max(0, start - 12) : start], text[end : end + 4]
    if _MOST.search(before) or _NEGATED.search(before) or re.match(r"以[下内]|之内", after):
        return "most"
    if more or _LEAST.search(before) or re.match(r"以上|及以上|余|多[^个种方]", after):
        return "least"
    return "about" if _ABOUT.search(before) or after.startswith("左右") else ""
