"""`rag eval`: gold questions over an index or a folder, or a BEIR folder."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import cast

import seeds
from rag.analysis import ChineseAnalyzer
from rag.cli.opening import Access, Opener
from rag.cli.output import Output
from rag.errors import UsageError
from rag.evaluation.ablation import ablate_folder, ablation_table
from rag.evaluation.beir import BeirScores, read_beir
from rag.evaluation.gold import evaluate_gold, indexed_folder
from rag.evaluation.rankings import evaluate_ranking
from rag.evaluation.report import write_report
from rag.evaluation.retrievers import evaluate_retrievers
from rag.evaluation.table import (
    beir_json,
    beir_table,
    evaluation_json,
    evaluation_table,
    ranking_json,
    ranking_table,
)
from rag.index.engine import EmbeddedEngine
from rag.models import load_embedder, load_reranker
from rag.service import Service

HYBRID = "hybrid"


def measure(options: Namespace, opener: Opener, output: Output) -> int:
    """Prints the measures. Raises UsageError for options that do not go together."""
    _check(options)
    opener = opener.unworded()  # points are measured, which no LLM touches
    if options.beir is not None:
        _measure_beir(options, opener, output)
    elif options.ablate:
        _ablate(options, opener, output)
    elif options.retriever != HYBRID:
        _measure_ranking(options, opener, output)
    else:
        _measure_answers(options, opener, output)
    return 0


def _check(options: Namespace) -> None:
    """Nothing that is given goes unread."""
    if options.beir is not None and (options.gold or options.docs or options.report or options.ablate):
        raise UsageError(
            "--beir goes without --gold, --docs, --report and --ablate: it has questions and documents of its own"
        )
    if options.docs is not None and options.gold is None:
        raise UsageError("--docs needs the questions about it: --gold FILE")
    if options.ablate and options.gold is not None and options.docs is None:
        raise UsageError("--ablate needs the documents that --gold asks about: --docs DIR")
    if options.ablate and options.retriever != HYBRID:
        raise UsageError("--ablate measures every retriever: leave --retriever out")
    if options.report is not None and (options.ablate or options.retriever != HYBRID):
        raise UsageError("--report shows answers: leave --ablate and --retriever out")
    if options.data_dir is not None and (options.gold is None or options.docs is not None):
        raise UsageError("--data-dir is the index that --gold asks about: give --gold FILE, and no --docs")


@contextmanager
def _asked(options: Namespace, opener: Opener) -> Iterator[tuple[Service, Path]]:
    """The index that is asked, and the questions: those of the bundled articles unless a file is named."""
    if options.gold is None:
        with closing(opener.bundled()()) as service:
            yield service, seeds.directory() / "gold" / "questions.jsonl"
    elif options.docs is None:
        with closing(opener()) as service:
            yield service, Path(options.gold)
    else:
        with indexed_folder(Path(options.docs), lambda folder: opener.at(folder)(Access.CREATE)) as service:
            yield service, Path(options.gold)


def _measure_answers(options: Namespace, opener: Opener, output: Output) -> None:
    with _asked(options, opener) as (service, gold):
        evaluation = evaluate_gold(service, gold)
    if options.report is not None:
        write_report(Path(options.report), evaluation)
    output.emit(
        cast(Mapping[str, object], evaluation_json(evaluation)),
        lambda: f"{evaluation.name}\n\n{evaluation_table(evaluation)}",
    )


def _measure_ranking(options: Namespace, opener: Opener, output: Output) -> None:
    with _asked(options, opener) as (service, gold):
        scores = evaluate_ranking(service.snapshot(), service.embedder, gold, options.retriever)
    output.emit(
        cast(Mapping[str, object], ranking_json(scores)),
        lambda: f"{scores.name}, {scores.retriever}\n\n{ranking_table(scores)}",
    )


def _ablate(options: Namespace, opener: Opener, output: Output) -> None:
    """Over a folder: --docs, or the bundled articles with their questions."""
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
    (scores,) = _beir_scores(options, opener)
    output.emit(cast(Mapping[str, object], beir_json(scores)), lambda: beir_table([scores]))


def _beir_scores(options: Namespace, opener: Opener) -> list[BeirScores]:
    data = read_beir(Path(options.beir))
    embedder = load_embedder(opener.settings)

    def open_engine(folder: Path) -> EmbeddedEngine:
        return EmbeddedEngine.open(folder, embedder=embedder, analyzer=ChineseAnalyzer(), write=True)

    return list(evaluate_retrievers(data, [options.retriever], embedder, open_engine))
