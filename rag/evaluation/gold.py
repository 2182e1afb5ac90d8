"""Evaluation on gold questions: every question searched and asked, scored, diagnosed and averaged."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final, Protocol, TypeVar

from rag.evaluation.diagnosis import DEEP_RANK, Miss, answer_misses, retrieval_misses
from rag.evaluation.questions import GoldQuestion, Library, library, read_held
from rag.evaluation.scoring import Evidence, Measure, measures, passages, quoted, ranges
from rag.measures import Interval, evidence_recall, interval
from rag.types import Answer, Chunk, Document, Hit, Span

SCORED_RANK: Final = 10
PAGE: Final = 1_000


class Found(Protocol):
    """What a search returns, as far as it is scored."""

    @property
    def hits(self) -> Sequence[Hit]: ...


class Answered(Protocol):
    """What asking returns, as far as it is scored."""

    @property
    def answer(self) -> Answer: ...


class Listed(Protocol):
    """A page of documents, texts included."""

    @property
    def documents(self) -> Sequence[Document]: ...


class Answerer(Protocol):
    """What is evaluated: the reading half of a service."""

    def search(self, query: str, *, k: int) -> Found:
        """The best k passages."""
        ...

    def ask(self, question: str) -> Answered:
        """An answer or a refusal."""
        ...

    def documents(self, *, limit: int, offset: int) -> Listed:
        """Documents in a fixed order."""
        ...

    def chunks(self, document_id: str) -> Sequence[Chunk]:
        """A document's passages."""
        ...


class Indexer(Protocol):
    """What can take a folder in."""

    def index(self, paths: Sequence[Path]) -> object:
        """Adds files and folders."""
        ...

    def close(self) -> None:
        """Releases the index."""
        ...


IndexerT = TypeVar("IndexerT", bound=Indexer)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question with what came back for it.

    `recall[k - 1]` is its evidence recall@k for k up to 10 (empty for an unanswerable one). Times are milliseconds;
    `confidence` is the score of the best quote, or of the nearest hit of a refusal.
    """

    question: GoldQuestion
    answered: bool
    reason: str | None
    confidence: float
    measures: Mapping[Measure, float]
    misses: tuple[Miss, ...]
    quotes: tuple[str, ...]
    recall: tuple[float, ...]
    search_ms: float
    ask_ms: float


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds over all questions: median and 99th percentile (nearest rank)."""

    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Outcomes in the order of the gold file, and every measure over all of them and by question type (in order of name)."""

    name: str
    outcomes: tuple[Outcome, ...]
    overall: Mapping[Measure, Interval]
    by_type: Mapping[str, Mapping[Measure, Interval]]
    search: Latency
    ask: Latency


def evaluate_gold(answerer: Answerer, gold: Path, *, progress: Callable[[int, int], None] | None = None) -> Evaluation:
    """The evaluation of an open index on a gold file. `progress` is told questions done and questions in all.

    Raises UsageError: the file is not a gold file, or none of the documents that it names is indexed.
    """
    held = library(_documents(answerer))
    questions = read_held(gold, held)
    answerer.ask(questions[0].question)  # what is loaded at first use is no latency of a question
    outcomes: list[Outcome] = []
    for done, question in enumerate(questions, 1):
        outcomes.append(evaluate_question(answerer, held, question))
        if progress is not None:
            progress(done, len(questions))
    return summary(gold.name, outcomes)


@contextmanager
def indexed_folder(docs: Path, open_index: Callable[[Path], IndexerT]) -> Iterator[IndexerT]:
    """An index of a folder in a new temporary directory, opened there by `open_index`. Raises what the index raises."""
    with tempfile.TemporaryDirectory(prefix="policy-rag-eval-") as directory:
        indexer = open_index(Path(directory))
        try:
            indexer.index([docs])
            yield indexer
        finally:
            indexer.close()


def evaluate_question(answerer: Answerer, held: Library, question: GoldQuestion) -> Outcome:
    """One question searched, asked, scored and diagnosed."""
    started = perf_counter()
    hits = answerer.search(question.question, k=SCORED_RANK).hits
    searched = perf_counter()
    answer = answerer.ask(question.question).answer
    asked = perf_counter()
    found = ranges(hits)
    quotes = quoted(answer, question.quote_budget)
    groups = held.groups(question)
    evidence = Evidence(groups, passages(answerer.chunks, groups))
    reason = None if answer.reason is None else answer.reason.value
    return Outcome(
        question=question,
        answered=answer.answered,
        reason=reason,
        confidence=_confidence(answer),
        measures=measures(question, evidence, found, quotes, answer.answered),
        misses=retrieval_misses(question, evidence, found, lambda: _deeper(answerer, question))
        + answer_misses(question, evidence, quotes, answer.answered, reason),
        quotes=quotes.texts,
        recall=tuple(evidence_recall(groups, found, k) for k in range(1, SCORED_RANK + 1)) if groups else (),
        search_ms=1000 * (searched - started),
        ask_ms=1000 * (asked - searched),
    )


def summary(name: str, outcomes: Sequence[Outcome]) -> Evaluation:
    """Means with intervals over all outcomes and by type; a measure that applies to no question is left out."""
    types = sorted({outcome.question.type.value for outcome in outcomes})
    return Evaluation(
        name=name,
        outcomes=tuple(outcomes),
        overall=_means(outcomes),
        by_type={kind: _means([o for o in outcomes if o.question.type.value == kind]) for kind in types},
        search=_latency([outcome.search_ms for outcome in outcomes]),
        ask=_latency([outcome.ask_ms for outcome in outcomes]),
    )


def _means(outcomes: Sequence[Outcome]) -> Mapping[Measure, Interval]:
    values = {m: [o.measures[m] for o in outcomes if m in o.measures] for m in Measure}
    return {measure: interval(found) for measure, found in values.items() if found}


def _documents(answerer: Answerer) -> Iterator[Document]:
    offset = 0
    while page := answerer.documents(limit=PAGE, offset=offset).documents:
        yield from page
        offset += len(page)


def _deeper(answerer: Answerer, question: GoldQuestion) -> Sequence[Span]:
    return ranges(answerer.search(question.question, k=DEEP_RANK).hits)


def _confidence(answer: Answer) -> float:
    scores = [citation.score for citation in answer.citations] or [hit.score for hit in answer.nearest]
    return max(scores, default=0.0)


def _latency(milliseconds: Sequence[float]) -> Latency:
    ordered = sorted(milliseconds)
    return Latency(*(ordered[math.ceil(q * len(ordered)) - 1] for q in (0.5, 0.99)))
