from __future__ import annotations

import pytest
from fastapi import FastAPI

from api.app import create_app
from tests.api.fake import FakeService


@pytest.fixture(scope="session")
def served() -> tuple[FakeService, FastAPI]:
    """One service and its application for all tests: making an application takes longer than most of them."""
    service = FakeService()
    return service, create_app(service)


@pytest.fixture
def service(served: tuple[FakeService, FastAPI]) -> FakeService:
    served[0].restore()
    return served[0]


@pytest.fixture
def app(served: tuple[FakeService, FastAPI], service: FakeService) -> FastAPI:
    return served[1]
