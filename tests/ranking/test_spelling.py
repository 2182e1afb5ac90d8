"""Names that are a slip of the pen for a place of the corpus, and the question that is asked back."""

from __future__ import annotations

import pytest

from rag.config import settings
from rag.present import answered
from rag.ranking.spelling import misspelt
from rag.service import Service
from rag.types import Reason

HELD = ("朔河县", "云溪县", "亳州市")


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("硕河县", "朔河县"),  # the same sound
        ("云西县", "云溪县"),
        ("毫州市", "亳州市"),  # the same look
        ("朔江县", ""),  # another name
        ("硕何县", ""),  # two characters
        ("朔河县", ""),  # no slip
        ("硕河镇", ""),
        ("Shuohexian", ""),
        ("Yunxi", ""),
        ("Yunxii", "云溪"),
        ("Yunji", "云溪"),
        ("Shuohu", "朔河"),
        ("Bozho", "亳州"),
        ("Nowhere", ""),
    ],
)
def test_one_slip_is_known_again(asked: str, place: str) -> None:
    held = [name[:-1] for name in HELD] if asked.isascii() else HELD
    assert misspelt(asked, held) == place


def test_two_places_that_may_be_meant_are_none() -> None:
    assert misspelt("硕河县", ("朔河县", "烁河县")) == ""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, environ: dict[str, str]) -> Service:
    folder = tmp_path_factory.mktemp("slips")
    for name in ("朔河县", "云溪县"):
        text = f"{name}人才工作情况\n\n{name}出台人才新政。对全职引进的博士，一次性给予安家费30万元。\n"
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    opened = Service.open(settings(data_dir=folder / "index", environ=environ), write=True)
    opened.index(sorted(folder.glob("*.txt")))
    return opened


def test_a_refusal_asks_back(service: Service) -> None:
    result = service.ask("硕河县给博士多少安家费？")
    assert result.answer.reason is Reason.NO_SUCH_PLACE
    assert "是否指朔河县？" in result.answer.text
    assert answered(result)["suggestions"] == [{"asked": "硕河县", "place": "朔河县"}]


def test_an_answer_for_the_other_place_asks_back_too(service: Service) -> None:
    result = service.ask("硕河县和云溪县各给博士多少安家费？")
    assert result.answer.answered
    assert {citation.quote for citation in result.answer.citations} != set()
    assert "是否指朔河县？" in result.answer.text


@pytest.mark.parametrize(
    "question", ["朔河县给博士多少安家费？", "衡山县给博士多少安家费？", "朔江县给博士多少安家费？"]
)
def test_nothing_is_suggested_for_a_place_that_is_held_or_another_one(service: Service, question: str) -> None:
    assert "suggestions" not in answered(service.ask(question))
