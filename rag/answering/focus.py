"""Which characters of a quote are the answer: the figure, date or name of the wanted sort that goes with what is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rag.analysis import fold
from rag.answering.looks import shape
from rag.coverage import Weighted, coverage
from rag.interrogatives import Wanted
from rag.question import Question
from rag.types import Span

LESS, MORE = 0.6, 1.5
LEADING: Final = 0.3
_MARKS: Final = re.compile(r"[,;。:!?\n]")
# A single one (1套, 一个) is no answer, unless there is no other.
_ONE: Final = re.compile(r"(?:1|一)[^\d.,百千万亿余多]")
_DATE: Final = re.compile(
    r"(?:\d{4}年)?(?:\d{1,2}月(?:\d{1,2}日)?|\d{1,2}日)(?:\d{1,2}[::]\d\d)?|\d{4}年(?:年?底)?|\d{1,2}[::]\d\d"
)
# 由 5.2万元 提到 7.6万元: the first is what it was.
_BEFORE: Final = re.compile(r"(?:由|从)[^,;。\d]{0,8}$")
_BECOMES: Final = re.compile(r"[^,;。\d]{0,4}(?:到|至|为)")
_WAS: Final = re.compile(r"原来|以前|之前|原先|过去|本来|旧|previous|former|before")
_SHARE: Final = re.compile(r"比例|几成|百分|share|percent|proportion")
_YEAR: Final = re.compile(r"\d{4}年|\d{1,2}[月日]")
_REACHED: Final = re.compile(r"[至到\-—]$")
_UNTIL: Final = re.compile(r"截止|截至|最晚|最迟|为止|到期|失效|deadline|latest|by when")


def focus(question: Question, weighted: Sequence[Weighted], span: Span, text: str) -> Span | None:
    """The range inside a quote that looks like the answer: in the clause that meets most of the question, led to by most of it;
    None where there is no telling what an answer looks like. Of equals the first."""
    pattern = shape(question)
    quote = text[span.start : span.end]
    folded = fold(quote).text
    if pattern is None or len(folded) != len(quote):
        return None
    found = [match.span() for match in (_DATE if question.wanted is Wanted.DATE else pattern).finditer(folded)]
    found = found or [match.span() for match in pattern.finditer(folded)]
    found = [at for at in found if not _ONE.match(folded, at[0])] or found
    if not found:
        return None
    led = {at: folded[before : at[0]] for before, at in zip([0, *(end for _, end in found)], found, strict=False)}
    best = max(
        found,
        key=lambda at: (
            _likely(at, folded, question)
            * (coverage(weighted, _clauses(at, folded)) + LEADING * coverage(weighted, _last(led[at]))),
            -at[0],
        ),
    )
    return Span(span.document_id, span.start + best[0], span.start + best[1])


def _last(text: str) -> str:
    """What stands after the last mark of a text."""
    return "".join(_MARKS.split(text)[-1].split())


def _clauses(at: tuple[int, int], folded: str) -> str:
    """The clause that a range stands in, and the one before it."""
    marks = [match.end() for match in _MARKS.finditer(folded, 0, at[0])]
    end = _MARKS.search(folded, at[1])
    return "".join(folded[marks[-2] if len(marks) > 1 else 0 : end.start() if end else len(folded)].split())


def _likely(at: tuple[int, int], folded: str, question: Question) -> float:
    """Less for what was before a change, for a share where money is asked for, for a year where things are counted; more for the end
    of a range where an end is asked for."""
    said, asked = folded[at[0] : at[1]], question.folded
    worth = 1.0
    if _BEFORE.search(folded[: at[0]]) and _BECOMES.match(folded, at[1]) and not _WAS.search(asked):
        worth *= LESS
    if question.wanted is Wanted.AMOUNT and said.endswith("%") and not _SHARE.search(asked):
        worth *= LESS
    if question.wanted is Wanted.COUNT and (_YEAR.fullmatch(said) or folded.startswith("性", at[1])):
        worth *= LESS
    return worth * MORE if _UNTIL.search(asked) and _REACHED.search(folded[: at[0]]) else worth
