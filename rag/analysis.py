"""The analyzer: one for index and query, made for Chinese.

Text is folded (NFKC, lower case, traditional → simplified, each character by itself) and cut into terms of five kinds:

- Han characters and the bigrams of neighbouring ones: any substring of two Han characters is a term;
- dictionary words of three or more characters, and the words inside them (jieba's search mode, without its HMM);
- Latin and digit runs as wholes, and their character bigrams (written `·ab`), so that a part of one still finds it;
- exact names, written `=…`: document numbers (祁办发〔2022〕15号), amounts with their unit, quoted names (“1+N”, 《…》);
- nothing is left out: there are no stop words, only punctuation and white space make no terms of their own.

So any substring that holds a Han character, or two neighbouring letters or digits, shares a term with its text.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, chain

import numpy as np
from numpy.typing import NDArray

from rag.segmentation import is_word, segmenter

FINGERPRINT = "zh-bigram-jieba0.42.1-nohmm-v1"

_HAN = "㐀-䶿一-鿿豈-﫿𠀀-𲎯"
# Sets to begin with, and not repetitions of them: Python's `re` searches for these several times as fast.
_LATIN = rf"[^\W_{_HAN}][^\W_{_HAN}]*(?:[.,\-+&/'][^\W_{_HAN}]+)*"
_RUN = re.compile(rf"[{_HAN}]+|{_LATIN}")
_LATIN_RUN = re.compile(_LATIN)
_LATIN_PART = re.compile(r"[^.,\-+&/']+")
_AMOUNT = re.compile(
    r"\d\d*(?:[.,]\d+)*(?:%|‰|[十百千万亿]*(?:余|多)?(?:元|人|名|个|家|项|条|套|年|月|日|天|岁|平方米|公里|亩|户|所|处|次|万|亿))"
)
_QUOTED = re.compile(r"[“\"「『《〈]([^“”\"「」『』《》〈〉\n]{2,40})[”\"」』》〉]")
_SPACE = re.compile(r"\s+")
_SENDER_CHARS = 12
_LONG = 100
_UNKNOWN, _SEVERAL = 0xFFFFFFFF, 0xFFFFFFFE
_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text. `starts[i]` is the offset in the original of the character that gave folded character i;
    None when the two are aligned one to one."""

    text: str
    starts: tuple[int, ...] | None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The range of the original text that a range of the folded text comes from."""
        if self.starts is None:
            return start, end
        if start >= end:
            position = self.starts[start]
            return position, position
        return self.starts[start], self.starts[end - 1] + 1


class _CharacterTable(dict[int, str]):
    """Changes one character at a time, remembering each: a table for `str.translate`."""

    def __init__(self, change: Callable[[str], str]) -> None:
        super().__init__()
        self._change = change

    def __missing__(self, code: int) -> str:
        changed = self[code] = self._change(chr(code))
        return changed

    def applied(self, text: str) -> str:
        """`text.translate` with this table. A long text goes through an array of code points, five times as fast."""
        if len(text) < _LONG:
            return text.translate(self)
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
        changed = self._array[codes]
        if (changed == _UNKNOWN).any():
            for code in set(codes[changed == _UNKNOWN].tolist()):
                became = self[code]
                self._array[code] = ord(became) if len(became) == 1 else _SEVERAL
            changed = self._array[codes]
        several = np.flatnonzero(changed == _SEVERAL).tolist()
        parts: list[str] = []
        at = 0
        for position in several:
            parts += (_text(changed[at:position]), self[int(codes[position])])
            at = position + 1
        return "".join((*parts, _text(changed[at:])))

    @cached_property
    def _array(self) -> NDArray[np.uint32]:
        return np.full(0x110000, _UNKNOWN, "<u4")


def _text(codes: NDArray[np.uint32]) -> str:
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


@lru_cache(maxsize=1)
def _simplifying() -> _CharacterTable:
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    return _CharacterTable(lambda char: char if char <= "⺀" or "\ud800" <= char <= "\udfff" else str(convert(char)))


@lru_cache(maxsize=1)
def _folding() -> _CharacterTable:
    simplify = _simplifying()
    return _CharacterTable(lambda char: (unicodedata.normalize("NFKC", char).lower() or char).translate(simplify))


def simplified(text: str) -> str:
    """The text in simplified characters, one for one: what models read, and nothing else of it changed."""
    return _simplifying().applied(text)


def fold(text: str) -> Folded:
    """The folded text: NFKC, lower case, simplified, character by character, with its map to the original."""
    table = _folding()
    folded = table.applied(text)
    if len(folded) == len(text):
        return Folded(folded, None)
    starts = [i for i, char in enumerate(text) for _ in table[ord(char)]]
    starts.append(len(text))
    return Folded(folded, tuple(starts))


def segment(folded: str) -> Sequence[str]:
    """The words of a folded text, in order; joined they are the text again."""
    return segmenter(folded).cut(folded)


def tagged(folded: str) -> Sequence[tuple[str, str]]:
    """The words of a folded text with their part of speech in jieba's dictionary."""
    return segmenter(folded).tag(folded)


def words(folded: str) -> Sequence[str]:
    """The dictionary words of a folded text in jieba's search mode: inner words of two and three characters come first."""
    return segmenter(folded).search(folded)


def exact_names(folded: str) -> Iterator[str]:
    """The `=…` terms of a folded text: document numbers, amounts with their unit, quoted names."""
    return (name for _, name in _names(folded))


def _names(folded: str) -> Iterator[tuple[int, str]]:
    """The exact names of a folded text, each with where it stands."""
    taken = 0
    for match in _serial().finditer(folded) if "号" in folded else ():
        # Looked for back from the bracket: a search for all that may stand before one takes ten times as long.
        sender = _sender().search(folded, max(taken, match.start() - _SENDER_CHARS), match.start())
        if sender is not None:
            taken = match.end()
            year, number = match.groups()
            for length in range(2, min(len(sender.group()), 8) + 1):
                yield match.start(), f"={sender.group()[-length:]}[{year}]{number}号"
    for match in _AMOUNT.finditer(folded):
        yield match.start(), "=" + match.group().replace(",", "")
    for match in _QUOTED.finditer(folded):
        yield match.start(), "=" + _SPACE.sub("", match.group(1))


@lru_cache(maxsize=1)
def _serial() -> re.Pattern[str]:
    """What stands behind a document number's sender. Compiled when a number comes: few questions have one."""
    return re.compile(r"[\[(〔【]((?:19|20)\d\d)[\])〕】]第?(\d{1,5})号")


@lru_cache(maxsize=1)
def _sender() -> re.Pattern[str]:
    """The Han characters at the end."""
    return re.compile(rf"[{_HAN}]+\Z")


def _run_terms(run: str) -> Iterator[str]:
    if is_han(run):
        yield from run
        yield from (run[i : i + 2] for i in range(len(run) - 1))
        return
    yield run
    parts = _LATIN_PART.findall(run)
    if len(parts) > 1:
        yield from parts
    for part in parts:
        if len(part) > 2:
            yield from ("·" + part[i : i + 2] for i in range(len(part) - 1))


class ChineseAnalyzer:
    """The analyzer of this product; see the module's docstring for its terms."""

    @property
    def fingerprint(self) -> str:
        """Names dictionary, algorithm and version."""
        return FINGERPRINT

    def terms(self, text: str) -> Sequence[str]:
        """Index terms of a text, repeated as often as they occur; no term holds white space."""
        folded = fold(text).text
        found = [term for run in _RUN.findall(folded) for term in _run_terms(run)]
        found.extend(_whole_terms(folded))
        return found

    def parts(self, texts: Sequence[str]) -> list[tuple[str, list[str]]]:
        """Each text's terms in two parts: the folded text, of which every Han character and every two neighbours are terms,
        and all other terms. Who needs numbers for them and not the terms themselves is spared half a million strings a second."""
        folded = _folded_lines(texts)
        joined = "\n".join(folded)
        if "\r" in joined or joined.count("\n") >= len(folded):
            return [(line, [*_latin_terms(line), *_whole_terms(line)]) for line in folded]
        return list(zip(folded, _other_terms(joined, folded), strict=True))


def _other_terms(joined: str, lines: Sequence[str]) -> list[list[str]]:
    """What of each line's terms is not of one or two Han characters. The lines are looked at as one text, for no term reaches over
    a line break: the call for each line would take as long as the line."""
    found: list[list[str]] = [[] for _ in lines]
    ends = list(accumulate(len(line) + 1 for line in lines))
    for match in _LATIN_RUN.finditer(joined):
        found[bisect_right(ends, match.start())].extend(_run_terms(match.group()))
    for at, name in _names(joined):
        found[bisect_right(ends, at)].append(name)
    at = 0
    for word in [word for word in segment(joined) if len(word) > 2 or word == "\n"]:
        if word == "\n":
            at += 1
        else:
            found[at].extend(_words_in(word))
    return found


def _whole_terms(folded: str) -> list[str]:
    return [*_long_words(segment(folded)), *exact_names(folded)]


def _latin_terms(folded: str) -> Iterator[str]:
    for run in _LATIN_RUN.findall(folded):
        yield from _run_terms(run)


def _long_words(words: Sequence[str]) -> Iterator[str]:
    """The Han words of three characters and more among the words that a text is cut into, and those of three inside them."""
    return chain.from_iterable(map(_words_in, [word for word in words if len(word) > 2]))


@lru_cache(maxsize=_REMEMBERED)
def _words_in(word: str) -> tuple[str, ...]:
    """The Han words of three characters inside a longer word, as jieba's search mode finds them, and the word itself."""
    inner = (word[i : i + 3] for i in range(len(word) - 2) if len(word) > 3)
    return tuple(found for found in (*filter(is_word, inner), word) if is_han(found))


def _folded_lines(texts: Sequence[str]) -> Sequence[str]:
    """The texts folded, all in one go where none holds a line break: no character folds to one."""
    joined = "\n".join(texts)
    if "\r" in joined or joined.count("\n") >= len(texts):
        return [fold(text).text for text in texts]
    return _folding().applied(joined).split("\n")


def runs(folded: str) -> Sequence[str]:
    """Maximal runs of Han characters, and of Latin letters and digits, in a folded text."""
    found: list[str] = _RUN.findall(folded)
    return found


def is_han(text: str) -> bool:
    """Whether the text begins with a Han character."""
    first = text[:1]
    return "㐀" <= first <= "䶿" or "一" <= first <= "鿿" or "豈" <= first <= "﫿" or "𠀀" <= first <= "𲎯"


def are_han(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which of these code points are Han characters; the same shape."""
    han = np.zeros(codes.shape, np.bool_)
    ends = [ord(end) for end in _HAN.replace("-", "")]
    for first, last in zip(ends[::2], ends[1::2], strict=True):
        han |= (codes >= first) & (codes <= last)
    return han
