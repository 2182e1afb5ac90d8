"""Ablation: what retrieval loses when one signal of the ranker, or one part of the way to it, is left out."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time
from typing import Final

from rag.documents.assemble import read
from rag.errors import DocumentError
from rag.evaluation.questions import GoldQuestion, Library, library, read_questions
from rag.evaluation.retrievers import plain_search, ranked_hits, retriever_search
from rag.evaluation.scoring import passages, ranges
from rag.measures import evidence_recall, gold_ndcg
from rag.protocols import Embedder, Engine, Reranker, Snapshot
from rag.question import Question, understand, unexpanded
from rag.ranking.ranker import LinearRanker
from rag.ranking.ranker import weights as shipped_weights
from rag.retrieve import Retriever
from rag.types import Entry, Hit

RANK: Final = 10
CUTOFF: Final = 5
PLACES, GLOSSARY, RERANKER, TERMS_ALONE, OWN_WORDS, VECTORS_ALONE = (
    "places",
    "glossary",
    "+ reranker",
    "= terms alone",
    "= own words",
    "= vectors alone",
)
Search = Callable[[str], Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class Ablated:
    """Mean evidence recall@5 and nDCG@10 over the answerable questions without one signal or part; None stands for the whole.
    `ms` is the median processor time of a search in milliseconds."""

    without: str | None
    recall: float
    ndcg: float
    ms: float = field(compare=False, default=0.0)


def ablate(
    snapshot: Snapshot,
    embedder: Embedder,
    questions: Sequence[GoldQuestion],
    held: Library,
    weights: Mapping[str, Mapping[str, float]],
    reranker: Reranker | None = None,
) -> tuple[Ablated, ...]:
    """The whole first, then each signal of the weights that counts, in their order, with its weight at 0; then without places,
    without glossary and synonyms, with the reranker where there is one, and at last terms alone (with glossary, synonyms and
    places as the search has them), the question's own words alone, as plain BM25 takes them, and vectors alone.

    `weights` are those of the ranker by kind of question. Without a signal the candidates stay the same: only their order
    changes. Raises ValueError when no question is answerable.
    """
    asked = [question for question in questions if question.answerable]
    if not asked:
        raise ValueError("an ablation needs at least one answerable question")
    signals = dict.fromkeys(name for table in weights.values() for name, weight in table.items() if weight)

    def scored(name: str | None, search: Search) -> Ablated:
        return _scored(snapshot, asked, held, name, search)

    whole = Retriever(embedder, _rankers(weights, None))
    placeless = Retriever(embedder, _rankers(weights, None), places=False)
    rows = [scored(None, partial(_hits, whole, snapshot))]
    for name in signals:
        reduced = Retriever(embedder, _rankers(weights, name))
        rows.append(scored(name, partial(_hits, reduced, snapshot)))
    rows.append(scored(PLACES, lambda text: _hits(placeless, snapshot, text, without_places)))
    rows.append(scored(GLOSSARY, lambda text: _hits(whole, snapshot, text, unexpanded)))
    if reranker is not None:
        rows.append(
            scored(RERANKER, partial(_hits, Retriever(embedder, _rankers(weights, None), reranker=reranker), snapshot))
        )
    alone = {
        TERMS_ALONE: retriever_search("lexical", snapshot, embedder),
        OWN_WORDS: plain_search(snapshot),
        VECTORS_ALONE: retriever_search("dense", snapshot, embedder),
    }
    rows += [scored(name, partial(ranked_hits, search, snapshot, k=RANK)) for name, search in alone.items()]
    return tuple(rows)


def without_places(question: Question) -> Question:
    """The question with its places unread."""
    return replace(question, places=())


def ablate_folder(
    gold: Path,
    docs: Path,
    embedder: Embedder,
    open_engine: Callable[[Path], Engine],
    *,
    pattern: str = "*",
    reranker: Reranker | None = None,
) -> tuple[Ablated, ...]:
    """`ablate` with the shipped weights on a gold file over a folder, which is indexed in a temporary directory.

    `open_engine` opens a directory for writing; `pattern` says which files to take. Those that cannot be read are left out. Raises UsageError for a gold file
    that is none.
    """
    questions = read_questions(gold)
    entries = {str(path): _entries(path) for path in sorted(docs.rglob(pattern)) if path.is_file()}
    with tempfile.TemporaryDirectory(prefix="policy-rag-ablation-") as directory:
        engine = open_engine(Path(directory))
        try:
            engine.replace(entries, dict.fromkeys(entries, ""))
            held = library(entry.document for read in entries.values() for entry in read)
            return ablate(engine.snapshot(), embedder, questions, held, shipped_weights(), reranker)
        finally:
            engine.close()


def ablation_table(rows: Sequence[Ablated]) -> str:
    """One line per signal: both measures without it in per cent, how far they fall short of the first row's, and the time of a search."""
    whole = rows[0]
    lines = [f"{'without':<16}{'R@5':>7}{'':>8}{'nDCG@10':>9}{'':>8}{'ms':>7}"]
    for row in rows:
        recall = f"{row.recall:7.1%}{row.recall - whole.recall:+8.1%}"
        ndcg = f"{row.ndcg:9.1%}{row.ndcg - whole.ndcg:+8.1%}"
        lines.append(f"{row.without or '–':<16}{recall}{ndcg}{row.ms:7.2f}")
    return "\n".join(lines)


def _entries(path: Path) -> Sequence[Entry]:
    try:
        return read(path.read_bytes(), str(path))
    except DocumentError:
        return ()


def _rankers(weights: Mapping[str, Mapping[str, float]], without: str | None) -> Mapping[str, LinearRanker]:
    return {
        kind: LinearRanker({name: weight for name, weight in table.items() if name != without})
        for kind, table in weights.items()
    }


def _hits(
    retriever: Retriever,
    snapshot: Snapshot,
    text: str,
    change: Callable[[Question], Question] = lambda question: question,
) -> Sequence[Hit]:
    return retriever.search(snapshot, change(understand(text)), RANK).hits


def _scored(
    snapshot: Snapshot, questions: Sequence[GoldQuestion], held: Library, without: str | None, search: Search
) -> Ablated:
    recalls, ndcgs, times = [], [], []
    search(questions[0].question)  # what is loaded at first use is no time of a question
    for question in questions:
        started = process_time()
        hits = ranges(search(question.question))
        times.append(1000 * (process_time() - started))
        groups = held.groups(question)
        recalls.append(evidence_recall(groups, hits, CUTOFF))
        ndcgs.append(gold_ndcg(groups, hits, passages(snapshot.store.document_chunks, groups), RANK))
    return Ablated(without, sum(recalls) / len(recalls), sum(ndcgs) / len(ndcgs), median(times))
