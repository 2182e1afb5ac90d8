"""Pins the scores of `rag eval --json` on the bundled gold questions: `python -m tests.golden.pin` writes scores.json.

Pin again only with the change that moved the scores, and name before and after in its commit message.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TypedDict

import seeds
from rag.config import settings
from rag.evaluation.gold import Evaluation, evaluate_gold
from rag.service import Service

GOLD = seeds.directory() / "gold" / "questions.jsonl"
SCORES = Path(__file__).with_name("scores.json")
COMMAND = "rag eval --json"
DIGITS = 4


class Scores(TypedDict):
    """Means over all questions and by type, rounded to four digits, with the command that prints the same."""

    command: str
    questions: int
    measures: dict[str, float]
    by_type: dict[str, dict[str, float]]


def measured(cache: Path) -> Scores:
    """The scores of this build, its seed index made below `cache`."""
    service = Service.open(settings(environ={"HOME": str(cache), "XDG_CACHE_HOME": str(cache)}))
    try:
        return scores(evaluate_gold(service, GOLD))
    finally:
        service.close()


def scores(evaluation: Evaluation) -> Scores:
    """What is pinned of an evaluation: no times, no intervals."""
    return {
        "command": COMMAND,
        "questions": len(evaluation.outcomes),
        "measures": {m.value: round(v.mean, DIGITS) for m, v in evaluation.overall.items()},
        "by_type": {
            kind: {m.value: round(v.mean, DIGITS) for m, v in means.items()}
            for kind, means in evaluation.by_type.items()
        },
    }


def main() -> int:
    """Measures, writes scores.json and prints what changed."""
    before = json.loads(SCORES.read_text(encoding="utf-8"))["measures"] if SCORES.exists() else {}
    with tempfile.TemporaryDirectory() as directory:
        now = measured(Path(directory))
    SCORES.write_text(json.dumps(now, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    for name, value in now["measures"].items():
        print(f"{name:<20}{before.get(name, '–')!s:>8} → {value:.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
