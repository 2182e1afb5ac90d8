"""The table, the JSON document and the HTML page of an evaluation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rag.errors import UsageError
from rag.evaluation.beir import BeirScores
from rag.evaluation.report import recall_curve, report_html, risk_coverage, write_report
from rag.evaluation.table import beir_json, beir_table, evaluation_json, evaluation_table
from tests.evaluate.test_gold import evaluation


def test_json_document(tmp_path: Path) -> None:
    body = evaluation_json(evaluation(tmp_path))
    assert body["gold"] == "gold.jsonl"
    assert body["measures"]["recall@1"]["mean"] == 0.5
    assert body["measures"]["recall@5"] == {"mean": 1.0, "low": 1.0, "high": 1.0, "n": 2}
    assert body["by_type"]["unanswerable"]["refusal_recall"]["n"] == 2
    assert body["faults"] == {"answered wrongly": 1, "refused wrongly": 1}
    second = body["questions"][1]
    assert (second["id"], second["answered"], second["reason"]) == ("2", False, "nothing_relevant")
    assert second["faults"] == [{"fault": "refused wrongly", "detail": "nothing_relevant"}]
    assert second["measures"]["MRR"] == 0.5


def test_table_shows_types_and_all_in_per_cent(tmp_path: Path) -> None:
    lines = evaluation_table(evaluation(tmp_path)).splitlines()
    assert lines[0].split()[:4] == ["type", "n", "R@1", "R@5"]
    assert lines[1].split()[:4] == ["fact", "2", "50.0", "100.0"]
    assert lines[2].split()[:4] == ["unanswerable", "2", "–", "–"]
    assert lines[3].split()[:4] == ["all", "4", "50.0", "100.0"]
    assert len({len(line) for line in lines[:4]}) == 1
    assert len(lines[0]) <= 120
    assert "answered wrongly    1" in lines


def test_curves(tmp_path: Path) -> None:
    outcomes = evaluation(tmp_path).outcomes
    assert recall_curve(outcomes)[:2] == [(1, 0.5), (2, 1.0)]
    # The surer answer (score 2) is right; the other (score 1) answers what nothing answers.
    assert risk_coverage(outcomes) == [(1 / 4, 0.0), (2 / 4, 1 / 2)]


def test_report_is_one_page_without_links(tmp_path: Path) -> None:
    page = report_html(evaluation(tmp_path))
    assert page.count("<svg ") == page.count("</svg>") == 4
    assert not re.search(r"(?:src|href|url\()\s*=?|https?://|<script", page)
    assert "refused wrongly" in page
    assert "骑手？" in page
    path = tmp_path / "report.html"
    write_report(path, evaluation(tmp_path))
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    with pytest.raises(UsageError, match="cannot write the report"):
        write_report(tmp_path / "none" / "report.html", evaluation(tmp_path))


def test_beir_output() -> None:
    scores = BeirScores("toy", "dense", {"nDCG@10": 1 / 3, "R@1": 0.5}, {})
    assert beir_json(scores) == {"set": "toy", "retriever": "dense", "measures": {"nDCG@10": 0.3333, "R@1": 0.5}}
    assert beir_table([scores]).splitlines() == ["set  retriever  nDCG@10     R@1", "toy      dense   0.3333  0.5000"]
