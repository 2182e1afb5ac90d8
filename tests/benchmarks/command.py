"""What the benchmarks over a corpus of a given size have in common: their options, and how they print."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path


def run(measure: Callable[[Path, int], Mapping[str, float]], said: str | None, chunks: int) -> int:
    """Measures in an empty directory with --chunks, and prints the figures by name, with --json as one document. The first line
    of `said` describes the benchmark."""
    parser = argparse.ArgumentParser(description=(said or "").partition("\n")[0])
    parser.add_argument("--chunks", type=int, default=chunks)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        figures = measure(Path(directory), options.chunks)
    if options.json:
        print(json.dumps(figures))
    else:
        width = max(map(len, figures))
        print("\n".join(f"{name:<{width}}{value:>14,.5g}" for name, value in figures.items()))
    return 0
