"""One file's bytes become entries, or one line that says why not. Runs in this process or in a worker.

A zip of documents is many sources, one a member: `share.zip/folder/notice.docx`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from rag.documents.archive import is_archive, members
from rag.errors import DocumentError
from rag.intake.walk import File, Refused, problem
from rag.types import Entry

MAX_FILE_BYTES = 50 * 1024 * 1024

MEMBER_SEPARATOR = "/"

Reader = Callable[[bytes, str], tuple[Entry, ...]]
# What is done with the entries of several files at once when they are read.
Prepare = Callable[[Sequence[Entry]], tuple[Entry, ...]]


@dataclass(frozen=True, slots=True)
class Read:
    """A source that was read: its documents in order, and the SHA-256 of its file's bytes."""

    source: str
    digest: str
    entries: tuple[Entry, ...]


Result = Read | Refused


def read_file(file: File, reader: Reader) -> Iterator[Result]:
    """What became of a file: one result, or one for each member of a zip, as they are read. Raises nothing: whatever a reader
    trips over is a line in the report."""
    try:
        data = _stable_bytes(file.path)
        digest = hashlib.sha256(data).hexdigest()
        if not is_archive(data):
            yield _read(data, file.source, digest, reader)
            return
        count = 0
        for name, content in members(data, file.source):
            yield _read_member(content, f"{file.source}{MEMBER_SEPARATOR}{name}", digest, reader)
            count += 1
        if not count:
            yield Refused(file.source, "is an empty zip; nothing to read")
    except DocumentError as error:
        yield Refused(file.source, one_line(str(error)))
    except OSError as error:
        yield Refused(file.source, problem(error))


def _read_member(content: bytes | DocumentError, source: str, digest: str, reader: Reader) -> Result:
    if isinstance(content, DocumentError):
        return Refused(source, one_line(str(content)))
    if is_archive(content):
        return Refused(source, "is a zip in a zip; unpack it, zips in zips are not opened")
    return _read(content, source, digest, reader)


def _read(data: bytes, source: str, digest: str, reader: Reader) -> Result:
    try:
        entries = reader(data, source)
    except DocumentError as error:
        return Refused(source, one_line(str(error)))
    # Formats are parsed by a dozen libraries whose errors on hostile bytes cannot be listed; one file must not stop ten thousand.
    except Exception as error:
        return _broken(source, error)
    return Read(source, digest, entries) if entries else Refused(source, "holds no text")


def prepared(results: Sequence[Result], prepare: Prepare) -> list[Result]:
    """The results with their entries prepared, all in one go; where that fails, one by one. Raises nothing."""
    read = [result for result in results if isinstance(result, Read)]
    try:
        ready = iter(prepare([entry for result in read for entry in result.entries]))
    # As in reading: what the libraries underneath raise cannot be listed.
    except Exception as error:
        if len(results) == 1:
            return [_broken(results[0].source, error)]
        return [each for result in results for each in prepared([result], prepare)]
    return [
        replace(result, entries=tuple(islice(ready, len(result.entries)))) if isinstance(result, Read) else result
        for result in results
    ]


def _broken(source: str, error: Exception) -> Refused:
    return Refused(source, one_line(f"cannot be read ({type(error).__name__}: {error})"))


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
            raise DocumentError(f"is larger than {MAX_FILE_BYTES // 2**20} MB; split it into smaller files")
        data = stream.read(MAX_FILE_BYTES + 1)
    after = path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise DocumentError("changed while it was read: index it again")
    return data
