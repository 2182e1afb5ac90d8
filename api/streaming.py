"""An answer as server-sent events: each sentence of an LLM once it is checked, then the answer whole.

    event: sentence     data: {"text"}                        none without an LLM
    event: answer       data: the document of POST /ask       id: its Answer-Id; always the last event
    event: problem      data: a problem document              in place of the answer, when the service fails on the way

(WHATWG HTML, “Server-sent events”.) What fails before the first event is an ordinary problem response.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api.calls import Calls
from api.problems import INTERNAL, of, problem
from rag.errors import RagError
from rag.service import Service

MEDIA_TYPE: Final = "text/event-stream"
Release = Callable[[str], None]
Work = Callable[[Service, Release], tuple[str, dict[str, object]]]
"""Asks, releasing sentences; gives the answer's id and its document."""


def wanted(request: Request) -> bool:
    """Whether the caller takes events: Accept names them, as EventSource and its like do."""
    ranges = request.headers.get("accept", "").lower().split(",")
    return any(one.partition(";")[0].strip() == MEDIA_TYPE for one in ranges)


async def streamed(request: Request, calls: Calls, work: Work) -> Response:
    """The events of one answer. Raises what the service raises before there is anything to send."""
    loop = asyncio.get_running_loop()
    events: asyncio.Queue[bytes | Exception | None] = asyncio.Queue()

    def put(event: bytes) -> None:
        loop.call_soon_threadsafe(events.put_nowait, event)

    def done(service: Service) -> Response:
        name, body = work(service, lambda text: put(encoded("sentence", {"text": text})))
        put(encoded("answer", body, name))
        return Response()

    async def run() -> None:
        try:
            await calls.read(done)
            events.put_nowait(None)
        except Exception as error:  # the status may be sent already: what fails is then the last event
            events.put_nowait(error)

    task = asyncio.create_task(run())
    first = await events.get()
    if isinstance(first, Exception):
        raise first

    async def rest() -> AsyncIterator[bytes]:
        event: bytes | Exception | None = first
        while isinstance(event, bytes):
            yield event
            event = await events.get()
        if event is not None:
            yield _failed(request, event)
        await task

    return StreamingResponse(rest(), media_type=MEDIA_TYPE, headers={"cache-control": "no-store"})


def encoded(name: str, value: object, id_: str | None = None) -> bytes:
    """One event. JSON has no line breaks outside of strings, and those in them are escaped: one data line holds it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    head = f"event: {name}\n" + (f"id: {id_}\n" if id_ else "")
    return f"{head}data: {text}\n\n".encode("utf-8", "backslashreplace")


def _failed(request: Request, error: Exception) -> bytes:
    kind, detail = (of(error), str(error)) if isinstance(error, RagError) else (INTERNAL, INTERNAL.title)
    return encoded("problem", json.loads(bytes(problem(request.scope, kind, detail).body)))
