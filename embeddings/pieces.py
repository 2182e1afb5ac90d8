"""The pieces of a unigram tokenizer read without the library `tokenizers`, for the few texts that one question needs.

The library takes 0.2 s to build a vocabulary of 70,000 pieces; reading them from `tokenizer.json` takes a third of that. Of a
file made for it one question reads only the pieces that begin with its characters, in 2 ms. `Pieces` gives the same ids for the texts that it takes (None for any other: the library reads
those) of a tokenizer of this kind, and of this kind only:

    normalizer NFKC, Lowercase · pre-tokenizer BertPreTokenizer · model Unigram, no byte fallback · no added tokens

The file that `write_pieces` makes is derived, may be deleted, and nothing needs it. Layout:

    8 bytes    b"pieces2\\n"
    48 bytes   <QQQQQd: pieces, groups, id of the unknown one, code points of the longest, of the longest that begins beyond ASCII,
               worst score. A group is the pieces that begin with one character
    8 each     d: score of each piece, in the order of their ids; these and the next as the machine writes numbers
    4 each     I: id of each piece, group by group
    4 each     I: pieces before each group, and all pieces
    4 each     I: bytes of text before each group, and all bytes of text
    a line     the first characters of the groups, UTF-8
    the text   the pieces group by group, UTF-8, each with a line feed after it
"""

from __future__ import annotations

import json
import os
import struct
import tempfile
import unicodedata
from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from pathlib import Path
from typing import Any

_MAGIC = b"pieces2\n"
_HEAD = struct.Struct("<QQQQQd")
# What the library takes from the worst piece's score for a character that no piece holds (sentencepiece's constant).
_UNKNOWN_PENALTY = 10.0
_NEVER = float("-inf")
_NORMALIZER = {"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Lowercase"}]}
# Characters whose NFKC form stands alone (none combines with its neighbours) and is the same in every version of Unicode:
# ASCII and Latin letters, spaces and signs of typesetting, circled and Roman numbers, marks of lists, Han, full-width forms.
CHARACTERS = (
    *("\t\n", "\r\r", " ~", "\xa0\u017f", "\u2000\u2027", "‰‰", "※※", "℃℃", "Ⅰⅿ", "←↓", "−−", "≠≥", "①⒛", "■◯", "★☆"),
    *("\u3000〩", "㐀䶵", "一龥", "！～", "￥￥", "‹›"),
)
_POWERS = tuple(float(f"1e{exponent}") for exponent in range(23))


class _UnusualError(Exception):
    """A character that only the library normalises."""


class _Spaced(dict[int, str]):
    """Normalises a character; punctuation gets a space on either side. A table for `str.translate`, filled as it is used."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if not any(pair[0] <= char <= pair[1] for pair in CHARACTERS):
            raise _UnusualError
        spaced = self[code] = "".join(map(_spaced, unicodedata.normalize("NFKC", char).lower()))
        return spaced


class _Lined(_Spaced):
    """The same with every white space a space."""

    def __missing__(self, code: int) -> str:
        lined = self[code] = "".join(" " if char.isspace() else char for char in super().__missing__(code))
        return lined


def spaced(text: str) -> str | None:
    """The text normalised, each punctuation mark between spaces, all white space spaces: its words are what stands between
    them. None for a text with a character that only the library normalises."""
    try:
        return text.translate(_LINED)
    except _UnusualError:
        return None


def _spaced(char: str) -> str:
    ascii_sign = char < "\x80" and not char.isalnum() and not char.isspace()
    return f" {char} " if ascii_sign or unicodedata.category(char).startswith("P") else char


_SPACED = _Spaced()
_LINED = _Lined()


@dataclass(frozen=True, slots=True)
class Pieces:
    """A unigram vocabulary: ids by piece in `groups` by the first character, which any character has, though it be empty; `scores`
    (log probabilities) by id, the longest pieces in code points; `texts`, the pieces in the order of their ids, where all were read."""

    groups: Mapping[str, Mapping[str, int]]
    scores: Sequence[float]
    unknown: int
    unknown_score: float
    longest: int
    longest_wide: int
    texts: Sequence[str] = ()

    def encode(self, text: str) -> list[int] | None:
        """The ids that the library gives, or None for a text with a character that is left to the library."""
        try:
            words = text.translate(_SPACED).split()
        except _UnusualError:
            return None
        return [id_ for word in words for id_ in self._best_path(word)]

    def _best_path(self, word: str) -> list[int]:
        """The pieces with the greatest sum of scores, of equal ones the first found; unknown ones side by side are one."""
        size = len(word)
        best, came_from, chosen = [_NEVER] * (size + 1), [0] * (size + 1), [0] * (size + 1)
        best[0] = 0.0
        # Written out, without a call for each piece: half of the time that a question takes here.
        groups, scores = self.groups, self.scores
        for start in range(size):
            before, ids = best[start], groups[word[start]]
            longest = self.longest if word[start] < "\x80" else self.longest_wide
            for end in range(start + 1, min(start + longest, size) + 1):
                id_ = ids.get(word[start:end])
                if id_ is not None and before + scores[id_] > best[end]:
                    best[end], came_from[end], chosen[end] = before + scores[id_], start, id_
            if word[start] not in ids and before + self.unknown_score > best[start + 1]:
                best[start + 1], came_from[start + 1], chosen[start + 1] = (
                    before + self.unknown_score,
                    start,
                    self.unknown,
                )
        path: list[int] = []
        end = size
        while end:
            if not (path and chosen[end] == path[-1] == self.unknown):
                path.append(chosen[end])
            end = came_from[end]
        return path[::-1]


class _Groups(dict[str, Mapping[str, int]]):
    """The groups of a file, each read when it is asked for; `firsts` are their characters, the rest is as in the file."""

    def __init__(
        self, firsts: str, ids: Sequence[int], starts: Sequence[int], offsets: Sequence[int], text: memoryview
    ) -> None:
        self._places = dict(zip(firsts, range(len(firsts)), strict=True))
        self._ids, self._starts, self._offsets, self._text = ids, starts, offsets, text

    def __missing__(self, first: str) -> Mapping[str, int]:
        at = self._places.get(first)
        group: Mapping[str, int] = {}
        if at is not None:
            pieces = str(self._text[self._offsets[at] : self._offsets[at + 1]], "utf-8").split("\n")
            group = dict(zip(pieces[:-1], self._ids[self._starts[at] : self._starts[at + 1]], strict=True))
        self[first] = group
        return group


def read_pieces(path: Path) -> Pieces | None:
    """The pieces in a file, or None when there is none or it is not whole."""
    try:
        raw = path.read_bytes()
        count, groups, unknown, longest, longest_wide, worst = _HEAD.unpack_from(raw, len(_MAGIC))
        scores_at = len(_MAGIC) + _HEAD.size
        ids_at = scores_at + 8 * count
        starts_at = ids_at + 4 * count
        offsets_at = starts_at + 4 * (groups + 1)
        firsts_at = offsets_at + 4 * (groups + 1)
        text_at = raw.index(b"\n", firsts_at) + 1
        data = memoryview(raw)
        scores = data[scores_at:ids_at].cast("d")
        ids, starts = data[ids_at:starts_at].cast("I"), data[starts_at:offsets_at].cast("I")
        offsets = data[offsets_at:firsts_at].cast("I")
        firsts = str(data[firsts_at : text_at - 1], "utf-8")
        whole = (len(firsts), starts[groups], text_at + offsets[groups]) == (groups, count, len(raw))
        found = _Groups(firsts, ids, starts, offsets, data[text_at:])
    except (OSError, ValueError, LookupError, TypeError, struct.error):
        return None
    if not raw.startswith(_MAGIC) or not whole:
        return None
    return Pieces(found, scores, unknown, worst - _UNKNOWN_PENALTY, longest, longest_wide)


def tokenizer_pieces(path: Path) -> Pieces | None:
    """The pieces of a `tokenizer.json`, or None when it is of another kind or cannot be read: the library tells what it is."""
    try:
        kind = json.loads(path.read_text(encoding="utf-8"), parse_float=_Scores().__getitem__)
        return _pieces(kind)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


class _Scores(dict[str, float]):
    """Numbers as the library reads them, by their digits: all as one number, divided; in the last place that is not always the
    nearest. Rare pieces share their scores: 69,000 have 8,500."""

    def __missing__(self, digits: str) -> float:
        whole, _, fraction = digits.partition(".")
        score = self[digits] = float(int(whole + fraction)) / _POWERS[len(fraction)]
        return score


def _pieces(kind: Mapping[str, Any]) -> Pieces | None:
    model, unknown = kind["model"], kind["model"]["unk_id"]
    if (
        kind["normalizer"] != _NORMALIZER
        or kind["pre_tokenizer"] != {"type": "BertPreTokenizer"}
        or kind["added_tokens"]
        or model["type"] != "Unigram"
        or model["byte_fallback"]
        or not isinstance(unknown, int)
    ):
        return None
    pieces = [piece for piece, _ in model["vocab"]]
    scores = [float(score) for _, score in model["vocab"]]
    if "" in pieces or not 0 <= unknown < len(pieces) or "\n" in "".join(pieces):
        return None
    groups: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for id_, piece in enumerate(pieces):
        groups[piece[0]][piece] = id_
    if sum(map(len, groups.values())) < len(pieces):
        return None
    wide = max((len(piece) for piece in pieces if piece[0] >= "\x80"), default=1)
    return Pieces(groups, scores, unknown, min(scores) - _UNKNOWN_PENALTY, max(map(len, pieces)), wide, pieces)


def write_pieces(pieces: Pieces, path: Path) -> None:
    """Writes the pieces whole or not at all. Raises OSError."""
    write_whole(_packed(pieces), path)


def write_whole(data: bytes, path: Path) -> None:
    """Writes a derived file whole or not at all, whoever else is writing it. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=path.name, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(beside).replace(path)
    except OSError:
        Path(beside).unlink(missing_ok=True)
        raise


def _packed(pieces: Pieces) -> bytes:
    groups = [group for group in pieces.groups.values() if group]
    texts = [("\n".join(group) + "\n").encode() for group in groups]
    count, worst = len(pieces.scores), min(pieces.scores)
    parts = (
        _HEAD.pack(count, len(groups), pieces.unknown, pieces.longest, pieces.longest_wide, worst),
        array("d", pieces.scores),
        array("I", chain.from_iterable(group.values() for group in groups)),
        array("I", accumulate(map(len, groups), initial=0)),
        array("I", accumulate(map(len, texts), initial=0)),
        "".join(next(iter(group))[0] for group in groups).encode() + b"\n",
    )
    return b"".join([_MAGIC, *parts, *texts])
