"""A place as a person writes it where a place is asked for: a division's name, or one that only its form shows to be a place.

Elsewhere a text says 云溪县 and means what is 云溪区 now. Here nothing is guessed: a name that no division has stands as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from rag.analysis import fold
from rag.errors import UsageError
from rag.gazetteer.gazetteer import Gazetteer, gazetteer
from rag.gazetteer.table import Division, level_of_form
from rag.types import Level

_OF_NO_LEVEL: Final = ("园区", "开发区", "高新区", "示范区", "试验区", "社区", "园", "城", "村", "农场", "林场", "兵团")
_NO_NAME: Final = re.compile(
    r"[我本全该各贵敝此其某每]?(?:自治)?(?:省|市|县|区|旗|盟|州|镇|乡|村|街道|社区|地区|新区|苏木)"
)
_SEVERAL: Final = re.compile(r"[、，,;；/]")
_AND: Final = "和与及"
_SHOWN: Final = 5


def typed_place(words: str) -> tuple[str, Level | None]:
    """The official name of the one division that these words name, with those above it, and its level. What no division is called
    (澄河县, 祁东县洪桥镇) is what was written, after the official name of the full one that it begins with, if any.

    Raises UsageError: several divisions have the name, one does not lie in the other, or it has not the form of a place.
    """
    names = gazetteer()
    if words.isascii():
        return _english(words, names)
    bare = fold("".join(words.split())).text
    found = {each.code: each for each in _readings(bare, None, names)}
    return _only(found.values(), words, names) if found else _by_form(bare, words, names)


def _only(found: Collection[Division], words: str, names: Gazetteer) -> tuple[str, Level | None]:
    if len(found) > 1:
        raise UsageError(f"place is {words!r}, which several have: write {_shown(names, found)}")
    (division,) = found
    return names.official(division.code), division.level


def _readings(rest: str, above: Division | None, names: Gazetteer) -> Iterator[Division]:
    """The divisions that a name spells, each part of it one that lies in the part before."""
    for size in range(len(rest), 1, -1):
        for division in names.named(rest[:size]):
            if above is None or (division.code != above.code and names.within(division.code, above.code)):
                if size == len(rest):
                    yield division
                else:
                    yield from _readings(rest[size:], division, names)


def _by_form(bare: str, words: str, names: Gazetteer) -> tuple[str, Level | None]:
    if _NO_NAME.fullmatch(bare) or not _has_form(bare):
        raise UsageError(f"place is {words!r}: write a division's name, as 祁东县 or 湖南省衡阳市祁东县")
    above, rest = _known_start(bare, names)
    also = list(_readings(rest.lstrip(_AND), None, names)) if above is not None else []
    if _SEVERAL.search(bare) or (also and rest[0] in _AND):
        raise UsageError(f"place is {words!r}: a document speaks for one place, write one")
    if above is None:
        return "".join(words.split()), _level(bare)
    if also:
        raise UsageError(f"place is {words!r}, but {rest} is not in {above.name}: write {_shown(names, also)}")
    return names.official(above.code) + rest, _level(rest)


def _known_start(bare: str, names: Gazetteer) -> tuple[Division | None, str]:
    """The division that the longest beginning spells in full names, and what is left, which has a name of its own."""
    for size in range(len(bare) - 1, 1, -1):
        found = {each.code: each for each in _readings(bare[:size], None, names) if bare[:size].endswith(each.name)}
        if len(found) == 1 and _has_form(bare[size:]) and not _NO_NAME.fullmatch(bare[size:]):
            return next(iter(found.values())), bare[size:]
    return None, bare


def _has_form(bare: str) -> bool:
    return level_of_form(bare) is not None or (bare.endswith(_OF_NO_LEVEL) and len(bare) > 2)


def _level(bare: str) -> Level | None:
    return None if bare.endswith(_OF_NO_LEVEL) else level_of_form(bare)


def _shown(names: Gazetteer, divisions: Iterable[Division]) -> str:
    return " or ".join(sorted({names.official(each.code) for each in divisions})[:_SHOWN])


def _english(words: str, names: Gazetteer) -> tuple[str, Level | None]:
    mentions = names.mentions_english(words)
    if not mentions or _letters("".join(each.text for each in mentions)) != _letters(words):
        raise UsageError(f"place is {words!r}: write a division's name, as Qidong County or 祁东县")
    found = {each.code: each for each in mentions[0].candidates}
    for mention in mentions[1:]:
        # Either may come first: Qidong County, Hengyang; Hunan Qidong.
        pairs = [
            pair for one in found.values() for other in mention.candidates for pair in ((one, other), (other, one))
        ]
        found = {one.code: one for one, other in pairs if one.code != other.code and names.within(one.code, other.code)}
    if not found:
        raise UsageError(f"place is {words!r}, but none of these lies in the other: write one")
    return _only(found.values(), words, names)


def _letters(text: str) -> str:
    return re.sub(r"[\s,.'-]", "", text).lower()
