"""The models that settings name."""

from __future__ import annotations

from embeddings.load import load
from embeddings.protocol import EmbeddingError
from rag.config import Settings
from rag.errors import ModelError
from rag.protocols import Embedder, Reranker


def load_embedder(settings: Settings) -> Embedder:
    """The embedding model, by default the bundled one. Raises ModelError."""
    try:
        return load(settings.model, cache_dir=settings.cache_dir)
    except EmbeddingError as error:
        raise ModelError(str(error)) from error


def load_reranker(settings: Settings) -> Reranker | None:
    """The cross-encoder, None where none is named. Raises ModelError."""
    if settings.reranker is None:
        return None
    # Here, since hardly any installation has one.
    from rag.ranking.cross_encoder import CrossEncoderReranker

    return CrossEncoderReranker(settings.reranker)
