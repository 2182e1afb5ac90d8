"""Reading of the development documents beside the repository, against truth made by hand. Skipped where they are absent."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from rag.documents.assemble import read
from rag.types import Entry
from tests.documents.table import table
from tests.documents.truth import DOCS, SEED_TRUTH, SEEDS, SHARED, TRUTH

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="development documents are not here"),
]


@cache
def entries(path: Path) -> tuple[Entry, ...]:
    return read(path.read_bytes(), path.name)


@pytest.mark.parametrize("name", TRUTH)
def test_title_and_author(name: str) -> None:
    begins, ends, author = TRUTH[name]
    (entry,) = entries(DOCS / f"{name}.txt")
    assert entry.document.title.startswith(begins)
    assert entry.document.title.endswith(ends)
    assert entry.document.author == author


def test_seeds() -> None:
    found = [entry.document for path in sorted(SEEDS.glob("*.txt")) for entry in entries(path)]
    assert len(found) == len(SEED_TRUTH)
    for document, (title, author) in zip(found, SEED_TRUTH, strict=True):
        assert document.title.startswith(title)
        assert document.author == author


def test_the_table_holds_its_bars() -> None:
    """`python -m tests.documents.table` prints it. All but one title at the time of writing."""
    shares = {line.name: line.right / line.stated for line in table()}
    low = {name: share for name, share in shares.items() if share < (0.9 if name.startswith("raw ") else 0.95)}
    assert len(shares) == 14
    assert low == {}
    assert all(shares[name] == 1 for name in shares if "span" in name or "passages" in name)
