"""How far a text meets a question: its content words weighed by idf, and the shape of the answer that it wants."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.interrogatives import Wanted
from rag.question import Content, Question

# \d[\d,.]*, or Chinese numerals that do not follow 第 or another. It opens with a set of characters: a search skips to them.
_DIGITS = (
    r"[\d一二两三四五六七八九十百千](?:(?<=\d)[\d,.]*|(?<!\d)(?<![第一二三四五六七八九十][\s\S])[一二两三四五六七八九十百千]*)"
    r"(?:余|多)?[百千万亿]*(?:余|多)?"
)
_ANSWER: Mapping[Wanted, str] = {
    Wanted.AMOUNT: rf"{_DIGITS}(?:元|美元|块)|\d[\d.]*%|免费|免收|全额|减半",
    Wanted.COUNT: rf"{_DIGITS}[人名位个家项条套所处件次只辆户座场期届批对支款种类天年月%篇间亩吨级]",
    Wanted.SHARE: r"\d[\d.]*(?:%|‰|个百分点|成)|百分之|分之|[一二三四五六七八九]成",
    Wanted.DATE: r"\d{4}年|\d{1,2}月|\d{1,2}日|\d{1,2}[::]\d\d|年底|月底|以来|期间|[一二三四五六七八九十]月",
    Wanted.DURATION: rf"{_DIGITS}个?(?:工作日|自然日|小时|分钟|天|日|周|月|年|学期)|长期|每[天日周月季年]",
    Wanted.MEASURE: rf"{_DIGITS}(?:平方|公里|千米|米|亩|公顷|岁|吨|层|海里)",
    Wanted.DOC_NUMBER: r"[\[(〔【](?:19|20)\d\d[\])〕】]第?\d+号",
    Wanted.PERSON: r"书记|部长|主任|市长|县长|局长|记者|作者|同志|教授|院士|先生|女士|主席",
}
_SAME_UNIT = {
    "家": "家个",
    "所": "所个",
    "处": "处个",
    "座": "座个",
    "件": "件个",
    "期": "期个",
    "名": "人名位",
    "人": "人名位",
    "位": "人名位",
    "天": "天日",
    "日": "天日",
    "工作日": "天日",
}
_ANY_UNIT = "个种类项条"
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")
SINGLE_WEIGHT = 0.25


@dataclass(frozen=True, slots=True)
class Weighted:
    """A content word with its idf weight in this corpus (≥ 0); `held` says whether the corpus holds any form of it."""

    content: Content
    weight: float
    held: bool = True


def weigh(question: Question, frequency: Callable[[str], int], chunks: int) -> Sequence[Weighted]:
    """The question's content words with idf = ln(1 + (N − n + 0.5) / (n + 0.5)), where a word of several characters
    counts as often as its rarest bigram; a word that the corpus lacks counts as often as the most frequent of its other forms.
    What only stands together in the question and nowhere in the corpus (钱|买) is no word: its parts count."""
    weighted = []
    said = {content.text for content in question.content}
    for content in question.content:
        own, *others = (_rarest(form, frequency) for form in content.forms)
        count = own or max(others, default=0)
        if count or not content.joined:
            weighted.append(Weighted(content, content.weight * _idf(count, chunks), count > 0))
            continue
        for part in _apart(content.text, frequency):
            if part not in said:
                count, weight = _rarest(part, frequency), content.weight * _share(part)
                weighted.append(Weighted(Content(part, (part,), weight), weight * _idf(count, chunks), count > 0))
    return weighted


def _share(part: str) -> float:
    return 1.0 if len(part) > 1 else SINGLE_WEIGHT


def _apart(text: str, frequency: Callable[[str], int]) -> Sequence[str]:
    """A text cut into the longest stretches that the corpus holds, from the left; single characters else."""
    parts, start = [], 0
    while start < len(text):
        end = next((end for end in range(len(text), start + 1, -1) if _rarest(text[start:end], frequency)), start + 1)
        parts.append(text[start:end])
        start = end
    return parts


def _rarest(form: str, frequency: Callable[[str], int]) -> int:
    if len(form) < 2 or form.isascii():
        return frequency(form)
    numbers = _NUMBERS.findall(form)
    if numbers:
        return min(_rarest(part, frequency) for part in (*numbers, *filter(None, _NUMBERS.split(form))))
    return min(frequency(form[i : i + 2]) for i in range(len(form) - 1))


def _idf(n: int, chunks: int) -> float:
    return math.log(1 + (max(chunks, n) - n + 0.5) / (n + 0.5))


def met(content: Content, text: str) -> float:
    """How far a text meets a content word: 1 for the word itself, 0.8 for another form of it, else, for forms of three or
    more Han characters, half the share of their bigrams found (人才公寓 in 公寓: 0.17)."""
    forms = content.forms
    if forms[0] in text:
        return 1.0
    for form in forms[1:]:
        if form in text:
            return 0.8
    pairs = _bigrams(forms)
    return _partly(pairs, text) if pairs else 0.0


def met_by_each(content: Content, texts: Sequence[str]) -> Sequence[tuple[int, float]]:
    """`met` of those of the texts that meet the word at all, each with its place in the sequence."""
    own, *others = content.forms
    pairs = _bigrams(content.forms)
    if not others and not pairs:
        return [(i, 1.0) for i, text in enumerate(texts) if own in text]
    found = []
    for i, text in enumerate(texts):
        if own in text:
            found.append((i, 1.0))
            continue
        for form in others:
            if form in text:
                found.append((i, 0.8))
                break
        else:
            if pairs and (share := _partly(pairs, text)) > 0:
                found.append((i, share))
    return found


def met_table(weighted: Sequence[Weighted], texts: Sequence[str]) -> NDArray[np.float64]:
    """How far each text meets each word, as `met` does, shape (texts, words), in 0..1."""
    table = np.zeros((len(texts), len(weighted)))
    for column, item in zip(table.T, weighted, strict=True):
        for row, share in met_by_each(item.content, texts):
            column[row] = share
    return table


def _partly(forms: Sequence[Sequence[str]], text: str) -> float:
    best = 0.0
    for pairs in forms:
        found = 0
        for pair in pairs:
            if pair in text:
                found += 1
        if found and found > best * len(pairs):
            best = found / len(pairs)
    return 0.5 * best


@lru_cache(maxsize=4096)
def _bigrams(forms: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(form[i : i + 2] for i in range(len(form) - 1)) for form in forms if len(form) > 2 and not form.isascii()
    )


def coverage(weighted: Sequence[Weighted], text: str) -> float:
    """The share of the question's weight that a text meets, in 0..1; 0 when the question has no content words."""
    total = found = 0.0
    for item in weighted:
        total += item.weight
        found += item.weight * met(item.content, text)
    return found / total if total > 0 else 0.0


def answer_pattern(question: Question) -> re.Pattern[str] | None:
    """What an answer of the wanted sort looks like in a folded text, or None when there is no telling. A measure word in
    the question (多少套) is looked for in the answer too, unless it goes with anything (个, 种)."""
    return _pattern(question.wanted, question.unit)


@lru_cache(maxsize=256)
def _pattern(wanted: Wanted | None, unit: str) -> re.Pattern[str] | None:
    if wanted is Wanted.COUNT and unit and unit not in _ANY_UNIT:
        same = _SAME_UNIT.get(unit)
        return re.compile(_DIGITS + (f"[{same}]" if same and len(unit) == 1 else f"个?{unit}"))
    source = _ANSWER.get(wanted) if wanted is not None else None
    return re.compile(source) if source else None
