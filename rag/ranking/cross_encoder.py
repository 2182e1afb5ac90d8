"""An optional cross-encoder: a model that reads question and passage together, and looks at the best passages again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rag.errors import ModelError


class CrossEncoderReranker:
    """A sentence-transformers cross-encoder with one output, from a local folder. Nothing is downloaded."""

    def __init__(self, folder: str) -> None:
        """Raises ModelError: no such folder, not a cross-encoder of one output, or `policy-rag[models]` not installed."""
        if not Path(folder).expanduser().is_dir():
            raise ModelError(f"no reranker at {folder!r}: RAG_RERANKER names a folder that holds a cross-encoder")
        try:
            # Here, since only an installation that asks for it has torch.
            from sentence_transformers import CrossEncoder
        except ImportError as error:
            raise ModelError("RAG_RERANKER needs sentence-transformers: pip install 'policy-rag[models]'") from error
        try:
            self._model = CrossEncoder(str(Path(folder).expanduser()), device="cpu", local_files_only=True)
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(f"{folder!r} cannot be loaded as a cross-encoder: {error}") from error
        if self._model.config.num_labels != 1:
            raise ModelError(
                f"{folder!r} gives {self._model.config.num_labels} numbers a pair where a reranker gives one"
            )

    def relevance(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """How well each text answers, in 0..1 (the logistic of the model's output), in their order."""
        from torch.nn import Sigmoid

        pairs = [(question, text) for text in texts]
        scores = self._model.predict(pairs, activation_fn=Sigmoid(), show_progress_bar=False)
        return [float(score) for score in scores]
