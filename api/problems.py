"""Errors as RFC 9457 problem documents: one table of problem types, and the handlers that map exceptions to them.

`type` is `urn:policy-rag:problem:<name>`, the same for every occurrence; `detail` says what was wrong this time and
`instance` is the path asked for. A 422 from a malformed request adds `errors`, one entry for each field.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from rag.errors import DocumentError, ModelError, NotFoundError, RagError, StoreError, UsageError

MEDIA_TYPE: Final = "application/problem+json"
URN: Final = "urn:policy-rag:problem:"


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of problem: the last part of its URN, its HTTP status and its title."""

    name: str
    status: int
    title: str


MALFORMED: Final = Kind("malformed-request", 400, "The request is not HTTP")
INVALID_JSON: Final = Kind("invalid-json", 400, "The body is not JSON")
INVALID_REQUEST: Final = Kind("invalid-request", 422, "The request is not usable as given")
UNREADABLE: Final = Kind("unreadable-document", 422, "The file cannot be read as a document")
UNSUPPORTED: Final = Kind("unsupported-media-type", 415, "The body is of a type that is not accepted here")
NOT_FOUND: Final = Kind("not-found", 404, "There is nothing here")
FOREIGN_HOST: Final = Kind("foreign-host", 421, "This service answers on loopback names only")
FOREIGN_ORIGIN: Final = Kind("foreign-origin", 403, "This service does not take requests from other sites")
TOO_LARGE: Final = Kind("body-too-large", 413, "The body is too large")
TOO_SLOW: Final = Kind("body-too-slow", 408, "The body did not come in time")
INDEX_UNAVAILABLE: Final = Kind("index-unavailable", 503, "The index cannot be read or written")
MODEL_UNAVAILABLE: Final = Kind("model-unavailable", 503, "The embedding model cannot be used")
INTERNAL: Final = Kind("internal", 500, "The service failed")

_BY_STATUS: Final = {kind.status: kind for kind in (NOT_FOUND, TOO_LARGE, TOO_SLOW, UNSUPPORTED, INTERNAL)}
_BY_ERROR: Final[tuple[tuple[type[RagError], Kind], ...]] = (
    (UsageError, INVALID_REQUEST),
    (NotFoundError, NOT_FOUND),
    (DocumentError, UNREADABLE),
    (StoreError, INDEX_UNAVAILABLE),
    (ModelError, MODEL_UNAVAILABLE),
)
_JSON_BODY: Final = "send the body as JSON with Content-Type: application/json"


class ProblemError(Exception):
    """A request that a route turns down by itself. Carries the problem to send."""

    def __init__(self, kind: Kind, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


def problem(
    scope: Scope,
    kind: Kind,
    detail: str,
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The response for one occurrence, as application/problem+json. `errors` is left out when empty."""
    body: dict[str, object] = {
        "type": URN + kind.name,
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "instance": scope["path"],
    }
    if errors:
        body["errors"] = list(errors)
    content = json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Response(content, kind.status, headers, MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Makes every error that leaves a route a problem document: the library's, the framework's, and what nobody foresaw."""
    app.add_exception_handler(RagError, _rag_error)
    app.add_exception_handler(ProblemError, _problem_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(Exception, _unforeseen)


def of(error: RagError) -> Kind:
    """The problem type of a library error; INTERNAL for one that has none of its own."""
    return next((kind for cls, kind in _BY_ERROR if isinstance(error, cls)), INTERNAL)


async def _rag_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, RagError):
        raise error
    return problem(request.scope, of(error), str(error))


async def _problem_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, ProblemError):
        raise error
    return problem(request.scope, error.kind, error.detail)


async def _validation_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    found = error.errors()
    if found[0]["type"] == "json_invalid":
        return problem(request.scope, INVALID_JSON, _syntax(found[0]))
    if any(tuple(item["loc"]) == ("body",) for item in found) and not is_json(request):
        return problem(request.scope, UNSUPPORTED, _JSON_BODY)
    errors = [_field(item) for item in found]
    return problem(request.scope, INVALID_REQUEST, "; ".join(map(_line, errors)), errors=errors)


async def _http_exception(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    phrase = HTTPStatus(error.status_code).phrase
    kind = _BY_STATUS.get(error.status_code) or Kind(phrase.lower().replace(" ", "-"), error.status_code, phrase)
    detail = f"{request.method} {request.url.path}: {error.detail}" if error.detail == phrase else error.detail
    return problem(request.scope, kind, detail, headers=error.headers)


async def _unforeseen(request: Request, error: Exception) -> Response:
    """The error itself goes to the log (the server logs what is raised again), not to the caller."""
    return problem(request.scope, INTERNAL, "an error that nobody foresaw; the service's log has the details")


def is_json(request: Request) -> bool:
    """Whether the request says that its body is JSON."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return media == "application/json" or (media.startswith("application/") and media.endswith("+json"))


def _syntax(item: Mapping[str, Any]) -> str:
    """Where the JSON goes wrong; the framework and pydantic place it differently."""
    return f"{item['ctx']['error']} at character {item['loc'][1]}" if len(item["loc"]) > 1 else str(item["msg"])


def _field(item: Mapping[str, Any]) -> dict[str, str]:
    """One entry of `errors`: a JSON pointer into the body, or the name of a parameter; and what is wrong with it."""
    place, *path = item["loc"]
    if place == "body":
        return {"pointer": "#" + "".join(f"/{part}" for part in path), "detail": str(item["msg"])}
    return {"parameter": ".".join(map(str, path)), "detail": str(item["msg"])}


def _line(entry: Mapping[str, str]) -> str:
    return f"{entry.get('parameter', entry.get('pointer'))}: {entry['detail']}"
