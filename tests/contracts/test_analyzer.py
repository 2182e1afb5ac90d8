"""The analyzer contract: values computed by hand, the substring promise, and one dictionary in two libraries."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import seeds
from rag.analysis import ChineseAnalyzer, Segmenter, fold, python_segmenter, rust_segmenter, simplified
from rag.question import understand
from rag.retrieve import lexical_query

TEXTS = [path.read_text(encoding="utf-8") for path in seeds.paths()]
ALPHABET = "祁东县人才政策引进博士的了一二三ABCxyz019,。、“”《》〔〕 \n億體縣Ａ％①"


def test_terms_of_a_sentence_are_these() -> None:
    terms = Counter(ChineseAnalyzer().terms("祁东县出台《引才措施》，补30万元。"))
    assert terms == Counter(
        [
            "祁",
            "东",
            "县",
            "出",
            "台",
            "祁东",
            "东县",
            "县出",
            "出台",
            "祁东县",
            "引",
            "才",
            "措",
            "施",
            "引才",
            "才措",
            "措施",
            "=引才措施",
            "补",
            "30",
            "万",
            "元",
            "万元",
            "=30万元",
        ]
    )


def test_a_document_number_is_one_term_in_every_notation() -> None:
    wanted = "=祁办发[2022]15号"
    for written in ("祁办发〔2022〕15号", "祁办发[2022]15号", "祁办发（2022）15号", "祁办发【2022】第15号"):
        assert wanted in ChineseAnalyzer().terms(written)


def test_folding_is_character_by_character_and_maps_back() -> None:
    folded = fold("格爾木①％Ａ㎡")
    assert folded.text == "格尔木1%am2"
    assert [folded.original(i, i + 1) for i in range(7)] == [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 7)]
    assert folded.original(6, 8) == (6, 7)


def test_traditional_and_full_width_text_give_the_terms_of_simplified() -> None:
    analyzer = ChineseAnalyzer()
    assert Counter(analyzer.terms("陝西省緩繳社保６個月")) == Counter(analyzer.terms("陕西省缓缴社保6个月"))


@given(st.text(alphabet=ALPHABET, min_size=1, max_size=60))
def test_no_term_holds_white_space_and_none_is_empty(text: str) -> None:
    assert all(term and not any(char.isspace() for char in term) for term in ChineseAnalyzer().terms(text))


@given(st.sampled_from(TEXTS), st.integers(0, 10_000), st.integers(2, 12))
def test_any_substring_asked_shares_a_weighted_term_with_its_text(text: str, position: int, length: int) -> None:
    start = position % (len(text) - length)
    asked = text[start : start + length]
    if not re.search(r"[\u4e00-\u9fff]|[^\W_][^\W_]", asked):
        return
    indexed = set(ChineseAnalyzer().terms(text))
    weights = lexical_query(understand(asked))["text"]
    assert any(term in indexed and weight > 0 for term, weight in weights.items()), asked


@pytest.fixture(scope="module")
def jieba() -> Segmenter:
    return python_segmenter()


@pytest.mark.parametrize("text", TEXTS, ids=[path.name[:3] for path in seeds.paths()])
def test_rjieba_and_jieba_cut_alike(text: str, jieba: Segmenter) -> None:
    rust = rust_segmenter()
    folded = fold(text).text
    assert rust.cut(folded) == jieba.cut(folded)
    assert rust.search(folded) == jieba.search(folded)
    assert rust.tag(folded) == jieba.tag(folded)


@pytest.mark.shared
@pytest.mark.slow
def test_rjieba_and_jieba_cut_alike_over_a_large_corpus(shared: Path, jieba: Segmenter) -> None:
    rust = rust_segmenter()
    texts = [path.read_text(encoding="utf-8") for path in sorted((shared / "gold" / "docs").glob("*.txt"))]
    corpus = fold((shared / "data" / "eval" / "covid-gov-zh" / "corpus.jsonl").read_text(encoding="utf-8")).text
    for text in [*(fold(text).text for text in texts), *corpus.splitlines()]:
        assert rust.cut(text) == jieba.cut(text)


@given(st.text(ALPHABET, max_size=300))
def test_parts_are_the_terms(text: str) -> None:
    analyzer = ChineseAnalyzer()
    han, others = analyzer.parts(text)
    grams = [term for run in han for term in (*run, *map("".join, pairwise(run)))]
    assert Counter([*grams, *others]) == Counter(analyzer.terms(text))


@given(st.text(ALPHABET + "ﬁ½\ud800𠮷🏛", min_size=100, max_size=400))
def test_a_long_text_is_folded_as_a_short_one(text: str) -> None:
    """Long ones go through an array; `ﬁ` and `½` become several characters."""
    assert fold(text).text == "".join(fold(char).text for char in text)
    assert simplified(text) == "".join(simplified(char) for char in text)
