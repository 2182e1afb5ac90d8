"""Which files a run reads: the paths given, folders walked in order of name, each folder once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import NotFoundError

# What lies in the directory of every index, ours or another.
INDEX_NAMES = frozenset({"store.sqlite", "write.lock"})


@dataclass(frozen=True, slots=True)
class File:
    """A file to read. `source` is its path as the user gave it (for a file in a folder: the folder as given, then the rest)."""

    source: str
    path: Path


@dataclass(frozen=True, slots=True)
class Refused:
    """A file or folder that was not taken, and why, in one line."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Walk:
    """What was found: files in the order to read them, the folders given, and what could not be looked into."""

    files: tuple[File, ...]
    folders: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()

    def missing(self, known: Sequence[str]) -> tuple[str, ...]:
        """The known sources below the folders given that are not there any more, sorted.

        What lies below a folder that could not be looked into does not count: nobody knows whether it is there.
        """
        seen = {file.source for file in self.files}
        unseen = tuple(_below(refused.source) for refused in self.refused)
        roots = tuple(_below(folder) for folder in self.folders)
        gone = (source for source in known if source.startswith(roots) and not _is_part(source, seen))
        return tuple(sorted(source for source in gone if not source.startswith(unseen)))


@dataclass(slots=True)
class _Found:
    files: dict[str, File] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    visited: set[tuple[int, int]] = field(default_factory=set)


def walk(paths: Sequence[Path]) -> Walk:
    """The files of these paths. Folders are walked deep, in order of name; links are followed, each folder is read once.

    A folder that holds an index is left out; inside folders hidden names (`.git`) and the lock files of office programs (`~$…`) are left out; what is neither file
    nor folder (a pipe, a device) is refused. Raises NotFoundError for a path that is not there, before anything is read.
    """
    for path in paths:
        if not os.path.lexists(path):
            raise NotFoundError(f"{source_name(path)!r} is not there: name an existing file or folder")
    found = _Found()
    for path in paths:
        _look(path, found, given=True)
    return Walk(tuple(found.files.values()), tuple(found.folders), tuple(found.refused))


def source_name(path: Path) -> str:
    """A path as text. Bytes that are no UTF-8 (names from old Chinese systems) are read as GB18030, else escaped."""
    raw = os.fsencode(path)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "backslashreplace")


def _look(path: Path, found: _Found, *, given: bool = False) -> None:
    source = source_name(path)
    try:
        if path.is_dir():
            if given:
                found.folders.append(source)
            for child in _children(path, found):
                _look(child, found)
        elif path.is_file():
            found.files.setdefault(source, File(source, path))
        elif path.is_symlink():
            found.refused.append(Refused(source, "a link to nothing"))
        else:
            found.refused.append(Refused(source, "neither a file nor a folder"))
    except OSError as error:
        found.refused.append(Refused(source, problem(error)))


def _children(folder: Path, found: _Found) -> Iterator[Path]:
    stat = folder.stat()
    identity = (stat.st_dev, stat.st_ino)
    if identity in found.visited:
        return iter(())
    found.visited.add(identity)
    names = sorted(name for name in os.listdir(folder) if not name.startswith((".", "~$")))
    if INDEX_NAMES.issubset(names):
        return iter(())
    return (folder / name for name in names)


def _is_part(source: str, seen: Set[str]) -> bool:
    """Whether this is one of these files, or a member of one."""
    return source in seen or any(source[:at] in seen for at, char in enumerate(source) if char == "/")


def _below(folder: str) -> str:
    return folder if folder.endswith(os.sep) else folder + os.sep


def problem(error: OSError) -> str:
    """What the system says of a file, without its path: “Permission denied”."""
    return error.strerror or type(error).__name__
