"""Learns the weights of the linear ranker on gold questions, and says what they are worth by cross-validation.

    python -m tools.train_ranker --gold GOLD.jsonl DOCS [--gold … …] [--out rag/data/ranker.json]

Loss: listwise softmax over a question's candidates, every passage that holds evidence being right, with an L2 pull towards
the weights of the start; folds are drawn by question with a fixed seed. Only NumPy.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.config import settings
from rag.evaluation.questions import GoldQuestion, library, read_questions
from rag.measures import covers, evidence_recall
from rag.question import understand
from rag.ranking.features import SIGNALS
from rag.ranking.ranker import weights
from rag.retrieve import Retriever
from rag.service import Service
from rag.types import Language, Span

FOLDS = 5
SEED = 2022
TEMPERATURE = 4.0
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """One question: signals of its candidates (n, len(SIGNALS)), which hold evidence (n,), and how to score an order."""

    question: GoldQuestion
    crossing: bool
    rows: Array
    right: NDArray[np.bool_]
    spans: tuple[Span, ...]
    groups: tuple[object, ...]

    def recall(self, scores: Array, k: int) -> float:
        """Evidence recall@k of the order that these scores give."""
        order = np.argsort(-scores, kind="stable")
        return evidence_recall(self.groups, [self.spans[i] for i in order], k)  # type: ignore[arg-type]


def examples(gold: Path, docs: Path) -> Iterator[Example]:
    """The answerable questions of a gold file with the candidates that retrieval finds among the documents of a folder."""
    with tempfile.TemporaryDirectory() as directory:
        service = Service.open(settings(data_dir=directory, environ={}), write=True)
        service.index([docs])
        snapshot = service._engine.snapshot()
        retriever = Retriever(service._embedder)
        held = library(snapshot.store.documents(100_000))
        for question in read_questions(gold):
            groups = held.groups(question)
            if not question.answerable or not groups:
                continue
            hits = retriever.search(snapshot, understand(question.question), 500).hits
            spans = tuple(Span(hit.chunk.document_id, hit.chunk.start, hit.chunk.end) for hit in hits)
            yield Example(
                question,
                understand(question.question).language is Language.ENGLISH,
                np.array([[hit.signals.get(name, 0.0) for name in SIGNALS] for hit in hits]),
                np.array([any(covers([span], group) for group in groups) for span in spans]),
                spans,
                groups,
            )
        service.close()


def fit(data: Sequence[Example], start: Array, pull: float, steps: int = 400, rate: float = 0.05) -> Array:
    """Weights by gradient descent (Adam) on the listwise loss; questions whose evidence was not retrieved teach nothing."""
    usable = [e for e in data if e.right.any() and not e.right.all()]
    weight, first, second = start.copy(), np.zeros_like(start), np.zeros_like(start)
    for step in range(1, steps + 1):
        gradient = pull * (weight - start)
        for example in usable:
            logits = TEMPERATURE * example.rows @ weight
            p = np.exp(logits - logits.max())
            q = p * example.right
            gradient += TEMPERATURE * (p / p.sum() - q / q.sum()) @ example.rows / len(usable)
        first, second = 0.9 * first + 0.1 * gradient, 0.999 * second + 0.001 * gradient**2
        weight -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return weight


def report(data: Sequence[Example], scores: Sequence[Array], title: str) -> None:
    """Prints recall@1/5/10 over all and by type."""
    kinds = ["all", *sorted({e.question.type.value for e in data})]
    for kind in kinds:
        chosen = [(e, s) for e, s in zip(data, scores, strict=True) if kind in ("all", e.question.type.value)]
        means = [np.mean([e.recall(s, k) for e, s in chosen]) for k in (1, 5, 10)]
        print(f"{title:10} {kind:12} n={len(chosen):4}  R@1 {means[0]:.3f}  R@5 {means[1]:.3f}  R@10 {means[2]:.3f}")


def main() -> None:
    """Trains, cross-validates, prints, and writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", nargs=2, action="append", required=True, metavar=("GOLD", "DOCS"))
    parser.add_argument("--out", type=Path)
    parser.add_argument("--pull", type=float, default=0.02)
    options = parser.parse_args()
    data = [e for gold, docs in options.gold for e in examples(Path(gold), Path(docs))]
    table = weights()
    starts = {kind: np.array([table[kind].get(name, 0.0) for name in SIGNALS]) for kind in ("native", "crossing")}
    report(data, [e.rows @ starts["crossing" if e.crossing else "native"] for e in data], "start")
    folds = np.random.default_rng(SEED).permutation(len(data)) % FOLDS
    held_out: list[Array] = [np.zeros(0)] * len(data)
    for fold in range(FOLDS):
        learned = learn([e for i, e in enumerate(data) if folds[i] != fold], starts, options.pull)
        for i, example in enumerate(data):
            if folds[i] == fold:
                held_out[i] = example.rows @ learned["crossing" if example.crossing else "native"]
    report(data, held_out, "held out")
    learned = learn(data, starts, options.pull)
    report(data, [e.rows @ learned["crossing" if e.crossing else "native"] for e in data], "trained")
    rounded = {kind: {n: round(float(w), 3) for n, w in zip(SIGNALS, learned[kind], strict=True)} for kind in learned}
    print(json.dumps(rounded, indent=1))
    if options.out:
        options.out.write_text(json.dumps(rounded, indent=2) + "\n", encoding="utf-8")


def learn(data: Sequence[Example], starts: dict[str, Array], pull: float) -> dict[str, Array]:
    """Weights for Chinese questions from all of them; for English ones pulled hard to their start, so few are they."""
    native = fit([e for e in data if not e.crossing], starts["native"], pull)
    crossing = fit([e for e in data if e.crossing], starts["crossing"], 5 * pull)
    return {"native": native, "crossing": crossing}


if __name__ == "__main__":
    main()
