"""The command `rag`: parse, call the service, render. Exit status 0 done or answered, 1 error, 2 usage, 3 refused."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TextIO

from rag.cli import opening
from rag.cli.arguments import parser
from rag.cli.opening import Opener, OpenService
from rag.cli.output import Output
from rag.config import settings
from rag.errors import RagError, UsageError

ERROR, USAGE, INTERRUPTED = 1, 2, 130


def main(argv: Sequence[str] | None = None, *, open_service: OpenService | None = None) -> int:
    """Runs one command and returns its exit status. `open_service` makes the service from settings and access."""
    _prepare(sys.stdout)
    try:
        status = _run(argv, open_service or opening.open_service)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output has seen enough (`rag list | head`). Nothing may be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def _run(argv: Sequence[str] | None, open_service: OpenService) -> int:
    try:
        options = parser().parse_args(argv)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else USAGE
    # Imported late: `rag --help` and a mistyped option need no index library.
    from rag.cli.commands import COMMANDS

    try:
        chosen = settings(data_dir=options.data_dir, model=options.model)
        return COMMANDS[options.command](options, Opener(chosen, open_service), Output(sys.stdout, json=options.json))
    except UsageError as error:
        return _complain(error, USAGE)
    except RagError as error:
        return _complain(error, ERROR)
    except BrokenPipeError:
        raise
    except OSError as error:
        named = f"{error.filename!r} cannot be read or written ({error.strerror})" if error.filename else str(error)
        return _complain(RagError(named), ERROR)


def _complain(error: Exception, status: int) -> int:
    line = " ".join(str(error).split()) or type(error).__name__
    with suppress(OSError):
        sys.stderr.write(f"rag: {line}\n")
    return status


def _prepare(stream: TextIO) -> None:
    """Makes a terminal of any encoding (GBK, ASCII) show what it can and escape the rest, instead of failing."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")
