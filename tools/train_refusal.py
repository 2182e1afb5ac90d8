"""Learns when to refuse: logistic regression over the signals of `rag.answering.refuse`, with its cross-validated worth.

    python -m tools.train_refusal --gold GOLD.jsonl DOCS [--gold … …] [--out rag/data/refusal.json]

Examples: every gold question that names a held place or none (1 answerable, 0 not), and every answerable one again with
the passages that hold its evidence taken away (0): the topic stands in the corpus, the fact does not. Only NumPy.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.answer import relevant
from rag.answering.refuse import FEATURES, evidence, table
from rag.config import settings
from rag.evaluation.questions import library, read_questions
from rag.measures import overlap
from rag.question import understand
from rag.retrieve import Retrieved, Retriever
from rag.service import Service
from rag.types import Language, Span

FOLDS = 5
SEED = 2022
Array = NDArray[np.float64]
ANSWERABLE_REFUSED = 0.035
MADE_WEIGHT = 0.1


@dataclass(frozen=True, slots=True)
class Example:
    """The signals of one question, whether it can be answered, and how much it counts."""

    name: str
    crossing: bool
    row: tuple[float, ...]
    answerable: bool
    made: bool


def examples(gold: Path, docs: Path) -> Iterator[Example]:
    """Real and made examples of one gold file over its documents."""
    with tempfile.TemporaryDirectory() as directory:
        service = Service.open(settings(data_dir=directory, environ={}), write=True)
        service.index([docs])
        snapshot = service._engine.snapshot()
        retriever = Retriever(service._embedder)
        held = library(snapshot.store.documents(100_000))
        for question in read_questions(gold):
            understood = understand(question.question)
            retrieved = retriever.search(snapshot, understood, 30)
            if retrieved.places and all(not place.held for place in retrieved.places):
                continue
            crossing = understood.language is Language.ENGLISH
            name = f"{question.id} {question.question}"
            yield Example(name, crossing, _row(retrieved), question.answerable, made=False)
            groups = held.groups(question)
            spans = [span for group in groups for span in group.spans]
            others = {document for group in groups for document in group.documents}
            if question.answerable and spans:
                yield Example(name + " −", crossing, _row(_without(retrieved, spans, others)), False, made=True)
        service.close()


def _without(retrieved: Retrieved, spans: Sequence[Span], documents: set[str]) -> Retrieved:
    hits = tuple(
        hit
        for hit in retrieved.hits
        if hit.chunk.document_id not in documents
        and not any(overlap(Span(hit.chunk.document_id, hit.chunk.start, hit.chunk.end), span) for span in spans)
    )
    return Retrieved(retrieved.question, hits, retrieved.places, retrieved.weighted, retrieved.passages)


def _row(retrieved: Retrieved) -> tuple[float, ...]:
    return astuple(evidence(retrieved.question, retrieved.weighted, relevant(retrieved), retrieved.passages))


def fit(data: Sequence[Example], start: Array, pull: float) -> Array:
    """Weights (bias first) by Newton's method on the logistic loss, pulled to the start; made examples count a tenth."""
    rows = np.array([(1.0, *e.row) for e in data])
    y = np.array([float(e.answerable) for e in data])
    count = np.array([MADE_WEIGHT if e.made else 1.0 for e in data])
    weight = start.copy()
    penalty = np.diag([0.0, *([pull] * (len(start) - 1))])
    for _ in range(50):
        p = 1 / (1 + np.exp(-rows @ weight))
        gradient = rows.T @ (count * (p - y)) + penalty @ (weight - start)
        hessian = (rows * (count * p * (1 - p))[:, None]).T @ rows + penalty + 1e-6 * np.eye(len(start))
        weight -= np.linalg.solve(hessian, gradient)
    return weight


def probability(data: Sequence[Example], weight: Array) -> Array:
    """The predicted probability that each can be answered."""
    return np.asarray(1 / (1 + np.exp(-np.array([(1.0, *e.row) for e in data]) @ weight)))


def threshold(data: Sequence[Example], p: Array) -> float:
    """The greatest threshold that refuses at most 3 % of the answerable questions."""
    good = np.sort(p[[e.answerable for e in data]])
    return float(good[int(ANSWERABLE_REFUSED * len(good))]) - 1e-6


def report(title: str, data: Sequence[Example], p: Array, cut: float) -> None:
    """Prints how many are refused: answerable, unanswerable, and made unanswerable."""
    refused = p < cut
    real = np.array([not e.made for e in data])
    good = np.array([e.answerable for e in data])
    print(
        f"{title:9} threshold {cut:.3f}  answerable refused {refused[good].mean():.3f} (n={good.sum()})  "
        f"unanswerable refused {refused[real & ~good].mean():.3f} (n={(real & ~good).sum()})  "
        f"made unanswerable refused {refused[~real].mean():.3f} (n={(~real).sum()})"
    )


def main() -> None:
    """Trains, cross-validates, prints, and writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", nargs=2, action="append", required=True, metavar=("GOLD", "DOCS"))
    parser.add_argument("--out", type=Path)
    parser.add_argument("--pull", type=float, default=1.0)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    data = [e for gold, docs in options.gold for e in examples(Path(gold), Path(docs))]
    shipped = table()["native"]
    start = np.array([shipped["bias"], *(shipped.get(name, 0.0) for name in FEATURES)])
    groups = {name: i for i, name in enumerate(dict.fromkeys(e.name.removesuffix(" −") for e in data))}
    folds = np.random.default_rng(SEED).permutation(len(groups)) % FOLDS
    fold = np.array([folds[groups[e.name.removesuffix(" −")]] for e in data])
    held_out = np.zeros(len(data))
    for i in range(FOLDS):
        weight = fit([e for e, f in zip(data, fold, strict=True) if f != i], start, options.pull)
        held_out[fold == i] = probability([e for e, f in zip(data, fold, strict=True) if f == i], weight)
    report("held out", data, held_out, threshold(data, held_out))
    weight = fit(data, start, options.pull)
    p = probability(data, weight)
    cut = threshold(data, held_out)
    report("trained", data, p, cut)
    native = {"bias": weight[0], **dict(zip(FEATURES, weight[1:], strict=True)), "threshold": cut}
    rounded = {name: round(float(value), 3) for name, value in native.items()}
    print(json.dumps(rounded, indent=1))
    if options.verbose:
        for q, e in sorted(zip(p, data, strict=True), key=lambda pair: pair[0]):
            print(f"{q:.2f} {'+' if e.answerable else '-'} {[round(v, 2) for v in e.row]} {e.name}")
    if options.out:
        both = {"native": rounded, "crossing": rounded}
        options.out.write_text(json.dumps(both, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
