"""The trained table and its loss.

A token's row is g · (own + mean of its parts): `own` belongs to the token alone, parts (characters of a Chinese word, runs of
letters of an English one; fastText, Bojanowski et al. 2017) are shared, so that a rare word starts from what its parts mean.
g begins as a / (a + p) of the token's share p (SIF, Arora et al. 2017) and is learned. Only the sum ships.

Rows begin at random, which already matches equal words (large first steps were measured to destroy that: xquad-en 0.87 → 0.82);
those of English words begin near the Chinese words that translate them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from embeddings.training.alignment import Translations
from embeddings.training.corpus import Bags, Batch
from embeddings.training.vocabulary import parts

BUCKETS = 60_000
_SIF = 5e-4
_SPREAD_PART = 0.3
_ALIGNED = 0.9
_GAIN_RATE = 0.05


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts of each token: those of token t are `ids[bounds[t]:bounds[t + 1]]`, numbers below `count`."""

    ids: NDArray[np.int64]
    bounds: NDArray[np.int64]
    count: int


def token_parts(pieces: Sequence[str]) -> Parts:
    """The parts of all tokens, in order of id; a part is a bucket of its hash."""
    lists = [[crc32(part.encode()) % BUCKETS for part in parts(piece)] for piece in pieces]
    bounds = np.cumsum([0, *(len(row) for row in lists)], dtype=np.int64)
    return Parts(np.array([part for row in lists for part in row], dtype=np.int64), bounds, BUCKETS)


class Rows:
    """A matrix trained row by row: only rows of the batch are read and written.

    Adagrad (Duchi et al. 2011) with one accumulator a row: rare rows keep large steps, frequent ones settle.
    """

    def __init__(self, values: Tensor) -> None:
        self.values = values
        self.squares = torch.zeros(len(values))

    def step(self, rows: Tensor, gradient: Tensor, rate: float) -> None:
        """One update of these rows (each once) by their gradient, shape (rows, width)."""
        squares = self.squares.index_select(0, rows) + gradient.square().mean(1)
        self.squares.index_copy_(0, rows, squares)
        scale = -rate / (squares.sqrt() + 1e-8)
        self.values.index_add_(0, rows, gradient.mul_(scale[:, None]))

    def state(self) -> dict[str, Tensor]:
        """All that resuming needs."""
        return {"values": self.values, "squares": self.squares}

    def restore(self, state: dict[str, Tensor]) -> None:
        """Takes up what `state` gave."""
        self.values, self.squares = state["values"], state["squares"]


class TableModel:
    """The table in training. Loss: symmetric InfoNCE with in-batch negatives."""

    def __init__(
        self,
        shares: NDArray[np.float64],
        made_of: Parts,
        known: Translations | None,
        *,
        dim: int,
        scales: tuple[float, float],
        rate: float,
        seed: int,
    ):
        generator = torch.Generator().manual_seed(seed)
        spread = dim**-0.5
        self.scales = scales
        self.rate = rate
        gain = torch.from_numpy(_SIF / (_SIF + shares)).float()[:, None]
        own = torch.randn(len(shares), dim, generator=generator) * spread
        self.own = Rows(own if known is None else _aligned(own, gain, known))
        self.part = Rows(torch.randn(made_of.count, dim, generator=generator) * spread * _SPREAD_PART)
        self.gain = Rows(torch.log(gain))
        self._parts = made_of

    def train(self, batch: Batch, speed: float) -> float:
        """One step at `speed` (0 to 1) times the learning rates; the loss before it."""
        tokens, places = np.unique(np.concatenate((batch.left.ids, batch.right.ids)), return_inverse=True)
        part_rows, part_ids, part_offsets = self._part_bags(tokens)
        at = torch.from_numpy(tokens).long()
        own = self.own.values.index_select(0, at).requires_grad_()
        part = self.part.values.index_select(0, part_rows).requires_grad_()
        gain = self.gain.values.index_select(0, at).requires_grad_()
        rows = _compose(own, part, gain, part_ids, part_offsets)
        left = _pool(rows, places[: len(batch.left.ids)], batch.left)
        right = _pool(rows, places[len(batch.left.ids) :], batch.right)
        loss = self._loss(left, right, batch)
        torch.autograd.backward(loss)
        for matrix, index, leaf, step in (
            (self.own, at, own, self.rate),
            (self.part, part_rows, part, self.rate),
            (self.gain, at, gain, _GAIN_RATE),
        ):
            if leaf.grad is not None and len(index):
                matrix.step(index, leaf.grad, speed * step)
        return float(loss.detach())

    def table(self) -> NDArray[np.float32]:
        """The finished rows, float32, shape (tokens, dim)."""
        part_rows, part_ids, offsets = self._part_bags(np.arange(len(self.own.values), dtype=np.int32))
        part = self.part.values[part_rows]
        rows = _compose(self.own.values, part, self.gain.values, part_ids, offsets)
        rows[0] = 0  # the unknown token says nothing
        finished: NDArray[np.float32] = rows.numpy()
        return finished

    def state(self) -> dict[str, dict[str, Tensor]]:
        """All that resuming needs."""
        return {"own": self.own.state(), "part": self.part.state(), "gain": self.gain.state()}

    def restore(self, state: dict[str, dict[str, Tensor]]) -> None:
        """Takes up what `state` gave."""
        self.own.restore(state["own"])
        self.part.restore(state["part"])
        self.gain.restore(state["gain"])

    def _part_bags(self, tokens: NDArray[np.int32]) -> tuple[Tensor, Tensor, Tensor]:
        """Distinct parts of these tokens, and each token's parts as positions among them, with offsets."""
        starts, ends = self._parts.bounds[tokens], self._parts.bounds[tokens + 1]
        lengths = ends - starts
        offsets = np.cumsum(lengths) - lengths
        flat = self._parts.ids[np.repeat(starts - offsets, lengths) + np.arange(lengths.sum())]
        distinct, places = np.unique(flat, return_inverse=True)
        return torch.from_numpy(distinct), torch.from_numpy(places), torch.from_numpy(offsets)

    def _loss(self, left: Tensor, right: Tensor, batch: Batch) -> Tensor:
        blocked = None if batch.same is None else torch.from_numpy(batch.same)
        scale = self.scales[1] if batch.crossing else self.scales[0]
        return _contrast(left, right, scale, blocked)


def _contrast(left: Tensor, right: Tensor, scale: float, blocked: Tensor | None) -> Tensor:
    """Symmetric InfoNCE of equal positions, left (batch, dim) and right (batch or more, dim), cosine times `scale`; blocked pairs,
    shape (left, right), left out. Right rows beyond the batch are wrong answers only."""
    scores = scale * functional.normalize(left, dim=1) @ functional.normalize(right, dim=1).T
    if blocked is not None:
        scores = scores.masked_fill(blocked, -1e4)
    target = torch.arange(len(left))
    back = scores[:, : len(left)].T
    return (functional.cross_entropy(scores, target) + functional.cross_entropy(back, target)) / 2


def _aligned(own: Tensor, gain: Tensor, known: Translations) -> Tensor:
    """The rows with those of translated words turned towards their translations' weighted mean, at unit length."""
    words, offsets = np.unique(known.left, return_index=True)
    means = functional.embedding_bag(
        torch.from_numpy(known.right),
        own * gain,
        torch.from_numpy(offsets),
        mode="sum",
        per_sample_weights=torch.from_numpy(known.chance).float(),
    )
    at = torch.from_numpy(words)
    turned = _ALIGNED * functional.normalize(means, dim=1) + (1 - _ALIGNED**2) ** 0.5 * own[at]
    return own.index_copy(0, at, turned)


def _compose(own: Tensor, part: Tensor, gain: Tensor, ids: Tensor, offsets: Tensor) -> Tensor:
    if not len(ids):
        return gain.exp() * own
    return gain.exp() * (own + functional.embedding_bag(ids, part, offsets, mode="mean"))


def _pool(rows: Tensor, places: NDArray[np.int64], bags: Bags) -> Tensor:
    return functional.embedding_bag(torch.from_numpy(places), rows, torch.from_numpy(bags.offsets), mode="sum")
