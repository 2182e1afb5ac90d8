"""The one way to an embedding model: the bundled one, a folder, or a name that sentence-transformers knows."""

from __future__ import annotations

from pathlib import Path

from embeddings.protocol import Embedder, EmbeddingError
from embeddings.static import StaticEmbedder, is_static_folder

BUNDLED = "bundled"
BUNDLED_FOLDER = Path(__file__).parent / "model"


def load(model: str | None = None, *, cache_dir: Path | None = None, bulk: bool = False) -> Embedder:
    """The embedder that a name or path stands for; None and "bundled" are the model of this package.

    A folder with a token table is read without torch; any other folder or name goes to sentence-transformers, which looks in
    its cache first and downloads only what the user has named. `cache_dir` is a folder for derived files that make the next
    start faster; with `bulk` much text comes at once, and is read in another way. Raises EmbeddingError: no such folder, not
    in the cache and not to be had, damaged, or the extra `policy-rag[models]` not installed.
    """
    if model is None or model == BUNDLED:
        return StaticEmbedder.read(BUNDLED_FOLDER, name=BUNDLED, cache_dir=cache_dir, bulk=bulk)
    folder = Path(model).expanduser()
    if is_static_folder(folder):
        return StaticEmbedder.read(folder, name=model, cache_dir=cache_dir, bulk=bulk)
    if not folder.is_dir() and _looks_like_path(model):
        raise EmbeddingError(f"no model folder at {model!r}: give an existing folder or a name such as 'BAAI/bge-m3'")
    from embeddings.sentence import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(str(folder) if folder.is_dir() else model, name=model)


def _looks_like_path(model: str) -> bool:
    """A published name is `name` or `owner/name`: anything else with a separator, or beginning like a path, is a path."""
    return model.startswith(("/", "./", "../", "~", ".\\", "..\\")) or "\\" in model or model.count("/") > 1
