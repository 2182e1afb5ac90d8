"""What POST /documents receives: one file of a form, or text as JSON; either way a source and bytes."""

from __future__ import annotations

from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from api import examples
from api.problems import INVALID_REQUEST, UNSUPPORTED, ProblemError, is_json
from api.requests import DocumentRequest, source_name

_FORM: Final = "multipart/form-data"
UPLOAD_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        _FORM: {
            "schema": {
                "type": "object",
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "source": {"type": "string", "description": "In place of the file's name."},
                },
                "required": ["file"],
            }
        },
        "application/json": {
            "schema": {"$ref": f"#/components/schemas/{DocumentRequest.__name__}"},
            "examples": examples.UPLOAD,
        },
    },
}


async def received(request: Request) -> tuple[str, bytes]:
    """Source and bytes of the document sent. Raises ProblemError or RequestValidationError when the body holds none."""
    if is_json(request):
        sent = _document(await request.body())
        return sent.source, sent.text.encode()
    if request.headers.get("content-type", "").lower().startswith(_FORM):
        async with request.form(max_files=1, max_fields=1) as form:
            return await _file(form)
    raise ProblemError(UNSUPPORTED, f"send a file as {_FORM}, or text as application/json")


def _document(body: bytes) -> DocumentRequest:
    try:
        return DocumentRequest.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError([{**item, "loc": ("body", *item["loc"])} for item in error.errors()]) from error


async def _file(form: FormData) -> tuple[str, bytes]:
    """The one file and its source: the field `source` if it is there, else the file's name without folders."""
    files = [value for value in form.values() if isinstance(value, UploadFile)]
    if len(files) != 1:
        raise ProblemError(INVALID_REQUEST, f"the form holds {len(files)} files; send exactly one")
    fields = {name: value for name, value in form.multi_items() if not isinstance(value, UploadFile)}
    if unknown := sorted(fields.keys() - {"source"}):
        raise ProblemError(INVALID_REQUEST, f"unknown form field {unknown[0]!r}; known are 'file' and 'source'")
    named = (files[0].filename or "").replace("\\", "/").rpartition("/")[2]
    try:
        source = source_name(str(fields.get("source", named)))
    except ValueError as error:
        raise ProblemError(INVALID_REQUEST, f"{error}; name the file, or send a field 'source'") from error
    return source, await files[0].read()
