"""The real service answers the same on the command line and over HTTP, timings aside."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from api.app import create_app
from rag.cli.main import main
from rag.config import settings
from rag.service import Service
from tests.api.client import send


@pytest.fixture(scope="module")
def bundled(environ: dict[str, str]) -> Iterator[Service]:
    service = Service.open(settings(environ=environ))
    yield service
    service.close()


def untimed(text: str) -> dict[str, object]:
    body: dict[str, object] = json.loads(text)
    del body["timings"]
    return body


@pytest.mark.parametrize(
    "question",
    [
        "祁东县提出了哪些人才政策?",
        "乌海市和格尔木市的红色物业各怎么抓?",
        "How many party members does Wuhai have?",
        "三亚市有哪些人才政策?",
    ],
)
def test_one_answer_through_every_door(bundled: Service, question: str, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["ask", question, "--json"])
    told = untimed(capsys.readouterr().out)
    app = create_app(bundled)
    assert untimed(send(app, "POST", "/ask", json={"question": question}).text) == told
    assert untimed(send(app, "GET", "/ask", params={"q": question}).text) == told
    assert status == (0 if told["answered"] else 3)
