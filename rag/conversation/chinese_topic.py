"""What a Chinese question is about, in its own words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from rag.analysis import fold, segment
from rag.conversation.chinese_words import DEPENDENT, KEPT, QUESTION_WORD, RECIPIENTS, TAIL
from rag.conversation.turn import Turn
from rag.interrogatives import STOP

TOPIC_CHARS: Final = 40


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text at [start, end); `content` unless it is a stop word or a mark. `folded` is as rules compare it."""

    start: int
    end: int
    folded: str
    content: bool


def topic(before: Turn) -> str:
    """What the question is about, as a noun phrase of its own words: without places, question words and the nouns that
    only belong to it (条件, 标准); "" when nothing is left. “祁东县对博士有哪些补贴？” gives 博士的补贴."""
    text = without_places(before)
    found = words_of(text)
    content = [at for at, word in enumerate(found) if word.content]
    while len(content) > 1 and found[content[-1]].folded in DEPENDENT:
        content.pop()
    if len(content) > 1 and found[content[0]].folded in DEPENDENT and found[content[0]].folded not in RECIPIENTS:
        content.pop(0)
    phrase = ""
    for last, at in zip([None, *content], content, strict=False):
        word = found[at]
        if last is not None:
            phrase += _link(text, found[last + 1 : at])
        phrase += text[word.start : word.end]
    return phrase if len(phrase) <= TOPIC_CHARS else phrase[-TOPIC_CHARS:].partition("的")[2]


def _link(text: str, between: Sequence[Word]) -> str:
    """What joins two content words: the words between them where these only join, else 的."""
    if all(word.folded in KEPT for word in between):
        return "".join(text[word.start : word.end] for word in between)
    return "的"


def words_of(text: str) -> list[Word]:
    """The words of a text in order; question words and what they count (几名) are no content."""
    parts = segment(matchable(text))
    ends = list(accumulate(map(len, parts)))
    found = []
    for at, (part, end) in enumerate(zip(parts, ends, strict=True)):
        counter = bool(at) and len(part) == 1 and bool(re.search(r"多少|几$", parts[at - 1]))
        content = part not in STOP and any(char.isalnum() for char in part) and not counter
        found.append(Word(end - len(part), end, part, content and not QUESTION_WORD.search(part)))
    return found


def without_places(asked: Turn) -> str:
    """The text with its places as spaces, offsets unchanged."""
    chars = list(asked.text)
    for place in asked.places:
        chars[place.start : place.end] = " " * (place.end - place.start)
    return "".join(chars)


def unended(text: str) -> str:
    """The text without its last particle and mark."""
    match = TAIL.search(matchable(text))
    return text[: match.start()] if match else text


def matchable(text: str) -> str:
    """The text as patterns match it, with the same offsets."""
    simplified = fold(text).text
    return simplified if len(simplified) == len(text) else text
