"""An index whose terms and vectors were made by workers is the one that is made in one process, byte for byte."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embeddings.load import BUNDLED, load
from embeddings.protocol import Embedder
from embeddings.static import Origin
from rag.analysis import ChineseAnalyzer
from rag.documents.assemble import read
from rag.index.engine import EmbeddedEngine
from rag.index.prepared import Prepared, prepare
from rag.ingest import ingest
from rag.types import Entry
from tests.index.corpus import CORPUS as SMALL
from tests.index.corpus import CharacterAnalyzer, CharacterEmbedder, engine, entry

ARTICLES = {
    f"{name}.txt": f"{name}人才新政解读\n中共{name}委组织部\n\n一、安家补贴。全职引进的博士給予28万元安家補貼（{name}发〔2022〕{at}号）。\n\n"
    f"二、人才公寓。建成人才公寓145套，Phase 2前三年免收租金。{'每年安排600万元支持“银发专家”到县里坐诊。' * at}\n"
    for at, name in enumerate(("清禾县", "白石县", "云溪市", "澄河区"), 1)
}


def files(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((directory / "segments").iterdir())}


@pytest.mark.slow
def test_workers_make_the_bytes_that_one_process_makes(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    made = {}
    for processes in (0, 2):
        index = tmp_path / str(processes)
        opened = EmbeddedEngine.open(index, embedder=load(), analyzer=ChineseAnalyzer(), write=True)
        ingest([folder], opened, processes=processes, model=Origin(BUNDLED, tmp_path))
        made[processes] = files(index), list(opened.snapshot().store.documents(10))
        opened.close()
    assert made[0][0]
    assert made[0] == made[2]


def test_what_is_prepared_is_what_the_index_would_make(tmp_path: Path, model: Embedder) -> None:
    entries = {name: read(text.encode(), name) for name, text in ARTICLES.items()}
    ready = {name: prepare(found, model, ChineseAnalyzer()) for name, found in entries.items()}
    assert ready == entries
    made = []
    for at, given in enumerate((entries, ready)):
        opened = EmbeddedEngine.open(tmp_path / str(at), embedder=model, analyzer=ChineseAnalyzer(), write=True)
        opened.replace(given, {})
        opened.close()
        made.append(files(tmp_path / str(at)))
    assert made[0] == made[1]


def arrays(made: object) -> dict[str, tuple[str, list[float]]]:
    """Every array of what was prepared, by name."""
    assert isinstance(made, Prepared)
    content = made.content
    found = {name: getattr(content, name) for name in ("chunk_ids", "documents", "document_of", "vectors")}
    for field, postings in content.fields.items():
        found |= postings.arrays(field)
    return {name: (str(array.dtype), array.ravel().tolist()) for name, array in found.items()}


def test_what_was_prepared_travels_whole_and_once() -> None:
    texts = list(ARTICLES.values())[:2]
    entries = [found for text in texts for found in read(text.encode(), "a.txt")]
    one, other = prepare(entries, load(), ChineseAnalyzer())
    again, beside = pickle.loads(pickle.dumps((one, other)))
    assert isinstance(one.prepared, Prepared)
    assert one.prepared.content.chunk_ids.tolist() == sorted(chunk.id for each in entries for chunk in each.chunks)
    assert again.prepared is beside.prepared
    assert again.prepared.made_with == one.prepared.made_with
    assert arrays(again.prepared) == arrays(one.prepared)
    assert (again, beside) == (one, other)


def test_entries_without_chunks_need_nothing_prepared() -> None:
    bare = [replace(found, chunks=()) for found in read(ARTICLES["清禾县.txt"].encode(), "a.txt")]
    assert [each.prepared for each in prepare(bare, load(), ChineseAnalyzer())] == [None]


def test_a_text_of_two_sources_is_prepared_once_and_with_another_context_not_taken(tmp_path: Path) -> None:
    (one,) = SMALL["c.txt"]
    other = entry(one.document.text, "d.txt", "另题")
    together = prepare([one, other], CharacterEmbedder(), CharacterAnalyzer())
    assert isinstance(together[0].prepared, Prepared)
    assert len(together[0].prepared.content.chunk_ids) == len(one.chunks)
    opened, fresh = engine(tmp_path / "a"), engine(tmp_path / "b")
    opened.replace({"c.txt": together[:1], "d.txt": together[1:]}, {})
    fresh.replace({"c.txt": [one], "d.txt": [other]}, {})
    assert files(tmp_path / "a") == files(tmp_path / "b")
    opened.close()
    fresh.close()


def test_of_entries_prepared_together_some_can_be_taken(tmp_path: Path, model: Embedder) -> None:
    entries = {name: read(text.encode(), name) for name, text in ARTICLES.items()}
    ready = prepare([found for each in entries.values() for found in each], model, ChineseAnalyzer())
    chosen = {name: [each for each in ready if each.document.source == name] for name in list(entries)[::2]}
    made = []
    for at, given in enumerate(({name: entries[name] for name in chosen}, chosen)):
        opened = EmbeddedEngine.open(tmp_path / str(at), embedder=model, analyzer=ChineseAnalyzer(), write=True)
        opened.replace(given, {})
        opened.close()
        made.append(files(tmp_path / str(at)))
    assert made[0] == made[1]


def marked(found: Entry) -> Entry:
    """The entry prepared with vectors that nothing else could have made."""
    made = prepare([found], CharacterEmbedder(), CharacterAnalyzer())[0].prepared
    assert isinstance(made, Prepared)
    return replace(
        found, prepared=replace(made, content=replace(made.content, vectors=np.full_like(made.content.vectors, 7)))
    )


def vector_sums(opened: EmbeddedEngine) -> list[float]:
    (segment,) = opened.snapshot().segments
    return sorted(segment.content.vectors.sum(axis=1).tolist())


def test_what_was_prepared_is_taken_as_it_is(tmp_path: Path) -> None:
    opened = engine(tmp_path)
    opened.replace({"c.txt": [marked(SMALL["c.txt"][0])]}, {})
    assert vector_sums(opened) == [7.0 * 16] * 3
    opened.close()


def test_what_was_prepared_with_another_model_is_not_taken(tmp_path: Path) -> None:
    (plain,) = SMALL["c.txt"]
    other = marked(plain)
    assert isinstance(other.prepared, Prepared)
    foreign = replace(other, prepared=replace(other.prepared, made_with=("e2", "a1")))
    opened, fresh = engine(tmp_path / "a"), engine(tmp_path / "b")
    opened.replace({"c.txt": [foreign]}, {})
    fresh.replace({"c.txt": [plain]}, {})
    assert vector_sums(opened) == vector_sums(fresh)
    opened.close()
    fresh.close()


def test_what_was_prepared_for_a_title_that_was_corrected_is_not_taken(tmp_path: Path) -> None:
    (first,), second = SMALL["c.txt"], entry("改了。\n补贴。", "c.txt", "旧题")
    opened, fresh = engine(tmp_path / "a"), engine(tmp_path / "b")
    for made, given in ((opened, marked(second)), (fresh, second)):
        made.replace({"c.txt": [first]}, {})
        made.correct(first.document.id, {"title": "新题"})
        made.replace({"c.txt": [given]}, {})
    assert {chunk.context for chunk in opened.snapshot().store.document_chunks(second.document.id)} == {
        f"湖南省衡阳市祁东县 › 新题 › 第{at}节" for at in (1, 2)
    }
    assert files(tmp_path / "a") == files(tmp_path / "b")
    opened.close()
    fresh.close()
