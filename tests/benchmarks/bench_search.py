"""Latency of search and ask over a corpus of a given size, everything included, one thread.

    python -m tests.benchmarks.bench_search [--chunks 10000] [--json]

The corpus is made from the sentences of the bundled articles, shuffled with a fixed seed under invented place names; the
questions are the bundled gold questions and the same ones about those places.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from time import perf_counter, thread_time

import seeds
from rag.config import settings
from rag.evaluation.questions import read_questions
from rag.service import Service
from tests.benchmarks.command import run
from tests.benchmarks.corpora import SEED, invented_places, write_articles

PLACES = ("锡林浩特", "遂宁", "乌海", "祁东", "格尔木")
ROUNDS = 3
FIRST = 40


def measure(directory: Path, chunks: int) -> dict[str, float]:
    """Milliseconds of search and ask (p50, p99, clock and processor), chunks indexed, chunks per second of `rag index`."""
    names = invented_places(random.Random(SEED))
    folder = directory / "corpus"
    service = Service.open(settings(data_dir=str(directory / "index"), environ={"HOME": str(directory)}), write=True)
    try:
        built = indexed(service, folder, names, FIRST)
        per_article = service.status().chunks / FIRST
        built += indexed(service, folder, names, max(0, math.ceil(chunks / per_article) - FIRST))
        held = [path.stem for path in sorted(folder.iterdir())]
        figures = {"chunks": float(service.status().chunks), "chunks/s (index)": service.status().chunks / built}
        asked = questions(random.Random(SEED), held)
        for name, call in (("search", service.search), ("ask", service.ask)):
            figures |= quantiles(name, timed(call, asked))
        return figures
    finally:
        service.close()


def indexed(service: Service, folder: Path, names: Iterator[str], articles: int) -> float:
    """Seconds that it takes to index so many further articles, written to the folder first."""
    write_articles(folder, islice(names, articles))
    started = perf_counter()
    service.index([folder])
    return perf_counter() - started


def timed(call: Callable[[str], object], asked: Sequence[str]) -> list[tuple[float, float]]:
    """Milliseconds of each call after one round that warms up: by the clock, and of this thread's processor time."""
    for question in asked:
        call(question)
    times = []
    for question in [question for _ in range(ROUNDS) for question in asked]:
        started, used = perf_counter(), thread_time()
        call(question)
        times.append((1000 * (perf_counter() - started), 1000 * (thread_time() - used)))
    return times


def quantiles(name: str, times: Sequence[tuple[float, float]]) -> dict[str, float]:
    """Median and 99th percentile; processor time tells more than the clock on a machine that does other work too."""
    figures = {}
    for unit, values in zip(("ms", "cpu ms"), (sorted(column) for column in zip(*times, strict=True)), strict=True):
        figures[f"{name} p50 {unit}"] = values[len(values) // 2]
        figures[f"{name} p99 {unit}"] = values[math.ceil(0.99 * len(values)) - 1]
    return figures


def questions(rng: random.Random, names: Sequence[str]) -> list[str]:
    """The gold questions, as they are and about invented places."""
    gold = [question.question for question in read_questions(seeds.directory() / "gold" / "questions.jsonl")]
    moved = []
    for question in gold:
        place = rng.choice(names)
        for known in PLACES:
            question = question.replace(known + "市", place).replace(known + "县", place).replace(known, place)
        moved.append(question)
    return gold + moved


if __name__ == "__main__":
    sys.exit(run(measure, __doc__, 10_000))
