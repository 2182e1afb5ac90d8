"""BM25 over segments of postings, exact: live chunks alone make the statistics, so a deletion leaves no trace.

    score(q, d) = Σ_field Σ_term  weight · idf · (k1 + 1) · tf / (tf + k1 · (1 − b + b · |d| / avg|d|))
    idf         = ln(1 + (N − df + 0.5) / (df + 0.5))

(Robertson and Zaragoza 2009, equation 3.15, with Lucene's idf, never negative). N counts the chunks, df those whose field
holds the term, |d| the terms of the field. An inverted-index library counts deleted chunks in df and avg|d| until it
happens to merge them away; here a score depends on nothing but the chunks that are there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag.index.postings import Keys, Postings, Rows, term_key, term_keys
from rag.types import Scored

K1: Final = 1.2
B: Final = 0.75
FIELDS: Final = ("text", "context")
_REMEMBERED: Final = 50_000
_RECENT: Final = 4

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]
# A query and the scores of each segment's rows, shape (n,), deleted ones 0; None where no term of the query is.
_Scored = tuple[Mapping[str, Mapping[str, float]], Sequence[Floats | None]]


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
        self._frequencies: dict[str, int] = {}
        self._recent: deque[_Scored] = deque(maxlen=_RECENT)

    def search(
        self, query: Mapping[str, Mapping[str, float]], k: int, documents: Collection[str] | None = None
    ) -> Sequence[Scored]:
        """The best k chunks, as the protocol says; an unknown field raises ValueError."""
        if k <= 0 or not self._size or (documents is not None and not documents):
            return ()
        wanted = None if documents is None else term_keys(documents)
        ids, scores = [], []
        for segment, sums in zip(self._segments, self._scored(query), strict=True):
            if sums is None:
                continue
            allowed = _allowed(segment, wanted)
            rows = _top(sums if allowed is None else np.where(allowed, sums, 0.0), k)
            ids.append(segment.chunk_ids[rows])
            scores.append(sums[rows])
        return _ordered(ids, scores, k)

    def document_frequency(self, term: str) -> int:
        """The larger of the term's chunk counts in the two fields. Remembered: a question asks for each of its terms."""
        known = self._frequencies.get(term)
        if known is None:
            known = self._frequency(term)
            if len(self._frequencies) < _REMEMBERED:
                self._frequencies[term] = known
        return known

    def _frequency(self, term: str) -> int:
        key = term_key(term)
        counts = dict.fromkeys(FIELDS, 0)
        for segment in self._segments:
            for field in FIELDS:
                postings = segment.fields[field]
                start, end = postings.span(key)
                if segment.live is None:
                    counts[field] += end - start
                else:
                    counts[field] += int(np.count_nonzero(segment.live.take(postings.rows[start:end])))
        return max(counts.values())

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

    def _scored(self, query: Mapping[str, Mapping[str, float]]) -> Sequence[Floats | None]:
        """Each segment's scores. The last few are kept: a question is often asked again of some documents only."""
        for known, sums in tuple(self._recent):
            if known == query:
                return sums
        asked = self._asked(query)
        found = tuple(self._sums(number, asked) for number in range(len(self._segments)))
        self._recent.append(({field: dict(weights) for field, weights in query.items()}, found))
        return found

    def _asked(self, query: Mapping[str, Mapping[str, float]]) -> list[_Asked]:
        """The fields of the query in order of FIELDS, their terms in order of key: whatever order they were given in."""
        unknown = query.keys() - set(FIELDS)
        if unknown:
            raise ValueError(f"unknown field {min(unknown)!r}: fields are {', '.join(FIELDS)}")
        asked = []
        for field in FIELDS:
            weights = query.get(field)
            if not weights:
                continue
            keys = term_keys(weights)
            order = np.argsort(keys)
            matches = [_matches(segment.fields[field], keys[order], segment.live) for segment in self._segments]
            frequency = np.sum([match.frequencies for match in matches], axis=0)
            idf = np.log1p((self._size - frequency + 0.5) / (frequency + 0.5))
            factors = np.fromiter(weights.values(), np.float64)[order] * idf * (K1 + 1)
            asked.append(_Asked(field, factors, matches))
        return asked

    def _sums(self, number: int, asked: Sequence[_Asked]) -> Floats | None:
        """Scores of a segment's rows, shape (n,), deleted ones 0; None when no term of the query is there."""
        segment = self._segments[number]
        rows, parts = [], []
        for each in asked:
            match = each.matches[number]
            norms = self._norms[each.field][number].take(match.rows)
            parts.append(match.counts / (match.counts + norms) * np.repeat(each.factors, match.sizes))
            rows.append(match.rows)
        if not sum(map(len, rows)):
            return None
        sums = np.bincount(np.concatenate(rows), np.concatenate(parts), len(segment.chunk_ids))
        scores: Floats = sums.astype(np.float64, copy=False)
        if segment.live is not None:
            scores[~segment.live] = 0.0
        return scores


@dataclass(frozen=True, slots=True)
class _Match:
    """The postings of some terms, one term after the other: `rows` and `counts` (p,), `sizes` (terms,) how many each has,
    `frequencies` (terms,) how many of them are live."""

    rows: NDArray[np.int64]
    counts: NDArray[np.float32]
    sizes: NDArray[np.int64]
    frequencies: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One field's terms: `factors` weight · idf · (k1 + 1), shape (terms,), and their postings in each segment."""

    field: str
    factors: Floats
    matches: Sequence[_Match]


def _matches(postings: Postings, keys: Keys, live: Mask | None) -> _Match:
    where = np.searchsorted(postings.terms, keys)
    where[where == len(postings.terms)] = 0
    held = postings.terms[where] == keys if len(postings.terms) else np.zeros(len(keys), np.bool_)
    starts = np.where(held, postings.starts[where], 0)
    sizes = np.where(held, postings.starts[np.minimum(where + 1, len(postings.starts) - 1)], 0) - starts
    spans = [slice(start, start + size) for start, size in zip(starts.tolist(), sizes.tolist(), strict=True)]
    rows = np.concatenate([postings.rows[span] for span in spans], dtype=np.int64)
    counts = np.concatenate([postings.counts[span] for span in spans], dtype=np.float32)
    if live is None:
        return _Match(rows, counts, sizes, sizes)
    alive = live.take(rows)
    ends = np.cumsum(sizes).tolist()
    frequencies = [np.count_nonzero(alive[a:b]) for a, b in zip([0, *ends[:-1]], ends, strict=True)]
    return _Match(rows, counts, sizes, np.array(frequencies, np.int64))


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
