"""The derived indexes of a generation: which segments it has, how a change makes the next ones, what may be deleted."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np

from rag.index.arrays import DamagedError
from rag.index.content import Content, build_content, merge_contents
from rag.index.files import Stamp, sync_directory
from rag.index.postings import Mask
from rag.index.prepared import analysed, encoded
from rag.index.segments import (
    Segment,
    SegmentRecord,
    lexical_path,
    open_segment,
    vectors_path,
    write_segment,
)
from rag.index.text import indexed_text
from rag.protocols import Analyzer, Embedder
from rag.types import Chunk

MAX_SEGMENT_ROWS: Final = 65_536
KEPT_GENERATIONS: Final = 2
_SMALL_ROWS: Final = 1_000
_MERGE_RATIO: Final = 4
_BATCH: Final = 256

ChunkProgress = Callable[[int], None]
# A chunk and the text of its document.
Fresh = tuple[str, Chunk]
# A content and which of its rows are meant, None for all.
Piece = tuple[Content, Mask | None]


@dataclass(frozen=True, slots=True)
class Ready:
    """What was prepared of a chunk with this context: one of the rows of a content."""

    context: str
    content: Content


@dataclass(frozen=True, slots=True)
class Deriver:
    """Makes segments in a directory with one embedder and one analyzer; `progress` hears of every batch of chunks."""

    directory: Path
    embedder: Embedder
    analyzer: Analyzer
    progress: ChunkProgress | None = None

    def changed(
        self,
        segments: Sequence[Segment],
        gone: Sequence[int],
        fresh: Iterable[Fresh],
        ready: Mapping[int, Ready] = MappingProxyType({}),
    ) -> list[SegmentRecord]:
        """The segments after a change: `gone` chunks deleted, `fresh` ones (with their document's text) added, merged where
        that pays; `ready` is what was prepared, by chunk id. What the segments need is on the disk when this returns."""
        removed = np.array(gone, np.int64)
        parts = [_Part(((each.content, each.live),), each) for each in (one.without(removed) for one in segments)]
        records = []
        for pieces in self._pieces(fresh, ready):
            part = _Part(tuple(pieces), None)
            if part.rows == MAX_SEGMENT_ROWS:
                records.append(self._written([part]))
            else:
                parts.append(part)
        records += [self._written(group) for group in merge_plan(parts)]
        sync_directory(self.directory)
        return records

    def _pieces(self, fresh: Iterable[Fresh], ready: Mapping[int, Ready]) -> Iterator[list[Piece]]:
        """The contents of up to 65,536 chunks: what came prepared with the same context, and what is prepared here."""
        remaining = iter(fresh)
        while some := list(islice(remaining, MAX_SEGMENT_ROWS)):
            contents: dict[int, Content] = {}
            wanted: dict[int, list[int]] = {}
            rest: list[Fresh] = []
            for text, chunk in some:
                known = ready.get(chunk.id)
                if known is None or known.context != chunk.context:
                    rest.append((text, chunk))
                else:
                    contents[id(known.content)] = known.content
                    wanted.setdefault(id(known.content), []).append(chunk.id)
            if wanted and self.progress is not None:
                self.progress(len(some) - len(rest))
            pieces: list[Piece] = [
                (content, np.isin(content.chunk_ids, wanted[name], assume_unique=True))
                for name, content in contents.items()
            ]
            yield [*pieces, *((content, None) for content in self._prepared(rest))]

    def _prepared(self, fresh: Sequence[Fresh]) -> Iterator[Content]:
        """Contents of chunks. Vectors are computed beside the terms: tokenizers and NumPy let other threads run."""
        with ThreadPoolExecutor(1) as encoder:
            for at in range(0, len(fresh), _BATCH):
                batch = [(chunk, *indexed_text(text, chunk)) for text, chunk in fresh[at : at + _BATCH]]
                made = encoder.submit(encoded, batch, self.embedder)
                chunks = analysed(batch, self.analyzer)
                yield build_content(chunks, made.result())
                if self.progress is not None:
                    self.progress(len(batch))

    def _written(self, group: Sequence[_Part]) -> SegmentRecord:
        segment = group[0].segment
        if len(group) == 1 and segment is not None and not group[0].thinned:
            return segment.record
        return write_segment(self.directory, merge_contents([piece for part in group for piece in part.pieces]))


@dataclass(frozen=True, slots=True)
class _Part:
    """What becomes a segment or a part of one: an open one, or new pieces that nobody has put together yet."""

    pieces: tuple[Piece, ...]
    segment: Segment | None

    @property
    def rows(self) -> int:
        return sum(len(one.chunk_ids) if mask is None else int(np.count_nonzero(mask)) for one, mask in self.pieces)

    @property
    def thinned(self) -> bool:
        """Whether more than a quarter of the rows are dead, which every query reads in vain."""
        return 4 * self.rows < 3 * sum(len(content.chunk_ids) for content, _ in self.pieces)


def merge_plan(parts: Sequence[_Part]) -> list[list[_Part]]:
    """Groups to be written as one segment each, the largest first; parts without a live row are left out.

    From the smallest up, a part joins those below it while it is small (1,000 rows) or at most four times as large as they
    are together: n rows lie in O(log n) segments, and a row is written again O(log n) times in all.
    """
    groups: list[list[_Part]] = []
    group: list[_Part] = []
    rows = 0
    for part in sorted((part for part in parts if part.rows), key=lambda part: part.rows):
        joins = part.rows <= max(_SMALL_ROWS, _MERGE_RATIO * rows) and rows + part.rows <= MAX_SEGMENT_ROWS
        if group and not joins:
            groups.append(group)
            group, rows = [], 0
        group.append(part)
        rows += part.rows
    return [*groups, group][::-1] if group else []


def open_segments(
    connection: sqlite3.Connection, directory: Path, dim: int, opened: Iterable[Segment] = ()
) -> tuple[Segment, ...]:
    """The segments of the generation that the connection sees, those among `opened` taken over.

    Raises DamagedError when a file is not what was written, or the segments do not hold every chunk of the store.
    """
    known = {segment.record.name: segment for segment in opened}
    found = []
    records = listed(connection)
    (chunks,) = connection.execute("SELECT chunks FROM manifest").fetchone()
    if sum(record.live_rows for record in records) != chunks:
        raise DamagedError(
            f"the segments in {str(directory)!r} do not hold the store's {chunks} chunks: run `rag rebuild`"
        )
    for record in records:
        segment = known.get(record.name)
        found.append(segment.marked(record.dead) if segment is not None else open_segment(directory, record, dim))
    return tuple(found)


def listed(connection: sqlite3.Connection) -> list[SegmentRecord]:
    """The records of the segments, largest first."""
    rows = connection.execute("SELECT name, rows, dead, lexical, vectors FROM segments ORDER BY ordinal").fetchall()
    return [
        SegmentRecord(
            name,
            count,
            Stamp(**json.loads(lexical)),
            Stamp(**json.loads(vectors)),
            tuple(np.frombuffer(dead, "<i4").tolist()),
        )
        for name, count, dead, lexical, vectors in rows
    ]


def publish(connection: sqlite3.Connection, records: Sequence[SegmentRecord], generation: int) -> None:
    """Lists the segments of the next generation, and notes from when on the others are not used. Commits nothing."""
    before = {name for (name,) in connection.execute("SELECT name FROM segments")}
    names = {record.name for record in records}
    connection.execute("DELETE FROM segments")
    connection.executemany(
        "INSERT INTO segments (name, rows, dead, lexical, vectors) VALUES (?, ?, ?, ?, ?)",
        [
            (
                record.name,
                record.rows,
                np.array(record.dead, "<i4").tobytes(),
                json.dumps(asdict(record.lexical)),
                json.dumps(asdict(record.vectors)),
            )
            for record in records
        ],
    )
    connection.executemany("DELETE FROM retired WHERE name = ?", [(name,) for name in names])
    connection.executemany(
        "INSERT OR REPLACE INTO retired (name, generation) VALUES (?, ?)",
        [(name, generation) for name in before - names],
    )
    connection.execute("DELETE FROM retired WHERE generation <= ?", (generation - KEPT_GENERATIONS,))


def clean(connection: sqlite3.Connection, directory: Path) -> None:
    """Deletes the files that no kept generation uses: retired ones, and what a writer that died left behind.

    The segments of the last two generations stay for readers that are about to open them.
    """
    rows = connection.execute("SELECT name FROM segments UNION SELECT name FROM retired").fetchall()
    used = {path for (name,) in rows for path in (lexical_path(directory, name), vectors_path(directory, name))}
    for path in directory.iterdir():
        if path not in used:
            # Windows keeps a file that a reader still maps; the next writer tries again.
            with suppress(OSError):
                path.unlink()
