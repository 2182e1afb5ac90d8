"""Who may ask, how much may be sent, and what every response carries."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from api.app import create_app
from api.guards import Bounds, is_loopback
from rag.errors import FormatError, MismatchError, ModelError, RagError, StoreError
from tests.api.client import problem, send
from tests.api.fake import FakeService


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8000", "localhost", "LOCALHOST:1", "[::1]", "[::1]:65535", "127.8.9.1"]
)
def test_loopback_hosts_are_answered(app: FastAPI, host: str) -> None:
    assert send(app, "GET", "/healthz", headers={"host": host}).json() == {"status": "ok"}


@pytest.mark.parametrize(
    "host",
    ["evil.example", "192.168.1.7:8000", "0.0.0.0", "localhost.evil.example", "127.0.0.1.nip.io", "localhost:80:80",
     "user@localhost", "[::2]", "[::1", "localhost:99999", "localhost/..", ""],
)  # fmt: skip
def test_other_hosts_are_turned_away(app: FastAPI, host: str) -> None:
    status, name, detail = problem(send(app, "GET", "/healthz", headers={"host": host}))
    assert (status, name) == (421, "foreign-host")
    assert detail == f"Host {host!r} is not a loopback name; use 127.0.0.1 or localhost"


def test_two_hosts_are_turned_away(app: FastAPI) -> None:
    headers = [("host", "localhost"), ("host", "evil.example")]
    assert problem(send(app, "GET", "/healthz", headers=headers))[:2] == (421, "foreign-host")


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"])
def test_our_own_origin_is_answered(app: FastAPI, origin: str) -> None:
    assert send(app, "POST", "/ask", json={"question": "补贴"}, headers={"origin": origin}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "http://127.0.0.1:8001",
        "https://127.0.0.1:8000",
        "http://127.0.0.1",
        "",
        "http://[::1",
    ],
)
@pytest.mark.parametrize(("method", "path"), [("POST", "/ask"), ("GET", "/documents"), ("DELETE", "/documents/x")])
def test_other_origins_are_turned_away(app: FastAPI, method: str, path: str, origin: str) -> None:
    response = send(app, method, path, headers={"origin": origin})
    assert problem(response) == (403, "foreign-origin", f"Origin {origin!r} is not this service")


def test_default_ports_count() -> None:
    app = create_app(FakeService())
    headers = {"host": "localhost", "origin": "http://localhost:80"}
    assert send(app, "GET", "/healthz", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("name", "loopback"),
    [("localhost", True), ("127.0.0.1", True), ("127.1.2.3", True), ("::1", True), ("0.0.0.0", False), ("::", False),
     ("", False), ("10.0.0.1", False), ("example.org", False), ("127.0.0.1.example.org", False)],
)  # fmt: skip
def test_loopback_names(name: str, loopback: bool) -> None:
    assert is_loopback(name) is loopback


async def _chunks(total: int, size: int = 1_000_000) -> AsyncIterator[bytes]:
    for start in range(0, total, size):
        yield b" " * min(size, total - start)


@pytest.mark.parametrize("path", ["/ask", "/search", "/documents"])
def test_a_large_body_is_refused_when_declared(app: FastAPI, path: str) -> None:
    headers = {"content-type": "application/json", "content-length": str(Bounds().size + 1)}
    expected = (413, "body-too-large", "the body is larger than 20,000,000 bytes; send less at a time")
    assert problem(send(app, "POST", path, content=b"{}", headers=headers)) == expected


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/ask", "application/json"),
        ("/documents", "application/json"),
        ("/documents", "multipart/form-data; boundary=b"),
    ],
)
def test_a_large_body_is_refused_while_it_comes(path: str, content_type: str) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
        async for chunk in _chunks(21_000_000):
            taken += len(chunk)
            yield chunk

    app = create_app(FakeService())
    response = send(app, "POST", path, content=endless(), headers={"content-type": content_type})
    assert problem(response)[:2] == (413, "body-too-large")
    assert taken == 20_000_000  # the 21st chunk is never asked for: the preamble of the first already made it too much


def test_the_limit_is_exact() -> None:
    service = FakeService()
    app = create_app(service, body=Bounds(size=100))
    body = b'{"question": "%s"}' % b"x"
    headers = {"content-type": "application/json"}
    exact = body + b" " * (100 - len(body))
    assert send(app, "POST", "/ask", content=exact, headers=headers).status_code == 200
    assert send(app, "POST", "/ask", content=exact + b" ", headers=headers).status_code == 413


@pytest.mark.parametrize(
    ("path", "content_type"), [("/ask", "application/json"), ("/documents", "multipart/form-data; boundary=b")]
)
@pytest.mark.parametrize("bounds", [Bounds(idle_seconds=0.1), Bounds(seconds=0.1)], ids=["idle", "slow"])
def test_a_body_that_does_not_end_is_given_up(path: str, content_type: str, bounds: Bounds) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
        while True:
            yield b" "
            sent += 1
            await asyncio.sleep(60 if bounds.idle_seconds < 1 else 0.01)

    response = send(
        create_app(FakeService(), body=bounds), "POST", path, content=endless(), headers={"content-type": content_type}
    )
    assert problem(response)[:2] == (408, "body-too-slow")
    assert response.headers["connection"] == "close"
    assert sent < 20


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/nowhere", (404, "not-found", "GET /nowhere: Not Found")),
        ("GET", "/static/../app.py", (404, "not-found", "GET /app.py: Not Found")),
        ("GET", "/static/nothing.js", (404, "not-found", "GET /static/nothing.js: Not Found")),
        ("PUT", "/ask", (405, "method-not-allowed", "PUT /ask: Method Not Allowed")),
        ("PUT", "/documents/x", (405, "method-not-allowed", "PUT /documents/x: Method Not Allowed")),
    ],
)
def test_wrong_paths_and_methods(app: FastAPI, method: str, path: str, expected: tuple[int, str, str]) -> None:
    assert problem(send(app, method, path)) == expected


@pytest.mark.parametrize(
    ("error", "status", "name"),
    [
        (StoreError("data: unreadable"), 503, "index-unavailable"),
        (FormatError("data: format 9"), 503, "index-unavailable"),
        (MismatchError("data: other model"), 503, "index-unavailable"),
        (ModelError("m: not there"), 503, "model-unavailable"),
        (RagError("something else"), 500, "internal"),
    ],
)
def test_library_errors_are_problems(
    app: FastAPI, service: FakeService, error: RagError, status: int, name: str
) -> None:
    service.failure = error
    for response in (
        send(app, "POST", "/ask", json={"question": "补贴"}),
        send(app, "GET", "/readyz"),
        send(app, "GET", "/documents"),
    ):
        assert problem(response) == (status, name, str(error))


def test_an_unforeseen_error_says_nothing_of_itself(app: FastAPI, service: FakeService) -> None:
    service.failure = ZeroDivisionError("secret")
    response = send(app, "POST", "/ask", json={"question": "补贴"}, headers={"x-request-id": "r-1"})
    assert problem(response)[:2] == (500, "internal")
    assert "secret" not in response.text
    assert response.headers["x-request-id"] == "r-1"
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz", "/documents", "/ask?q=补贴", "/nowhere"])
def test_head_has_the_status_and_headers_of_get(app: FastAPI, path: str) -> None:
    head, get = send(app, "HEAD", path), send(app, "GET", path)
    told = [{name: each.headers.get(name) for name in ("content-type", "content-length")} for each in (head, get)]
    assert (head.status_code, told[0]) == (get.status_code, told[1])


def test_health_and_readiness(app: FastAPI) -> None:
    assert send(app, "GET", "/healthz").json() == {"status": "ok"}
    ready = {"status": "ready", "documents": 2, "chunks": 5, "generation": 1, "model": "fake"}
    ready |= {"bundled": False, "writable": True}
    assert send(app, "GET", "/readyz").json() == ready


@pytest.mark.parametrize(
    ("path", "status"),
    [("/ask?q=补贴", 200), ("/ask", 422), ("/nowhere", 404), ("/", 200), ("/docs", 200), ("/static/app.js", 200)],
)
def test_every_response_carries_our_headers(app: FastAPI, path: str, status: int) -> None:
    response = send(app, "GET", path)
    assert response.status_code == status
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; ")
    assert "unsafe" not in policy.partition("style-src")[0]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert len(response.headers["x-request-id"]) == 16


def test_answers_are_not_kept_and_pages_are_asked_for_again(app: FastAPI) -> None:
    kept = {path: send(app, "GET", path).headers["cache-control"] for path in ("/ask?q=补贴", "/", "/static/app.js")}
    assert kept == {"/ask?q=补贴": "no-store", "/": "no-cache", "/static/app.js": "no-cache"}
    tag = send(app, "GET", "/static/app.js").headers["etag"]
    assert send(app, "GET", "/static/app.js", headers={"if-none-match": tag}).status_code == 304


def test_the_caller_may_name_its_request(app: FastAPI) -> None:
    assert send(app, "GET", "/healthz", headers={"x-request-id": "a.B-9_"}).headers["x-request-id"] == "a.B-9_"
    for bad in ("a b", "x" * 65, "a\tb"):
        assert send(app, "GET", "/healthz", headers={"x-request-id": bad}).headers["x-request-id"] != bad


def test_the_log_names_the_request_and_not_the_question(app: FastAPI, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "api.access"):
        send(app, "GET", "/ask", params={"q": "补贴"}, headers={"x-request-id": "r-2"})
    (line,) = [record.getMessage() for record in caplog.records if record.name == "api.access"]
    words = line.split()
    assert words[:4] == ["127.0.0.1", "GET", "'/ask'", "200"]
    assert words[-1] == "r-2"
    assert "补贴" not in line
