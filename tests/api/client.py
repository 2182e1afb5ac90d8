"""Requests to an application in this process, as plain calls."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from fastapi import FastAPI

BASE = "http://127.0.0.1:8000"


def send(app: FastAPI, method: str, path: str, **request: Any) -> httpx.Response:
    """One request and its response; an error that the application raises after answering stays inside."""

    async def sent() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            return await client.request(method, path, **request)

    return asyncio.run(sent())


def problem(response: httpx.Response) -> tuple[int, str, str]:
    """Status, last part of the type and detail of a problem document, after checking that it is one."""
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert {"type", "title", "status", "detail", "instance"} <= body.keys() <= {*body, "errors"}
    assert body["status"] == response.status_code
    assert body["instance"] == httpx.URL(response.request.url).path
    prefix, _, name = body["type"].rpartition(":")
    assert prefix == "urn:policy-rag:problem"
    return body["status"], name, body["detail"]
