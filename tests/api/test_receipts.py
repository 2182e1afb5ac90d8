"""Conversations, references and receipts over HTTP, by value."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import docx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.receipts import Receipts
from api.schemas import AnswerShape, ReceiptShape
from rag import present
from rag.answering.formats import markdown, plain, sheet
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


def test_an_answer_is_fetched_again(app: FastAPI) -> None:
    answer = send(app, "POST", "/ask", json={"question": "补贴"})
    again = send(app, "GET", f"/answers/{answer.headers['answer-id']}")
    assert again.json() == answer.json()


@pytest.mark.parametrize(
    ("form", "media", "suffix"),
    [("text", "text/plain; charset=utf-8", "txt"), ("markdown", "text/markdown; charset=utf-8", "md")],
)
@pytest.mark.parametrize("question", ["补贴", "地铁"])
def test_an_answer_is_fetched_as_a_report(
    app: FastAPI, service: FakeService, question: str, form: str, media: str, suffix: str
) -> None:
    name = send(app, "POST", "/ask", json={"question": question}).headers["answer-id"]
    response = send(app, "GET", f"/answers/{name}/report", params={"format": form})
    assert response.headers["content-type"] == media
    assert response.headers["content-disposition"] == f'attachment; filename="answer.{suffix}"'
    result = service.ask(question)
    page = sheet(result.answer, result.documents, date.today())
    assert response.content.decode() == (plain(page) if form == "text" else markdown(page))


def test_an_answer_is_fetched_as_a_word_file(app: FastAPI) -> None:
    name = send(app, "POST", "/ask", json={"question": "补贴"}).headers["answer-id"]
    response = send(app, "GET", f"/answers/{name}/report", params={"format": "docx"})
    paragraphs = [paragraph.text for paragraph in docx.Document(io.BytesIO(response.content)).paragraphs]
    assert any("甲县给予博士安家补贴30万元。" in text for text in paragraphs)


def test_a_report_of_another_form_is_turned_down(app: FastAPI) -> None:
    response = send(app, "GET", "/answers/0/report", params={"format": "pdf"})
    assert problem(response)[:2] == (422, "invalid-request")


def test_workers_of_one_server_have_each_other_s_answers(service: FakeService, tmp_path: Path) -> None:
    first, second = (create_app(service, answers=tmp_path / "answers.sqlite") for _ in range(2))
    answer = send(first, "POST", "/ask", json={"question": "补贴"})
    name = answer.headers["answer-id"]
    assert send(second, "GET", f"/answers/{name}").json() == answer.json()
    receipts = [send(app, "GET", f"/answers/{name}/receipt").json() for app in (first, second)]
    assert receipts[0] == receipts[1]
    assert send(create_app(service), "GET", f"/answers/{name}").status_code == 404


def test_every_answer_has_its_own_id(app: FastAPI) -> None:
    ids = {send(app, "POST", "/ask", json={"question": "补贴"}).headers["answer-id"] for _ in range(3)}
    assert [len(name) for name in ids] == [32, 32, 32]


def test_an_answer_that_is_not_kept_is_not_found(app: FastAPI) -> None:
    status, name, detail = problem(send(app, "GET", "/answers/0/receipt"))
    assert (status, name) == (404, "not-found")
    assert detail == "no answer '0' is kept: the last 1,000 are; ask again"


def test_the_oldest_answer_goes_first_and_no_text_is_kept(service: FakeService) -> None:
    receipts = Receipts(most=2)
    names = [receipts.keep(service.ask(question), "f" * 64)[0] for question in ("补贴", "资金", "地铁")]
    with pytest.raises(NotFoundError):
        receipts.get(names[0])
    assert [receipts.get(name).result.answer.question for name in names[1:]] == ["资金", "地铁"]
    assert {item.text for item in receipts.get(names[1]).result.documents.values()} == {""}
