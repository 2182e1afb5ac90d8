"""Segments under many changes: few of them, little that is dead in them, always the same content."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.index.derive import MAX_SEGMENT_ROWS
from rag.index.engine import SEGMENTS_NAME
from rag.types import Entry
from tests.index.corpus import engine, entry


def many(source: str, lines: int) -> list[Entry]:
    return [entry("\n".join(f"{source}第{number}段" for number in range(lines)), source)]


def test_small_changes_are_merged_into_few_segments(tmp_path: Path) -> None:
    made = engine(tmp_path)
    made.replace({"large.txt": many("large", 8_000)}, {})
    for number in range(14):
        made.replace({f"{number}.txt": many(str(number), 100)}, {})
        rows = [segment.record.rows for segment in made.snapshot().segments]
        assert sum(rows) == 8_000 + 100 * (number + 1)
        assert all(rows[place] > max(1_000, 4 * sum(rows[place + 1 :])) for place in range(len(rows) - 1))
    assert rows == [8_000, 1_400]
    made.close()


def test_a_segment_grows_until_it_is_a_fourth_of_the_next(tmp_path: Path) -> None:
    made = engine(tmp_path)
    made.replace({"large.txt": many("large", 8_000)}, {})
    made.replace({"middle.txt": many("middle", 1_900)}, {})
    assert [segment.record.rows for segment in made.snapshot().segments] == [8_000, 1_900]
    made.replace({"small.txt": many("small", 600)}, {})
    assert [segment.record.rows for segment in made.snapshot().segments] == [10_500]
    made.close()


def test_a_segment_of_which_a_quarter_is_dead_is_written_anew(tmp_path: Path) -> None:
    made = engine(tmp_path)
    entries = {f"{number}.txt": many(str(number), 100) for number in range(40)}
    made.replace(entries, {})
    made.replace(dict.fromkeys(list(entries)[:10], ()), {})
    (segment,) = made.snapshot().segments
    assert (segment.record.rows, len(segment.record.dead)) == (4_000, 1_000)
    made.replace({"10.txt": ()}, {})
    (segment,) = made.snapshot().segments
    assert (segment.record.rows, len(segment.record.dead)) == (2_900, 0)
    made.replace(dict.fromkeys(entries, ()), {})
    assert made.snapshot().segments == ()
    made.close()


@pytest.mark.slow
def test_no_segment_grows_beyond_its_limit(tmp_path: Path) -> None:
    made = engine(tmp_path)
    rows = MAX_SEGMENT_ROWS + 100
    made.replace({f"{number}.txt": many(str(number), rows // 4) for number in range(4)}, {})
    assert [segment.record.rows for segment in made.snapshot().segments] == [MAX_SEGMENT_ROWS, 100]
    made.close()


def test_the_same_chunks_make_the_same_files(tmp_path: Path) -> None:
    entries = {f"{number}.txt": many(str(number), 5) for number in range(6)}
    forward, backward = engine(tmp_path / "forward"), engine(tmp_path / "backward")
    forward.replace(entries, {})
    for source in reversed(entries):
        backward.replace({source: entries[source]}, {})
    (one,), (other,) = forward.snapshot().segments, backward.snapshot().segments
    assert one.record.name == other.record.name
    for suffix in ("lexical", "faiss"):
        name = f"{one.record.name}.{suffix}"
        paths = [tmp_path / each / SEGMENTS_NAME / name for each in ("forward", "backward")]
        assert paths[0].read_bytes() == paths[1].read_bytes()
    forward.close()
    backward.close()
