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
_FRAMED = 0.5
_MEANING = 5
_TOKEN_LIMIT = 1 << 18
DICTIONARY = "zh_en_dict"

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
    """Bags whose equal positions belong together; those of `right` beyond the last of `left` are wrong for all. `same` (left, right):
    other positions that must not count as wrong."""

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


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Meanings of single tokens: those of token t are rows `rows[bounds[t]:bounds[t + 1]]` of `meanings`."""

    meanings: Tokens
    rows: Places
    bounds: Places

    def gloss(self, bags: Bags, random: np.random.Generator) -> Bags:
        """The bags with each token replaced by one of its meanings, drawn evenly; a token without any stays."""
        count = self.bounds[bags.ids + 1] - self.bounds[bags.ids]
        drawn = self.bounds[bags.ids] + (random.random(len(bags.ids)) * count).astype(np.int64)
        row = self.rows[np.minimum(drawn, len(self.rows) - 1)]
        start = self.meanings.bounds[row]
        size = np.where(count > 0, np.minimum(self.meanings.bounds[row + 1] - start, _MEANING), 1)
        owner = np.repeat(np.arange(len(size)), size)
        within = np.arange(len(owner)) - np.repeat(np.cumsum(size) - size, size)
        ids = np.where(count[owner] > 0, self.meanings.ids[start[owner] + within * (count[owner] > 0)], bags.ids[owner])
        before = np.concatenate(([0], np.cumsum(size)))
        return Bags(ids.astype(np.int32), before[bags.offsets])


def lexicon(dictionary: Encoded) -> Lexicon:
    """Meanings (left) of the head words (right) that are one token."""
    lengths = np.diff(dictionary.right.bounds)
    single = np.flatnonzero((lengths == 1) & (np.diff(dictionary.left.bounds) > 0))
    heads = dictionary.right.ids[dictionary.right.bounds[single]]
    order = np.argsort(heads, kind="stable")
    counts = np.bincount(heads, minlength=_TOKEN_LIMIT)
    return Lexicon(dictionary.left, single[order], np.concatenate(([0], np.cumsum(counts))))


class Sampler:
    """Draws batches, each from one source, sources by their share. The same seed gives the same batches.

    `frames` are what makes a question of a phrase (“有哪些”, “how many”): half of the short sides of a batch get one, so that
    their words, which the answer never repeats, come to weigh little. `negatives` holds for each source the rows (rows, most)
    one of which comes into the batch beside each row as a wrong answer; −1 where there is none, None for no source.
    """

    def __init__(
        self,
        sources: Sequence[Encoded],
        frames: Tokens,
        *,
        batch: int,
        seed: int,
        negatives: Sequence[Ids | None] | None = None,
    ) -> None:
        self._sources = sources
        self._frames = frames
        self._lexicon = lexicon(next(source for source in sources if source.name == DICTIONARY))
        self._shares = np.array([source.share for source in sources]) / sum(source.share for source in sources)
        self._batch = batch
        self._seed = seed
        self._negatives = negatives or [None] * len(sources)

    def draw(self, step: int) -> Batch:
        """The batch of a step: a function of seed and step alone, so that training can resume anywhere."""
        random = np.random.default_rng((self._seed, step))
        number = random.choice(len(self._sources), p=self._shares)
        source, negatives = self._sources[number], self._negatives[number]
        rows = self._rows(source, random)
        batch = self._pairs(source, rows, random)
        return batch if negatives is None else _with_wrong(batch, source, rows, negatives, random)

    def _pairs(self, source: Encoded, rows: Places, random: np.random.Generator) -> Batch:
        if source.kind is Kind.SPAN:
            left, right = _spans(source.right, rows, random)
            return Batch(framed(left, self._frames, random), right, None, source.crossing)
        if source.kind is Kind.WINDOW:
            return _windows(source, rows, self._frames, random)
        if source.kind is Kind.GLOSS:
            span, text = _spans(source.right, rows, random, keep=1.0)
            span = framed(self._lexicon.gloss(span, random), self._frames, random)
            return Batch(span, text, None, source.crossing)
        left = _bags(source.left, rows, rows + 1, random)
        if source.kind is Kind.NEAR:
            left = framed(left, self._frames, random)
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


def _with_wrong(batch: Batch, source: Encoded, rows: Places, negatives: Ids, random: np.random.Generator) -> Batch:
    """The batch with one of the negatives of each row, where it has any, put behind its right texts."""
    drawn = negatives[rows, random.integers(0, negatives.shape[1], len(rows))].astype(np.int64)
    wrong = drawn[drawn >= 0]
    bags = _bags(source.right, wrong, wrong + 1, random)
    right = Bags(
        np.concatenate((batch.right.ids, bags.ids)),
        np.concatenate((batch.right.offsets, bags.offsets + len(batch.right.ids))),
    )
    same = np.zeros((len(rows), len(rows)), dtype=np.bool_) if batch.same is None else batch.same
    return Batch(batch.left, right, np.hstack((same, _alike(source, rows, wrong))), batch.crossing)


def _equal(source: Encoded, rows: Places) -> NDArray[np.bool_]:
    """Which other positions have the same text on either side."""
    same = _alike(source, rows, rows)
    np.fill_diagonal(same, False)
    return same


def _alike(source: Encoded, rows: Places, others: Places) -> NDArray[np.bool_]:
    """Which rows (down) and others (across) have the same text on either side, by a hash of their tokens."""
    same = np.zeros((len(rows), len(others)), dtype=np.bool_)
    for tokens in (source.left, source.right):
        same |= _marks(tokens, rows)[:, None] == _marks(tokens, others)
    return same


def _marks(tokens: Tokens, rows: Places) -> Places:
    return np.array([hash(tokens.ids[tokens.bounds[row] : tokens.bounds[row + 1]].tobytes()) for row in rows])


def framed(bags: Bags, frames: Tokens, random: np.random.Generator) -> Bags:
    """The bags, the tokens of a frame drawn evenly put behind half of them."""
    count = len(bags.offsets)
    frame = random.integers(0, len(frames), count)
    start = frames.bounds[frame]
    size = np.where(random.random(count) < _FRAMED, frames.bounds[frame + 1] - start, 0)
    owner = np.repeat(np.arange(count), size)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(size) - size, size)
    lengths = np.diff(np.append(bags.offsets, len(bags.ids)))
    owners = np.concatenate((np.repeat(np.arange(count), lengths), owner))
    ids = np.concatenate((bags.ids, frames.ids[start[owner] + within]))[np.argsort(owners, kind="stable")]
    sizes = lengths + size
    return Bags(ids, np.cumsum(sizes) - sizes)


def _windows(source: Encoded, rows: Places, frames: Tokens, random: np.random.Generator) -> Batch:
    """One side alone, the other with up to three neighbours before and after it; which side is which is drawn."""
    count = len(source.right)
    before, after = random.integers(0, _WINDOW + 1, (2, len(rows)))
    first, last = np.maximum(rows - before, 0), np.minimum(rows + after + 1, count)
    wide_left = random.random() < 0.5
    narrow, wide = (source.right, source.left) if wide_left else (source.left, source.right)
    one = framed(_bags(narrow, rows, rows + 1, random), frames, random)
    many = _bags(wide, first, last, random)
    overlap = np.abs(rows[:, None] - rows) <= _WINDOW
    np.fill_diagonal(overlap, False)
    return Batch(many, one, overlap, source.crossing) if wide_left else Batch(one, many, overlap, source.crossing)


def _bags(tokens: Tokens, first: Places, last: Places, random: np.random.Generator) -> Bags:
    """The tokens of rows first..last−1 as bags of at most MAX_TOKENS, a tenth of the tokens of longer bags dropped."""
    starts, ends = tokens.bounds[first], tokens.bounds[last]
    return _gather(tokens.ids, starts, np.minimum(ends, starts + MAX_TOKENS), random)


def _spans(tokens: Tokens, rows: Places, random: np.random.Generator, *, keep: float = _KEEP_SPAN) -> tuple[Bags, Bags]:
    """A run of 4 to 16 tokens of each text, and the text without it (with it in a share `keep` of cases)."""
    starts = tokens.bounds[rows]
    lengths = np.minimum(tokens.bounds[rows + 1] - starts, MAX_TOKENS)
    size = np.minimum(random.integers(4, 17, len(rows)), np.maximum(lengths // 2, 1))
    at = (random.random(len(rows)) * (lengths - size + 1)).astype(np.int64)
    span = _gather(tokens.ids, starts + at, starts + at + size, random)
    kept = random.random(len(rows)) < keep
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
