"""Which embedder a name stands for, and what is said when there is none."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from embeddings import static
from embeddings.load import BUNDLED_FOLDER, load
from embeddings.protocol import Embedder, EmbeddingError
from tests.embeddings.folders import plain


def test_none_is_the_bundled_model() -> None:
    none, named = load(None), load("bundled")
    assert none.name == named.name == "bundled"
    assert none.fingerprint == named.fingerprint


def test_a_folder_keeps_its_name(tmp_path: Path) -> None:
    folder = plain(tmp_path / "m")
    assert load(str(folder)).name == str(folder)


@pytest.mark.parametrize("path", ["./none", "/none/at/all", "../none", "~/none", "a/b/c"])
def test_a_missing_folder_is_no_name(path: str) -> None:
    with pytest.raises(EmbeddingError, match="no model folder at"):
        load(path)


def test_bundled_model_needs_neither_torch_nor_sentence_transformers() -> None:
    code = (
        "import sys; from embeddings.load import load; load().encode_query(['人才'])\n"
        "assert not {'torch', 'sentence_transformers', 'transformers'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_bundled_model_knows_translations(model: Embedder) -> None:
    """One right text out of four, in both directions: the least that a model of two languages must do."""
    chinese = ["引进高层次人才，发放安家补贴。", "本月平均气温三十度。", "火车站搬到了城西。", "他最喜欢的水果是苹果。"]
    english = [
        "Bring in high-level talent and pay a settling-in allowance.",
        "The average temperature this month is thirty degrees.",
        "The railway station has moved to the west of the city.",
        "His favourite fruit is the apple.",
    ]
    scores = model.encode_query(english) @ model.encode_document(chinese).T
    assert scores.argmax(axis=1).tolist() == [0, 1, 2, 3]
    assert scores.argmax(axis=0).tolist() == [0, 1, 2, 3]


def test_bundled_model_is_under_forty_megabytes() -> None:
    import embeddings

    folder = Path(embeddings.__file__).parent / "model"
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) <= 40_000_000


def test_the_bundled_manifest_records_the_files_that_are_there(model: Embedder) -> None:
    recorded = static.recorded_hashes(BUNDLED_FOLDER / static.MANIFEST_FILE)
    files = [BUNDLED_FOLDER / static.TOKENIZER_FILE, BUNDLED_FOLDER / static.WEIGHTS_FILE]
    assert recorded == {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    assert static.file_fingerprint(files, recorded) == static.file_fingerprint(files) == model.fingerprint
