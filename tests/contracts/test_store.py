"""Store: what was given comes back, field by field, in the promised order."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import NotFoundError
from rag.protocols import Store
from rag.sketch import sketch
from rag.types import Document, Entry
from tests.index.corpus import CORPUS, DIGESTS, engine, entry


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = engine(tmp_path / "index")
    made.replace(CORPUS, DIGESTS)
    yield made.snapshot().store
    made.close()


ENTRIES = [each for source in sorted(CORPUS) for each in CORPUS[source]]


def test_counts(store: Store) -> None:
    assert store.generation == 1
    assert store.count() == 4
    assert store.chunk_count() == 10


def test_documents_round_trip_in_order(store: Store) -> None:
    assert list(store.documents(100)) == [each.document for each in ENTRIES]
    assert list(store.documents(2, 1)) == [each.document for each in ENTRIES[1:3]]
    assert list(store.documents(5, 4)) == []


def test_catalogue_is_the_documents_without_text_and_evidence(store: Store) -> None:
    assert list(store.catalogue()) == [replace(each.document, text="", evidence=()) for each in ENTRIES]


def test_one_document(store: Store) -> None:
    assert store.document(ENTRIES[2].document.id) == ENTRIES[2].document
    with pytest.raises(NotFoundError, match="'nowhere'"):
        store.document("nowhere")


def test_chunks_in_the_order_asked(store: Store) -> None:
    every = [chunk for each in ENTRIES for chunk in each.chunks]
    assert list(store.chunks([chunk.id for chunk in reversed(every)] + [123])) == every[::-1]
    assert list(store.chunks([])) == []
    assert len(store.chunks([every[0].id, *range(1, 2_000)])) == 1


def test_chunks_of_a_document(store: Store) -> None:
    assert tuple(store.document_chunks(ENTRIES[0].document.id)) == ENTRIES[0].chunks
    with pytest.raises(NotFoundError, match="'nowhere'"):
        store.document_chunks("nowhere")


def test_source_digests(store: Store) -> None:
    assert dict(store.source_digests()) == DIGESTS


def test_sketches(store: Store) -> None:
    assert dict(store.sketches()) == {each.document.id: sketch(each) for each in ENTRIES}


def test_empty_store(tmp_path: Path) -> None:
    store = engine(tmp_path).snapshot().store
    assert (store.generation, store.count(), store.chunk_count()) == (0, 0, 0)
    assert list(store.documents(10)) == []
    assert list(store.catalogue()) == []
    assert store.source_digests() == {}
    assert store.sketches() == {}


@pytest.mark.parametrize(
    "text", ["一\x00二\n三", "lone \udc80 surrogate", "\U00020000\U0001f600", "\r\n\u2028 \u3000x", "e\u0301"]
)
def test_any_text_comes_back(tmp_path: Path, text: str) -> None:
    given = entry(text, "gbk-\udcd6.txt", title=text)
    made = engine(tmp_path)
    made.replace({"gbk-\udcd6.txt": [given]}, {"gbk-\udcd6.txt": "x"})
    store = made.snapshot().store
    assert store.document(given.document.id) == given.document
    assert tuple(store.document_chunks(given.document.id)) == given.chunks
    assert dict(store.source_digests()) == {"gbk-\udcd6.txt": "x"}


def test_fields_that_are_not_known_stay_none(tmp_path: Path) -> None:
    bare = Document("id", "甲", "题", None, None, None, "s", sources=("s",))
    made = engine(tmp_path)
    made.replace({"s": [Entry(bare, ())]}, {})
    assert made.snapshot().store.document("id") == bare
    assert list(made.snapshot().store.document_chunks("id")) == []


def test_threads_read_the_same(store: Store) -> None:
    wrong: list[str] = []

    def read() -> None:
        for _ in range(50):
            for each in ENTRIES:
                if store.document(each.document.id) != each.document:
                    wrong.append(each.document.id)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
