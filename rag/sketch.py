"""A few numbers that two versions of one article share: how likely reposts are found among thousands of documents.

The 24 least hashes of a text's 8-character shingles (bottom-k sketch: Broder, On the resemblance and containment of documents,
1997). Only letters and digits count, widths, case and traditional characters folded: what punctuation and layout a site gives a text does not matter.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag.analysis import fold
from rag.types import Entry

SHINGLE: Final = 8
SIZE: Final = 24

Sketch = tuple[int, ...]
"""At most 24 different numbers of 64 bits, ascending."""

Codes = NDArray[np.uint32]
Hashes = NDArray[np.uint64]

_BASE: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = np.uint64(0xBF58476D1CE4E5B9)
_ALL: Final = 1 << 64
_MANY: Final = 8 * SIZE
_UNKNOWN: Final = 0xFFFFFFFF


def sketch(entry: Entry) -> Sketch:
    """The sketch of an article's passages; one of fewer than 31 letters has fewer numbers."""
    hashes = shingles(letters(body(entry)))
    found: set[int] = set()
    if len(hashes) > _MANY:
        # Below this share of all numbers some 96 of them lie: far fewer to sort.
        found = set(hashes[hashes < _ALL // len(hashes) * 4 * SIZE].tolist())
    if len(found) < SIZE:
        found = set(hashes.tolist())
    return tuple(sorted(found)[:SIZE])


def body(entry: Entry) -> str:
    """The passages of an article, a line each: what is chrome of a site is in none of them."""
    text = entry.document.text
    return "\n".join(text[chunk.start : chunk.end] for chunk in entry.chunks)


def letters(text: str) -> Codes:
    """Code points of a text's letters and digits as they count: widths, case and traditional characters folded."""
    folded = counted(codes_of(text))
    return folded[folded > 0]


def packed(numbers: Sketch) -> bytes:
    """The numbers, eight bytes each, little-endian."""
    return np.array(numbers, "<u8").tobytes()


def unpacked(data: bytes) -> Sketch:
    """The sketch that was packed."""
    return tuple(np.frombuffer(data, "<u8").tolist())


def codes_of(text: str) -> Codes:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def counted(codes: Codes) -> Codes:
    """Each code point as it counts; 0 for what is neither letter nor digit."""
    table = _table()
    found = table[codes]
    if len(found) and found.max() == _UNKNOWN:
        for code in set(codes[found == _UNKNOWN].tolist()):
            table[code] = _counted_one(chr(code))
        found = table[codes]
    return found


def shingles(codes: Codes) -> Hashes:
    """A well mixed hash of every run of eight code points, in order; none of a shorter text."""
    if len(codes) < SHINGLE:
        return np.zeros(0, np.uint64)
    hashes = codes.astype(np.uint64)
    width = 1
    while width < SHINGLE:
        # Two neighbouring runs make one of twice their width.
        hashes = hashes[:-width] * _BASE ^ (hashes[width:] >> np.uint64(7)) ^ hashes[width:]
        hashes *= _MIX
        width *= 2
    hashes ^= hashes >> np.uint64(31)
    return hashes


@cache
def _table() -> Codes:
    """What each code point counts as, as far as any text has asked."""
    return np.full(0x110000, _UNKNOWN, np.uint32)


def _counted_one(character: str) -> int:
    """The code point that stands for a character. What folds to several (㎡, ½) stands for itself."""
    if not character.isalnum():
        return 0
    folded = fold(character).text
    return ord(folded) if len(folded) == 1 and folded.isalnum() else ord(character)
