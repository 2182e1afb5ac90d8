"""BM25 over segments of postings, exact: live chunks alone make the statistics, so a deletion leaves no trace.

    score(q, d) = Σ_field Σ_term  weight · idf · (k1 + 1) · tf / (tf + k1 · (1 − b + b · |d| / avg|d|))
    idf         = ln(1 + (N − df + 0.5) / (df + 0.5))

(Robertson and Zaragoza 2009, equation 3.15, with Lucene's idf, never negative). N counts the chunks, df those whose field
holds the term, |d| the terms of the field. An inverted-index library counts deleted chunks in df and avg|d| until it
happens to merge them away; here a score depends on nothing but the chunks that are there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag.index.postings import Keys, Postings, Rows, term_keys
from rag.types import Scored

K1: Final = 1.2
B: Final = 0.75
FIELDS: Final = ("text", "context")

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]
# One matching term of one field: key order, where its postings lie, its factor in the sum.
_Span = tuple[int, int, float]


@dataclass(frozen=True, slots=True)
class LexicalSegment:
    """Postings of n chunks. `chunk_ids` (n,) ascending; `documents` (m,) ascending keys of document ids, `document_of` (n,)
    indexes it; `live` (n,) is None when no row was deleted."""

    chunk_ids: NDArray[np.int64]
    documents: Keys
    document_of: Rows
    fields: Mapping[str, Postings]
    live: Mask | None = None


class SegmentedLexical:
    """The LexicalIndex over segments whose live rows are disjoint. Any number of threads may read it."""

    def __init__(self, segments: Sequence[LexicalSegment]) -> None:
        self._segments = tuple(segments)
        self._size = sum(_live_count(segment) for segment in segments)
        self._norms = {field: self._field_norms(field) for field in FIELDS}

    def search(
        self, query: Mapping[str, Mapping[str, float]], k: int, documents: Collection[str] | None = None
    ) -> Sequence[Scored]:
        """The best k chunks, as the protocol says; an unknown field raises ValueError."""
        if k <= 0 or not self._size or (documents is not None and not documents):
            return ()
        spans = self._spans(query)
        wanted = None if documents is None else term_keys(documents)
        ids, scores = [], []
        for number, segment in enumerate(self._segments):
            sums = self._sums(number, spans[number])
            if sums is None:
                continue
            allowed = _allowed(segment, wanted)
            if allowed is not None:
                sums[~allowed] = 0.0
            rows = _top(sums, k)
            ids.append(segment.chunk_ids[rows])
            scores.append(sums[rows])
        return _ordered(ids, scores, k)

    def document_frequency(self, term: str) -> int:
        """The larger of the term's chunk counts in the two fields."""
        keys = term_keys([term])
        counts = (self._frequencies(field, self._ranges(field, keys)) for field in FIELDS)
        return max(sum(int(count[0]) for count in field) for field in counts)

    def _field_norms(self, field: str) -> list[NDArray[np.float32]]:
        """k1 · (1 − b + b · |d| / avg|d|) of each row, by segment."""
        total = 0
        for segment in self._segments:
            lengths = segment.fields[field].lengths
            total += int(lengths.sum() if segment.live is None else lengths[segment.live].sum())
        average = total / self._size if total else 1.0
        return [
            (K1 * (1 - B) + (K1 * B / average) * segment.fields[field].lengths).astype(np.float32)
            for segment in self._segments
        ]

    def _spans(self, query: Mapping[str, Mapping[str, float]]) -> list[dict[str, list[_Span]]]:
        """For each segment and field: the posting ranges of the query's terms, in order of key, whatever the query's order."""
        unknown = query.keys() - set(FIELDS)
        if unknown:
            raise ValueError(f"unknown field {min(unknown)!r}: fields are {', '.join(FIELDS)}")
        found: list[dict[str, list[_Span]]] = [{} for _ in self._segments]
        for field in FIELDS:
            weights = query.get(field)
            if not weights:
                continue
            keys = term_keys(weights)
            order = np.argsort(keys)
            ranges = self._ranges(field, keys[order])
            frequency = sum(self._frequencies(field, ranges), np.zeros(len(keys), np.int64))
            idf = np.log1p((self._size - frequency + 0.5) / (frequency + 0.5))
            factors = (np.fromiter(weights.values(), np.float64)[order] * idf * (K1 + 1)).tolist()
            for number, (starts, ends) in enumerate(ranges):
                found[number][field] = [
                    (a, b, factor)
                    for a, b, factor in zip(starts.tolist(), ends.tolist(), factors, strict=True)
                    if b > a and factor
                ]
        return found

    def _ranges(self, field: str, keys: Keys) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """For each segment the start and end of each key's postings; both 0 for a key that it does not hold."""
        found = []
        for segment in self._segments:
            postings = segment.fields[field]
            where = np.searchsorted(postings.terms, keys)
            where[where == len(postings.terms)] = 0
            held = postings.terms[where] == keys if len(postings.terms) else np.zeros(len(keys), np.bool_)
            starts, ends = postings.starts[where], postings.starts[np.minimum(where + 1, len(postings.terms))]
            found.append((np.where(held, starts, 0), np.where(held, ends, 0)))
        return found

    def _frequencies(
        self, field: str, ranges: Sequence[tuple[NDArray[np.int64], NDArray[np.int64]]]
    ) -> list[NDArray[np.int64]]:
        """For each segment the number of live rows in each range."""
        found = []
        for segment, (starts, ends) in zip(self._segments, ranges, strict=True):
            if segment.live is None:
                found.append(ends - starts)
                continue
            rows, live = segment.fields[field].rows, segment.live
            pairs = zip(starts.tolist(), ends.tolist(), strict=True)
            found.append(np.array([np.count_nonzero(live[rows[a:b]]) for a, b in pairs], np.int64))
        return found

    def _sums(self, number: int, spans: Mapping[str, Sequence[_Span]]) -> Floats | None:
        """Scores of a segment's rows, shape (n,), deleted ones 0; None when no term of the query is there."""
        segment = self._segments[number]
        rows, parts = [], []
        for field, found in spans.items():
            postings, norms = segment.fields[field], self._norms[field][number]
            for start, end, factor in found:
                here = postings.rows[start:end]
                counts = postings.counts[start:end].astype(np.float32)
                rows.append(here)
                parts.append(factor * (counts / (counts + norms[here])))
        if not rows:
            return None
        weights = np.concatenate(parts, dtype=np.float64)
        sums = np.bincount(np.concatenate(rows), weights, len(segment.chunk_ids)).astype(np.float64, copy=False)
        if segment.live is not None:
            sums[~segment.live] = 0.0
        return sums


def _live_count(segment: LexicalSegment) -> int:
    return len(segment.chunk_ids) if segment.live is None else int(np.count_nonzero(segment.live))


def _allowed(segment: LexicalSegment, wanted: Keys | None) -> Mask | None:
    if wanted is None or not len(segment.documents):
        return None
    where = np.searchsorted(segment.documents, wanted)
    where[where == len(segment.documents)] = 0
    held = np.zeros(len(segment.documents), np.bool_)
    held[where[segment.documents[where] == wanted]] = True
    allowed: Mask = held[segment.document_of]
    return allowed


def _top(sums: Floats, k: int) -> NDArray[np.int64]:
    """Rows of the k highest positive sums and of every row tied with the last of them, in no order."""
    # Most rows score far below the best: cutting them first makes the partition a tenth of its work.
    rows = np.flatnonzero(sums > max(0.0, 0.25 * sums.max()))
    if len(rows) < k:
        rows = np.flatnonzero(sums > 0.0)
    if len(rows) <= k:
        return rows
    values = sums[rows]
    last = np.partition(values, len(values) - k)[len(values) - k]
    return np.flatnonzero(sums >= last)


def _ordered(ids: Sequence[NDArray[np.int64]], scores: Sequence[Floats], k: int) -> Sequence[Scored]:
    if not ids:
        return ()
    chunks, values = np.concatenate(ids), np.concatenate(scores)
    order = np.lexsort((chunks, -values))[:k]
    return tuple(map(Scored, chunks[order].tolist(), values[order].tolist()))
