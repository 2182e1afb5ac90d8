"""Learns when to refuse: logistic regression over the signals of `rag.answering.refuse`, with its cross-validated worth.

    python -m tools.train_refusal [--set GOLD.jsonl DOCS]… [--out rag/data/refusal.json] [--verbose]

Without --set: the bundled gold questions, the question sets of `tests/data`, and the development questions of ../shared, as
far as they are there. Of a set only question and type are read. Which clause of the passages is the answer is not known:
the likeliest under the weights is taken, the weights are fitted to it, and so on until they rest (multiple instances, the
maximum as their sum). Two ways to hold out: by document, and by corpus, which is the honest one; the threshold comes from the
second. Only NumPy; the same input gives the same weights.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

import seeds
from rag.answer import relevant, unplaced
from rag.answering.refuse import NO_WINDOW, WHOLE_SIGNALS, WHOLE_VALUES, WINDOW_SIGNALS, evidence
from rag.config import settings
from rag.protocols import Snapshot
from rag.question import Question, understand, unexpanded
from rag.service import Service
from rag.types import Language

ROOT: Final = Path(__file__).resolve().parent.parent
SHARED: Final = ROOT.parent / "shared"
DATA: Final = ROOT / "tests" / "data"
SETS: Final = (
    (seeds.directory() / "gold" / "questions.jsonl", SHARED / "seeds"),
    (SHARED / "gold" / "seeds-dev.jsonl", SHARED / "seeds"),
    (SHARED / "gold" / "dev.jsonl", SHARED / "gold" / "docs"),
    (SHARED / "gold" / "raw" / "dev.jsonl", SHARED / "gold" / "raw" / "docs"),
    (DATA / "absent.jsonl", SHARED / "seeds"),
    (DATA / "refusal" / "docs.jsonl", SHARED / "gold" / "docs"),
    (DATA / "refusal" / "raw.jsonl", SHARED / "gold" / "raw" / "docs"),
    (DATA / "invented" / "gold.jsonl", DATA / "invented" / "docs"),
    (DATA / "invented2" / "gold.jsonl", DATA / "invented2" / "docs"),
    (DATA / "invented3" / "gold.jsonl", DATA / "invented3" / "docs"),
    (DATA / "invented4" / "gold.jsonl", DATA / "invented4" / "docs"),
    (DATA / "invented5" / "gold.jsonl", DATA / "invented5" / "docs"),
    (DATA / "invented6" / "gold.jsonl", DATA / "invented6" / "docs"),
    (DATA / "invented7" / "gold.jsonl", DATA / "invented7" / "docs"),
)
NAMES: Final = ("bias", *WINDOW_SIGNALS, *WHOLE_SIGNALS)
# What each signal may say: more of it for an answer (1), against one (-1), either (0).
SIGNS: Final = np.array(
    [
        {
            "covered": 1,
            "period": 1,
            "unasked": -1,
            "elsewhere": -1,
            "contradicted": -1,
            "unlike": -1,
            "deferred": -1,
            "lacking": -1,
            "unnamed": -1,
            "unmet": -1,
            "words": 1,
            "foreign": -1,
        }.get(name, 0)
        for name in NAMES
    ]
)
DEPTH: Final = 10
FOLDS: Final = 10
SEED: Final = 2022
ROUNDS, SWEEPS = 8, 40
# Of questions without synonyms; with them about half as many are.
ANSWERABLE_REFUSED: Final = 0.05
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """One question with the rows of its clauses (n, len(NAMES)), None where places alone decide; `group` is the document
    that it is about."""

    name: str
    set: str
    answerable: bool
    group: str
    rows: Array | None


def examples(gold: Path, docs: Path) -> Iterator[Example]:
    """The examples of one set; questions for an author need no figure and are left out."""
    with tempfile.TemporaryDirectory() as directory:
        service = Service.open(settings(data_dir=Path(directory), environ={}), write=True)
        service.index([docs])
        snapshot = service.snapshot()
        catalogue = service.retriever.corpus(snapshot).documents
        for line in gold.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            question, answerable = plainly(service, snapshot, row["question"]), row["type"] != "unanswerable"
            name = f"{row['id']} {row['question']}"
            retrieved = service.retriever.search(snapshot, question, DEPTH)
            if question.author:
                continue
            hits = relevant(retrieved)
            found = (
                evidence(retrieved.question, retrieved.weighted, hits, retrieved.passages, catalogue) if hits else None
            )
            if found is None or unplaced(retrieved) or not found.in_period:
                yield Example(name, f"{docs.parent.name}/{docs.name}/{gold.stem}", answerable, name, None)
                continue
            whole = WHOLE_VALUES(found.whole)
            windows = found.windows.tolist() or [NO_WINDOW]
            rows = [(1.0, *window, *whole) for window in windows]
            group = hits[0].chunk.document_id if hits else name
            yield Example(name, f"{docs.parent.name}/{docs.name}/{gold.stem}", answerable, group, np.array(rows))
        service.close()


def plainly(service: Service, snapshot: Snapshot, text: str) -> Question:
    """The question understood without synonyms. They were written with such questions at hand: what is learned with them expects
    that every wording is known, and refuses those of questions that nobody has seen (of 130 answerable ones of a new corpus .108 with
    them and .038 without, of 20 unanswerable ones .80 and .75). An English question keeps its glossary."""
    question = service.retriever.placed(snapshot, understand(text))
    return question if question.language is Language.ENGLISH else unexpanded(question)


def fit(data: Sequence[Example], pull: float) -> Array:
    """Weights over NAMES: the logistic loss with an L2 pull over signals of equal spread, each weight with the sign that its
    meaning demands (SIGNS). Of each question the likeliest row counts, until that rests.
    """
    parts = [example.rows for example in data if example.rows is not None]
    right = np.array([float(example.answerable) for example in data if example.rows is not None])
    spread = np.concatenate(parts).std(axis=0)
    spread[spread < 1e-6] = 1.0
    scaled = [part / spread for part in parts]
    weight = np.zeros(len(NAMES))
    weight[1] = 1.0
    for _ in range(ROUNDS):
        chosen = np.array([part[np.argmax(part @ weight)] for part in scaled])
        weight = _fit(chosen, right, weight, pull)
    return np.asarray(weight / spread)


def _fit(rows: Array, right: Array, weight: Array, pull: float) -> Array:
    """Newton steps on one weight after the other, each held to its sign: for a convex loss this comes to the bounded optimum."""
    weight = weight.copy()
    z = rows @ weight
    for _ in range(SWEEPS):
        before = weight.copy()
        for j, sign in enumerate(SIGNS):
            p, penalty = _logistic(z), pull if j else 1e-3
            slope = rows[:, j] @ (p - right) + penalty * weight[j]
            curve = rows[:, j] ** 2 @ np.maximum(p * (1 - p), 0.05) + penalty
            moved = weight[j] - slope / curve
            moved = moved if sign * moved >= 0 else 0.0
            z += rows[:, j] * (moved - weight[j])
            weight[j] = moved
        if np.abs(weight - before).max() < 1e-4:
            break
    return weight


def probability(data: Sequence[Example], weight: Array) -> Array:
    """The predicted probability that each can be answered; 0 where its places are not held."""
    return np.array([0.0 if e.rows is None else float(_logistic(np.array([(e.rows @ weight).max()]))[0]) for e in data])


def held_out(data: Sequence[Example], pull: float, folds: Sequence[int]) -> Array:
    """The predictions for each example of weights that saw nothing of its fold."""
    predicted = np.zeros(len(data))
    fold = np.array(folds)
    for i in set(folds):
        weight = fit([e for e, f in zip(data, fold, strict=True) if f != i], pull)
        predicted[fold == i] = probability([e for e, f in zip(data, fold, strict=True) if f == i], weight)
    return predicted


def by_document(data: Sequence[Example]) -> Sequence[int]:
    """One of FOLDS folds for each example, the same for all that are asked of one document."""
    groups = {group: i for i, group in enumerate(dict.fromkeys(e.group for e in data))}
    fold_of = np.random.default_rng(SEED).permutation(len(groups)) % FOLDS
    return [int(fold_of[groups[e.group]]) for e in data]


def by_corpus(data: Sequence[Example]) -> Sequence[int]:
    """A fold for each folder of documents: what a corpus that nobody has seen will show."""
    names = [e.set.rpartition("/")[0] for e in data]
    number = {name: i for i, name in enumerate(dict.fromkeys(names))}
    return [number[name] for name in names]


def threshold(data: Sequence[Example], p: Array, share: float = ANSWERABLE_REFUSED) -> float:
    """The greatest threshold that refuses at most this share of the answerable questions."""
    good = np.sort(p[[e.answerable for e in data]])
    return float(good[int(share * len(good))]) - 1e-6


def report(title: str, data: Sequence[Example], p: Array, cut: float) -> None:
    """Prints the shares refused, in all and by set."""
    good = np.array([e.answerable for e in data])
    for name in ("all", *dict.fromkeys(e.set for e in data)):
        chosen = np.array([name in ("all", e.set) for e in data])
        shares = [
            f"{(p[chosen & part] < cut).mean():.3f} (n={(chosen & part).sum()})" if (chosen & part).any() else "none"
            for part in (~good, good)
        ]
        print(f"{title:9} {name:28} unanswerable refused {shares[0]}  answerable refused {shares[1]}")


def main() -> None:
    """Trains, cross-validates, prints, and writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", nargs=2, action="append", type=Path, metavar=("GOLD", "DOCS"))
    parser.add_argument("--out", type=Path)
    parser.add_argument("--pull", type=float, default=4.0)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    sets = options.set or [pair for pair in SETS if pair[0].exists() and pair[1].exists()]
    data = [example for gold, docs in sets for example in examples(gold, docs)]
    for title, folds in (("by document", by_document(data)), ("by corpus", by_corpus(data))):
        p = held_out(data, options.pull, folds)
        for share in (0.02, 0.035, 0.05, 0.08):
            cut = threshold(data, p, share)
            bad = p[[not e.answerable for e in data]]
            print(f"{title:11} at {share:.3f} of the answerable: {(bad < cut).mean():.3f} of the unanswerable")
    cut = threshold(data, p)
    report("by corpus", data, p, cut)
    weight = fit(data, options.pull)
    report("trained", data, probability(data, weight), cut)
    rounded = {n: round(float(w), 3) for n, w in zip((*NAMES, "threshold"), (*weight, cut), strict=True)}
    print(json.dumps(rounded))
    if options.verbose:
        for q, e in sorted(zip(p, data, strict=True), key=lambda pair: pair[0]):
            if (q < cut) == e.answerable:
                print(f"{q:.2f} {'+' if e.answerable else '-'} {e.set} {e.name}")
    if options.out:
        options.out.write_text(json.dumps(rounded, indent=2) + "\n", encoding="utf-8")


def _logistic(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(z, -30, 30))))


if __name__ == "__main__":
    main()
