"""`rag index --watch`: a report at the start and one for every round that changed something, until ^C."""

from __future__ import annotations

import json
import sys
import time
from argparse import Namespace
from pathlib import Path

from rag import present
from rag.cli import text
from rag.cli.arguments import EVERY
from rag.cli.opening import Access, Opener
from rag.cli.output import Output
from rag.cli.progress import shown_progress
from rag.errors import StoreError, UsageError
from rag.intake.watch import Watch
from rag.outcomes import Report
from rag.service import Service

DONE = 0
SHORTEST, LONGEST = 0.05, 86_400.0


def watch(options: Namespace, opener: Opener, output: Output) -> int:
    """Ends with 0 at ^C. With --json each report is a line."""
    every = EVERY if options.every is None else options.every
    if not SHORTEST <= every <= LONGEST:
        raise UsageError(f"--every is {every:g}: it is {SHORTEST:g}–{LONGEST:g} seconds")
    paths = [Path(path) for path in options.paths]
    service = opener(Access.CREATE)
    try:
        watched = Watch(paths)
        with shown_progress(sys.stderr) as progress:
            _say(service.index(paths, prune=watched.is_whole, progress=progress), output)
        _complain(watched.absent, None)
        _follow(watched, service, every, output)
    except KeyboardInterrupt:
        sys.stderr.write("rag: stopped watching; what was read is kept\n")
    finally:
        service.close()
    return DONE


def _follow(watched: Watch, service: Service, every: float, output: Output) -> None:
    said = watched.absent
    while True:
        time.sleep(every)
        changes = watched.changes()
        trouble = watched.absent
        if changes:
            try:
                _say(service.index_changes(changes), output)
                watched.took(changes)
            except StoreError as error:
                trouble = f"{error} (tried again)"
        _complain(trouble, said)
        said = trouble


def _say(report: Report, output: Output) -> None:
    output.say(json.dumps(present.report(report)) if output.json else text.report(report))


def _complain(trouble: str | None, said: str | None) -> None:
    if trouble is not None and trouble != said:
        sys.stderr.write(f"rag: {' '.join(trouble.split())}\n")
