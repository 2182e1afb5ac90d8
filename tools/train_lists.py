"""Learns which list answers: a conditional logit over the signals of `rag.answering.lists`, with its cross-validated worth.

    python -m tools.train_lists [--gold GOLD.jsonl DOCS]… [--out rag/data/lists.json]

Without --gold: the sets of `tools.train_ranker`. An example is an answerable gold question for several things with every way to answer
it; the worth of a way is the share of the gold answers in what it quotes, less a part for what it quotes beside the evidence and for its length. Learned is a distribution over
the ways that is near one by worth. Held out are whole corpora. Only NumPy.
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

from rag.answer import depth, relevant, whole_documents, written
from rag.answering.choice import kind, rate
from rag.answering.extract import MAX_UNITS
from rag.answering.lists import SIGNALS, choices
from rag.answering.meaning import Meaning
from rag.answering.several import composed
from rag.answering.units import units
from rag.config import DEFAULT_K, settings
from rag.evaluation.questions import GoldQuestion, library, read_questions
from rag.measures import overlap, plain, within
from rag.question import understand
from rag.retrieve import Retrieved
from rag.service import Service
from rag.types import Draft, Span
from tools.train_ranker import SETS

BESIDE, PER_LENGTH, LONGEST = 0.3, 0.05, 1_200
SHARPNESS = 0.15
LEAST_APART = 0.03
STEPS, RATE = 2_000, 0.05
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """One question: the folder of its documents, the signals of each way to answer, shape (ways, signals), the share of the gold
    answers that each quotes within the budget of the question, how many characters, and the share of them that is evidence."""

    corpus: str
    rows: Array
    share: Array
    chars: Array
    precision: Array

    @property
    def worth(self) -> Array:
        """What each way is worth."""
        return self.share - BESIDE * (1 - self.precision) - PER_LENGTH * np.minimum(self.chars / LONGEST, 1.0)


def examples(gold: Path, docs: Path) -> Iterator[Example]:
    """The questions for several things of a gold file over its documents."""
    with tempfile.TemporaryDirectory() as directory:
        service = Service.open(settings(data_dir=directory, environ={}), write=True)
        service.index([docs])
        meaning = Meaning(service.embedder)
        held = library(service.snapshot().store.documents(100_000))
        for question in read_questions(gold):
            understood = service.retriever.placed(service.snapshot(), understand(question.question))
            if question.answerable and question.answers and kind(understood) == "several":
                found = service.retriever.search(service.snapshot(), understood, depth(understood, DEFAULT_K))
                if found.hits and len(found.places) < 2:
                    spans = [span for group in held.groups(question) for span in group.spans]
                    yield _example(question, spans, found, service, meaning, str(docs))
        service.close()


def _example(
    question: GoldQuestion, evidence: Sequence[Span], found: Retrieved, service: Service, meaning: Meaning, corpus: str
) -> Example:
    store = service.snapshot().store
    hits = whole_documents(relevant(found), store.document_chunks)
    texts = {hit.chunk.document_id: store.document(hit.chunk.document_id).text for hit in hits}
    pieces = units(hits, texts)[:MAX_UNITS]
    rated = rate(found.question, found.weighted, pieces, meaning, None, written(found.places))
    ways = choices(found.question, found.weighted, rated)
    quoted = [_quoted(composed(found.question, found.weighted, rated, texts, 1.0, way)) for way in ways]
    said = [_said(within(spans, question.quote_budget), texts) for spans in quoted]
    share = [np.mean([plain(answer) in text for answer in question.answers]) for text in said]
    rows = [[way.signals.get(name, 0.0) for name in SIGNALS] for way in ways]
    chars = [float(sum(span.end - span.start for span in spans)) for spans in quoted]
    precision = [
        sum(sum(overlap(span, other) for other in evidence) for span in spans) / max(length, 1.0)
        for spans, length in zip(quoted, chars, strict=True)
    ]
    return Example(corpus, np.array(rows), np.array(share), np.array(chars), np.minimum(precision, 1.0))


def _quoted(drafts: Sequence[Draft]) -> Sequence[Span]:
    """What an answer quotes, nothing twice."""
    return list(dict.fromkeys(draft.spans[0] for draft in drafts if not draft.spare))


def _said(spans: Sequence[Span], texts: Mapping[str, str]) -> str:
    return plain(" ".join(texts[span.document_id][span.start : span.end] for span in spans))


def fit(data: Sequence[Example], pull: float) -> Array:
    """Weights under which the ways are about as likely as they are worth, pulled to zero, by gradient steps (Adam)."""
    weight, first, second = (np.zeros(len(SIGNALS)) for _ in range(3))
    telling = [(e.rows, _share(e.worth / SHARPNESS)) for e in data if np.ptp(e.worth) >= LEAST_APART]
    for step in range(1, STEPS + 1):
        gradient = pull * weight
        for rows, wanted in telling:
            gradient += rows.T @ (_share(rows @ weight) - wanted)
        first += 0.1 * (gradient - first)
        second += 0.01 * (gradient**2 - second)
        weight -= RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-9)
    return weight


def _share(z: Array) -> Array:
    p = np.exp(z - z.max())
    return np.asarray(p / p.sum())


def report(title: str, data: Sequence[Example], weights: Mapping[str, Array]) -> None:
    """Prints the share of answers quoted and the characters, by corpus and over all, beside the best possible."""
    rows = []
    for corpus in dict.fromkeys(e.corpus for e in data):
        own = [e for e in data if e.corpus == corpus]
        best = [int(np.argmax(e.rows @ weights[corpus])) for e in own]
        rows += [(e.share[at], e.chars[at], e.precision[at], e.share.max()) for e, at in zip(own, best, strict=True)]
        print(f"{title:16} {np.mean(rows[-len(own) :], axis=0).round(3)} of {len(own)}  {corpus}")
    print(
        f"{title:16} {np.mean(rows, axis=0).round(3)} of {len(rows)}: share quoted, characters, share of these that is evidence, best possible share"
    )


def main() -> None:
    """Trains, cross-validates, prints, and writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", nargs=2, action="append", type=Path, metavar=("GOLD", "DOCS"))
    parser.add_argument("--out", type=Path)
    parser.add_argument("--pull", type=float, default=1.0)
    options = parser.parse_args()
    sets = options.gold or [pair for pair in SETS if pair[0].exists() and pair[1].exists()]
    data = [example for gold, docs in sets for example in examples(gold, docs)]
    corpora = dict.fromkeys(e.corpus for e in data)
    report("corpora held out", data, {c: fit([e for e in data if e.corpus != c], options.pull) for c in corpora})
    weight = fit(data, options.pull)
    report("trained", data, dict.fromkeys(corpora, weight))
    table = {name: round(float(value), 3) for name, value in zip(SIGNALS, weight, strict=True)}
    print(json.dumps(table, indent=1))
    if options.out:
        options.out.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
