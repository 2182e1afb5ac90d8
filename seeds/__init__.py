"""The bundled corpus: five articles, byte for byte as they came, and the gold questions over them (`gold/`)."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def directory() -> Path:
    """The folder that holds the articles. The package is always installed unpacked (`py.typed` data, no zip import)."""
    return Path(str(files("seeds")))


def paths() -> tuple[Path, ...]:
    """The five article files, in order of name. A seed's `source` is its bare file name."""
    return tuple(sorted(directory().glob("*.txt")))
