"""An evaluation as one HTML page with inline plots: it opens offline and links to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Final

from rag.errors import UsageError
from rag.evaluation.gold import SCORED_RANK, Evaluation, Outcome
from rag.evaluation.plots import Points, bar_chart, line_chart
from rag.evaluation.scoring import Measure
from rag.evaluation.table import evaluation_table

_STYLE: Final = """body{font:15px/1.5 system-ui,sans-serif;max-width:1000px;margin:2em auto;padding:0 1em;color:#222}
pre{overflow-x:auto;background:#f6f6f4;padding:1em;font-size:12px}svg{font-size:11px}.title{font-weight:bold;font-size:13px}
.tick{fill:#666;font-size:10px}table{border-collapse:collapse;width:100%}td,th{border-top:1px solid #ddd;padding:.4em;
text-align:left;vertical-align:top}.plots{display:flex;flex-wrap:wrap;gap:1em}"""
_SHOWN: Final = (Measure.RECALL_5, Measure.ANSWERS)


def report_html(evaluation: Evaluation) -> str:
    """The page: table, recall curves, measures by type, risk–coverage, latency, and every question that lost points."""
    plots = (recall_plot(evaluation), types_plot(evaluation), risk_plot(evaluation), latency_plot(evaluation))
    title = f"Evaluation on {escape(evaluation.name)}"
    missed = [outcome for outcome in evaluation.outcomes if outcome.misses]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head>'
        f"<body><h1>{title}</h1><pre>{escape(evaluation_table(evaluation))}</pre>"
        f'<div class="plots">{"".join(plots)}</div><h2>Misses: {len(missed)} of {len(evaluation.outcomes)} questions</h2>'
        "<table><tr><th>id</th><th>type</th><th>question</th><th>faults</th><th>quoted</th></tr>"
        f"{''.join(map(_row, missed))}</table></body></html>\n"
    )


def write_report(path: Path, evaluation: Evaluation) -> None:
    """Writes the page as UTF-8. Raises UsageError when it cannot be written."""
    try:
        path.write_text(report_html(evaluation), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write the report to {str(path)!r}: {error.strerror}; name a writable file") from error


def recall_plot(evaluation: Evaluation) -> str:
    """Evidence recall at 1 to 10, one line for each type and one over all."""
    kinds = dict.fromkeys(outcome.question.type.value for outcome in evaluation.outcomes if outcome.recall)
    series = {kind: recall_curve([o for o in evaluation.outcomes if o.question.type.value == kind]) for kind in kinds}
    return line_chart("Evidence recall", "k", "recall@k", {"all": recall_curve(evaluation.outcomes), **series})


def types_plot(evaluation: Evaluation) -> str:
    """Recall@5 and answers in quotes for each type, with intervals."""
    groups = {
        kind: {measure.value: measures[measure] for measure in _SHOWN if measure in measures}
        for kind, measures in evaluation.by_type.items()
    }
    return bar_chart("By type", {kind: bars for kind, bars in groups.items() if bars})


def risk_plot(evaluation: Evaluation) -> str:
    """The error among the most confident answers, against the share of questions that they are."""
    return line_chart("Risk–coverage", "coverage", "risk", {"answers": risk_coverage(evaluation.outcomes)})


def latency_plot(evaluation: Evaluation) -> str:
    """Share of the questions done within so many milliseconds."""
    return line_chart(
        "Latency",
        "milliseconds",
        "share of questions",
        {
            "search": _cumulative([outcome.search_ms for outcome in evaluation.outcomes]),
            "ask": _cumulative([outcome.ask_ms for outcome in evaluation.outcomes]),
        },
    )


def recall_curve(outcomes: Sequence[Outcome]) -> Points:
    """(k, mean evidence recall@k) over the answerable questions, k = 1 … 10."""
    curves = [outcome.recall for outcome in outcomes if outcome.recall]
    return (
        [(k, sum(curve[k - 1] for curve in curves) / len(curves)) for k in range(1, SCORED_RANK + 1)] if curves else []
    )


def risk_coverage(outcomes: Sequence[Outcome]) -> Points:
    """(coverage, risk) after each answered question, the most confident first (El-Yaniv and Wiener 2010).

    The loss of an answer is 1 − its share of gold answer strings, or 1 where there is nothing to answer.
    """
    answered = sorted((o for o in outcomes if o.answered), key=lambda o: (-o.confidence, o.question.id))
    points: list[tuple[float, float]] = []
    loss = 0.0
    for count, outcome in enumerate(answered, 1):
        loss += 1.0 - outcome.measures.get(Measure.ANSWERS, 0.0)
        points.append((count / len(outcomes), loss / count))
    return points


def _cumulative(values: Sequence[float]) -> Points:
    return [(value, rank / len(values)) for rank, value in enumerate(sorted(values), 1)]


def _row(outcome: Outcome) -> str:
    faults = "<br>".join(f"<b>{escape(miss.fault.value)}</b>: {escape(miss.detail)}" for miss in outcome.misses)
    quotes = "<br>".join(escape(quote) for quote in outcome.quotes)
    question = outcome.question
    cells = (escape(question.id), question.type.value, escape(question.question), faults, quotes)
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
