"""Files read by several processes, in the order given. A file that hangs or kills its process costs that file only.

`concurrent.futures` would not do: there one dead worker breaks the whole pool, and a hanging one cannot be stopped.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from rag.intake.reading import Reader, Result, read_file
from rag.intake.walk import File, Refused

FILE_SECONDS = 60.0
START_SECONDS = 60.0
WINDOW = 256


@dataclass(slots=True)
class _Worker:
    process: SpawnProcess
    pipe: Connection
    started: bool = False
    position: int | None = None
    deadline: float = 0.0


def read_parallel(
    files: Sequence[File], reader: Reader, *, processes: int, file_seconds: float = FILE_SECONDS
) -> Iterator[Result]:
    """What became of each file, in the order of `files`, read by `processes` (≥ 1) workers at once.

    A file that takes longer than `file_seconds`, or whose worker dies, is refused and a new worker takes its place. At most
    256 files are read ahead of the one that is due. `reader` must be importable by name. Closing the iterator ends the workers.
    """
    pool = [_start(reader) for _ in range(min(processes, len(files)))]
    done: dict[int, Result] = {}
    sent = due = 0
    try:
        while due < len(files):
            for worker in pool:
                if worker.position is None and sent < min(len(files), due + WINDOW):
                    _send(worker, sent, files[sent], file_seconds)
                    sent += 1
            _collect(pool, files, reader, done, file_seconds)
            while due in done:
                yield done.pop(due)
                due += 1
    finally:
        for worker in pool:
            _stop(worker)


def _collect(
    pool: list[_Worker], files: Sequence[File], reader: Reader, done: dict[int, Result], file_seconds: float
) -> None:
    busy = {worker.pipe: at for at, worker in enumerate(pool) if worker.position is not None}
    patience = max(0.0, min(pool[at].deadline for at in busy.values()) - time.monotonic())
    ready = set(wait(list(busy), timeout=patience))
    for pipe, at in busy.items():
        worker = pool[at]
        position = worker.position
        if position is None:
            continue
        if pipe in ready:
            try:
                _receive(worker, position, done, file_seconds)
                continue
            except (EOFError, OSError):
                worker.process.join(1.0)
                reason = f"its reader stopped with exit status {worker.process.exitcode}"
        elif time.monotonic() >= worker.deadline:
            reason = f"took longer than {file_seconds:g} s to read"
        else:
            continue
        done[position] = Refused(files[position].source, reason)
        _stop(worker)
        pool[at] = _start(reader)


def _receive(worker: _Worker, position: int, done: dict[int, Result], file_seconds: float) -> None:
    result: Result | None = worker.pipe.recv()
    if result is None:
        worker.started, worker.deadline = True, time.monotonic() + file_seconds
    else:
        done[position], worker.position = result, None


def _start(reader: Reader) -> _Worker:
    # spawn, not fork: the parent may run threads of FAISS, tantivy or a server, which a fork would cut in half.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, reader), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _send(worker: _Worker, position: int, file: File, file_seconds: float) -> None:
    allowed = file_seconds if worker.started else START_SECONDS + file_seconds
    worker.position, worker.deadline = position, time.monotonic() + allowed
    # A worker that is dead already shows as the end of its pipe when the answer is collected.
    with suppress(OSError):
        worker.pipe.send(file)


def _stop(worker: _Worker) -> None:
    worker.pipe.close()
    if worker.position is not None:
        worker.process.kill()
    worker.process.join(5.0)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()
    worker.process.close()


def _serve(pipe: Connection, reader: Reader) -> None:
    """Says that it is there (None), then reads files until the parent closes the pipe. ^C is the parent's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        pipe.send(None)
        while True:
            pipe.send(read_file(pipe.recv(), reader))
