"""Speed of the embedded engine alone: ingest, opening, queries, one small change.

    python -m tests.benchmarks.bench_index [--chunks 10000] [--json]

Chunks are shuffled sentences of the bundled articles with invented names between them, so that there are as many words as
in a real corpus of the size; the analyzer is the product's and the model the bundled one.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from embeddings.load import load
from embeddings.protocol import Embedder
from rag.analysis import ChineseAnalyzer
from rag.index.engine import EmbeddedEngine, EmbeddedSnapshot
from rag.protocols import Vector
from rag.types import Entry
from tests.benchmarks.command import run
from tests.benchmarks.corpora import SEED, corpus

QUERIES = 200
QUERY_CHARS = 14


def measure(directory: Path, chunks: int) -> dict[str, float]:
    """The figures by name; times in milliseconds unless the name says otherwise."""
    embedder, analyzer = load(None), ChineseAnalyzer()
    entries = corpus(random.Random(SEED), chunks)
    analyzer.terms("预热")
    engine = EmbeddedEngine.open(directory, embedder=embedder, analyzer=analyzer, write=True)
    clock, processor = timed(lambda: engine.replace(entries, {}))
    figures = {"chunks": float(chunks), "ingest chunks/s": 1000 * chunks / clock}
    figures["ingest chunks/s of one core"] = 1000 * chunks / processor
    figures["the same again"], _ = timed(lambda: engine.replace(entries, {}))
    figures |= queries(engine.snapshot(), embedder, analyzer, entries)
    victim = next(iter(entries.values()))[0].document.id
    figures["remove one document"], _ = timed(lambda: engine.remove([victim]))
    figures["snapshot after it"], _ = timed(engine.snapshot)
    after = queries(engine.snapshot(), embedder, analyzer, entries)
    figures |= {f"after it: {name}": value for name, value in after.items()}
    engine.close()
    vector = embedder.encode_query(["人才政策"])[0]
    first = partial(open_and_search, directory, embedder, analyzer, vector)
    figures["open and first query"] = median(timed(first)[0] for _ in range(7))
    size = sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
    return {**figures, "disk bytes/chunk": size / chunks}


def queries(
    snapshot: EmbeddedSnapshot, embedder: Embedder, analyzer: ChineseAnalyzer, entries: dict[str, Sequence[Entry]]
) -> dict[str, float]:
    """Medians over questions cut out of the texts: both fields, the best 100 of each index."""
    rng = random.Random(SEED)
    texts = [entry.document.text for some in entries.values() for entry in some]
    asked = []
    for _ in range(QUERIES):
        text = rng.choice(texts)
        start = rng.randrange(len(text) - QUERY_CHARS)
        asked.append(text[start : start + QUERY_CHARS])
    weights = [dict.fromkeys(Counter(analyzer.terms(question)), 1.0) for question in asked]
    vectors = embedder.encode_query(asked)
    some = [hit.chunk_id for hit in snapshot.vectors.search(vectors[0], 200)]
    lexical = [partial(snapshot.lexical.search, {"text": each, "context": each}, 100) for each in weights]
    dense = [partial(snapshot.vectors.search, vector, 100) for vector in vectors]
    scores = [partial(snapshot.vectors.scores, vector, some) for vector in vectors]
    figures = {"terms per query": sum(map(len, weights)) / len(weights)}
    for name, calls in (("lexical search", lexical), ("vector search", dense), ("200 vector scores", scores)):
        times = [timed(call) for call in calls * 2]
        figures[f"{name} p50"] = median(clock for clock, _ in times)
        figures[f"{name} p50 cpu"] = median(processor for _, processor in times)
    return figures


def open_and_search(directory: Path, embedder: Embedder, analyzer: ChineseAnalyzer, vector: Vector) -> None:
    """Opens the index, asks each half once and closes it."""
    opened = EmbeddedEngine.open(directory, embedder=embedder, analyzer=analyzer)
    snapshot = opened.snapshot()
    snapshot.lexical.search({"text": {"人才": 1.0, "政策": 1.0}}, 100)
    snapshot.vectors.search(vector, 100)
    opened.close()


def timed(call: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds that a call takes by the clock, and of the processor: on a busy machine the second tells more."""
    started, used = perf_counter(), process_time()
    call()
    return 1000 * (perf_counter() - started), 1000 * (process_time() - used)


if __name__ == "__main__":
    sys.exit(run(measure, __doc__, 10_000))
