"""A real server on a free loopback port: start, answer, large bodies, workers, end."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import time
from pathlib import Path

import pytest

from api.server import serve
from rag.errors import StoreError, UsageError
from rag.service import Service
from tests.api.fake import FakeService
from tests.api.serving import served


def _request(port: int, method: str, path: str, body: object = None) -> tuple[int, dict[str, object]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(
        method,
        path,
        body,  # type: ignore[arg-type]  # an iterable is sent in chunks
        {"Content-Type": "application/json"},
        encode_chunked=True,
    )
    response = connection.getresponse()
    answer = json.loads(response.read() or b"{}")
    connection.close()
    return response.status, answer


@pytest.mark.slow
def test_a_server_answers_logs_and_ends_quietly() -> None:
    with served() as (port, process):
        status, body = _request(port, "POST", "/ask", json.dumps({"question": "专项资金"}).encode())
        assert (status, body["answer"]) == (200, "甲县设立人才发展专项资金500万元。")
        chunks = (b" " * 1_000_000 for _ in range(21))
        status, body = _request(port, "POST", "/documents", chunks)
        assert (status, body["type"]) == (413, "urn:policy-rag:problem:body-too-large")
        status, body = _request(port, "POST", "/ask", b" " * 20_000_001)
        assert (status, body["status"]) == (413, 413)
        process.send_signal(signal.SIGINT)
        out, log = process.communicate(timeout=20)
    assert process.returncode == 0
    assert out == ""
    assert [line.split()[4:7] for line in log.splitlines()] == [
        ["POST", "'/ask'", "200"],
        ["POST", "'/documents'", "413"],
        ["POST", "'/ask'", "413"],
    ]


@pytest.mark.slow
def test_a_head_that_never_ends_is_cut_off_and_a_slow_answer_is_not() -> None:
    with served(head_seconds=0.5) as (port, _):
        with (
            socket.create_connection(("127.0.0.1", port), 20) as slow,
            socket.create_connection(("127.0.0.1", port), 20) as mute,
        ):
            begun = time.monotonic()
            slow.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ")
            for _ in range(3):
                time.sleep(0.1)
                slow.sendall(b"a")
            assert slow.recv(1) == mute.recv(1) == b""
            assert time.monotonic() - begun < 5
        with socket.create_connection(("127.0.0.1", port), 20) as kept:
            kept.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert kept.recv(12) == b"HTTP/1.1 200"
            time.sleep(0.8)
            kept.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            assert b"HTTP/1.1 200" in b"".join(iter(lambda: kept.recv(65536), b""))


@pytest.mark.slow
def test_what_is_not_http_is_a_problem_and_head_has_no_body() -> None:
    with served() as (port, _):
        told = {}
        for line in ("GET /ask?q=博士 HTTP/1.1", "HEAD /healthz HTTP/1.1"):
            with socket.create_connection(("127.0.0.1", port), 20) as caller:
                caller.sendall(f"{line}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
                head, _, told[line[:4]] = b"".join(iter(lambda: caller.recv(65536), b"")).partition(b"\r\n\r\n")
                assert head.startswith({"GET ": b"HTTP/1.1 400", "HEAD": b"HTTP/1.1 200"}[line[:4]])
        assert json.loads(told["GET "])["type"] == "urn:policy-rag:problem:malformed-request"
        assert told["HEAD"] == b""


@pytest.mark.slow
def test_what_comes_after_an_answer_is_not_waited_for_for_long() -> None:
    with served(head_seconds=0.5) as (port, _), socket.create_connection(("127.0.0.1", port), 20) as slow:
        slow.sendall(b"POST /ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 30000000\r\n\r\n{")
        begun = time.monotonic()
        assert slow.recv(65536).startswith(b"HTTP/1.1 413 ")
        assert b"".join(iter(lambda: slow.recv(65536), b"")).count(b"HTTP/1.1") == 0
        assert time.monotonic() - begun < 5


@pytest.mark.slow
@pytest.mark.parametrize("framing", ["Content-Length: 100", "Transfer-Encoding: chunked"])
def test_a_body_that_never_ends_is_given_up_and_the_connection_closed(framing: str) -> None:
    with served(idle_seconds=0.3) as (port, _), socket.create_connection(("127.0.0.1", port), 20) as slow:
        begun = time.monotonic()
        head = f"POST /ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{framing}\r\n\r\n"
        slow.sendall(head.encode() + b"1\r\n{\r\n")
        told = b"".join(iter(lambda: slow.recv(65536), b""))
        assert time.monotonic() - begun < 5
    head_told, _, body = told.partition(b"\r\n\r\n")
    assert head_told.startswith(b"HTTP/1.1 408 ")
    assert json.loads(body)["type"] == "urn:policy-rag:problem:body-too-slow"


@pytest.mark.slow
def test_an_answer_is_there_from_every_worker() -> None:
    with served(workers=2) as (port, _):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("POST", "/ask", json.dumps({"question": "补贴"}), {"Content-Type": "application/json"})
        response = connection.getresponse()
        body, name = json.loads(response.read()), response.headers["answer-id"]
        connection.close()
        assert [_request(port, "GET", f"/answers/{name}") for _ in range(20)] == [(200, body)] * 20


@pytest.mark.slow
def test_a_kept_connection_does_not_wait_for_acknowledgements() -> None:
    """With Nagle's algorithm on, every answer after the first takes 40 ms; without it, about one."""
    with served() as (port, _):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        taken = []
        for _ in range(20):
            begun = time.perf_counter()
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            taken.append(time.perf_counter() - begun)
        connection.close()
    assert min(taken[1:]) < 0.03


@pytest.mark.slow
def test_workers_share_the_port() -> None:
    with served(workers=2) as (port, process):
        answers = [_request(port, "GET", "/healthz") for _ in range(20)]
        assert answers == [(200, {"status": "ok"})] * 20
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        assert len(children) >= 2
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 1)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.org", ""])
def test_other_hosts_are_refused(host: str) -> None:
    with pytest.raises(UsageError, match=re.escape(f"host {host!r} is not a loopback address")):
        serve(FakeService, host=host)


@pytest.mark.parametrize(
    ("port", "workers", "message"),
    [
        (-1, 1, "port -1 is outside 0–65535"),
        (65536, 1, "port 65536 is outside 0–65535"),
        (0, 0, "workers 0 is outside 1–64"),
    ],
)
def test_numbers_out_of_range_are_refused(port: int, workers: int, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        serve(FakeService, port=port, workers=workers)


def test_a_port_in_use_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(UsageError, match=f"cannot listen on 127.0.0.1:{port}: Address already in use"):
            serve(FakeService, port=port)


def _fails() -> Service:
    raise StoreError("data: not an index")


@pytest.mark.parametrize("workers", [1, 2])
def test_an_index_that_cannot_be_opened_ends_the_start(workers: int) -> None:
    with pytest.raises(StoreError, match="data: not an index"):
        serve(_fails, port=0, workers=workers)
