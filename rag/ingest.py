"""From files and folders to an index: what is new is read, in parallel when there is much, and handed to the engine in batches.

Each batch is one generation, whole and durable: whatever stops a run, what was reported as done stays, and the next run
goes on from there because unchanged files are not read again.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rag.intake.reading import Read, Reader, Result, is_unchanged, read_file
from rag.intake.reposts import Reposts
from rag.intake.walk import File, Refused, Walk, walk
from rag.protocols import Engine
from rag.types import Document, Entry

BATCH_FILES = 2_000
BATCH_CHUNKS = 20_000
BATCH_SECONDS = 10.0
PARALLEL_FROM = 50
PLAIN_SUFFIXES = frozenset({".txt", ".md"})

OnProgress = Callable[[int, int, int], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of each source, in the order read; each is in one list.

    `folded` are files read that brought nothing new: each of their articles, or one that it repeats with small differences, is
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
) -> Outcome:
    """Makes the index hold what these files and folders say now.

    A file that cannot be read is refused; if it could be read before, what it said then stays. `progress` is called with
    files done, files in all, and chunks read. `reader` is by default the one of every format, `processes` by default one a core, and none for a few plain text files.
    On KeyboardInterrupt what was read so far is kept before it is raised again. Raises NotFoundError, StoreError.
    """
    found = walk(paths)
    run = _take(found, engine, progress=progress, reader=reader, processes=processes)
    missing = found.missing(tuple(engine.snapshot().store.source_digests()))
    if prune and missing:
        engine.replace(dict.fromkeys(missing, ()), {})
    return run.outcome((*found.refused, *run.refused), missing)


def ingest_files(files: Sequence[File], engine: Engine, *, reader: Reader | None = None) -> Outcome:
    """Makes the index hold what these files say, each under the source name that it comes with. Raises StoreError."""
    run = _take(Walk(tuple(files)), engine, progress=None, reader=reader, processes=0)
    return run.outcome(tuple(run.refused), ())


def _take(
    found: Walk, engine: Engine, *, progress: OnProgress | None, reader: Reader | None, processes: int | None
) -> _Run:
    known = engine.snapshot().store.source_digests()
    unchanged = {file.source for file in found.files if _is_known(file, known)}
    changed = [file for file in found.files if file.source not in unchanged]
    run = _Run(engine, len(found.files), progress)
    results = _results(changed, reader or _reader(), processes)
    try:
        for file in found.files:
            if file.source in unchanged:
                run.leave(file.source)
            else:
                run.take(next(results), refreshes=file.source in known)
    except KeyboardInterrupt:
        run.apply()
        raise
    run.apply()
    return run


def _is_known(file: File, known: Mapping[str, str]) -> bool:
    return file.source in known and is_unchanged(file, known[file.source])


def _results(files: Sequence[File], reader: Reader, processes: int | None) -> Iterator[Result]:
    workers = _processes(files) if processes is None else processes
    if workers:
        from rag.intake.workers import read_parallel

        return read_parallel(files, reader, processes=workers)
    return (read_file(file, reader) for file in files)


def _reader() -> Reader:
    """The reader of every format, imported when files are read: a service that only answers never needs it."""
    from rag.documents.assemble import read

    return read


def _processes(files: Iterable[File]) -> int:
    """Workers for these files: none (this process) for a few plain texts, where starting one would take longer than reading.

    Other formats go through libraries that can hang or crash on a broken file; a worker can be stopped.
    """
    suffixes = [file.path.suffix.lower() for file in files]
    if len(suffixes) < PARALLEL_FROM and PLAIN_SUFFIXES.issuperset(suffixes):
        return 0
    return os.cpu_count() or 1


@dataclass(slots=True)
class Owners:
    """Which sources each document comes from, and which documents each source holds."""

    sources: dict[str, set[str]] = field(default_factory=dict)
    documents: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, catalogue: Sequence[Document]) -> Owners:
        """As the index has it now."""
        owners = cls()
        for item in catalogue:
            for source in {item.source, *item.sources}:
                owners._add(item.id, source)
        return owners

    def take(self, source: str, documents: Sequence[str]) -> bool:
        """Makes these the documents of a source; True when other sources have every one of them already."""
        for document in self.documents.pop(source, set()):
            self.sources[document].discard(source)
        elsewhere = all(self.sources.get(document) for document in documents)
        for document in documents:
            self._add(document, source)
        return elsewhere

    def _add(self, document: str, source: str) -> None:
        self.sources.setdefault(document, set()).add(source)
        self.documents.setdefault(source, set()).add(document)


@dataclass(slots=True)
class _Run:
    engine: Engine
    total: int
    progress: OnProgress | None
    owners: Owners = field(init=False)
    reposts: Reposts = field(init=False)
    done: int = 0
    chunks: int = 0
    started: float = field(default_factory=time.monotonic)
    pending: dict[str, Sequence[Entry]] = field(default_factory=dict)
    pending_chunks: int = 0
    digests: dict[str, str] = field(default_factory=dict)
    fresh: dict[str, Entry] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    refreshed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    folded: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def __post_init__(self) -> None:
        catalogue = self.engine.snapshot().store.catalogue()
        self.owners = Owners.of(catalogue)
        self.reposts = Reposts(self._entry)
        self.reposts.add(catalogue)

    def take(self, result: Result, *, refreshes: bool) -> None:
        if isinstance(result, Read):
            entries = tuple(self._folded(entry, refreshes) for entry in result.entries)
            self._place(result.source, entries, refreshes=refreshes)
            self.pending[result.source] = entries
            self.digests[result.source] = result.digest
            self.pending_chunks += sum(len(entry.chunks) for entry in entries)
        else:
            self.refused.append(result)
        if self._full():
            self.apply()
        self._tell()

    def leave(self, source: str) -> None:
        self.unchanged.append(source)
        self._tell()

    def _folded(self, entry: Entry, refreshes: bool) -> Entry:
        """The article that this one repeats, or this one, which is then known.

        A file that was here before has its new text indexed, however little changed.
        """
        first = None if refreshes else self.reposts.first(entry)
        if first is not None:
            return first
        self.reposts.add([entry.document])
        self.fresh.setdefault(entry.document.id, entry)
        return entry

    def _entry(self, name: str) -> Entry | None:
        if name in self.fresh:
            return self.fresh[name]
        if not self.owners.sources.get(name):
            return None
        store = self.engine.snapshot().store
        return Entry(store.document(name), tuple(store.document_chunks(name)))

    def _place(self, source: str, entries: Sequence[Entry], *, refreshes: bool) -> None:
        elsewhere = self.owners.take(source, [entry.document.id for entry in entries])
        if elsewhere:
            self.folded.append(source)
        elif refreshes:
            self.refreshed.append(source)
        else:
            self.added.append(source)

    def _full(self) -> bool:
        return (
            len(self.pending) >= BATCH_FILES
            or self.pending_chunks >= BATCH_CHUNKS
            or time.monotonic() - self.started >= BATCH_SECONDS
        )

    def apply(self) -> None:
        if self.pending:
            self.engine.replace(self.pending, self.digests)
        self.chunks += self.pending_chunks
        self.pending, self.digests, self.fresh, self.pending_chunks = {}, {}, {}, 0
        self.started = time.monotonic()

    def _tell(self) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, self.total, self.chunks + self.pending_chunks)

    def outcome(self, refused: tuple[Refused, ...], missing: tuple[str, ...]) -> Outcome:
        return Outcome(
            tuple(self.added),
            tuple(self.refreshed),
            tuple(self.unchanged),
            tuple(self.folded),
            refused,
            missing,
        )
