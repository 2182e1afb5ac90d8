"""A client for any OpenAI-compatible chat server, made of the standard library.

It speaks to the configured host and to no other: no proxies from the environment, no redirects. One clock runs over
everything (names, connection, handshake, second attempt, every byte), and one count over all bytes that come back, so that
a server which is slow, endless or mad costs at most the configured seconds and MAX_BYTES.
"""

from __future__ import annotations

import io
import json
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from errno import ENXIO
from http.client import HTTPConnection, HTTPException, HTTPResponse
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final, Literal, TypedDict, cast
from urllib.parse import SplitResult, urlsplit

from rag.answering.completion import pieces
from rag.config import LlmServer
from rag.errors import LlmError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

ATTEMPTS: Final = 2
BACKOFF_SECONDS: Final = 0.5
CONNECT_SECONDS: Final = 5.0
MAX_BYTES: Final = 4 << 20
MAX_REPLY_CHARS: Final = 20_000


class Message(TypedDict):
    """One message of a chat."""

    role: Literal["system", "user"]
    content: str


class Deadline:
    """A moment in the future."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = monotonic() + seconds

    def left(self) -> float:
        """Seconds until then, more than 0. Raises LlmError when it has passed."""
        left = self._end - monotonic()
        if left <= 0:
            raise LlmError(f"no complete reply within {self._seconds:g} s")
        return left


def chat(server: LlmServer, messages: Sequence[Message]) -> Iterator[str]:
    """The pieces of the model's reply as they come, in order, none empty, MAX_REPLY_CHARS together at most.

    A failed connection, 429 and 5xx are tried once more while nothing has come. Raises LlmError, also in mid-reply: only
    an iterator that ends by itself gave a complete reply.
    """
    deadline = Deadline(server.seconds)
    for attempt in range(1, ATTEMPTS + 1):
        begun = False
        try:
            with _failures(deadline), closing(_request(server, messages, deadline)) as exchange:
                for piece in pieces(exchange.response, MAX_BYTES, MAX_REPLY_CHARS):
                    begun = True
                    yield piece
            return
        except LlmError as error:
            if begun or not error.passing or attempt == ATTEMPTS:
                raise
        sleep(min(BACKOFF_SECONDS, deadline.left()))


@contextmanager
def _failures(deadline: Deadline) -> Iterator[None]:
    """Every way in which a connection fails, as LlmError."""
    try:
        yield
    except TimeoutError as error:
        deadline.left()
        raise LlmError("the server cannot be reached in time", passing=True) from error
    except ssl.SSLError as error:
        raise LlmError("no secure connection: the server's certificate or protocol is not accepted") from error
    except OSError as error:
        raise LlmError(f"the connection failed: {error.strerror or 'closed by the server'}", passing=True) from error
    except (HTTPException, ValueError, RecursionError) as error:
        raise LlmError("the server did not send a chat completion") from error


class _Timed(io.RawIOBase):
    """The bytes that a socket receives: none after the deadline, MAX_BYTES at most. Raises LlmError beyond either."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        super().__init__()
        self._socket = connection
        self._raw = connection.makefile("rb", buffering=0)
        self._deadline = deadline
        self._left = MAX_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        self._socket.settimeout(self._deadline.left())
        count = self._raw.readinto(buffer) or 0
        self._left -= count
        if self._left < 0:
            raise LlmError(f"the reply is longer than {MAX_BYTES:,} bytes")
        return count

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What http.client asks of a socket."""
        return io.BufferedReader(self)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Exchange:
    """One request that was answered with status 200."""

    def __init__(self, connection: HTTPConnection, response: HTTPResponse) -> None:
        self._connection = connection
        self.response = response

    def close(self) -> None:
        self.response.close()
        self._connection.close()


def _request(server: LlmServer, messages: Sequence[Message], deadline: Deadline) -> _Exchange:
    url = urlsplit(server.url)
    connection = HTTPConnection(cast(str, url.hostname), url.port or _port(url))
    try:
        connection.sock = _connected(url, deadline)
        body = json.dumps({"model": server.model, "messages": messages, "stream": True, "temperature": 0})
        connection.request("POST", _target(url), body.encode("ascii"), _headers(server))
        response = HTTPResponse(cast(socket.socket, _Timed(connection.sock, deadline)), method="POST")
        try:
            response.begin()
            _check_status(response.status)
        except BaseException:
            response.close()
            raise
    except BaseException:
        connection.close()
        raise
    return _Exchange(connection, response)


def _headers(server: LlmServer) -> Mapping[str, str]:
    headers = {
        "Content-Type": "application/json",
        "Accept": "text/event-stream, application/json",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    return headers if server.key is None else headers | {"Authorization": f"Bearer {server.key}"}


def _target(url: SplitResult) -> str:
    path = url.path.rstrip("/")
    path += "" if path.endswith("/chat/completions") else "/chat/completions"
    return f"{path}?{url.query}" if url.query else path


def _port(url: SplitResult) -> int:
    return 443 if url.scheme == "https" else 80


def _connected(url: SplitResult, deadline: Deadline) -> socket.socket:
    """A connection to the first address that takes one, in the resolver's order, encrypted for https."""
    host = cast(str, url.hostname)
    failure: OSError | None = None
    for address in _addresses(host, url.port or _port(url), deadline):
        try:
            found = socket.create_connection(address, timeout=min(CONNECT_SECONDS, deadline.left()))
        except OSError as error:
            failure = error
            continue
        found.settimeout(deadline.left())
        if url.scheme == "https":
            with _closed_on_failure(found):
                return ssl.create_default_context().wrap_socket(found, server_hostname=host)
        return found
    raise failure or OSError(ENXIO, "the name has no address")


@contextmanager
def _closed_on_failure(connection: socket.socket) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise


def _addresses(host: str, port: int, deadline: Deadline) -> Sequence[tuple[str, int]]:
    """What the name resolves to. The resolver takes no timeout, hence the thread, which ends when the resolver does."""
    answers: SimpleQueue[Sequence[tuple[str, int]] | OSError] = SimpleQueue()

    def look() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([(str(address[0]), port) for *_, address in found])
        except OSError as error:
            answers.put(error)

    Thread(target=look, daemon=True).start()
    try:
        answer = answers.get(timeout=deadline.left())
    except Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def _check_status(status: int) -> None:
    if status == 200:
        return
    if 300 <= status < 400:
        raise LlmError(f"the server redirects (HTTP {status}), which is refused: set RAG_LLM_URL to the final address")
    if status in (401, 403):
        raise LlmError(f"the server refuses the key (HTTP {status}): check RAG_LLM_KEY or RAG_LLM_KEY_FILE")
    if status == 404:
        raise LlmError("the server knows no such address or model (HTTP 404): check RAG_LLM_URL and RAG_LLM_MODEL")
    if 400 <= status < 500 and status != 429:
        raise LlmError(f"the server refuses the request (HTTP {status}): check RAG_LLM_MODEL")
    raise LlmError(f"the server answered with HTTP {status}", passing=status == 429 or status >= 500)
