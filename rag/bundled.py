"""The index of the bundled articles: made once for a build in the user's cache, and never used by another build."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import seeds
from rag.analysis import ChineseAnalyzer
from rag.errors import StoreError
from rag.index.engine import FORMAT_VERSION, EmbeddedEngine, holds_index
from rag.protocols import Embedder, Engine


def seed_engine(cache_dir: Path, embedder: Embedder) -> Engine:
    """The index of the bundled seeds, in the cache; made beside and renamed when this build has none yet."""
    analyzer = ChineseAnalyzer()
    directory = cache_dir / f"seeds-{seed_fingerprint(embedder, analyzer)}"
    if not holds_index(directory):
        _build_seeds(directory, embedder, analyzer)
    return EmbeddedEngine.open(directory, embedder=embedder, analyzer=analyzer)


def _build_seeds(directory: Path, embedder: Embedder, analyzer: ChineseAnalyzer) -> None:
    # The readers take 50 ms to import; a service that only answers needs none of them.
    from rag.documents.assemble import read

    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=directory.name + "-", dir=directory.parent))
        engine = EmbeddedEngine.open(beside, embedder=embedder, analyzer=analyzer, write=True)
        data = {path.name: path.read_bytes() for path in seeds.paths()}
        engine.replace(
            {name: read(content, name) for name, content in data.items()},
            {name: hashlib.sha256(content).hexdigest() for name, content in data.items()},
        )
        engine.close()
        try:
            beside.rename(directory)
        except OSError:
            if not holds_index(directory):
                raise
            shutil.rmtree(beside, ignore_errors=True)  # another process made it meanwhile
    except OSError as error:
        raise StoreError(
            f"the index of the bundled seeds cannot be written below {str(directory.parent)!r}: {error.strerror}; set XDG_CACHE_HOME to a folder that can be"
        ) from error


def seed_fingerprint(embedder: Embedder, analyzer: ChineseAnalyzer) -> str:
    """16 hex digits over all that the seed index depends on: model, analyzer, format, and name, size and time of every
    file of articles, code and data (to read them all would cost a tenth of a cold start)."""
    digest = hashlib.sha256(f"{FORMAT_VERSION} {embedder.fingerprint} {analyzer.fingerprint}".encode())
    root = Path(__file__).parent
    for folder in (root, root / "documents", root / "index", root / "gazetteer", root / "data", seeds.directory()):
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda found: found.name):
                if entry.is_file():
                    stat = entry.stat()
                    digest.update(f"{folder}/{entry.name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]
