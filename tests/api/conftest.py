from __future__ import annotations

import pytest
from fastapi import FastAPI

from api.app import create_app
from tests.api.fake import FakeService


@pytest.fixture
def service() -> FakeService:
    return FakeService()


@pytest.fixture
def app(service: FakeService) -> FastAPI:
    return create_app(service)
