"""Hard negatives: for each row the rows that BM25 ranks high for it and that are not its answer.

Off by default (`--mined N`): measured, they bring nothing (MODEL_CARD.md). A question is asked of the passages; a row of
two languages is compared with the other rows by its left side; a row that is made of one text by that text. Rows that score
nearly as high as the right one are left out: they repeat or answer it too (positive-aware mining, Moreira et al. 2024).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.training.corpus import DICTIONARY, Encoded, Places, Tokens
from embeddings.training.data import Kind

K1, B = 1.2, 0.75
CEILING = 0.7  # of the right row's score
_TERMS = 8
_MOST_ROWS = 1_000  # a token in more rows says little and costs most
_BLOCK = 512
Rows = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Postings:
    """Where each token occurs: that of token t is `rows[bounds[t]:bounds[t + 1]]`, with its BM25 weight in each row."""

    rows: Places
    weights: NDArray[np.float64]
    bounds: Places
    count: int


def mined(sources: Sequence[Encoded], tokens: int, most: int) -> list[Rows | None]:
    """For each source its negatives, shape (rows, most), best first, −1 where there are no more; None for those without any: like
    entries of a dictionary are synonyms, and windows are drawn with their neighbours. `tokens` is the size of the vocabulary."""
    return [negatives(*_sides(source), tokens, most) if _has_wrong_rows(source) else None for source in sources]


def negatives(asked: Tokens, held: Tokens, tokens: int, most: int) -> Rows:
    """The best rows of `held` for each row of `asked`, at most 0.7 times the score of the row of the same number; shape (rows, most),
    order by (−score, row), −1 where there are no more."""
    postings = index(held, tokens)
    found = np.full((len(asked), most), -1, dtype=np.int32)
    for start in range(0, len(asked), _BLOCK):
        for row, best in _best(asked, postings, start, min(start + _BLOCK, len(asked)), most):
            found[row, : len(best)] = best
    return found


def index(held: Tokens, tokens: int) -> Postings:
    """The postings of rare tokens, BM25 weights (Robertson and Zaragoza 2009) with idf log(1 + (n − df + ½) / (df + ½))."""
    lengths = np.diff(held.bounds)
    pairs, times = np.unique(
        held.ids.astype(np.int64) * len(held) + np.repeat(np.arange(len(held)), lengths), return_counts=True
    )
    token, row = pairs // len(held), pairs % len(held)
    df = np.bincount(token, minlength=tokens)
    rare = df[token] <= _MOST_ROWS
    token, row, times = token[rare], row[rare], times[rare]
    idf = np.log1p((len(held) - df + 0.5) / (df + 0.5))
    weights = idf[token] * times * (K1 + 1) / (times + K1 * (1 - B + B * lengths[row] / lengths.mean()))
    bounds = np.concatenate(([0], np.cumsum(np.bincount(token, minlength=tokens))))
    return Postings(row, weights, bounds, len(held))


def _has_wrong_rows(source: Encoded) -> bool:
    return source.kind is not Kind.WINDOW and source.name != DICTIONARY


def _sides(source: Encoded) -> tuple[Tokens, Tokens]:
    """What is asked, and what it is asked of."""
    if source.kind in (Kind.SPAN, Kind.GLOSS):
        return source.right, source.right
    return (source.left, source.left) if source.crossing else (source.left, source.right)


def _best(asked: Tokens, postings: Postings, first: int, last: int, most: int) -> Iterator[tuple[int, Places]]:
    """Each row from first to last − 1 with its negatives."""
    owner, token = _rarest(asked, postings, first, last)
    sizes = postings.bounds[token + 1] - postings.bounds[token]
    at = np.repeat(postings.bounds[token] - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
    keys, places = np.unique(np.repeat(owner, sizes) * postings.count + postings.rows[at], return_inverse=True)
    scores = np.bincount(places, weights=postings.weights[at], minlength=len(keys))
    query, row = keys // postings.count, keys % postings.count
    right = np.zeros(last)
    right[query[query == row]] = scores[query == row]
    kept = np.flatnonzero((scores <= CEILING * right[query]) & (row != query))
    order = kept[np.lexsort((row[kept], -scores[kept], query[kept]))]
    bounds = np.searchsorted(query[order], np.arange(first, last + 1))
    for number in range(first, last):
        found = order[bounds[number - first] : bounds[number - first + 1]]
        yield number, row[found[:most]]


def _rarest(asked: Tokens, postings: Postings, first: int, last: int) -> tuple[Places, Places]:
    """The eight distinct tokens of each row that occur in the fewest rows and in any: row numbers and tokens."""
    ids = asked.ids[asked.bounds[first] : asked.bounds[last]].astype(np.int64)
    owners = np.repeat(np.arange(first, last), np.diff(asked.bounds[first : last + 1]))
    width = len(postings.bounds)
    pairs = np.unique(owners * width + ids)
    owner, token = pairs // width, pairs % width
    counts = postings.bounds[token + 1] - postings.bounds[token]
    held = counts > 0
    owner, token, counts = owner[held], token[held], counts[held]
    order = np.lexsort((token, counts, owner))
    owner, token = owner[order], token[order]
    rank = np.arange(len(owner)) - np.searchsorted(owner, owner)
    return owner[rank < _TERMS], token[rank < _TERMS]
