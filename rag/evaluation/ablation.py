"""Ablation: what retrieval loses when one signal of the ranker is left out."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rag.documents.assemble import read
from rag.errors import DocumentError
from rag.evaluation.questions import GoldQuestion, Library, library, read_questions
from rag.evaluation.scoring import passages, ranges
from rag.measures import evidence_recall, gold_ndcg
from rag.protocols import Embedder, Engine, Snapshot
from rag.question import understand
from rag.ranking.ranker import LinearRanker
from rag.ranking.ranker import weights as shipped_weights
from rag.retrieve import Retriever
from rag.types import Entry

RANK: Final = 10
CUTOFF: Final = 5


@dataclass(frozen=True, slots=True)
class Ablated:
    """Mean evidence recall@5 and nDCG@10 over the answerable questions without one signal; None stands for all signals."""

    without: str | None
    recall: float
    ndcg: float


def ablate(
    snapshot: Snapshot,
    embedder: Embedder,
    questions: Sequence[GoldQuestion],
    held: Library,
    weights: Mapping[str, Mapping[str, float]],
) -> tuple[Ablated, ...]:
    """All signals first, then each signal of the weights that counts, in their order, with its weight at 0.

    `weights` are those of the ranker by kind of question. The candidates stay the same: only their order changes.
    Raises ValueError when no question is answerable.
    """
    asked = [question for question in questions if question.answerable]
    if not asked:
        raise ValueError("an ablation needs at least one answerable question")
    signals = dict.fromkeys(name for table in weights.values() for name, weight in table.items() if weight)
    return tuple(_scored(snapshot, embedder, asked, held, weights, without) for without in (None, *signals))


def ablate_folder(
    gold: Path, docs: Path, embedder: Embedder, open_engine: Callable[[Path], Engine]
) -> tuple[Ablated, ...]:
    """`ablate` with the shipped weights on a gold file over a folder, which is indexed in a temporary directory.

    `open_engine` opens a directory for writing. Files that cannot be read are left out. Raises UsageError for a gold file
    that is none.
    """
    questions = read_questions(gold)
    entries = {str(path): _entries(path) for path in sorted(docs.rglob("*")) if path.is_file()}
    with tempfile.TemporaryDirectory(prefix="policy-rag-ablation-") as directory:
        engine = open_engine(Path(directory))
        try:
            engine.replace(entries, dict.fromkeys(entries, ""))
            held = library(entry.document for read in entries.values() for entry in read)
            return ablate(engine.snapshot(), embedder, questions, held, shipped_weights())
        finally:
            engine.close()


def ablation_table(rows: Sequence[Ablated]) -> str:
    """One line per signal: both measures without it in per cent, and how far they fall short of the first row's."""
    whole = rows[0]
    lines = [f"{'without':<12}{'R@5':>7}{'':>8}{'nDCG@10':>9}{'':>8}"]
    for row in rows:
        recall = f"{row.recall:7.1%}{row.recall - whole.recall:+8.1%}"
        lines.append(f"{row.without or '–':<12}{recall}{row.ndcg:9.1%}{row.ndcg - whole.ndcg:+8.1%}")
    return "\n".join(lines)


def _entries(path: Path) -> Sequence[Entry]:
    try:
        return read(path.read_bytes(), str(path))
    except DocumentError:
        return ()


def _scored(
    snapshot: Snapshot,
    embedder: Embedder,
    questions: Sequence[GoldQuestion],
    held: Library,
    weights: Mapping[str, Mapping[str, float]],
    without: str | None,
) -> Ablated:
    rankers = {
        kind: LinearRanker({name: weight for name, weight in table.items() if name != without})
        for kind, table in weights.items()
    }
    retriever = Retriever(embedder, rankers)
    recalls, ndcgs = [], []
    for question in questions:
        hits = ranges(retriever.search(snapshot, understand(question.question), RANK).hits)
        groups = held.groups(question)
        recalls.append(evidence_recall(groups, hits, CUTOFF))
        ndcgs.append(gold_ndcg(groups, hits, passages(snapshot.store.document_chunks, groups), RANK))
    return Ablated(without, sum(recalls) / len(recalls), sum(ndcgs) / len(ndcgs))
