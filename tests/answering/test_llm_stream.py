"""Sentences are the same however the reply is cut into pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.stream import MAX_SENTENCE_CHARS, Sentences, plain

REPLY = "甲县给予博士30万元[1]。乙县设立“引才。育才”计划。[2][3] 丙市《办法。》推行[4]；\n- 丁州[5]\n戊"
FOUND = [
    "甲县给予博士30万元[1]。",
    "乙县设立“引才。育才”计划。[2][3] ",
    "丙市《办法。》推行[4]；\n",
    "- 丁州[5]\n",
    "戊",
]


def _cut(pieces: list[str]) -> list[str]:
    sentences = Sentences()
    found = [sentence for piece in pieces for sentence in sentences.push(piece)]
    return [*found, *sentences.finish()]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_sentences_with_their_citations(size: int) -> None:
    assert _cut([REPLY[i : i + size] for i in range(0, len(REPLY), size)]) == FOUND


def test_a_sentence_comes_as_soon_as_nothing_more_can_belong_to_it() -> None:
    sentences = Sentences()
    assert list(sentences.push("甲县[1]。")) == []
    assert list(sentences.push("[2]")) == []
    assert list(sentences.push("乙")) == ["甲县[1]。[2]"]


@pytest.mark.parametrize("size", [1, 5, 1000])
def test_what_is_thought_aloud_is_left_out(size: int) -> None:
    reply = "\n<think>先看摘录1。再看[2]。</think>\n\n甲县[1]。"
    assert [plain(s) for s in _cut([reply[i : i + size] for i in range(0, len(reply), size)])] == ["", "甲县[1]。"]
    assert _cut(["<think>没有结束。甲县[1]。"]) == []
    assert _cut(["<thin"]) == ["<thin"]


def test_full_width_brackets_are_citations() -> None:
    assert _cut(["甲县【1】。乙县［2］。"]) == ["甲县[1]。", "乙县[2]。"]


def test_a_quotation_left_open_costs_its_line_only() -> None:
    assert _cut(["甲“县[1]。乙[2]。\n丙[3]。"]) == ["甲“县[1]。", "乙[2]。\n", "丙[3]。"]


def test_a_sentence_without_end_is_cut() -> None:
    assert [len(s) for s in _cut(["话" * 400] * 6)] == [MAX_SENTENCE_CHARS + 200, MAX_SENTENCE_CHARS + 200]


@given(st.text(alphabet="甲乙。；\n[12]“”《》 ", max_size=80), st.lists(st.integers(1, 9), max_size=40))
def test_nothing_is_lost_and_cuts_do_not_matter(reply: str, sizes: list[int]) -> None:
    pieces, at = [], 0
    for size in sizes:
        pieces.append(reply[at : at + size])
        at += size
    cut = _cut([*pieces, reply[at:]])
    assert "".join(cut).strip() == reply.strip()
    assert all(cut)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("1. 甲县[1]。\n", "甲县[1]。"),
        ("（2）甲县", "甲县"),
        ("- **甲县**", "甲县"),
        ("## 甲县", "甲县"),
        ("1.2万户[1]", "1.2万户[1]"),
        ("3、甲县", "甲县"),
        ("[1]", "[1]"),
    ],
)
def test_list_signs_and_emphasis_are_no_part_of_a_sentence(raw: str, said: str) -> None:
    assert plain(raw) == said
