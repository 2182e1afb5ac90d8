"""Engine: a change is whole, durable, and leaves behind only what it says."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import NotFoundError
from rag.index.engine import EmbeddedEngine
from rag.protocols import Snapshot
from rag.types import Applied, Document, Entry, Scored
from tests.index.corpus import CORPUS, DIGESTS, CharacterEmbedder, engine, entry

QUERIES = ["人才补贴", "党建", "组织工作要点", "乡村产业。", "博士", "祁东县"]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    made = engine(tmp_path / "index")
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _nothing_was_mended(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """An engine that finds its own index damaged makes it anew, which would hide what is wrong with a change."""
    yield
    assert not [record.getMessage() for record in caplog.get_records("call")]


def ids(*sources: str) -> tuple[str, ...]:
    return tuple(sorted(each.document.id for source in sources for each in CORPUS[source]))


def everything(snapshot: Snapshot) -> tuple[object, ...]:
    """All that a reader can see but the generation: documents, chunks, and what every query finds, with scores."""
    store = snapshot.store
    found: list[Sequence[Scored]] = []
    for query in QUERIES:
        weights = dict.fromkeys(query, 1.0)
        vector = CharacterEmbedder().encode_query([query])[0]
        found.append(snapshot.lexical.search({"text": weights, "context": weights}, 100))
        found.append(snapshot.vectors.search(vector, 100))
    frequencies = [snapshot.lexical.document_frequency(term) for term in "人才补贴党建。"]
    documents = list(store.documents(1_000))
    chunks = [tuple(store.document_chunks(each.id)) for each in documents]
    return documents, list(store.catalogue()), chunks, found, frequencies, store.count(), store.chunk_count()


def fresh(directory: Path, entries: Mapping[str, Sequence[Entry]]) -> tuple[object, ...]:
    """What an index shows that never held anything else."""
    made = engine(directory)
    made.replace(entries, dict.fromkeys(entries, ""))
    shown = everything(made.snapshot())
    made.close()
    return shown


def test_replace_adds(made: EmbeddedEngine, tmp_path: Path) -> None:
    assert made.replace(CORPUS, DIGESTS) == Applied(1, ids(*CORPUS), (), ())
    found = made.snapshot().lexical.search({"text": {"党": 1.0}}, 10)
    assert [made.snapshot().store.chunks([hit.chunk_id])[0].start for hit in found] == [0]
    assert everything(made.snapshot()) == fresh(tmp_path / "fresh", CORPUS)


def test_the_same_again_changes_nothing(made: EmbeddedEngine) -> None:
    made.replace(CORPUS, DIGESTS)
    snapshot = made.snapshot()
    assert made.replace(CORPUS, DIGESTS) == Applied(1, (), ids(*CORPUS), ())
    assert made.snapshot() is snapshot


def test_a_new_digest_alone_is_noted_without_a_generation(made: EmbeddedEngine) -> None:
    made.replace(CORPUS, DIGESTS)
    assert made.replace({"a.txt": CORPUS["a.txt"]}, {"a.txt": "new"}).generation == 1
    assert made.snapshot().store.source_digests()["a.txt"] == "new"


def test_replace_leaves_no_trace_of_the_old_version(made: EmbeddedEngine, tmp_path: Path) -> None:
    made.replace(CORPUS, DIGESTS)
    new = {**CORPUS, "a.txt": [entry("人才政策十二条。\n安家补贴二十万元。", "a.txt", "祁东县人才")]}
    applied = made.replace({"a.txt": new["a.txt"]}, {"a.txt": "2"})
    assert applied == Applied(2, (new["a.txt"][0].document.id,), (), ids("a.txt"))
    assert everything(made.snapshot()) == fresh(tmp_path / "fresh", new)


def test_an_empty_sequence_removes_the_source(made: EmbeddedEngine, tmp_path: Path) -> None:
    made.replace(CORPUS, DIGESTS)
    assert made.replace({"b.txt": []}, {}) == Applied(2, (), (), ids("b.txt"))
    left = {source: CORPUS[source] for source in ("a.txt", "c.txt")}
    assert everything(made.snapshot()) == fresh(tmp_path / "fresh", left)
    assert set(made.snapshot().store.source_digests()) == {"a.txt", "c.txt"}


def test_remove_leaves_no_trace(made: EmbeddedEngine, tmp_path: Path) -> None:
    made.replace(CORPUS, DIGESTS)
    gone = CORPUS["b.txt"][0].document.id
    assert made.remove([gone]) == Applied(2, (), (), (gone,))
    assert everything(made.snapshot()) == fresh(tmp_path / "fresh", {**CORPUS, "b.txt": CORPUS["b.txt"][1:]})
    with pytest.raises(NotFoundError):
        made.snapshot().store.document(gone)
    assert made.replace(CORPUS, DIGESTS).added == (gone,)
    assert everything(made.snapshot()) == fresh(tmp_path / "again", CORPUS)


def test_removing_everything_is_an_empty_index(made: EmbeddedEngine) -> None:
    made.replace(CORPUS, DIGESTS)
    made.remove(ids(*CORPUS))
    assert made.snapshot().store.count() == 0
    assert made.snapshot().lexical.search({"text": {"人": 1.0}}, 10) == ()
    assert made.replace(CORPUS, DIGESTS).generation == 3


def test_an_unknown_document_stops_the_whole_removal(made: EmbeddedEngine) -> None:
    made.replace(CORPUS, DIGESTS)
    before = everything(made.snapshot())
    with pytest.raises(NotFoundError, match="'nowhere'"):
        made.remove([ids("a.txt")[0], "nowhere"])
    assert made.snapshot().store.generation == 1
    assert everything(made.snapshot()) == before


def test_a_document_of_two_sources_is_stored_once(made: EmbeddedEngine, tmp_path: Path) -> None:
    text = "人才政策。\n补贴。"
    copies = {"z.txt": [entry(text, "z.txt", "后")], "m.txt": [entry(text, "m.txt", "前")]}
    made.replace({"z.txt": copies["z.txt"]}, {})
    made.replace({"m.txt": copies["m.txt"]}, {})
    (shown,) = made.snapshot().store.documents(10)
    assert shown == replace(copies["m.txt"][0].document, sources=("m.txt", "z.txt"))
    assert everything(made.snapshot()) == fresh(tmp_path / "both", copies)
    assert made.replace({"m.txt": []}, {}).removed == ()
    assert everything(made.snapshot()) == fresh(tmp_path / "one", {"z.txt": copies["z.txt"]})
    assert made.remove([shown.id]).removed == (shown.id,)
    assert made.snapshot().store.count() == 0
    assert made.snapshot().store.source_digests() == {}


def test_metadata_alone_makes_a_new_generation(made: EmbeddedEngine, tmp_path: Path) -> None:
    made.replace(CORPUS, DIGESTS)
    (given,) = CORPUS["c.txt"]
    new = Entry(replace(given.document, place="新县"), tuple(replace(chunk, context="新县") for chunk in given.chunks))
    assert made.replace({"c.txt": [new]}, DIGESTS) == Applied(2, (given.document.id,), (), ())
    assert everything(made.snapshot()) == fresh(tmp_path / "fresh", {**CORPUS, "c.txt": [new]})


def test_another_text_under_the_same_id(made: EmbeddedEngine, tmp_path: Path) -> None:
    (given,) = CORPUS["c.txt"]
    made.replace({"c.txt": [given]}, {})
    other = Entry(replace(given.document, text=given.document.text.replace("产业", "党建")), given.chunks)
    assert made.replace({"c.txt": [other]}, {}).added == (given.document.id,)
    assert everything(made.snapshot()) == fresh(tmp_path / "fresh", {"c.txt": [other]})


def test_reopening_shows_the_same(made: EmbeddedEngine, tmp_path: Path) -> None:
    made.replace(CORPUS, DIGESTS)
    made.remove(ids("c.txt"))
    before = everything(made.snapshot())
    made.close()
    again = engine(tmp_path / "index")
    assert everything(again.snapshot()) == before
    assert again.snapshot().store.generation == 2
    again.close()


def test_rebuilding_shows_the_same_generation(made: EmbeddedEngine) -> None:
    made.replace(CORPUS, DIGESTS)
    made.remove(ids("c.txt"))
    before, snapshot = everything(made.snapshot()), made.snapshot()
    made.rebuild()
    assert everything(made.snapshot()) == before
    assert made.snapshot().store.generation == 2
    assert everything(snapshot) == before


def test_a_snapshot_stays_on_its_generation(made: EmbeddedEngine) -> None:
    made.replace(CORPUS, DIGESTS)
    snapshot = made.snapshot()
    before = everything(snapshot)
    for number in range(6):
        made.replace({"a.txt": [entry(f"第{number}版。\n人才。", "a.txt")]}, {})
    assert made.snapshot().store.generation == 7
    assert everything(snapshot) == before
    assert snapshot.store.generation == 1


def test_a_wrong_chunk_changes_nothing(made: EmbeddedEngine) -> None:
    made.replace(CORPUS, DIGESTS)
    (given,) = CORPUS["a.txt"]
    beyond = Entry(given.document, (replace(given.chunks[0], end=10_000),))
    with pytest.raises(ValueError, match="no range of document"):
        made.replace({"b.txt": [], "x.txt": [beyond]}, {})
    assert made.snapshot().store.generation == 1
    assert made.snapshot().store.count() == 4


@pytest.mark.parametrize("seed", range(5))
def test_order_and_batches_leave_no_trace(made: EmbeddedEngine, tmp_path: Path, seed: int) -> None:
    """Any sequence of changes ends where one change to the same sources ends, to the last bit of every score."""
    chance = random.Random(seed)
    letters = "人才政策补贴党建组织工作乡村产业。"
    sources = [f"{name}.txt" for name in "abcdef"]
    state: dict[str, list[Entry]] = {}
    for _ in range(12):
        batch: dict[str, list[Entry]] = {}
        for source in chance.sample(sources, chance.randint(1, 3)):
            texts = {
                "\n".join("".join(chance.choices(letters, k=chance.randint(1, 9))) for _ in range(chance.randint(1, 4)))
                for _ in range(chance.randint(0, 2))
            }
            batch[source] = [entry(text, source, chance.choice("人才县")) for text in sorted(texts)]
            if chance.random() < 0.3 and state.get("a.txt"):
                batch[source].append(entry(state["a.txt"][0].document.text, source, "副本"))
        made.replace(batch, {})
        state |= batch
        if chance.random() < 0.3 and (stored := made.snapshot().store.documents(100)):
            victim = chance.choice(stored).id
            made.remove([victim])
            state = {s: [e for e in entries if e.document.id != victim] for s, entries in state.items()}
    assert everything(made.snapshot()) == fresh(tmp_path / "fresh", state)


def test_extra_sources_that_a_document_names_are_kept(made: EmbeddedEngine) -> None:
    (given,) = CORPUS["a.txt"]
    folded = replace(given.document, sources=("a.txt", "copy.txt"))
    made.replace({"a.txt": [Entry(folded, given.chunks)]}, {})
    shown: Document = made.snapshot().store.document(folded.id)
    assert shown.sources == ("a.txt", "copy.txt")
