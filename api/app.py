"""The HTTP service as an ASGI application: guards, routes and pages around one Service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.types import ASGIApp

from api import docs, problems, routes
from api.access import AccessLog
from api.calls import READERS, Calls
from api.guards import BodyLimit, Bounds, HeadAsGet, LoopbackOnly, SecurityHeaders
from api.receipts import Receipts
from rag.service import Service

_DESCRIPTION: Final = """
Cited answers from a folder of Chinese local-government articles. 提问得到带出处的回答，或说明缺什么的拒答。

Every offset is a half-open range of Unicode code points in the document's `text`, and every quote is that exact slice.
Errors are problem documents (RFC 9457). Requests are taken from this machine only, and bodies up to 20 MB that come within a minute.
"""


class App(FastAPI):
    """FastAPI with our guards outside everything, so that even an unforeseen error carries our headers and is logged."""

    body = Bounds()

    def build_middleware_stack(self) -> ASGIApp:
        """The guards, outermost first: log, headers, who may ask, how much may be sent; then the framework's own stack."""
        stack = BodyLimit(super().build_middleware_stack(), self.body)
        return AccessLog(SecurityHeaders(LoopbackOnly(HeadAsGet(stack))))

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI 3.1 description, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = docs.completed(super().openapi())
        return self.openapi_schema


def create_app(
    service: Service,
    *,
    close: bool = False,
    readers: int = READERS,
    body: Bounds | None = None,
    answers: Path | None = None,
) -> FastAPI:
    """The application. `close`: it closes the service when it shuts down. `body` says how large and slow a request may be. `answers` is a file
    that several processes keep their last answers in together; without one each keeps its own."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        if close:
            service.close()

    app = App(
        title="policy-rag",
        version=_version(),
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation,
        lifespan=lifespan,
    )
    app.body = body or app.body
    problems.install(app)
    calls = Calls(service, readers)
    for router in (routes.questions(calls, Receipts(answers)), routes.documents(calls), routes.health(calls)):
        app.include_router(router)
    docs.install(app)
    return app


def _operation(route: APIRoute) -> str:
    """The id of an operation in the description: the name of its function, which is unique here."""
    return route.name


def _version() -> str:
    """The installed distribution's version; a source tree on the path has none."""
    try:
        return version("policy-rag")
    except PackageNotFoundError:
        return "0"
