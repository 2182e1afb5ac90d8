"""Derived files: written whole and durably, and recognised when they are opened again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rag.index.arrays import DamagedError


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file was when it was written: size in bytes, time of change in nanoseconds, SHA-256 in hex."""

    size: int
    mtime_ns: int
    sha256: str


def write_durably(path: Path, write: Callable[[Path], None]) -> Stamp:
    """The stamp of a file that `write` made beside its place and that was put there, whole, when it was on the disk."""
    beside = path.with_name(path.name + ".new")
    write(beside)
    with beside.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
        status = os.fstat(file.fileno())
    beside.replace(path)
    return Stamp(status.st_size, status.st_mtime_ns, digest)


def check(path: Path, stamp: Stamp) -> None:
    """Raises DamagedError when the file is not the one that was stamped.

    A file of the same size and time is taken as it is; one of another time (copied, restored) is read and compared.
    """
    try:
        status = path.stat()
        if status.st_size == stamp.size and status.st_mtime_ns == stamp.mtime_ns:
            return
        same = status.st_size == stamp.size and sha256(path) == stamp.sha256
    except OSError as error:
        raise DamagedError(f"{str(path)!r} cannot be read ({error.strerror}): run `rag rebuild`") from error
    if not same:
        raise DamagedError(f"{str(path)!r} is not what was written: run `rag rebuild`")


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hex. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_directory(directory: Path) -> None:
    """Makes the names in a directory durable, where the system can (not on Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
