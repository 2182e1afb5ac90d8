"""How far a text meets a question: its content words weighed by idf, and the shape of the answer that it wants."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rag.interrogatives import Wanted
from rag.question import Content, Question

_NUMBER = r"(?:\d[\d,.]*|[一二三四五六七八九十百千两]+)"
_ANSWER: Mapping[Wanted, re.Pattern[str]] = {
    Wanted.AMOUNT: re.compile(rf"{_NUMBER}(?:余|多)?[百千万亿]*(?:余|多)?(?:元|美元|块)|{_NUMBER}%|免费|全额|减半"),
    Wanted.COUNT: re.compile(
        rf"{_NUMBER}(?:余|多)?[百千万亿]*(?:余|多)?[人名个家项条套所处件次只辆户座场期届批位对支款种类天年月%篇间亩吨]"
    ),
    Wanted.SHARE: re.compile(rf"{_NUMBER}(?:\.\d+)?(?:%|‰|个百分点|成)|百分之|分之"),
    Wanted.DATE: re.compile(r"\d{4}年|\d{1,2}月|\d{1,2}日|\d{1,2}[::]\d\d|年底|月底"),
    Wanted.DURATION: re.compile(rf"{_NUMBER}个?(?:工作日|自然日|小时|分钟|天|日|周|月|年|学期)|长期|每[天日周月季年]"),
    Wanted.MEASURE: re.compile(rf"{_NUMBER}(?:余|多)?[百千万亿]*(?:余|多)?(?:平方|公里|千米|米|亩|公顷|岁|吨|层|海里)"),
    Wanted.DOC_NUMBER: re.compile(r"[\[(〔【](?:19|20)\d\d[\])〕】]第?\d+号"),
    Wanted.PERSON: re.compile(r"书记|部长|主任|市长|县长|局长|记者|作者|同志|教授|院士|先生|女士|主席"),
}


@dataclass(frozen=True, slots=True)
class Weighted:
    """A content word with its idf weight in this corpus (≥ 0)."""

    content: Content
    weight: float


def weigh(question: Question, frequency: Callable[[str], int], chunks: int) -> Sequence[Weighted]:
    """The question's content words with idf = ln(1 + (N − n + 0.5) / (n + 0.5)), where a word of several characters
    counts as often as its rarest bigram; a word that the corpus lacks counts as often as the most frequent of its other forms."""
    weighted = []
    for content in question.content:
        own, *others = (_rarest(form, frequency) for form in content.forms)
        weighted.append(Weighted(content, content.weight * _idf(own or max(others, default=0), chunks)))
    return weighted


def _rarest(form: str, frequency: Callable[[str], int]) -> int:
    if len(form) < 2 or form.isascii():
        return frequency(form)
    return min(frequency(form[i : i + 2]) for i in range(len(form) - 1))


def _idf(n: int, chunks: int) -> float:
    return math.log(1 + (max(chunks, n) - n + 0.5) / (n + 0.5))


def met(content: Content, text: str) -> float:
    """How far a text meets a content word: 1 for the word itself, 0.8 for another form of it, else, for forms of three or
    more Han characters, half the share of their bigrams found (人才公寓 in 公寓: 0.17)."""
    own, *others = content.forms
    if own in text:
        return 1.0
    if any(form in text for form in others):
        return 0.8
    return 0.5 * max((_bigram_share(form, text) for form in content.forms), default=0.0)


def _bigram_share(form: str, text: str) -> float:
    if len(form) < 3 or form.isascii():
        return 0.0
    return sum(form[i : i + 2] in text for i in range(len(form) - 1)) / (len(form) - 1)


def coverage(weighted: Sequence[Weighted], text: str) -> float:
    """The share of the question's weight that a text meets, in 0..1; 0 when the question has no content words."""
    total = sum(item.weight for item in weighted)
    if total <= 0:
        return 0.0
    return sum(item.weight * met(item.content, text) for item in weighted) / total


def best_coverage(weighted: Sequence[Weighted], text: str, pieces: Sequence[str]) -> float:
    """The greatest coverage of one of the pieces of a text: words that the text does not meet are not looked for again."""
    total = sum(item.weight for item in weighted)
    held = [(item, item.weight) for item in weighted if met(item.content, text) > 0]
    if total <= 0 or not held:
        return 0.0
    return max(sum(weight * met(item.content, piece) for item, weight in held) for piece in pieces) / total


def answer_pattern(wanted: Wanted | None) -> re.Pattern[str] | None:
    """What an answer of that sort looks like in a folded text, or None when there is no telling."""
    return _ANSWER.get(wanted) if wanted is not None else None
