"""The routes of documents, by value."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from api.schemas import DocumentShape, DocumentsShape, FullDocumentShape, PageShape
from rag.types import document_id, text_sha256
from tests.api.client import problem, send
from tests.api.fake import ASTRAL, COUNTY, FakeService, made

A, B = made(COUNTY), made(ASTRAL)
LISTED = {
    "id": A.id,
    "title": "甲县人才工作",
    "place": "乙市甲县",
    "level": "county",
    "source": "a.txt",
    "sources": ["a.txt"],
    "published": "2022-12-05",
    "author": "王一",
    "doc_number": None,
    "issuer": None,
    "url": None,
    "chars": 42,
}
NEW = "丁县\n丁县发放补贴。\n"


def test_documents_are_listed_in_pages(app: FastAPI) -> None:
    body = send(app, "GET", "/documents").json()
    assert body["total"] == 2
    assert body["documents"][0] == LISTED
    assert [item["id"] for item in body["documents"]] == [A.id, B.id]
    PageShape.model_validate(body)
    second = send(app, "GET", "/documents", params={"limit": 1, "offset": 1}).json()
    assert ([item["id"] for item in second["documents"]], second["total"]) == ([B.id], 2)


@pytest.mark.parametrize(
    ("params", "detail"),
    [
        ({"limit": 0}, "limit 0 is outside 1–1000"),
        ({"limit": 1001}, "limit 1001 is outside 1–1000"),
        ({"offset": -1}, "offset: Input should be greater than or equal to 0"),
        ({"offset": 2**63}, f"offset: Input should be less than or equal to {2**63 - 1}"),
        ({"page": 2}, "page: Extra inputs are not permitted"),
    ],
)
def test_pages_have_limits(app: FastAPI, params: dict[str, int], detail: str) -> None:
    assert problem(send(app, "GET", "/documents", params=params)) == (422, "invalid-request", detail)


def test_a_document_is_shown_with_its_text(app: FastAPI) -> None:
    body = send(app, "GET", f"/documents/{A.id}").json()
    assert {key: body[key] for key in LISTED} == LISTED
    assert body["text"] == A.text
    assert body["sha256"] == A.sha256
    FullDocumentShape.model_validate(body)


def test_a_text_that_utf8_cannot_hold_is_still_shown() -> None:
    from api.calls import json_response

    assert json_response({"text": "甲\ud800"}).body == b'{"text": "\\u7532\\ud800"}'


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_unknown_document_is_404(app: FastAPI, method: str) -> None:
    sent = {"json": {"title": "题"}} if method == "PATCH" else {}
    status, name, detail = problem(send(app, method, "/documents/ffff", **sent))
    assert (status, name, detail) == (404, "not-found", "no document 'ffff'; `rag list` shows what there is")


def test_a_document_is_corrected(app: FastAPI) -> None:
    body = send(app, "PATCH", f"/documents/{A.id}", json={"place": "祁东县", "title": "新题", "published": None}).json()
    assert body == LISTED | {"place": "湖南省衡阳市祁东县", "title": "新题", "published": None}
    DocumentShape.model_validate(body)
    evidence = send(app, "GET", f"/documents/{A.id}").json()["evidence"]
    assert {each["field"]: each["how"] for each in evidence}["place"] == "set by hand; read as 乙市甲县"


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        ({"place": "苹果"}, 422, "place is '苹果': write a division's name, as 祁东县 or 湖南省衡阳市祁东县"),
        ({"published": "2022-02-30"}, 422, "published is '2022-02-30': write a day as 2022-12-05, 2022-12 or 2022"),
        ({"level": "county"}, 422, "#/level: Extra inputs are not permitted"),
        ({"title": 3}, 422, "#/title: Input should be a valid string"),
    ],
)
def test_what_cannot_be_set_is_a_problem(app: FastAPI, body: dict[str, object], status: int, detail: str) -> None:
    assert problem(send(app, "PATCH", f"/documents/{A.id}", json=body)) == (status, "invalid-request", detail)


def test_a_removed_document_is_gone(app: FastAPI) -> None:
    response = send(app, "DELETE", f"/documents/{A.id}")
    assert (response.status_code, response.content) == (204, b"")
    assert send(app, "GET", f"/documents/{A.id}").status_code == 404
    assert [item["id"] for item in send(app, "GET", "/documents").json()["documents"]] == [B.id]


def test_text_is_taken_and_replaces_what_had_its_source(app: FastAPI, service: FakeService) -> None:
    response = send(app, "POST", "/documents", json={"source": " a.txt ", "text": NEW})
    name = document_id(NEW)
    assert response.status_code == 201
    assert response.json() == {
        "documents": [
            LISTED
            | {
                "id": name,
                "title": "丁县",
                "place": None,
                "level": None,
                "published": None,
                "author": None,
                "chars": 11,
            }
        ]
    }
    DocumentsShape.model_validate(response.json())
    assert list(service.held) == [B.id, name]
    assert send(app, "GET", f"/documents/{name}").json()["sha256"] == text_sha256(NEW)


@pytest.mark.parametrize(
    ("filename", "source"),
    [("丁县 2023.txt", "丁县 2023.txt"), ("../../etc/丁.txt", "丁.txt"), ("C:\\文件\\丁.txt", "丁.txt")],
)
def test_a_file_is_taken_under_its_bare_name(app: FastAPI, service: FakeService, filename: str, source: str) -> None:
    response = send(app, "POST", "/documents", files={"file": (filename, NEW.encode())})
    assert response.status_code == 201
    assert response.json()["documents"][0]["source"] == source
    assert service.held[document_id(NEW)].text == NEW


def test_a_form_may_name_the_source(app: FastAPI) -> None:
    response = send(
        app, "POST", "/documents", files={"file": ("x", NEW.encode())}, data={"source": "http://例.cn/1.html"}
    )
    assert response.json()["documents"][0]["source"] == "http://例.cn/1.html"


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (
            {"json": {"source": "x", "text": "t", "title": "t"}},
            (422, "invalid-request", "#/title: Extra inputs are not permitted"),
        ),
        ({"json": {"text": "t"}}, (422, "invalid-request", "#/source: Field required")),
        (
            {"json": {"source": "x", "text": ""}},
            (422, "invalid-request", "#/text: String should have at least 1 character"),
        ),
        (
            {"json": {"source": "a\nb", "text": "t"}},
            (
                422,
                "invalid-request",
                "#/source: Value error, a source has 1–1,000 characters, none of them a control character",
            ),
        ),
        ({"json": {"source": "x", "text": "\0"}}, (422, "unreadable-document", "x: not text; give a text file")),
        ({"files": {"file": ("x.bin", b"\0\1")}}, (422, "unreadable-document", "x.bin: not text; give a text file")),
        ({"files": {"file": ("x.txt", b"")}}, (422, "unreadable-document", "x.txt: not text; give a text file")),
        (
            {"files": {"file": ("x", b"x"), "other": ("y", b"y")}},
            (400, "bad-request", "Too many files. Maximum number of files is 1."),
        ),
        (
            {"files": {"file": ("x", b"x")}, "data": {"title": "t"}},
            (422, "invalid-request", "unknown form field 'title'; known are 'file' and 'source'"),
        ),
        (
            {"files": {"file": ("x", b"x")}, "data": {"source": " "}},
            (
                422,
                "invalid-request",
                "a source has 1–1,000 characters, none of them a control character; name the file, or send a field 'source'",
            ),
        ),
        (
            {"data": {"source": "x"}},
            (415, "unsupported-media-type", "send a file as multipart/form-data, or text as application/json"),
        ),
        (
            {"content": b"x"},
            (415, "unsupported-media-type", "send a file as multipart/form-data, or text as application/json"),
        ),
    ],
)
def test_bad_uploads_are_refused_and_change_nothing(
    app: FastAPI, service: FakeService, request_: dict[str, object], expected: tuple[int, str, str]
) -> None:
    assert problem(send(app, "POST", "/documents", **request_)) == expected
    assert (list(service.held), service.generation) == ([A.id, B.id], 1)


@pytest.mark.parametrize(
    ("content_type", "body", "name"),
    [
        ("application/json", b'{"source"', "invalid-json"),
        ("application/json", b'{"source": "\xff", "text": "t"}', "invalid-json"),
        ("application/json", b'{"source": "x", "text": "\\ud800"}', "invalid-json"),
        ("multipart/form-data", b"x", "bad-request"),
        ("multipart/form-data; boundary=b", b"x", "bad-request"),
    ],
)
def test_broken_bodies_are_400(app: FastAPI, content_type: str, body: bytes, name: str) -> None:
    response = send(app, "POST", "/documents", content=body, headers={"content-type": content_type})
    assert problem(response)[:2] == (400, name)


def test_a_form_without_a_file_is_refused(app: FastAPI) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="source"\r\n\r\nx\r\n--b--\r\n'
    response = send(
        app, "POST", "/documents", content=body, headers={"content-type": "multipart/form-data; boundary=b"}
    )
    assert problem(response) == (422, "invalid-request", "the form holds 0 files; send exactly one")
