"""The text of a chat completion (OpenAI's API) in an HTTP response: an event stream, or one JSON document."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from http.client import HTTPResponse
from typing import Literal

from rag.errors import LlmError


def pieces(response: HTTPResponse, max_bytes: int, max_chars: int) -> Iterator[str]:
    """The text in pieces, none empty, `max_chars` together at most: of an event stream as they come, of a document at once.

    Raises LlmError for an error of the server, another content type, a reply that is too long or breaks off; ValueError or
    RecursionError for what is not a chat completion.
    """
    kind = response.headers.get_content_type()
    if kind == "text/event-stream":
        found = _streamed(response, max_bytes)
    elif kind == "application/json":
        found = iter((_content(_parsed(response.read(max_bytes)), "message"),))
    else:
        raise LlmError("the server sent neither an event stream nor JSON: is RAG_LLM_URL the base of its API?")
    room = max_chars
    for piece in filter(None, found):
        room -= len(piece)
        if room < 0:
            raise LlmError(f"the reply is longer than {max_chars:,} characters")
        yield piece


def _streamed(response: HTTPResponse, max_bytes: int) -> Iterator[str]:
    """The text in a stream of server-sent events (WHATWG HTML, 9.2.6), up to [DONE] or the end after a finish reason."""
    finished = False
    for data in _events(response, max_bytes):
        if data.strip() == b"[DONE]":
            return
        event = _parsed(data)
        yield _content(event, "delta")
        finished = finished or _finished(event)
    if not finished:
        raise LlmError("the reply broke off", passing=True)


def _events(response: HTTPResponse, max_bytes: int) -> Iterator[bytes]:
    data: list[bytes] = []
    while line := response.readline(max_bytes):
        line = line.rstrip(b"\r\n")
        if line.startswith(b"data:"):
            data.append(line[5:].removeprefix(b" "))
        elif not line and data:
            yield b"\n".join(data)
            data = []


def _parsed(data: bytes) -> Mapping[str, object]:
    """The JSON object. Raises ValueError or RecursionError for anything else, LlmError for an error of the server's."""
    value = json.loads(data.decode("utf-8"))
    if not isinstance(value, dict):
        raise ValueError("not an object")
    if value.get("error"):
        raise LlmError("the server reported an error instead of a reply")
    return value


def _choice(event: Mapping[str, object]) -> Mapping[str, object]:
    """The first choice; empty where there is none, as in a last event that only counts tokens."""
    choices = event.get("choices")
    if not isinstance(choices, list):
        raise ValueError("no choices")
    choice = choices[0] if choices else {}
    if not isinstance(choice, dict):
        raise ValueError("a choice that is no object")
    return choice


def _content(event: Mapping[str, object], name: Literal["delta", "message"]) -> str:
    """The text of the first choice; empty where it has none, as in an event that only names the role."""
    holder = _choice(event).get(name)
    content = holder.get("content") if isinstance(holder, dict) else None
    if not isinstance(content, str | None):
        raise ValueError("content that is no text")
    return content or ""


def _finished(event: Mapping[str, object]) -> bool:
    return _choice(event).get("finish_reason") is not None
