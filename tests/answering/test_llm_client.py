"""The client against servers that are honest, slow, mad or gone. Each failure is one line, in time, without a secret."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from itertools import chain
from time import monotonic

import pytest

from rag.answering.llm import MAX_BYTES, MAX_REPLY_CHARS, Message, chat
from rag.config import LlmServer
from rag.errors import LlmError
from tests.answering.llm_servers import HEAD, Script, Server, drips, event, floods, says, sends, serving, status, stream

ASKED: tuple[Message, ...] = ({"role": "user", "content": "祁东"},)
TEXT = "甲县给予博士30万元[1]。🏛"
KEY = "sk-secret-0123456789"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.answering.llm.BACKOFF_SECONDS", 0.01)


def _reply(server: LlmServer) -> str:
    return "".join(chat(server, ASKED))


def _failure(server: LlmServer) -> str:
    with pytest.raises(LlmError) as caught:
        _reply(server)
    return str(caught.value)


def test_a_stream_comes_in_pieces_as_sent() -> None:
    with serving(says(TEXT, 4)) as server:
        assert list(chat(server.named(), ASKED)) == [TEXT[i : i + 4] for i in range(0, len(TEXT), 4)]


@pytest.mark.parametrize(
    "data",
    [
        stream(TEXT),
        stream(TEXT, end=b""),
        stream(TEXT).replace(b"\n", b"\r\n").replace(b"\r\r", b"\r"),
        stream(TEXT).replace(b"data: ", b"data:"),
        stream(TEXT).replace(b"data: {", b": ping\n\nevent: message\nid: 7\ndata: {"),
        stream(TEXT).replace(b"data: [DONE]", b'data: {"choices": [], "usage": {"total_tokens": 9}}\n\ndata: [DONE]'),
        HEAD.replace(b"text/event-stream", b"application/json; charset=utf-8")
        + json.dumps({"choices": [{"message": {"role": "assistant", "content": TEXT}}]}).encode(),
    ],
    ids=["done", "finish reason only", "crlf", "no space", "comments and fields", "usage event", "one document"],
)
def test_every_form_of_a_reply_is_the_same_text(data: bytes) -> None:
    with serving(sends(data)) as server:
        assert _reply(server.named()) == TEXT


def test_chunked_transfer() -> None:
    body = stream(TEXT).removeprefix(HEAD)
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:7], body[7:90], body[90:])) + b"0\r\n\r\n"
    with serving(sends(HEAD.replace(b"Connection: close", b"Transfer-Encoding: chunked") + chunks)) as server:
        assert _reply(server.named()) == TEXT


def test_what_is_sent() -> None:
    with serving(says(TEXT)) as server:
        _reply(server.named(key=KEY))
    (head,), (body,) = server.heads, server.bodies
    assert head.splitlines()[0] == "POST /v1/chat/completions HTTP/1.1"
    assert {f"Host: 127.0.0.1:{server.port}", f"Authorization: Bearer {KEY}", "Accept-Encoding: identity"} <= set(
        head.splitlines()
    )
    assert body == {"model": "tiny", "messages": list(ASKED), "stream": True, "temperature": 0}


def test_without_a_key_nothing_is_authorised() -> None:
    with serving(says(TEXT)) as server:
        _reply(server.named())
    assert "authorization" not in server.heads[0].lower()


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("", "/chat/completions"),
        ("/v1", "/v1/chat/completions"),
        ("/v1/chat/completions", "/v1/chat/completions"),
        ("/openai?api-version=2", "/openai/chat/completions?api-version=2"),
    ],
)
def test_the_address_that_is_asked(path: str, target: str) -> None:
    with serving(says(TEXT)) as server:
        _reply(LlmServer(f"http://127.0.0.1:{server.port}{path}", "tiny"))
    assert server.heads[0].split()[1] == target


@pytest.mark.parametrize("first", [status(429), status(500), status(503), sends(b""), sends(HEAD + event(None))])
def test_a_passing_failure_is_tried_once_more(first: Script) -> None:
    with serving(first, says(TEXT)) as server:
        assert _reply(server.named()) == TEXT
    assert len(server.bodies) == 2


@pytest.mark.parametrize(
    ("script", "message", "requests"),
    [
        (status(500, body="Bearer " + KEY), "the server answered with HTTP 500", 2),
        (status(429), "the server answered with HTTP 429", 2),
        (status(400, body=KEY), "the server refuses the request (HTTP 400): check RAG_LLM_MODEL", 1),
        (status(401), "the server refuses the key (HTTP 401): check RAG_LLM_KEY or RAG_LLM_KEY_FILE", 1),
        (status(404), "the server knows no such address or model (HTTP 404): check RAG_LLM_URL and RAG_LLM_MODEL", 1),
        (status(200, "Content-Type: text/html", body="<html>"), "the server sent neither an event stream nor JSON: is RAG_LLM_URL the base of its API?", 1),
        (sends(b""), "the connection failed: closed by the server", 2),
        (sends(b"SSH-2.0-OpenSSH_9.2\r\n"), "the server did not send a chat completion", 1),
        (sends(b"\0" * 5000), "the server did not send a chat completion", 1),
        (sends(HEAD + b"data: {\"choices\": [\0\n\n"), "the server did not send a chat completion", 1),
        (sends(HEAD + b"data: \xff\xfe\n\n"), "the server did not send a chat completion", 1),
        (sends(HEAD + b"data: 7\n\n"), "the server did not send a chat completion", 1),
        (sends(HEAD + b"data: {}\n\n"), "the server did not send a chat completion", 1),
        (sends(HEAD + b'data: {"choices": [{"delta": {"content": 5}}]}\n\n'), "the server did not send a chat completion", 1),
        (sends(HEAD + b"data: " + b"[" * 200_000 + b"\n\n"), "the server did not send a chat completion", 1),
        (sends(HEAD + b"data: " + b"9" * 9_000 + b"\n\n"), "the server did not send a chat completion", 1),
        (sends(HEAD + b'data: {"error": {"message": "' + KEY.encode() + b'"}}\n\n'), "the server reported an error instead of a reply", 1),
        (sends(HEAD + b"hello\n\nworld\n\n"), "the reply broke off", 2),
        (sends(HEAD + event("甲县给予") + event("博士")), "the reply broke off", 1),
        (sends(HEAD.replace(b"close", b"close\r\n" + b"X: y\r\n" * 200)), "the server did not send a chat completion", 1),
        (floods(HEAD, b"x" * 1_000_000, 100), f"the reply is longer than {MAX_BYTES:,} bytes", 1),
        (floods(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n" * 40_000, 100), f"the reply is longer than {MAX_BYTES:,} bytes", 1),
        (floods(HEAD, event("话" * 100), MAX_REPLY_CHARS), f"the reply is longer than {MAX_REPLY_CHARS:,} characters", 1),
    ],
)  # fmt: skip
def test_a_failure_is_one_line_that_repeats_nothing(script: Script, message: str, requests: int) -> None:
    with serving(script) as server:
        assert _failure(server.named(key=KEY)) == message
    assert len(server.bodies) == requests


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_refused(code: int) -> None:
    with (
        serving(says(TEXT)) as elsewhere,
        serving(status(code, f"Location: http://127.0.0.1:{elsewhere.port}/v1/chat/completions")) as server,
    ):
        assert f"redirects (HTTP {code})" in _failure(server.named(key=KEY))
    assert (len(server.bodies), elsewhere.bodies) == (1, [])


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(says("代理")) as proxy, serving(says(TEXT)) as server:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert _reply(server.named()) == TEXT
    assert proxy.bodies == []


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert _failure(LlmServer(f"http://127.0.0.1:{port}", "tiny")) == "the connection failed: Connection refused"


def test_a_name_that_does_not_exist() -> None:
    assert _failure(LlmServer("http://no-such-host.invalid", "tiny", None, 5)).startswith("the connection failed: ")


def test_a_server_that_speaks_no_tls() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        started = monotonic()
        # Nobody accepts: the handshake waits for its deadline.
        assert _failure(LlmServer(f"https://127.0.0.1:{port}", "tiny", None, 0.3)) == "no complete reply within 0.3 s"
        assert monotonic() - started < 1


@pytest.mark.parametrize(
    ("head", "drop"),
    [(b"", b""), (b"HTTP/1.1 200 OK\r\nX: ", b"y"), (HEAD, b"d"), (HEAD, b": ping\n\n"), (HEAD, event("甲"))],
    ids=["silence", "header", "line", "pings", "text without end"],
)
def test_a_slow_server_costs_the_deadline_and_no_more(head: bytes, drop: bytes) -> None:
    found: list[Server] = []
    script: Callable[[socket.socket], None] = drips(head, drop, lambda: found[0])
    with serving(script) as server:
        found.append(server)
        started = monotonic()
        assert _failure(server.named(seconds=0.3)) == "no complete reply within 0.3 s"
        assert 0.3 <= monotonic() - started < 1


def test_the_deadline_holds_for_both_attempts_together() -> None:
    found: list[Server] = []
    with serving(status(503), drips(b"", b"", lambda: found[0])) as server:
        found.append(server)
        started = monotonic()
        assert _failure(server.named(seconds=0.3)) == "no complete reply within 0.3 s"
        assert monotonic() - started < 1


def test_pieces_come_before_the_reply_ends() -> None:
    found: list[Server] = []
    with serving(drips(HEAD + event("甲县"), b"", lambda: found[0])) as server:
        found.append(server)
        replies = chat(server.named(seconds=5), ASKED)
        started = monotonic()
        assert next(replies) == "甲县"
        assert monotonic() - started < 1
        replies.close()


def test_the_key_is_not_in_the_text_of_the_setting() -> None:
    assert KEY not in repr(LlmServer("http://127.0.0.1", "tiny", KEY))


def test_no_traceback_holds_what_the_server_sent() -> None:
    with serving(status(500, body=KEY)) as server, pytest.raises(LlmError) as caught:
        _reply(server.named(key=KEY))
    chained = chain(iter([caught.value]), [caught.value.__cause__, caught.value.__context__])
    assert all(KEY not in str(error) for error in chained)
