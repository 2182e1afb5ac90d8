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


Result = Read | Refused


def read_file(file: File, reader: Reader) -> Result:
    """What became of one file. Raises nothing: whatever a reader trips over is this file's line in the report."""
    try:
        data = _stable_bytes(file.path)
        entries = reader(data, file.source)
    except DocumentError as error:
        return Refused(file.source, one_line(str(error)))
    except OSError as error:
        return Refused(file.source, problem(error))
    # Formats are parsed by a dozen libraries whose errors on hostile bytes cannot be listed; one file must not stop ten thousand.
    except Exception as error:
        return Refused(file.source, one_line(f"cannot be read ({type(error).__name__}: {error})"))
    if not entries:
        return Refused(file.source, "holds no text")
    return Read(file.source, hashlib.sha256(data).hexdigest(), entries)


def is_unchanged(file: File, digest: str) -> bool:
    """Whether the file's bytes have this SHA-256. What cannot be read is no longer what it was."""
    try:
        return hashlib.sha256(_stable_bytes(file.path)).hexdigest() == digest
    except (DocumentError, OSError):
        return False


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
