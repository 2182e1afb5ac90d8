"""The routes. Each parses a request, calls the Service in a thread, and sends what `rag.present` makes of the result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request
from starlette.responses import Response

from api import examples, streaming
from api.calls import Calls, json_response
from api.problems import MEDIA_TYPE
from api.receipts import Receipts
from api.requests import AskQuery, AskRequest, CorrectionRequest, PageQuery, ReportQuery, SearchRequest
from api.schemas import (
    AnswerShape,
    DocumentShape,
    DocumentsShape,
    FullDocumentShape,
    Health,
    HitsShape,
    PageShape,
    Readiness,
    ReceiptShape,
)
from api.uploads import UPLOAD_BODY, received
from rag import present
from rag.answering.formats import Format
from rag.outcomes import Status
from rag.service import Service

REPORTS = {
    Format.TEXT: "text/plain; charset=utf-8",
    Format.MARKDOWN: "text/markdown; charset=utf-8",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
SUFFIXES = {Format.TEXT: "txt", Format.MARKDOWN: "md", Format.DOCX: "docx"}
EVENTS: dict[str, Any] = {streaming.MEDIA_TYPE: {"schema": {"type": "string"}}}
AnswerId = Annotated[str, Path(description="The `Answer-Id` header of an answer.")]
DocumentId = Annotated[str, Path(description="16 hex digits.")]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question comes with, and what is to come with its answer."""

    conversation: tuple[str, ...] = ()
    references: bool = False
    receipt: bool = False


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI responses: these statuses answer with a problem document."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": "Problem document (RFC 9457)", "content": content} for status in statuses}


def questions(calls: Calls, receipts: Receipts) -> APIRouter:
    """POST /ask, GET /ask, POST /search, and answers given before: GET /answers/{id}, its receipt, its report."""
    router = APIRouter(tags=["questions"])

    @router.post(
        "/ask",
        summary="Ask a question",
        response_model=AnswerShape,
        responses=_problems(400, 408, 413, 415, 422, 503) | {200: {"content": EVENTS}},
    )
    async def ask(request: Request, body: Annotated[AskRequest, Body(openapi_examples=examples.ASK)]) -> Response:
        """A cited answer, or a refusal that says what is missing. With `Accept: text/event-stream` as events: what an LLM
        words comes sentence by sentence, each checked, and last the answer."""
        wanted = Wanted(tuple(body.conversation), references=body.references, receipt=body.receipt)
        if streaming.wanted(request):
            return await streaming.streamed(
                request, calls, lambda service, release: answered(service, body.question, body, wanted, release)
            )
        return await answer(body.question, body, wanted)

    @router.get("/ask", summary="Ask by a link", response_model=AnswerShape, responses=_problems(422, 503))
    async def ask_link(query: Annotated[AskQuery, Query()]) -> Response:
        """The same as a link: `/ask?q=…`."""
        return await answer(query.q, query, Wanted())

    async def answer(question: str, asked: AskRequest | AskQuery, wanted: Wanted) -> Response:
        def work(service: Service) -> Response:
            name, body = answered(service, question, asked, wanted)
            response = json_response(body)
            response.headers["answer-id"] = name
            return response

        return await calls.read(work)

    def answered(
        service: Service,
        question: str,
        asked: AskRequest | AskQuery,
        wanted: Wanted,
        release: streaming.Release | None = None,
    ) -> tuple[str, dict[str, object]]:
        result = service.ask(
            question,
            k=asked.k,
            place=asked.place,
            since=asked.since,
            until=asked.until,
            history=wanted.conversation,
            release=release,
        )
        name, given = receipts.keep(result, service.status().model_fingerprint)
        body = dict(given.body)
        if wanted.references:
            body["references"] = given.references()
        if wanted.receipt:
            body["receipt"] = given.receipt()
        return name, body

    @router.get(
        "/answers/{id}", summary="An answer again", response_model=AnswerShape, responses=_problems(404, 422, 503)
    )
    async def again(id: AnswerId) -> Response:  # noqa: A002  (the name in the contract)
        """One of the last 1,000 answers of this server, by the `Answer-Id` that came with it."""
        return await calls.read(lambda _: receipts.get(id).body)

    @router.get(
        "/answers/{id}/receipt",
        summary="Receipt of an answer",
        response_model=ReceiptShape,
        responses=_problems(404, 422, 503),
    )
    async def receipt(id: AnswerId) -> Response:  # noqa: A002
        """What `rag verify` checks against the documents, later and without this service."""
        return await calls.read(lambda _: receipts.get(id).receipt())

    @router.get(
        "/answers/{id}/report",
        summary="An answer for a report",
        response_class=Response,
        responses=_problems(404, 422, 503) | {200: {"content": {media: {} for media in REPORTS.values()}}},
    )
    async def report(id: AnswerId, query: Annotated[ReportQuery, Query()]) -> Response:  # noqa: A002
        """The answer as text, Markdown or a Word file, with its references in GB/T 7714 form."""

        def work(_: Service) -> Response:
            name = f"answer.{SUFFIXES[query.format]}"
            disposition = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
            return Response(receipts.get(id).report(query.format), 200, disposition, REPORTS[query.format])

        return await calls.read(work)

    @router.post(
        "/search",
        summary="Find passages",
        response_model=HitsShape,
        responses=_problems(400, 408, 413, 415, 422, 503),
    )
    async def search(body: Annotated[SearchRequest, Body(openapi_examples=examples.SEARCH)]) -> Response:
        """Ranked passages, best first."""
        return await calls.read(
            lambda service: present.found(
                service.search(body.query, k=body.k, place=body.place, since=body.since, until=body.until),
                explain=body.explain,
            )
        )

    return router


def documents(calls: Calls) -> APIRouter:
    """GET, POST /documents and GET, PATCH, DELETE /documents/{id}."""
    router = APIRouter(prefix="/documents", tags=["documents"])

    @router.get(
        "",
        summary="List documents",
        response_model=PageShape,
        responses=_problems(422, 503),
    )
    async def listing(page: Annotated[PageQuery, Query()]) -> Response:
        """Documents without their texts, in order of source."""
        return await calls.read(lambda service: present.page(service.documents(limit=page.limit, offset=page.offset)))

    @router.get(
        "/{id}",
        summary="Show a document",
        response_model=FullDocumentShape,
        responses=_problems(404, 422, 503),
    )
    async def show(id: DocumentId) -> Response:  # noqa: A002  (the name in the contract)
        """One document with its original text."""
        return await calls.read(lambda service: present.shown(service.document(id), service.chunks(id)))

    @router.post(
        "",
        summary="Add a document",
        status_code=201,
        response_model=DocumentsShape,
        openapi_extra={"requestBody": UPLOAD_BODY},
        responses=_problems(400, 408, 413, 415, 422, 503),
    )
    async def upload(request: Request) -> Response:
        """Takes a file, or text as JSON. One file may hold several articles; what had the same source is replaced."""
        source, data = await received(request)
        return await calls.write(
            lambda service: {"documents": [present.document(item, text=False) for item in service.add(source, data)]},
            status=201,
        )

    @router.patch(
        "/{id}",
        summary="Correct what was read of a document",
        response_model=DocumentShape,
        responses=_problems(400, 404, 408, 413, 415, 422, 503),
    )
    async def correct(
        id: DocumentId,  # noqa: A002
        body: Annotated[CorrectionRequest, Body(openapi_examples=examples.CORRECTION)],
    ) -> Response:
        """Sets fields by hand. They stay when the file is read again."""
        fields = body.model_dump(exclude_unset=True)
        return await calls.write(lambda service: present.document(service.correct(id, fields), text=False))

    @router.delete("/{id}", summary="Remove a document", status_code=204, responses=_problems(404, 422, 503))
    async def remove(id: DocumentId) -> Response:  # noqa: A002
        """Removes a document, leaving no trace."""
        await calls.write(lambda service: service.remove([id]))
        return Response(status_code=204)

    return router


def health(calls: Calls) -> APIRouter:
    """GET /healthz and GET /readyz."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz", summary="Is the process up", response_model=Health)
    async def healthz() -> Response:
        """The process answers."""
        return json_response({"status": "ok"})

    @router.get("/readyz", summary="Is the index open", response_model=Readiness, responses=_problems(503))
    async def readyz() -> Response:
        """The index can be read."""
        return await calls.read(lambda service: _readiness(service.status()))

    return router


def _readiness(status: Status) -> dict[str, object]:
    return {
        "status": "ready",
        "documents": status.documents,
        "chunks": status.chunks,
        "generation": status.generation,
        "model": status.model,
        "bundled": status.bundled,
        "writable": status.writable,
    }
