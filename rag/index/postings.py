"""The inverted lists of one field of one segment, as flat arrays."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import count
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag.index.arrays import Array

MAX_COUNT: Final = 65_535

Keys = NDArray[np.uint64]
Rows = NDArray[np.int32]
Counts = NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Postings:
    """For v terms, p postings and n rows (chunks of the segment, in order of their id):

    `terms` (v,) ascending keys of the terms · `starts` (v + 1,): the postings of term i are `starts[i]:starts[i + 1]` ·
    `rows` (p,) ascending within a term · `counts` (p,) occurrences of the term in the row, at most 65,535 ·
    `lengths` (n,) number of terms of each row.
    """

    terms: Keys
    starts: NDArray[np.int64]
    rows: Rows
    counts: Counts
    lengths: Rows

    def arrays(self, field: str) -> dict[str, Array]:
        """The arrays by the names under which a file holds them."""
        return {f"{field}.{name}": getattr(self, name) for name in self.__slots__}

    @classmethod
    def of(cls, arrays: Mapping[str, Array], field: str) -> Postings:
        """The field's arrays of a file. Raises KeyError."""
        return cls(*(arrays[f"{field}.{name}"] for name in cls.__slots__))


def term_key(term: str) -> int:
    """64 bits of BLAKE2b that stand for the term. Among 10 million terms some two meet with a chance of 3 in a million."""
    return int.from_bytes(blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def term_keys(terms: Iterable[str]) -> Keys:
    """Keys of terms, in their order."""
    return np.fromiter(map(term_key, terms), np.uint64)


def build_postings(rows: Iterable[Sequence[str]]) -> Postings:
    """The postings of rows of terms, row 0 first."""
    number: Callable[[], int] = count().__next__
    vocabulary: defaultdict[str, int] = defaultdict(number)
    tokens = array("q")
    lengths = array("q")
    for terms in rows:
        tokens.extend(map(vocabulary.__getitem__, terms))
        lengths.append(len(terms))
    keys, rank = np.unique(term_keys(vocabulary), return_inverse=True)
    sizes = np.array(lengths, np.int64)
    owners = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
    cells = rank[np.array(tokens, np.int64)] * max(1, len(sizes)) + owners
    cells, counts = np.unique(cells, return_counts=True)
    return _from_cells(keys, cells, counts, sizes.astype(np.int32))


def merge_postings(parts: Sequence[tuple[Postings, Rows]], size: int) -> Postings:
    """One set of postings over `size` rows. Each part comes with the new row of each of its rows, −1 to leave it out."""
    keys = np.unique(np.concatenate([part.terms for part, _ in parts]))
    lengths = np.zeros(size, np.int32)
    cells, counts = [], []
    for part, places in parts:
        rank = np.searchsorted(keys, part.terms)
        new = places[part.rows]
        kept = new >= 0
        cells.append((np.repeat(rank, np.diff(part.starts)) * size + new)[kept])
        counts.append(part.counts[kept])
        lengths[places[places >= 0]] = part.lengths[places >= 0]
    merged = np.concatenate(cells)
    order = np.argsort(merged)
    return _from_cells(keys, merged[order], np.concatenate(counts)[order], lengths)


def _from_cells(keys: Keys, cells: NDArray[np.int64], counts: Array, lengths: Rows) -> Postings:
    """Postings from ascending cells (rank of the term × rows + row); keys without a cell are left out."""
    size = max(1, len(lengths))
    ranks = cells // size
    frequencies = np.bincount(ranks, minlength=len(keys))
    present = frequencies > 0
    starts = np.zeros(int(present.sum()) + 1, np.int64)
    np.cumsum(frequencies[present], out=starts[1:])
    return Postings(
        terms=keys[present],
        starts=starts,
        rows=(cells - ranks * size).astype(np.int32),
        counts=np.minimum(counts, MAX_COUNT).astype(np.uint16),
        lengths=lengths,
    )
