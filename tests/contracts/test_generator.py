"""The Generator contract, over every implementation: ranges inside the hits, nothing of nothing, the same again."""

from __future__ import annotations

import pytest

from embeddings.protocol import Embedder
from rag.answering.extract import ExtractiveGenerator
from rag.coverage import Weighted
from rag.protocols import Generator
from rag.question import understand
from rag.types import Chunk, Hit

TEXT = "清禾县建成人才公寓145套。另建驿站22处,供骑手歇脚。县里还修了路。"
HITS = (Hit(Chunk(1, "d", 0, 14, "", "清禾县"), 2.0), Hit(Chunk(2, "d", 14, len(TEXT), "", "清禾县"), 1.0))


@pytest.fixture(params=["extractive"])
def generator(request: pytest.FixtureRequest, model: Embedder) -> Generator:
    return {"extractive": ExtractiveGenerator(model)}[request.param]


def weighted(question: str) -> list[Weighted]:
    return [Weighted(item, item.weight) for item in understand(question).content]


@pytest.mark.parametrize(
    "question", ["建成多少套人才公寓", "做了哪些事", "怎样照顾骑手", "公寓", "How many apartments?"]
)
def test_drafts_name_ranges_inside_the_hits_only(generator: Generator, question: str) -> None:
    drafts = generator.generate(understand(question), weighted(question), HITS, {"d": TEXT})
    assert drafts
    for draft in drafts:
        for span in draft.spans:
            assert any(hit.chunk.start <= span.start < span.end <= hit.chunk.end for hit in HITS)
        assert draft.text == TEXT[draft.spans[0].start : draft.spans[0].end]


def test_the_sentence_that_answers_comes_first_with_the_figure_marked(generator: Generator) -> None:
    question = "建成多少套人才公寓"
    first, *_ = generator.generate(understand(question), weighted(question), HITS, {"d": TEXT})
    assert first.text == "清禾县建成人才公寓145套。"
    assert first.focus is not None
    assert TEXT[first.focus.start : first.focus.end] == "145套"


def test_no_hits_no_drafts(generator: Generator) -> None:
    assert list(generator.generate(understand("公寓"), weighted("公寓"), (), {})) == []


def test_the_same_question_gives_the_same_drafts(generator: Generator) -> None:
    question = "做了哪些事"
    once = generator.generate(understand(question), weighted(question), HITS, {"d": TEXT})
    assert once == generator.generate(understand(question), weighted(question), HITS, {"d": TEXT})
