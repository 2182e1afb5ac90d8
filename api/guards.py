"""Guards in front of the routes, as plain ASGI: who may ask, how much may be sent, and what every response carries.

The service has no keys yet, so the only caller it trusts is this machine. A loopback address alone does not keep web
pages out: a page elsewhere can post to 127.0.0.1, or rebind its own name to it. Hence Host must be a loopback name
and Origin, where a browser sends one, must be the service itself.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import FOREIGN_HOST, FOREIGN_ORIGIN, TOO_LARGE, TOO_SLOW, Kind, problem

_PORTS: Final = {"http": 80, "https": 443}
_AUTHORITY: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z.\-]+)(:\d{1,5})?")
_SECURITY: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
)


def is_loopback(host: str) -> bool:
    """Whether a host name or address, without port or brackets, is this machine's: localhost, 127.0.0.0/8 or ::1."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class LoopbackOnly:
    """Turns away requests whose Host is not a loopback name (421) or whose Origin is not this service (403)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (refusal := _foreign(scope)) is not None:
            kind, detail = refusal
            await problem(scope, kind, detail)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _foreign(scope: Scope) -> tuple[Kind, str] | None:
    headers = Headers(scope=scope)
    hosts, origins = headers.getlist("host"), headers.getlist("origin")
    host = _split(f"{scope['scheme']}://{hosts[0]}") if len(hosts) == 1 and _AUTHORITY.fullmatch(hosts[0]) else None
    if host is None or not is_loopback(host.hostname or ""):
        return FOREIGN_HOST, f"Host {', '.join(hosts)!r} is not a loopback name; use 127.0.0.1 or localhost"
    if not all(_same_origin(origin, host) for origin in origins):
        return FOREIGN_ORIGIN, f"Origin {', '.join(origins)!r} is not this service"
    return None


def _same_origin(origin: str, host: SplitResult) -> bool:
    """Loopback names stand for one another; scheme and port must agree."""
    parts = _split(origin)
    return parts is not None and is_loopback(parts.hostname or "") and _door(parts) == _door(host)


def _door(parts: SplitResult) -> tuple[str, int | None]:
    return parts.scheme, parts.port if parts.port is not None else _PORTS.get(parts.scheme)


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # checked on access
    except ValueError:
        return None
    return parts


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a request body may take: bytes as sent, seconds from its first to its last byte, and seconds without any."""

    size: int = 20_000_000
    seconds: float = 60.0
    idle_seconds: float = 10.0


class BodyLimit:
    """Ends a request with 413 as soon as its body is known to be too large, declared or counted as it comes, and with 408 when it
    does not come in time; then the connection is closed. (After a 413 the rest is read, or who sends it would never see the answer.)"""

    def __init__(self, app: ASGIApp, bounds: Bounds) -> None:
        self.app = app
        self.bounds = bounds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        detail = f"the body is larger than {self.bounds.size:,} bytes; send less at a time"
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared) > self.bounds.size:
            await problem(scope, TOO_LARGE, detail)(scope, receive, send)
            return
        clock = asyncio.get_running_loop().time
        end = clock() + self.bounds.seconds
        taken, whole = 0, False

        async def counted() -> Message:
            nonlocal taken, whole
            if whole:
                return await receive()
            try:
                async with asyncio.timeout_at(min(end, clock() + self.bounds.idle_seconds)):
                    message = await receive()
            except TimeoutError as error:
                raise HTTPException(TOO_SLOW.status, self._late(), {"connection": "close"}) from error
            taken += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if taken > self.bounds.size:
                raise HTTPException(TOO_LARGE.status, detail)
            return message

        await self.app(scope, counted, send)

    def _late(self) -> str:
        return (
            f"the body did not come: {self.bounds.idle_seconds:g} s passed without a part of it, or {self.bounds.seconds:g} s in all; "
            "send it again"
        )


class HeadAsGet:
    """Answers HEAD as GET, which every resource that has a GET must (RFC 9110, 9.3.2); the server sends no body to HEAD."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await self.app(scope, receive, send)


class SecurityHeaders:
    """Adds to every response what keeps a browser from running, framing or guessing at anything that is not ours, and
    from using a page of an older version: what says nothing of caching is asked for again each time."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message["headers"], *_SECURITY]
                if all(name != b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"no-cache"))
                message["headers"] = headers
            await send(message)

        await self.app(scope, receive, secured)
