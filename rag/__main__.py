"""The process `rag` (`python -m rag`): the command line, started and ended without what one question does not need."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

from rag.cli.main import main

# Commands of one question: what they opened they have closed. The others keep the collector and Python's own way to end.
BRIEF = ("ask", "search")
_LASTING = frozenset(("-i", "--interactive", "--queries"))


def start() -> NoReturn:
    """Runs the command of `sys.argv` and ends the process with its exit status."""
    # NumPy's OpenBLAS starts a thread for each core, 60 ms of processor time; no product of ours is large enough for two.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if not sys.argv[1:] or sys.argv[1] not in BRIEF or not _LASTING.isdisjoint(sys.argv):
        sys.exit(main())
    gc.disable()
    status = main()
    sys.stderr.flush()
    # What Python would free one by one (60 ms), the system takes back at once; `main` has flushed what it printed.
    os._exit(status)


if __name__ == "__main__":
    start()
