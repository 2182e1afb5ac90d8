"""One article posted twice is one document; two notices of one form are two."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rag.ingest import Outcome, ingest
from rag.intake.reposts import ALIKE, SHINGLE, body
from rag.types import Chunk, Entry
from tests.ingest.engine import MemoryEngine
from tests.ingest.readers import entry, plain

# 200 different characters: every shingle occurs once.
ARTICLE = "人才工作" + "".join(chr(0x4E00 + 7 * number) for number in range(196))


def with_place(text: str, place: str | None) -> Entry:
    made = entry(text, "a")
    return replace(made, document=replace(made.document, place=place))


def edited(changes: int) -> str:
    """The article with so many characters replaced, each at least eight from the next and from the ends."""
    text = list(ARTICLE)
    for number in range(changes):
        text[20 + 20 * number] = chr(0x8000 + number)
    return "".join(text)


@pytest.mark.parametrize("changes", [0, 1, 2])
def test_similarity_is_the_jaccard_of_shingles(changes: int) -> None:
    """Each changed character changes the 8 shingles that hold it: J = (193 − 8n) / (193 + 8n)."""
    n = len(ARTICLE) - SHINGLE + 1
    jaccard = (n - 8 * changes) / (n + 8 * changes)
    assert body(entry(ARTICLE, "a")).repeats(body(entry(edited(changes), "b"))) == (jaccard >= ALIKE)


def test_punctuation_width_and_line_breaks_do_not_count() -> None:
    other = ARTICLE[:50] + "，\n" + ARTICLE[50:100] + "　ＡＢ"
    assert body(entry(ARTICLE[:100] + "ab", "a")) == body(entry(other, "b"))


def test_other_numbers_or_another_place_make_another_article() -> None:
    first = body(with_place(ARTICLE + "补贴30万元", "甲市乙县"))
    assert first.repeats(body(with_place(ARTICLE + "补贴30万元", None)))
    assert not first.repeats(body(with_place(ARTICLE + "补贴50万元", "甲市乙县")))
    assert not first.repeats(body(with_place(ARTICLE + "补贴30万元", "甲市丙县")))


def test_what_is_in_no_passage_does_not_count() -> None:
    banner = entry("某网站浏览次数1234\n" + ARTICLE, "b")
    chunk = Chunk(1, banner.document.id, 12, len(banner.document.text), "", "")
    assert body(replace(banner, chunks=(chunk,))) == body(entry(ARTICLE, "a"))


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
