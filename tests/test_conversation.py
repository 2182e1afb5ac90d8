"""Follow-up questions: dialogues and what the last question of each becomes."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import seeds
from rag.conversation.follow_up import MAX_CHARS, follow_up

POLICIES = "祁东县提出了哪些人才政策？"
ALLOWANCE = "祁东县博士的安家补贴是多少？"
ATTRACT = "祁东县如何引进人才？"
COMPARED = "祁东县和遂宁市的人才政策有什么不同？"
TRADITIONAL = "祁東縣提出了哪些人才政策？"
ENGLISH = "What talent policies did Qidong County propose?"
AMOUNT = "How much is the settling-in allowance for PhDs in Qidong County?"
MANNER = "How does Xilinhot attract talent?"

PLACES = [
    (POLICIES, "那格尔木呢？", "格尔木市提出了哪些人才政策？"),
    (POLICIES, "格尔木市呢", "格尔木市提出了哪些人才政策？"),
    (POLICIES, "换成格尔木", "格尔木市提出了哪些人才政策？"),
    (POLICIES, "格尔木", "格尔木市提出了哪些人才政策？"),
    (POLICIES, "格尔木也有吗？", "格尔木市提出了哪些人才政策？"),
    (POLICIES, "那澄河县呢？", "澄河县提出了哪些人才政策？"),
    (POLICIES, "那乌海和遂宁呢？", "乌海和遂宁提出了哪些人才政策？"),
    (POLICIES, "那Golmud呢？", "格尔木市提出了哪些人才政策？"),
    (POLICIES, "What about Golmud?", "格尔木市提出了哪些人才政策？"),
    (POLICIES, "那县委组织部呢？", "祁东县委组织部提出了哪些人才政策？"),
    (ALLOWANCE, "那格尔木2023年呢", "格尔木市2023年博士的安家补贴是多少？"),
    ("祁东县委组织部怎么培训干部？", "格尔木呢？", "格尔木市委组织部怎么培训干部？"),
    ("湖南省衡阳市祁东县有哪些人才政策？", "格尔木呢？", "格尔木市有哪些人才政策？"),
    ("有哪些人才政策？", "祁东县呢？", "祁东县有哪些人才政策？"),
    (COMPARED, "那格尔木呢？", "祁东县和格尔木市的人才政策有什么不同？"),
    (POLICIES, "和格尔木相比呢？", "祁东县和格尔木的人才政策有什么不同？"),
    (TRADITIONAL, "那格爾木呢？", "格爾木提出了哪些人才政策？"),
    (ENGLISH, "What about Golmud?", "What talent policies did Golmud propose?"),
    (ENGLISH, "how about in Wuhai City?", "What talent policies did Wuhai City propose?"),
    (ENGLISH, "Golmud?", "What talent policies did Golmud propose?"),
    (ENGLISH, "What about Golmud and Wuhai?", "What talent policies did Golmud and Wuhai propose?"),
    (ENGLISH, "compared with Golmud?", "How do Qidong County and Golmud differ in talent policies?"),
    (ENGLISH, "那格尔木呢？", "What talent policies did Golmud City propose?"),
    (AMOUNT, "What about Golmud?", "How much is the settling-in allowance for PhDs in Golmud?"),
    (MANNER, "And Golmud?", "How does Golmud attract talent?"),
]
TOPICS = [
    (POLICIES, "那补贴呢？", "祁东县人才政策的补贴有哪些？"),
    (POLICIES, "标准是多少？", "祁东县人才政策的标准是多少？"),
    (POLICIES, "怎么申请？", "祁东县人才政策怎么申请？"),
    (POLICIES, "谁负责？", "祁东县人才政策谁负责？"),
    (POLICIES, "那年龄条件呢？", "祁东县人才政策的年龄条件有哪些？"),
    (POLICIES, "它的条件是什么？", "祁东县人才政策的条件是什么？"),
    (POLICIES, "这些政策是什么时候出台的？", "祁东县人才政策是什么时候出台的？"),
    (POLICIES, "为什么？", "祁东县为什么提出人才政策？"),
    (POLICIES, "还有呢？", POLICIES),
    (POLICIES, "格尔木的标准是多少？", "格尔木人才政策的标准是多少？"),
    (POLICIES, "格尔木的补贴呢", "格尔木市人才政策的补贴有哪些？"),
    (ALLOWANCE, "条件呢？", "祁东县博士的安家补贴的条件有哪些？"),
    (ALLOWANCE, "什么时候发放？", "祁东县博士的安家补贴什么时候发放？"),
    (ATTRACT, "效果怎么样？", "祁东县引进人才的效果怎么样？"),
    (ATTRACT, "乌海的做法呢？", "乌海市引进人才的做法有哪些？"),
    (COMPARED, "条件分别是什么？", "祁东县和遂宁市人才政策的条件分别是什么？"),
    ("祁东县对博士有哪些补贴？", "怎么申请？", "祁东县博士的补贴怎么申请？"),
    (TRADITIONAL, "標準是多少？", "祁東縣人才政策的標準是多少？"),
    (TRADITIONAL, "那補貼呢？", "祁東縣人才政策的補貼有哪些？"),
    (TRADITIONAL, "還有什麼條件？", "祁東縣人才政策有什麼條件？"),
    (ENGLISH, "What are the conditions?", "What are the conditions for the talent policies in Qidong County?"),
    (ENGLISH, "What are its conditions?", "What are the conditions of the talent policies in Qidong County?"),
    (ENGLISH, "Who is responsible?", "Who is responsible for the talent policies in Qidong County?"),
    (ENGLISH, "When were they issued?", "When were the talent policies in Qidong County issued?"),
    (ENGLISH, "What about subsidies?", "What are the subsidies of the talent policies in Qidong County?"),
    (ENGLISH, "What are the conditions in Golmud?", "What are the conditions for the talent policies in Golmud?"),
    (ENGLISH, "Why?", "What are the reasons for the talent policies in Qidong County?"),
    (ENGLISH, "Tell me more", ENGLISH),
    (
        AMOUNT,
        "How do I apply for it?",
        "How do I apply for the settling-in allowance for PhDs in Qidong County?",
    ),
    (MANNER, "What are the results?", "What are the results for attracting talent in Xilinhot?"),
]
THINGS = [
    (POLICIES, "那住房补贴呢", "祁东县提出了哪些住房补贴？"),
    (POLICIES, "住房补贴", "祁东县提出了哪些住房补贴？"),
    (POLICIES, "有哪些住房补贴？", "祁东县有哪些住房补贴？"),
    (POLICIES, "该县有哪些党建做法？", "祁东县有哪些党建做法？"),
    (POLICIES, "当地怎么引进博士？", "祁东县怎么引进博士？"),
    (POLICIES, "那里的乡村振兴呢？", "祁东县提出了哪些乡村振兴？"),
    (POLICIES, "2023年呢？", "祁东县2023年提出了哪些人才政策？"),
    ("祁东县2022年引进了多少人才？", "2023年呢？", "祁东县2023年引进了多少人才？"),
    (ALLOWANCE, "硕士呢？", "祁东县硕士的安家补贴是多少？"),
    (ALLOWANCE, "那企业呢", "祁东县企业的安家补贴是多少？"),
    (ALLOWANCE, "住房补贴呢？", "祁东县住房补贴是多少？"),
    (ALLOWANCE, "人才公寓呢？", "祁东县人才公寓是多少？"),
    (ATTRACT, "留住人才呢？", "祁东县如何留住人才？"),
    (COMPARED, "党建呢？", "祁东县和遂宁市的党建有什么不同？"),
    (TRADITIONAL, "該縣有哪些黨建做法？", "祁東縣有哪些黨建做法？"),
    (ENGLISH, "What about housing?", "What housing did Qidong County propose?"),
    (ENGLISH, "What about housing in Golmud?", "What housing did Golmud propose?"),
    (ENGLISH, "And in 2023?", "What talent policies did Qidong County propose in 2023?"),
    (ENGLISH, "What housing subsidies are there?", "What housing subsidies are there in Qidong County?"),
    (ENGLISH, "How many people live there?", "How many people live in Qidong County?"),
    (ENGLISH, "How does that county train cadres?", "How does Qidong County train cadres?"),
    (AMOUNT, "What about master's?", "How much is the settling-in allowance for master's in Qidong County?"),
    (AMOUNT, "And the housing allowance?", "How much is the housing allowance in Qidong County?"),
    (MANNER, "How do they train cadres?", "How does Xilinhot train cadres?"),
    (MANNER, "What about retaining talent?", "What about retaining talent in Xilinhot?"),
]
ALONE = [
    (POLICIES, "遂宁市给博士多少安家费？"),
    (POLICIES, "请介绍一下格尔木的人才政策"),
    (POLICIES, "全省有哪些人才政策？"),
    (POLICIES, "哪些县给博士发安家费？"),
    (POLICIES, "我县对博士有哪些补贴？"),
    (POLICIES, "党建引领基层治理的主要做法有哪些？"),
    (POLICIES, "有个县回流的大学生头一次超过了当年考出去的，它按哪四类人定引才政策？"),
    (POLICIES, "谢谢"),
    (POLICIES, "  "),
    (POLICIES, "What policies does Suining have for graduates?"),
    (ENGLISH, "Which counties pay doctors an allowance?"),
    (ENGLISH, "Which county pays graduates who return to it?"),
    (ENGLISH, "How did the office that trained the most young cadres last year pick the villages that they work in?"),
    (ENGLISH, "thanks!"),
    (TRADITIONAL, "遂寧市設置的“編制兜底期”是幾年？"),
    (POLICIES, "。。。"),
    (POLICIES, "？！"),
    (ENGLISH, "..."),
    ("？", "那格尔木呢？"),
    ("谢谢", "标准是多少？"),
]


@pytest.mark.parametrize(("before", "question", "expected"), [*PLACES, *TOPICS, *THINGS])
def test_a_follow_up_is_completed_from_the_question_before(before: str, question: str, expected: str) -> None:
    assert follow_up([before], question) == expected


@pytest.mark.parametrize(("before", "question"), ALONE)
def test_what_stands_alone_is_returned_as_it_is(before: str, question: str) -> None:
    assert follow_up([before], question) == question


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        ([POLICIES, "那格尔木呢？"], "怎么申请？", "格尔木市人才政策怎么申请？"),
        ([POLICIES, "标准是多少？"], "那条件呢？", "祁东县人才政策的条件有哪些？"),
        ([POLICIES, "那格尔木呢？", "谢谢"], "补贴有哪些？", "格尔木市人才政策的补贴有哪些？"),
        ([ALLOWANCE, "硕士呢？", "格尔木呢？"], "本科生呢？", "格尔木市本科生的安家补贴是多少？"),
        ([POLICIES, "遂宁市给博士多少安家费？"], "那乌海呢？", "乌海市给博士多少安家费？"),
        ([ENGLISH, "And Golmud?"], "Who is responsible?", "Who is responsible for the talent policies in Golmud?"),
        ([TRADITIONAL, "那格爾木呢？"], "標準是多少？", "格爾木人才政策的標準是多少？"),
        ([], "那格尔木呢？", "那格尔木呢？"),
        (["", " "], "那格尔木呢？", "那格尔木呢？"),
    ],
)
def test_a_chain_of_follow_ups_carries_on(history: list[str], question: str, expected: str) -> None:
    assert follow_up(history, question) == expected


def test_a_history_of_completed_questions_gives_the_same() -> None:
    """A client may send what was asked, or what it was made into."""
    asked = [POLICIES, "那格尔木呢？", "标准是多少？"]
    completed: list[str] = []
    for question in asked:
        completed.append(follow_up(completed, question))
    assert follow_up(completed, "那条件呢？") == follow_up(asked, "那条件呢？") == "格尔木市人才政策的条件有哪些？"


def test_gold_questions_stand_alone_after_one_another() -> None:
    """Those that name a place: a question without one may mean the place before."""
    lines = (seeds.directory() / "gold").glob("*.jsonl")
    gold = [json.loads(line) for path in sorted(lines) for line in path.read_text("utf-8").splitlines()]
    questions = [item["question"] for item in gold if (item.get("place") or "无")[:2] in item["question"]]
    assert len(questions) > 30
    assert [after for before, after in pairwise(questions) if follow_up([before], after) != after] == []


_PIECES = [*"那呢的是有哪些祁东县格尔木人才政策它其该？?， 2023年和", "Golmud ", "what about ", "it "]
_TEXTS = st.lists(st.sampled_from(_PIECES), max_size=14).map("".join)


@given(st.lists(_TEXTS, max_size=3), _TEXTS)
def test_any_text_gives_a_question_and_the_same_one_again(history: list[str], question: str) -> None:
    completed = follow_up(history, question)
    assert completed == follow_up(history, question)
    assert not question.strip() or completed.strip()
    assert len(completed) <= 2 * MAX_CHARS + 40
