"""OpenAI-compatible servers on the loopback: honest, lying, broken. Each takes one script, a function of the open connection."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

from rag.config import LlmServer

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
Script = Callable[[socket.socket], None]


@dataclass
class Server:
    """What was asked of it: one entry a request. `closing` is set when the test is over: slow scripts stop."""

    port: int
    closing: Event
    heads: list[str] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)

    def named(self, seconds: float = 5.0, key: str | None = None) -> LlmServer:
        """Its address as a setting."""
        return LlmServer(f"http://127.0.0.1:{self.port}/v1", "tiny", key, seconds)


@contextmanager
def serving(*scripts: Script) -> Iterator[Server]:
    """A server that plays the scripts in turn, the last one again and again, one connection at a time."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        server = Server(listener.getsockname()[1], Event())
        thread = Thread(target=_serve, args=(listener, server, scripts))
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            thread.join()


def _serve(listener: socket.socket, server: Server, scripts: Sequence[Script]) -> None:
    played = 0
    while not server.closing.is_set():
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            continue
        with connection, suppress(OSError):
            connection.settimeout(5)
            _read(connection, server)
            scripts[min(played, len(scripts) - 1)](connection)
            played += 1
            connection.shutdown(socket.SHUT_WR)


def _read(connection: socket.socket, server: Server) -> None:
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65_536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    while len(body) < length:
        body += connection.recv(65_536)
    server.heads.append(head.decode("latin-1"))
    server.bodies.append(json.loads(body))


def event(content: str | None, finish: str | None = None) -> bytes:
    """One event of a stream."""
    delta = {"role": "assistant"} if content is None else {"content": content}
    data = {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def stream(text: str, size: int = 3, *, end: bytes = b"data: [DONE]\n\n") -> bytes:
    """A whole stream, `size` characters an event."""
    pieces = [event(text[i : i + size]) for i in range(0, len(text), size)]
    return HEAD + event(None) + b"".join(pieces) + event("", "stop") + end


def says(text: str, size: int = 3) -> Script:
    """A server that answers so."""
    return sends(stream(text, size))


def sends(data: bytes) -> Script:
    """A server that sends these bytes and closes."""
    return lambda connection: connection.sendall(data)


def status(code: int, *headers: str, body: str = "") -> Script:
    """A server that answers with this status."""
    lines = [f"HTTP/1.1 {code} X", f"Content-Length: {len(body.encode())}", *headers, "", body]
    return sends("\r\n".join(lines).encode())


def drips(head: bytes, drop: bytes, server: Callable[[], Server], pause: float = 0.02) -> Script:
    """A server that sends `drop` again and again until the test is over or the client leaves."""

    def script(connection: socket.socket) -> None:
        connection.sendall(head)
        while not server().closing.wait(pause):
            connection.sendall(drop)

    return script


def floods(head: bytes, block: bytes, times: int) -> Script:
    """A server that sends a block many times, as fast as it can."""

    def script(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(times):
            connection.sendall(block)

    return script
