"""The scores on the bundled gold questions are what scores.json pins (`python -m tests.golden.pin` pins them)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.golden.pin import SCORES, measured


@pytest.mark.slow
@pytest.mark.skipif(not SCORES.exists(), reason="no scores are pinned yet: python -m tests.golden.pin")
def test_scores_are_as_pinned(environ: dict[str, str]) -> None:
    pinned = json.loads(SCORES.read_text(encoding="utf-8"))
    assert measured(Path(environ["XDG_CACHE_HOME"])) == pinned
