"""One writer at a time, over all processes: a lock of the operating system, which a dying process lets go."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rag.errors import StoreError

_POLL_SECONDS: Final = 0.01

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _release(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _release(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


@contextmanager
def exclusive(path: Path, wait: float) -> Iterator[None]:
    """Holds the lock file for the block. Raises StoreError when another holds it for `wait` seconds, or it cannot be made."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise StoreError(f"{str(path.parent)!r} cannot be written ({error.strerror})") from error
    try:
        _wait(descriptor, path, wait)
        try:
            yield
        finally:
            _release(descriptor)
    finally:
        os.close(descriptor)


def _wait(descriptor: int, path: Path, wait: float) -> None:
    deadline = time.monotonic() + wait
    while True:
        try:
            _take(descriptor)
        except OSError as error:
            if time.monotonic() >= deadline:
                raise StoreError(
                    f"{str(path.parent)!r} is being written by another process: try again when it has finished"
                ) from error
            time.sleep(_POLL_SECONDS)
        else:
            return
