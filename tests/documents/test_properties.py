"""Properties of reading, over generated texts and damaged files of every format."""

from __future__ import annotations

import io
from itertools import pairwise

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.documents.assemble import read
from rag.documents.chunking import LONG_SENTENCE
from rag.errors import DocumentError
from rag.types import Entry, chunk_id, document_id, text_sha256
from tests.documents import made
from tests.documents.test_round_trip import ARTICLE, MADE
from tests.examples import examples

SENTENCES = st.sampled_from(
    [
        "全县引进博士十二名，发放安家补贴三百万元。",
        "一是抓实学习教育。",
        "“政招企用”引。",
        "紧盯“3+3+3”现代产业体系，逐个产业找出缺口、列出清单，实行一产一策、一企一策；政策从产业链出，需求向企业要。",
        "怎么办？",
        "县委组织部部长说：“要把人才留住！”",
        "The county pays 300,000 yuan. ",
        "与党员干部\n\n教育培训一体谋划，",
        "人才" * 150 + "。",
        "，" * 3,
        "数" * 900,
    ]
)
LINES = st.one_of(
    st.lists(SENTENCES, min_size=1, max_size=8).map("".join),
    st.sampled_from(
        [
            "一、突出政治引领",
            "（一）建强平台载体",
            "第一章 总则",
            "第三条 本办法自印发之日起施行。",
            "## 以实干书写新篇",
            "县委常委、组织部部长 李大成",
            "引才聚才有招",
            "用才留才有方",
            "1. 建立制度",
            "**政策速递**",
            "",
            "　　",
            "各镇人民政府：",
            "(云溪县委组织部 李大成)",
        ]
    ),
)
# Lines of tables in every form, which hypothesis puts beside one another in any order.
CELLS = st.sampled_from(
    [
        "年度|接管小区（个）|投入（万元）",
        "2021|38|960",
        "2022|131|2350",
        "单位\t岗位\t人数",
        "市医院\t医师\t31",
        "\t护士\t12",
        "年度\u3000发展总数\u3000其中农村",
        "2021\u3000356\u3000\u3000\u3000140",
        "人才总量（万人）21.24\u3000\u300022.49",
        "城关镇 1127",
        "沙河镇 846",
        "街镇名称",
        "岗位数",
        "朝阳街道",
        "23",
        "单位：名",
        "姓名：李大成；单位：县医院",
        "姓名：王小平；单位：一中",
        "表1 党员情况（单位：名）",
    ]
)
TEXTS = st.builds(
    lambda lines, end: end.join(lines),
    st.lists(st.one_of(LINES, CELLS), min_size=1, max_size=40),
    st.sampled_from(["\n", "\r\n", "\n\n", " ", "\r"]),
)


def assert_true(entries: tuple[Entry, ...]) -> None:
    """What holds of everything that is read."""
    for entry in entries:
        text = entry.document.text
        assert entry.document.id == document_id(text)
        assert entry.document.sha256 == text_sha256(text)
        assert entry.document.title
        for chunk in entry.chunks:
            quote = text[chunk.start : chunk.end]
            assert quote == quote.strip(" \n\t\r\u3000") != ""
            assert chunk.id == chunk_id(entry.document.id, chunk.start, chunk.end)
            assert chunk.document_id == entry.document.id
            assert chunk.context.endswith(chunk.heading)
            assert entry.document.title in chunk.context
        assert all(before.end <= after.start for before, after in pairwise(entry.chunks))
        for evidence in entry.document.evidence:
            assert 0 <= evidence.start <= evidence.end <= len(text)


def assert_read_or_refused(content: bytes, source: str) -> None:
    refused = ""
    entries: tuple[Entry, ...] = ()
    try:
        entries = read(content, source)
    except DocumentError as error:
        refused = str(error)
    assert bool(entries) != bool(refused)
    assert "\n" not in refused
    assert_true(entries)


@examples(150)
@given(TEXTS)
def test_texts_are_covered_by_their_passages(text: str) -> None:
    if not text.strip():
        return
    entries = read(text.encode(), "a.txt")
    assert_true(entries)
    for entry in entries:
        said = "".join("".join(entry.document.text[chunk.start : chunk.end].split()) for chunk in entry.chunks)
        assert said == "".join(entry.document.text.split())
        assert all(chunk.end - chunk.start <= LONG_SENTENCE + 80 for chunk in entry.chunks)


@examples(80)
@given(TEXTS)
def test_articles_are_slices_that_cover_the_file(text: str) -> None:
    if not text.strip():
        return
    parts = [entry.document.text for entry in read(text.encode(), "a.txt")]
    if len(set(parts)) == len(parts):
        rest = text
        for part in parts:
            before, found, rest = rest.partition(part)
            assert found == part
            assert part in text[len(before) :]


def sheet() -> bytes:
    book = openpyxl.Workbook()
    for row in (["云溪县引才名单"], ["姓名", "单位"], ["李大成", "县人民医院"], ["王小平", "第一中学"]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def web_archive() -> bytes:
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
    return head + made.html(ARTICLE) + b"\r\n--b--\r\n"


BASES = {
    **MADE,
    "a.xlsx": sheet(),
    "a.csv": "姓名,单位\n李大成,县人民医院\n王小平,第一中学\n".encode(),
    "a.mht": web_archive(),
    "a.zip": made.zipped({"a.docx": MADE["a.docx"], "b.pdf": MADE["a.pdf"]}),
}


@settings(examples(25), deadline=10_000, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.parametrize("name", BASES)
@given(data=st.data())
def test_damaged_files_are_read_or_refused(name: str, data: st.DataObject) -> None:
    content = bytearray(BASES[name])
    edits = st.tuples(st.integers(0, len(content) - 1), st.binary(min_size=0, max_size=6), st.integers(0, 40))
    for at, put, cut in data.draw(st.lists(edits, min_size=1, max_size=6)):
        content[at : at + cut] = put
    assert_read_or_refused(bytes(content), name)


@settings(examples(100), deadline=5_000)
@given(
    st.binary(max_size=400),
    st.sampled_from(sorted({name.rpartition(".")[2] for name in BASES} | {"doc", "wps", "xls", ""})),
)
def test_any_bytes_are_read_or_refused(content: bytes, suffix: str) -> None:
    assert_read_or_refused(content, f"a.{suffix}")


@settings(examples(60), deadline=5_000)
@given(
    st.text(max_size=300),
    st.sampled_from(
        ["<html><head></head><body>", "<!DOCTYPE html><table><tr><td>", "%PDF-1.7\n", "PK\x03\x04", "{\\rtf1 "]
    ),
)
def test_texts_that_pretend_a_format_are_read_or_refused(text: str, head: str) -> None:
    assert_read_or_refused((head + text).encode("utf-8", "surrogatepass"), "a.bin")
