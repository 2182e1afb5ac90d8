"""The web page in a real browser, over the fake service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.api.browser import CHROMIUM, Tab, browsing
from tests.api.fake import ASTRAL, COUNTY, made
from tests.api.serving import served

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no chromium")]

A, B = made(COUNTY), made(ASTRAL)


@pytest.fixture(scope="module")
def browser() -> Iterator[Tab]:
    with browsing() as tab:
        yield tab


@pytest.fixture(scope="module")
def kept_site() -> Iterator[str]:
    with served() as (port, _):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def site(request: pytest.FixtureRequest) -> Iterator[str]:
    """One server for all tests that leave its documents as they are; with `own`, a server of the test's own."""
    if "own" not in request.fixturenames:
        yield request.getfixturevalue("kept_site")
        return
    with served() as (port, _):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def own() -> None:
    """Marks a test that changes the documents."""


@pytest.fixture
def tab(browser: Tab, site: str) -> Iterator[Tab]:
    """The tab, on the page in Chinese; afterwards nothing may have gone elsewhere, nor anything have been complained of."""
    browser.addresses.clear()
    browser.complaints.clear()
    browser.resize(1200, 900)
    browser.open(f"{site}/")
    browser.until("document.title === '政策问答'")
    yield browser
    browser.evaluate("localStorage.clear()")
    assert [address for address in browser.addresses if not address.startswith((site, "data:", "about:"))] == []
    assert browser.complaints == []


def _ask(tab: Tab, question: str) -> None:
    tab.evaluate(f"document.getElementById('question').value = {json.dumps(question)}")
    tab.evaluate("document.getElementById('question').focus()")
    tab.press("Enter", "\r")
    tab.until(
        f"document.querySelector('.citations, .refusal') && !document.getElementById('follow').hidden && location.hash.includes({json.dumps(quote(question))})"
    )


def _lines(tab: Tab, selector: str) -> list[str]:
    lines: list[str] = tab.evaluate(f"[...document.querySelectorAll({json.dumps(selector)})].map((e) => e.textContent)")
    return lines


def _only_422(tab: Tab) -> None:
    """The browser's console has one line on each response with an error status; takes note of exactly one."""
    (line,) = tab.complaints
    assert line.startswith("Failed to load resource: the server responded with a status of 422 ")
    tab.complaints.clear()


def test_an_answer_shows_points_and_citations(tab: Tab) -> None:
    _ask(tab, "补贴")
    assert _lines(tab, ".points li") == ["甲县给予博士安家补贴30万元。1", "𠮷镇的补贴是20万元。2"]
    assert _lines(tab, ".citations blockquote") == ["甲县给予博士安家补贴30万元。", "𠮷镇的补贴是20万元。"]
    assert _lines(tab, ".citations blockquote strong") == ["补贴", "补贴"]
    assert _lines(tab, ".citations .cited .hint") == [
        "乙市甲县 · 2022-12-05 · 王一 · a.txt",
        "丙市 · 2020 · <b>b.txt",
    ]


def test_a_citation_opens_the_source_at_the_quote(tab: Tab) -> None:
    """The quote stands after three characters that take two UTF-16 units each."""
    _ask(tab, "补贴")
    tab.click(".points li:nth-child(2) .chip")
    tab.until("document.querySelector('#source mark')")
    assert _lines(tab, "#source mark") == ["𠮷镇的补贴是20万元。"]
    assert _lines(tab, "#source mark strong") == ["补贴"]
    assert _lines(tab, "#source .original") == [B.text]
    assert _lines(tab, "#source h2") == [B.title]
    assert _lines(tab, "#source dd") == ["丙市", "2020", "folder/<b>b.txt"]
    assert _lines(tab, "#source .error") == []
    box = "document.querySelector('#source mark').getBoundingClientRect()"
    assert tab.evaluate(f"{box}.top >= 0 && {box}.bottom <= innerHeight")


@pytest.mark.usefixtures("own")
def test_a_quote_far_down_is_in_view_and_so_is_what_was_pressed(tab: Tab, site: str) -> None:
    lines = "".join(f"第{number}段，说的是别的事情。\n" for number in range(400))
    text = f"长文\n{lines}𠮷庆的长文在此。\n{lines}"
    body = json.dumps({"source": "long.txt", "text": text})
    sent = f"fetch('/documents', {{method: 'POST', headers: {{'Content-Type': 'application/json'}}, body: {json.dumps(body)}}})"
    assert tab.evaluate(f"{sent}.then((response) => response.status)") == 201
    _ask(tab, "𠮷庆")
    tab.click(".view")
    tab.until("document.querySelector('#source mark')")
    assert _lines(tab, "#source mark") == ["𠮷庆的长文在此。"]
    for selector in ("#source mark", ".view", "#source .close"):
        box = f"document.querySelector('{selector}').getBoundingClientRect()"
        assert tab.evaluate(f"{box}.top >= 0 && {box}.bottom <= innerHeight"), selector


def test_a_hostile_title_stays_text(tab: Tab) -> None:
    _ask(tab, "补贴")
    assert _lines(tab, ".cited")[1].startswith(B.title)
    assert tab.evaluate("document.querySelectorAll('img, b').length") == 0
    assert tab.evaluate("document.title") == "政策问答"


def test_the_keyboard_is_enough(tab: Tab) -> None:
    _ask(tab, "专项资金")
    tab.evaluate("document.querySelector('.points .chip').focus()")
    tab.press("Enter", "\r")
    tab.until("document.querySelector('#source mark')")
    tab.until("document.activeElement.id === 'source'")
    tab.press("Escape")
    assert tab.evaluate("document.getElementById('source').hidden")
    assert tab.evaluate("document.activeElement.className") == "chip"


def test_a_refusal_says_why_and_what_is_nearest(tab: Tab) -> None:
    _ask(tab, "地铁")
    assert _lines(tab, ".refusal h2, .refusal p") == [
        "没有可以回答的依据",
        "资料中没有相关内容。",
        "没有关于地铁的内容。",
    ]
    assert _lines(tab, ".refusal .nearest button") == [A.title, B.title]
    tab.click(".refusal .nearest li:nth-child(1) button")
    tab.until("document.querySelector('#source .original')")
    assert _lines(tab, "#source .original") == [A.text]


def test_an_answer_is_a_link_and_options_are_in_it(tab: Tab, site: str) -> None:
    tab.open(f"{site}/#q={quote('补贴')}&place={quote('丙市')}")
    tab.until("document.querySelector('.citations')")
    assert _lines(tab, ".points li") == ["𠮷镇的补贴是20万元。1"]
    assert tab.evaluate("document.getElementById('filters').open")
    assert tab.evaluate("document.getElementById('place').value") == "丙市"


def test_a_follow_up_goes_on_from_the_questions_before(tab: Tab) -> None:
    _ask(tab, "补贴")
    tab.evaluate("document.getElementById('next').value = '还有呢？'")
    tab.evaluate("document.getElementById('next').focus()")
    tab.press("Enter", "\r")
    tab.until("document.querySelector('.understood')")
    assert _lines(tab, "#trail li") == ["补贴", "还有呢？"]
    assert _lines(tab, ".understood") == ["理解为：补贴"]
    assert len(_lines(tab, ".points li")) == 2
    tab.click("#trail a")
    tab.until("document.getElementById('trail').hidden")
    assert tab.evaluate("document.getElementById('question').value") == "补贴"


def test_an_answer_can_be_taken_along(tab: Tab, site: str) -> None:
    _ask(tab, "补贴")
    assert _lines(tab, ".actions button, .actions a") == ["复制", "Word", "Markdown", "回执"]
    kinds = tab.evaluate(
        "Promise.all([...document.querySelectorAll('.actions a')].map((a) => fetch(a.href).then((r) => r.headers.get('content-type'))))"
    )
    assert kinds == [
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "text/markdown; charset=utf-8",
        "application/json",
    ]
    tab.command("Browser.grantPermissions", origin=site, permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    tab.command("Emulation.setFocusEmulationEnabled", enabled=True)
    tab.evaluate("document.querySelector('.copy').focus()")
    tab.press("Enter", "\r")
    tab.until("document.querySelector('.copy').textContent === '已复制'")
    assert "甲县给予博士安家补贴30万元。" in tab.evaluate("navigator.clipboard.readText()")


def test_a_search_shows_passages_and_opens_them(tab: Tab) -> None:
    tab.click("#tab-search")
    tab.evaluate("document.getElementById('query').value = '补贴'")
    tab.evaluate("document.getElementById('query').focus()")
    tab.press("Enter", "\r")
    tab.until("document.querySelector('.hits')")
    assert _lines(tab, ".hits blockquote") == ["甲县给予博士安家补贴30万元。", "𠮷镇的补贴是20万元。"]
    assert _lines(tab, ".hits summary") == ["得分 1.000", "得分 0.500"]
    tab.click(".hits li:nth-child(2) .view")
    tab.until("document.querySelector('#source mark')")
    assert _lines(tab, "#source mark") == ["𠮷镇的补贴是20万元。"]


def test_the_first_page_suggests_questions_about_places_that_are_held(tab: Tab) -> None:
    tab.until("!document.getElementById('suggested').hidden")
    assert _lines(tab, "#suggested a") == ["乙市甲县提出了哪些措施？", "丙市提出了哪些措施？"]


def test_light_and_dark_can_be_chosen_and_stay(tab: Tab, site: str) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    for name, colour in (("浅色", "rgb(243, 245, 248)"), ("深色", "rgb(17, 22, 29)")):
        tab.click("#theme")
        assert _lines(tab, "#theme") == [f"◐ {name}"]
        assert tab.evaluate(ground) == colour
    tab.open(f"{site}/")
    tab.until("document.documentElement.dataset.theme === 'dark'")
    assert tab.evaluate(ground) == "rgb(17, 22, 29)"


def test_what_was_read_from_where_is_marked(tab: Tab) -> None:
    tab.click("#tab-documents")
    tab.click(".documents .link")
    tab.until("document.querySelector('#source details')")
    assert _lines(tab, "#source details li") == ["地区 乙市甲县 依据标题"]
    tab.click("#source details .link")
    assert _lines(tab, "#source mark") == ["甲县"]
    assert _lines(tab, "#source .original") == [A.text]


def test_an_error_is_shown(tab: Tab, site: str) -> None:
    tab.open(f"{site}/#q={'x' * 2001}")
    assert tab.text("section.error p") == "a question has 1–2000 characters, not 2001"
    _only_422(tab)


def test_the_language_changes_and_stays(tab: Tab, site: str) -> None:
    _ask(tab, "补贴")
    tab.click("#language")
    assert _lines(tab, "nav a") == ["Ask", "Search", "Documents", "API"]
    assert _lines(tab, ".citations h2") == ["Sources"]
    assert _lines(tab, ".answer > p.hint") == ["2 related documents, 2 cited"]
    tab.open(f"{site}/#q={quote('地铁')}")
    assert tab.text(".refusal h2") == "Nothing here supports an answer"
    assert tab.evaluate("document.documentElement.lang") == "en"


@pytest.mark.usefixtures("own")
def test_documents_are_listed_uploaded_and_deleted(tab: Tab, tmp_path: Path) -> None:
    good, bad = tmp_path / "丁县.txt", tmp_path / "图.bin"
    good.write_text("丁县\n丁县发放补贴。\n", encoding="utf-8")
    bad.write_bytes(b"\0\1")
    tab.click("#tab-documents")
    tab.until("document.querySelectorAll('.documents li').length === 2")
    assert _lines(tab, ".documents .link") == [A.title, B.title]
    tab.choose("#files", [good, bad])
    tab.until("document.querySelectorAll('.documents li').length === 3")
    assert _lines(tab, "#uploads li") == ["丁县.txt：已收入 1 篇", "图.bin：未收入。图.bin: not text; give a text file"]
    _only_422(tab)

    tab.click(f".documents li[data-id='{A.id}'] .remove")
    assert _lines(tab, f".documents li[data-id='{A.id}'] .remove") == ["确认删除？"]
    assert tab.evaluate("document.querySelectorAll('.documents li').length") == 3
    tab.click(f".documents li[data-id='{A.id}'] .remove")
    tab.until("document.querySelectorAll('.documents li').length === 2")
    assert _lines(tab, ".documents .link") == [B.title, "丁县"]
    assert _lines(tab, "#documents > p") == ["共 2 篇"]


def test_where_nothing_can_be_changed_nothing_offers_it(browser: Tab) -> None:
    with served(writable=False) as (port, _):
        browser.open(f"http://127.0.0.1:{port}/#documents")
        browser.until("document.querySelectorAll('.documents li').length === 2")
        shown = "[...document.querySelectorAll('#upload, .remove')].filter((each) => each.offsetParent).length"
        assert browser.evaluate(shown) == 0
        assert browser.text("#fixed") == "本索引只能读，不能增删。"


@pytest.mark.parametrize("width", [320, 768, 1200])
def test_nothing_is_wider_than_the_window(tab: Tab, width: int) -> None:
    tab.resize(width, 800)
    _ask(tab, "补贴")
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert tab.evaluate(fits)
    tab.click(".points .chip")
    tab.until("document.querySelector('#source mark')")
    assert tab.evaluate(fits)


def test_the_interface_page_works_without_a_network(tab: Tab, site: str) -> None:
    tab.open(f"{site}/docs")
    tab.until("document.querySelectorAll('.opblock').length === 13")
    tab.click("#operations-questions-ask .opblock-summary-control")
    tab.until(
        "document.querySelector('.opblock-section-request-body')?.innerText.includes('祁东县提出了哪些人才政策?')"
    )
