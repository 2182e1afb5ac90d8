"""Which training texts repeat an evaluation text, whole, in part or nearly.

Texts are reduced to letters and digits (lower case, traditional characters folded) and compared by shingles: every run of 13
characters, or of 40 where the text is mostly Latin letters (13 of those are two words). A training text is held to repeat an
evaluation text when it is the same text, when at least half of its shingles are found in evaluation texts, or when it shares
an unbroken run of 32 characters (100 of Latin letters) with one: a term or a formula of law may be the same, a sentence not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SHINGLE = 13
LATIN_SHINGLE = 40
RUN = 32
LATIN_RUN = 100
SHARE = 0.5
_LATIN_END = 0x250
_BLOCK = 20_000
_FILTER_BITS = 27
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_GOLD_KEYS = ("question", "text")

Codes = NDArray[np.uint32]
Hashes = NDArray[np.uint64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Shingles:
    """Sorted hashes of all shingles of one length, and a bit table that spares most look-ups."""

    length: int
    hashes: Hashes
    table: Flags


@dataclass(frozen=True, slots=True)
class Index:
    """What is known of the evaluation texts: shingles of both lengths, and hashes of whole texts."""

    han: Shingles
    latin: Shingles
    whole: frozenset[int]


def index(texts: Sequence[str]) -> Index:
    """The index of these evaluation texts."""
    found: dict[int, list[Hashes]] = {SHINGLE: [], LATIN_SHINGLE: []}
    whole: set[int] = set()
    for start in range(0, len(texts), _BLOCK):
        block = texts[start : start + _BLOCK]
        codes, owner = _letters(block)
        for length, parts in found.items():
            hashes, inside = _shingles(codes, owner, length)
            parts.append(np.unique(hashes[inside]))
        whole.update(_whole(codes, owner, len(block)))
    return Index(_gather(found[SHINGLE], SHINGLE), _gather(found[LATIN_SHINGLE], LATIN_SHINGLE), frozenset(whole - {0}))


def repeats(texts: Sequence[str], known: Index) -> Flags:
    """For each text, shape (n,), whether it repeats an evaluation text."""
    parts = [_repeats(texts[start : start + _BLOCK], known) for start in range(0, len(texts), _BLOCK)]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.bool_)


def evaluation_texts(folder: Path) -> Iterator[str]:
    """Every text under a folder of evaluation sets or gold questions: texts, questions and evidence of JSON lines, .txt files."""
    for path in sorted(folder.rglob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield from (row[key] for key in _GOLD_KEYS if isinstance(row.get(key), str) and row[key])
            yield from (str(item["span"]) for item in row.get("evidence", ()))
    for path in sorted(folder.rglob("*.txt")):
        yield path.read_text(encoding="utf-8", errors="replace")


def _repeats(texts: Sequence[str], known: Index) -> Flags:
    codes, owner = _letters(texts)
    count = len(texts)
    letters = np.bincount(owner, minlength=count)
    latin = np.bincount(owner[codes < _LATIN_END], minlength=count) * 2 > letters
    same = np.fromiter((digest in known.whole for digest in _whole(codes, owner, count)), dtype=np.bool_, count=count)
    of_latin = _copied(codes, owner, count, known.latin, LATIN_RUN)
    return same | np.where(latin, of_latin, _copied(codes, owner, count, known.han, RUN))


def _copied(codes: Codes, owner: NDArray[np.int64], count: int, known: Shingles, run: int) -> Flags:
    """For each text, whether half of its shingles are known, or a run of `run` characters of it."""
    hashes, inside = _shingles(codes, owner, known.length)
    hit = inside & known.table[_bucket(hashes)]
    places = np.flatnonzero(hit)
    if len(known.hashes):
        at = np.minimum(np.searchsorted(known.hashes, hashes[places]), len(known.hashes) - 1)
        hit[places] = known.hashes[at] == hashes[places]
    of = owner[: len(hashes)]
    hits = np.bincount(of[hit], minlength=count)
    total = np.bincount(of[inside], minlength=count)
    long = _longest_run(hit, of, count) >= run - known.length + 1
    return long | ((hits > 0) & (hits >= SHARE * total))


def _longest_run(hit: NDArray[np.bool_], owner: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """The longest unbroken run of shingles found, for each text. Runs end where a text ends: shingles there are not inside."""
    edges = np.diff(np.concatenate(([0], hit.astype(np.int8), [0])))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    longest = np.zeros(count, dtype=np.int64)
    np.maximum.at(longest, owner[starts], ends - starts)
    return longest


def _letters(texts: Sequence[str]) -> tuple[Codes, NDArray[np.int64]]:
    """Folded letters and digits of all texts in one array of code points, and the number of the text each belongs to."""
    joined = "".join(texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    folded = _folding()[np.minimum(codes, 0xFFFF)]
    keep = folded > 0
    return folded[keep], owner[keep]


def _shingles(codes: Codes, owner: NDArray[np.int64], length: int) -> tuple[Hashes, Flags]:
    """A hash for each place where a shingle begins, and whether it lies in one text."""
    places = max(0, len(codes) - length + 1)
    hashes = np.zeros(places, dtype=np.uint64)
    for offset in range(length):
        hashes = (hashes ^ codes[offset : offset + places].astype(np.uint64)) * _MULTIPLIER
        hashes ^= hashes >> np.uint64(29)
    return hashes, owner[:places] == owner[length - 1 : length - 1 + places]


def _whole(codes: Codes, owner: NDArray[np.int64], count: int) -> list[int]:
    """A hash of each whole text's letters; 0 for a text without any."""
    bounds = np.searchsorted(owner, np.arange(count + 1))
    return [hash(codes[a:b].tobytes()) if b > a else 0 for a, b in pairwise(bounds)]


def _gather(parts: Sequence[Hashes], length: int) -> Shingles:
    hashes = np.unique(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.uint64)
    table = np.zeros(1 << _FILTER_BITS, dtype=np.bool_)
    table[_bucket(hashes)] = True
    return Shingles(length, hashes, table)


def _bucket(hashes: Hashes) -> NDArray[np.intp]:
    return (hashes >> np.uint64(64 - _FILTER_BITS)).astype(np.intp)


@cache
def _folding() -> Codes:
    """Code point → folded code point, 0 for what is no letter or digit. Code points past the first plane share one entry."""
    from opencc import OpenCC

    table = np.zeros(0x10000, dtype=np.uint32)
    letters = [chr(code) for code in range(0xFFFF) if not 0xD800 <= code < 0xE000 and chr(code).isalnum()]
    simplified = OpenCC("t2s").convert("\n".join(letters)).split("\n")
    for letter, simple in zip(letters, simplified, strict=True):
        table[ord(letter)] = min(ord(simple.lower()[0]), 0xFFFF)
    table[0xFFFF] = 0xFFFF
    return table
