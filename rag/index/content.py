"""What a segment holds, as arrays: made of chunks where they are read, and put together when they are indexed.

Worker processes import this and nothing of the indexes themselves: FAISS alone takes a tenth of a second to start.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.protocol import Matrix
from rag.index.lexical import FIELDS
from rag.index.postings import Keys, Mask, Postings, Rows, build_postings, merge_postings, term_keys

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Content:
    """n chunks: `chunk_ids` (n,) ascending, `documents` (m,) ascending keys, `document_of` (n,) indexes into it, the postings
    of each field, `vectors` (n, dim)."""

    chunk_ids: Ids
    documents: Keys
    document_of: Rows
    fields: Mapping[str, Postings]
    vectors: Matrix


@dataclass(frozen=True, slots=True)
class IndexedChunk:
    """What a segment needs of a chunk: its ids and the keys of its terms by field, in the order of FIELDS."""

    chunk_id: int
    document_id: str
    keys: tuple[Keys, ...]


def build_content(chunks: Sequence[IndexedChunk], vectors: Matrix) -> Content:
    """The content of chunks with their vectors, shape (n, dim), in the same order."""
    order = np.argsort(np.array([chunk.chunk_id for chunk in chunks], np.int64))
    placed = [chunks[row] for row in order.tolist()]
    keys = term_keys([chunk.document_id for chunk in placed])
    documents, document_of = np.unique(keys, return_inverse=True)
    return Content(
        chunk_ids=np.array([chunk.chunk_id for chunk in placed], np.int64),
        documents=documents,
        document_of=document_of.astype(np.int32),
        fields={field: _postings([chunk.keys[number] for chunk in placed]) for number, field in enumerate(FIELDS)},
        vectors=vectors[order],
    )


def _postings(rows: Sequence[Keys]) -> Postings:
    return build_postings(
        np.concatenate([np.empty(0, np.uint64), *rows]), np.array([len(row) for row in rows], np.int32)
    )


def merge_contents(parts: Sequence[tuple[Content, Mask | None]]) -> Content:
    """One content of the rows of several, those that are marked; all where there is no mask."""
    if len(parts) == 1 and (parts[0][1] is None or parts[0][1].all()):
        return parts[0][0]
    kept = [np.ones(len(part.chunk_ids), np.bool_) if mask is None else mask for part, mask in parts]
    chunk_ids = np.concatenate([part.chunk_ids[mask] for (part, _), mask in zip(parts, kept, strict=True)])
    order = np.argsort(chunk_ids)
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    vectors = np.empty((len(order), parts[0][0].vectors.shape[1]), np.float32)
    keys = np.empty(len(order), np.uint64)
    places, first = [], 0
    for (part, _), mask in zip(parts, kept, strict=True):
        place = np.full(len(mask), -1, np.int32)
        count = int(np.count_nonzero(mask))
        place[mask] = new = rank[first : first + count]
        vectors[new] = part.vectors[mask]
        keys[new] = part.documents[part.document_of[mask]]
        places.append(place)
        first += count
    documents, document_of = np.unique(keys, return_inverse=True)
    return Content(
        chunk_ids=chunk_ids[order],
        documents=documents,
        document_of=document_of.astype(np.int32),
        fields={
            field: merge_postings(
                [(part.fields[field], place) for (part, _), place in zip(parts, places, strict=True)], len(order)
            )
            for field in FIELDS
        },
        vectors=vectors,
    )
