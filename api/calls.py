"""The Service behind an event loop: its methods block for milliseconds, so they run in a bounded number of threads."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Final

from anyio import CapacityLimiter, to_thread
from starlette.responses import Response

from rag.service import Service

READERS: Final = 4
"""Reading calls at a time. They are CPU work: more threads than a few only wait for each other."""

Work = Callable[[Service], dict[str, object] | Response | None]
"""What it returns is sent as JSON, or as it is when it is a response already."""


class Calls:
    """Runs work on the service and renders its result. Reading waits for reading only; writing is one at a time."""

    def __init__(self, service: Service, readers: int = READERS) -> None:
        self._service = service
        self._readers = CapacityLimiter(readers)
        self._writers = CapacityLimiter(1)

    async def read(self, work: Work) -> Response:
        """The result of `work` as a 200 response. Raises what the service raises."""
        return await to_thread.run_sync(partial(self._done, work, 200), limiter=self._readers)

    async def write(self, work: Work, status: int = 200) -> Response:
        """The same, after the writes that came before."""
        return await to_thread.run_sync(partial(self._done, work, status), limiter=self._writers)

    def _done(self, work: Work, status: int) -> Response:
        result = work(self._service)
        return result if isinstance(result, Response) else json_response(result, status)


def json_response(value: object, status: int = 200) -> Response:
    """JSON in UTF-8, Chinese as it is; a text with a lone surrogate, which UTF-8 cannot hold, is escaped instead."""
    try:
        content = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        content = json.dumps(value, allow_nan=False).encode()
    return Response(content, status, {"cache-control": "no-store"}, "application/json")
