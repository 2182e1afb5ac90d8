"""BM25 over segments of postings, exact: live chunks alone make the statistics, so a deletion leaves no trace.

    score(q, d) = Σ_field Σ_term  weight · idf · (k1 + 1) · tf / (tf + k1 · (1 − b + b · |d| / avg|d|))
    idf         = ln(1 + (N − df + 0.5) / (df + 0.5))

(Robertson and Zaragoza 2009, equation 3.15, with Lucene's idf, never negative). N counts the chunks, df those whose field
holds the term, |d| the terms of the field. An inverted-index library counts deleted chunks in df and avg|d| until it
happens to merge them away; here a score depends on nothing but the chunks that are there.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from threading import Lock
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
# Numbers of terms that are kept ready to be summed, 4 bytes each.
_HELD: Final = 8_000_000
# A term that more than one in so many chunks holds is kept as a number for each chunk.
_COMMON: Final = 6

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]
# A query and the scores of all rows, shape (n,), deleted ones 0; None where no chunk holds a term of the query.
_Scored = tuple[Mapping[str, Mapping[str, float]], Floats | None]


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
    """The LexicalIndex over segments whose live rows are disjoint. Any number of threads may read it.

    The rows of all segments count through, segment after segment: a query is summed once, however many there are.
    """

    def __init__(self, segments: Sequence[LexicalSegment], *, most: int = _HELD) -> None:
        """At most `most` numbers of the terms used lately are kept ready to be summed."""
        self._most = most
        self._segments = tuple(segments)
        self._chunk_ids = np.concatenate([np.empty(0, np.int64), *(segment.chunk_ids for segment in segments)])
        self._firsts = np.cumsum([0, *(len(segment.chunk_ids) for segment in segments)]).tolist()
        self._size = sum(_live_count(segment) for segment in segments)
        self._norms = {field: self._field_norms(field) for field in FIELDS}
        self._frequencies: dict[str, int] = {}
        self._recent: deque[_Scored] = deque(maxlen=_RECENT)
        self._kept: dict[str, dict[str, _Term]] = {field: {} for field in FIELDS}
        self._document_keys: dict[str, int] = {}
        self._held = 0
        self._keeping = Lock()

    def search(
        self, query: Mapping[str, Mapping[str, float]], k: int, documents: Collection[str] | None = None
    ) -> Sequence[Scored]:
        """The best k chunks, as the protocol says; an unknown field raises ValueError."""
        if k <= 0 or not self._size or (documents is not None and not documents):
            return ()
        sums = self._scored(query)
        if sums is None:
            return ()
        if documents is None:
            rows = _top(sums, k)
        else:
            allowed = self._rows_of(documents)
            rows = allowed[_top(sums[allowed], k)]
        return _ordered(self._chunk_ids[rows], sums[rows], k)

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

    def _rows_of(self, documents: Collection[str]) -> NDArray[np.int64]:
        """The rows of these documents, ascending."""
        wanted = self._keys_of(documents)
        return np.concatenate(
            [first + _rows_of(segment, wanted) for first, segment in zip(self._firsts, self._segments, strict=False)]
        )

    def _keys_of(self, documents: Collection[str]) -> Keys:
        """The keys of documents. Remembered: the same places are asked for again and again."""
        known = [self._document_keys.get(document) for document in documents]
        if None not in known:
            return np.array(known, np.uint64)
        keys = term_keys(documents)
        if len(self._document_keys) + len(keys) <= _REMEMBERED:
            self._document_keys.update(zip(documents, keys.tolist(), strict=True))
        return keys

    def _scored(self, query: Mapping[str, Mapping[str, float]]) -> Floats | None:
        """The scores of all rows. The last few are kept: a question is often asked again of some documents only."""
        for known, sums in tuple(self._recent):
            if known == query:
                return sums
        sums = self._sums(self._asked(query))
        self._recent.append(({field: dict(weights) for field, weights in query.items()}, sums))
        return sums

    def _asked(self, query: Mapping[str, Mapping[str, float]]) -> list[tuple[float, _Term]]:
        """The terms that some chunk holds with weight · idf · (k1 + 1), by order of FIELDS and of key: whatever order they
        were given in."""
        unknown = query.keys() - set(FIELDS)
        if unknown:
            raise ValueError(f"unknown field {min(unknown)!r}: fields are {', '.join(FIELDS)}")
        asked = []
        for field in FIELDS:
            weights = query.get(field, {})
            terms = zip(weights.values(), self._terms(field, list(weights)), strict=True)
            held = [(term.key, weight * term.idf * (K1 + 1), term) for weight, term in terms if term.size]
            held.sort(key=itemgetter(0))
            asked += [(factor, term) for _, factor, term in held]
        return asked

    def _terms(self, field: str, terms: Sequence[str]) -> Sequence[_Term]:
        """What is to be summed of each term. That of the terms used lately is kept: most of a query's time went into it."""
        found = list(map(self._kept[field].get, terms))
        if None in found:
            missing = [i for i, known in enumerate(found) if known is None]
            keys = term_keys([terms[i] for i in missing])
            spans = [segment.fields[field].spans(keys) for segment in self._segments]
            for i, key, *own in zip(missing, keys.tolist(), *spans, strict=True):
                found[i] = made = self._term(field, key, own)
                self._keep(field, terms[i], made)
        return [known for known in found if known is not None]

    def _keep(self, field: str, name: str, term: _Term) -> None:
        with self._keeping:
            known = self._kept[field].get(name)
            self._held += term.size - (known.size if known is not None else 0)
            self._kept[field][name] = term
            while self._held > self._most or len(self._kept[field]) > _REMEMBERED:
                kept = max(self._kept.values(), key=len)
                self._held -= kept.pop(next(iter(kept))).size

    def _term(self, field: str, key: int, spans: Sequence[tuple[int, int]]) -> _Term:
        """The term with a key, whose postings lie at these places of each segment."""
        rows, parts = [np.empty(0, np.int32)], [np.empty(0, np.float32)]
        for first, segment, norms, span in zip(
            self._firsts, self._segments, self._norms[field], map(slice, *zip(*spans, strict=True)), strict=False
        ):
            if span.start == span.stop:
                continue
            postings = segment.fields[field]
            here, counts = postings.rows[span], postings.counts[span].astype(np.float32)
            if segment.live is not None:
                alive = segment.live.take(here)
                here, counts = here[alive], counts[alive]
            rows.append(here + np.int32(first) if first else here)
            parts.append(counts / (counts + norms.take(here)))
        held, part = (np.concatenate(rows), np.concatenate(parts)) if len(rows) != 2 else (rows[1], parts[1])
        idf = math.log1p((self._size - len(held) + 0.5) / (len(held) + 0.5))
        if _COMMON * len(held) < self._size:
            return _Term(key, len(held), idf, held, part)
        every = np.zeros(len(self._chunk_ids), np.float32)
        every[held] = part
        return _Term(key, self._size, idf, None, every)

    def _sums(self, asked: Sequence[tuple[float, _Term]]) -> Floats | None:
        """Scores of all rows, shape (n,), deleted ones 0; None when no term of the query is there."""
        if not asked:
            return None
        sums = np.zeros(len(self._chunk_ids))
        rare = [(factor, term, term.rows) for factor, term in asked if term.rows is not None]
        if rare:
            rows = np.concatenate([rows for _, _, rows in rare], dtype=np.int64)
            # One product of all postings: one a term took as long as the sum itself.
            factors = np.repeat([factor for factor, _, _ in rare], [term.size for _, term, _ in rare])
            sums += np.bincount(rows, factors * np.concatenate([term.parts for _, term, _ in rare]), len(sums))
        for factor, term in asked:
            if term.rows is None:
                sums += np.float64(factor) * term.parts
        return sums


@dataclass(frozen=True, slots=True)
class _Term:
    """The live postings of a term in one field: how many numbers are kept of it, its idf, and `rows` (p,) with
    tf / (tf + k1 · (…)) of each in `parts`. A term that many chunks hold has no `rows` and a number for every row: sums of
    whole arrays are several times as fast. Whether it is one does not depend on how the chunks are spread over segments."""

    key: int
    size: int
    idf: float
    rows: Rows | None
    parts: NDArray[np.float32]


def _live_count(segment: LexicalSegment) -> int:
    return len(segment.chunk_ids) if segment.live is None else int(np.count_nonzero(segment.live))


def _rows_of(segment: LexicalSegment, wanted: Keys) -> NDArray[np.int64]:
    """The segment's rows of the documents with these keys, ascending."""
    if not len(segment.documents):
        return np.empty(0, np.int64)
    where = np.searchsorted(segment.documents, wanted)
    where[where == len(segment.documents)] = 0
    held = np.zeros(len(segment.documents), np.bool_)
    held[where[segment.documents[where] == wanted]] = True
    return np.flatnonzero(held[segment.document_of])


def _top(sums: Floats, k: int) -> NDArray[np.int64]:
    """Rows of the k highest positive sums and of every row tied with the last of them, in no order."""
    # Most rows score far below the best: cutting them first makes the partition a tenth of its work.
    rows = np.flatnonzero(sums > max(0.0, 0.25 * sums.max(initial=0.0)))
    if len(rows) < k:
        rows = np.flatnonzero(sums > 0.0)
    if len(rows) <= k:
        return rows
    values = sums[rows]
    last = np.partition(values, len(values) - k)[len(values) - k]
    best: NDArray[np.int64] = rows[values >= last]
    return best


def _ordered(chunks: NDArray[np.int64], values: Floats, k: int) -> Sequence[Scored]:
    order = np.lexsort((chunks, -values))[:k]
    return tuple(map(Scored._make, zip(chunks[order].tolist(), values[order].tolist(), strict=True)))
