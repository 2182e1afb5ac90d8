"""From files and folders to an index: what is new is read, in parallel when there is much, and handed to the engine in batches.

Each batch is one generation, whole and durable: whatever stops a run, what was reported as done stays, and the next run
goes on from there because unchanged files are not read again.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from embeddings.static import Origin
from rag.errors import DocumentError
from rag.intake.owners import Known
from rag.intake.reading import Prepare, Reader, Result, is_unchanged, read_file
from rag.intake.run import OnProgress, Run
from rag.intake.walk import File, Refused, walk
from rag.protocols import Engine
from rag.types import Document

PARALLEL_FROM = 50
PLAIN_SUFFIXES = frozenset({".txt", ".md"})
PLAIN_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of each source, in the order read; each is in one list.

    `folded` are sources read that brought nothing new: each of their articles, or one that it repeats with small differences, is
    in the index already from another source, and now has this source too.
    `missing` are known sources below the folders given that are not there any more (sorted); with `prune` they were removed.
    """

    added: tuple[str, ...]
    refreshed: tuple[str, ...]
    unchanged: tuple[str, ...]
    folded: tuple[str, ...]
    refused: tuple[Refused, ...]
    missing: tuple[str, ...]


def ingest(
    paths: Sequence[Path],
    engine: Engine,
    *,
    prune: bool = False,
    progress: OnProgress | None = None,
    reader: Reader | None = None,
    processes: int | None = None,
    model: Origin | None = None,
) -> Outcome:
    """Makes the index hold what these files and folders say now.

    A file that cannot be read is refused; if it could be read before, what it said then stays. `progress` is called with
    files done, files in all, and chunks read. `reader` is by default the one of every format, `processes` by default one a core,
    and none for a few plain text files. `model` says where a static model comes from whose vectors worker processes are to make.
    On KeyboardInterrupt what was read so far is kept before it is raised again. Raises NotFoundError, StoreError.
    """
    found = walk(paths)
    known = Known(engine.snapshot().store.source_digests())
    run = _taken(found.files, known, engine, progress=progress, reader=reader, processes=processes, model=model)
    missing = found.missing(tuple(engine.snapshot().store.source_digests()))
    if prune and missing:
        engine.replace(dict.fromkeys(missing, ()), {})
    return _outcome(run, found.refused, missing)


def ingest_files(
    files: Sequence[File],
    engine: Engine,
    *,
    gone: Sequence[str] = (),
    reader: Reader | None = None,
    processes: int | None = None,
    model: Origin | None = None,
) -> Outcome:
    """Makes the index hold what these files say, each under the source name that it comes with, and nothing of the sources that
    are gone; otherwise as `ingest`. Raises StoreError."""
    known = Known(engine.snapshot().store.source_digests())
    run = _taken(files, known, engine, progress=None, reader=reader, processes=processes, model=model)
    missing = tuple(source for file in gone for source in known.of(file))
    if missing:
        engine.replace(dict.fromkeys(missing, ()), {})
    return _outcome(run, (), missing)


def ingest_bytes(source: str, data: bytes, engine: Engine, *, model: Origin | None = None) -> tuple[Document, ...]:
    """Takes one file's bytes as `ingest` takes a file, and returns the documents that have this source then: those of the
    members of a zip, and of a repost the document that it repeats. Raises DocumentError when nothing in it can be read, StoreError."""
    with tempfile.TemporaryDirectory(prefix="policy-rag-") as folder:
        path = Path(folder, "upload")
        path.write_bytes(data)
        outcome = ingest_files([File(source, path)], engine, model=model)
    taken = {*outcome.added, *outcome.refreshed, *outcome.unchanged, *outcome.folded}
    if not taken and outcome.refused:
        refused = outcome.refused[0]
        named = repr(refused.source) in refused.reason
        raise DocumentError(refused.reason if named else f"{refused.source!r} {refused.reason}")
    store = engine.snapshot().store
    return tuple(store.document(item.id) for item in store.catalogue() if not taken.isdisjoint(item.sources))


def _outcome(run: Run, refused: Iterable[Refused], missing: tuple[str, ...]) -> Outcome:
    return Outcome(
        tuple(run.added),
        tuple(run.refreshed),
        tuple(run.unchanged),
        tuple(run.folded),
        (*refused, *run.refused),
        missing,
    )


def _taken(
    files: Sequence[File],
    known: Known,
    engine: Engine,
    *,
    progress: OnProgress | None,
    reader: Reader | None,
    processes: int | None,
    model: Origin | None,
) -> Run:
    unchanged = {file.source for file in files if _is_known(file, known)}
    changed = [file for file in files if file.source not in unchanged]
    workers = _processes(changed) if processes is None else processes
    results = _results(changed, reader or _reader(), workers, model)
    with Run(engine, known, len(files), progress) as run:
        for file in files:
            if file.source in unchanged:
                run.leave(file)
            else:
                run.take(file, next(results))
    return run


def _is_known(file: File, known: Known) -> bool:
    digest = known.digest(file.source)
    return digest is not None and is_unchanged(file, digest)


def _results(
    files: Sequence[File], reader: Reader, processes: int, model: Origin | None
) -> Iterator[tuple[Result, ...]]:
    if processes:
        from rag.intake.workers import read_parallel

        return read_parallel(files, reader, processes=processes, prepare=_prepare(model))
    return (tuple(read_file(file, reader)) for file in files)


def _reader() -> Reader:
    """The reader of every format, imported when files are read: a service that only answers never needs it."""
    from rag.documents.assemble import read

    return read


def _prepare(model: Origin | None) -> Prepare | None:
    """What workers do with what they have read: without a model that they can load, nothing."""
    if model is None:
        return None
    from rag.preparing import Preparer

    return Preparer(model)


def _processes(files: Sequence[File]) -> int:
    """Workers for these files: none (this process) for a few plain texts, where starting one would take longer than reading.

    Other formats go through libraries that can hang or crash on a broken file, and a large text takes its time; a worker can
    be stopped.
    """
    if len(files) < PARALLEL_FROM and all(_is_plain(file) for file in files):
        return 0
    return os.cpu_count() or 1


def _is_plain(file: File) -> bool:
    """Whether a file is called a plain text, or not called anything and begins like one, and is not large. (A file that only
    looks like one is read as what it is.)"""
    suffix = os.path.splitext(file.source)[1].lower()
    try:
        if file.path.stat().st_size > PLAIN_BYTES:
            return False
        return suffix in PLAIN_SUFFIXES or (suffix.lstrip(".") not in _formats() and _begins_plain(file))
    except OSError:
        return True


def _formats() -> frozenset[str]:
    from rag.documents.formats import SUFFIXES

    return SUFFIXES


def _begins_plain(file: File) -> bool:
    """Whether the first characters are UTF-8 and no sign of a format."""
    with file.path.open("rb") as stream:
        head = stream.read(400)
    try:
        words = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        words = head[: error.start].decode("utf-8-sig") if error.start > len(head) - 4 else "\0"
    return "\0" not in words and not words.lstrip().startswith(("<", "%PDF", "{\\rtf", "PK", "MIME-Version", "From:"))
