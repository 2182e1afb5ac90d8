"""Settings: everything a run depends on, read from the environment in this one place and passed in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from rag.errors import UsageError

MAX_QUESTION_CHARS = 2_000
MAX_K = 100
DEFAULT_K = 10
LLM_SECONDS = 30.0
MAX_LLM_SECONDS = 600.0
MAX_KEY_CHARS = 4_096


@dataclass(frozen=True, slots=True)
class LlmServer:
    """An OpenAI-compatible server: `url` is what stands before /chat/completions (http://127.0.0.1:8000/v1). `seconds` bounds one answer as a
    whole: connecting, a second attempt, the last byte. `key` is never shown."""

    url: str
    model: str
    key: str | None = field(default=None, repr=False)
    seconds: float = LLM_SECONDS


@dataclass(frozen=True, slots=True)
class Settings:
    """`data_dir` is None when the user named none: then the default place is used, or the bundled seeds for reading."""

    data_dir: Path | None
    default_data_dir: Path
    cache_dir: Path
    model: str | None
    llm: LlmServer | None = None
    reranker: str | None = None

    @property
    def index_dir(self) -> Path:
        """Where the user's index lives, whether it exists yet or not."""
        return self.data_dir if self.data_dir is not None else self.default_data_dir


def settings(
    *, data_dir: str | None = None, model: str | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """Settings from options, then the environment (`RAG_DATA_DIR`, `RAG_MODEL`, `RAG_RERANKER`, `XDG_DATA_HOME`, `XDG_CACHE_HOME`,
    `RAG_LLM_URL`, `RAG_LLM_MODEL`, `RAG_LLM_KEY`, `RAG_LLM_KEY_FILE`, `RAG_LLM_TIMEOUT`), then defaults.

    An empty variable counts as unset. Paths are expanded (`~`) and made absolute, not created. Raises UsageError for an
    LLM server that is named but cannot be used as named.
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
        llm=_llm(env),
        reranker=env.get("RAG_RERANKER") or None,
    )


def _llm(env: Mapping[str, str]) -> LlmServer | None:
    url = env.get("RAG_LLM_URL") or None
    if url is None:
        return None
    model = env.get("RAG_LLM_MODEL") or None
    if model is None:
        raise UsageError("RAG_LLM_URL is set and RAG_LLM_MODEL is not: name the model that the server is to run")
    _check_url(url)
    return LlmServer(url.rstrip("/"), model, _key(env), _seconds(env.get("RAG_LLM_TIMEOUT") or None))


def _check_url(url: str) -> None:
    """The message does not repeat the URL, which may hold a password."""
    try:
        parts = urlsplit(url)
        host, _ = (parts.hostname or "").encode("idna"), parts.port
    except ValueError as error:
        raise UsageError("RAG_LLM_URL is not a URL: write http://127.0.0.1:8000/v1") from error
    if parts.scheme not in ("http", "https") or not host or not url.isascii() or not url.isprintable() or " " in url:
        raise UsageError("RAG_LLM_URL is not an http or https URL: write http://127.0.0.1:8000/v1")
    if parts.username is not None or parts.fragment:
        raise UsageError("RAG_LLM_URL holds a user name, a password or a fragment: put the key into RAG_LLM_KEY")


def _key(env: Mapping[str, str]) -> str | None:
    """The key itself, or what its file holds. No message repeats it."""
    key, name = env.get("RAG_LLM_KEY") or None, "RAG_LLM_KEY"
    file = env.get("RAG_LLM_KEY_FILE") or None
    if key is None and file is not None:
        name = f"RAG_LLM_KEY_FILE {file!r}"
        try:
            with Path(file).expanduser().open("rb") as stream:
                key = stream.read(MAX_KEY_CHARS + 2).decode("ascii", "replace").strip()
        except OSError as error:
            raise UsageError(f"{name} cannot be read: {error.strerror}") from error
    if key is not None and not (0 < len(key) <= MAX_KEY_CHARS and key.isascii() and key.isprintable()):
        raise UsageError(f"{name} holds no key: one line of 1–{MAX_KEY_CHARS} ASCII characters is wanted")
    return key


def _seconds(value: str | None) -> float:
    if value is None:
        return LLM_SECONDS
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= MAX_LLM_SECONDS:
        raise UsageError(
            f"RAG_LLM_TIMEOUT is {value!r}: it is a number of seconds, more than 0 and at most {MAX_LLM_SECONDS:.0f}"
        )
    return seconds
