"""kill -9 at any instant, and processes that read while another writes."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from embeddings.protocol import Matrix
from rag.errors import StoreError
from rag.index.engine import EmbeddedEngine, EmbeddedSnapshot
from tests.index.corpus import CORPUS, DIGESTS, CharacterAnalyzer, CharacterEmbedder, engine
from tests.index.writing import version

ROOT = Path(__file__).resolve().parents[2]


def start(directory: Path, count: int, event: int | None = None) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.index.writing", str(directory), str(count)]
    return subprocess.Popen(
        command if event is None else [*command, str(event)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def check_whole(snapshot: EmbeddedSnapshot) -> int:
    """The snapshot's generation, after checking that it holds exactly what that generation was given, in every index."""
    number = snapshot.store.generation
    entries = [each for source in version(number).values() for each in source] if number else []
    assert list(snapshot.store.documents(10)) == [each.document for each in entries]
    chunks = [chunk for each in entries for chunk in each.chunks]
    assert list(snapshot.store.chunks([chunk.id for chunk in chunks])) == chunks
    terms = {character: 1.0 for each in entries for character in each.document.text if character != "\n"}
    vector = CharacterEmbedder().encode_query(["人才补贴"])[0]
    ids = sorted(chunk.id for chunk in chunks)
    assert sorted(hit.chunk_id for hit in snapshot.lexical.search({"text": terms}, 100)) == ids
    assert sorted(hit.chunk_id for hit in snapshot.vectors.search(vector, 100)) == ids
    return number


@pytest.mark.slow
def test_no_kill_loses_an_acknowledged_change(tmp_path: Path) -> None:
    chance = random.Random(7)
    directory, acknowledged = tmp_path / "index", 0
    for _ in range(10):
        with start(directory, 10_000) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline()]
            time.sleep(chance.uniform(0.0, 0.12))
            process.kill()
            lines += process.stdout.read().split("\n")
        acknowledged = max([acknowledged, *(int(line) for line in lines if line.strip())])
        made = engine(directory)
        number = check_whole(made.snapshot())
        assert acknowledged <= number <= acknowledged + 1
        made.close()
    assert acknowledged >= 10


@pytest.mark.slow
@pytest.mark.parametrize("generation", [0, 1])
def test_death_at_each_file_operation(tmp_path: Path, generation: int) -> None:
    """Of making an index and its first change, and of opening one and changing it."""
    deaths, ended = 0, False
    for event in range(1, 80):
        directory = tmp_path / str(event)
        if generation:
            made = engine(directory)
            made.replace(version(1), {})
            made.close()
        with start(directory, 1, event) as process:
            acknowledged = process.communicate()[0].strip()
        made = engine(directory)
        number = check_whole(made.snapshot())
        made.close()
        assert number in (generation, generation + 1)
        assert not acknowledged or int(acknowledged) == number
        ended = process.returncode == 0
        if ended:
            break
        deaths += 1
    assert ended, "the change never ran to its end"
    assert deaths >= 8, "the process hardly ever died inside a change: the test proves little"


@pytest.mark.slow
def test_readers_see_whole_generations_while_another_process_writes(tmp_path: Path) -> None:
    directory = tmp_path / "index"
    made = engine(directory)
    made.replace(version(1), {})
    last = 12
    seen: list[set[int]] = [set(), set(), set()]
    process = start(directory, last - 1)
    failures: list[BaseException] = []

    def read(numbers: set[int]) -> None:
        try:
            while max(numbers, default=0) < last and process.poll() in (None, 0):
                number = check_whole(made.snapshot())
                assert number >= max(numbers, default=0)
                numbers.add(number)
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=read, args=(numbers,)) for numbers in seen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    process.communicate()
    assert process.returncode == 0
    assert not failures
    assert all(last in numbers and len(numbers) > 3 for numbers in seen)
    made.close()


def test_two_processes_that_write_take_turns(tmp_path: Path) -> None:
    engine(tmp_path).close()
    made = engine(tmp_path)
    writers = [threading.Thread(target=made.replace, args=({f"{n}.txt": CORPUS["a.txt"]}, {})) for n in range(6)]
    other = engine(tmp_path)
    writers += [threading.Thread(target=other.replace, args=({f"o{n}.txt": CORPUS["b.txt"]}, {})) for n in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert made.snapshot().store.generation == other.snapshot().store.generation == 12
    assert len(made.snapshot().store.source_digests()) == 12
    assert made.snapshot().store.count() == 3
    made.close()
    other.close()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes")
@pytest.mark.parametrize("limit", [100, 3_000, 30_000])
def test_a_full_disk_is_one_line_and_changes_nothing(tmp_path: Path, limit: int) -> None:
    import resource

    made = engine(tmp_path)
    made.replace(version(1), {})
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        with pytest.raises(StoreError) as caught:
            made.replace(version(2), {})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "\n" not in str(caught.value)
    assert "::" not in str(caught.value)  # a library's own source
    assert check_whole(made.snapshot()) == 1
    made.replace(version(2), {})
    assert check_whole(made.snapshot()) == 2
    made.close()


class FailingEmbedder(CharacterEmbedder):
    """Fails on the second batch of documents."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def encode_document(self, texts: Sequence[str]) -> Matrix:
        self.calls += len(texts) > 1
        if self.calls > 1:
            raise MemoryError("no memory left")
        return super().encode_document(texts)


def test_a_change_that_fails_half_way_changes_nothing(tmp_path: Path) -> None:
    made = engine(tmp_path)
    made.replace(CORPUS, DIGESTS)
    made.close()
    failing = EmbeddedEngine.open(tmp_path, embedder=FailingEmbedder(), analyzer=CharacterAnalyzer(), write=True)
    snapshot = failing.snapshot()
    failing.replace(version(1), {})
    with pytest.raises(MemoryError):
        failing.replace(version(2), {})
    assert failing.snapshot().store.generation == 2
    assert failing.snapshot() is not snapshot
    failing.close()
    made = engine(tmp_path)
    made.replace({source: [] for source in CORPUS}, {})
    assert [each.source for each in made.snapshot().store.catalogue()] == ["one.txt", "one.txt", "two.txt"]
    assert made.snapshot().store.documents(3)[1].text == version(1)["one.txt"][1].document.text
    made.close()
