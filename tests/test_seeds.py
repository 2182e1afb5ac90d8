"""The bundled articles are what SOURCES.md says, byte for byte."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import seeds


def test_articles_have_the_hashes_that_sources_names() -> None:
    stated = dict(re.findall(r"`(\S+\.txt)`.*`([0-9a-f]{64})`", (seeds.directory() / "SOURCES.md").read_text("utf-8")))
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in seeds.paths()} == stated
    assert len(stated) == 5


def test_articles_are_those_of_the_development_data(shared: Path) -> None:
    for path in seeds.paths():
        assert path.read_bytes() == (shared / "seeds" / path.name).read_bytes()
