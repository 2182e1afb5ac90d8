"""Conversations, references and receipts over HTTP, by value."""

from __future__ import annotations

import json
from datetime import date

import pytest
from fastapi import FastAPI

from api.receipts import Receipts
from api.schemas import AnswerShape, ReceiptShape
from rag import present
from rag.answering.receipt_reading import parse
from rag.answering.verify import verify
from rag.errors import NotFoundError
from tests.api.client import problem, send
from tests.api.fake import FakeService


def test_earlier_questions_complete_a_follow_up(app: FastAPI, service: FakeService) -> None:
    body = send(app, "POST", "/ask", json={"question": "还有呢？", "conversation": ["谢谢", "补贴"]}).json()
    assert body == json.loads(json.dumps(present.answered(service.ask("补贴"))))
    alone = send(app, "POST", "/ask", json={"question": "还有呢？", "conversation": []}).json()
    assert (alone["question"], alone["answered"]) == ("还有呢？", False)


@pytest.mark.parametrize("conversation", [["补贴"] * 101, "补贴", [1], None])
def test_a_conversation_is_a_list_of_at_most_a_hundred_texts(app: FastAPI, conversation: object) -> None:
    response = send(app, "POST", "/ask", json={"question": "还有呢？", "conversation": conversation})
    assert problem(response)[:2] == (422, "invalid-request")
    assert response.json()["errors"][0]["pointer"].startswith("#/conversation")


def test_references_and_receipt_come_when_asked_for(app: FastAPI, service: FakeService) -> None:
    asked = {"question": "补贴", "references": True, "receipt": True}
    body = send(app, "POST", "/ask", json=asked).json()
    AnswerShape.model_validate(body)
    references, receipt = body.pop("references"), body.pop("receipt")
    assert body == json.loads(json.dumps(present.answered(service.ask("补贴"))))
    assert references == present.references(service.ask("补贴"), date.today())
    assert references[0]["text"] == "王一. 甲县人才工作[Z]. 2022-12-05. a.txt."
    assert [(each["start"], each["quote"]) for each in receipt["citations"]] == [
        (citation["quote"]["start"], citation["quote"]["text"]) for citation in body["citations"]
    ]


@pytest.mark.parametrize("question", ["补贴", "地铁"])
def test_a_receipt_is_fetched_later_and_holds(app: FastAPI, service: FakeService, question: str) -> None:
    answer = send(app, "POST", "/ask", json={"question": question, "receipt": True})
    fetched = send(app, "GET", f"/answers/{answer.headers['answer-id']}/receipt")
    ReceiptShape.model_validate(fetched.json())
    assert fetched.json() == answer.json()["receipt"]
    assert fetched.json()["model"] == {"name": "fake", "fingerprint": "f" * 64}
    assert verify(parse(fetched.content, "receipt"), service.held.get).ok


def test_a_link_has_a_receipt_too(app: FastAPI) -> None:
    answer = send(app, "GET", "/ask", params={"q": "补贴"})
    assert send(app, "GET", f"/answers/{answer.headers['answer-id']}/receipt").json()["question"] == "补贴"


def test_every_answer_has_its_own_id(app: FastAPI) -> None:
    ids = {send(app, "POST", "/ask", json={"question": "补贴"}).headers["answer-id"] for _ in range(3)}
    assert [len(name) for name in ids] == [32, 32, 32]


def test_an_answer_that_is_not_kept_is_not_found(app: FastAPI) -> None:
    status, name, detail = problem(send(app, "GET", "/answers/0/receipt"))
    assert (status, name) == (404, "not-found")
    assert detail == "no answer '0' is kept: the last 1,000 are, until the server stops; ask again"


def test_the_oldest_answer_goes_first_and_no_text_is_kept(service: FakeService) -> None:
    receipts = Receipts(most=2)
    names = [receipts.keep(service.ask(question), "f" * 64)[0] for question in ("补贴", "资金", "地铁")]
    with pytest.raises(NotFoundError):
        receipts.get(names[0])
    assert [receipts.get(name).result.answer.question for name in names[1:]] == ["资金", "地铁"]
    assert {item.text for item in receipts.get(names[1]).result.documents.values()} == {""}
