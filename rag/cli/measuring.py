"""`rag eval`: gold questions over an index or a folder, or a BEIR folder."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import seeds
from rag.analysis import ChineseAnalyzer
from rag.cli.opening import Access, Opener
from rag.cli.output import Output
from rag.errors import UsageError
from rag.evaluation.ablation import ablate_folder, ablation_table
from rag.evaluation.beir import BeirScores, read_beir
from rag.evaluation.gold import Evaluation, evaluate_folder, evaluate_gold
from rag.evaluation.report import write_report
from rag.evaluation.retrievers import evaluate_retrievers
from rag.evaluation.table import beir_json, beir_table, evaluation_json, evaluation_table
from rag.index.engine import EmbeddedEngine
from rag.models import load_embedder, load_reranker


def measure(options: Namespace, opener: Opener, output: Output) -> int:
    """Prints the measures. Raises UsageError for options that do not go together."""
    opener = opener.unworded()  # points are measured, which no LLM touches
    if options.beir is not None:
        _measure_beir(options, opener, output)
        return 0
    if options.ablate:
        _ablate(options, opener, output)
        return 0
    evaluation = _evaluate(options, opener)
    if options.report is not None:
        write_report(Path(options.report), evaluation)
    output.emit(
        cast(Mapping[str, object], evaluation_json(evaluation)),
        lambda: f"{evaluation.name}\n\n{evaluation_table(evaluation)}",
    )
    return 0


def _evaluate(options: Namespace, opener: Opener) -> Evaluation:
    if options.gold is None:
        if options.docs is not None:
            raise UsageError("--docs needs the questions about it: --gold FILE")
        return evaluate_gold(opener.bundled()(), seeds.directory() / "gold" / "questions.jsonl")
    if options.docs is None:
        return evaluate_gold(opener(), Path(options.gold))
    return evaluate_folder(Path(options.gold), Path(options.docs), lambda folder: opener.at(folder)(Access.CREATE))


def _ablate(options: Namespace, opener: Opener, output: Output) -> None:
    """Over a folder: --docs, or the bundled articles with their questions."""
    if options.gold is not None and options.docs is None:
        raise UsageError("--ablate needs the documents that --gold asks about: --docs DIR")
    if options.gold is None:
        gold, docs = seeds.directory() / "gold" / "questions.jsonl", seeds.directory()
    else:
        gold, docs = Path(options.gold), Path(options.docs)
    embedder = load_embedder(opener.settings)

    def open_engine(folder: Path) -> EmbeddedEngine:
        return EmbeddedEngine.open(folder, embedder=embedder, analyzer=ChineseAnalyzer(), write=True)

    pattern, reranker = "*" if options.gold else "*.txt", load_reranker(opener.settings)
    rows = ablate_folder(gold, docs, embedder, open_engine, pattern=pattern, reranker=reranker)
    output.emit(
        {
            "ablation": [
                {"without": row.without, "recall@5": row.recall, "nDCG@10": row.ndcg, "ms": row.ms} for row in rows
            ]
        },
        lambda: ablation_table(rows),
    )


def _measure_beir(options: Namespace, opener: Opener, output: Output) -> None:
    if options.gold is not None or options.docs is not None or options.report is not None:
        raise UsageError("--beir goes without --gold, --docs and --report: it has questions and documents of its own")
    (scores,) = _beir_scores(options, opener)
    output.emit(cast(Mapping[str, object], beir_json(scores)), lambda: beir_table([scores]))


def _beir_scores(options: Namespace, opener: Opener) -> list[BeirScores]:
    data = read_beir(Path(options.beir))
    embedder = load_embedder(opener.settings)

    def open_engine(folder: Path) -> EmbeddedEngine:
        return EmbeddedEngine.open(folder, embedder=embedder, analyzer=ChineseAnalyzer(), write=True)

    return list(evaluate_retrievers(data, [options.retriever], embedder, open_engine))
