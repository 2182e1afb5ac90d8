"""Follow-up questions made self-contained: rules only, the same result for the same words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rag.conversation import chinese, english
from rag.conversation.turn import turn

DEPTH: Final = 10
"""Earlier questions that are looked at."""
MAX_CHARS: Final = 400
_SMALL_TALK: Final = re.compile(
    r"(?:好的?|嗯+|哦+|行|谢谢|謝謝|多谢|感谢|明白了?|知道了?|了解了?|你好|您好|再见|再見|对|不是|没有了?|ok(?:ay)?|yes|no|"
    r"thanks?|thank you|hello|hi|bye|great|i see|got it)[\s。.!！,，啦啊呀了您你~～]*",
    re.IGNORECASE,
)


def follow_up(history: Sequence[str], question: str) -> str:
    """The question made self-contained by the earlier ones, oldest first, as they were asked or as this made them.

    “那格尔木呢？” becomes the question before it with its place swapped; “标准是多少？” gets the place and the topic of the
    question before; “有哪些住房补贴？” its place. A question that stands alone, one that nothing earlier completes, small talk
    and marks without a word are returned unchanged, character for character. Raises nothing.
    """
    context = ""
    for earlier in history[-DEPTH:]:
        if any(map(str.isalnum, earlier)) and not _SMALL_TALK.fullmatch(earlier.strip()):
            context = _completed(context, earlier)
    return _completed(context, question)


def _completed(context: str, question: str) -> str:
    asked = question.strip()
    said = any(map(str.isalnum, asked))
    if not context or not said or len(asked) > MAX_CHARS or len(context) > MAX_CHARS or _SMALL_TALK.fullmatch(asked):
        return question
    before, now = turn(context), turn(asked)
    completed = (english if now.english else chinese).completed(before, now)
    return question if completed is None else completed
