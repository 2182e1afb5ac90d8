"""The service in memory of the HTTP tests, with the methods that only the command line calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from rag.errors import NotFoundError
from rag.intake.walk import Refused
from rag.outcomes import Progress, Report
from tests.api.fake import FakeService


class Desk(FakeService):
    """Indexing takes UTF-8 files by `add`; what cannot be decoded is refused, and a path ^C interrupts. `log` lists what was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.log: list[str] = []

    def index(
        self, paths: Sequence[Path], *, prune: bool = False, progress: Callable[[Progress], None] | None = None
    ) -> Report:
        self.log.append(f"index prune={prune} progress={progress is not None}")
        added, refused = [], []
        for path in paths:
            if path.name == "^C":
                raise KeyboardInterrupt
            if not path.exists():
                raise NotFoundError(f"{str(path)!r} is not there: name an existing file or folder")
            try:
                self.add(str(path), path.read_bytes())
                added.append(str(path))
            except UnicodeDecodeError:
                refused.append(Refused(str(path), f"{path}: not text"))
        return Report(tuple(added), (), (), (), tuple(refused), (), self.generation, len(self.held), 0)

    def rebuild(self) -> None:
        self.log.append("rebuild")
