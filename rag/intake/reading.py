"""One file's bytes become entries, or one line that says why not. Runs in this process or in a worker."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rag.errors import DocumentError
from rag.intake.walk import File, Refused, problem
from rag.types import Entry

MAX_FILE_BYTES = 50 * 1024 * 1024

Reader = Callable[[bytes, str], tuple[Entry, ...]]


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read: its documents in order, and the SHA-256 of its bytes."""

    source: str
    digest: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A file whose bytes are those of the last time: not read again."""

    source: str


Result = Read | Unchanged | Refused


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read, and the SHA-256 of its bytes as known from the last time, if it was there."""

    file: File
    known: str | None = None


def read_file(job: Job, reader: Reader) -> Result:
    """What became of one file. Raises nothing: whatever a reader trips over is this file's line in the report."""
    source = job.file.source
    try:
        data = _stable_bytes(job.file.path)
        digest = hashlib.sha256(data).hexdigest()
        if digest == job.known:
            return Unchanged(source)
        entries = reader(data, source)
    except DocumentError as error:
        return Refused(source, one_line(str(error)))
    except OSError as error:
        return Refused(source, problem(error))
    # Formats are parsed by a dozen libraries whose errors on hostile bytes cannot be listed; one file must not stop ten thousand.
    except Exception as error:
        return Refused(source, one_line(f"cannot be read ({type(error).__name__}: {error})"))
    return Read(source, digest, entries) if entries else Refused(source, "holds no text")


def one_line(text: str) -> str:
    """A message on one line of at most 300 characters."""
    line = " ".join(text.split())
    return line if len(line) <= 300 else line[:299] + "…"


def _stable_bytes(path: Path) -> bytes:
    """The bytes of a file that did not change while it was read. Raises DocumentError, OSError."""
    with path.open("rb") as stream:
        before = path.stat()
        if before.st_size > MAX_FILE_BYTES:
            raise DocumentError(
                f"{before.st_size / 2**20:.0f} MB is more than the {MAX_FILE_BYTES // 2**20} MB that are read: split it"
            )
        data = stream.read(MAX_FILE_BYTES + 1)
    after = path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise DocumentError("changed while it was read: index it again")
    return data
