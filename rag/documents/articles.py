"""Several articles in one file: where each begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from rag.documents.bulletins import listed
from rag.documents.bylines import byline_of
from rag.documents.chrome import is_meta
from rag.documents.lines import Line
from rag.documents.marks import ends_sentence, opening

_LEAST_CHARS: Final = 200
_TITLE_CHARS: Final = 60
_SAVED_PAGE: Final = re.compile(r"^Title: \S")
_ENDING: Final = re.compile(r"^={3,}$|责任编辑|责编|^[【\[]?(?:打印|关闭)|^(?:上|下)一篇|^主办|^评论|版权所有|ICP备")
_FIRST_ITEM: Final = re.compile(r"^[#*\s]*一、")


def slices(text: str, found: Sequence[Line], flags: Sequence[bool]) -> list[tuple[int, int]]:
    """The ranges of the articles in a text: contiguous, in order, covering it. One range where it is one article.

    `found` are its lines and `flags` says which of them are chrome.

    A new article begins at a title that stands under the end of another one: a heading of the top level or a short line with a
    byline or facts under it, a title after the closing lines of a page, a numbered one (篇二：…), or one that a list of
    contents at the top names.
    """
    if len(found) < 4:
        return [(0, len(text))]
    opens = listed(found)
    starts = [_line_start(text, found[at]) for at in (opens[1:] or _starts(found, flags))]
    bounds = [0, *[start for start in starts if start > 0], len(text)]
    return list(pairwise(bounds))


def _line_start(text: str, line: Line) -> int:
    return max(text.rfind("\n", 0, line.start), text.rfind("\r", 0, line.start), text.rfind("\f", 0, line.start)) + 1


def _starts(found: Sequence[Line], flags: Sequence[bool]) -> list[int]:
    """Indices of the lines at which the second and later articles begin."""
    saved = [at for at, line in enumerate(found) if _SAVED_PAGE.match(line.words)]
    if len(saved) > 1:
        return [at for at in saved[1:] if saved[0] < 4]
    headed = _headed(found, flags)
    starts: list[int] = []
    last = 0
    for at in range(2, len(found) - 1):
        if (
            flags[at]
            or found[at].start - found[last].start < _LEAST_CHARS
            or found[-1].end - found[at].end < _LEAST_CHARS
        ):
            continue
        if at in headed or _is_titled(found, flags, at):
            starts.append(at)
            last = at
    return starts


def _headed(found: Sequence[Line], flags: Sequence[bool]) -> set[int]:
    """Top-level markdown headings that open articles: under each a byline or facts, or in each a numbering from 一、."""
    levels = {at: sign.rank for at, line in enumerate(found) if (sign := opening(line.words)) and sign.kind == "hashes"}
    if not levels:
        return set()
    top = min(levels.values())
    heads = [at for at, level in levels.items() if level == top and not flags[at]]
    if len(heads) < 2 or any(not flags[at] for at in range(heads[0])):
        return set()
    ends = [*heads[1:], len(found)]
    signed = [at for at in heads if _has_byline(found, flags, at)]
    restarted = [
        at
        for at, end in zip(heads, ends, strict=True)
        if any(_FIRST_ITEM.match(line.words) for line in found[at + 1 : end])
    ]
    if len(signed) > 1:
        return set(signed)
    return set(restarted) if len(restarted) > 1 and len(restarted) == len(heads) else set()


def _has_byline(found: Sequence[Line], flags: Sequence[bool], at: int) -> bool:
    under = found[at + 1].words if at + 1 < len(found) else ""
    return bool(under) and (is_meta(under) or byline_of(under) is not None)


def _is_titled(found: Sequence[Line], flags: Sequence[bool], at: int) -> bool:
    """A short line that could be a title, over a byline or after the last line of a page, with sentences under it."""
    line, before = found[at], found[at - 1]
    if len(line.words) > _TITLE_CHARS or ends_sentence(line.words) or line.soft:
        return False
    if (sign := opening(line.words)) is not None and sign.kind != "hashes":
        return False
    if line.words[-1] in "，、,：:；" or line.words[0] in "（([【·•" or byline_of(line.words) is not None:
        return False
    signed = _has_byline(found, flags, at)
    under = at + 1
    while under < len(found) and (flags[under] or (under == at + 1 and signed)):
        under += 1
    if under >= len(found) or not _is_prose(found[under].words):
        return False
    if signed:
        return flags[at - 1] or ends_sentence(before.words) or before.words[-1] in ")）】]"
    return flags[at - 1] and _ENDING.search(before.words) is not None


def _is_prose(words: str) -> bool:
    return len(words) > 30 and ("。" in words or "，" in words or "," in words or words.endswith((":", "：")))
