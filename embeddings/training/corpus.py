"""Training texts as arrays of token ids, and the batches drawn from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from embeddings.training.data import Kind

MAX_TOKENS = 160
_ENCODE = 4096
_NEIGHBOURS = 8
_WINDOW = 3
_KEEP_SPAN = 0.3
_DROP = 0.1

Ids = NDArray[np.int32]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tokens:
    """Texts as one array of ids; text i is `ids[bounds[i]:bounds[i + 1]]`."""

    ids: Ids
    bounds: Places

    def __len__(self) -> int:
        return len(self.bounds) - 1


@dataclass(frozen=True, slots=True)
class Encoded:
    """A source in tokens."""

    name: str
    kind: Kind
    left: Tokens
    right: Tokens
    share: float
    crossing: bool


@dataclass(frozen=True, slots=True)
class Bags:
    """A batch of texts as bags of tokens: flat ids, and where each bag begins, shape (batch,)."""

    ids: Ids
    offsets: Places


@dataclass(frozen=True, slots=True)
class Batch:
    """Bags whose equal positions belong together. `same` (batch, batch): other positions that must not count as wrong."""

    left: Bags
    right: Bags
    same: NDArray[np.bool_] | None
    crossing: bool


def encode(texts: Sequence[str], tokenizer: Tokenizer) -> Tokens:
    """The texts' tokens, unknown ones (id 0) left out."""
    parts: list[Ids] = []
    lengths: list[int] = []
    for start in range(0, len(texts), _ENCODE):
        for encoding in tokenizer.encode_batch_fast(list(texts[start : start + _ENCODE]), add_special_tokens=False):
            ids = np.array(encoding.ids, dtype=np.int32)
            ids = ids[ids > 0]
            parts.append(ids)
            lengths.append(len(ids))
    flat = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)
    return Tokens(flat, np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))))


class Sampler:
    """Draws batches, each from one source, sources by their share. The same seed gives the same batches."""

    def __init__(self, sources: Sequence[Encoded], *, batch: int, seed: int) -> None:
        self._sources = sources
        self._shares = np.array([source.share for source in sources]) / sum(source.share for source in sources)
        self._batch = batch
        self._seed = seed

    def draw(self, step: int) -> Batch:
        """The batch of a step: a function of seed and step alone, so that training can resume anywhere."""
        random = np.random.default_rng((self._seed, step))
        source = self._sources[random.choice(len(self._sources), p=self._shares)]
        rows = self._rows(source, random)
        if source.kind is Kind.SPAN:
            left, right = _spans(source.right, rows, random)
            return Batch(left, right, None, source.crossing)
        if source.kind is Kind.WINDOW:
            return _windows(source, rows, random)
        left = _bags(source.left, rows, rows + 1, random)
        right = _bags(source.right, rows, rows + 1, random)
        return Batch(left, right, _equal(source, rows), source.crossing)

    def _rows(self, source: Encoded, random: np.random.Generator) -> Places:
        """Row numbers; of documents in order half are drawn with their neighbours, which are the hardest wrong answers."""
        count = len(source.right)
        if source.kind is Kind.PAIR:
            return random.integers(0, count, self._batch)
        groups = self._batch // (2 * _NEIGHBOURS)
        starts = random.integers(0, max(1, count - _NEIGHBOURS), groups)
        near = (starts[:, None] + np.arange(_NEIGHBOURS)).ravel()
        return np.minimum(np.concatenate((near, random.integers(0, count, self._batch - len(near)))), count - 1)


def _equal(source: Encoded, rows: Places) -> NDArray[np.bool_]:
    """Which pairs of positions have the same text on either side (by a hash of their tokens)."""
    marks = [_marks(tokens, rows) for tokens in (source.left, source.right)]
    same: NDArray[np.bool_] = (marks[0][:, None] == marks[0]) | (marks[1][:, None] == marks[1])
    np.fill_diagonal(same, False)
    return same


def _marks(tokens: Tokens, rows: Places) -> Places:
    return np.array([hash(tokens.ids[tokens.bounds[row] : tokens.bounds[row + 1]].tobytes()) for row in rows])


def _windows(source: Encoded, rows: Places, random: np.random.Generator) -> Batch:
    """One side alone, the other with up to three neighbours before and after it; which side is which is drawn."""
    count = len(source.right)
    before, after = random.integers(0, _WINDOW + 1, (2, len(rows)))
    first, last = np.maximum(rows - before, 0), np.minimum(rows + after + 1, count)
    wide_left = random.random() < 0.5
    narrow, wide = (source.right, source.left) if wide_left else (source.left, source.right)
    one, many = _bags(narrow, rows, rows + 1, random), _bags(wide, first, last, random)
    overlap = np.abs(rows[:, None] - rows) <= _WINDOW
    np.fill_diagonal(overlap, False)
    return Batch(many, one, overlap, source.crossing) if wide_left else Batch(one, many, overlap, source.crossing)


def _bags(tokens: Tokens, first: Places, last: Places, random: np.random.Generator) -> Bags:
    """The tokens of rows first..last−1 as bags of at most MAX_TOKENS, a tenth of the tokens of longer bags dropped."""
    starts, ends = tokens.bounds[first], tokens.bounds[last]
    return _gather(tokens.ids, starts, np.minimum(ends, starts + MAX_TOKENS), random)


def _spans(tokens: Tokens, rows: Places, random: np.random.Generator) -> tuple[Bags, Bags]:
    """A run of 4 to 16 tokens of each text, and the text without it (in three cases of ten with it)."""
    starts = tokens.bounds[rows]
    lengths = np.minimum(tokens.bounds[rows + 1] - starts, MAX_TOKENS)
    size = np.minimum(random.integers(4, 17, len(rows)), np.maximum(lengths // 2, 1))
    at = (random.random(len(rows)) * (lengths - size + 1)).astype(np.int64)
    span = _gather(tokens.ids, starts + at, starts + at + size, random)
    kept = random.random(len(rows)) < _KEEP_SPAN
    rest = _gather(tokens.ids, starts, starts + lengths, random, (at, np.where(kept, at, at + size)))
    return span, rest


def _gather(
    ids: Ids, starts: Places, ends: Places, random: np.random.Generator, hole: tuple[Places, Places] | None = None
) -> Bags:
    lengths = ends - starts
    owner = np.repeat(np.arange(len(starts)), lengths)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    keep = (random.random(len(owner)) >= _DROP) | (lengths[owner] < 4)
    if hole is not None:
        keep &= (within < hole[0][owner]) | (within >= hole[1][owner])
    owner, within = owner[keep], within[keep]
    counts = np.bincount(owner, minlength=len(starts))
    return Bags(ids[starts[owner] + within], np.cumsum(counts) - counts)
