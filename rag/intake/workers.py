"""Files read by several processes, in the order given. A file that hangs or kills its process costs that file only.

Small texts go to a worker in groups, and what it makes of them it makes of all at once, in two thirds of the time. When something
happens to a worker with a group, nobody knows which file it was: each of them is then given to the next worker alone.

`concurrent.futures` would not do: there one dead worker breaks the whole pool, and a hanging one cannot be stopped.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import MappingProxyType

from rag.intake.reading import Prepare, Reader, Result, prepared, read_file
from rag.intake.walk import File, Refused

FILE_SECONDS = 60.0
START_SECONDS = 60.0
WINDOW = 256
# Groups that a worker has at a time: it goes on to the next while the parent is busy with what it read.
DEPTH = 3
# Files of a group, bytes of each, and characters of its name: what is sent must find room in a pipe that nobody empties while both
# ends send.
GROUP_FILES = 16
GROUP_FILE_BYTES = 32_768
GROUP_NAME = 300
GROUPED = frozenset({".txt", ".md", ".html", ".htm"})
# One processor a worker: the threads of a library in each would only wait for each other.
ONE_THREAD: Mapping[str, str] = MappingProxyType(
    {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
)
# Reading makes many small objects and no circles of them to speak of: the collector looks a hundredth as often.
GARBAGE = 70_000


@dataclass(frozen=True, slots=True)
class _Done:
    """What a worker says when the files that it was given are read; the one before the first says that the worker is there.

    `results` are those of each file; none for a single file, whose results came one by one before.
    """

    results: tuple[tuple[Result, ...], ...] = ()


# Positions of files that are read together.
_Group = tuple[int, ...]


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    started: bool = False
    groups: deque[_Group] = field(default_factory=deque)
    deadline: float = 0.0


@dataclass(slots=True)
class _Pool:
    """The workers and what they have read so far, by position of the file."""

    files: Sequence[File]
    reader: Reader
    prepare: Prepare | None
    file_seconds: float
    workers: list[_Worker] = field(default_factory=list)
    parts: dict[int, list[Result]] = field(default_factory=dict)
    done: dict[int, tuple[Result, ...]] = field(default_factory=dict)

    def start(self, others: Sequence[_Worker]) -> _Worker:
        """A new worker beside the others."""
        return _start(self.reader, self.prepare, others)

    def send(self, worker: _Worker, group: _Group) -> None:
        if not worker.groups:
            allowed = self.file_seconds if worker.started else START_SECONDS + self.file_seconds
            worker.deadline = time.monotonic() + allowed
        worker.groups.append(group)
        # A worker that is dead already shows as the end of its pipe when the answer is collected.
        with suppress(OSError):
            worker.pipe.send([self.files[position] for position in group])

    def collect(self) -> None:
        """Waits for a word from any worker, or for the end of one's time."""
        busy = {worker.pipe: at for at, worker in enumerate(self.workers) if worker.groups}
        patience = max(0.0, min(self.workers[at].deadline for at in busy.values()) - time.monotonic())
        ready = set(wait(list(busy), timeout=patience))
        for pipe, at in busy.items():
            worker = self.workers[at]
            if pipe in ready:
                try:
                    self._receive(worker)
                except (EOFError, OSError):
                    worker.process.join(1.0)
                    self._replace(at, f"its reader stopped with exit status {worker.process.exitcode}")
            elif time.monotonic() >= worker.deadline:
                self._replace(at, f"took longer than {self.file_seconds:g} s to read")

    def _receive(self, worker: _Worker) -> None:
        said: Result | _Done = worker.pipe.recv()
        worker.deadline = time.monotonic() + self.file_seconds
        if not isinstance(said, _Done):
            self.parts.setdefault(worker.groups[0][0], []).append(said)
        elif worker.started:
            group = worker.groups.popleft()
            results = said.results or [tuple(self.parts.pop(position)) for position in group]
            self.done.update(zip(group, results, strict=True))
        else:
            worker.started = True

    def _replace(self, at: int, reason: str) -> None:
        """Puts a new worker in the place of one that died or hangs. The file that it was at is refused, the others go on; of
        several that it was at, each goes on alone."""
        worker = self.workers[at]
        first, *rest = worker.groups
        if len(first) == 1:
            (position,) = first
            self.done[position] = (*self.parts.pop(position, ()), Refused(self.files[position].source, reason))
        else:
            rest = [*((position,) for position in first), *rest]
        _stop(worker)
        self.workers[at] = self.start([each for each in self.workers if each is not worker])
        for each in rest:
            self.send(self.workers[at], each)


def read_parallel(
    files: Sequence[File],
    reader: Reader,
    *,
    processes: int,
    prepare: Prepare | None = None,
    file_seconds: float = FILE_SECONDS,
) -> Iterator[tuple[Result, ...]]:
    """What became of each file, in the order of `files`, read by `processes` (≥ 1) workers at once, which also `prepare` it.

    A file, or a member of a zip, that takes longer than `file_seconds`, or whose worker dies, is refused and a new worker takes
    its place. At most 256 files are read ahead of the one that is due. `reader` and `prepare` must be importable by name, or
    pickle. Closing the iterator ends the workers.
    """
    pool = _Pool(files, reader, prepare, file_seconds)
    # Smaller ones for many workers or few files, so that each worker has one to read and one that waits.
    most = min(GROUP_FILES, WINDOW // (2 * processes), len(files) // (DEPTH * processes))
    groups = deque(_grouped(files, most))
    due = 0
    try:
        for _ in range(min(processes, len(groups))):
            pool.workers.append(pool.start(pool.workers))
        while due < len(files):
            for depth in range(1, DEPTH + 1):
                for worker in pool.workers:
                    if len(worker.groups) < depth and groups and groups[0][-1] < due + WINDOW:
                        pool.send(worker, groups.popleft())
            pool.collect()
            while due in pool.done:
                yield pool.done.pop(due)
                due += 1
    finally:
        for worker in pool.workers:
            _stop(worker)


def _grouped(files: Sequence[File], most: int) -> Iterator[_Group]:
    """Positions of the files in groups: small texts that follow one another, up to so many; any other file alone, since other
    formats go through libraries that can hang or crash."""
    group: list[int] = []
    for position, file in enumerate(files):
        small = most > 1 and _is_small_text(file)
        if group and (not small or len(group) == most):
            yield tuple(group)
            group = []
        if small:
            group.append(position)
        else:
            yield (position,)
    if group:
        yield tuple(group)


def _is_small_text(file: File) -> bool:
    if file.path.suffix.lower() not in GROUPED or len(file.source) > GROUP_NAME:
        return False
    try:
        return file.path.stat().st_size <= GROUP_FILE_BYTES
    except OSError:
        return False


def _start(reader: Reader, prepare: Prepare | None, others: Sequence[_Worker]) -> _Worker:
    ours, theirs = multiprocessing.Pipe()
    process: BaseProcess
    if _is_alone():
        # What this process has loaded, the worker has too: half a second less. It must hold no end of a pipe but its own,
        # or closing one would end no worker.
        held = (ours, *(worker.pipe for worker in others))
        process = multiprocessing.get_context("fork").Process(
            target=_serve, args=(theirs, reader, prepare, held), daemon=True
        )
    else:
        process = multiprocessing.get_context("spawn").Process(
            target=_serve, args=(theirs, reader, prepare), daemon=True
        )
    with _environment(ONE_THREAD):
        process.start()
    theirs.close()
    return _Worker(process, ours)


def _is_alone() -> bool:
    """Whether this process has one thread, those that FAISS, tokenizers or a server started counted: a fork would cut the
    others in half. Linux alone tells; elsewhere libraries start threads of their own."""
    try:
        return len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """The environment that a process is started with; libraries read these before any code of ours runs there."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _stop(worker: _Worker) -> None:
    worker.pipe.close()
    if worker.groups:
        worker.process.kill()
    worker.process.join(5.0)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()
    worker.process.close()


def _serve(pipe: Connection, reader: Reader, prepare: Prepare | None, held: Sequence[Connection] = ()) -> None:
    """Says that it is there, then reads files until the parent closes the pipe. ^C is the parent's to handle. `held` are ends
    of pipes that a fork left here and that belong to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for each in held:
        each.close()
    gc.freeze()
    gc.set_threshold(GARBAGE)
    with suppress(EOFError, OSError):
        pipe.send(_Done())
        while True:
            first, *others = pipe.recv()
            if others:
                pipe.send(_Done(_together([first, *others], reader, prepare)))
                continue
            for result in read_file(first, reader):
                pipe.send(result if prepare is None else prepared([result], prepare)[0])
            pipe.send(_Done())


def _together(files: Sequence[File], reader: Reader, prepare: Prepare | None) -> tuple[tuple[Result, ...], ...]:
    """What became of each file, prepared at once."""
    results = [tuple(read_file(file, reader)) for file in files]
    if prepare is None:
        return tuple(results)
    ready = iter(prepared([result for each in results for result in each], prepare))
    return tuple(tuple(islice(ready, len(each))) for each in results)
