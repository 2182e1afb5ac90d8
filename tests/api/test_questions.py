"""POST /ask, GET /ask and POST /search, by value."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi import FastAPI

from api.schemas import AnswerShape, HitsShape
from rag import present
from tests.api.client import problem, send
from tests.api.fake import ASTRAL, COUNTY, FakeService, made

A, B = made(COUNTY), made(ASTRAL)
REFERENCE = {
    "id": A.id,
    "title": "甲县人才工作",
    "place": "乙市甲县",
    "source": "a.txt",
    "published": "2022-12-05",
    "author": "王一",
}


def test_ask_answers_with_exact_quotes(app: FastAPI) -> None:
    response = send(app, "POST", "/ask", json={"question": "专项资金"})
    passage = {"text": "甲县设立人才发展专项资金500万元。", "start": 7, "end": 25}
    assert response.status_code == 200
    assert response.json() == {
        "question": "专项资金",
        "answered": True,
        "answer": "甲县设立人才发展专项资金500万元。",
        "points": [{"text": "甲县设立人才发展专项资金500万元。", "citations": [1]}],
        "citations": [
            {
                "id": 1,
                "document": REFERENCE,
                "heading": "",
                "passage": passage,
                "quote": passage | {"focus": {"start": 8, "end": 12}},
                "score": 1.0,
                "sha256": A.sha256,
            }
        ],
        "reason": None,
        "nearest": [],
        "coverage": {"documents_matched": 1, "documents_cited": 1},
        "model": "fake",
        "generation": 1,
        "timings": {"total": 1.25},
    }


def test_ask_refuses_with_reason_and_nearest(app: FastAPI) -> None:
    body = send(app, "POST", "/ask", json={"question": "地铁"}).json()
    assert (body["answered"], body["points"], body["citations"]) == (False, [], [])
    assert body["reason"] == "nothing_relevant"
    assert [(item["document"]["id"], item["score"]) for item in body["nearest"]] == [(A.id, 0.5), (B.id, 0.5)]


@pytest.mark.parametrize("question", ["补贴", "地铁"])
def test_ask_is_the_same_through_every_door(app: FastAPI, service: FakeService, question: str) -> None:
    expected = json.loads(json.dumps(present.answered(service.ask(question))))
    assert send(app, "POST", "/ask", json={"question": question}).json() == expected
    assert send(app, "GET", "/ask", params={"q": question}).json() == expected
    AnswerShape.model_validate(expected)


def test_search_is_what_present_makes_of_it(app: FastAPI, service: FakeService) -> None:
    expected = json.loads(json.dumps(present.found(service.search("补贴"))))
    body = send(app, "POST", "/search", json={"query": "补贴"}).json()
    assert body == expected
    assert [(hit["rank"], hit["score"], hit["passage"]["text"]) for hit in body["hits"]] == [
        (1, 1.0, "甲县给予博士安家补贴30万元。"),
        (2, 0.5, "𠮷镇的补贴是20万元。"),
    ]
    HitsShape.model_validate(body)


def test_chinese_is_sent_as_it_is(app: FastAPI) -> None:
    response = send(app, "POST", "/search", json={"query": "补贴"})
    assert response.headers["content-type"] == "application/json"
    assert "甲县给予博士安家补贴30万元。".encode() in response.content


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, [A.id, B.id]),
        ({"k": 1}, [A.id]),
        ({"place": "丙市"}, [B.id]),
        ({"since": "2022"}, [A.id]),
        ({"until": "2021-06"}, [B.id]),
        ({"since": "2021", "until": "2021"}, []),
    ],
)
def test_options_reach_the_service(app: FastAPI, options: dict[str, Any], found: list[str]) -> None:
    hits = send(app, "POST", "/search", json={"query": "补贴", **options}).json()["hits"]
    assert [hit["document"]["id"] for hit in hits] == found
    for body in (
        send(app, "POST", "/ask", json={"question": "补贴", **options}).json(),
        send(app, "GET", "/ask", params={"q": "补贴", **options}).json(),
    ):
        assert [item["document"]["id"] for item in body["citations"]] == found


@pytest.mark.parametrize("path", ["/ask", "/search"])
@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/{field}"),
        ({"{field}": None}, "#/{field}"),
        ({"{field}": "补贴", "top_k": 3}, "#/top_k"),
        ({"{field}": "补贴", "k": "3"}, "#/k"),
        ({"{field}": "补贴", "k": True}, "#/k"),
        ({"{field}": "补贴", "place": ["甲县"]}, "#/place"),
    ],
)
def test_wrong_fields_are_named(app: FastAPI, path: str, body: dict[str, Any], pointer: str) -> None:
    field = {"/ask": "question", "/search": "query"}[path]
    sent = {key.format(field=field): value for key, value in body.items()}
    response = send(app, "POST", path, json=sent)
    status, name, detail = problem(response)
    assert (status, name) == (422, "invalid-request")
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer.format(field=field)]
    assert detail.startswith(pointer.format(field=field) + ": ")


@pytest.mark.parametrize(
    ("question", "k", "detail"),
    [
        ("", 10, "a question has 1–2000 characters, not 0"),
        (" \n", 10, "a question has 1–2000 characters, not 2"),
        ("问" * 2001, 10, "a question has 1–2000 characters, not 2001"),
        ("补贴", 0, "k 0 is outside 1–100"),
        ("补贴", 101, "k 101 is outside 1–100"),
    ],
)
def test_limits_are_the_service_s(app: FastAPI, question: str, k: int, detail: str) -> None:
    expected = (422, "invalid-request", detail)
    assert problem(send(app, "POST", "/ask", json={"question": question, "k": k})) == expected
    assert problem(send(app, "POST", "/search", json={"query": question, "k": k})) == expected
    assert problem(send(app, "GET", "/ask", params={"q": question, "k": k})) == expected


@pytest.mark.parametrize("params", [{}, {"q": "补贴", "k": "viele"}, {"q": "补贴", "question": "补贴"}])
def test_wrong_parameters_are_named(app: FastAPI, params: dict[str, str]) -> None:
    response = send(app, "GET", "/ask", params=params)
    assert problem(response)[:2] == (422, "invalid-request")
    wrong = {0: "q", 2: "k"}.get(len(params), "q") if "question" not in params else "question"
    assert [error["parameter"] for error in response.json()["errors"]] == [wrong]


@pytest.mark.parametrize("body", [b"", b"{", b"{'question': 1}", b'{"question": "\xff"}', b"[" * 100_000])
def test_what_is_not_json_is_400(app: FastAPI, body: bytes) -> None:
    response = send(app, "POST", "/ask", content=body, headers={"content-type": "application/json"})
    status, name, _ = problem(response)
    assert (status, name) in {(400, "invalid-json"), (422, "invalid-request")} if not body else status == 400


def test_a_lone_surrogate_is_no_question(app: FastAPI) -> None:
    body = b'{"question": "\\ud800"}'
    response = send(app, "POST", "/ask", content=body, headers={"content-type": "application/json"})
    detail = "#/question: Value error, a text cannot hold half of a surrogate pair"
    assert problem(response) == (422, "invalid-request", detail)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded"])
def test_json_must_say_that_it_is(app: FastAPI, content_type: str) -> None:
    response = send(app, "POST", "/ask", content=b'{"question": "x"}', headers={"content-type": content_type})
    assert problem(response)[:2] == (415, "unsupported-media-type")
