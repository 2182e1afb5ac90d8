"""Requests drawn from our own description, and beside it: the real service never fails, and errors are problem documents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from rag import config
from rag.service import Service
from tests.api.client import problem, send
from tests.examples import examples

pytestmark = pytest.mark.slow

TEXT = st.text(max_size=30) | st.sampled_from(
    ["祁东县有哪些人才政策?", "那乌海呢?", "2022", "2022-13", "\ud800", "a" * 2001]
)
NUMBER = st.integers(-(2**70), 2**70) | st.sampled_from([0, 1, 100, 101])
VALUE = st.recursive(
    st.none() | st.booleans() | NUMBER | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
BY_TYPE: dict[str, st.SearchStrategy[Any]] = {
    "string": TEXT,
    "integer": NUMBER,
    "boolean": st.booleans(),
    "array": st.lists(TEXT, max_size=3),
    "null": st.none(),
}


@pytest.fixture(scope="module")
def app(environ: dict[str, str]) -> Iterator[FastAPI]:
    service = Service.open(config.settings(environ=environ))
    yield create_app(service)
    service.close()


def _field(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    kinds = [each.get("type", "string") for each in schema.get("anyOf", [schema])]
    right = st.one_of(*(BY_TYPE[kind] for kind in kinds))
    return st.integers(0, 9).flatmap(lambda chance: VALUE if chance == 0 else right)


def _body(schema: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    fields = {name: _field(each) for name, each in schema["properties"].items()}
    required = {name: fields.pop(name) for name in schema.get("required", [])}
    return st.fixed_dictionaries(required, optional=fields | {"unknown": VALUE})


def _sound(response: httpx.Response) -> None:
    assert response.status_code < 500, response.text
    if response.status_code >= 400:
        problem(response)


@pytest.mark.parametrize(
    ("path", "shape"), [("/ask", "AskRequest"), ("/search", "SearchRequest"), ("/documents", "DocumentRequest")]
)
def test_bodies(app: FastAPI, path: str, shape: str) -> None:
    schema = app.openapi()["components"]["schemas"][shape]

    @examples(40)
    @given(_body(schema) | VALUE)
    def posted(body: Any) -> None:
        content = json.dumps(body).encode()
        _sound(send(app, "POST", path, content=content, headers={"Content-Type": "application/json"}))

    posted()


@examples(40)
@given(
    data=st.binary(max_size=60),
    kind=st.sampled_from(["application/json", "multipart/form-data; boundary=x", "text/plain", ""]),
)
@pytest.mark.parametrize("path", ["/ask", "/search", "/documents"])
def test_bytes(app: FastAPI, path: str, data: bytes, kind: str) -> None:
    _sound(send(app, "POST", path, content=data, headers={"Content-Type": kind}))


@examples(60)
@given(
    st.sampled_from(
        ["/ask", "/documents", "/documents/{}", "/answers/{}", "/answers/{}/receipt", "/answers/{}/report", "/{}"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.dictionaries(
        st.sampled_from(["q", "k", "place", "since", "until", "limit", "offset", "format", "x"]),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.integers().map(str),
    ),
)
def test_addresses(app: FastAPI, path: str, name: str, query: dict[str, str]) -> None:
    for method in ("GET", "DELETE"):
        _sound(send(app, method, path.format(quote(name, safe="")), params=query))
