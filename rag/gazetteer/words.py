"""The words of a text where it can name a place: cutting all of it takes as long as everything else about its places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from rag.analysis import segment
from rag.gazetteer.unknown import KIND
from rag.segmentation import block

# Characters from which on a text is long enough for what pays with much text only.
LONG: Final = 200


def words_around(text: str, pairs: Sequence[int]) -> Sequence[str]:
    """The words of a text, in order; joined they are the text again. Of a long one only the blocks are cut that hold a place's kind
    or one of the `pairs`, given by where they begin: a third of all. What stands between them is one word, but for its last character:
    nobody looks back over that."""
    if len(text) < LONG or _rare().search(text):
        return segment(text)
    ranges: list[tuple[int, int]] = []
    end = 0
    for mark in sorted((*pairs, *(match.start() for match in KIND.finditer(text)))):
        if mark >= end:
            ranges.append(block(text, mark, end))
            end = ranges[-1][1]
    cut = iter((*segment("\n".join([text[start:end] for start, end in ranges])), "\n"))
    words: list[str] = []
    at = 0
    for start, end in ranges:
        if start - at > 1:
            words.append(text[at : start - 1])
        if start > at:
            words.append(text[start - 1])
        words += iter(cut.__next__, "\n")
        at = end
    return [*words, text[at:]] if at < len(text) else words


@lru_cache(maxsize=1)
def _rare() -> re.Pattern[str]:
    """Han characters that are part of no block: they can be in a name with what stands beside them."""
    return re.compile("[\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
