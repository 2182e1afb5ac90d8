"""The OpenAPI description, its page, and that no page reaches for another host."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from api import examples
from api.docs import STATIC
from api.requests import AskRequest, DocumentRequest, SearchRequest
from api.schemas import AnswerShape, DocumentsShape, FullDocumentShape, HitsShape, PageShape
from tests.api.client import send

ROUTES = {
    ("/ask", "post"): {"200", "400", "408", "413", "415", "422", "503"},
    ("/ask", "get"): {"200", "422", "503"},
    ("/answers/{id}", "get"): {"200", "404", "422", "503"},
    ("/answers/{id}/receipt", "get"): {"200", "404", "422", "503"},
    ("/answers/{id}/report", "get"): {"200", "404", "422", "503"},
    ("/search", "post"): {"200", "400", "408", "413", "415", "422", "503"},
    ("/documents", "get"): {"200", "422", "503"},
    ("/documents", "post"): {"201", "400", "408", "413", "415", "422", "503"},
    ("/documents/{id}", "get"): {"200", "404", "422", "503"},
    ("/documents/{id}", "patch"): {"200", "400", "404", "408", "413", "415", "422", "503"},
    ("/documents/{id}", "delete"): {"204", "404", "422", "503"},
    ("/healthz", "get"): {"200"},
    ("/readyz", "get"): {"200", "503"},
}


@pytest.fixture
def description(app: FastAPI) -> dict[str, Any]:
    found: dict[str, Any] = send(app, "GET", "/openapi.json").json()
    return found


def test_every_route_and_status_is_described(description: dict[str, Any]) -> None:
    described = {
        (path, method): set(operation["responses"])
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    }
    assert described == ROUTES


def test_every_reference_leads_to_a_schema(description: dict[str, Any]) -> None:
    named = set(re.findall(r"#/components/schemas/(\w+)", str(description)))
    assert named <= description["components"]["schemas"].keys()
    assert {"Problem", "DocumentRequest", "AnswerShape"} <= named
    assert "HTTPValidationError" not in description["components"]["schemas"]


def test_limits_are_documented(description: dict[str, Any]) -> None:
    fields = description["components"]["schemas"]["AskRequest"]["properties"]
    assert (fields["question"]["minLength"], fields["question"]["maxLength"]) == (1, 2000)
    assert (fields["k"]["minimum"], fields["k"]["maximum"], fields["k"]["default"]) == (1, 100, 10)


@pytest.mark.parametrize(
    ("shape", "values"),
    [
        (AskRequest, [shown["value"] for shown in examples.ASK.values()]),
        (SearchRequest, [shown["value"] for shown in examples.SEARCH.values()]),
        (DocumentRequest, [shown["value"] for shown in examples.UPLOAD.values()]),
        (AnswerShape, [examples.ANSWER, examples.REFUSAL]),
        (HitsShape, [examples.HITS]),
        (FullDocumentShape, [examples.FULL_DOCUMENT]),
        (PageShape, [{"documents": [examples.DOCUMENT], "total": 1}]),
        (DocumentsShape, [{"documents": [examples.DOCUMENT]}]),
    ],
)
def test_examples_have_the_shape_that_they_illustrate(shape: type[BaseModel], values: list[object]) -> None:
    assert [shape.model_validate(value).model_dump(mode="json", exclude_unset=True) for value in values] == values


def test_examples_quote_exactly() -> None:
    (citation,) = AnswerShape.model_validate(examples.ANSWER).citations
    quote = citation.quote
    assert examples.TEXT[quote.start : quote.end] == quote.text
    assert quote.focus is not None
    assert quote.text[quote.focus.start : quote.focus.end] == "500万元"


def test_examples_are_sent_whole(description: dict[str, Any]) -> None:
    """Nulls included: the framework drops them from examples given to it."""
    content = description["paths"]["/ask"]["post"]["responses"]["200"]["content"]["application/json"]
    assert [shown["value"] for shown in content["examples"].values()] == [examples.ANSWER, examples.REFUSAL]
    languages = description["paths"]["/ask"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    assert {"chinese", "english"} <= languages.keys()


PAGES = sorted(
    path for path in STATIC.iterdir() if path.suffix in {".html", ".css", ".js"} and path.name != "swagger-ui-bundle.js"
)


@pytest.mark.parametrize("path", PAGES, ids=[path.name for path in PAGES])
def test_no_page_names_another_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.name == "swagger-ui.css":  # names of XML namespaces inside data: images are not fetched
        text = text.replace("http://www.w3.org/2000/svg", "").replace("http://www.w3.org/1999/xlink", "")
    assert re.findall(r"(?:https?:)?//[\w.-]+\.\w+", text) == []


@pytest.mark.parametrize("page", ["/", "/docs"])
def test_everything_that_a_page_loads_is_here(app: FastAPI, page: str) -> None:
    response = send(app, "GET", page)
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    loaded = re.findall(r'(?:src|href)="([^"#]+)"', response.text)
    local = [link for link in loaded if link.startswith("/static/")]
    assert len(local) >= 2
    assert [link for link in loaded if not link.startswith(("/", "data:"))] == []
    assert [send(app, "GET", link).status_code for link in local] == [200] * len(local)
    assert "<script>" not in response.text
    assert not re.search(r"\son\w+=|style=", response.text)


def test_swagger_ui_ships_with_its_licence() -> None:
    assert "Apache License" in (STATIC / "swagger-ui.LICENSE.txt").read_text(encoding="utf-8")
    assert "SmartBear" in (STATIC / "swagger-ui.NOTICE.txt").read_text(encoding="utf-8")
