"""The inverted lists of one field of one segment, as flat arrays."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag.analysis import are_han
from rag.index.arrays import Array

MAX_COUNT: Final = 65_535
_END: Final = ord("\n")
_ROW_BITS: Final = 16
_SLOT_BITS: Final = 20
_WORD: Final = 2**64 - 1
_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)

_TWICE: Final = np.uint64(2 * 0x9E3779B97F4A7C15 % 2**64)

Keys = NDArray[np.uint64]
Rows = NDArray[np.int32]
Mask = NDArray[np.bool_]
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

    def span(self, key: int) -> tuple[int, int]:
        """Where the postings of one term lie; (0, 0) when it is not there."""
        place = int(self.terms.searchsorted(np.uint64(key)))
        if place == len(self.terms) or self.terms[place] != key:
            return 0, 0
        return int(self.starts[place]), int(self.starts[place + 1])

    def arrays(self, field: str) -> dict[str, Array]:
        """The arrays by the names under which a file holds them."""
        return {f"{field}.{name}": getattr(self, name) for name in self.__slots__}

    @classmethod
    def of(cls, arrays: Mapping[str, Array], field: str) -> Postings:
        """The field's arrays of a file. Raises KeyError."""
        return cls(*(arrays[f"{field}.{name}"] for name in cls.__slots__))


def term_keys(terms: Collection[str]) -> Keys:
    """64 bits that stand for each term, in order: shape (n,). Raises ValueError when a term holds a line break.

    The sum over the term's characters of a mix of code point and place, mixed again (SplitMix64, Steele et al. 2014). Among
    10 million terms some two share a key with a chance of 3 in a million; a query's term meets a wrong one more rarely still.
    """
    if not terms:
        return np.empty(0, np.uint64)
    codes = np.frombuffer(("\n".join(terms) + "\n").encode("utf-32-le", "surrogatepass"), "<u4")
    ends = np.flatnonzero(codes == _END)
    if len(ends) != len(terms):
        raise ValueError(f"a term holds a line break: {next(term for term in terms if chr(_END) in term)!r}")
    starts = np.zeros(len(ends), np.int64)
    starts[1:] = ends[:-1] + 1
    places = np.arange(1, len(codes) + 1) - np.repeat(starts, ends - starts + 1)
    mixed = _mixed(codes + places.astype(np.uint64) * _GOLDEN)
    mixed[ends] = 0
    return _mixed(np.add.reduceat(mixed, starts))


def gram_keys(texts: Sequence[str]) -> list[Keys]:
    """For each text the keys of its Han characters and of every two that are neighbours.

    The same keys as `term_keys` gives, ten times as fast: no string is made for them.
    """
    if not texts:
        return []
    codes = np.frombuffer("".join(f"{text}\n" for text in texts).encode("utf-32-le", "surrogatepass"), "<u4")
    han = are_han(codes)
    both = han[:-1] & han[1:]
    first = _mixed(codes + _GOLDEN)
    singles = _mixed(first[han])
    pairs = _mixed(first[:-1][both] + _mixed(codes + _TWICE)[1:][both])
    ends = np.cumsum([len(text) + 1 for text in texts])
    singles_ends, pairs_ends = np.cumsum(han)[ends - 1].tolist(), np.append(np.cumsum(both), 0)[ends - 2].tolist()
    return [
        np.concatenate((singles[a:b], pairs[c:d]))
        for a, b, c, d in zip([0, *singles_ends], singles_ends, [0, *pairs_ends], pairs_ends, strict=False)
    ]


def term_key(term: str) -> int:
    """The key of one term, as `term_keys` gives it; for a single one this is ten times faster."""
    total = 0
    for place, character in enumerate(term, 1):
        total += _mixed_number((ord(character) + place * int(_GOLDEN)) & _WORD)
    return _mixed_number(total & _WORD)


def build_postings(keys: Keys, lengths: Rows) -> Postings:
    """The postings of rows of terms: their keys, row after row, shape (sum of lengths,), and how many each row has, (n,)."""
    terms = _distinct(keys)
    new_term, new_cell, rows = _ordered(keys, lengths, terms)
    cells = np.flatnonzero(new_cell)
    return Postings(
        terms=terms,
        starts=np.append(np.flatnonzero(new_term[cells]), len(cells)),
        rows=rows[cells],
        counts=_counts(np.diff(cells, append=len(keys))),
        lengths=lengths.astype(np.int32),
    )


def _distinct(keys: Keys) -> Keys:
    """The different keys, ascending. Of many, most come to a slot of their own by their first bits, as keys are mixed well; those that
    meet another one there are sorted: a tenth of the time of sorting all."""
    if len(keys) < 1 << (_SLOT_BITS - 3):
        return np.unique(keys)
    slots = (keys >> np.uint64(64 - _SLOT_BITS)).astype(np.intp)
    table = np.zeros(1 << _SLOT_BITS, np.uint64)
    table[slots] = keys
    found: Keys = np.unique(np.concatenate((table[table > 0], keys[(table[slots] != keys) | (keys == 0)])))
    return found


def _ordered(keys: Keys, lengths: Rows, terms: Keys) -> tuple[Mask, Mask, Rows]:
    """The rows of the keys by key, then row; where a new term begins, and where a new row of a term: each of the shape of the keys.

    The row goes into the low bits of its key where 64 bits hold enough of both: NumPy sorts numbers ten times as fast as it
    finds the order of them. Keys that differ in their low bits alone would get mixed up: then the order is found after all.
    """
    numbers = np.repeat(np.arange(len(lengths), dtype=np.uint64), lengths)
    bits = np.uint64(_ROW_BITS)
    if len(lengths) <= 1 << _ROW_BITS and (np.diff(terms >> bits) > 0).all():
        packed = np.sort((keys >> bits << bits) | numbers)
        return _begins(packed >> bits), _begins(packed), (packed & np.uint64((1 << _ROW_BITS) - 1)).astype(np.int32)
    order = np.argsort(keys, kind="stable")
    new_term, ordered = _begins(keys[order]), numbers[order].astype(np.int32)
    return new_term, new_term | _begins(ordered), ordered


def _begins(values: NDArray[np.generic]) -> Mask:
    """Where another value stands than before; the first place counts."""
    begins = np.ones(len(values), np.bool_)
    begins[1:] = values[1:] != values[:-1]
    return begins


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
    order = np.argsort(merged, kind="stable")
    ranks, rows = np.divmod(merged[order], max(1, size))
    frequencies = np.bincount(ranks, minlength=len(keys))
    present = frequencies > 0
    return Postings(
        terms=keys[present],
        starts=np.append(0, np.cumsum(frequencies[present])),
        rows=rows.astype(np.int32),
        counts=_counts(np.concatenate(counts)[order]),
        lengths=lengths,
    )


def _counts(values: NDArray[np.integer]) -> Counts:
    counts: Counts = np.minimum(values, MAX_COUNT).astype(np.uint16)
    return counts


def _mixed_number(value: int) -> int:
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _WORD
    return value ^ (value >> 31)


def _mixed(values: Keys) -> Keys:
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
