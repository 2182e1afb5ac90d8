"""Any sentence-transformers model as an Embedder: the prompt its family was trained with, batches by length, one fingerprint."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from logging import CRITICAL, getLogger
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from embeddings.protocol import EmbeddingError, Matrix
from embeddings.published import check_reachable, is_cached
from embeddings.tokens import clean

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH: Final = 32
_PROBE = "embedding"
_QWEN_TASK = "Given a web search query, retrieve relevant passages that answer the query"


@dataclass(frozen=True, slots=True)
class Prompts:
    """What is put before a query and before a document."""

    query: str
    document: str


# The first entry whose key occurs in the lower-cased name holds; sources are the models' own cards.
FAMILIES: Final[tuple[tuple[str, Prompts], ...]] = (
    ("bge-m3", Prompts("", "")),
    ("multilingual-e5-large-instruct", Prompts(f"Instruct: {_QWEN_TASK}\nQuery: ", "")),
    ("e5-mistral", Prompts(f"Instruct: {_QWEN_TASK}\nQuery: ", "")),
    ("e5-", Prompts("query: ", "passage: ")),
    ("bge-large-zh", Prompts("为这个句子生成表示以用于检索相关文章：", "")),
    ("bge-base-zh", Prompts("为这个句子生成表示以用于检索相关文章：", "")),
    ("bge-small-zh", Prompts("为这个句子生成表示以用于检索相关文章：", "")),
    ("bge-large-en", Prompts("Represent this sentence for searching relevant passages: ", "")),
    ("bge-base-en", Prompts("Represent this sentence for searching relevant passages: ", "")),
    ("bge-small-en", Prompts("Represent this sentence for searching relevant passages: ", "")),
    ("qwen3-embedding", Prompts(f"Instruct: {_QWEN_TASK}\nQuery:", "")),
    ("gte-qwen", Prompts(f"Instruct: {_QWEN_TASK}\nQuery: ", "")),
    ("gte-", Prompts("", "")),
    ("nomic-embed", Prompts("search_query: ", "search_document: ")),
)
_NONE = Prompts("", "")


def prompts_for(name: str, own: Mapping[str, str | None] | None = None) -> Prompts:
    """The prompts of a model: its own ("query" with "document" or "passage"), else its family's by name, else none.

    A name is compared by its last part first, so that a folder of the same name works as the published model does.
    """
    given = own or {}
    document = given.get("document") or given.get("passage") or ""
    if given.get("query") or document:
        return Prompts(given.get("query") or "", document)
    lower = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1].lower()
    return next((prompts for key, prompts in FAMILIES if key in lower), _NONE)


class SentenceTransformerEmbedder:
    """An Embedder over a sentence-transformers model. Encoding is not meant for several threads at once."""

    def __init__(
        self,
        model: str,
        *,
        name: str | None = None,
        batch: int = BATCH,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Loads a folder or a published name, from the cache when it is there. `progress` hears (texts done, texts in all).

        Raises EmbeddingError: the extra is not installed, or the model cannot be found or read.
        """
        self._name = name or model
        self._model = _load(model, self._name)
        self._prompts = prompts_for(self._name, self._model.prompts)
        self._batch = batch
        self._progress = progress
        self._fingerprint = _fingerprint(self._model, self._prompts, _onnx_files(Path(model)))
        self._dim = self._dimension()

    @property
    def name(self) -> str:
        """Name or path that loads the same model again."""
        return self._name

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) over weights, tokenizer and prompts."""
        return self._fingerprint

    @property
    def dim(self) -> int:
        """Number of dimensions of a vector."""
        return self._dim

    @property
    def prompts(self) -> Prompts:
        """What is put before queries and documents."""
        return self._prompts

    def encode_query(self, texts: Sequence[str]) -> Matrix:
        """Query vectors: float32, shape (n, dim), rows L2-normalised."""
        return self._encode(texts, self._prompts.query)

    def encode_document(self, texts: Sequence[str]) -> Matrix:
        """Document vectors: float32, shape (n, dim), rows L2-normalised."""
        return self._encode(texts, self._prompts.document)

    def _encode(self, texts: Sequence[str], prompt: str) -> Matrix:
        vectors = np.zeros((len(texts), self._dim), dtype=np.float32)
        by_length = sorted(range(len(texts)), key=lambda place: (-len(texts[place]), place))
        for start in range(0, len(texts), self._batch):
            places = by_length[start : start + self._batch]
            vectors[places] = self._vectors([clean(texts[place]) for place in places], prompt)
            if self._progress is not None:
                self._progress(start + len(places), len(texts))
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        np.divide(vectors, norms, out=vectors, where=norms > 0)
        return vectors

    def _vectors(self, texts: list[str], prompt: str) -> Matrix:
        try:
            # a prompt that is given, even an empty one, keeps the model's default prompt out
            encoded = self._model.encode(texts, prompt=prompt, batch_size=len(texts), show_progress_bar=False)
        except (RuntimeError, ValueError, TypeError, IndexError) as error:
            raise EmbeddingError(f"model {self._name!r} cannot encode: {_line(error)}; try another model") from error
        return np.asarray(encoded, dtype=np.float32)

    def _dimension(self) -> int:
        width = self._model.get_embedding_dimension()
        return int(width) if width is not None else int(self._vectors([_PROBE], "").shape[1])


def _load(model: str, name: str) -> SentenceTransformer:
    """The model from its folder or the cache; only when neither has it, from the hub that the user's name points to."""
    if importlib.util.find_spec("sentence_transformers") is None:
        raise EmbeddingError(
            f"model {name!r} needs sentence-transformers: pip install 'policy-rag[models]', or leave out --model"
        )
    # Before torch is imported: what cannot be had is said at once.
    here = Path(model).is_dir() or is_cached(model)
    if not here:
        check_reachable(model)
    from sentence_transformers import SentenceTransformer

    fault: Exception | None = None
    for backend in _backends(Path(model)):
        try:
            with _quiet():
                return SentenceTransformer(model, device="cpu", backend=backend, local_files_only=here)
        except Exception as error:  # a model folder's own faults, and plain Exception where ONNX parts do not fit
            fault = error
    raise EmbeddingError(
        f"cannot load model {name!r}: {_line(fault)}; give a sentence-transformers folder, or a published name "
        "that is in the cache or can be fetched"
    ) from fault


@contextmanager
def _quiet() -> Iterator[None]:
    """No bar and no warning of the libraries' own while weights are read or asked for: what a command says is its own, and
    the error that it ends with says what could not be had."""
    from transformers.utils import logging

    hub = getLogger("huggingface_hub")
    level = hub.level
    hub.setLevel(CRITICAL)
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call, unused-ignore]
    try:
        yield
    finally:
        hub.setLevel(level)
        if shown:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call, unused-ignore]


def _backends(folder: Path) -> tuple[Literal["onnx", "torch"], ...]:
    """ONNX first where a folder holds such a file and the parts that run it are installed."""
    installed = all(importlib.util.find_spec(part) is not None for part in ("onnxruntime", "optimum"))
    return ("onnx", "torch") if installed and _onnx_files(folder) else ("torch",)


def _onnx_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.onnx")) if folder.is_dir() else []


def _fingerprint(model: SentenceTransformer, prompts: Prompts, onnx: Sequence[Path]) -> str:
    import torch

    digest = hashlib.sha256(f"{prompts.query}\0{prompts.document}\0".encode())
    for key, value in sorted(model.state_dict().items()):
        tensor = value.detach().cpu().contiguous()
        digest.update(f"{key}:{tensor.dtype}:{tuple(tensor.shape)}\n".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().tobytes())
    if model.get_backend() == "onnx":  # the weights are in the file alone
        for file in onnx:
            digest.update(file.read_bytes())
    tokenizer = model.tokenizer
    backend = getattr(tokenizer, "backend_tokenizer", tokenizer)
    digest.update(backend.to_str().encode() if hasattr(backend, "to_str") else repr(tokenizer).encode())
    return digest.hexdigest()


def _line(error: Exception | None) -> str:
    """An error as one line of at most 200 characters."""
    return " ".join(str(error).split())[:200] or type(error).__name__
