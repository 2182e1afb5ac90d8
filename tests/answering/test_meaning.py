"""What sentences mean beside a question, over a table of tokens computed by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from embeddings.protocol import Embedder
from embeddings.static import StaticEmbedder
from rag.answering.meaning import DAMPING, Meaning, standard
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
    return list(Meaning(embedder)(understand("政策"), weighted, units_of(TEXT))["soft"])


def test_a_word_is_met_by_a_token_near_it(static: StaticEmbedder) -> None:
    near = np.array([0.0, 4 / np.hypot(4, 0.5), 0.0])
    apart = (near - near.mean()) / (near.std() + DAMPING)
    assert soft(static) == pytest.approx(standard(apart).tolist(), abs=1e-6)


def test_without_token_rows_only_the_word_itself_counts(static: StaticEmbedder) -> None:
    assert soft(Words(static)) == [0.0, 0.0, 0.0]


def test_what_the_context_names_does_not_count(static: StaticEmbedder) -> None:
    # All passages of units_of stand below 甲县人才办法: 人才 tells none of them apart while another word is open.
    weighted = [Weighted(Content(word, (word,), 1.0), 2.0) for word in ("人才", "政策")]
    values = Meaning(static)(understand("人才政策"), weighted, units_of(TEXT))["soft"]
    assert values == pytest.approx(soft(static), abs=1e-6)


def test_cosines_are_standard_scores(static: StaticEmbedder) -> None:
    values = Meaning(static)(understand("政策"), [], units_of(TEXT))
    expected = standard(np.array([0.0, 4 / np.hypot(4, 0.5), 0.0])).tolist()
    assert values["similar"] == pytest.approx(expected, abs=1e-6)
    assert (values["crossing"], values["soft"]) == ([0.0] * 3, [0.0] * 3)


def test_an_english_question_crosses(static: StaticEmbedder) -> None:
    values = Meaning(static)(understand("talent policy"), [], units_of(TEXT))
    assert values["crossing"] == values["similar"] != [0.0] * 3


def test_what_was_kept_gives_the_same_values(static: StaticEmbedder) -> None:
    meaning, pieces = Meaning(static, capacity=2), units_of(TEXT)
    weighted = [Weighted(Content("政策", ("政策",), 1.0), 2.0)]
    once = meaning(understand("政策"), weighted, pieces)
    assert meaning(understand("人才"), weighted, pieces) != once
    assert meaning(understand("政策"), weighted, pieces) == once
