"""Settings: everything a run depends on, read from the environment in this one place and passed in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MAX_QUESTION_CHARS = 2_000
MAX_K = 100
DEFAULT_K = 10


@dataclass(frozen=True, slots=True)
class Settings:
    """`data_dir` is None when the user named none: then the default place is used, or the bundled seeds for reading."""

    data_dir: Path | None
    default_data_dir: Path
    cache_dir: Path
    model: str | None

    @property
    def index_dir(self) -> Path:
        """Where the user's index lives, whether it exists yet or not."""
        return self.data_dir if self.data_dir is not None else self.default_data_dir


def settings(
    *, data_dir: str | None = None, model: str | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """Settings from options, then the environment (`RAG_DATA_DIR`, `RAG_MODEL`, `XDG_DATA_HOME`, `XDG_CACHE_HOME`), then defaults.

    An empty variable counts as unset. Paths are expanded (`~`) and made absolute, not created.
    """
    env = os.environ if environ is None else environ
    home = Path(env.get("HOME") or Path.home())
    named = data_dir or env.get("RAG_DATA_DIR") or None
    share = Path(env.get("XDG_DATA_HOME") or home / ".local" / "share")
    cache = Path(env.get("XDG_CACHE_HOME") or home / ".cache")
    return Settings(
        data_dir=Path(named).expanduser().absolute() if named else None,
        default_data_dir=(share / "policy-rag").absolute(),
        cache_dir=(cache / "policy-rag").absolute(),
        model=model or env.get("RAG_MODEL") or None,
    )
