"""Sentences and readable text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.documents.sentences import readable, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("抓好落实。取得实效！怎么办？", ["抓好落实。", "取得实效！", "怎么办？"]),
        ("先调研；再决策；后落实。", ["先调研；", "再决策；", "后落实。"]),
        ("他说：“大家都来吧！”于是都来了。", ["他说：“大家都来吧！”于是都来了。"]),
        ("他强调“要抓落实。”会后开始行动。", ["他强调“要抓落实。”", "会后开始行动。"]),
        ("出台《办法》（见附件。共三页）。实行三年。", ["出台《办法》（见附件。共三页）。", "实行三年。"]),
        ("说来话长……后来好了。", ["说来话长……", "后来好了。"]),
        ("全县有3.5万人，增长2.1%。", ["全县有3.5万人，增长2.1%。"]),
        ("It works. See No. 5 of 3.2. Dr. Li agreed.", ["It works.", "See No. 5 of 3.2.", "Dr. Li agreed."]),
        ("1. 建立制度。\n2. 落实责任。", ["1. 建立制度。", "2. 落实责任。"]),
        ("标题一行\n第一句话。", ["标题一行", "第一句话。"]),
        (
            "（１）村里受理申请；\n（２）县里每月审批汇总，次月10日通过\n社保卡发放。",
            ["（１）村里受理申请；", "（２）县里每月审批汇总，次月10日通过\n社保卡发放。"],
        ),
        ("（１）村里受理申请；\n（２）其他事项\n附则一行。", ["（１）村里受理申请；", "（２）其他事项", "附则一行。"]),
        (
            "近年来，县里不断健全党管人才的领导体制和工作机制，出台一揽子政策，推动各类人才\n\n向基层一线流动。成效明显。",
            [
                "近年来，县里不断健全党管人才的领导体制和工作机制，出台一揽子政策，推动各类人才\n\n向基层一线流动。",
                "成效明显。",
            ],
        ),
        ("", []),
        (" \n\u3000 ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


def test_offsets_count_in_the_whole_text() -> None:
    text = "前一句。中间这句。后一句。"
    assert sentences(text, 4, 9) == ((4, 9),)


def test_a_range_that_begins_in_a_broken_sentence_keeps_it_whole() -> None:
    text = "第一句到此为止，后面还有一句被换行打断，它的开头只有两个字就到了行尾，接着往下看。人大\n\n机关是政治机关,我们更\n\n应该认识到这一点。"
    start = text.index("人大")
    assert sentences(text, start) == ((start, len(text)),)


def test_readable_joins_broken_lines() -> None:
    text = "标题一行\n\n　　近年来，县里不断健全党管人才的领导体制和工作机制，出台一揽子政策，推动各类人才\n\n向基层一线流动。\n\n另一段话。"
    assert (
        readable(text)
        == "标题一行\n近年来，县里不断健全党管人才的领导体制和工作机制，出台一揽子政策，推动各类人才向基层一线流动。\n另一段话。"
    )


def test_readable_keeps_latin_words_apart() -> None:
    assert (
        readable("The county offers a subsidy,\nup to 300,000 yuan.")
        == "The county offers a subsidy, up to 300,000 yuan."
    )


PIECES = st.sampled_from(list("人才政策县委组织部一二三123ab .,，。；！？：“”‘’（）()《》、\n\r\u3000…#*-·第条章是"))


@given(st.text(PIECES, max_size=300))
def test_sentences_hold_every_character_once_and_in_order(text: str) -> None:
    ranges = sentences(text)
    assert all(start < end for start, end in ranges)
    assert all(before[1] <= after[0] for before, after in pairwise(ranges))
    assert "".join("".join(text[start:end].split()) for start, end in ranges) == "".join(text.split())


@given(st.text(PIECES, max_size=300))
def test_readable_keeps_every_character(text: str) -> None:
    assert "".join(readable(text).split()) == "".join(text.split())


def test_rows_of_columns_are_sentences_of_their_own() -> None:
    text = "项目　　　　对象　　　　　标准\n创业补贴　　首次办企业的　　每户8000元\n求职补贴　　低保家庭，残疾毕业生　　每人1800元\n"
    assert [text[first:last] for first, last in sentences(text)] == text.splitlines()
