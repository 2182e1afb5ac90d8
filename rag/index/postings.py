"""The inverted lists of one field of one segment, as flat arrays."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag.analysis import are_han
from rag.index.arrays import Array

MAX_COUNT: Final = 65_535
_END: Final = ord("\n")
_SLOT_BITS: Final = 20
_COUNT_BITS: Final = 16
# Postings that are put together at a time: what is made on the way stays in the processor's cache.
_BLOCK: Final = 1 << 17
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

    def spans(self, keys: Keys) -> list[tuple[int, int]]:
        """Where the postings of each of several terms lie, as `span` says: looked up together in a third of the time."""
        if not len(self.terms):
            return [(0, 0)] * len(keys)
        places = np.minimum(self.terms.searchsorted(keys), len(self.terms) - 1)
        there = self.terms[places] == keys
        return list(
            zip((self.starts[places] * there).tolist(), (self.starts[places + 1] * there).tolist(), strict=True)
        )

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
    terms, ranks = _ranked(keys)
    order = _order(ranks)
    ranks, rows = ranks[order], np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)[order]
    new_term = _begins(ranks)
    cells = np.flatnonzero(new_term | _begins(rows))
    return Postings(
        terms=terms,
        starts=np.append(np.flatnonzero(new_term[cells]), len(cells)),
        rows=rows[cells],
        counts=np.minimum(np.diff(cells, append=len(keys)), MAX_COUNT).astype(np.uint16),
        lengths=lengths.astype(np.int32),
    )


def _ranked(keys: Keys) -> tuple[Keys, Rows]:
    """The different keys, ascending, and the place of each key among them.

    Most keys come to a slot of their own by their first bits, as keys are mixed well; those that meet another one there are
    searched for: a fifth of the time of sorting.
    """
    bits = min(_SLOT_BITS, len(keys).bit_length() + 1)
    slots = (keys >> np.uint64(64 - bits)).astype(np.intp)
    held = np.zeros(1 << bits, np.uint64)
    held[slots] = keys
    used = np.zeros(1 << bits, np.bool_)
    used[slots] = True
    met = np.flatnonzero(held[slots] != keys)
    terms = np.concatenate((held[used], np.unique(keys[met])))
    terms.sort(kind="stable")
    places = np.zeros(1 << bits, np.int32)
    places[used] = terms.searchsorted(held[used])
    ranks = places[slots]
    ranks[met] = terms.searchsorted(keys[met])
    return terms, ranks


def _order(ranks: Rows) -> NDArray[np.intp]:
    """What brings ranks into order and leaves equal ones in theirs. NumPy sorts 16 bits by counting, in a fifth of the time."""
    order = np.argsort((ranks & 0xFFFF).astype(np.uint16), kind="stable")
    high = (ranks >> 16).astype(np.uint16)
    return order[np.argsort(high[order], kind="stable")] if high.any() else order


def _begins(values: Rows) -> Mask:
    """Where another value stands than before; the first place counts."""
    begins = np.ones(len(values), np.bool_)
    begins[1:] = values[1:] != values[:-1]
    return begins


def merge_postings(parts: Sequence[tuple[Postings, Rows]], size: int) -> Postings:
    """One set of postings over `size` rows. Each part comes with the new row of each of its rows, −1 to leave it out."""
    lengths = np.zeros(size, np.int32)
    for part, places in parts:
        lengths[places[places >= 0]] = part.lengths[places >= 0]
    parts = _bundled(parts, size)
    edges = _edges(sum(len(part.rows) for part, _ in parts))
    cuts = [[0, *part.terms.searchsorted(edges).tolist(), len(part.terms)] for part, _ in parts]
    blocks = [
        _merged([(part, places, cut[at], cut[at + 1]) for (part, places), cut in zip(parts, cuts, strict=True)], size)
        for at in range(len(edges) + 1)
    ]
    terms, frequencies, rows, counts = (np.concatenate(arrays) for arrays in zip(*blocks, strict=True))
    return Postings(terms, np.append(0, np.cumsum(frequencies)), rows, counts, lengths)


def _bundled(parts: Sequence[tuple[Postings, Rows]], size: int) -> Sequence[tuple[Postings, Rows]]:
    """The parts, small ones put together first: each is looked at once in every block."""
    found: list[tuple[Postings, Rows]] = []
    same = np.arange(size, dtype=np.int32)
    for group in _groups(parts):
        if len(group) == 1:
            found += group
            continue
        terms, frequencies, rows, counts = _merged([(*each, 0, len(each[0].terms)) for each in group], size)
        found.append((Postings(terms, np.append(0, np.cumsum(frequencies)), rows, counts, same), same))
    return found


def _groups(parts: Sequence[tuple[Postings, Rows]]) -> Iterator[list[tuple[Postings, Rows]]]:
    """Neighbouring parts that have at least a quarter of a block of postings together."""
    group: list[tuple[Postings, Rows]] = []
    cells = 0
    for each in parts:
        group.append(each)
        cells += len(each[0].rows)
        if cells >= _BLOCK // 4:
            yield group
            group, cells = [], 0
    if group:
        yield group


def _edges(cells: int) -> Keys:
    """The keys at which blocks of this many cells in all begin, but the first: keys are mixed well, so that blocks are alike."""
    blocks = -(-cells // _BLOCK)
    return np.array([(1 << 64) // blocks * at for at in range(1, blocks)], np.uint64)


def _merged(
    parts: Sequence[tuple[Postings, Rows, int, int]], size: int
) -> tuple[Keys, NDArray[np.int64], Rows, Counts]:
    """Terms, the number of postings of each, rows and counts: those of a range of terms of each part, in order.

    Place of the term, row and count go into one number of 64 bits each: to sort them takes half the time of finding the order, and half
    of that again where it is told that those of each part are in order already.
    """
    spans = [(part, places, part.starts[first : last + 1]) for part, places, first, last in parts]
    terms, ranks = np.unique(
        np.concatenate([part.terms[first:last] for part, _, first, last in parts]), return_inverse=True
    )
    low = np.uint64(_COUNT_BITS)
    high = np.uint64(_COUNT_BITS + max(1, size).bit_length())
    rows = np.concatenate([places[part.rows[starts[0] : starts[-1]]] for part, places, starts in spans])
    counts = np.concatenate([part.counts[starts[0] : starts[-1]] for part, _, starts in spans])
    cells = np.repeat(
        ranks.astype(np.uint64) << high, np.concatenate([starts[1:] - starts[:-1] for _, _, starts in spans])
    )
    cells |= rows.astype(np.uint64) << low
    cells |= counts
    if (rows < 0).any():
        cells = cells[rows >= 0]
    cells.sort(kind="stable")
    frequencies = np.bincount((cells >> high).astype(np.int64), minlength=len(terms))
    present = frequencies > 0
    rows = ((cells >> low) & np.uint64((1 << int(high - low)) - 1)).astype(np.int32)
    return terms[present], frequencies[present], rows, (cells & np.uint64(MAX_COUNT)).astype(np.uint16)


def _mixed_number(value: int) -> int:
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _WORD
    return value ^ (value >> 31)


def _mixed(values: Keys) -> Keys:
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
