"""ask, search, list, show, status: what they print and how they end."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from rag import present
from tests.api.fake import ASTRAL, COUNTY, made
from tests.cli.conftest import Command

COUNTY_ID, ASTRAL_ID = made(COUNTY).id, made(ASTRAL).id


def test_ask_prints_the_answer_and_where_it_stands(rag: Command) -> None:
    ran = rag("ask", "资金")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == (
        "甲县设立人才发展专项资金500万元。\n"
        "\n"
        "《甲县人才工作》 · 乙市甲县 · 2022-12-05 · 王一\n"
        f"    a.txt  {COUNTY_ID}\n"
        "    [1] 7–25\n"
    )
    assert COUNTY.text[7:25] == "甲县设立人才发展专项资金500万元。"


def test_ask_json_is_the_document_of_every_door(rag: Command) -> None:
    ran = rag("ask", "补贴", "--json")
    assert ran.status == 0
    assert ran.json == json.loads(json.dumps(present.answered(rag.desk.ask("补贴"))))
    assert [citation["id"] for citation in ran.json["citations"]] == [1, 2]


def test_a_refusal_ends_with_3_and_names_what_is_nearest(rag: Command) -> None:
    ran = rag("ask", "航天")
    assert ran.status == 3
    assert ran.out.startswith(
        "没有关于航天的内容。\n\n  · 《甲县人才工作》 · 乙市甲县 · 2022-12-05 · 王一\n    a.txt\n"
    )
    refused = rag("ask", "航天", "--json")
    assert (refused.status, refused.json["points"], refused.json["reason"]) == (3, [], "nothing_relevant")
    assert [each["document"]["id"] for each in refused.json["nearest"]] == [COUNTY_ID, ASTRAL_ID]


def test_words_without_quotes_are_one_question(rag: Command) -> None:
    assert rag("ask", "no", "such", "thing", "--json").json["question"] == "no such thing"


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_dash_reads_the_question_from_stdin(rag: Command, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("补贴\n"))
    document = rag(command, "-", "--json").json
    assert document["question" if command == "ask" else "query"] == "补贴"


def test_search_narrows_and_ranks(rag: Command) -> None:
    ran = rag("search", "补贴", "-k", "1", "--place", "丙市", "--since", "2019", "--until", "2021", "--json")
    assert ran.json["hits"] == [
        {
            "rank": 1,
            "score": 1.0,
            "document": present.reference(made(ASTRAL)),
            "heading": "",
            "passage": {"text": "𠮷镇的补贴是20万元。", "start": 47, "end": 58},
        }
    ]


def test_search_prints_passages(rag: Command) -> None:
    assert rag("search", "资金").out == (
        "1. 《甲县人才工作》 · 乙市甲县 · 2022-12-05 · 王一\n"
        f"   1.0000  a.txt  7–25  {COUNTY_ID}\n"
        "   甲县设立人才发展专项资金500万元。\n"
    )
    assert rag("search", "航天").out == "nothing found\n"


def test_search_explains_its_scores_only_when_asked(rag: Command) -> None:
    assert rag("search", "资金", "--json", "--explain").json["hits"][0]["signals"] == {}
    assert "signals" not in rag("search", "资金", "--json").json["hits"][0]


def test_an_answer_is_explained_only_when_asked(rag: Command) -> None:
    assert "signals" in rag("ask", "资金", "--json", "--explain").json
    assert "signals" not in rag("ask", "资金", "--json").json


def test_queries_are_written_as_a_run_over_documents(rag: Command, tmp_path: Path) -> None:
    queries, run = tmp_path / "q.jsonl", tmp_path / "out.trec"
    queries.write_text(
        '{"_id": "q1", "text": "补贴"}\n\n{"_id": 2, "text": "甲县"}\n{"_id": "q3", "text": "航天"}\n', "utf-8"
    )
    ran = rag("search", "--queries", str(queries), "--run", str(run), "-k", "5", "--json")
    assert (ran.status, ran.json) == (0, {"queries": 3, "run": str(run)})
    assert run.read_text("utf-8").splitlines() == [
        f"q1 Q0 {COUNTY_ID} 1 1.000000 policy-rag",
        f"q1 Q0 {ASTRAL_ID} 2 0.500000 policy-rag",
        f"2 Q0 {COUNTY_ID} 1 1.000000 policy-rag",
    ]


@pytest.mark.parametrize(
    ("lines", "status", "complaint"),
    [
        ('{"text": "补贴"}\n', 2, "line 1 of"),
        ('{"_id": "a b", "text": "补贴"}\n', 2, "line 1 of"),
        ("not json\n", 2, "line 1 of"),
        (None, 1, "is not there"),
    ],
)
def test_a_bad_file_of_queries_writes_no_run(
    rag: Command, tmp_path: Path, lines: str | None, status: int, complaint: str
) -> None:
    queries, run = tmp_path / "q.jsonl", tmp_path / "out.trec"
    if lines is not None:
        queries.write_text(lines, "utf-8")
    ran = rag("search", "--queries", str(queries), "--run", str(run))
    assert (ran.status, ran.out, ran.err.count("\n")) == (status, "", 1)
    assert complaint in ran.err
    assert not run.exists()


def test_queries_and_run_go_together(rag: Command, tmp_path: Path) -> None:
    assert rag("search", "--run", str(tmp_path / "out")).status == 2
    assert rag("search", "补贴", "--queries", "q", "--run", "out").status == 2


def test_list_shows_every_document(rag: Command) -> None:
    assert rag("list").out.splitlines()[:2] == [
        "ID                DATE        PLACE     TITLE                                             SOURCE",
        f"{COUNTY_ID}  2022-12-05  乙市甲县  甲县人才工作                                      a.txt",
    ]
    assert rag("list", "--json").json == present.page(rag.desk.documents())
    assert [d["id"] for d in rag("list", "--json", "--limit", "1", "--offset", "1").json["documents"]] == [ASTRAL_ID]


def test_list_reads_beyond_one_page(rag: Command) -> None:
    for number in range(1_200):
        rag.desk.add(f"{number}.txt", f"第{number}篇".encode())
    ran = rag("list", "--json")
    assert (len(ran.json["documents"]), ran.json["total"]) == (1_202, 1_202)
    assert ran.json["documents"][-1]["source"] == "1199.txt"
    assert len(rag("list", "--json", "--limit", "1100").json["documents"]) == 1_100


@pytest.mark.parametrize("limit", ["0", "-1"])
def test_list_refuses_a_limit_that_is_none(rag: Command, limit: str) -> None:
    assert rag("list", "--limit", limit).status == 2


def test_show_prints_the_text_exactly(rag: Command) -> None:
    assert rag("show", ASTRAL_ID, "--text").out == ASTRAL.text


def test_show_prints_metadata_outline_and_passages(rag: Command) -> None:
    ran = rag("show", COUNTY_ID)
    assert ran.out.startswith(
        f"id          {COUNTY_ID}\ntitle       甲县人才工作\nplace       乙市甲县\nlevel       county\n"
    )
    assert "PASSAGES (3)\n  0–6  甲县人才工作\n  7–25  甲县设立人才发展专项资金500万元。\n" in ran.out
    shown = rag("show", COUNTY_ID, "--json").json
    assert shown["text"] == COUNTY.text
    assert [(chunk["start"], chunk["end"]) for chunk in shown["chunks"]] == [(0, 6), (7, 25), (26, 41)]


def test_titles_cannot_write_on_the_screen(rag: Command) -> None:
    rag.desk.add("a\x1b[2J.txt", "题\x1b[31m目\n内容说明".encode())
    for arguments in (("list",), ("search", "内容说明"), ("ask", "内容说明")):
        assert "\x1b" not in rag(*arguments).out


def test_status_says_what_is_there(rag: Command) -> None:
    assert rag("status", "--json").json == present.status(rag.desk.status())
    assert rag("status").out.splitlines()[:3] == ["index       data", "documents   2", "passages    5"]
