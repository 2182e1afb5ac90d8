"""What sentences mean beside a question, over a table of tokens computed by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from embeddings.protocol import Embedder
from embeddings.static import StaticEmbedder
from rag.answering.meaning import DAMPING, Meaning, standard
from rag.answering.met import met_words
from rag.coverage import Weighted
from rag.question import Content, understand
from tests.answering.sentences import units_of
from tests.embeddings.folders import plain

# Tokens stand between spaces, which units leave out: a unit here is one token (人才, 政策, policy) or none that is known.
TEXT = "人才\npolicy\n其他\n"


class Words:
    """An embedder whose texts are no sums of rows."""

    name, fingerprint, dim = "words", "0" * 64, 3

    def __init__(self, inner: StaticEmbedder) -> None:
        self.encode_query, self.encode_document = inner.encode_query, inner.encode_document


@pytest.fixture
def static(tmp_path: Path) -> StaticEmbedder:
    return StaticEmbedder.read(plain(tmp_path / "m"))


def soft(embedder: Embedder) -> list[float]:
    weighted = [Weighted(Content("政策", ("政策",), 1.0), 2.0)]
    return values(Meaning(embedder), "政策", weighted)["soft"]


def values(meaning: Meaning, asked: str, weighted: Sequence[Weighted]) -> dict[str, list[float]]:
    pieces = units_of(TEXT)
    found = meaning(understand(asked), weighted, pieces, met_words(weighted, pieces))
    return {name: column.tolist() for name, column in found.items()}


def test_a_word_is_met_by_a_token_near_it(static: StaticEmbedder) -> None:
    near = np.array([0.0, 4 / np.hypot(4, 0.5), 0.0])
    apart = (near - near.mean()) / (near.std() + DAMPING)
    assert soft(static) == pytest.approx(standard(apart).tolist(), abs=1e-6)


def test_without_token_rows_only_the_word_itself_counts(static: StaticEmbedder) -> None:
    assert soft(Words(static)) == [0.0, 0.0, 0.0]


def test_what_the_context_names_does_not_count(static: StaticEmbedder) -> None:
    # All passages of units_of stand below 甲县人才办法: 人才 tells none of them apart while another word is open.
    weighted = [Weighted(Content(word, (word,), 1.0), 2.0) for word in ("人才", "政策")]
    assert values(Meaning(static), "人才政策", weighted)["soft"] == pytest.approx(soft(static), abs=1e-6)


def test_cosines_are_standard_scores(static: StaticEmbedder) -> None:
    found = values(Meaning(static), "政策", [])
    expected = standard(np.array([0.0, 4 / np.hypot(4, 0.5), 0.0])).tolist()
    assert found["similar"] == pytest.approx(expected, abs=1e-6)
    assert (found["crossing"], found["soft"]) == ([0.0] * 3, [0.0] * 3)


def test_an_english_question_crosses(static: StaticEmbedder) -> None:
    found = values(Meaning(static), "talent policy", [])
    assert found["crossing"] == found["similar"] != [0.0] * 3


def test_what_was_kept_gives_the_same_values(static: StaticEmbedder) -> None:
    meaning = Meaning(static, capacity=2)
    weighted = [Weighted(Content("政策", ("政策",), 1.0), 2.0)]
    once = values(meaning, "政策", weighted)
    assert values(meaning, "人才", weighted) != once
    assert values(meaning, "政策", weighted) == once
