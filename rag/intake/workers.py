"""Files read by several processes, in the order given. A file that hangs or kills its process costs that file only.

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
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import MappingProxyType

from rag.intake.reading import Reader, Result, read_file
from rag.intake.walk import File, Refused

FILE_SECONDS = 60.0
START_SECONDS = 60.0
WINDOW = 256
# Files that a worker has at a time: it goes on to the next while the parent is busy with what it read.
DEPTH = 4
# One processor a worker: the threads of a library in each would only wait for each other.
ONE_THREAD: Mapping[str, str] = MappingProxyType(
    {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
)
# Reading makes many small objects and no circles of them to speak of: the collector looks a hundredth as often.
GARBAGE = 70_000


@dataclass(frozen=True, slots=True)
class _Done:
    """What a worker says when a file is read; the one before the first says that the worker is there."""


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    started: bool = False
    positions: deque[int] = field(default_factory=deque)
    deadline: float = 0.0


@dataclass(slots=True)
class _Pool:
    """The workers and what they have read so far, by position of the file."""

    files: Sequence[File]
    reader: Reader
    file_seconds: float
    workers: list[_Worker]
    parts: dict[int, list[Result]] = field(default_factory=dict)
    done: dict[int, tuple[Result, ...]] = field(default_factory=dict)

    def send(self, worker: _Worker, position: int) -> None:
        if not worker.positions:
            allowed = self.file_seconds if worker.started else START_SECONDS + self.file_seconds
            worker.deadline = time.monotonic() + allowed
        worker.positions.append(position)
        # A worker that is dead already shows as the end of its pipe when the answer is collected.
        with suppress(OSError):
            worker.pipe.send(self.files[position])

    def collect(self) -> None:
        """Waits for a word from any worker, or for the end of one's time."""
        busy = {worker.pipe: at for at, worker in enumerate(self.workers) if worker.positions}
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
            self.parts.setdefault(worker.positions[0], []).append(said)
        elif worker.started:
            position = worker.positions.popleft()
            self.done[position] = tuple(self.parts.pop(position))
        else:
            worker.started = True

    def _replace(self, at: int, reason: str) -> None:
        """Puts a new worker in the place of one that died or hangs; the file that it was at is refused, the others go on."""
        worker = self.workers[at]
        position, *rest = worker.positions
        self.done[position] = (*self.parts.pop(position, ()), Refused(self.files[position].source, reason))
        _stop(worker)
        self.workers[at] = _start(self.reader, [each for each in self.workers if each is not worker])
        for each in rest:
            self.send(self.workers[at], each)


def read_parallel(
    files: Sequence[File], reader: Reader, *, processes: int, file_seconds: float = FILE_SECONDS
) -> Iterator[tuple[Result, ...]]:
    """What became of each file, in the order of `files`, read by `processes` (≥ 1) workers at once.

    A file, or a member of a zip, that takes longer than `file_seconds`, or whose worker dies, is refused and a new worker takes
    its place. At most 256 files are read ahead of the one that is due. `reader` must be importable by name. Closing the
    iterator ends the workers.
    """
    pool = _Pool(files, reader, file_seconds, [])
    sent = due = 0
    try:
        for _ in range(min(processes, len(files))):
            pool.workers.append(_start(reader, pool.workers))
        while due < len(files):
            for depth in range(1, DEPTH + 1):
                for worker in pool.workers:
                    if len(worker.positions) < depth and sent < min(len(files), due + WINDOW):
                        pool.send(worker, sent)
                        sent += 1
            pool.collect()
            while due in pool.done:
                yield pool.done.pop(due)
                due += 1
    finally:
        for worker in pool.workers:
            _stop(worker)


def _start(reader: Reader, others: Sequence[_Worker]) -> _Worker:
    """A new worker beside the others."""
    ours, theirs = multiprocessing.Pipe()
    process: BaseProcess
    if _is_alone():
        # What this process has loaded, the worker has too: half a second less. It must hold no end of a pipe but its own,
        # or closing one would end no worker.
        held = (ours, *(worker.pipe for worker in others))
        process = multiprocessing.get_context("fork").Process(target=_serve, args=(theirs, reader, held), daemon=True)
    else:
        process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs, reader), daemon=True)
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
    if worker.positions:
        worker.process.kill()
    worker.process.join(5.0)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()
    worker.process.close()


def _serve(pipe: Connection, reader: Reader, held: Sequence[Connection] = ()) -> None:
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
            for result in read_file(pipe.recv(), reader):
                pipe.send(result)
            pipe.send(_Done())
