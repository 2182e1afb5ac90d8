"""How a question is wrapped, spaced and typed changes nothing of its answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.asking import plainly
from rag.config import settings
from rag.service import Service
from rag.types import Answer

QUESTIONS = (
    "祁东县提出了哪些人才政策？",
    "乌海市发放了多少人才购房补贴？",
    "格尔木市怎样为基层减负？",
    "祁东县给引进的博士多少安家费？",
    "衡阳县提出了哪些人才政策？",
    "What talent policies did Qidong County propose?",
)
CHINESE = (
    "请问{}",
    "您好，请问一下，{}谢谢！",
    "帮我查一下{}",
    "麻烦您帮忙看一下：{} 多谢您",
    "我想问一下{}",
    "  {}\n",
)
ENGLISH = ("Hello, {}", "Could you please tell me: {} Thanks a lot!", "{} Thank you.", "  {} ")


@pytest.fixture(scope="module")
def service(environ: dict[str, str]) -> Iterator[Service]:
    opened = Service.open(settings(environ=environ))
    yield opened
    opened.close()


def _said(answer: Answer) -> tuple[object, ...]:
    return answer.reason, answer.text, [(c.document_id, c.start, c.end) for c in answer.citations]


@pytest.mark.parametrize("question", QUESTIONS)
def test_courtesies_change_nothing(service: Service, question: str) -> None:
    plain = _said(service.ask(question).answer)
    for frame in ENGLISH if question.isascii() else CHINESE:
        framed = service.ask(frame.format(question)).answer
        assert _said(framed) == plain, frame
        assert framed.question == frame.format(question)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_mark_its_width_and_that_of_letters_change_nothing(service: Service, question: str) -> None:
    plain = _said(service.ask(question).answer)
    wide = "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in question)
    for typed in (question.rstrip("?？"), question.replace("？", "?"), wide):
        assert _said(service.ask(typed).answer) == plain, typed


def test_blanks_inside_words_change_nothing(service: Service) -> None:
    plain = _said(service.ask("祁东县提出了哪些人才政策？").answer)
    for typed in ("祁 东 县提出了哪些人才政策？", "祁东县 提出了哪些 人才 政策？", "祁东县提出了哪 些人才政 策 ？"):
        assert _said(service.ask(typed).answer) == plain, typed


@pytest.mark.parametrize(
    "text",
    [
        "你好",
        "谢谢！",
        "请问",
        "祁东县 乌海市 人才政策",
        "请帮我写一首诗",
        "请介绍一下祁东县",
        "Thank you!",
        "？？？",
        "",
    ],
)
def test_what_is_nothing_but_courtesy_or_none_stays(text: str) -> None:
    assert plainly(text) == text
