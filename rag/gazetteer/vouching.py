"""Names of places that are common words too, and what in a text says that they are names there."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import Final

from rag.analysis import tagged
from rag.gazetteer.table import data_lines

_ORGAN: Final = (
    r"[镇乡](?=党委|人民政府|政府)|街道(?=党工委|工委|办事处)|[县市区旗](?=委(?!员|托|派)|人民政府|政府|纪委|人大|政协|融媒体|总工会|妇联|法院|检察院|组织部|宣传部|统战部|党校"
    r"|[教财民司公审统税商]\w{1,2}局|人力资源|住房和城乡|农业农村|卫生健康|市场监督|行政审批|退役军人|应急管理|自然资源|发展和改革|医疗保障|生态环境|乡村振兴局)"
)
_HAS_ORGAN: Final = re.compile(_ORGAN)
_HEAD: Final = re.compile(
    r"(?:(?<![一-鿿])|(?<=中共)|(?<=[县市区旗盟州]))[一-鿿]{2}(?:县|市|区|旗|镇|乡|街道|苏木)(?![场域民直级])"
)
# A common word and one more character: 光荣桥镇, 核心洲区.
_LONGER: Final = re.compile(
    r"(?:(?<![一-鿿])|(?<=中共)|(?<=[县市区旗盟州]))[一-鿿]{3}(?:县|市|区|旗|镇|乡|街道)(?![场域民直级])"
)
_PREFECTURE: Final = re.compile(r"(?<![一-鿿])[一-鿿]{3,4}州(?![市湾路])")
# Parts of speech that no name is: prepositions, conjunctions, adverbs and so on; a verb may be one (昌明).
_NAMELESS: Final = frozenset("pcdrmqtfub")


@lru_cache(maxsize=1)
def _words() -> tuple[frozenset[str], frozenset[str]]:
    """Words of two or three characters too common to be a place's name; and those that are so only before 区."""
    always, before_district = data_lines("words.txt")
    return frozenset(always.split(" ")), frozenset(before_district.split(" "))


def is_common(word: str, kind: str) -> bool:
    """Whether a word is too common to be a place's name before this kind."""
    always, before_district = _words()
    return word in always or (kind == "区" and word in before_district)


def vouched_names(text: str) -> set[str]:
    """Names that are common words too, of which the text says twice or more that they are places: once by an organ (青松区委), or
    by standing where names do (昌明县, 惠和街道): at a line's beginning, and otherwise where a phrase begins too. What is no name
    (先进县) mostly has something before it."""
    named: set[str] = set()
    if "\n" not in text:  # A question, a line: nothing to compare it with.
        return named
    for match in _HAS_ORGAN.finditer(text):
        first = match.start() - 2
        if first < 0 or not begins_phrase(text, first):
            continue
        # After a place 市, 区 and 县 are organs more often than ends of names: 上海市根据市政府….
        speech = _speech(text[first : first + 2])
        if speech in _NAMELESS:
            continue
        small = match.group() in ("镇", "乡", "街道")
        if small or _stands_apart(text, first) or speech == "n":
            named.add(text[first : match.end()])
    found = {name for name in named if text.count(name) > 1}
    heads = Counter(match.group() for match in _HEAD.finditer(text))
    found |= {name for name, count in Counter(_PREFECTURE.findall(text)).items() if count > 1}
    longer = Counter(match.group() for match in _LONGER.finditer(text))
    found |= {
        name
        for name, count in longer.items()
        if count > 1
        and (_speech(name[:2]) not in ("", *_NAMELESS, *("v" if name[3:] in ("市", "区", "县") else "")))
        and count >= 0.6 * text.count(name)
        and (count > 2 or _leads_line(text, name))
    }
    return found | {
        name for name, count in heads.items() if count > 1 and name not in found and _heads(text, name, count)
    }


def _heads(text: str, name: str, count: int) -> bool:
    """Whether a common word with a kind, which begins `count` phrases, is a name: it begins a line or follows a larger place."""
    stem, kind = name[:2], name[2:]
    if not is_common(stem, kind) and stem[-1] != "和":
        return False
    speech = _speech(stem)
    if speech in _NAMELESS:
        return False
    acts = speech == "v"
    enough = count > 2 or not (acts or kind in ("区", "市"))
    return enough and count >= (1.0 if acts else 0.6) * text.count(name) and _leads_line(text, name)


def _leads_line(text: str, name: str) -> bool:
    """Whether a line begins with a name, or a larger place stands before it."""
    return bool(re.search(rf"(?:^|[\n】—县市区旗盟州])\s*{name}", text))


def _speech(stem: str) -> str:
    """The first letter of a word's part of speech; empty for what is no word."""
    found = tagged(stem)
    return found[0][1][0] if len(found) == 1 else ""


def _stands_apart(text: str, start: int) -> bool:
    """Whether no Han character stands before, or the end of 中共."""
    return not "一" <= text[start - 1 : start] <= "鿿" or text[max(0, start - 2) : start] == "中共"


def begins_phrase(text: str, start: int) -> bool:
    """Whether two characters here are Han, and the one before them is not, or is a place's kind, or the end of 中共."""
    name = text[start : start + 2]
    return min(name) >= "一" and max(name) <= "鿿" and (_stands_apart(text, start) or text[start - 1] in "县市区旗盟州")
