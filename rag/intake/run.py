"""One run of ingest: what was read is collected into batches, each of which becomes a generation."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Self

from rag.intake.alike import Body, longer
from rag.intake.owners import Known, Owners
from rag.intake.reading import Read, Result
from rag.intake.reposts import Reposts
from rag.intake.walk import File, Refused
from rag.protocols import Engine
from rag.sketch import Sketch, sketch
from rag.types import Document, Entry

BATCH_FILES = 2_000
BATCH_CHUNKS = 20_000
BATCH_SECONDS = 10.0
# A batch of this many chunks that has eight times as many files as are left is indexed while those are read: at the end of a run
# one processor indexes and the others have nothing to do.
LATE_CHUNKS = 2_000
LATE_FILES = 8

OnProgress = Callable[[int, int, int], None]


@dataclass(slots=True)
class _Batch:
    """What one change of the index brings: the entries of each source, and the digests of their files."""

    entries: dict[str, Sequence[Entry]] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    fresh: dict[str, Entry] = field(default_factory=dict)
    chunks: int = 0
    started: float = field(default_factory=time.monotonic)

    def is_full(self) -> bool:
        """Whether it is large or old enough to be indexed."""
        return (
            len(self.entries) >= BATCH_FILES
            or self.chunks >= BATCH_CHUNKS
            or time.monotonic() - self.started >= BATCH_SECONDS
        )


class Run:
    """Takes results in order. One batch is indexed, in a thread of its own, while the next is collected.

    To be used in a `with` block, whose end indexes what is left, also when it ends with an error or ^C.
    """

    def __init__(self, engine: Engine, known: Known, total: int, progress: OnProgress | None) -> None:
        self._engine, self._known, self._total, self._progress = engine, known, total, progress
        self._digests = dict(known.digests)
        catalogue = engine.snapshot().store.catalogue()
        self._owners = Owners.of(catalogue)
        self._batch = _Batch()
        self._indexing: tuple[_Batch, Future[object]] | None = None
        self._reposts = Reposts(self._entry)
        self._reposts.add(self._sketches(catalogue))
        self._thread = ThreadPoolExecutor(1)
        self._done = self._chunks = 0
        self.added: list[str] = []
        self.refreshed: list[str] = []
        self.unchanged: list[str] = []
        self.folded: list[str] = []
        self.refused: list[Refused] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._index()
            self._wait()
        finally:
            self._thread.shutdown()

    def take(self, file: File, results: Sequence[Result]) -> None:
        """Takes what was read from a file. Members that a zip held before and does not hold any more go."""
        before = self._known.of(file.source)
        for result in results:
            self._take(result, refreshes=result.source in before)
        if any(isinstance(result, Read) for result in results):
            now = {result.source for result in results}
            for source in before:
                if source not in now:
                    self._owners.take(source, ())
                    self._batch.entries[source] = ()
        if self._batch.is_full() or self._is_late():
            self._index()
        self._tell()

    def _is_late(self) -> bool:
        """Whether little is left to read beside what waits to be indexed, and nothing is being indexed."""
        left = self._total - self._done - 1
        few = 0 < left * LATE_FILES <= len(self._batch.entries) and self._batch.chunks >= LATE_CHUNKS
        return few and (self._indexing is None or self._indexing[1].done())

    def leave(self, file: File) -> None:
        """Notes that a file is as it was."""
        self.unchanged.extend(self._known.of(file.source))
        self._tell()

    def _take(self, result: Result, *, refreshes: bool) -> None:
        if not isinstance(result, Read):
            self.refused.append(result)
            return
        entries = tuple(self._folded(entry, refreshes) for entry in result.entries)
        self._place(result.source, entries, refreshes=refreshes)
        self._batch.entries[result.source] = entries
        self._batch.digests[result.source] = self._digests[result.source] = result.digest
        self._batch.chunks += sum(len(entry.chunks) for entry in entries)

    def _folded(self, entry: Entry, refreshes: bool) -> Entry:
        """The article that this one repeats, or this one, which is then known.

        A file that was here before has its new text indexed, however little changed.
        """
        entry = entry if entry.sketch is not None else replace(entry, sketch=sketch(entry))
        first = None if refreshes else self._reposts.first(entry)
        if first is not None and not self._is_fuller(entry, first):
            return _of_source(first, entry.document.source)
        self._know(entry)
        if first is not None:
            self._supersede(first.document.id, entry)
        return entry

    def _know(self, entry: Entry) -> None:
        self._reposts.add({entry.document.id: entry.sketch or ()})
        self._batch.fresh.setdefault(entry.document.id, entry)

    def _is_fuller(self, entry: Entry, first: Entry) -> bool:
        """Whether an article holds more than the one that it repeats, which came cut short, and can take its place."""
        return bool(self._owners.sources.get(first.document.id)) and longer(Body(entry), Body(first))

    def _supersede(self, name: str, entry: Entry) -> None:
        """Makes an article that of every source that had a shorter version of it."""
        for source in sorted(self._owners.sources[name]):
            documents = [entry.document.id if each == name else each for each in self._owners.documents[source]]
            found = [entry if each == entry.document.id else self._entry(each) for each in documents]
            self._owners.take(source, documents)
            self._batch.entries[source] = tuple(_of_source(each, source) for each in found if each is not None)
            self._batch.digests[source] = self._digests[source]
        for batch in self._batches():
            batch.fresh.pop(name, None)
        self._reposts.drop(name)

    def _entry(self, name: str) -> Entry | None:
        """A document that was read in this run, or that the index holds."""
        for batch in self._batches():
            if name in batch.fresh:
                return batch.fresh[name]
        if not self._owners.sources.get(name):
            return None
        store = self._engine.snapshot().store
        return Entry(store.document(name), tuple(store.document_chunks(name)))

    def _batches(self) -> tuple[_Batch, ...]:
        return (self._batch, self._indexing[0]) if self._indexing else (self._batch,)

    def _sketches(self, catalogue: Sequence[Document]) -> dict[str, Sketch]:
        """By document; made of the text where an older version indexed it without."""
        held = self._engine.snapshot().store.sketches()
        found = {item.id: held[item.id] for item in catalogue if item.id in held}
        for item in catalogue:
            if item.id not in found and (entry := self._entry(item.id)) is not None:
                found[item.id] = sketch(entry)
        return found

    def _place(self, source: str, entries: Sequence[Entry], *, refreshes: bool) -> None:
        elsewhere = self._owners.take(source, [entry.document.id for entry in entries])
        if elsewhere:
            self.folded.append(source)
        elif refreshes:
            self.refreshed.append(source)
        else:
            self.added.append(source)

    def _index(self) -> None:
        """Begins to index the batch, when the one before is indexed."""
        self._wait()
        batch, self._batch = self._batch, _Batch()
        if batch.entries:
            self._indexing = batch, self._thread.submit(self._engine.replace, batch.entries, batch.digests)

    def _wait(self) -> None:
        if self._indexing is not None:
            batch, change = self._indexing
            change.result()
            self._indexing = None
            self._chunks += batch.chunks

    def _tell(self) -> None:
        self._done += 1
        if self._progress is not None:
            waiting = self._indexing[0].chunks if self._indexing else 0
            self._progress(self._done, self._total, self._chunks + waiting + self._batch.chunks)


def _of_source(entry: Entry, source: str) -> Entry:
    """The entry as one that this source brings."""
    return replace(entry, document=replace(entry.document, source=source, sources=(source,)), prepared=None)
