"""BEIR folders and TREC runs."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2
from pathlib import Path

import pytest

from rag.errors import UsageError
from rag.evaluation.beir import (
    BeirSet,
    evaluate_beir,
    ranking_measures,
    read_beir,
    read_entries,
)
from rag.evaluation.trec import best_per_document, run_lines, write_run
from rag.types import Chunk, Document, Entry, Scored, chunk_id, document_id

CORPUS = '{"_id": "r1", "title": "标题", "text": "甲乙"}\n{"_id": "r2", "title": "", "text": "丙丁。戊己"}\n{"_id": "r3", "text": "丙丁。戊己"}\n'
QUERIES = '{"_id": "q1", "text": "问一"}\n{"_id": "q2", "text": "问二"}\n{"_id": "unjudged", "text": "问三"}\n'
QRELS = "query-id\tcorpus-id\tscore\nq1\tr1\t1\nq2\tr2\t1\n"


def folder(tmp_path: Path, qrels: str = QRELS, name: str = "qrels.tsv") -> Path:
    (tmp_path / "corpus.jsonl").write_text(CORPUS, encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text(QUERIES, encoding="utf-8")
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(qrels, encoding="utf-8")
    return tmp_path


def read(data: bytes, source: str) -> tuple[Entry, ...]:
    """One passage per sentence."""
    text = data.decode()
    document = Document(document_id(text), text, "", None, None, None, source)
    ends = [i + 1 for i, character in enumerate(text) if character == "。"] + [len(text)]
    chunks = [(start, end) for start, end in zip([0, *ends], ends, strict=False)]
    return (Entry(document, tuple(Chunk(chunk_id(document.id, s, e), document.id, s, e, "", "") for s, e in chunks)),)


def test_reads_a_folder(tmp_path: Path) -> None:
    data = read_beir(folder(tmp_path))
    assert data == BeirSet(
        tmp_path.name,
        {"r1": "标题\n甲乙", "r2": "丙丁。戊己", "r3": "丙丁。戊己"},
        {"q1": "问一", "q2": "问二"},
        {"q1": {"r1": 1}, "q2": {"r2": 1}},
    )


def test_reads_judgements_in_their_own_folder_and_without_header(tmp_path: Path) -> None:
    assert read_beir(folder(tmp_path, "q1\tr1\t2\n", "qrels/test.tsv")).qrels == {"q1": {"r1": 2}}


@pytest.mark.parametrize(
    ("qrels", "message"),
    [
        ("head\n\nq1 r1 1\n", "qrels.tsv:3: not a judgement"),
        ("head\nq9\tr1\t1\n", "query 'q9' is judged but not in queries.jsonl"),
    ],
)
def test_refuses_bad_judgements(tmp_path: Path, qrels: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_beir(folder(tmp_path, qrels))


def test_refuses_what_is_not_a_beir_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"corpus\.jsonl"):
        read_beir(tmp_path)
    folder(tmp_path)
    (tmp_path / "corpus.jsonl").write_text('{"_id": "r1"}\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"corpus.jsonl:1: not a BEIR row \(KeyError\('text'\)\)"):
        read_beir(tmp_path)


def test_a_row_scores_as_its_best_passage(tmp_path: Path) -> None:
    data = read_beir(folder(tmp_path))
    entries = read_entries(data, read)
    (first,), (second,), _ = ([chunk for e in entries[row] for chunk in e.chunks][:1] for row in data.corpus)
    last = entries["r2"][0].chunks[1]
    depths: list[int] = []

    def search(queries: Sequence[str], k: int) -> Sequence[Sequence[Scored]]:
        depths.append(k)
        return [[Scored(second.id, 3.0), Scored(first.id, 2.0), Scored(last.id, 1.0)] for _ in queries]

    scores = evaluate_beir(data, entries, "lexical", search)
    # r2 and r3 are the same text: both come first with the score of their better passage.
    assert scores.run["q1"] == (("r2", 3.0), ("r3", 3.0), ("r1", 2.0))
    assert scores.measures == {
        "nDCG@10": pytest.approx((1 / log2(4) + 1) / 2),
        "R@1": 1 / 2,
        "R@5": 1.0,
        "R@10": 1.0,
        "R@100": 1.0,
    }
    assert depths == [200]  # 100 rows, twice, times 3 passages / 3 rows rounded up


def test_a_query_without_a_ranking_scores_zero() -> None:
    measures = ranking_measures({"q1": [("r1", 1.0)]}, {"q1": {"r1": 1}, "q2": {"r2": 1}})
    assert measures["nDCG@10"] == measures["R@1"] == measures["R@100"] == 1 / 2


def test_trec_run(tmp_path: Path) -> None:
    run = {"q1": best_per_document([("b", 2.0), ("a", 2.0), ("b", 5.0), ("c", 2.0)])}
    assert list(run_lines(run, "mine")) == [
        "q1 Q0 b 1 5.000000 mine",
        "q1 Q0 a 2 2.000000 mine",
        "q1 Q0 c 3 2.000000 mine",
    ]
    write_run(tmp_path / "run.trec", run, "mine")
    assert (tmp_path / "run.trec").read_bytes().count(b"\n") == 3
    with pytest.raises(UsageError, match="no white space"):
        list(run_lines({"q 1": [("a", 1.0)]}, "mine"))
    with pytest.raises(UsageError, match="cannot write the run"):
        write_run(tmp_path / "none" / "run.trec", run, "mine")
