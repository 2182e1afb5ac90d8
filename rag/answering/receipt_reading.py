"""Reading a receipt back: strict, so that nothing in the file escapes its digest."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rag.answering.receipt import KIND, VERSION, Receipt, ReceiptCitation, ReceiptPoint
from rag.errors import DocumentError


def parse(data: bytes, name: str) -> Receipt:
    """The receipt in a file's bytes; `name` is for the message. An altered receipt that still has its form is returned.

    Raises DocumentError: no JSON, no receipt, a receipt of a later version, or one that lacks a part or has a strange one.
    """
    try:
        body = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise DocumentError(
            f"{name!r} is not a receipt: no JSON ({error}); give a file of rag ask --receipt"
        ) from error
    if not isinstance(body, dict) or body.get("kind") != KIND:
        raise DocumentError(f"{name!r} is not a receipt: give a file of rag ask --receipt")
    if body.get("version") != VERSION:
        raise DocumentError(
            f"{name!r} is a receipt of version {body.get('version')!r}: this rag reads version {VERSION}"
        )
    try:
        return _receipt(_Fields(body, "the receipt"))
    except ValueError as error:
        raise DocumentError(f"{name!r} is no whole receipt, it was altered: {error}") from error


class _Fields:
    """The fields of a JSON object, each taken once and of one kind; `done` says that none is left. Raises ValueError."""

    def __init__(self, body: object, where: str) -> None:
        if not isinstance(body, dict):
            raise ValueError(f"{where} is not an object")
        self._body = dict(body)
        self._where = where

    def take(self, name: str) -> object:
        """The value of a field that must be there."""
        if name not in self._body:
            raise ValueError(f"{self._where} has no {name!r}")
        return self._body.pop(name)

    def text(self, name: str) -> str:
        """A string."""
        value = self.take(name)
        if not isinstance(value, str):
            raise ValueError(f"{name!r} of {self._where} is not a text")
        return value

    def optional(self, name: str) -> str | None:
        """A string or null."""
        value = self.take(name)
        if value is not None and not isinstance(value, str):
            raise ValueError(f"{name!r} of {self._where} is neither a text nor null")
        return value

    def number(self, name: str) -> int:
        """An integer; true and 1.0 are none."""
        return _integer(self.take(name), f"{name!r} of {self._where}")

    def flag(self, name: str) -> bool:
        """true or false."""
        value = self.take(name)
        if not isinstance(value, bool):
            raise ValueError(f"{name!r} of {self._where} is neither true nor false")
        return value

    def objects(self, name: str) -> Sequence[_Fields]:
        """An array of objects."""
        return [_Fields(item, f"{name}[{at}]") for at, item in enumerate(_array(self.take(name), name))]

    def done(self) -> None:
        """Raises ValueError for a field that no receipt has."""
        if self._body:
            raise ValueError(f"{self._where} has a strange field {next(iter(self._body))!r}")


def _receipt(body: _Fields) -> Receipt:
    body.take("kind")
    body.take("version")
    model = _Fields(body.take("model"), "model")
    receipt = Receipt(
        created=body.text("created"),
        question=body.text("question"),
        answered=body.flag("answered"),
        reason=body.optional("reason"),
        answer=body.text("answer"),
        points=tuple(map(_read_point, body.objects("points"))),
        citations=tuple(map(_read_citation, body.objects("citations"))),
        model=model.text("name"),
        model_fingerprint=model.text("fingerprint"),
        generation=body.number("generation"),
        digest=body.text("digest"),
    )
    model.done()
    body.done()
    return receipt


def _read_point(body: _Fields) -> ReceiptPoint:
    numbers = _array(body.take("citations"), "citations of a point")
    point = ReceiptPoint(
        text=body.text("text"),
        citations=tuple(_integer(number, "a citation of a point") for number in numbers),
        place=body.optional("place"),
    )
    body.done()
    return point


def _read_citation(body: _Fields) -> ReceiptCitation:
    document = _Fields(body.take("document"), "document of a citation")
    citation = ReceiptCitation(
        id=body.number("id"),
        document=document.text("id"),
        title=document.text("title"),
        source=document.text("source"),
        sha256=document.text("sha256"),
        start=body.number("start"),
        end=body.number("end"),
        quote=body.text("quote"),
        quote_sha256=body.text("quote_sha256"),
    )
    document.done()
    body.done()
    return citation


def _array(value: object, where: str) -> Sequence[object]:
    if not isinstance(value, list):
        raise ValueError(f"{where} is not an array")
    return value


def _integer(value: object, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{where} is not a whole number")
    return value


def _unique(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    """An object whose names differ: of two equal ones a reader sees either."""
    body = dict(pairs)
    if len(body) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return body


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")
