"""What every test runs under: no network, no thread pools, and homes of its own."""

from __future__ import annotations

import gc
import os
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests.examples import WHOLE

if TYPE_CHECKING:
    from embeddings.protocol import Embedder

# Read by libraries when they are imported, hence not in a fixture.
os.environ |= {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}

# Collecting two thousand tests makes a million objects that stay: looking through them again and again takes a fourth of it.
gc.set_threshold(100_000, 50, 100)

# The same examples on every machine, however slow it is. `make fast` takes the second profile by --hypothesis-profile.
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None, max_examples=WHOLE)
hypothesis.settings.register_profile("fast", hypothesis.settings.get_profile("steady"), max_examples=WHOLE // 5)
hypothesis.settings.load_profile("steady")

ROOT = Path(__file__).resolve().parent.parent
NUMBERS = count()


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the collector need not look at it."""
    gc.freeze()


@pytest.fixture(autouse=True)
def homes(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in which nothing is: no test sees the developer's index, and none leaves one behind.

    The cache is one for the session: it holds only what any test may build again, the index of the bundled articles.
    """
    # Not made before somebody writes into it: two thousand folders take longer to remove than a fast test to run.
    home = tmp_path_factory.getbasetemp() / "homes" / str(next(NUMBERS))
    for name in ("RAG_DATA_DIR", "RAG_MODEL", "RAG_RERANKER", "RAG_LLM_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
    return home


@pytest.fixture(scope="session")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment for the settings of a service that several tests share: an empty home, and the cache of the session."""
    home, cache = tmp_path_factory.mktemp("home"), tmp_path_factory.getbasetemp() / "cache"
    return {"HOME": str(home), "XDG_CACHE_HOME": str(cache)}


@pytest.fixture(scope="session")
def model() -> Embedder:
    """The bundled model, read once: it takes a tenth of a second."""
    from embeddings.load import load

    return load()


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The development data beside the repository; tests that need it skip where there is none."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("no ../shared beside the repository")
    return folder
