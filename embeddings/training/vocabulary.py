"""The tokenizer: whole words first, then characters and pieces, in one unigram model.

Chinese words are those of jieba's dictionary and of the training dictionary that the training texts use or that are common by
jieba's own counts; each scores the logarithm of its share, so that the unigram model's best path is the segmentation that jieba
makes without its hidden Markov model. Words of Latin and other scripts are taken whole when frequent; pieces learned from all
of them, and single letters, cover the rest. Numbers have tokens of their own.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import jieba
import rjieba
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

UNKNOWN = "[UNK]"
_HAN = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff]+")
_LATIN = re.compile(r"[a-z]+")
_OTHER = re.compile(r"[^\W\d_a-z\u3007\u3400-\u4dbf\u4e00-\u9fff]+")
_WORD = re.compile(r"[^\W\d_\u3007\u3400-\u4dbf\u4e00-\u9fff]+")
_DIGITS = re.compile(r"\d+")
_LOWEST = -25.0
_JIEBA_WEIGHT = 0.5
_LETTER = -14.0
_LONGEST_HEAD = 6
_HEAD_FACTOR = 5
_NAME_BONUS = 250
_PIECE_COUNT = 10


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many tokens of each sort."""

    chinese: int = 31_000
    english: int = 30_000
    other: int = 2_000
    pieces: int = 2_000
    numbers: int = 600


@dataclass(slots=True)
class Counts:
    """Occurrences of words in the training texts, by script."""

    chinese: Counter[str]
    english: Counter[str]
    other: Counter[str]
    numbers: Counter[str]


def count(texts: Iterable[str], foreign: Iterable[str] = ()) -> Counts:
    """Word counts of the texts, lower-cased; Chinese cut by jieba's dictionary without new words.

    Latin words of `foreign` texts count as words of other languages, those of the rest as English.
    """
    counts = Counts(Counter(), Counter(), Counter(), Counter())
    for text in texts:
        lower = text.lower()
        for run in _HAN.findall(lower):
            counts.chinese.update(rjieba.cut(run, False))
        counts.english.update(_LATIN.findall(lower))
        counts.other.update(_OTHER.findall(lower))
        counts.numbers.update(_DIGITS.findall(lower))
    for text in foreign:
        counts.other.update(_WORD.findall(text.lower()))
    return counts


def build(counts: Counts, heads: Mapping[str, bool], sizes: Sizes) -> Tokenizer:
    """The tokenizer over the most useful words. `heads` are the dictionary's head words and whether each is a proper name."""
    merged = _with_jieba(counts.chinese)
    scored: dict[str, float] = {}
    _add(scored, merged, _best(_useful(merged, heads), sizes.chinese), share=0.5)
    _add(scored, counts.english, _best(counts.english, sizes.english), share=0.35)
    _add(scored, counts.other, _best(counts.other, sizes.other), share=0.1)
    _add(scored, counts.numbers, _best(counts.numbers, sizes.numbers), share=0.05)
    for piece, score in _pieces([*counts.english.items(), *counts.other.items()], sizes.pieces):
        scored.setdefault(piece, score)
    for letter in _letters(counts):
        scored.setdefault(letter, _LETTER)
    return tokenizer([(UNKNOWN, _LOWEST), *sorted(scored.items(), key=lambda item: (-item[1], item[0]))])


def tokenizer(pieces: Sequence[tuple[str, float]]) -> Tokenizer:
    """A unigram tokenizer over scored pieces, the first of them unknown: NFKC, lower case, runs between spaces and punctuation."""
    made = Tokenizer(models.Unigram(list(pieces), unk_id=0, byte_fallback=False))
    made.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return made


def parts(piece: str) -> list[str]:
    """What a token is made of: its characters for Chinese, its runs of 3 and of 5 letters with edges marked for other words."""
    if _HAN.fullmatch(piece):
        pairs = [piece[i : i + 2] for i in range(len(piece) - 1)] if len(piece) > 2 else []
        return [*piece, *pairs] if len(piece) > 1 else [piece]
    if piece.isdigit() or len(piece) < 3:
        return []
    marked = f"<{piece}>"
    return [marked[i : i + n] for n in (3, 5) for i in range(len(marked) - n + 1)]


def _with_jieba(counted: Mapping[str, int]) -> Counter[str]:
    """Chinese words by their count in the training texts plus half of jieba's count scaled to the same size."""
    known = _jieba_counts()
    scale = _JIEBA_WEIGHT * sum(counted.values()) / sum(known.values())
    words = (word for word in counted.keys() | known.keys() if _HAN.fullmatch(word))
    return Counter({word: round(counted.get(word, 0) + known.get(word, 0) * scale) for word in words})


def _useful(merged: Counter[str], heads: Mapping[str, bool]) -> Counter[str]:
    """Words the dictionary explains count several times: their meaning can be learned. Names, which no parts tell, more."""
    useful = Counter(merged)
    for word, is_name in heads.items():
        if _HAN.fullmatch(word) and len(word) <= _LONGEST_HEAD:
            useful[word] = merged[word] * _HEAD_FACTOR + (_NAME_BONUS if is_name else 0)
    return useful


def _jieba_counts() -> dict[str, int]:
    path = Path(jieba.__file__).parent / "dict.txt"
    rows = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return {row[0]: int(row[1]) for row in rows}


def _best(counted: Counter[str], size: int) -> list[str]:
    return [word for word, number in sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:size] if number > 0]


def _add(scored: dict[str, float], counted: Counter[str], words: Sequence[str], *, share: float) -> None:
    """Adds words with the logarithm of their share of all words counted, scripts weighted by `share`."""
    total = counted.total()
    scored.update({word: math.log(share * max(counted[word], 1) / total) for word in words})


def _letters(counts: Counts) -> list[str]:
    """Every character that occurs twice, so that nothing common is unknown."""
    seen: Counter[str] = Counter()
    for counted in (counts.chinese, counts.english, counts.other, counts.numbers):
        for word, number in counted.items():
            seen.update(dict.fromkeys(set(word), number))
    return sorted(letter for letter, number in seen.items() if number > 1)


def _pieces(counted: Iterable[tuple[str, int]], size: int) -> list[tuple[str, float]]:
    """Pieces of words, learned from the frequent words, each taken once; scored below whole words."""
    words = [word for word, number in counted if number >= _PIECE_COUNT and len(word) > 2]
    learner = Tokenizer(models.Unigram())
    learner.train_from_iterator(
        words, trainers.UnigramTrainer(vocab_size=size, show_progress=False, max_piece_length=6)
    )
    learned = learner.get_vocab()
    order = sorted((piece for piece in learned if len(piece) > 1), key=lambda piece: learned[piece])
    return [(piece, _LETTER + 4.0 * (1 - rank / len(order))) for rank, piece in enumerate(order)]
