"""The extractive generator: the sentences of the hits that answer, and nothing else."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from embeddings.protocol import Embedder
from rag.analysis import fold, simplified
from rag.answering.units import Unit, units
from rag.coverage import Weighted, answer_pattern, coverage, met
from rag.interrogatives import Wanted
from rag.question import Question
from rag.types import Draft, Hit, Intent, Span

FACT_BUDGET = 380
UNSURE_BUDGET = 600
SURE = 0.4
LIST_BUDGET = 1_150
COMPARE_BUDGET = 560
SENTENCE_LIMIT = 220
MAX_UNITS = 80
ENCODED = 40
WHOLE_FLOOR, LIST_FLOOR, PART_FLOOR = 0.4, 0.66, 0.55
ITEM_BONUS = 0.3
LOOK_BONUS, NUMBER_BONUS, ASKED_BONUS = 0.3, 1.5, 0.4
BYLINE_BONUS, BYLINE_CHARS = 1.2, 60
_BYLINE = re.compile(r"记者|作者|撰稿|通讯员|部长|书记|主任|常委|局长|组织部|党委|人民政府|办公室|供稿")
HEADING_MALUS = 0.5
WHOLE_DOCUMENT = 0.5
COUNTED = re.compile(
    r"[二两三四五六七八九十\d]+(?:个[一“]|[条项点块招步大类种型路])|哪[几二两三四五六七八九十]|几[条项点块招步大类种型]"
)

_CLAUSE = re.compile(r"[^,,;;]+[,,;;]?")


@dataclass(frozen=True, slots=True)
class Rated:
    """A unit with how well it answers (higher is better) and its own share of the question's weight, in 0..1."""

    unit: Unit
    score: float
    covered: float


class ExtractiveGenerator:
    """Picks sentences by what they cover of the question, what their passage covers, how near their vector is to the
    question's, and whether they look like the sort of answer that is wanted."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def generate(
        self, question: Question, weighted: Sequence[Weighted], hits: Sequence[Hit], texts: Mapping[str, str]
    ) -> Sequence[Draft]:
        """Drafts, best first for a fact, in the order of the source otherwise; empty without hits."""
        pieces = units(hits, texts)[:MAX_UNITS]
        rated = self.rate(question, weighted, pieces)
        if not rated:
            return []
        if question.intent not in (Intent.LIST, Intent.HOW, Intent.COMPARE):
            return _fact(question, weighted, rated, texts)
        chosen = _several(question, weighted, rated)
        return [_draft(item.unit, item.unit.start, item.unit.end, texts) for item in chosen]

    def rate(self, question: Question, weighted: Sequence[Weighted], pieces: Sequence[Unit]) -> Sequence[Rated]:
        """The units by descending score; ties by (document id, start)."""
        if not pieces:
            return []
        pattern = answer_pattern(question)
        own, around = _coverages(weighted, pieces)
        often = _repetitions(weighted, pieces)
        scores = [hit.score for hit in {unit.rank: unit.hit for unit in pieces}.values()]
        low, spread = min(scores), max(scores) - min(scores)
        listing = question.intent in (Intent.LIST, Intent.HOW)
        look = NUMBER_BONUS if question.wanted is Wanted.DOC_NUMBER else LOOK_BONUS
        several = listing or question.intent is Intent.COMPARE
        asked = [] if several else [item for item in weighted if item.content.text in question.asked]
        items = Counter(unit.document_id for unit in pieces if unit.enumerated)
        rated = []
        for unit, covered, near, repeated in zip(pieces, own, around, often, strict=True):
            score = (
                covered + 0.4 * near + 0.3 * repeated + 0.5 * ((unit.hit.score - low) / spread if spread > 0 else 1.0)
            )
            score += look * bool(pattern and pattern.search(unit.folded))
            if asked:
                score += ASKED_BONUS * coverage(asked, unit.folded)
            if question.author and _BYLINE.search(unit.folded) and len(unit.folded) <= BYLINE_CHARS:
                score += BYLINE_BONUS
            if listing and unit.enumerated and items[unit.document_id] > 1:
                score += ITEM_BONUS
            if len(unit.folded) < 8 or _heading_like(unit):
                score -= HEADING_MALUS
            rated.append(Rated(unit, score, covered))
        rated = self._compared(question, sorted(rated, key=_order)[:ENCODED])
        return sorted(rated, key=_order)

    def _compared(self, question: Question, rated: Sequence[Rated]) -> list[Rated]:
        """The units with half the cosine of their vector and the question's added to their score."""
        query = self._embedder.encode_query([simplified(question.text)])[0]
        similar = self._embedder.encode_document([item.unit.folded for item in rated]) @ query
        return [
            Rated(item.unit, item.score + 0.5 * float(near), item.covered)
            for item, near in zip(rated, similar, strict=True)
        ]


def _order(item: Rated) -> tuple[float, str, int]:
    return (-item.score, item.unit.document_id, item.unit.start)


def _coverages(weighted: Sequence[Weighted], pieces: Sequence[Unit]) -> tuple[Sequence[float], Sequence[float]]:
    """For each unit its coverage of the question, and that of it together with its neighbours in the passage."""
    total = sum(item.weight for item in weighted) or 1.0
    own, around = [0.0] * len(pieces), [0.0] * len(pieces)
    for item in weighted:
        held = [met(item.content, unit.folded) for unit in pieces]
        for i, unit in enumerate(pieces):
            before = held[i - 1] if i and pieces[i - 1].rank == unit.rank else 0.0
            after = held[i + 1] if i + 1 < len(pieces) and pieces[i + 1].rank == unit.rank else 0.0
            own[i] += item.weight * held[i] / total
            around[i] += item.weight * max(before, held[i], after) / total
    return own, around


def _is_title(unit: Unit) -> bool:
    """Whether a sentence is the title, or a heading over the passage that says nothing itself."""
    return _heading_like(unit) and (
        unit.start <= 1 or unit.folded in "".join(fold(unit.hit.chunk.context).text.split())
    )


def _heading_like(unit: Unit) -> bool:
    return len(unit.folded) <= 40 and unit.folded[-1] not in '。!?;…”"』」).'


def _repetitions(weighted: Sequence[Weighted], pieces: Sequence[Unit]) -> Sequence[float]:
    """For each unit how much it dwells on the question's words, in 0..1: the weighted mean of log2 of how often each stands
    there, eight times counting most."""
    total = sum(item.weight for item in weighted) or 1.0
    sums = [0.0] * len(pieces)
    for item in weighted:
        for i, unit in enumerate(pieces):
            count = unit.folded.count(item.content.text)
            if count > 1:
                sums[i] += item.weight * min(math.log2(count), 3.0) / 3.0 / total
    return sums


def _fact(
    question: Question, weighted: Sequence[Weighted], rated: Sequence[Rated], texts: Mapping[str, str]
) -> Sequence[Draft]:
    """The sentence that answers, and more of them the less sure it is that the first does."""
    sure = rated[0].covered >= SURE and answer_pattern(question) is not None
    budget, most, floor = (FACT_BUDGET, 3, 0.8) if sure else (UNSURE_BUDGET, 5, 0.7)
    drafts: list[Draft] = []
    quoted: list[tuple[str, int, int]] = []
    for item in rated[: 2 * most]:
        if drafts and (item.score < floor * rated[0].score or len(drafts) == most):
            break
        document = item.unit.document_id
        start, end = _window(question, weighted, item.unit, texts[document])
        if not drafts:
            end = _completed(question, item.unit, end, rated)
        if any(document == other and start < until and since < end for other, since, until in quoted):
            continue
        if end - start <= budget or not drafts:
            drafts.append(_draft(item.unit, start, end, texts, question))
            quoted.append((document, start, end))
            budget -= end - start
    return drafts


def _completed(question: Question, unit: Unit, end: int, rated: Sequence[Rated]) -> int:
    """The end of a quote, moved to the next sentence or the one after where only they look like the answer."""
    pattern = answer_pattern(question)
    if pattern is None or pattern.search(unit.folded) or end != unit.end:
        return end
    following = sorted(
        (item.unit for item in rated if item.unit.rank == unit.rank and item.unit.start >= unit.end),
        key=lambda other: other.start,
    )[:2]
    found = next((other.end for other in following if pattern.search(other.folded)), end)
    return found if found - unit.start <= FACT_BUDGET else end


def _window(question: Question, weighted: Sequence[Weighted], unit: Unit, text: str) -> tuple[int, int]:
    """The range to quote for a fact: the sentence, or of a long one the clauses that cover most of the question and
    look like the answer, widened while there is room."""
    if unit.length <= SENTENCE_LIMIT:
        return unit.start, unit.end
    clauses = [(unit.start + m.start(), unit.start + m.end()) for m in _CLAUSE.finditer(text[unit.start : unit.end])]
    pattern = answer_pattern(question)
    folded = ["".join(fold(text[start:end]).text.split()) for start, end in clauses]
    best, best_score = (0, len(clauses)), -1.0
    for i in range(len(clauses)):
        for j in range(i + 1, len(clauses) + 1):
            if clauses[j - 1][1] - clauses[i][0] > SENTENCE_LIMIT:
                break
            piece = "".join(folded[i:j])
            score = coverage(weighted, piece) + 0.3 * bool(pattern and pattern.search(piece)) - 0.0004 * len(piece)
            if score > best_score:
                best, best_score = (i, j), score
    i, j = best
    while True:
        room = SENTENCE_LIMIT - (clauses[j - 1][1] - clauses[i][0])
        if j < len(clauses) and clauses[j][1] - clauses[j][0] <= room:
            j += 1
        elif i and clauses[i - 1][1] - clauses[i - 1][0] <= room:
            i -= 1
        else:
            return clauses[i][0], clauses[j - 1][1]


def _several(question: Question, weighted: Sequence[Weighted], rated: Sequence[Rated]) -> Sequence[Rated]:
    """The sentences of a list: those that answer best, then the items of the leading document where the question is about
    the whole of it, then what else comes near; in the order of the source, none twice, within the budget."""
    best, leader = rated[0].score, rated[0].unit.document_id
    rated = [item for item in rated if not _is_title(item.unit)] or rated
    own = [item for item in rated if item.unit.document_id == leader]
    whole = question.intent is not Intent.COMPARE and (
        coverage(weighted, fold(rated[0].unit.hit.chunk.context).text) >= WHOLE_DOCUMENT
        or bool(COUNTED.search(question.folded))
    )
    part = LIST_FLOOR if question.intent is Intent.LIST else PART_FLOOR
    floor = (WHOLE_FLOOR if whole else part) * best
    said = 0.0 if whole else 0.4 * max(item.covered for item in rated)
    near = {item.unit.rank for item in own[:1]}
    order = [item for item in own if item.score >= 0.85 * best]
    if whole:
        order += sorted((item for item in own if item.unit.enumerated), key=lambda item: item.unit.start)
    order += [
        item
        for item in rated
        if item.score >= (floor if item.unit.document_id == leader else 0.85 * best)
        and (item.covered >= said or item.unit.rank in near)
    ]
    budget = COMPARE_BUDGET if question.intent is Intent.COMPARE else LIST_BUDGET
    chosen: list[Rated] = []
    for item in _once(order):
        if item.unit.length <= budget and not any(_repeats(item.unit, other.unit) for other in chosen):
            chosen.append(item)
            budget -= item.unit.length
    documents = list(dict.fromkeys(item.unit.document_id for item in rated))
    chosen.sort(key=lambda item: (documents.index(item.unit.document_id), item.unit.start))
    return chosen


def _once(items: Sequence[Rated]) -> Iterator[Rated]:
    seen: set[tuple[str, int]] = set()
    for item in items:
        key = (item.unit.document_id, item.unit.start)
        if key not in seen:
            seen.add(key)
            yield item


def _repeats(one: Unit, other: Unit) -> bool:
    """Whether two sentences say nearly the same: a Jaccard of 0.6 or more over their bigrams."""
    first = {one.folded[i : i + 2] for i in range(len(one.folded) - 1)}
    second = {other.folded[i : i + 2] for i in range(len(other.folded) - 1)}
    return len(first & second) >= 0.6 * len(first | second) if first and second else one.folded == other.folded


def _draft(unit: Unit, start: int, end: int, texts: Mapping[str, str], question: Question | None = None) -> Draft:
    text = texts[unit.document_id]
    focus = None
    pattern = answer_pattern(question) if question else None
    if pattern is not None and (match := pattern.search(text[start:end])):
        focus = Span(unit.document_id, start + match.start(), start + match.end())
    return Draft(text[start:end], (Span(unit.document_id, start, end),), focus)
