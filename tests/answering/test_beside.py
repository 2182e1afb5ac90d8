"""What stands beside the figure that a question wants, by value; and the refusals that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from rag.answering.anchors import NEXT_CLAUSE
from rag.answering.beside import ELSEWHERE, Window, windows
from rag.answering.refuse import evidence
from rag.config import settings
from rag.coverage import weigh
from rag.question import understand
from rag.ranking.passages import prepared
from rag.service import Service
from rag.types import Chunk, Document, Hit, Reason


def _windows(question: str, text: str, *, context: str = "", published: str | None = None) -> list[Window]:
    """The windows over one passage, every content word with an equal idf."""
    understood = understand(question)
    chunk = Chunk(id=1, document_id="d", start=0, end=len(text), heading="", context=context)
    document = Document("d", text, "", None, None, None, "d.txt", published)
    weighted = weigh(understood, lambda _: 0, 100)
    _, rows = windows(understood, weighted, [Hit(chunk, 1.0)], {1: prepared(chunk, text)}, {"d": document})
    return list(map(Window._make, rows.tolist()))


def test_only_clauses_with_the_figure_are_taken() -> None:
    text = "住房补贴按月发放,每月补贴800元。岗位津贴由单位确定。"
    assert len(_windows("住房补贴多少元？", text)) == 1
    assert _windows("住房补贴多少元？", "住房补贴按月发放。") == []


def test_words_count_by_their_distance_from_the_figure() -> None:
    """住房 and 补贴 weigh the same: one in the figure's clause counts whole, in the next clause 0.9 of it."""
    (same,) = _windows("住房津贴多少元？", "住房津贴每月800元。")
    (beside,) = _windows("住房津贴多少元？", "发放住房津贴,每月800元。")
    assert same.covered == pytest.approx(1.0, abs=0.02) or same.covered > beside.covered
    assert beside.covered / same.covered == pytest.approx(NEXT_CLAUSE, abs=0.03)


def test_a_short_numbered_sentence_is_said_with_the_next() -> None:
    (led,) = _windows("租房补贴多少元？", "一、租房补贴。博士每月1800元。")
    (apart,) = _windows("租房补贴多少元？", "本条所说的是租房补贴。博士每月1800元。")
    assert (led.unasked, apart.unasked > 0) == (0.0, True)
    assert led.covered > apart.covered


def test_one_of_the_things_asked_for_together_is_enough() -> None:
    (both,) = _windows("建了多少公寓和驿站？", "建成公寓145套。")
    (other,) = _windows("建了多少公寓和驿站？", "建成食堂145套。")
    assert both.unasked == 0.0 < other.unasked


def test_a_rival_of_what_is_asked_contradicts() -> None:
    (parent,) = _windows("会员父母患大病救助多少元？", "会员本人患大病救助5000元。")
    assert parent.contradicted == 1.0
    (other,) = _windows("大专毕业生每月补贴多少元？", "本科毕业生每月补贴800元。")
    (same,) = _windows("大专毕业生每月补贴多少元？", "大专毕业生每月补贴500元。")
    assert (other.contradicted, same.contradicted) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("question", "text", "unlike"),
    [
        ("给博士一共发了多少元补贴？", "每人每月发放补贴800元。", 1.0),
        ("给博士一共发了多少元补贴？", "共发放补贴800万元。", 0.0),
        ("给博士每人发多少元补贴？", "每人每月发放补贴800元。", 0.0),
        ("全县有多少名党员？", "新发展党员36名。", 1.0),
        ("全县有多少名党员？", "现有党员3600名。", 0.0),
        ("全县新发展了多少名党员？", "新发展党员36名。", 0.0),
        ("全县一共有多少名党员？", "新发展党员36名。", 1.0),
    ],
)
def test_the_figure_of_each_is_not_that_of_all(question: str, text: str, unlike: float) -> None:
    assert [window.unlike for window in _windows(question, text)] == [unlike]


def test_what_is_left_open_counts_against_the_figures_beside_it() -> None:
    text = "80岁以上老人每月津贴100元。退役军人家庭的老人是否叠加津贴，由县里另行研究。"
    (open_,) = _windows("退役军人家庭的老人每月叠加津贴多少元？", text)
    (told,) = _windows("80岁以上老人每月津贴多少元？", text)
    (nothing,) = _windows("退役军人家庭的老人每月叠加津贴多少元？", "80岁以上老人每月津贴100元。")
    assert (told.deferred, nothing.deferred) == (0.0, 0.0)
    assert 0.5 < open_.deferred <= 1.0


def test_the_thing_asked_for_must_be_named() -> None:
    (other,) = _windows("公寓的物业费是多少元？", "公寓租金每月800元。")
    (same,) = _windows("公寓的物业费是多少元？", "公寓物业费每月80元。")
    assert same.unasked == 0.0 < other.unasked <= 1.0


@pytest.mark.parametrize(
    ("text", "published", "period"),
    [
        ("去年引进人才50名。", "2022-05-01", 1.0),
        ("今年引进人才50名。", "2021-05-01", 1.0),
        ("去年引进人才50名。", "2021-05-01", 0.4 * 0.7),
        ("近三年引进人才50名。", "2023-01-01", 1.0),
        ("引进人才50名，比去年多3名。", "2022-05-01", 0.5),
        ("2021年引进人才50名。", None, 1.0),
        ("引进人才50名。", None, 0.0),
        ("引进人才50名。", "2021-05-01", 0.7),
        ("引进人才50名。", "2022-01-10", 0.5),
        ("2019年引进人才50名。2021年另有安排。", None, 0.4 * 0.8),
    ],
)
def test_the_period_of_the_sentence_counts_first(text: str, published: str | None, period: float) -> None:
    assert _windows("2021年引进人才多少名？", text, published=published)[0].period == pytest.approx(period)


ARTICLE = """云溪县人才工作情况

云溪县出台人才新政。对全职引进的博士，一次性给予安家费30万元；硕士每月发放生活补贴1500元。
2023年全县引进博士12名，建成人才公寓216套。人才公寓由县国资公司统一管理，拎包入住。
县里与省农业大学签订了合作协议，共建实训基地。
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, environ: dict[str, str]) -> Service:
    folder = tmp_path_factory.mktemp("articles")
    (folder / "a.txt").write_text(ARTICLE, encoding="utf-8")
    opened = Service.open(settings(data_dir=folder / "index", environ=environ), write=True)
    opened.index([Path(folder / "a.txt")])
    return opened


def _held(service: Service) -> Mapping[str, Document]:
    return {document.id: document for document in service.documents().documents}


def test_names_in_quotation_marks_that_no_passage_holds(service: Service) -> None:
    asked = {}
    for text in (
        "云溪县的“人才公寓”怎么管？",
        "云溪县的“人才公寓”和“梭子计划”怎么管？",
        "云溪县的“梭子计划”怎么管？",
        "云溪县怎么管公寓？",
    ):
        question = understand(text)
        retrieved = service.retriever.search(service.snapshot(), question, 5)
        found = evidence(question, retrieved.weighted, retrieved.hits, retrieved.passages, _held(service))
        asked[text] = found.whole.unnamed
    assert list(asked.values()) == [0.0, 0.5, 1.0, 0.0]


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("云溪县给博士多少安家费？", None),
        ("云溪县2023年引进了多少名博士？", None),
        ("云溪县建成了多少套人才公寓？", None),
        ("云溪县人才公寓每平方米的物业费是多少元？", Reason.NO_SUCH_TOPIC),
        ("云溪县和省农业大学的合作协议一签几年？", Reason.NO_SUCH_TOPIC),
        ("云溪县2016年引进了多少名博士？", Reason.NO_SUCH_PERIOD),
        ("今天天气怎么样？", Reason.NOTHING_RELEVANT),
        ("谢谢！", Reason.NOTHING_RELEVANT),
        ("你好", Reason.NOTHING_RELEVANT),
        ("？？？", Reason.NOTHING_RELEVANT),
        ("Thank you!", Reason.NOTHING_RELEVANT),
    ],
)
def test_a_fact_is_told_only_where_it_stands(service: Service, question: str, reason: Reason | None) -> None:
    assert service.ask(question).answer.reason == reason


def test_what_decided_is_told(service: Service) -> None:
    answered, refused = (
        service.ask(text).answer.signals for text in ("云溪县给博士多少安家费？", "云溪县人才公寓的物业费是多少元？")
    )
    assert answered["support"] >= answered["threshold"] == refused["threshold"] > refused["support"]
    assert service.ask("白石县给博士多少安家费？").answer.signals == {}


def test_a_period_may_be_named_by_the_opening_of_the_document() -> None:
    lines = ["2025年的十件实事公布。", "驿站扩容后床位达到620张。"]
    chunks = [
        Chunk(id=i, document_id=d, start=0, end=len(t), heading="", context="")
        for i, d, t in ((1, "d", lines[0]), (2, "d", lines[1]), (3, "e", lines[1]))
    ]
    texts = {1: lines[0], 2: lines[1], 3: lines[1]}
    catalogue = {d: Document(d, "", "", None, None, None, f"{d}.txt") for d in "de"}
    asked = understand("2025年驿站有多少张床位？")
    weighted = weigh(asked, lambda _: 0, 100)
    found = windows(
        asked, weighted, [Hit(c, 1.0) for c in chunks], {c.id: prepared(c, texts[c.id]) for c in chunks}, catalogue
    )[1]
    assert [Window(*row).period for row in found.tolist()] == [ELSEWHERE, 0.0]
