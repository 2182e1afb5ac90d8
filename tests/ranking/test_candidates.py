"""Which passages are ranked: those that words find, and those that vectors find where words leave room."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import pytest

from embeddings.protocol import Embedder
from rag import retrieve
from rag.config import settings
from rag.protocols import LexicalIndex, Snapshot, Store, Vector, VectorIndex
from rag.question import understand
from rag.retrieve import Retriever
from rag.service import Service
from rag.types import Hit, Scored

ASKED = ("青榆县有哪些引才措施？", "青榆县的人才公寓有多少套？", "what does Qingyu do for students?", "月光")


@dataclass
class Counted:
    """A vector index that counts its searches."""

    inner: VectorIndex
    searches: int = 0

    def search(self, vector: Vector, k: int, chunks: Collection[int] | None = None) -> Sequence[Scored]:
        self.searches += 1
        return self.inner.search(vector, k, chunks)

    def scores(self, vector: Vector, chunks: Sequence[int]) -> Sequence[float]:
        return self.inner.scores(vector, chunks)


@dataclass
class Watched:
    """A snapshot whose vector index is counted."""

    inner: Snapshot
    vectors: Counted = field(init=False)

    def __post_init__(self) -> None:
        self.vectors = Counted(self.inner.vectors)

    @property
    def store(self) -> Store:
        return self.inner.store

    @property
    def lexical(self) -> LexicalIndex:
        return self.inner.lexical


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A county with forty passages on talent, and one about something else."""
    folder = tmp_path_factory.mktemp("docs")
    measures = "\n".join(
        f"{n}、引才措施\n青榆县对第{n}类人才给予补贴{n}万元，提供人才公寓{n}套。" + "办理手续从简，服务到人。" * 20
        for n in range(1, 41)
    )
    (folder / "青榆县.txt").write_text(f"青榆县人才工作\n{measures}\n", encoding="utf-8")
    (folder / "乌荻县.txt").write_text("乌荻县防汛工作\n乌荻县加固堤坝三十里，汛期昼夜巡查。\n", encoding="utf-8")
    service = Service.open(settings(data_dir=tmp_path_factory.mktemp("index"), environ={}), write=True)
    service.index([folder])
    return service.snapshot()


def best(model: Embedder, snapshot: Watched, question: str) -> tuple[Hit, ...]:
    return Retriever(model).search(snapshot, understand(question), 10).hits


def test_vectors_are_searched_only_where_they_may_add_a_passage(model: Embedder, snapshot: Snapshot) -> None:
    searches = {}
    for question in (ASKED[0], ASKED[3]):
        watched = Watched(snapshot)
        best(model, watched, question)
        searches[question] = watched.vectors.searches
    assert searches == {ASKED[0]: 0, ASKED[3]: 1}


@pytest.mark.parametrize("question", ASKED)
def test_no_passage_is_lost_by_it(
    model: Embedder, snapshot: Snapshot, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = best(model, Watched(snapshot), question)
    monkeypatch.setattr(retrieve, "GREATEST_COSINE", math.inf)
    searched = Watched(snapshot)
    assert best(model, searched, question) == found
    assert searched.vectors.searches == 1
