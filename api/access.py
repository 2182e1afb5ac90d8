"""A name and a log line for every request."""

from __future__ import annotations

import logging
import re
import secrets
import time
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOGGER: Final = logging.getLogger("api.access")
_NAME: Final = re.compile(r"[A-Za-z0-9._\-]{1,64}")


class AccessLog:
    """Returns X-Request-Id (the caller's, if it is 1–64 characters of A–Z a–z 0–9 . _ -, else a new one) and logs one line:
    client, method, path, status, milliseconds, request id. The query string is left out: it holds the question."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope).get("x-request-id", "")
        name = asked if _NAME.fullmatch(asked) else secrets.token_hex(8)
        status = 500
        begun = time.perf_counter()

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", name.encode())]
            await send(message)

        try:
            await self.app(scope, receive, named)
        finally:
            client = (scope.get("client") or ("-",))[0]
            taken = (time.perf_counter() - begun) * 1000
            LOGGER.info("%s %s %r %d %.1fms %s", client, scope["method"], scope["path"], status, taken, name)
