"""Learns which sentences answer: a conditional logit over the signals of `rag.answering.signals`, with its cross-validated worth.

    python -m tools.train_sentences [--gold GOLD.jsonl DOCS]… [--out rag/data/sentences.json]

Without --gold: the sets of `tools.train_ranker`. An example is an answerable gold question with the sentences of its passages; those that hold evidence are right. The likelihood
is that of a right one being drawn from all. First weights for all questions are learned, then those of one thing and those of
several things start from them. Folds keep the questions of one document together. Only NumPy.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.answer import relevant, written
from rag.answering.choice import SEVERAL, kind, meanings, shipped, worths
from rag.answering.meaning import MEANINGS, Meaning
from rag.answering.met import met_words
from rag.answering.signals import SIGNALS, signals
from rag.answering.units import Unit, units
from rag.config import settings
from rag.evaluation.questions import GoldQuestion, library, read_questions
from rag.measures import Group, overlap, plain
from rag.question import understand
from rag.service import Service
from rag.types import Span
from tools.train_ranker import SETS

NAMES = (*SIGNALS, *MEANINGS)
FOLDS = 6
SEED = 2022
DEPTH, COMPARED = 10, 20
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """One question: its kind, the folder and document of its evidence, signals of shape (sentences, signals), and which sentences
    are right."""

    name: str
    kind: str
    corpus: str
    document: str
    rows: Array
    right: NDArray[np.bool_]


def examples(gold: Path, docs: Path) -> Iterator[Example]:
    """The answerable questions of a gold file over its documents, where any retrieved sentence holds evidence."""
    with tempfile.TemporaryDirectory() as directory:
        service = Service.open(settings(data_dir=directory, environ={}), write=True)
        service.index([docs])
        snapshot = service.snapshot()
        held = library(snapshot.store.documents(100_000))
        meaning = Meaning(service.embedder)
        for question in filter(lambda q: q.answerable, read_questions(gold)):
            understood = service.retriever.placed(snapshot, understand(question.question))
            depth = COMPARED if understood.intent in SEVERAL else DEPTH
            retrieved = service.retriever.search(snapshot, understood, depth)
            hits = relevant(retrieved)
            texts = {hit.chunk.document_id: snapshot.store.document(hit.chunk.document_id).text for hit in hits}
            pieces = units(hits, texts)
            groups = held.groups(question)
            right = np.array([_holds(unit, question, groups, texts) for unit in pieces], dtype=bool)
            if right.any():
                asked = understood, retrieved.weighted, pieces, met_words(retrieved.weighted, pieces)
                found = signals(*asked, written(retrieved.places))
                compared = meanings(*asked, meaning, worths(shipped()[kind(understood)], found))
                table = np.column_stack([*(found[name] for name in SIGNALS), *(compared[name] for name in MEANINGS)])
                yield Example(question.question, kind(understood), str(docs), question.evidence[0].doc, table, right)
        service.close()


def _holds(unit: Unit, question: GoldQuestion, groups: Sequence[Group], texts: Mapping[str, str]) -> bool:
    """Whether a sentence shares half of itself or of a span with evidence, or says an answer in an alternative document."""
    own = Span(unit.document_id, unit.start, unit.end)
    for group in groups:
        if any(2 * overlap(own, span) >= min(span.end - span.start, unit.length) for span in group.spans):
            return True
        said = plain(texts[unit.document_id][unit.start : unit.end])
        if unit.document_id in group.documents and any(plain(answer) in said for answer in question.answers):
            return True
    return False


def fit(data: Sequence[Example], start: Array, pull: float) -> Array:
    """Weights of greatest likelihood, pulled to the start, by damped Newton steps."""
    weight = start.copy()
    for _ in range(60):
        gradient = pull * (weight - start)
        hessian = pull * np.eye(len(start))
        for example in data:
            p = _probability(example.rows, weight)
            right = p * example.right
            gradient += example.rows.T @ (p - right / right.sum())
            mean = example.rows.T @ p
            hessian += (example.rows * p[:, None]).T @ example.rows - np.outer(mean, mean)
        step = np.linalg.solve(hessian + 1e-6 * np.eye(len(start)), gradient)
        step /= max(1.0, float(np.abs(step).max()))
        weight -= step
        if np.abs(step).max() < 1e-4:
            break
    return weight


def learned(data: Sequence[Example], pull: float) -> Mapping[str, Array]:
    """The weights of each kind of question."""
    shared = fit(data, np.zeros(len(NAMES)), pull)
    return {name: fit([e for e in data if e.kind == name], shared, 2 * pull) for name in ("one", "several")}


def held_out(data: Sequence[Example], folds: Sequence[int], pull: float) -> Sequence[Array]:
    """The scores of each example's sentences by weights learned without its fold."""
    weights = {
        fold: learned([e for e, f in zip(data, folds, strict=True) if f != fold], pull) for fold in sorted(set(folds))
    }
    return [e.rows @ weights[fold][e.kind] for e, fold in zip(data, folds, strict=True)]


def _probability(table: Array, weight: Array) -> Array:
    z = table @ weight
    p = np.exp(z - z.max())
    return np.asarray(p / p.sum())


def report(title: str, data: Sequence[Example], scores: Sequence[Array]) -> None:
    """Prints how often the best sentence is right, and one of the two best."""
    for name in ("one", "several"):
        firsts = [
            e.right[np.argsort(-s, kind="stable")[:2]] for e, s in zip(data, scores, strict=True) if e.kind == name
        ]
        first, second = np.mean([f[0] for f in firsts]), np.mean([f.any() for f in firsts])
        print(f"{title:18} {name:8} best right {first:.3f}  one of two {second:.3f}  (n={len(firsts)})")


def main() -> None:
    """Trains, cross-validates, prints, and writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", nargs=2, action="append", type=Path, metavar=("GOLD", "DOCS"))
    parser.add_argument("--out", type=Path)
    parser.add_argument("--pull", type=float, default=2.0)
    options = parser.parse_args()
    sets = options.gold or [pair for pair in SETS if pair[0].exists() and pair[1].exists()]
    data = [e for gold, docs in sets for e in examples(gold, docs)]
    names = sorted({e.document for e in data})
    fold_of = dict(zip(names, np.random.default_rng(SEED).permutation(len(names)) % FOLDS, strict=True))
    report("documents held out", data, held_out(data, [int(fold_of[e.document]) for e in data], options.pull))
    corpora = sorted({e.corpus for e in data})
    report("corpora held out", data, held_out(data, [corpora.index(e.corpus) for e in data], options.pull))
    weights = learned(data, options.pull)
    report("trained", data, [e.rows @ weights[e.kind] for e in data])
    table = {
        name: {signal: round(float(value), 3) for signal, value in zip(NAMES, weight, strict=True)}
        for name, weight in weights.items()
    }
    print(json.dumps(table, indent=1))
    if options.out:
        options.out.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
