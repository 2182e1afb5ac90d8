"""Small model folders whose vectors can be computed by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

WORDS = ("[UNK]", "人才", "政策", "talent", "policy", "dog")
ROWS = np.array([[0, 0, 0], [3, 0, 0], [0, 4, 0], [3, 0, 0.5], [0, 4, 0.5], [0, 0, 2]], dtype=np.float32)


def write_static(folder: Path, tensors: Mapping[str, NDArray[np.generic]], words: Sequence[str] = WORDS) -> Path:
    """A StaticEmbedding folder with one token a word, words between spaces; returns the folder."""
    (folder / "1_Normalize").mkdir(parents=True)
    tokenizer = Tokenizer(models.WordLevel({word: number for number, word in enumerate(words)}, unk_token=words[0]))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.save(str(folder / "tokenizer.json"))
    save_file(dict(tensors), folder / "model.safetensors")
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    (folder / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    (folder / "1_Normalize" / "config.json").write_text("{}", encoding="utf-8")
    return folder


def plain(folder: Path) -> Path:
    """The table ROWS as it is."""
    return write_static(folder, {"embedding.weight": ROWS})


def quantised(folder: Path) -> Path:
    """The table ROWS as int8 rows with factors: each row is exact."""
    factors = np.array([1, 0.5, 0.5, 0.25, 0.25, 0.125], dtype=np.float32)
    rows = np.rint(ROWS / factors[:, None]).astype(np.int8)
    return write_static(folder, {"embeddings": rows, "weights": factors})


def mapped(folder: Path) -> Path:
    """The table ROWS with a mapping: English words share the rows of the Chinese ones."""
    rows = np.array([[0, 0, 0], [3, 0, 0], [0, 4, 0], [0, 0, 2]], dtype=np.float32)
    mapping = np.array([0, 1, 2, 1, 2, 3], dtype=np.int64)
    return write_static(folder, {"embeddings": rows, "mapping": mapping})
