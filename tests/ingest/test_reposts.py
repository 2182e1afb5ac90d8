"""One article posted twice is one document; two notices of one form are two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from rag.config import settings
from rag.documents.assemble import read
from rag.ingest import Outcome, ingest
from rag.intake.alike import SLIPS, Body, Run, alike, gaps, shared
from rag.service import Service
from rag.sketch import SIZE, letters, packed, sketch, unpacked
from rag.types import Chunk, Entry
from tests.ingest.engine import MemoryEngine
from tests.ingest.readers import entry, plain
from tests.ingest.versions import FORMS, PAIRS_OF_ONE_FORM, REPOSTS, Change, other_title, without_last

DATA = Path(__file__).parent.parent / "data"
FOLDED = 0.9

# 200 different characters: every shingle occurs once.
ARTICLE = "人才工作" + "".join(chr(0x5000 + 7 * number) for number in range(196))


def edited(changes: int) -> str:
    """The article with so many characters replaced, each at least eight from the next and from the ends."""
    text = list(ARTICLE)
    for number in range(changes):
        text[20 + 20 * number] = chr(0x8000 + number)
    return "".join(text)


SHARES = [pytest.param(4, id="some"), pytest.param(1, id="all", marks=pytest.mark.slow)]


def read_one(text: str, source: str) -> Entry:
    (found,) = read(text.encode(), source)
    return found


def are_one(one: Entry, other: Entry) -> bool:
    """Whether the second is folded into the first: found by its sketch, and alike."""
    common = len(set(sketch(one)) & set(sketch(other)))
    assert alike(Body(one), Body(other)) == alike(Body(other), Body(one))
    return common >= SIZE // 4 and alike(Body(one), Body(other))


@cache
def articles() -> tuple[tuple[str, Entry], ...]:
    """The invented documents of one article each."""
    paths = sorted(path for name in ("invented", "invented2") for path in (DATA / name / "docs").glob("*.txt"))
    texts = [path.read_text(encoding="utf-8") for path in paths]
    entries = [(text, read(text.encode(), "a.txt")) for text in texts]
    return tuple((text, found[0]) for text, found in entries if len(found) == 1)


def changed(change: Change, step: int) -> Iterator[tuple[Entry, Entry]]:
    """Every article that the change can be made to, of every `step`-th, with its version."""
    for text, one in articles()[::step]:
        other = change(text, one.document.title)
        if other is not None and other != text and len(found := read(other.encode(), "b.txt")) == 1:
            yield one, found[0]


@pytest.mark.parametrize("step", SHARES)
@pytest.mark.parametrize("change", REPOSTS, ids=lambda change: str(change.__name__))
def test_reposts_are_one_article(change: Change, step: int) -> None:
    found = [are_one(*pair) for pair in changed(change, step)]
    assert len(found) > 20 // step
    assert sum(found) >= FOLDED * len(found)


@pytest.mark.parametrize("step", SHARES)
@pytest.mark.parametrize("change", FORMS, ids=lambda change: str(change.__name__))
def test_other_names_figures_and_years_are_other_articles(change: Change, step: int) -> None:
    found = list(changed(change, step))
    assert len(found) > 20 // step
    assert [second.document.text[:40] for first, second in found if are_one(first, second)] == []


def test_articles_are_no_reposts_of_each_other() -> None:
    bodies = [Body(one) for _, one in articles()]
    found = [(a, b) for a in range(len(bodies)) for b in range(a) if alike(bodies[a], bodies[b])]
    assert found == []


@pytest.mark.parametrize("name", PAIRS_OF_ONE_FORM)
def test_one_form_filled_in_twice_is_two_articles(name: str) -> None:
    first, second = PAIRS_OF_ONE_FORM[name]
    assert not are_one(read_one(first, "a.txt"), read_one(second, "b.txt"))


@pytest.mark.parametrize("changes", [0, 1, SLIPS, SLIPS + 1])
def test_a_few_letters_may_be_mended(changes: int) -> None:
    assert alike(Body(entry(ARTICLE, "a")), Body(entry(edited(changes), "b"))) == (changes <= SLIPS)


def test_runs_and_gaps_cover_both_texts() -> None:
    one, other = Body(entry(ARTICLE, "a")), Body(entry("来源" + edited(2)[:150], "b"))
    runs = shared(one, other)
    assert runs == [Run(0, 2, 20), Run(21, 23, 19), Run(41, 43, 109)]
    assert [(gap.i, gap.x, gap.j, gap.y) for gap in gaps(runs, len(one.words), len(other.words))] == [
        (0, 0, 0, 2),
        (20, 21, 22, 23),
        (40, 41, 42, 43),
        (150, 200, 152, 152),
    ]


def test_punctuation_width_script_and_line_breaks_do_not_count() -> None:
    assert bytes(letters("補貼 “Ａ類”，\n３０萬元。")) == bytes(letters("补贴a类30万元"))


def test_a_sketch_holds_the_least_numbers_and_comes_back_from_bytes() -> None:
    made = sketch(entry(ARTICLE, "a"))
    assert (len(made), list(made)) == (SIZE, sorted(set(made)))
    assert unpacked(packed(made)) == made
    assert sketch(entry("甲乙丙丁戊己庚辛壬", "a")) == tuple(
        sorted(sketch(entry("甲乙丙丁戊己庚辛", "a")) + sketch(entry("乙丙丁戊己庚辛壬", "a")))
    )
    assert sketch(entry("甲乙", "a")) == ()


def test_what_is_in_no_passage_does_not_count() -> None:
    banner = entry("某网站浏览次数1234\n" + ARTICLE, "b")
    chunk = Chunk(1, banner.document.id, 12, len(banner.document.text), "", "")
    assert sketch(replace(banner, chunks=(chunk,))) == sketch(entry(ARTICLE, "a"))


def run(folder: Path, engine: MemoryEngine) -> Outcome:
    return ingest([folder], engine, reader=plain, processes=0)


def test_a_repost_gets_the_first_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder, engine = Path("in"), MemoryEngine()
    folder.mkdir()
    (folder / "a.txt").write_text(ARTICLE)
    (folder / "b.txt").write_text(edited(1))
    assert (run(folder, engine).added, engine.texts()) == (
        ("in/a.txt",),
        {"in/a.txt": [ARTICLE], "in/b.txt": [ARTICLE]},
    )
    (folder / "c.txt").write_text(ARTICLE + "。")
    found = run(folder, engine)
    assert (found.folded, found.unchanged) == (("in/c.txt",), ("in/a.txt", "in/b.txt"))
    assert engine.texts()["in/c.txt"] == [ARTICLE]


@pytest.mark.parametrize("at_once", [True, False])
def test_the_fuller_text_takes_the_place_of_one_that_was_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    """Whichever comes first, in one run or two, also where the file of the cut one holds another article."""
    monkeypatch.chdir(tmp_path)
    folder, engine = Path("in"), MemoryEngine()
    folder.mkdir()
    (folder / "a.txt").write_text("另一篇文章\n---\n" + ARTICLE[:150])
    if not at_once:
        run(folder, engine)
    (folder / "b.txt").write_text(ARTICLE)
    (folder / "c.txt").write_text(ARTICLE[:160])
    assert run(folder, engine).folded == ("in/b.txt", "in/c.txt")
    assert engine.texts() == {"in/a.txt": ["另一篇文章\n", ARTICLE], "in/b.txt": [ARTICLE], "in/c.txt": [ARTICLE]}
    assert run(folder, engine).unchanged == ("in/a.txt", "in/b.txt", "in/c.txt")


def test_a_changed_file_is_never_folded_into_its_old_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder, engine = Path("in"), MemoryEngine()
    folder.mkdir()
    (folder / "a.txt").write_text(ARTICLE)
    (folder / "b.txt").write_text(ARTICLE)
    run(folder, engine)
    (folder / "a.txt").write_text(edited(1))
    assert run(folder, engine).refreshed == ("in/a.txt",)
    assert engine.texts() == {"in/a.txt": [edited(1)], "in/b.txt": [ARTICLE]}


def test_a_text_that_is_gone_takes_no_reposts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder, engine = Path("in"), MemoryEngine()
    folder.mkdir()
    (folder / "a.txt").write_text(ARTICLE)
    run(folder, engine)
    (folder / "a.txt").write_text("另一篇文章")
    (folder / "b.txt").write_text(edited(1))
    assert run(folder, engine).added == ("in/b.txt",)
    assert engine.texts() == {"in/a.txt": ["另一篇文章"], "in/b.txt": [edited(1)]}


def test_every_source_is_kept_and_the_last_to_go_takes_the_document(tmp_path: Path) -> None:
    """Through the real index, over runs of their own: a repost under another title, one cut short."""
    folder = tmp_path / "in"
    folder.mkdir()
    named = [(text, one.document.title) for text, one in articles()]
    text, title = next(each for each in named if without_last(*each) and other_title(*each))
    versions = {"a.txt": without_last(text, title), "b.txt": text, "c.txt": other_title(text, title)}
    service = Service.open(settings(data_dir=str(tmp_path / "index"), environ={"HOME": str(tmp_path)}), write=True)
    try:
        for name, version in versions.items():
            assert version is not None
            (folder / name).write_text(version, encoding="utf-8")
            service.index([folder])
        (found,) = service.documents().documents
        assert (found.text, found.sources) == (text, tuple(str(folder / name) for name in versions))
        for name in ("b.txt", "c.txt"):
            (folder / name).unlink()
            service.index([folder], prune=True)
            assert [item.id for item in service.documents().documents] == [found.id]
        assert service.document(found.id).sources == (str(folder / "a.txt"),)
        (folder / "a.txt").unlink()
        service.index([folder], prune=True)
        assert service.documents().total == 0
    finally:
        service.close()
