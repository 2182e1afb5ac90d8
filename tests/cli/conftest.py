"""A command run in this process over a service in memory."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from rag.cli.main import main
from rag.cli.opening import Access
from rag.config import Settings
from tests.cli.service import Desk


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


@dataclass
class Command:
    """Runs `rag` with arguments. `opened` lists what was opened: (index folder, what for)."""

    desk: Desk
    capture: pytest.CaptureFixture[str]
    opened: list[tuple[str, Access]]

    def __call__(self, *arguments: str) -> Ran:
        status = main(arguments, open_service=self._open)
        captured = self.capture.readouterr()
        return Ran(status, captured.out, captured.err)

    def _open(self, settings: Settings, access: Access) -> Desk:
        self.opened.append((str(settings.index_dir), access))
        return self.desk


@pytest.fixture
def rag(capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(Desk(), capsys, [])


@pytest.fixture
def failing(rag: Command) -> Callable[[Exception], Command]:
    """The command over a service all of whose reading fails with an error."""

    def make(error: Exception) -> Command:
        rag.desk.failure = error
        return rag

    return make
