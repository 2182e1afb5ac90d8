"""What an answer looks like in a sentence: as `shapes` says for refusals, and as `rag.coverage` where that does not tell."""

from __future__ import annotations

import re
from typing import Final

from rag.answering import shapes
from rag.coverage import answer_pattern
from rag.question import Question

# A news report opens with its agency, place and date: they answer no question about the matter.
_DATELINE: Final = re.compile(
    r"^[^,。;]{0,30}?(?:社|报|网|讯|日报)[^,。;]{0,14}?\d{1,2}月\d{1,2}日(?:电|讯)(?:\(.{0,30}?\))?|^[^,。]{0,12}讯\([^)]{0,20}\)"
)


def shape(question: Question) -> re.Pattern[str] | None:
    """What the wanted answer looks like in a folded text; None where there is no telling. The strict table serves first; where
    it does not tell, what passages are preferred by does."""
    strict = shapes.shape(question)
    return strict.pattern if strict is not None else answer_pattern(question)


def body(folded: str) -> str:
    """A sentence without the agency, place and date that open a news report."""
    return _DATELINE.sub("", folded, count=1) if "月" in folded[:60] or "讯" in folded[:16] else folded


_HAN: Final = "一二三四五六七八九十两"
_VALUE: Final = {char: value for value, char in enumerate("零一二三四五六七八九十")} | {"两": 2}
_ANNOUNCED: Final = re.compile(
    rf"[“\"‘《](?P<inside>[{_HAN}]{{1,2}}|\d{{1,2}})(?:个|大|项|条)?(?P<core>[^“”\"‘’{_HAN}\d]{{1,3}})[{_HAN}]?[^”\"’》]{{0,2}}[”\"’》]"
    rf"|(?P<before>[{_HAN}]{{1,2}}|\d{{1,2}})[个大项][“\"‘](?P<named>[^“”\"‘’]{{1,3}})[”\"’]"
    rf"|(?P<plain>[{_HAN}]|\d{{1,2}})(?:大|个|条|项|点|块|招|步|类|种|型|路|关|方面|环节|时段|部分|批)"
)
_ENGLISH: Final = {name: value for value, name in enumerate("two three four five six seven eight nine ten".split(), 2)}
_ENGLISH_COUNT: Final = re.compile(
    rf"\b({'|'.join(_ENGLISH)}) (?!(?:\w+ )?(?:years?|months?|days?|hours?|weeks?|percent|hundred|thousand|million|places|counties|cities|districts)\b)[a-z]"
)


def announced(folded: str) -> tuple[int, str]:
    """How many things a folded question says that there are, and the word that they share: 4 and "" for 哪四招, 5 and 边 for
    “五边”, 3 and 务必 for 三个“务必”; 0 when it does not say. Where the number stands twice (哪六个方面…“六个坚持”), the word tells."""
    said = [
        (numeral(match["inside"] or match["before"] or match["plain"]), match["core"] or match["named"] or "")
        for match in _ANNOUNCED.finditer(folded)
    ]
    said += [(_ENGLISH[match[1]], "") for match in _ENGLISH_COUNT.finditer(folded)]
    several = [(value, core) for value, core in said if value > 1]
    first = several[0] if several else (0, "")
    return next(((value, core) for value, core in several if core and value == first[0]), first)


def numeral(text: str) -> int:
    """三 → 3, 十二 → 12, 12 → 12."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.partition("十")
    return (_VALUE.get(tens, 1) * 10 if ten else 0) + (_VALUE.get(ones if ten else text, 0))


_PLACES: Final = re.compile(
    r"(?P<which>哪(?:些|几)个?(?:地方|地区|地市|省份?|市|县|区(?!别)|州|旗|盟|乡镇|镇|乡|城市)|"
    r"which (?:places|counties|cities|districts|regions|provinces|areas|banners|towns))|各(?:地|省|市|县|区|州|旗|盟)(?!委)"
)


def asks_for_places(question: Question) -> bool:
    """Whether a question is asked of every place that there is (哪些县…, 各地…)."""
    return bool(_PLACES.search(question.folded))


def asks_which_places(question: Question) -> bool:
    """Whether it asks which places do something: of each of them one thing is wanted."""
    match = _PLACES.search(question.folded)
    return match is not None and match["which"] is not None
