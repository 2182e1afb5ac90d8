"""What one question costs from the shell: whole processes of `rag ask` over the built seed index.

    python -m tests.benchmarks.bench_cold [--runs 21] [--json]

Clock and processor seconds (user and system, which other work on the machine disturbs less), median and least of all runs;
beside them the same for an interpreter that does nothing and for the imports of NumPy and FAISS, which no question does without.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = ("祁东县提出了哪些人才政策?", "What talent policies did Qidong County propose?")
COMMANDS: dict[str, tuple[str, ...]] = {
    "python": ("-c", "pass"),
    "numpy and faiss": ("-c", "import numpy, faiss"),
    "rag ask (Chinese)": ("-m", "rag", "ask", QUESTIONS[0]),
    "rag ask (English)": ("-m", "rag", "ask", QUESTIONS[1]),
}


def main() -> int:
    """Measures in turns, so that what disturbs the machine disturbs all alike, and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=21)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    # Installed packages have their bytecode; a working tree has it from its last run, unless that is switched off.
    for package in ("rag", "embeddings", "seeds"):
        compileall.compile_dir(ROOT / package, quiet=1)
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "XDG_CACHE_HOME": cache, "XDG_DATA_HOME": cache}
        for command in COMMANDS.values():
            process(command, environment)
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in COMMANDS}
        for _ in range(options.runs):
            for name, command in COMMANDS.items():
                taken[name].append(process(command, environment))
    figures = {
        f"{name}, {kind}": {"median": statistics.median(values), "least": min(values)}
        for name, runs in taken.items()
        for kind, values in zip(("clock", "processor"), zip(*runs, strict=True), strict=True)
    }
    if options.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name:<30}{one['median']:>8.3f} s{one['least']:>8.3f} s" for name, one in figures.items()))
    return 0


def process(arguments: Sequence[str], environment: dict[str, str]) -> tuple[float, float]:
    """Clock and processor seconds of one Python process. Raises CalledProcessError when it fails."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True)
    clock, after = perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    sys.exit(main())
