"""The OpenAPI description and the pages, every file from this package: no network is needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

from api import examples
from api.requests import DocumentRequest
from api.schemas import Problem

STATIC: Final = Path(__file__).parent / "static"
_BY_HAND: Final[tuple[type[BaseModel], ...]] = (DocumentRequest, Problem)


def install(app: Starlette) -> None:
    """Adds the page at /, the description's page at /docs, and their files under /static."""
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_route("/docs", _docs)
    app.add_route("/", _page)


def completed(description: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI description with examples, with the schemas that routes name by reference, and without the framework's own error shape."""
    _, written = models_json_schema(
        [(model, "validation") for model in _BY_HAND], ref_template="#/components/schemas/{model}"
    )
    for (path, method, status), shown in examples.RESPONSES.items():
        description["paths"][path][method]["responses"][status]["content"]["application/json"].update(shown)
    schemas = description["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas.update(written["$defs"])
    return description


async def _docs(request: Request) -> Response:
    return FileResponse(STATIC / "docs.html", media_type="text/html")


async def _page(request: Request) -> Response:
    return FileResponse(STATIC / "index.html", media_type="text/html")
