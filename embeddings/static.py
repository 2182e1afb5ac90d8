"""A token table read with its tokens and NumPy alone: a text's vector is the normalised sum of its tokens' rows.

A folder is what sentence-transformers writes for `StaticEmbedding`: `tokenizer.json` and `model.safetensors`, which holds

    embedding.weight   (tokens, dim)  float32 or float16     one row per token
or  embeddings         (rows, dim)    int8, float16, float32
    mapping            (tokens,)      integer, optional      token → row
    weights            (tokens,)      float32, optional      token → factor

so that token t has the row `embeddings[mapping[t]] * weights[t]`. int8 rows with a factor each take a quarter of the space.
"""

from __future__ import annotations

import hashlib
import json
import mmap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from embeddings.bulk import Ids
from embeddings.protocol import EmbeddingError, Matrix
from embeddings.tokens import Tokens

TOKENIZER_FILE = "tokenizer.json"
WEIGHTS_FILE = "model.safetensors"
MANIFEST_FILE = "manifest.json"
COMPARED = 128
_STATIC = "StaticEmbedding"
# Rows that are multiplied at once: 128 of 512 numbers stay in the processor's cache, all 700 of an answer do not.
_BLOCK = 128
_DTYPES = {"F32": "<f4", "F16": "<f2", "I8": "|i1", "I32": "<i4", "I64": "<i8"}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a token table. `rows` (r, dim) int8, float16 or float32; `row_of` (tokens,) and `factor` (tokens,) float32."""

    rows: NDArray[np.generic]
    row_of: NDArray[np.int32] | None
    factor: NDArray[np.float32] | None

    def total(self, tokens: NDArray[np.int32]) -> NDArray[np.float32]:
        """The sum of the tokens' rows, float32, shape (dim,); zeros for no token."""
        rows = self.rows[tokens if self.row_of is None else self.row_of[tokens]].astype(np.float32, copy=False)
        total: NDArray[np.float32]
        if self.factor is None:
            total = np.add.reduce(rows, axis=0, dtype=np.float32)
        else:
            total = np.matmul(self.factor[tokens], rows)
        return total

    def each(self, tokens: NDArray[np.int32]) -> NDArray[np.float32]:
        """The row of each token, float32, shape (len(tokens), dim)."""
        rows = self.rows[tokens if self.row_of is None else self.row_of[tokens]].astype(np.float32)
        return rows if self.factor is None else rows * self.factor[tokens, None]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a static model comes from: a name or path that `load` takes, and the folder for what makes its start faster."""

    name: str
    cache_dir: Path | None = None


class StaticEmbedder:
    """An Embedder over a token table. Queries and documents are treated alike. Safe to share between threads."""

    def __init__(self, table: Table, tokens: Tokens, *, folder: Path, name: str, cache_dir: Path | None = None) -> None:
        self._table = table
        self._tokens = tokens
        self._folder = folder
        self._name = name
        self._cache_dir = cache_dir

    @classmethod
    def read(
        cls, folder: Path, *, name: str | None = None, cache_dir: Path | None = None, bulk: bool = False
    ) -> StaticEmbedder:
        """The embedder of a StaticEmbedding folder; `name` is the path when not given. `cache_dir` is a folder for what
        makes the next start faster; with `bulk` much text comes at once, which is read in another way.

        Raises EmbeddingError when a file is missing or damaged, or tokenizer and table do not fit.
        """
        tokens = _tokens(folder, cache_dir, bulk)
        table = _table(folder)
        rows = len(table.rows) if table.row_of is None else len(table.row_of)
        if len(tokens) > rows:
            raise EmbeddingError(
                f"model {str(folder)!r} has {rows} token rows for a tokenizer of {len(tokens)}: copy the folder again"
            )
        return cls(table, tokens, folder=folder, name=name or str(folder), cache_dir=cache_dir)

    @property
    def name(self) -> str:
        """Name or path that loads the same model again."""
        return self._name

    @property
    def origin(self) -> Origin:
        """What another process loads the same model by."""
        return Origin(self._name, self._cache_dir)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (hex) over the hashes of the tokenizer and weight files. A manifest in the folder saves hashing them at
        every start; should it not be theirs, the probe vector that an index keeps tells."""
        return file_fingerprint(
            [self._folder / TOKENIZER_FILE, self._folder / WEIGHTS_FILE], recorded_hashes(self._folder / MANIFEST_FILE)
        )

    @property
    def dim(self) -> int:
        """Number of dimensions of a vector."""
        return int(self._table.rows.shape[1])

    def encode_query(self, texts: Sequence[str]) -> Matrix:
        """Query vectors: float32, shape (n, dim), L2-normalised; a text without a known token gives a zero row."""
        return self._encode(texts)

    def encode_document(self, texts: Sequence[str]) -> Matrix:
        """Document vectors: float32, shape (n, dim), L2-normalised; a text without a known token gives a zero row."""
        return self._encode(texts)

    def tokens(self, texts: Sequence[str]) -> Sequence[NDArray[np.int32]]:
        """The known tokens of each text: their ids, ascending, each once."""
        return [_distinct(ids) for ids in self._tokens.encode(texts)]

    def encode_with_tokens(self, texts: Sequence[str]) -> tuple[Matrix, Sequence[NDArray[np.int32]]]:
        """As TokenTable says."""
        read = list(self._tokens.encode(texts))
        return self._vectors(read), [_distinct(ids) for ids in read]

    def cosines(self, tokens: NDArray[np.int32], vectors: Matrix) -> Matrix:
        """The cosine of the row of each token with each of the unit vectors, shape (len(tokens), len(vectors)); 0 for a row of
        zeros. Vectors of fewer dimensions are compared with so many of the rows' first ones. Products are divided and not the rows:
        there are a hundred times fewer."""
        dim = vectors.shape[1]
        at = tokens if self._table.row_of is None else self._table.row_of[tokens]
        products = np.empty((len(at), len(vectors)), np.float32)
        for first in range(0, len(at), _BLOCK):
            some = slice(first, first + _BLOCK)
            np.matmul(self._table.rows[at[some], :dim].astype(np.float32), vectors.T, out=products[some])
        lengths = self._lengths_of(at, dim)[:, None]
        return np.divide(products, lengths, out=products, where=lengths > 0)

    def _lengths_of(self, at: NDArray[np.int32], dim: int) -> NDArray[np.float32]:
        """The lengths of the rows `at` in their first `dim` dimensions, measured when they are first asked for: to measure them all
        takes longer than a question."""
        known = self._lengths.setdefault(dim, np.full(len(self._table.rows), np.nan, np.float32))
        lengths = known[at]
        new = at[np.isnan(lengths)]
        if len(new):
            rows = self._table.rows[new, :dim].astype(np.float32)
            known[new] = np.sqrt(np.einsum("ij,ij->i", rows, rows))
            lengths = known[at]
        return lengths

    @cached_property
    def _lengths(self) -> dict[int, NDArray[np.float32]]:
        """By the number of dimensions that are compared, the length of each row as far as it was needed, else NaN."""
        return {}

    def nearness(self, asked: NDArray[np.int32], held: Sequence[NDArray[np.int32]]) -> NDArray[np.float32]:
        """As TokenTable says (MaxSim of ColBERT, Khattab and Zaharia 2020, over rows without context), by the first 128 dimensions:
        rows lie along their principal axes, and all 512 rank no better."""
        found = np.zeros(len(held), np.float32)
        filled = [at for at, own in enumerate(held) if len(own)]
        rows = self._table.each(asked)
        weights, start = _lengths(rows), rows[:, :COMPARED]
        if not weights.any() or not filled:
            return found
        directions: Matrix = (start / np.maximum(_lengths(start), 1e-12)[:, None]).astype(np.float32, copy=False)
        distinct, where = np.unique(np.concatenate([held[at] for at in filled]), return_inverse=True)
        starts = np.cumsum([0, *(len(held[at]) for at in filled[:-1])])
        nearest = np.maximum.reduceat(self.cosines(distinct, directions).take(where, axis=0), starts, axis=0)
        found[filled] = nearest @ (weights / weights.sum())
        return found

    def _encode(self, texts: Sequence[str]) -> Matrix:
        return self._vectors(list(self._tokens.encode(texts)))

    def _vectors(self, read: Sequence[Sequence[int] | Ids]) -> Matrix:
        """The vectors of texts by the tokens of each, in order."""
        vectors = np.zeros((len(read), self.dim), dtype=np.float32)
        for row, ids in enumerate(read):
            if len(ids):
                vectors[row] = self._table.total(np.asarray(ids, dtype=np.int32))
        norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
        np.divide(vectors, norms, out=vectors, where=norms > 0)
        return vectors


def _distinct(ids: Sequence[int] | Ids) -> NDArray[np.int32]:
    """Token ids ascending, each once."""
    return np.array(sorted(set(ids.tolist() if isinstance(ids, np.ndarray) else ids)), dtype=np.int32)


def _lengths(rows: Matrix) -> NDArray[np.float32]:
    lengths: NDArray[np.float32] = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    return lengths


def is_static_folder(folder: Path) -> bool:
    """Whether the folder is a sentence-transformers model whose first module is a StaticEmbedding at its root."""
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        return bool(modules[0]["type"].rsplit(".", 1)[-1] == _STATIC and modules[0]["path"] == "")
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return False


def mapped_tensors(path: Path) -> dict[str, NDArray[np.generic]]:
    """The tensors of a safetensors file, mapped and not read: a table of 30 MB is there in 1 ms instead of 20.

    Layout: 8 bytes of little-endian header size, a JSON header {name: {dtype, shape, data_offsets}}, the data.
    Raises OSError, ValueError, LookupError or TypeError for what is no such file.
    """
    with path.open("rb") as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    header.pop("__metadata__", None)
    tensors: dict[str, NDArray[np.generic]] = {}
    for name, entry in header.items():
        dtype = np.dtype(_DTYPES[entry["dtype"]])
        first, last = entry["data_offsets"]
        flat = np.frombuffer(data, dtype, (last - first) // dtype.itemsize, start + first)
        tensors[name] = flat.reshape(entry["shape"])
    return tensors


def file_fingerprint(files: Sequence[Path], recorded: Mapping[str, str] = MappingProxyType({})) -> str:
    """SHA-256 (hex) over each file's name and the SHA-256 of its bytes, which `recorded` may give by name. Raises
    EmbeddingError when a file is unreadable."""
    digest = hashlib.sha256()
    for file in files:
        known = recorded.get(file.name) or _file_sha256(file)
        digest.update(f"{file.name}:{known}\n".encode())
    return digest.hexdigest()


def recorded_hashes(manifest: Path) -> Mapping[str, str]:
    """The SHA-256 of files by name that a model's manifest records; empty without one that can be read."""
    try:
        found = json.loads(manifest.read_text(encoding="utf-8"))["sha256"]
    except (OSError, ValueError, LookupError, TypeError):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str)} if isinstance(found, dict) else {}


def _file_sha256(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise EmbeddingError(f"cannot read {str(file)!r}: {error.strerror}; copy the model folder again") from error


def _tokens(folder: Path, cache_dir: Path | None, bulk: bool) -> Tokens:
    path = folder / TOKENIZER_FILE
    _require(path)
    if cache_dir is None:
        return Tokens.read(path, bulk=bulk)
    known = recorded_hashes(folder / MANIFEST_FILE).get(path.name) or _file_sha256(path)
    return Tokens.read(path, cached=cache_dir / f"pieces-{known[:16]}.bin", bulk=bulk)


def _table(folder: Path) -> Table:
    path = folder / WEIGHTS_FILE
    _require(path)
    try:
        tensors = mapped_tensors(path)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise EmbeddingError(f"cannot read {str(path)!r}: {error}; copy the model folder again") from error
    table = _layout(tensors)
    if table is None or table.rows.ndim != 2:
        raise EmbeddingError(f"{str(path)!r} holds no token table (embedding.weight or embeddings): not a static model")
    return table


def _layout(tensors: Mapping[str, NDArray[np.generic]]) -> Table | None:
    if "embedding.weight" in tensors:
        return Table(tensors["embedding.weight"], None, None)
    if "embeddings" not in tensors:
        return None
    mapping = tensors.get("mapping")
    weights = tensors.get("weights")
    return Table(
        tensors["embeddings"],
        None if mapping is None else mapping.astype(np.int32),
        None if weights is None else weights.astype(np.float32),
    )


def _require(path: Path) -> None:
    if not path.is_file():
        raise EmbeddingError(f"{str(path)!r} is missing: give a folder that sentence-transformers can load")
