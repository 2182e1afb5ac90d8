"""Speed of `rag index` on plain text, end to end: walk, read, cut, analyse, embed, write, publish.

    python -m tests.benchmarks.bench_ingest [--chunks 30000] [--json]

The corpus is made from the sentences of the bundled articles, shuffled with a fixed seed under invented place names. Processor time is
that of all processes together: on a machine that does other work too it tells more than the clock.
"""

from __future__ import annotations

import math
import os
import random
import sys
from itertools import islice
from pathlib import Path
from time import perf_counter

from rag.config import settings
from rag.service import Service
from tests.benchmarks.command import run
from tests.benchmarks.corpora import SEED, invented_places, write_articles

FIRST = 40


def measure(directory: Path, chunks: int) -> dict[str, float]:
    """Seconds and processor seconds of one run over so many new chunks, chunks a second, and of a run that finds nothing new."""
    names = invented_places(random.Random(SEED))
    first, rest = directory / "first", directory / "rest"
    write_articles(first, islice(names, FIRST))
    service = Service.open(settings(data_dir=str(directory / "index"), environ={"HOME": str(directory)}), write=True)
    try:
        service.index([first])
        warm = service.status().chunks
        write_articles(rest, islice(names, math.ceil(chunks * FIRST / warm)))
        taken, used = timed(service, rest)
        made = service.status().chunks - warm
        again, _ = timed(service, rest)
    finally:
        service.close()
    return {
        "chunks": float(made),
        "seconds": taken,
        "chunks/s": made / taken,
        "cpu ms/chunk": 1000 * used / made,
        "seconds, nothing new": again,
    }


def timed(service: Service, folder: Path) -> tuple[float, float]:
    """Seconds by the clock, and of the processor in this process and those that it started."""
    started, before = perf_counter(), os.times()
    service.index([folder])
    after = os.times()
    return perf_counter() - started, sum(after[:4]) - sum(before[:4])


if __name__ == "__main__":
    sys.exit(run(measure, __doc__, 30_000))
