"""Answers as server-sent events, over a service whose wording is made here."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI

from api.app import create_app
from rag.errors import StoreError
from rag.outcomes import Answered
from tests.api.client import problem, send
from tests.api.fake import FakeService

EVENTS = {"Accept": "text/event-stream"}


class Worded(FakeService):
    """Releases two sentences before it answers, or fails after the first."""

    fails = False

    def ask(self, question: str, *, release: Callable[[str], None] | None = None, **asked: Any) -> Answered:
        result = super().ask(question, **asked)
        if release is not None:
            release("第一句。\n[1]")
            if self.fails:
                raise StoreError("the index is gone")
            release("第二句。")
        return result


def events(text: str) -> list[dict[str, str]]:
    """The events of a stream, each by its fields."""
    return [
        dict(line.split(": ", 1) for line in event.split("\n")) for event in text.removesuffix("\n\n").split("\n\n")
    ]


def test_sentences_come_first_and_the_answer_last() -> None:
    app = create_app(Worded())
    response = send(app, "POST", "/ask", json={"question": "补贴"}, headers=EVENTS)
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    *sentences, answer = events(response.text)
    assert [(each["event"], json.loads(each["data"])) for each in sentences] == [
        ("sentence", {"text": "第一句。\n[1]"}),
        ("sentence", {"text": "第二句。"}),
    ]
    assert answer["event"] == "answer"
    assert json.loads(answer["data"]) == send(app, "POST", "/ask", json={"question": "补贴"}).json()
    assert send(app, "GET", f"/answers/{answer['id']}").json() == json.loads(answer["data"])


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html, application/json;q=0.9"])
def test_who_does_not_ask_for_events_gets_json(app: FastAPI, accept: str) -> None:
    response = send(app, "POST", "/ask", json={"question": "补贴"}, headers={"Accept": accept})
    assert response.headers["content-type"] == "application/json"


def test_without_sentences_the_answer_alone_comes(app: FastAPI) -> None:
    [answer] = events(send(app, "POST", "/ask", json={"question": "地铁", "receipt": True}, headers=EVENTS).text)
    assert (answer["event"], json.loads(answer["data"])["answered"]) == ("answer", False)
    assert "receipt" in json.loads(answer["data"])


def test_what_fails_at_once_is_a_problem_response(app: FastAPI) -> None:
    response = send(app, "POST", "/ask", json={"question": ""}, headers=EVENTS)
    assert problem(response)[:2] == (422, "invalid-request")


def test_what_fails_later_is_the_last_event() -> None:
    service = Worded()
    service.fails = True
    response = send(create_app(service), "POST", "/ask", json={"question": "补贴"}, headers=EVENTS)
    assert response.status_code == 200
    last = events(response.text)[-1]
    assert last["event"] == "problem"
    body = json.loads(last["data"])
    assert (body["status"], body["detail"], body["instance"]) == (503, "the index is gone", "/ask")
