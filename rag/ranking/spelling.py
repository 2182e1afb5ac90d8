"""Which place of a corpus a name may be a slip of the pen for: one character that sounds or looks the same, one letter."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

from rag.gazetteer.romanise import romanise, syllables

# Characters of place names that are taken for each other and do not sound the same.
_ALIKE: Final = frozenset(
    pair
    for group in (
        "亳毫 睢雎 沭沐 汨泊汩 郯剡 澧沣 荥荣 滏釜 氾汜 歙翕 鄱翻 鄞勤 邛印 黟黔 枞纵 芗乡 涪陪 浠稀 郴彬 耒来 攸悠 溆叙 濮仆 "
        "盱于 眙台 邳坯 浒许 崁坎 泸沪 沅沉 洮桃 圳川 栾峦 沽活 渑绳 淅浙 隰湿 莒营 郓军 茌荏 乐东 峄译 "
        "大太犬 小少 上士土 日曰目 干千于 天夫 永水 宁宇 未末 己已巳 今令 乌鸟 石右 白自 丰半 安按 林休"
    ).split()
    for a, b in combinations(group, 2)
    for pair in ((a, b), (b, a))
)
LEAST_LETTERS: Final = 5


def misspelt(asked: str, places: Sequence[str]) -> str:
    """The one of the places (朔河县, not joined with those around it) that the asked name differs from by a single character of
    the same sound or look, or, in Latin letters, by a single letter; empty where there is none or more than one."""
    found = {place for place in places if place != asked and _one_slip(asked, place)}
    return found.pop() if len(found) == 1 else ""


def _one_slip(asked: str, place: str) -> bool:
    if asked.isascii():
        wanted, spelt = "".join(filter(str.isalpha, asked.lower())), romanise(place)
        return min(len(wanted), len(spelt)) >= LEAST_LETTERS and _one_letter(wanted, spelt)
    if len(asked) != len(place) or len(asked) < 2:
        return False
    other = [(a, b) for a, b in zip(asked, place, strict=True) if a != b]
    return len(other) == 1 and (other[0] in _ALIKE or syllables(other[0][0]) == syllables(other[0][1]))


def _one_letter(a: str, b: str) -> bool:
    """Whether one letter too many, too few or in place of another makes the difference."""
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1:
        return False
    same = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    return a != b and a[same + (len(a) == len(b)) :] == b[same + 1 :]
