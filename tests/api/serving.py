"""A server process with the fake service on a free loopback port."""

from __future__ import annotations

import contextlib
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
_PROGRAM = """
from api import punctual
from api.app import App
from api.guards import Bounds
from api.server import serve
from tests.api.fake import FakeService
if __name__ == "__main__":
    punctual.PunctualProtocol.head_seconds = {head_seconds}
    FakeService.writable = {writable}
    App.body = Bounds(idle_seconds={idle_seconds})
    serve(FakeService, port=0, workers={workers})
"""


@contextlib.contextmanager
def served(
    *, workers: int = 1, head_seconds: float = 10, idle_seconds: float = 10, writable: bool = True
) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """Its port and the process, once it listens."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            _PROGRAM.format(workers=workers, head_seconds=head_seconds, idle_seconds=idle_seconds, writable=writable),
        ],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        announced = re.search(r"http://127\.0\.0\.1:(\d+)", process.stderr.readline())
        assert announced is not None
        _wait(int(announced[1]))
        yield int(announced[1]), process
    finally:
        # Not killed: its workers would stay, and hold its pipes open.
        process.terminate()
        process.communicate(timeout=30)


def _wait(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")
