"""What is indexed of a chunk: one rule for the lexical and the dense side."""

from __future__ import annotations

import re
from typing import Final

from rag.analysis import simplified
from rag.types import Chunk

_BREAK: Final = re.compile(r"[ \t\u3000]*[\r\n\u2028\u2029]+[ \t\u3000]*")
_LATIN: Final = re.compile(r"[0-9A-Za-z,.;:!?)\]%'\"][ ]*\Z")


def indexed_text(document_text: str, chunk: Chunk) -> tuple[str, str]:
    """The chunk's context, and its passage with line breaks joined: by a space after Latin text, by nothing otherwise.

    So a word that a line break cuts in two is one word in both indexes. Neither part is ever quoted.
    """
    return chunk.context, _BREAK.sub(_joint, document_text[chunk.start : chunk.end])


def embedded_text(context: str, passage: str) -> str:
    """The text that a chunk's vector stands for: context, line break, passage; the passage alone when there is no context.
    In simplified characters, as questions are embedded too."""
    return simplified(f"{context}\n{passage}" if context else passage)


def _joint(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - 2) : match.start()]
    return " " if _LATIN.search(before) else ""
