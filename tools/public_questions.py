"""Questions of public test collections, as examples for the ranker: short texts on many matters beside the gold questions' articles.

Every STEP-th question of a collection is learned from; the others stay unseen, and `rag eval --beir` measures all of them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embeddings.protocol import Embedder
from rag.analysis import ChineseAnalyzer
from rag.documents.assemble import read
from rag.evaluation.beir import read_beir, read_entries
from rag.index.engine import EmbeddedEngine
from rag.question import understand
from rag.ranking.features import SIGNALS
from rag.retrieve import Retriever, crosses

SETS: Final = ("covid-gov-zh", "cctv-headline-zh", "xquad-en2zh", "xquad-zh2en")
STEP: Final = 4
DEPTH: Final = 100


@dataclass(frozen=True, slots=True)
class PublicExample:
    """One question: signals of its candidates (n, len(SIGNALS)), which of them are of a text that answers (n,)."""

    crossing: bool
    rows: NDArray[np.float64]
    right: NDArray[np.bool_]


def public_examples(directory: Path, embedder: Embedder) -> Iterator[PublicExample]:
    """Every STEP-th question of the collection in a BEIR folder, with the candidates that retrieval finds."""
    data = read_beir(directory)
    entries = read_entries(data, read)
    rows_of: dict[int, set[str]] = {}
    for row, some in entries.items():
        for chunk in (chunk for entry in some for chunk in entry.chunks):
            rows_of.setdefault(chunk.id, set()).add(row)
    with tempfile.TemporaryDirectory() as folder:
        engine = EmbeddedEngine.open(Path(folder), embedder=embedder, analyzer=ChineseAnalyzer(), write=True)
        sources = {some[0].document.source: some for some in entries.values()}
        engine.replace(sources, dict.fromkeys(sources, ""))
        snapshot, retriever = engine.snapshot(), Retriever(embedder)
        for query in list(data.queries)[::STEP]:
            question = understand(data.queries[query])
            found = retriever.search(snapshot, question, DEPTH)
            relevant = {row for row, grade in data.qrels[query].items() if grade > 0}
            if found.hits:
                yield PublicExample(
                    crosses(question, found.passages[found.hits[0].chunk.id]),
                    np.array([[hit.signals.get(name, 0.0) for name in SIGNALS] for hit in found.hits]),
                    np.array([bool(rows_of[hit.chunk.id] & relevant) for hit in found.hits]),
                )
        engine.close()
