"""Why a gold question lost points: one fault per missing piece of evidence, and one for its answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rag.evaluation.questions import GoldQuestion
from rag.evaluation.scoring import Evidence, Quoted
from rag.measures import CHARS_PER_RANK, Group, answer_share, covers, within
from rag.types import Span

DIAGNOSED_RANK: Final = 5
DEEP_RANK: Final = 100


class Fault(StrEnum):
    """What went wrong."""

    LOST_IN_READING = "lost in reading"
    NOT_IN_ONE_CHUNK = "not in one chunk"
    NOT_RETRIEVED = "not retrieved"
    RANKED_LOW = "ranked low"
    REFUSED_WRONGLY = "refused wrongly"
    ANSWERED_WRONGLY = "answered wrongly"
    QUOTES_MISS = "quotes miss"


@dataclass(frozen=True, slots=True)
class Miss:
    """One fault and what it is about: the span, the rank, the answer strings or the reason."""

    fault: Fault
    detail: str


def retrieval_misses(
    question: GoldQuestion, evidence: Evidence, hits: Sequence[Span], deeper: Callable[[], Sequence[Span]]
) -> tuple[Miss, ...]:
    """One miss per evidence group that the first five hits do not cover, in order.

    `deeper` gives the first hundred hits; it is called once, and only when something retrievable is missing.
    """
    first = within(hits[:DIAGNOSED_RANK], CHARS_PER_RANK * DIAGNOSED_RANK)
    deep: Sequence[Span] | None = None
    misses: list[Miss] = []
    for gold, group in zip(question.evidence, evidence.groups, strict=True):
        if any(covers((hit,), group) for hit in first):
            continue
        fault = _unreachable(group, evidence.passages)
        if fault is None:
            deep = deeper() if deep is None else deep
            misses.append(_ranked(gold.span, group, deep))
        else:
            misses.append(Miss(fault, gold.span))
    return tuple(misses)


def answer_misses(
    question: GoldQuestion, evidence: Evidence, quotes: Quoted, answered: bool, reason: str | None
) -> tuple[Miss, ...]:
    """The fault of the answer, if it has one: a wrong refusal, a wrong answer, or what its quotes leave out."""
    if not question.answerable:
        return (Miss(Fault.ANSWERED_WRONGLY, question.subtype or ""),) if answered else ()
    if not answered:
        return (Miss(Fault.REFUSED_WRONGLY, reason or ""),)
    absent = [text for text in question.answers if not answer_share((text,), quotes.texts)]
    if absent:
        late = [text for text in absent if answer_share((text,), quotes.uncut)]
        missing = [text for text in absent if text not in late]
        parts = (("answers ", missing), (f"answers beyond {question.quote_budget:,} characters ", late))
        return (Miss(Fault.QUOTES_MISS, "; ".join(label + "、".join(texts) for label, texts in parts if texts)),)
    uncited = [
        gold.span
        for gold, group in zip(question.evidence, evidence.groups, strict=True)
        if not covers(quotes.spans, group)
    ]
    return (Miss(Fault.QUOTES_MISS, "evidence " + " / ".join(uncited)),) if uncited else ()


def _unreachable(group: Group, passages: Sequence[Span]) -> Fault | None:
    """Why no ranking could find the group, or None when some passage covers it."""
    if not group.spans and not group.documents:
        return Fault.LOST_IN_READING
    return None if any(covers((passage,), group) for passage in passages) else Fault.NOT_IN_ONE_CHUNK


def _ranked(span: str, group: Group, deep: Sequence[Span]) -> Miss:
    rank = next((rank for rank, hit in enumerate(deep, 1) if covers((hit,), group)), None)
    if rank is None:
        return Miss(Fault.NOT_RETRIEVED, span)
    return Miss(Fault.RANKED_LOW, f"rank {rank}: {span}")
