"""The tables of the model card, by value."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from embeddings.static import StaticEmbedder
from tests.embeddings.folders import plain
from tools.model_table import Row, measure, models_table, plain_bm25, published, replaced, sets_table

REFERENCE = """
| model | XQuADRetrieval en | XQuADRetrieval zh | CovidRetrieval (zh) |
|---|---|---|---|
| owner/one | 97.17 / 99.66 / 94.01 | – (file holds ar) | 77.51 / 89.83 / 65.12 |
| owner/two | – | 85.23 / 95.85 / 73.58 | 30.12 / 40.28 / 20.92 |
| owner/covid-only | – | – | 45.66 / 59.59 / 33.46 |
| mteb/baseline-bm25s | – | 12.05 / 14.73 / 9.82 | 15.25 / 17.39 / 12.91 |

| set | nDCG@10 | R@1 |
|---|---|---|
| xquad-zh | 96.67 | 93.23 |
"""
ROW = Row(
    "xquad-zh", {"nDCG@10": 0.891, "R@1": 0.8, "R@5": 0.95, "R@10": 0.97, "R@100": 1}, 0.96, 0.973, {3: 0.89, 2: 0.7}
)


def test_references_are_read_where_the_set_is_the_same() -> None:
    assert plain_bm25(REFERENCE) == {"xquad-zh": "96.67"}
    assert published(REFERENCE) == {"owner/one": {"xquad-en": "97.17"}, "owner/two": {"xquad-zh": "85.23"}}


def test_tables_hold_percents() -> None:
    table = sets_table([ROW], {"xquad-zh": "96.67"}, ["set", *"abcdefghij"])
    assert table.splitlines()[2] == (
        "| xquad-zh | 89.1 | 80.0 | 95.0 | 97.0 | 100.0 | 89.0 | 70.0 | 96.0 | 97.3 | 96.67 |"
    )
    lines = models_table([ROW], published(REFERENCE), ("model", "ours")).splitlines()
    assert lines[2:] == ["| ours | – | 89.0 |", "| owner/one | 97.17 | – |", "| owner/two | – | 85.23 |"]


def test_a_table_is_put_between_its_marks() -> None:
    card = "a\n<!-- sets, en -->\nold\n<!-- end of sets, en -->\nb"
    assert replaced(card, "sets, en", "new") == "a\n<!-- sets, en -->\nnew\n<!-- end of sets, en -->\nb"
    with pytest.raises(ValueError, match="substring not found"):
        replaced("no marks", "sets, en", "new")


def test_a_set_is_measured_every_way(tmp_path: Path) -> None:
    """人才 asks for d1, 政策 for d2, cat for what is not there: the words find two of three, as the vectors do."""
    folder = tmp_path / "set"
    folder.mkdir()
    corpus = [{"_id": "d1", "text": "人才"}, {"_id": "d2", "text": "政策"}, {"_id": "d3", "text": "dog"}]
    queries = [{"_id": "q1", "text": "人才"}, {"_id": "q2", "text": "政策"}, {"_id": "q3", "text": "cat"}]
    for name, rows in (("corpus", corpus), ("queries", queries)):
        text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    (folder / "qrels.tsv").write_text("query\tdocument\tgrade\nq1\td1\t1\nq2\td2\t1\nq3\tnone\t1\n", encoding="utf-8")
    row = measure(folder, StaticEmbedder.read(plain(tmp_path / "m")))
    assert row.name == "set"
    assert row.dense["nDCG@10"] == row.dense["R@1"] == row.whole[3] == row.lexical == row.hybrid == pytest.approx(2 / 3)
