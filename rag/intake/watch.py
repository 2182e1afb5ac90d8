"""What changes in files and folders, by looking again and again: shares on a network send no events.

A file counts as changed, new or gone when two looks one after the other agree: one that is still being written, or is away for
an instant while it is saved, does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import NotFoundError
from rag.intake.walk import File, Walk, walk

# Size, and time of change in nanoseconds.
Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Changes:
    """Files that are new or changed, in the order walked, and sources that are gone, sorted. False when there are none."""

    files: tuple[File, ...] = ()
    gone: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.files or self.gone)


@dataclass(frozen=True, slots=True)
class _Look:
    stamps: Mapping[str, Stamp]
    files: tuple[File, ...]


class Watch:
    """Files and folders that are looked at. `absent` says of a path or an emptied folder that its files are not taken for gone:
    a share that is not mounted looks like that."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self.absent: str | None = None
        self._taken: dict[str, Stamp] = {}
        first = self._look()
        self._taken = dict(first.stamps) if first else {}
        self._last = first or _Look({}, ())

    @property
    def is_whole(self) -> bool:
        """Whether everything that is watched was there at the last look: only then what is missing is gone."""
        return self.absent is None

    def changes(self) -> Changes:
        """What has changed since the changes that were taken, as far as it is settled."""
        look = self._look()
        if look is None:
            return Changes()
        last, self._last = self._last, look
        files = tuple(
            file
            for file in look.files
            if self._taken.get(file.source) != look.stamps[file.source] == last.stamps.get(file.source)
        )
        gone = (source for source in self._taken if source not in look.stamps and source not in last.stamps)
        return Changes(files, tuple(sorted(gone)))

    def took(self, changes: Changes) -> None:
        """Notes that the index holds these."""
        for file in changes.files:
            self._taken[file.source] = self._last.stamps[file.source]
        for source in changes.gone:
            del self._taken[source]

    def _look(self) -> _Look | None:
        """What is there; None where a path is not, or a folder that held files holds none."""
        try:
            found = walk(self._paths)
        except NotFoundError as error:
            self.absent = str(error)
            return None
        stamps = _stamps(found)
        empty = [folder for folder in found.folders if not any(name.startswith(folder) for name in stamps)]
        self.absent = f"{empty[0]!r} holds no files: nothing is taken out while it is empty" if empty else None
        if empty:
            return None
        # What lies in a folder that cannot be looked into just now is as it was.
        kept = {name: stamp for name, stamp in self._unseen(found).items() if name not in stamps}
        return _Look(stamps | kept, tuple(file for file in found.files if file.source in stamps))

    def _unseen(self, found: Walk) -> Mapping[str, Stamp]:
        closed = tuple(refused.source for refused in found.refused)
        return {name: stamp for name, stamp in self._taken.items() if closed and name.startswith(closed)}


def _stamps(found: Walk) -> dict[str, Stamp]:
    stamps: dict[str, Stamp] = {}
    for file in found.files:
        try:
            status = file.path.stat()
        except OSError:
            continue
        stamps[file.source] = status.st_size, status.st_mtime_ns
    return stamps
