"""Runs the application on uvicorn, on this machine's loopback addresses only."""

from __future__ import annotations

import logging
import socket
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from api.app import create_app
from api.guards import is_loopback
from api.punctual import PunctualProtocol
from rag.errors import UsageError
from rag.service import Service

DEFAULT_HOST: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8000
MAX_WORKERS: Final = 64
_LOGGER: Final = logging.getLogger("api.server")
_LOGGING: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}},
    "loggers": {
        "api": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}


@dataclass(frozen=True, slots=True)
class _Application:
    """Opens a service and makes its application; called in each worker process, hence picklable if `opened` is."""

    opened: Callable[[], Service]
    answers: Path

    def __call__(self) -> FastAPI:
        return create_app(self.opened(), close=True, answers=self.answers)


def serve(
    opened: Callable[[], Service], *, host: str = DEFAULT_HOST, port: int = DEFAULT_PORT, workers: int = 1
) -> None:
    """Answers HTTP until interrupted. `opened` opens the service, in each worker anew; port 0 takes a free port.

    With more than one worker `opened` must be picklable. Raises UsageError for a host that is not loopback, a port or
    a number of workers out of range, or an address already in use; and what `opened` raises.
    """
    listener = _listener(host, port, workers)
    with listener, tempfile.TemporaryDirectory(prefix="policy-rag-", ignore_cleanup_errors=True) as folder:
        if workers == 1:
            service = opened()
            config = _config(create_app(service, close=True))
        else:
            opened().close()  # what fails, fails here once and in one line; and what is built at first use is built once
            config = _config(_Application(opened, Path(folder) / "answers.sqlite"), factory=True, workers=workers)
        _LOGGER.info("answering at http://%s:%d (Ctrl-C ends)", _bracketed(host), listener.getsockname()[1])
        with suppress(KeyboardInterrupt):
            if workers == 1:
                uvicorn.Server(config).run([listener])
            else:
                Multiprocess(config, sockets=[listener]).run()


def _listener(host: str, port: int, workers: int) -> socket.socket:
    """A bound socket, not yet listening. Raises UsageError."""
    if not is_loopback(host):
        raise UsageError(
            f"host {host!r} is not a loopback address; the service has no keys yet and answers this machine only: "
            f"use {DEFAULT_HOST}"
        )
    if not 0 <= port <= 65535:
        raise UsageError(f"port {port} is outside 0–65535")
    if not 1 <= workers <= MAX_WORKERS:
        raise UsageError(f"workers {workers} is outside 1–{MAX_WORKERS}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio turns Nagle's algorithm off only then: 45 ms a request on a kept connection, else 1.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise UsageError(f"cannot listen on {host}:{port}: {error.strerror}; choose another --port") from error
    return listener


def _config(app: FastAPI | _Application, *, factory: bool = False, workers: int = 1) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=factory,
        workers=workers,
        http=PunctualProtocol,
        log_config=_LOGGING,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
