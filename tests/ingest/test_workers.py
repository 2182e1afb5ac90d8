"""Reading in several processes: order, and files that hang, kill or break their reader."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from multiprocessing import active_children
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from rag.intake.reading import MAX_FILE_BYTES, Read, is_unchanged, prepared, read_file
from rag.intake.walk import File, Refused
from rag.intake.workers import read_parallel
from rag.types import Entry
from tests.documents.made import zipped
from tests.ingest.readers import entry, hostile, plain


def put(folder: Path, name: str, text: str) -> File:
    path = folder / name
    path.write_text(text)
    return File(name, path)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.slow
def test_each_file_gets_its_result_in_order_whatever_the_others_do(tmp_path: Path) -> None:
    texts = {"1": "hang", "2": "甲", "3": "die", "4": "乙", "5": "break", "6": "", "7": "丙", "8": "丁"}
    files = [put(tmp_path, name, text) for name, text in texts.items()]
    assert list(read_parallel(files, hostile, processes=2, file_seconds=0.5)) == [
        (Refused("1", "took longer than 0.5 s to read"),),
        (Read("2", digest("甲"), (entry("甲", "2"),)),),
        (Refused("3", "its reader stopped with exit status 7"),),
        (Read("4", digest("乙"), (entry("乙", "4"),)),),
        (Refused("5", "cannot be read (ZeroDivisionError: a fault in a library)"),),
        (Refused("6", "6: an empty file"),),
        (Read("7", digest("丙"), (entry("丙", "7"),)),),
        (Read("8", digest("丁"), (entry("丁", "8"),)),),
    ]


@pytest.mark.slow
def test_of_small_texts_read_together_one_that_hangs_or_kills_costs_itself_only(tmp_path: Path) -> None:
    """Twelve files for one worker go to it in groups of four."""
    texts = ["甲", "乙", "die", "丙", "丁", "break", "戊", "己", "庚", "hang", "辛", ""]
    files = [put(tmp_path, f"{number:02}.txt", text) for number, text in enumerate(texts)]
    reasons = {
        "die": "its reader stopped with exit status 7",
        "break": "cannot be read (ZeroDivisionError: a fault in a library)",
        "hang": "took longer than 0.5 s to read",
        "": "11.txt: an empty file",
    }
    assert list(read_parallel(files, hostile, processes=1, file_seconds=0.5)) == [
        (Refused(file.source, reasons[text]),)
        if text in reasons
        else (Read(file.source, digest(text), (entry(text, file.source),)),)
        for file, text in zip(files, texts, strict=True)
    ]


def test_what_is_read_is_prepared_all_at_once_and_one_by_one_where_that_fails(tmp_path: Path) -> None:
    texts = ["甲", "乙\n---\n丙", "bad", "丁"]
    results = [read for number, text in enumerate(texts) for read in read_file(put(tmp_path, str(number), text), plain)]
    refused = Refused("4", "gone")
    for given, expected in (
        (results[:2], ["prepared: 甲 乙\n 丙"] * 3),
        (results, ["prepared: 甲", "prepared: 乙\n 丙", "prepared: 乙\n 丙", "prepared: 丁"]),
    ):
        made = prepared([*given, refused], marks)
        assert made[-1] == refused
        found = [each for result in made if isinstance(result, Read) for each in result.entries]
        assert [each.prepared for each in found] == expected
        assert found == [each for result in given if result.source != "2" for each in entries_of(result)]
        assert [each for each in made[:-1] if isinstance(each, Refused)] == [
            Refused("2", "cannot be read (ValueError: no terms)") for result in given if result.source == "2"
        ]


def entries_of(result: Read | Refused) -> tuple[Entry, ...]:
    assert isinstance(result, Read)
    return result.entries


def marks(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Entries that know with which others they were prepared; fails for the text “bad”."""
    texts = [each.document.text for each in entries]
    if "bad" in texts:
        raise ValueError("no terms")
    return tuple(replace(each, prepared=f"prepared: {' '.join(texts)}") for each in entries)


def test_workers_prepare_what_they_read(tmp_path: Path) -> None:
    files = [put(tmp_path, f"{number:02}.txt", f"{number}") for number in range(48)]
    found = [entries_of(one) for (one,) in read_parallel(files, plain, processes=2, prepare=marks)]
    together = [f"prepared: {' '.join(map(str, range(at, at + 8)))}" for at in range(0, 48, 8)]
    assert [each.prepared for (each,) in found] == [text for text in together for _ in range(8)]


def test_workers_read_what_this_process_reads(tmp_path: Path) -> None:
    files = [put(tmp_path, f"{number:03}", f"{number}\n---\n第二篇{number}") for number in range(300)]
    assert list(read_parallel(files, plain, processes=2)) == [tuple(read_file(each, plain)) for each in files]


@pytest.mark.parametrize("threads", [0, 1])
def test_workers_are_gone_when_their_files_are_read_however_they_were_started(tmp_path: Path, threads: int) -> None:
    """With a thread beside it this process is not forked. A worker that nobody ends is killed after five seconds."""
    files = [put(tmp_path, f"{number:03}", f"{number}") for number in range(20)]
    done = Event()
    with ThreadPoolExecutor(1) as pool:
        for _ in range(threads):
            pool.submit(done.wait)
        started = monotonic()
        assert list(read_parallel(files, plain, processes=3)) == [tuple(read_file(each, plain)) for each in files]
        left = islice(read_parallel(files, plain, processes=2), 3)
        assert list(left) == [tuple(read_file(each, plain)) for each in files[:3]]
        del left
        assert active_children() == []
        done.set()
    assert monotonic() - started < 4.5 + 5 * threads


def test_no_files_need_no_workers() -> None:
    assert list(read_parallel([], plain, processes=2)) == []


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    assert list(read_file(File("gone", tmp_path / "gone"), plain)) == [Refused("gone", "No such file or directory")]


def test_a_file_of_no_documents_is_refused(tmp_path: Path) -> None:
    assert list(read_file(put(tmp_path, "a", "x"), lambda data, source: ())) == [Refused("a", "holds no text")]


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "big"
    with path.open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES + 1)
    found = list(read_file(File("big", path), plain))
    assert found == [Refused("big", "is larger than 50 MB; split it into smaller files")]


@pytest.mark.parametrize("text", ["一", "一" * 400])
def test_reasons_are_one_short_line(tmp_path: Path, text: str) -> None:
    def fails(data: bytes, source: str) -> tuple[()]:
        raise ValueError(f"{text}\n{text}")

    (found,) = read_file(put(tmp_path, "a", "x"), fails)
    expected = f"cannot be read (ValueError: {text} {text})"
    assert found == Refused("a", expected if len(expected) <= 300 else expected[:299] + "…")


def test_a_file_is_unchanged_when_its_bytes_are(tmp_path: Path) -> None:
    assert is_unchanged(put(tmp_path, "a", "甲"), digest("甲"))
    assert not is_unchanged(put(tmp_path, "a", "乙"), digest("甲"))
    assert not is_unchanged(File("gone", tmp_path / "gone"), digest("甲"))


ARCHIVE = zipped(
    {
        "乡镇/甲.txt": "甲".encode(),
        "乡镇/乙.txt": b"break",
        "空.txt": b"",
        "里.zip": zipped({"x.txt": b"x"}),
        "__MACOSX/甲.txt": b"x",
    }
)


def test_a_zip_is_as_many_sources_as_it_holds_files(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(ARCHIVE)
    of_file = hashlib.sha256(ARCHIVE).hexdigest()
    assert list(read_file(File("a.zip", tmp_path / "a.zip"), hostile)) == [
        Refused("a.zip/乡镇/乙.txt", "cannot be read (ZeroDivisionError: a fault in a library)"),
        Read("a.zip/乡镇/甲.txt", of_file, (entry("甲", "a.zip/乡镇/甲.txt"),)),
        Refused("a.zip/空.txt", "a.zip/空.txt: an empty file"),
        Refused("a.zip/里.zip", "is a zip in a zip; unpack it, zips in zips are not opened"),
    ]


def test_a_zip_of_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"__MACOSX/a": b"x"}))
    assert list(read_file(File("a.zip", tmp_path / "a.zip"), plain)) == [
        Refused("a.zip", "is an empty zip; nothing to read")
    ]


@pytest.mark.slow
def test_what_hangs_in_a_zip_costs_the_rest_of_that_zip_only(tmp_path: Path) -> None:
    data = zipped({"1.txt": "甲".encode(), "2.txt": b"hang", "3.txt": "丙".encode()})
    (tmp_path / "a.zip").write_bytes(data)
    files = [File("a.zip", tmp_path / "a.zip"), put(tmp_path, "b", "乙")]
    assert list(read_parallel(files, hostile, processes=1, file_seconds=0.5)) == [
        (
            Read("a.zip/1.txt", hashlib.sha256(data).hexdigest(), (entry("甲", "a.zip/1.txt"),)),
            Refused("a.zip", "took longer than 0.5 s to read"),
        ),
        (Read("b", digest("乙"), (entry("乙", "b"),)),),
    ]
