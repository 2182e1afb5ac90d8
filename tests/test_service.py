"""The service as a whole on documents made here: places, refusals, updates, exact quotes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.config import settings
from rag.errors import DocumentError, NotFoundError, StoreError, UsageError
from rag.service import Service
from rag.types import Answer, Reason
from tests.documents.made import zipped

QINGHE = """清禾县人才新政解读
中共清禾县委组织部

一、安家补贴。全职引进的博士给予28万元安家补贴,分三年发放。

二、人才公寓。建成人才公寓145套,前三年免收租金。

三、柔性引才。每年安排600万元支持“银发专家”到县里坐诊、授课。
"""
BAISHI = """白石县抓实基层党建
中共白石县委组织部

白石县推行“支部+合作社”模式,带动村集体经济收入平均达到31万元。

建成“蜂巢驿站”22处,为快递员、外卖员提供饮水、充电和休息的地方。
"""


def written(docs: Path) -> Path:
    docs.mkdir()
    (docs / "qinghe.txt").write_text(QINGHE, encoding="utf-8")
    (docs / "baishi.txt").write_text(BAISHI, encoding="gb18030")
    return docs


def opened(directory: Path, docs: Path, environ: dict[str, str]) -> Iterator[Service]:
    service = Service.open(settings(data_dir=str(directory), environ=environ), write=True)
    service.index([docs])
    yield service
    service.close()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, environ: dict[str, str]) -> Iterator[Service]:
    """For tests that only ask."""
    base = tmp_path_factory.mktemp("service")
    yield from opened(base / "index", written(base / "docs"), environ)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path / "docs")


@pytest.fixture
def changing(tmp_path: Path, folder: Path, environ: dict[str, str]) -> Iterator[Service]:
    """For tests that change what is held; its documents come from `folder`."""
    yield from opened(tmp_path / "index", folder, environ)


def quotes(answer: Answer) -> str:
    return " ".join(citation.quote for citation in answer.citations)


def check_slices(service: Service, answer: Answer) -> None:
    for citation in answer.citations:
        assert service.document(citation.document_id).text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("清禾县给全职引进的博士多少安家补贴？", "28万元"),
        ("清禾县建成多少套人才公寓？", "145套"),
        ("清禾的人才公寓有多少套？", "145套"),
        ("白石县村集体经济收入平均有多少？", "31万元"),
        ("白石縣建成了多少處蜂巢驛站？", "22处"),
        ("How many talent apartments did Qinghe County build?", "145套"),
        ("How many rest stations has Baishi built for couriers?", "22处"),
    ],
)
def test_facts_are_answered_with_exact_quotes(service: Service, question: str, held: str) -> None:
    answer = service.ask(question).answer
    assert answer.answered
    assert held in quotes(answer)
    assert held in answer.text
    check_slices(service, answer)


def test_a_list_holds_every_measure_in_the_order_of_the_source(service: Service) -> None:
    answer = service.ask("清禾县出台了哪些人才政策？").answer
    found = [quotes(answer).index(measure) for measure in ("安家补贴", "人才公寓", "银发专家")]
    assert found == sorted(found)
    assert answer.coverage.documents_cited == 1
    check_slices(service, answer)


def test_a_comparison_has_points_for_each_place(service: Service) -> None:
    answer = service.ask("清禾县和白石县分别建了多少公寓和驿站？").answer
    assert answer.comparison is not None
    rows = {place: [answer.points[i].text for i in points] for place, points in answer.comparison.rows}
    assert any("145套" in text for text in rows["清禾县"])
    assert any("22处" in text for text in rows["白石县"])


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("黑松县提出了哪些人才政策？", Reason.NO_SUCH_PLACE),
        ("What talent policies did Heisong County propose?", Reason.NO_SUCH_PLACE),
        ("清禾县2031年引进了多少名博士？", Reason.NO_SUCH_PERIOD),
        ("白石县给引进的博士多少购房补贴？", Reason.NO_SUCH_TOPIC),
        ("清禾县的高考录取率是多少？", Reason.NO_SUCH_TOPIC),
    ],
)
def test_what_is_not_there_is_refused_with_the_reason(service: Service, question: str, reason: Reason) -> None:
    answer = service.ask(question).answer
    assert (answer.answered, answer.reason, answer.points, answer.citations) == (False, reason, (), ())
    assert answer.text
    assert answer.nearest


def test_a_removed_document_leaves_no_trace(changing: Service) -> None:
    (document,) = [d for d in changing.documents().documents if "清禾" in d.title]
    changing.remove([document.id])
    assert changing.ask("清禾县建成多少套人才公寓？").answer.reason is Reason.NO_SUCH_PLACE
    assert all(hit.chunk.document_id != document.id for hit in changing.search("人才公寓").hits)
    with pytest.raises(NotFoundError):
        changing.document(document.id)
    with pytest.raises(NotFoundError):
        changing.remove([document.id])


def test_a_changed_file_replaces_its_old_version(changing: Service, folder: Path) -> None:
    (folder / "qinghe.txt").write_text(QINGHE.replace("145套", "320套"), encoding="utf-8")
    report = changing.index([folder])
    assert (len(report.refreshed), len(report.unchanged)) == (1, 1)
    quoted = quotes(changing.ask("清禾县建成多少套人才公寓？").answer)
    assert "320套" in quoted
    assert "145套" not in quoted


def test_indexing_again_changes_nothing(changing: Service, folder: Path) -> None:
    before = changing.status()
    assert changing.index([folder]).generation == before.generation
    assert changing.status() == before


def test_since_until_and_place_narrow_the_corpus(service: Service) -> None:
    assert {hit.chunk.document_id for hit in service.search("党建 人才", place="白石县").hits} == {
        d.id for d in service.documents().documents if d.place == "白石县"
    }
    assert service.search("人才", since="2020").hits == ()


@pytest.mark.parametrize("question", ["", "  \n", "问" * 2001, "人才\ud800"])
def test_unusable_questions_are_refused_at_the_door(service: Service, question: str) -> None:
    with pytest.raises(UsageError):
        service.ask(question)


@pytest.mark.parametrize(("k", "since"), [(0, None), (101, None), (5, "yesterday"), (5, "2020-13")])
def test_unusable_options_are_refused_at_the_door(service: Service, k: int, since: str | None) -> None:
    with pytest.raises(UsageError):
        service.search("人才", k=k, since=since)


def test_bytes_that_are_no_document_change_nothing(changing: Service) -> None:
    before = changing.status()
    with pytest.raises(DocumentError):
        changing.add("x.txt", b"\x00\x01\x02\x03" * 50)
    assert changing.status() == before


def test_the_bundled_seeds_answer_and_cannot_be_changed(environ: dict[str, str]) -> None:
    bundled = Service.open(settings(environ=environ))
    answered = bundled.ask("祁东县提出了哪些人才政策?")
    assert answered.answer.answered
    assert "柔性引才" in quotes(answered.answer)
    with pytest.raises(UsageError, match="bundled"):
        bundled.add("a.txt", "甲".encode())
    bundled.close()


def test_a_named_but_empty_directory_is_no_index(tmp_path: Path, environ: dict[str, str]) -> None:
    with pytest.raises(StoreError, match="rag"):
        Service.open(settings(data_dir=str(tmp_path / "nothing"), environ=environ))


def test_a_follow_up_is_answered_for_its_place_and_its_topic(service: Service) -> None:
    first = "清禾县给博士多少安家补贴?"
    second = service.ask("有多少套人才公寓?", history=[first]).answer
    assert (second.question, "145套" in quotes(second)) == ("清禾县有多少套人才公寓？", True)
    moved = service.ask("那白石县呢?", history=["清禾县建成多少处“蜂巢驿站”?"]).answer
    assert (moved.question, "22处" in quotes(moved)) == ("白石县建成多少处“蜂巢驿站”?", True)
    alone = service.ask("白石县建成多少处“蜂巢驿站”?", history=[first]).answer
    assert alone.question == "白石县建成多少处“蜂巢驿站”?"


@pytest.mark.parametrize("earlier", ["问" * 2_001, "\udcff"])
def test_an_earlier_question_that_cannot_be_read_is_named(service: Service, earlier: str) -> None:
    with pytest.raises(UsageError):
        service.ask("那白石县呢?", history=[earlier])


@pytest.mark.slow
def test_a_zip_that_is_sent_is_as_many_sources_as_it_holds_files(changing: Service) -> None:
    data = zipped({"乡镇/a.txt": QINGHE.replace("清禾", "云溪").encode(), "b.txt": b""})
    (item,) = changing.add("share.zip", data)
    assert (item.source, item.title) == ("share.zip/乡镇/a.txt", "云溪县人才新政解读")
    assert changing.add("share.zip", data) == (item,)
    (other,) = changing.add("share.zip", zipped({"c.txt": BAISHI.replace("白石", "云溪").encode()}))
    assert "share.zip/乡镇/a.txt" not in {each.source for each in changing.documents().documents}
    assert other.source == "share.zip/c.txt"


def test_a_repost_that_is_sent_is_folded_as_one_in_a_folder(changing: Service) -> None:
    (item,) = changing.add("sent.txt", QINGHE.replace("全职引进", "全职，引进").encode())
    assert [Path(source).name for source in item.sources] == ["qinghe.txt", "sent.txt"]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", "'a.txt' is empty; nothing to read"),
        (zipped({"b.txt": b""}), "'a.txt/b.txt' is empty; nothing to read"),
        (zipped({}), "'a.txt' is an empty zip; nothing to read"),
        (b"%PDF-1.7 cut", "'a.txt' is a damaged pdf; save it again"),
    ],
)
def test_what_is_sent_and_cannot_be_read_is_said_in_one_line(changing: Service, data: bytes, line: str) -> None:
    with pytest.raises(DocumentError) as error:
        changing.add("a.txt", data)
    assert str(error.value) == line
