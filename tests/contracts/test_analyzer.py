"""The analyzer contract: values computed by hand, the substring promise, and one dictionary in two libraries."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import jieba as jieba_package
import pytest
from hypothesis import given
from hypothesis import strategies as st

import seeds
from rag.analysis import ChineseAnalyzer, fold, is_han, runs, simplified
from rag.question import understand
from rag.retrieve import lexical_query
from rag.segmentation import (
    TOTAL,
    Choice,
    Dictionary,
    Segmenter,
    dictionary_segmenter,
    python_segmenter,
    rust_segmenter,
)

TEXTS = [path.read_text(encoding="utf-8") for path in seeds.paths()]
ARTICLES = [path.name[:3] for path in seeds.paths()]
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


WAYS = {"rjieba": rust_segmenter, "dictionary": dictionary_segmenter}


@pytest.fixture(scope="module")
def jieba() -> Segmenter:
    return python_segmenter()


@pytest.fixture(scope="module", params=WAYS)
def other(request: pytest.FixtureRequest) -> Segmenter:
    return WAYS[request.param]()


def assert_alike(one: Segmenter, other: Segmenter, text: str) -> None:
    assert one.cut(text) == other.cut(text)
    assert one.search(text) == other.search(text)
    assert one.tag(text) == other.tag(text)


def every_character(step: int) -> str:
    return "".join(f"{chr(code)}1" for code in range(0, 0x30000, step) if not 0xD800 <= code < 0xE000)


@pytest.mark.parametrize("text", [*TEXTS, every_character(97)], ids=[*ARTICLES, "characters"])
def test_both_segmenters_of_the_dictionary_cut_alike(text: str) -> None:
    """Two programs that share nothing but the dictionary; that both are jieba is seen in the whole suite, where jieba starts."""
    assert_alike(rust_segmenter(), dictionary_segmenter(), fold(text).text)


@pytest.mark.slow
@pytest.mark.parametrize("text", TEXTS, ids=ARTICLES)
def test_every_segmenter_cuts_as_jieba_does(text: str, jieba: Segmenter, other: Segmenter) -> None:
    assert_alike(other, jieba, fold(text).text)


@pytest.mark.slow
def test_every_character_is_cut_and_tagged_as_jieba_does(jieba: Segmenter, other: Segmenter) -> None:
    text = every_character(1)
    assert other.cut(text) == jieba.cut(text)
    assert other.tag(text) == jieba.tag(text)


@pytest.mark.slow
def test_the_dictionary_is_found_whole_by_first_characters() -> None:
    path = Path(str(jieba_package.__file__)).with_name("dict.txt")
    lines = [line.split(" ") for line in path.read_text(encoding="utf-8").splitlines()]
    assert sum(int(count) for _, count, _ in lines) == TOTAL
    words = {word: (int(count), tag) for word, count, tag in lines}
    dictionary = Dictionary(path)
    firsts = {word[0] for word in words}
    assert {word: entry for first in firsts for word, entry in dictionary.starting(first).items()} == words


@pytest.mark.parametrize(
    ("first", "word", "entry"), [("祁", "祁东县", (3, "ns")), ("小", "小S", (3, "nr")), ("T", "T恤衫", (3, "n"))]
)
def test_a_word_is_found_by_its_first_character(first: str, word: str, entry: tuple[int, str]) -> None:
    path = Path(str(jieba_package.__file__)).with_name("dict.txt")
    assert Dictionary(path).starting(first)[word] == entry


def test_much_text_goes_over_to_rjieba() -> None:
    choose = Choice()
    first, last = choose("字"), choose("字" * 10_000)
    assert first is not last
    assert first.cut("祁东县人才政策") == last.cut("祁东县人才政策") == ["祁东县", "人才", "政策"]


@pytest.mark.shared
@pytest.mark.slow
def test_every_segmenter_cuts_a_large_corpus_as_jieba_does(shared: Path, jieba: Segmenter, other: Segmenter) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted((shared / "gold" / "docs").glob("*.txt"))]
    corpus = fold((shared / "data" / "eval" / "covid-gov-zh" / "corpus.jsonl").read_text(encoding="utf-8")).text
    for text in [*(fold(text).text for text in texts), *corpus.splitlines()]:
        assert other.cut(text) == jieba.cut(text)


@given(st.lists(st.text(ALPHABET + "…\n\r", max_size=100), max_size=5))
def test_parts_are_the_terms(texts: list[str]) -> None:
    analyzer = ChineseAnalyzer()
    for text, (folded, others) in zip(texts, analyzer.parts(texts), strict=True):
        grams = [term for run in runs(folded) if is_han(run) for term in (*run, *map("".join, pairwise(run)))]
        assert Counter([*grams, *others]) == Counter(analyzer.terms(text))


def test_words_inside_long_ones_are_those_of_the_search_mode() -> None:
    text = "内蒙古自治区人民政府办公厅关于中华人民共和国劳动合同法T恤衫啊的通知"
    terms = set(ChineseAnalyzer().terms(text))
    searched = {word for word in rust_segmenter().search(fold(text).text) if len(word) > 2 and is_han(word)}
    assert {"自治区", "共和国", "中华人民共和国"} < searched <= terms
    assert {term for term in terms if len(term) > 2 and is_han(term)} == searched


@pytest.mark.parametrize("end", [0x3400, pytest.param(0x110000, marks=pytest.mark.slow)], ids=["before Han", "all"])
def test_no_character_folds_to_a_line_break(end: int) -> None:
    """What is folded and cut in one go is told apart by line breaks."""
    assert [chr(code) for code in range(end) if "\n" in fold(chr(code)).text] == ["\n"]


@given(st.text(ALPHABET + "ﬁ½\ud800𠮷🏛", min_size=100, max_size=400))
def test_a_long_text_is_folded_as_a_short_one(text: str) -> None:
    """Long ones go through an array; `ﬁ` and `½` become several characters."""
    assert fold(text).text == "".join(fold(char).text for char in text)
    assert simplified(text) == "".join(simplified(char) for char in text)
