"""The three retrievers and the ablation, over a small index that can be worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from math import log2
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.analysis import ChineseAnalyzer
from rag.documents.assemble import read
from rag.errors import UsageError
from rag.evaluation.ablation import Ablated, ablate, ablate_folder, ablation_table
from rag.evaluation.beir import BeirSet
from rag.evaluation.questions import GoldQuestion, GoldSpan, Kind, library
from rag.evaluation.rankings import evaluate_ranking
from rag.evaluation.retrievers import evaluate_retrievers, own_words, plain_search, retriever_search
from rag.evaluation.scoring import Measure
from rag.evaluation.table import ranking_json, ranking_table
from rag.index.engine import EmbeddedEngine
from rag.question import understand

ROWS = {
    "fish": "渔港码头今年扩建泊位四十个，渔民卖鱼更方便。",
    "tea": "茶园合作社向茶农发放新品种茶苗三万株。",
    "school": "乡村小学的孩子们用上了新建的食堂和操场。",
}
QUERIES = {"q1": "渔港扩建了多少泊位", "q2": "发放了多少茶苗"}


class TopicEmbedder:
    """One dimension per row, 1 where the text holds the row's character; a query about tea is taken for one about school."""

    name = fingerprint = "topics"
    dim = 3

    def encode_query(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._encode(texts, "渔 茶")

    def encode_document(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._encode(texts, "渔茶学")

    def _encode(self, texts: Sequence[str], topics: str) -> NDArray[np.float32]:
        rows = np.array([[float(topic in text) for topic in topics] for text in texts], dtype=np.float32)
        return rows / np.maximum(1.0, np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def open_engine(directory: Path) -> EmbeddedEngine:
    return EmbeddedEngine.open(directory, embedder=TopicEmbedder(), analyzer=ChineseAnalyzer(), write=True)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    opened = open_engine(tmp_path)
    entries = {f"{row}.txt": read(text.encode(), f"{row}.txt") for row, text in ROWS.items()}
    opened.replace(entries, dict.fromkeys(entries, ""))
    yield opened
    opened.close()


def test_lexical_and_dense_over_one_index() -> None:
    data = BeirSet("toy", ROWS, QUERIES, {"q1": {"fish": 1}, "q2": {"tea": 1}})
    lexical, dense = evaluate_retrievers(data, ["lexical", "dense"], TopicEmbedder(), open_engine)
    assert (lexical.retriever, dense.retriever) == ("lexical", "dense")
    assert lexical.measures["nDCG@10"] == lexical.measures["R@1"] == 1.0
    # Dense takes the second query for the school's; tea and fish follow with 0, in the order of chunk id.
    assert dense.run["q2"][0] == ("school", 1.0)
    assert dense.measures["R@1"] == 1 / 2
    rank = [row for row, _ in dense.run["q2"]].index("tea") + 1
    assert dense.measures["nDCG@10"] == pytest.approx((1 + 1 / log2(rank + 1)) / 2)


def test_hybrid_is_the_search_of_the_service(engine: EmbeddedEngine) -> None:
    found = retriever_search("hybrid", engine.snapshot(), TopicEmbedder())(list(QUERIES.values()), 10)
    store = engine.snapshot().store
    best = [store.document(store.chunks([ranking[0].chunk_id])[0].document_id).source for ranking in found]
    assert best == ["fish.txt", "tea.txt"]


def gold_file(folder: Path) -> Path:
    """Both queries with their evidence, and one that nothing answers."""
    rows = [
        {"id": "1", "type": "fact", "question": QUERIES["q1"], "evidence": [["fish.txt", "扩建泊位四十个"]]},
        {"id": "2", "type": "list", "question": QUERIES["q2"], "evidence": [["tea.txt", "发放新品种茶苗三万株"]]},
        {"id": "3", "type": "unanswerable", "question": "没有答案", "evidence": []},
    ]
    for row in rows:
        row |= {"lang": "zh", "answers": ["四十个"] if row["evidence"] else []}
        row["evidence"] = [{"doc": doc, "span": span} for doc, span in row["evidence"]]
    path = folder / "gold.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def test_terms_and_vectors_alone_on_gold_questions(engine: EmbeddedEngine, tmp_path: Path) -> None:
    snapshot, gold = engine.snapshot(), gold_file(tmp_path)
    terms = evaluate_ranking(snapshot, TopicEmbedder(), gold, "lexical")
    assert {measure.value: (value.mean, value.n) for measure, value in terms.overall.items()} == dict.fromkeys(
        ("recall@1", "recall@5", "recall@10", "nDCG@10", "MRR"), (1.0, 2)
    )
    vectors = evaluate_ranking(snapshot, TopicEmbedder(), gold, "dense")
    (ranking,) = retriever_search("dense", snapshot, TopicEmbedder())([QUERIES["q2"]], 10)
    store = snapshot.store
    found = [store.document(store.chunks([scored.chunk_id])[0].document_id).source for scored in ranking]
    rank = found.index("tea.txt") + 1
    assert rank > 1
    assert vectors.by_type["fact"][Measure.MRR].mean == 1.0
    assert vectors.by_type["list"][Measure.MRR].mean == 1 / rank
    assert vectors.overall[Measure.RECALL_1].mean == 1 / 2
    assert vectors.overall[Measure.RECALL_5].mean == 1.0
    assert vectors.overall[Measure.NDCG].mean == pytest.approx((1 + 1 / log2(rank + 1)) / 2)
    assert ranking_table(terms).splitlines()[:3] == [
        "type  n    R@1    R@5   R@10   nDCG    MRR",
        "fact  1  100.0  100.0  100.0  100.0  100.0",
        "list  1  100.0  100.0  100.0  100.0  100.0",
    ]
    body = ranking_json(vectors)
    assert (body["gold"], body["retriever"], list(body["by_type"])) == ("gold.jsonl", "dense", ["fact", "list"])
    assert body["measures"]["recall@1"]["mean"] == 0.5


def test_a_ranking_of_other_documents_is_refused(engine: EmbeddedEngine, tmp_path: Path) -> None:
    gold = gold_file(tmp_path)
    gold.write_text(gold.read_text("utf-8").replace("fish.txt", "a.txt").replace("tea.txt", "b.txt"), "utf-8")
    with pytest.raises(UsageError, match=r"no document that .* names is indexed"):
        evaluate_ranking(engine.snapshot(), TopicEmbedder(), gold, "lexical")


def test_ablation_takes_one_signal_away_at_a_time(engine: EmbeddedEngine) -> None:
    held = library(engine.snapshot().store.documents(10))
    questions = [
        GoldQuestion("1", "zh", QUERIES["q2"], Kind.FACT, ("三万株",), (GoldSpan("tea.txt", "发放新品种茶苗三万株"),)),
        GoldQuestion("2", "zh", "没有答案", Kind.UNANSWERABLE, (), ()),
    ]
    # What the terms get right (1.0 for the passage that they find alone) the vectors outweigh, until they are left out.
    weights = {"native": {"lexical": 1.0, "dense": 3.0, "heading": 0.0}, "crossing": {"dense": 1.0}}
    rows = ablate(engine.snapshot(), TopicEmbedder(), questions, held, weights)
    assert rows[0] == Ablated(None, 1.0, pytest.approx(1 / log2(3)))
    assert rows[2] == Ablated("dense", 1.0, 1.0)
    assert [row.without for row in rows] == [
        None,
        "lexical",
        "dense",
        "places",
        "glossary",
        "= terms alone",
        "= own words",
        "= vectors alone",
    ]
    assert rows[-3] == Ablated("= terms alone", 1.0, 1.0)
    assert rows[-1].ndcg < 1.0
    assert ablation_table(rows).splitlines()[3].split()[:-1] == ["dense", "100.0%", "+0.0%", "100.0%", "+36.9%"]
    with pytest.raises(ValueError, match="answerable"):
        ablate(engine.snapshot(), TopicEmbedder(), questions[1:], held, weights)


def test_own_words_have_no_synonym_and_no_glossary(tmp_path: Path) -> None:
    """Only synonyms lead from 补贴 to 资助, only the glossary from English to Chinese: terms alone have both, own words neither."""
    engine = open_engine(tmp_path / "index")
    texts = {"pay": "发放资助三万元。", "tea": "栽种茶苗四万株。"}
    entries = {f"{name}.txt": read(text.encode(), f"{name}.txt") for name, text in texts.items()}
    engine.replace(entries, dict.fromkeys(entries, ""))
    snapshot = engine.snapshot()
    for text in ("补贴", "funding"):
        (terms,), (own,) = (
            search([text], 10)
            for search in (retriever_search("lexical", snapshot, TopicEmbedder()), plain_search(snapshot))
        )
        assert (len(terms), own) == (1, ())
    span = (GoldSpan("pay.txt", "资助三万元"),)
    asked = [
        GoldQuestion("1", "zh", "补贴", Kind.FACT, ("三万元",), span),
        GoldQuestion("2", "zh", "资助", Kind.FACT, ("三万元",), span),
    ]
    held = library(snapshot.store.documents(10))
    rows = {
        row.without: row
        for row in ablate(snapshot, TopicEmbedder(), asked, held, {"native": {"lexical": 1.0}, "crossing": {}})
    }
    assert rows["= terms alone"] == Ablated("= terms alone", 1.0, 1.0)
    assert rows["= own words"] == Ablated("= own words", 1 / 2, 1 / 2)
    engine.close()


def test_own_words_count_alike_in_text_and_context(engine: EmbeddedEngine) -> None:
    """The place is words among the others, as written: blanked out and looked up it would be none of the terms."""
    terms = {"平": 0.3, "江": 0.3, "县": 0.3, "平江": 1.0, "江县": 1.0, "平江县": 0.5, "县茶": 1.0, "茶": 0.3}
    assert own_words(understand("平江县茶")).terms == terms
    lexical = engine.snapshot().lexical
    (ranking,) = plain_search(engine.snapshot())(["平江县茶"], 10)
    assert ranking == lexical.search({"text": terms, "context": terms}, 10)
    assert ranking[0].score > lexical.search({"text": terms}, 10)[0].score


def test_ablation_over_a_folder(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    for row, text in ROWS.items():
        (docs / f"{row}.txt").write_text(text, encoding="utf-8")
    (docs / "empty.txt").write_bytes(b"")
    gold = tmp_path / "gold.jsonl"
    row = {"id": "1", "lang": "zh", "question": QUERIES["q1"], "type": "fact", "answers": ["四十个"]}
    gold.write_text(json.dumps(row | {"evidence": [{"doc": "fish.txt", "span": "扩建泊位四十个"}]}), encoding="utf-8")
    rows = ablate_folder(gold, docs, TopicEmbedder(), open_engine)
    assert rows[0] == Ablated(None, 1.0, 1.0)
    assert {row.without for row in rows} >= {None, "lexical", "dense"}
