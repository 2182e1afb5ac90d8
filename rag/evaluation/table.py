"""An evaluation as text for a terminal and as a JSON document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, TypedDict

from rag.evaluation.beir import BeirScores
from rag.evaluation.gold import Evaluation, Latency, Outcome
from rag.evaluation.rankings import RankingScores
from rag.evaluation.scoring import Measure
from rag.measures import Interval

ALL: Final = "all"
HEADINGS: Final[Mapping[Measure, str]] = {
    Measure.RECALL_1: "R@1",
    Measure.RECALL_5: "R@5",
    Measure.RECALL_10: "R@10",
    Measure.NDCG: "nDCG",
    Measure.MRR: "MRR",
    Measure.ANSWERS: "answers",
    Measure.COMPLETENESS: "complete",
    Measure.QUOTE_PRECISION: "quotes",
    Measure.DOCUMENT_PRECISION: "docs",
    Measure.PLACES_HELD: "places",
    Measure.REFUSAL_PRECISION: "ref.prec",
    Measure.REFUSAL_RECALL: "ref.rec",
    Measure.ANSWERABLE_REFUSED: "refused",
}
DIGITS: Final = 4


class IntervalJson(TypedDict):
    """A mean with its 95 % interval over n questions, as fractions."""

    mean: float
    low: float
    high: float
    n: int


class LatencyJson(TypedDict):
    """Milliseconds."""

    p50: float
    p99: float


class FaultJson(TypedDict):
    """Why a question lost points."""

    fault: str
    detail: str


class QuestionJson(TypedDict):
    """One question's scores."""

    id: str
    type: str
    subtype: str | None
    question: str
    answered: bool
    reason: str | None
    confidence: float
    measures: dict[str, float]
    faults: list[FaultJson]


class EvaluationJson(TypedDict):
    """`rag eval --json` on gold questions."""

    gold: str
    measures: dict[str, IntervalJson]
    by_type: dict[str, dict[str, IntervalJson]]
    faults: dict[str, int]
    latency_ms: dict[str, LatencyJson]
    questions: list[QuestionJson]


class RankingJson(TypedDict):
    """`rag eval --retriever lexical|dense --json` on gold questions."""

    gold: str
    retriever: str
    measures: dict[str, IntervalJson]
    by_type: dict[str, dict[str, IntervalJson]]


class BeirJson(TypedDict):
    """`rag eval --beir DIR --json`; measures are fractions."""

    set: str
    retriever: str
    measures: dict[str, float]


def evaluation_json(evaluation: Evaluation) -> EvaluationJson:
    """The JSON document of an evaluation; fractions with four digits."""
    return {
        "gold": evaluation.name,
        "measures": _measures(evaluation.overall),
        "by_type": {kind: _measures(measures) for kind, measures in evaluation.by_type.items()},
        "faults": fault_counts(evaluation),
        "latency_ms": {"search": _latency(evaluation.search), "ask": _latency(evaluation.ask)},
        "questions": [_question(outcome) for outcome in evaluation.outcomes],
    }


def beir_json(scores: BeirScores) -> BeirJson:
    """The JSON document of a BEIR evaluation; fractions with four digits."""
    measures = {name: round(value, DIGITS) for name, value in scores.measures.items()}
    return {"set": scores.name, "retriever": scores.retriever, "measures": measures}


def ranking_json(scores: RankingScores) -> RankingJson:
    """The JSON document of a retriever's evaluation; fractions with four digits."""
    return {
        "gold": scores.name,
        "retriever": scores.retriever,
        "measures": _measures(scores.overall),
        "by_type": {kind: _measures(measures) for kind, measures in scores.by_type.items()},
    }


def ranking_table(scores: RankingScores) -> str:
    """The measures of a ranking by question type in per cent, then each with its interval; no line end at the end."""
    counts = {kind: next(iter(values.values())).n for kind, values in scores.by_type.items()}
    counts[ALL] = sum(counts.values())
    return "\n".join([*_by_type(scores.by_type, scores.overall, counts), "", *_intervals(scores.overall)])


def evaluation_table(evaluation: Evaluation) -> str:
    """Measures by question type in per cent, under short headings in the order of `Measure`, then each with its interval over
    all questions, the faults and the latency; no line end at the end."""
    counts = Counter(outcome.question.type.value for outcome in evaluation.outcomes) + Counter(
        {ALL: len(evaluation.outcomes)}
    )
    table = _by_type(evaluation.by_type, evaluation.overall, counts, list(Measure))
    faults = [f"{fault:<20}{count}" for fault, count in fault_counts(evaluation).items()]
    latency = [
        f"{name:<20}p50 {times.p50:.1f} ms, p99 {times.p99:.1f} ms"
        for name, times in (("search", evaluation.search), ("ask", evaluation.ask))
    ]
    return "\n".join([*table, "", *_intervals(evaluation.overall), "", *faults, *latency])


def beir_table(results: Sequence[BeirScores]) -> str:
    """One line per set and retriever, measures as fractions; no line end at the end."""
    names = list(results[0].measures) if results else []
    header = ["set", "retriever", *names]
    return "\n".join(
        _columns([header, *([s.name, s.retriever, *(f"{s.measures[n]:.4f}" for n in names)] for s in results)])
    )


def fault_counts(evaluation: Evaluation) -> dict[str, int]:
    """How often each fault occurs, most frequent first, then by name."""
    counts = Counter(miss.fault.value for outcome in evaluation.outcomes for miss in outcome.misses)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows with the first column flush left and the others flush right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))])
        for row in rows
    ]


def _by_type(
    by_type: Mapping[str, Mapping[Measure, Interval]],
    overall: Mapping[Measure, Interval],
    counts: Mapping[str, int],
    shown: Sequence[Measure] = (),
) -> list[str]:
    """A line a type and one for all, with the measures `shown`, by default those that there are."""
    columns = shown or list(overall)
    header = ["type", "n", *(HEADINGS[measure] for measure in columns)]
    rows = [*by_type.items(), (ALL, overall)]
    cells = [[kind, str(counts[kind]), *(_percent(values.get(m)) for m in columns)] for kind, values in rows]
    return _columns([header, *cells])


def _intervals(overall: Mapping[Measure, Interval]) -> list[str]:
    return [
        f"{measure.value:<20}{value.mean:7.1%}  [{value.low:.1%}, {value.high:.1%}]  n={value.n}"
        for measure, value in overall.items()
    ]


def _percent(value: Interval | None) -> str:
    return "–" if value is None else f"{100 * value.mean:.1f}"


def _measures(measures: Mapping[Measure, Interval]) -> dict[str, IntervalJson]:
    return {measure.value: _interval(value) for measure, value in measures.items()}


def _interval(value: Interval) -> IntervalJson:
    return {
        "mean": round(value.mean, DIGITS),
        "low": round(value.low, DIGITS),
        "high": round(value.high, DIGITS),
        "n": value.n,
    }


def _latency(value: Latency) -> LatencyJson:
    return {"p50": round(value.p50, 3), "p99": round(value.p99, 3)}


def _question(outcome: Outcome) -> QuestionJson:
    return {
        "id": outcome.question.id,
        "type": outcome.question.type.value,
        "subtype": outcome.question.subtype,
        "question": outcome.question.question,
        "answered": outcome.answered,
        "reason": outcome.reason,
        "confidence": round(outcome.confidence, DIGITS),
        "measures": {measure.value: round(value, DIGITS) for measure, value in outcome.measures.items()},
        "faults": [{"fault": miss.fault.value, "detail": miss.detail} for miss in outcome.misses],
    }
