"""Sentences out of a model's reply while it is being written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

MAX_SENTENCE_CHARS: Final = 1_000

_THINK, _THOUGHT = "<think>", "</think>"
_BRACKETS: Final = str.maketrans("【】［］", "[][]")
# A sentence ends at its mark with the citations that follow it, or at the end of the line; marks inside a quotation that is
# closed on its line end nothing.
_SENTENCE: Final = re.compile(
    r"(?:“[^”\n]*”|《[^》\n]*》|“(?=[^”\n]*\n)|《(?=[^》\n]*\n)|[^“《。！？!?；;\n])*+"
    r"(?:[。！？!?；;]+[”’」』）)]*(?:[ \t]*\[[\d,，、 ]*\])*[ \t]*\n*|\n+)"
)
# In English a full stop ends one where white space or a citation follows, and no abbreviation stands before it.
_ENGLISH_SENTENCE: Final = re.compile(
    r"(?:“[^”\n]*”|\"[^\"\n]*\"|《[^》\n]*》|(?<![A-Za-z])(?:[Nn]o|[Aa]rt|[Dd]r|[Mm]rs?|[Ss]t|[Vv]s|[Ii]nc|[Ll]td|e\.g|i\.e|[A-Z])\.|"
    r"“(?=[^”\n]*\n)|\"(?=[^\"\n]*\n)|\.(?![\s\[\"”’)])|[^“\".!?\n])*+"
    r"(?:[.!?]+[”’\")]*(?:[ \t]*\[[\d, ]*\])*[ \t]*\n*|\n+)"
)
_ORNAMENT: Final = re.compile(r"^\s*(?:#+\s|[-•·*]\s|\d{1,2}(?:[、)）]|[.．](?!\d))|[（(]\d{1,2}[)）])\s*|\*\*|__")


class Sentences:
    """Takes the reply piece by piece, gives its sentences whole, in order, each with its citations. What a reasoning model
    thinks aloud first (<think>…</think>) is left out; 【1】 becomes [1]."""

    def __init__(self, *, english: bool = False) -> None:
        """`english` says that full stops end sentences, and semicolons do not."""
        self._sentence = _ENGLISH_SENTENCE if english else _SENTENCE
        self._text = ""
        self._thinking: bool | None = None

    def push(self, piece: str) -> Iterator[str]:
        """The sentences that are complete now. One is complete when what follows it can belong to it no more."""
        self._text += piece.translate(_BRACKETS)
        if self._settled():
            while (match := self._sentence.match(self._text)) is not None and match.end() < len(self._text):
                if self._text[match.end()] == "[":
                    break
                yield self._take(match.end())
            if len(self._text) > MAX_SENTENCE_CHARS:
                yield self._take(len(self._text))

    def finish(self) -> Iterator[str]:
        """The sentences that the end of the reply completes, the last one with or without its mark."""
        if self._thinking or (self._thinking is None and self._text.lstrip().startswith(_THINK)):
            return
        while (match := self._sentence.match(self._text)) is not None:
            yield self._take(match.end())
        if self._text.strip():
            yield self._take(len(self._text))

    def _settled(self) -> bool:
        """Whether the text that is held is the reply itself."""
        if self._thinking is None:
            start = self._text.lstrip()
            if _THINK.startswith(start):
                return False
            self._thinking = start.startswith(_THINK)
        if self._thinking:
            _, thought, rest = self._text.partition(_THOUGHT)
            self._text = rest if thought else self._text[-len(_THOUGHT) :]
            self._thinking = not thought
        return not self._thinking

    def _take(self, end: int) -> str:
        sentence, self._text = self._text[:end], self._text[end:]
        return sentence


def plain(sentence: str) -> str:
    """A sentence without list signs, emphasis and white space around it."""
    return _ORNAMENT.sub("", sentence).strip()
