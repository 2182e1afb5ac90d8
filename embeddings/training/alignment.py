"""Which words translate which: a symmetric word alignment learned from the pairs of two languages.

IBM Model 1 (Brown et al. 1993) in both directions at once; a pair of words counts in a sentence as the geometric mean of what
either direction gives it (Liang et al. 2006 multiply them), so that only pairs which choose each other remain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.training.corpus import Encoded, Tokens

ROUNDS = 4
_MOST = {"technical sentences": 30_000, "law sentences": 25_000}
_NAMES = ("zh_en_dict", "everyday sentences", "technical sentences", "law sentences", "law titles", "sentences nc")
_LONGEST = 40
_DISCOUNT = 0.05
_TINY = 1e-9

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Translations:
    """Pairs of tokens in order of `left`: `chance` is the share of the left word's translations that the right word takes."""

    left: Ints
    right: Ints
    chance: Floats


@dataclass(frozen=True, slots=True)
class _Links:
    """Every (left word, right word) of every sentence: which distinct pair, which left word and right word of the sentence."""

    pair: Ints
    of_left: Ints
    of_right: Ints


def translations(sources: Iterable[Encoded], tokens: int, *, seed: int) -> Translations:
    """Translations of left (English) tokens by right (Chinese) ones, over all sources that pair the two languages."""
    random = np.random.default_rng(seed)
    chosen = [source for source in sources if source.name in _NAMES]
    sentences, lefts, rights = _words(chosen, random)
    pairs, pair = np.unique(lefts * tokens + rights, return_inverse=True)
    _, of_left = np.unique(sentences * tokens + lefts, return_inverse=True)
    _, of_right = np.unique(sentences * tokens + rights, return_inverse=True)
    left, right = pairs // tokens, pairs % tokens
    chance, count = _learn(_Links(pair, of_left, of_right), left, right, tokens)
    kept = count > _DISCOUNT
    return Translations(left[kept], right[kept], chance[kept])


def _learn(links: _Links, left: Ints, right: Ints, tokens: int) -> tuple[Floats, Floats]:
    """For each distinct pair, its share of the left word's count, and its expected count."""
    forward, backward = np.ones(len(left)), np.ones(len(left))
    count = forward
    for _ in range(ROUNDS):
        expected = np.sqrt(_shares(forward, links.pair, links.of_right) * _shares(backward, links.pair, links.of_left))
        count = np.maximum(np.bincount(links.pair, expected) - _DISCOUNT, 0)
        forward = count / np.maximum(np.bincount(left, count, tokens)[left], _TINY)
        backward = count / np.maximum(np.bincount(right, count, tokens)[right], _TINY)
    return forward, count


def _shares(chance: Floats, pair: Ints, group: Ints) -> Floats:
    weight = chance[pair]
    shares: Floats = weight / np.maximum(np.bincount(group, weight)[group], _TINY)
    return shares


def _words(sources: Sequence[Encoded], random: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Sentence number, left token and right token of all combinations inside a sentence."""
    parts: list[tuple[Ints, Ints, Ints]] = []
    first = 0
    for source in sources:
        rows = random.permutation(len(source.right))[: _MOST.get(source.name)]
        sentence, left, right = _combinations(source.left, source.right, rows)
        parts.append((sentence + first, left, right))
        first += len(rows)
    sentences, lefts, rights = (np.concatenate(column) for column in zip(*parts, strict=True))
    return sentences, lefts, rights


def _combinations(left: Tokens, right: Tokens, rows: Ints) -> tuple[Ints, Ints, Ints]:
    left_start, right_start = left.bounds[rows], right.bounds[rows]
    wide = np.minimum(right.bounds[rows + 1] - right_start, _LONGEST)
    size = np.minimum(left.bounds[rows + 1] - left_start, _LONGEST) * wide
    sentence = np.repeat(np.arange(len(rows)), size)
    within = np.arange(len(sentence)) - np.repeat(np.cumsum(size) - size, size)
    lefts = left.ids[left_start[sentence] + within // wide[sentence]].astype(np.int64)
    return sentence, lefts, right.ids[right_start[sentence] + within % wide[sentence]].astype(np.int64)
