"""The command over the real service: the bundled articles, and a folder of one's own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
from tokenizers import Regex, Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Split

import seeds
from embeddings.training.export import write
from rag.cli.main import main

pytestmark = pytest.mark.slow

TEXT = "澄川县人才引进办法\n澄川县人民政府办公室\n\n第一条 对引进的博士研究生，给予安家补贴30万元，分五年发放。\n\n第二条 对引进的硕士研究生，给予安家补贴10万元。\n"


@dataclass
class Rag:
    """Runs the command; `data` options name the index."""

    capture: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        captured = self.capture.readouterr()
        return status, captured.out, captured.err

    def json(self, *arguments: str) -> Any:
        status, out, err = self(*arguments, "--json")
        assert (status in (0, 3), err) == (True, "")
        return json.loads(out)


@pytest.fixture
def rag(capsys: pytest.CaptureFixture[str]) -> Rag:
    return Rag(capsys)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("文件").mkdir()
    Path("文件/办法.txt").write_text(TEXT, "utf-8")
    Path("文件/名单.bin").write_bytes(bytes(range(256)))
    return Path("文件")


def test_each_bundled_article_answers_with_exact_quotes(rag: Rag) -> None:
    listed = rag.json("list")["documents"]
    texts = {item["id"]: rag("show", item["id"], "--text")[1] for item in listed}
    assert {item["source"] for item in listed} == {path.name for path in seeds.paths()}
    for item in listed:
        assert len(texts[item["id"]]) == item["chars"]
        answer = rag.json("ask", f"{item['place']}怎样加强人才工作和基层党建工作?")
        assert answer["answered"], item["source"]
        for citation in answer["citations"]:
            quote = citation["quote"]
            assert texts[citation["document"]["id"]][quote["start"] : quote["end"]] == quote["text"]


def test_bundled_articles_are_the_files_unchanged(rag: Rag) -> None:
    texts: dict[str, str] = {}
    for item in rag.json("list")["documents"]:
        texts[item["source"]] = texts.get(item["source"], "") + rag.json("show", item["id"])["text"]
    assert texts == {path.name: path.read_bytes().decode() for path in seeds.paths()}


def test_bundled_articles_cannot_be_changed(rag: Rag) -> None:
    name = rag.json("list")["documents"][0]["id"]
    assert rag("status")[1].startswith("index       the bundled articles\n")
    for command in (["remove", name], ["rebuild"]):
        status, out, err = rag(*command)
        assert (status, out, err.count("\n")) == (1, "", 1)
        assert "the bundled articles stay as they are" in err
    assert name in [item["id"] for item in rag.json("list")["documents"]]


def test_a_folder_of_ones_own(rag: Rag, folder: Path) -> None:
    first = rag.json("index", "文件")
    assert (first["added"], [each["source"] for each in first["refused"]]) == (["文件/办法.txt"], ["文件/名单.bin"])
    assert rag.json("index", "文件")["unchanged"] == ["文件/办法.txt"]
    (item,) = rag.json("list")["documents"]
    assert (item["source"], item["title"], item["place"]) == ("文件/办法.txt", "澄川县人才引进办法", "澄川县")
    answer = rag.json("ask", "澄川县给博士多少安家补贴?")
    assert any("30万元" in citation["quote"]["text"] for citation in answer["citations"])
    Path("文件/办法.txt").write_text(TEXT.replace("30万元", "50万元"), "utf-8")
    assert rag.json("index", "文件")["refreshed"] == ["文件/办法.txt"]
    again = rag.json("ask", "澄川县给博士多少安家补贴?")
    quotes = "".join(citation["quote"]["text"] for citation in again["citations"])
    assert ("50万元" in quotes, "30万元" in quotes) == (True, False)


def test_what_is_removed_leaves_no_trace(rag: Rag, folder: Path) -> None:
    rag("index", "文件", "--data-dir", "own")
    (item,) = rag.json("list", "--data-dir", "own")["documents"]
    assert rag("remove", item["id"], "--data-dir", "own")[0] == 0
    assert rag.json("list", "--data-dir", "own") == {"documents": [], "total": 0}
    for command in ("search", "ask"):
        status, out, err = rag(command, "博士安家补贴", "--data-dir", "own")
        assert (status, out) == (1, "")
        assert err.endswith("own' holds no documents: add some with `rag index PATH…`\n")
    assert rag("show", item["id"], "--data-dir", "own")[0] == 1


def test_files_that_are_gone_are_pruned_when_asked(rag: Rag, folder: Path) -> None:
    rag("index", "文件")
    Path("文件/办法.txt").unlink()
    Path("文件/新.txt").write_text("澄川县通知\n\n请各单位按时报送材料。\n", "utf-8")
    assert rag.json("index", "文件")["missing"] == ["文件/办法.txt"]
    assert rag.json("index", "文件", "--prune")["missing"] == ["文件/办法.txt"]
    assert [item["source"] for item in rag.json("list")["documents"]] == ["文件/新.txt"]


def test_a_rebuilt_index_answers_the_same(rag: Rag, folder: Path) -> None:
    rag("index", "文件")
    before = rag.json("search", "博士安家补贴")["hits"]
    assert rag("rebuild")[0] == 0
    assert rag.json("search", "博士安家补贴")["hits"] == before


def test_a_backup_restores_every_document(rag: Rag, folder: Path) -> None:
    rag("index", "文件", "--data-dir", "own")
    before = rag.json("search", "安家补贴", "--data-dir", "own")["hits"]
    assert rag("backup", "一.backup", "--data-dir", "own")[0] == 0
    assert rag.json("restore", "一.backup", "--data-dir", "other")["documents"] == 1
    assert rag.json("search", "安家补贴", "--data-dir", "other")["hits"] == before
    for command in (
        ["backup", "一.backup", "--data-dir", "own"],
        ["restore", "一.backup", "--data-dir", "own"],
        ["restore", "文件/办法.txt", "--data-dir", "third"],
        ["restore", "gone", "--data-dir", "third"],
        ["backup", "二.backup"],
    ):
        status, out, err = rag(*command)
        assert (status, out, err.count("\n"), err[:5]) == (1, "", 1, "rag: ")


def test_a_receipt_is_checked_against_the_documents_as_they_are(rag: Rag, folder: Path) -> None:
    rag("index", "文件")
    assert rag("ask", "澄川县给博士多少安家补贴?", "--receipt", "收据.json")[0] == 0
    sound = rag.json("verify", "收据.json", "--model", "no such model")
    assert (sound["ok"], sound["altered"], {each["state"] for each in sound["citations"]}) == (True, False, {"holds"})
    receipt = Path("收据.json").read_text("utf-8")
    Path("改.json").write_text(receipt.replace("30万元", "90万元"), "utf-8")
    assert rag("verify", "改.json")[0] == 1
    Path("文件/办法.txt").write_text("澄川县通知\n\n" + TEXT.replace("30万元", "50万元"), "utf-8")
    rag("index", "文件")
    status, out, _ = rag("verify", "收据.json", "--json")
    assert (status, {each["state"] for each in json.loads(out)["citations"]}) == (1, {"document_changed"})
    for wrong in ("gone.json", "文件/名单.bin"):
        status, out, err = rag("verify", wrong)
        assert (status, out, err.count("\n")) == (1, "", 1)


def test_a_receipt_over_the_bundled_articles(rag: Rag, tmp_path: Path) -> None:
    file = str(tmp_path / "receipt.json")
    assert rag("ask", "乌海市的人才工作", "--receipt", file)[0] == 0
    status, out, err = rag("verify", file)
    assert (status, err, out.splitlines()[0]) == (0, "", "the receipt is as it was issued")


def test_an_answer_is_written_for_a_report(rag: Rag, folder: Path) -> None:
    rag("index", "文件")
    question = "澄川县给博士多少安家补贴?"
    markdown = rag("ask", question, "--format", "markdown")[1]
    assert markdown.startswith("# 澄川县给博士多少安家补贴")
    assert "30万元" in markdown
    assert rag("ask", question, "--format", "docx", "--output", "答.docx")[0] == 0
    with ZipFile("答.docx") as word:
        assert "30万元" in word.read("word/document.xml").decode()
    assert rag("ask", question, "--output", "答.txt")[0] == 2
    assert rag("ask", question, "--format", "text", "--json")[0] == 2


def test_a_conversation_keeps_the_topic(rag: Rag, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("文件/另一.txt").write_text(TEXT.replace("澄川县", "泽水县").replace("30万元", "80万元"), "utf-8")
    rag("index", "文件")
    monkeypatch.setattr("sys.stdin", StringIO("\n那泽水县呢?\n" + "长" * 2_001 + "\n"))
    status, out, err = rag("ask", "-i", "澄川县给博士多少安家补贴?")
    first, second = out.split("泽水县", 1)
    assert status == 0
    assert ("30万元" in first, "80万元" in second, "30万元" in second) == (True, True, False)
    assert (err.count("\n"), "2,001" in err) == (1, True)


def test_another_model_needs_a_rebuild(rag: Rag, folder: Path) -> None:
    model = _toy_model(folder.parent / "toy")
    rag("index", "文件")
    status, _, err = rag("ask", "博士安家补贴", "--model", model)
    assert (status, err.count("\n")) == (1, 1)
    assert f"rag rebuild --model {model}" in err
    assert rag.json("rebuild", "--model", model)["model"] == model
    assert rag.json("search", "博士安家补贴", "--model", model)["hits"][0]["rank"] == 1
    assert rag("ask", "博士安家补贴")[0] == 1


def _toy_model(folder: Path) -> str:
    """A static model of the digits and the characters of the test text, each with a vector of its own."""
    characters = sorted(set(TEXT))
    tokenizer = Tokenizer(WordLevel({"[UNK]": 0} | {c: n for n, c in enumerate(characters, 1)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Split(Regex("."), "isolated")
    write(folder, np.eye(len(characters) + 1, dtype=np.float32), tokenizer, {})
    return str(folder)


def test_a_named_but_empty_index_is_an_error_for_reading(rag: Rag, tmp_path: Path) -> None:
    for command in (["ask", "人才"], ["list"], ["status"], ["search", "人才"], ["show", "x"]):
        status, out, err = rag(*command, "--data-dir", str(tmp_path / "none"))
        assert (status, out, err.count("\n"), err[:5]) == (1, "", 1, "rag: ")


def test_a_folder_that_is_no_index_is_an_error(rag: Rag, folder: Path) -> None:
    for command in (["ask", "人才"], ["index", "文件"]):
        status, out, err = rag(*command, "--data-dir", "文件")
        assert (status, out, err.count("\n"), err[:5]) == (1, "", 1, "rag: ")
    assert sorted(path.name for path in folder.iterdir()) == ["办法.txt", "名单.bin"]


@pytest.mark.parametrize("date", ["2022-13", "yesterday", "22-01-01", ""])
def test_a_bad_date_is_wrong_usage(rag: Rag, date: str) -> None:
    status, out, err = rag("ask", "人才", "--since", date)
    assert (status, out, err.count("\n")) == (2, "", 1)


def test_gold_questions_of_a_folder_are_measured(rag: Rag, folder: Path) -> None:
    gold = Path("gold.jsonl")
    gold.write_text(
        json.dumps(
            {
                "id": "q1",
                "lang": "zh",
                "question": "澄川县给博士多少安家补贴?",
                "type": "fact",
                "answers": ["30万元"],
                "evidence": [{"doc": "办法.txt", "span": "给予安家补贴30万元"}],
            },
            ensure_ascii=False,
        )
        + "\n",
        "utf-8",
    )
    measured = rag.json("eval", "--gold", "gold.jsonl", "--docs", "文件", "--report", "report.html")
    assert measured["measures"]["recall@1"]["mean"] == 1.0
    assert Path("report.html").read_text("utf-8").startswith("<!doctype html>")
    for retriever in ("lexical", "dense"):
        alone = rag.json("eval", "--gold", "gold.jsonl", "--docs", "文件", "--retriever", retriever)
        assert (alone["retriever"], list(alone["by_type"])) == (retriever, ["fact"])
        assert list(alone["measures"]) == ["recall@1", "recall@5", "recall@10", "nDCG@10", "MRR"]
        assert alone["measures"]["recall@5"]["mean"] == 1.0


@pytest.mark.parametrize("retriever", ["lexical", "dense", "hybrid"])
def test_beir_folders_are_measured(rag: Rag, tmp_path: Path, retriever: str) -> None:
    beir = tmp_path / "tiny"
    beir.mkdir()
    rows = {"d1": "发放博士安家补贴的办法", "d2": "城市道路清扫保洁的规定"}
    (beir / "corpus.jsonl").write_text(
        "".join(json.dumps({"_id": name, "title": "", "text": text}) + "\n" for name, text in rows.items()), "utf-8"
    )
    (beir / "queries.jsonl").write_text(json.dumps({"_id": "q", "text": "博士安家补贴"}) + "\n", "utf-8")
    (beir / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\td1\t1\n", "utf-8")
    assert rag.json("eval", "--beir", str(beir), "--retriever", retriever) == {
        "set": "tiny",
        "retriever": retriever,
        "measures": {"nDCG@10": 1.0, "R@1": 1.0, "R@5": 1.0, "R@10": 1.0, "R@100": 1.0},
    }
