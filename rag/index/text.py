"""What is indexed of a chunk: one rule for the lexical and the dense side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Final

from rag.analysis import simplified
from rag.types import Chunk

_BREAK: Final = re.compile(r"[ \t\u3000]*[\r\n\u2028\u2029]+[ \t\u3000]*")
_BREAKS: Final = ("\n", "\r", "\u2028", "\u2029")
_LATIN: Final = re.compile(r"[0-9A-Za-z,.;:!?)\]%'\"][ ]*\Z")


def indexed_text(document_text: str, chunk: Chunk) -> tuple[str, str]:
    """The chunk's context, and its passage with line breaks joined: by a space after Latin text, by nothing otherwise.

    So a word that a line break cuts in two is one word in both indexes. Neither part is ever quoted.
    """
    passage = document_text[chunk.start : chunk.end]
    # The search for the expression takes ten times as long as these looks, and most passages stand on one line.
    if any(char in passage for char in _BREAKS):
        passage = _BREAK.sub(_joint, passage)
    return chunk.context, passage


def embedded_texts(texts: Sequence[tuple[str, str]]) -> list[str]:
    """The texts that chunks' vectors stand for, each given as context and passage: context, line break, passage; the passage
    alone when there is no context. In simplified characters, as questions are embedded too."""
    full = [f"{context}\n{passage}" if context else passage for context, passage in texts]
    joined = simplified("".join(full))
    ends = list(accumulate(map(len, full), initial=0))
    if len(joined) != ends[-1]:
        return list(map(simplified, full))
    return [joined[start:end] for start, end in pairwise(ends)]


def _joint(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - 2) : match.start()]
    return " " if _LATIN.search(before) else ""
