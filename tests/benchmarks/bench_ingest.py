"""Speed of `rag index` on plain text, end to end: walk, read, cut, analyse, embed, write, publish.

    python -m tests.benchmarks.bench_ingest [--chunks 30000] [--json]

The corpus is made from the sentences of the bundled articles, shuffled with a fixed seed under invented place names. Processor time is
that of all processes together: on a machine that does other work too it tells more than the clock.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import sys
import tempfile
from itertools import islice
from pathlib import Path
from time import perf_counter

from rag.config import settings
from rag.service import Service
from tests.benchmarks.bench_search import FIRST, SEED, article, invented_places


def main() -> int:
    """Builds, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--chunks", type=int, default=30_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        figures = measure(Path(directory), options.chunks)
    if options.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name:<24}{value:>12,.3f}" for name, value in figures.items()))
    return 0


def measure(directory: Path, chunks: int) -> dict[str, float]:
    """Seconds and processor seconds of one run over so many new chunks, chunks a second, and of a run that finds nothing new."""
    names = invented_places(random.Random(SEED))
    first, rest = directory / "first", directory / "rest"
    write(first, list(islice(names, FIRST)))
    service = Service.open(settings(data_dir=str(directory / "index"), environ={"HOME": str(directory)}), write=True)
    try:
        service.index([first])
        warm = service.status().chunks
        write(rest, list(islice(names, math.ceil(chunks * FIRST / warm))))
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


def write(folder: Path, names: list[str]) -> None:
    """One article a name."""
    folder.mkdir()
    for name in names:
        (folder / f"{name}.txt").write_text(article(name), encoding="utf-8")


def timed(service: Service, folder: Path) -> tuple[float, float]:
    """Seconds by the clock, and of the processor in this process and those that it started."""
    started, before = perf_counter(), os.times()
    service.index([folder])
    after = os.times()
    return perf_counter() - started, sum(after[:4]) - sum(before[:4])


if __name__ == "__main__":
    sys.exit(main())
