"""Models by their published name: whether one is in the cache, and whether it can be had, asked once and briefly.

The libraries ask for a file again and again for over a minute before they say that there is no network.
"""

from __future__ import annotations

from threading import Thread
from typing import Final

from embeddings.protocol import EmbeddingError

SECONDS: Final = 1.2
_FILES: Final = ("modules.json", "config.json")


def is_cached(name: str) -> bool:
    """Whether the cache of huggingface_hub holds the model, or its beginnings. Raises EmbeddingError for what can be no name."""
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        return any(isinstance(try_to_load_from_cache(full, file), str) for full in _names(name) for file in _FILES)
    except HFValidationError as error:
        raise EmbeddingError(
            f"{name!r} is no model's name: give an existing folder or a name such as 'BAAI/bge-m3'"
        ) from error


def check_reachable(name: str, *, seconds: float = SECONDS) -> None:
    """Returns when the hub has the model for us. Raises EmbeddingError: it says that it has not, or nothing within these seconds,
    or HF_HUB_OFFLINE forbids to ask."""
    from huggingface_hub import constants
    from huggingface_hub.errors import RepositoryNotFoundError

    if constants.HF_HUB_OFFLINE:
        raise EmbeddingError(f"{_missing(name)}, and HF_HUB_OFFLINE is set: put the model's folder here and name that")
    said: list[Exception | None] = []
    # A thread, for a name server that does not answer heeds no timeout.
    asking = Thread(target=_ask, args=(name, seconds, said), daemon=True)
    asking.start()
    asking.join(seconds)
    if said == [None]:
        return
    fault = said[0] if said else None
    if isinstance(fault, RepositoryNotFoundError):
        raise EmbeddingError(
            f"{_missing(name)}, and {constants.ENDPOINT} has none of that name for you: check the name, or name a folder"
        )
    raise EmbeddingError(
        f"{_missing(name)}, and {constants.ENDPOINT} does not answer: put the model's folder here and name that, or try "
        "again with a network"
    )


def _ask(name: str, seconds: float, said: list[Exception | None]) -> None:
    """Puts None into `said` when the hub has the model, else what it said of the last of its names."""
    from huggingface_hub import HfApi

    fault: Exception | None = None
    for full in _names(name):
        try:
            HfApi().model_info(full, timeout=seconds)
        # What stands between us and the hub fails in its own ways: proxies, certificates, portals that answer with a page.
        except Exception as error:
            fault = error
        else:
            said.append(None)
            return
    said.append(fault)


def _names(name: str) -> tuple[str, ...]:
    """A name without an owner may be one of the oldest models, which are sentence-transformers' own."""
    return (name,) if "/" in name else (f"sentence-transformers/{name}", name)


def _missing(name: str) -> str:
    from huggingface_hub import constants

    return f"model {name!r} is not in the cache ({constants.HF_HUB_CACHE})"
