"""Exact inner product over segments of FAISS flat indexes (float32), one OpenMP thread per query.

A segment's file is a FAISS `IndexIDMap2` over an `IndexFlatIP`, ids = chunk ids ascending; row i of the flat index is the
i-th chunk. It is searched by row, so that deleted and unwanted rows are one bitmap. A score does not depend on the row or
the segment that a vector lies in (measured: FAISS computes each row alone), and `scores` gives the same bits as `search`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, cast

import faiss
import numpy as np
from numpy.typing import NDArray

from rag.index.arrays import DamagedError
from rag.index.rough import Rough
from rag.protocols import Vector
from rag.types import Scored

_SPARE: Final = 120
# Rows beyond the best k that a rough pass is asked for: enough for 40 of 9,200 in 19 of 20 questions.
_ROUGHLY: Final = 256
# Rows beyond k by which it is seen which of the others may still be among the best: a hundred, mostly.
_FIRST: Final = 24

Ids = NDArray[np.int64]
Mask = NDArray[np.bool_]
Matrix = NDArray[np.float32]


class FlatIndex(Protocol):
    """What is used of a FAISS IndexFlatIP; FAISS's own type stubs leave half of it out."""

    def search(
        self, x: Matrix, k: int, *, params: faiss.SearchParameters | None
    ) -> tuple[Matrix, NDArray[np.int64]]: ...

    def compute_distance_subset(self, n: int, x: object, k: int, distances: object, labels: object) -> None: ...

    def get_xb(self) -> object: ...


@dataclass(frozen=True, slots=True)
class VectorSegment:
    """Vectors of n chunks: `chunk_ids` (n,) ascending, `index` a FAISS IndexIDMap2 over IndexFlatIP with rows in that order;
    `live` (n,) is None when no row was deleted; `rough` makes a first pass, where there is one."""

    chunk_ids: Ids
    index: faiss.IndexIDMap2
    live: Mask | None = None
    rough: Rough | None = None


class SegmentedVectors:
    """The VectorIndex over segments whose live rows are disjoint. Any number of threads may read it."""

    def __init__(self, dim: int, segments: Sequence[VectorSegment]) -> None:
        self._dim = dim
        self._segments = tuple(segment for segment in segments if len(segment.chunk_ids))
        self._flat = tuple(_flat(segment.index) for segment in self._segments)

    def search(self, vector: Vector, k: int, chunks: Collection[int] | None = None) -> Sequence[Scored]:
        """The best k chunks, as the protocol says; another shape of vector raises ValueError."""
        query = self._query(vector)
        wanted = None if chunks is None else np.fromiter(chunks, np.int64, len(chunks))
        found: list[tuple[Ids, Vector]] = []
        with one_thread():
            for segment, flat in zip(self._segments, self._flat, strict=True):
                allowed = _allowed(segment, wanted)
                size = len(segment.chunk_ids) if allowed is None else int(np.count_nonzero(allowed))
                if k > 0 and size:
                    found.append(_search(segment, flat, query, min(k, size), size, allowed))
        return _ordered(found, k)

    def scores(self, vector: Vector, chunks: Sequence[int]) -> Sequence[float]:
        """Inner products in the order of the chunks; 0.0 for an unknown one."""
        query = self._query(vector)
        wanted = np.fromiter(chunks, np.int64, len(chunks))
        values = np.zeros(len(wanted), np.float32)
        with one_thread():
            for segment, flat in zip(self._segments, self._flat, strict=True):
                rows, held = _rows(segment, wanted)
                if len(rows):
                    values[held] = _products(flat, query, rows)
        return tuple(values.tolist())

    def _query(self, vector: Vector) -> Vector:
        if vector.shape != (self._dim,):
            raise ValueError(f"query vector of shape {vector.shape}: the index has {self._dim} dimensions")
        return np.ascontiguousarray(vector, np.float32)


@contextmanager
def one_thread() -> Iterator[None]:
    """One OpenMP thread for the calling thread's FAISS calls inside; a second one makes a single query 2–20 times slower.

    The setting belongs to the calling thread alone (OpenMP, nthreads-var) and is put back.
    """
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def build_index(chunk_ids: Ids, vectors: Matrix) -> faiss.IndexIDMap2:
    """The FAISS index of vectors of shape (n, dim), in the order of their chunk ids."""
    index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
    if len(chunk_ids):
        index.add_with_ids(np.ascontiguousarray(vectors, np.float32), np.ascontiguousarray(chunk_ids, np.int64))
    return index


def open_index(path: Path, rows: int, dim: int) -> faiss.IndexIDMap2:
    """A segment's FAISS index, mapped into memory. Raises DamagedError."""
    try:
        # Of FAISS's two ways to map a file this one opens in a millisecond and searches at full speed.
        index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    except RuntimeError as error:
        raise DamagedError(f"{str(path)!r} is missing or damaged: run `rag rebuild`") from error
    if not isinstance(index, faiss.IndexIDMap2) or index.ntotal != rows or index.d != dim:
        raise DamagedError(f"{str(path)!r} does not hold {rows} vectors of {dim} dimensions: run `rag rebuild`")
    return index


def matrix(index: faiss.IndexIDMap2) -> Matrix:
    """The vectors of a segment, shape (n, dim): a view that lives as long as the index."""
    if not index.ntotal:
        return np.empty((0, index.d), np.float32)
    view: Matrix = faiss.rev_swig_ptr(_flat(index).get_xb(), index.ntotal * index.d).reshape(index.ntotal, index.d)
    return view


def _flat(index: faiss.IndexIDMap2) -> FlatIndex:
    return cast(FlatIndex, faiss.downcast_index(index.index))


def _selecting(allowed: Mask) -> faiss.SearchParameters:
    """Search parameters for these rows alone. (FAISS's stubs know neither argument.)"""
    bitmap = np.packbits(allowed, bitorder="little")
    return faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bitmap))  # type: ignore[call-arg, arg-type]


def _search(
    segment: VectorSegment, flat: FlatIndex, query: Vector, k: int, size: int, allowed: Mask | None
) -> tuple[Ids, Vector]:
    """The best k rows and every row tied with the last of them, as chunk ids and scores."""
    parameters = None
    if allowed is not None:
        parameters = _selecting(allowed)
    found = _roughly(segment.rough, flat, query, k, size, parameters)
    fetch = min(k + _SPARE, size)
    while found is None:
        scores, rows = flat.search(query[None], fetch, params=parameters)
        if fetch == size or scores[0, -1] < scores[0, k - 1]:
            found = rows[0], scores[0]
        fetch = min(4 * fetch, size)
    return segment.chunk_ids[found[0]], found[1]


def _roughly(
    rough: Rough | None, flat: FlatIndex, query: Vector, k: int, size: int, parameters: faiss.SearchParameters | None
) -> tuple[Ids, Vector] | None:
    """The same rows with the same scores by way of a rough pass; None where that is not made, or leaves it open which they are."""
    fetch = k + _ROUGHLY
    if rough is None or 4 * fetch > size or not rough.ready():
        return None
    while 4 * fetch <= size:
        rows, bounds = rough.leading(query, fetch, parameters)
        first = _products(flat, query, rows[: k + _FIRST])
        reaching = int(np.count_nonzero(bounds >= np.partition(first, _FIRST)[_FIRST]))
        if reaching < fetch:
            scores = np.concatenate((first, _products(flat, query, rows[k + _FIRST : reaching])))
            best = scores >= np.partition(scores, len(scores) - k)[len(scores) - k]
            return rows[: len(scores)][best], scores[best]
        fetch *= 4
    return None


def _products(flat: FlatIndex, query: Vector, rows: Ids) -> Vector:
    values = np.empty(len(rows), np.float32)
    if not len(rows):
        return values
    flat.compute_distance_subset(1, faiss.swig_ptr(query), len(rows), faiss.swig_ptr(values), faiss.swig_ptr(rows))
    return values


def _rows(segment: VectorSegment, wanted: Ids) -> tuple[Ids, Mask]:
    """Rows of the wanted chunks that are live here, and which of the wanted they are."""
    where = np.searchsorted(segment.chunk_ids, wanted)
    where[where == len(segment.chunk_ids)] = 0
    held = segment.chunk_ids[where] == wanted
    if segment.live is not None:
        held &= segment.live[where]
    return np.ascontiguousarray(where[held], np.int64), held


def _allowed(segment: VectorSegment, wanted: Ids | None) -> Mask | None:
    if wanted is None:
        return segment.live
    allowed = np.zeros(len(segment.chunk_ids), np.bool_)
    allowed[_rows(segment, wanted)[0]] = True
    return allowed


def _ordered(found: Sequence[tuple[Ids, Vector]], k: int) -> Sequence[Scored]:
    if not found:
        return ()
    chunks = np.concatenate([ids for ids, _ in found])
    values = np.concatenate([scores for _, scores in found])
    order = np.lexsort((chunks, -values))[:k]
    return tuple(map(Scored._make, zip(chunks[order].tolist(), values[order].tolist(), strict=True)))
