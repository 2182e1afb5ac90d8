"""The extractive generator: the sentences of the hits that answer, and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from embeddings.protocol import Embedder
from rag.analysis import fold
from rag.answering.units import Unit, units
from rag.coverage import Weighted, answer_pattern, coverage
from rag.question import Question
from rag.types import Draft, Hit, Intent, Span

FACT_BUDGET = 380
LIST_BUDGET = 1_150
COMPARE_BUDGET = 560
SENTENCE_LIMIT = 220
MAX_UNITS = 80
ITEM_BONUS = 0.3
HEADING_MALUS = 0.5

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
        if question.intent in (Intent.LIST, Intent.HOW, Intent.COMPARE):
            budget = COMPARE_BUDGET if question.intent is Intent.COMPARE else LIST_BUDGET
            chosen = _several(rated, budget, question.intent)
            return [_draft(item.unit, item.unit.start, item.unit.end, texts) for item in chosen]
        return _fact(question, weighted, rated, texts)

    def rate(self, question: Question, weighted: Sequence[Weighted], pieces: Sequence[Unit]) -> Sequence[Rated]:
        """The units by descending score; ties by (document id, start)."""
        if not pieces:
            return []
        query = self._embedder.encode_query([question.text])[0]
        similar = self._embedder.encode_document([unit.folded for unit in pieces]) @ query
        pattern = answer_pattern(question.wanted)
        top = max(unit.hit.score for unit in pieces)
        low = min(unit.hit.score for unit in pieces)
        listing = question.intent in (Intent.LIST, Intent.HOW)
        items = Counter(unit.document_id for unit in pieces if unit.enumerated)
        rated = []
        for unit, near in zip(pieces, similar, strict=True):
            covered = coverage(weighted, unit.folded)
            around = coverage(weighted, unit.lead + unit.folded + unit.tail)
            share = (unit.hit.score - low) / (top - low) if top > low else 1.0
            score = covered + 0.4 * around + 0.5 * float(near) + 0.5 * share
            score += 0.3 * bool(pattern and pattern.search(unit.folded))
            if listing and unit.enumerated and items[unit.document_id] > 1:
                score += ITEM_BONUS
            if len(unit.folded) < 8 or unit.folded in fold(unit.hit.chunk.context).text.replace(" ", ""):
                score -= HEADING_MALUS
            rated.append(Rated(unit, score, covered))
        rated.sort(key=lambda item: (-item.score, item.unit.document_id, item.unit.start))
        return rated


def _fact(
    question: Question, weighted: Sequence[Weighted], rated: Sequence[Rated], texts: Mapping[str, str]
) -> Sequence[Draft]:
    drafts: list[Draft] = []
    spent = 0
    for item in rated[:6]:
        if drafts and item.score < 0.8 * rated[0].score:
            break
        start, end = _window(question, weighted, item.unit, texts[item.unit.document_id])
        if spent + end - start > FACT_BUDGET and drafts:
            continue
        drafts.append(_draft(item.unit, start, end, texts, question))
        spent += end - start
        if len(drafts) == 3:
            break
    return drafts


def _window(question: Question, weighted: Sequence[Weighted], unit: Unit, text: str) -> tuple[int, int]:
    """The range to quote for a fact: the sentence, or of a long one the clauses that cover most of the question and
    look like the answer, widened while there is room."""
    if unit.length <= SENTENCE_LIMIT:
        return unit.start, unit.end
    clauses = [(unit.start + m.start(), unit.start + m.end()) for m in _CLAUSE.finditer(text[unit.start : unit.end])]
    pattern = answer_pattern(question.wanted)
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


def _several(rated: Sequence[Rated], budget: int, intent: Intent) -> Sequence[Rated]:
    floor = rated[0].score * (0.45 if intent is Intent.LIST else 0.55)
    leader = rated[0].unit.document_id
    chosen: list[Rated] = []
    spent = 0
    for item in rated:
        other = item.unit.document_id != leader
        if item.score < floor or (other and item.score < 0.85 * rated[0].score):
            continue
        if spent + item.unit.length > budget:
            continue
        chosen.append(item)
        spent += item.unit.length
    order = list(dict.fromkeys(item.unit.document_id for item in rated))
    chosen.sort(key=lambda item: (order.index(item.unit.document_id), item.unit.start))
    return chosen


def _draft(unit: Unit, start: int, end: int, texts: Mapping[str, str], question: Question | None = None) -> Draft:
    text = texts[unit.document_id]
    focus = None
    pattern = answer_pattern(question.wanted) if question else None
    if pattern is not None and (match := pattern.search(text[start:end])):
        focus = Span(unit.document_id, start + match.start(), start + match.end())
    return Draft(text[start:end], (Span(unit.document_id, start, end),), focus)
