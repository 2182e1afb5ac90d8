"""The shipped folder: what sentence-transformers loads as StaticEmbedding + Normalize, rows in int8."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer

_MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"},
    {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
]
_CONFIG = {
    "model_type": "SentenceTransformer",
    "prompts": {"query": "", "document": ""},
    "default_prompt_name": None,
    "similarity_fn_name": "cosine",
}
_HASHED = ("tokenizer.json", "model.safetensors")


def write(folder: Path, table: NDArray[np.float32], tokenizer: Tokenizer, facts: Mapping[str, object]) -> None:
    """Writes the folder: `table` (tokens, dim) as int8 rows with a factor each; `facts` go into manifest.json beside hashes."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "1_Normalize").mkdir(exist_ok=True)
    rows, factors = quantise(table)
    save_file({"embeddings": rows, "weights": factors}, folder / "model.safetensors", metadata={"format": "np"})
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    _write_json(folder / "modules.json", _MODULES)
    _write_json(folder / "config_sentence_transformers.json", _CONFIG)
    _write_json(folder / "1_Normalize" / "config.json", {})
    hashes = {name: file_hash(folder / name) for name in _HASHED}
    _write_json(folder / "manifest.json", {**facts, "tokens": len(rows), "dim": rows.shape[1], "sha256": hashes})


def quantise(table: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """int8 rows and a float32 factor for each, so that rows × factors is nearest to the table; the largest entry is ±127."""
    peak = np.abs(table).max(axis=1)
    factors = (np.where(peak > 0, peak, 1.0) / 127).astype(np.float32)
    rows = np.rint(table / factors[:, None]).astype(np.int8)
    return rows, factors


def file_hash(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
