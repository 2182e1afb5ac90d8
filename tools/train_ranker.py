"""Learns the weights of the linear ranker on gold questions, and says what they are worth by cross-validation.

    python -m tools.train_ranker [--set GOLD.jsonl DOCS]… [--out rag/data/ranker.json]

Without --set: the bundled gold questions, the invented corpora of `tests/data`, and the development questions of ../shared, as
far as they are there. Loss: listwise softmax over a question's candidates, every passage that holds evidence being right, with an L2 pull towards
the weights of the start; folds are drawn by question with a fixed seed. Only NumPy. The shipped weights within one language were learned
without the last two invented corpora: with them covid-gov-zh ranks .3 points worse (nDCG@10), and the gold questions no better.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

import seeds
from embeddings.load import load
from rag.config import settings
from rag.evaluation.questions import GoldQuestion, library, read_questions
from rag.measures import covers, evidence_recall
from rag.question import understand
from rag.ranking.features import SIGNALS
from rag.service import Service
from rag.types import Language, Span
from tools.public_questions import SETS as PUBLIC
from tools.public_questions import PublicExample, public_examples

ROOT: Final = Path(__file__).resolve().parent.parent
SHARED: Final = ROOT.parent / "shared"
INVENTED: Final = tuple(ROOT / "tests" / "data" / name for name in ("invented", *(f"invented{n}" for n in range(2, 8))))
SETS: Final = (
    (seeds.directory() / "gold" / "questions.jsonl", SHARED / "seeds"),
    (SHARED / "gold" / "seeds-dev.jsonl", SHARED / "seeds"),
    (SHARED / "gold" / "dev.jsonl", SHARED / "gold" / "docs"),
    (SHARED / "gold" / "raw" / "dev.jsonl", SHARED / "gold" / "raw" / "docs"),
    *((folder / "gold.jsonl", folder / "docs") for folder in INVENTED),
)
# Where the weights are pulled to: set by hand, from what was measured before there was enough to learn from.
PRIOR: Final[Mapping[str, Mapping[str, float]]] = {
    "native": {
        "lexical": 1.0,
        "dense": 0.8,
        "coverage": 1.0,
        "sentence": 0.6,
        "heading": 0.3,
        "names": 0.6,
        "place": 1.5,
        "year": 0.3,
        "wanted": 0.25,
        "document": 0.3,
    },
    "crossing": {
        "lexical": 0.6,
        "dense": 4.0,
        "near": 2.0,
        "coverage": 0.5,
        "sentence": 0.3,
        "heading": 0.3,
        "names": 0.6,
        "place": 1.5,
        "year": 0.3,
        "wanted": 0.25,
        "document": 0.3,
    },
}
# Held at their prior, by how hard a pull: learned freely, `sentence` and `opening` turn negative and `listing` positive, as
# articles here open with their bare title and ask for lists; that and less of `lexical` costs collections of short notices
# up to 2 points of nDCG@10.
# `near` goes to 4.6 where it is free, and parallel paragraphs gain 3 points more by that, but of a document whose every passage is about the matter
# it then prefers those that name the words of the question to the one that answers it.
FIRM: Final[Mapping[str, float]] = {"sentence": 20.0, "opening": 20.0, "listing": 20.0, "lexical": 0.1, "near": 200.0}
# What the public questions of one collection count beside the gold questions. With none, short notices rank 0.8 points of nDCG@10
# worse and English questions over plain Chinese paragraphs 3.6; with three times as much, saved pages lose 4 points of recall@5.
PUBLIC_SHARE: Final = {"native": 0.2, "crossing": 0.5}
FOLDS = 5
SEED = 2022
TEMPERATURE = 4.0
Array = NDArray[np.float64]
Public = Sequence[Sequence[PublicExample]]


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
        service = Service.open(settings(data_dir=Path(directory), environ={}), write=True)
        service.index([docs])
        snapshot = service.snapshot()
        held = library(snapshot.store.documents(100_000))
        for question in read_questions(gold):
            groups = held.groups(question)
            if not question.answerable or not groups:
                continue
            hits = service.retriever.search(snapshot, understand(question.question), 500).hits
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


def fit(
    data: Sequence[Example],
    public: Public,
    share: float,
    start: Array,
    pull: Array,
    steps: int = 400,
    rate: float = 0.05,
) -> Array:
    """Weights by gradient descent (Adam) on the mean listwise loss of the gold questions plus `share` times that of each public
    collection; questions whose evidence was not retrieved teach nothing."""
    parts = [(1.0, data), *((share, collection) for collection in public)]
    usable = [
        (part / len(some), [e for e in some if e.right.any() and not e.right.all()]) for part, some in parts if some
    ]
    weight, first, second = start.copy(), np.zeros_like(start), np.zeros_like(start)
    for step in range(1, steps + 1):
        gradient = pull * (weight - start)
        for part, some in usable:
            for example in some:
                logits = TEMPERATURE * example.rows @ weight
                p = np.exp(logits - logits.max())
                q = p * example.right
                gradient += part * TEMPERATURE * (p / p.sum() - q / q.sum()) @ example.rows
        first, second = 0.9 * first + 0.1 * gradient, 0.999 * second + 0.001 * gradient**2
        weight -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return weight


def loss(data: Sequence[Example], scores: Sequence[Array]) -> float:
    """Mean listwise loss over the questions that have right and wrong candidates."""
    found = []
    for example, score in zip(data, scores, strict=True):
        if example.right.any() and not example.right.all():
            p = np.exp(TEMPERATURE * (score - score.max()))
            found.append(-np.log(p[example.right].sum() / p.sum()))
    return float(np.mean(found))


def report(data: Sequence[Example], scores: Sequence[Array], title: str) -> None:
    """Prints recall@1/5/10 over all and by type."""
    print(f"{title:10} loss {loss(data, scores):.4f}")
    kinds = ["all", *sorted({e.question.type.value for e in data})]
    for kind in kinds:
        chosen = [(e, s) for e, s in zip(data, scores, strict=True) if kind in ("all", e.question.type.value)]
        means = [np.mean([e.recall(s, k) for e, s in chosen]) for k in (1, 5, 10)]
        print(f"{title:10} {kind:12} n={len(chosen):4}  R@1 {means[0]:.3f}  R@5 {means[1]:.3f}  R@10 {means[2]:.3f}")


def main() -> None:
    """Trains, cross-validates, prints, and writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", nargs=2, action="append", type=Path, metavar=("GOLD", "DOCS"))
    parser.add_argument("--out", type=Path)
    parser.add_argument("--pull", type=float, default=0.02)
    options = parser.parse_args()
    sets = options.set or [pair for pair in SETS if pair[0].exists() and pair[1].exists()]
    data = [example for gold, docs in sets for example in examples(gold, docs)]
    folders = [folder for folder in (SHARED / "data" / "eval" / name for name in PUBLIC) if folder.exists()]
    public = [] if options.set else [list(public_examples(folder, load(None))) for folder in folders]
    starts = {kind: np.array([table.get(name, 0.0) for name in SIGNALS]) for kind, table in PRIOR.items()}
    report(data, [e.rows @ starts["crossing" if e.crossing else "native"] for e in data], "start")
    folds = np.random.default_rng(SEED).permutation(len(data)) % FOLDS
    held_out: list[Array] = [np.zeros(0)] * len(data)
    for fold in range(FOLDS):
        learned = learn([e for i, e in enumerate(data) if folds[i] != fold], public, starts, options.pull)
        for i, example in enumerate(data):
            if folds[i] == fold:
                held_out[i] = example.rows @ learned["crossing" if example.crossing else "native"]
    report(data, held_out, "held out")
    learned = learn(data, public, starts, options.pull)
    report(data, [e.rows @ learned["crossing" if e.crossing else "native"] for e in data], "trained")
    rounded = {kind: {n: round(float(w), 3) for n, w in zip(SIGNALS, learned[kind], strict=True)} for kind in learned}
    print(json.dumps(rounded, indent=1))
    if options.out:
        options.out.write_text(json.dumps(rounded, indent=2) + "\n", encoding="utf-8")


def learn(data: Sequence[Example], public: Public, starts: dict[str, Array], pull: float) -> dict[str, Array]:
    """Weights for questions in the language of the passages, and for others: these are pulled harder to their start, so few are
    they."""
    learned = {}
    for kind, crossing in (("native", False), ("crossing", True)):
        pulls = (5 if crossing else 1) * np.array([FIRM.get(name, pull) for name in SIGNALS])
        own = [[e for e in collection if e.crossing is crossing] for collection in public]
        gold = [e for e in data if e.crossing is crossing]
        learned[kind] = fit(gold, own, PUBLIC_SHARE[kind], starts[kind], pulls)
    return learned


if __name__ == "__main__":
    main()
