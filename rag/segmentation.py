"""Words by jieba's dictionary and algorithm without HMM, in three ways that give the same words, token for token:

    dictionary_segmenter   jieba's dictionary searched where it lies    starts at once, 0.3 M characters/s
    rust_segmenter         rjieba                                       0.13 s to start, 9 M characters/s
    python_segmenter       jieba itself                                 0.6 s to start, 0.25 M characters/s

`segmenter` begins with the first, so that one question costs no start, and goes over to rjieba when there is more to do.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from math import log
from pathlib import Path

# Sum of the counts of jieba's dictionary (0.42.1): what turns a count into a probability. A test adds them up.
TOTAL = 60_101_967
# Characters that are cut before rjieba's 0.13 s pay: a question and the words that it is looked at with take some hundred.
_FEW = 5_000
_HAN = "\u4e00-\u9fd5"
_FIRST_HAN = "\u3400"
_BLOCK = re.compile(rf"[{_HAN}a-zA-Z0-9+#&._%\-]+")
_CUT_BLOCK = re.compile(f"({_BLOCK.pattern})")
_TAG_BLOCK = re.compile(rf"([{_HAN}a-zA-Z0-9+#&._]+)")
_BLANK = re.compile(r"(\r\n|\s)")
_BLOCK_SIGNS = frozenset(char for char in map(chr, range(128)) if _BLOCK.match(char))
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


@dataclass(frozen=True, slots=True)
class Segmenter:
    """jieba's dictionary and algorithm without HMM. `cut` gives words that join to the text again; `search` adds, before
    each longer word, the dictionary words of two and three characters inside it; `tag` gives the words with jieba's part of
    speech (n, v, a, m …)."""

    cut: Callable[[str], Sequence[str]]
    search: Callable[[str], Sequence[str]]
    tag: Callable[[str], Sequence[tuple[str, str]]]


def rust_segmenter() -> Segmenter:
    """rjieba: the same dictionary and algorithm, forty times as fast. Raises ImportError where there is no wheel for it."""
    import rjieba

    known = _dictionary().starting
    return Segmenter(
        lambda text: list(rjieba.cut(text, False)),
        lambda text: list(rjieba.cut_for_search(text, False)),
        lambda text: [
            # rjieba has tags for a thousand characters that jieba's dictionary does not hold.
            (word, tag if len(word) > 1 or word < _FIRST_HAN or word in known(word) else "x")
            for word, tag in rjieba.tag(text, False)
        ],
    )


def python_segmenter() -> Segmenter:
    """jieba itself, with a tokenizer of its own and no cache file: the host's default tokenizer and log level stay as they are."""
    import logging
    import tempfile

    import jieba
    import jieba.posseg

    tokenizer = jieba.Tokenizer()
    logger = logging.getLogger("jieba")
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        with tempfile.TemporaryDirectory(prefix="policy-rag-") as folder:
            tokenizer.tmp_dir = folder
            tokenizer.initialize()
    finally:
        logger.setLevel(level)
    tagger = jieba.posseg.POSTokenizer(tokenizer)
    return Segmenter(
        lambda text: list(tokenizer.cut(text, HMM=False)),
        lambda text: list(tokenizer.cut_for_search(text, HMM=False)),
        lambda text: [(pair.word, "m" if _number(pair.word) else pair.flag) for pair in tagger.cut(text, HMM=False)],
    )


class Dictionary:
    """jieba's `dict.txt`, lines of `word count tag`, mapped and not read. Han words are sorted by their first character;
    the few words before them are not. What begins with one character is read when it is first asked for."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._sorted_from = self._data.find("\n一".encode()) + 1
        self._head = _entries(self._data[: self._sorted_from])
        self._known: dict[str, Mapping[str, tuple[int, str]]] = {}

    def starting(self, first: str) -> Mapping[str, tuple[int, str]]:
        """The words that begin with a character, each with its count and tag."""
        known = self._known.get(first)
        if known is None:
            block = _entries(self._data[slice(*self._lines(first.encode()))]) if first >= "一" else {}
            block.update((word, entry) for word, entry in self._head.items() if word[0] == first)
            known = self._known[first] = block
        return known

    def _lines(self, first: bytes) -> tuple[int, int]:
        """Where the lines that begin with these bytes begin and end."""
        start = self._line(lambda line: line < first)
        return start, self._line(lambda line: line[: len(first)] <= first)

    def _line(self, before: Callable[[bytes], bool]) -> int:
        """Where the first line begins, of the sorted ones, that is not `before`; asked of a line's first four bytes."""
        data, low, high = self._data, self._sorted_from, len(self._data)
        while low < high:
            middle = (low + high) // 2
            line = max(data.rfind(b"\n", low, middle) + 1, low)
            if before(data[line : line + 4]):
                low = data.find(b"\n", middle) + 1 or len(data)
            else:
                high = line
        return low


def _entries(lines: bytes) -> dict[str, tuple[int, str]]:
    fields = lines.decode("utf-8").split()
    return dict(zip(fields[::3], zip(map(int, fields[1::3]), fields[2::3], strict=True), strict=True))


@lru_cache(maxsize=1)
def _dictionary() -> Dictionary:
    """The dictionary of the installed jieba, which itself is not imported."""
    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        raise ImportError("jieba is not installed: pip install policy-rag brings it")
    return Dictionary(Path(spec.origin).with_name("dict.txt"))


def is_word(text: str) -> bool:
    """Whether jieba's dictionary holds this word."""
    return word_count(text) > 0


def word_count(text: str) -> int:
    """How often jieba's dictionary counted this word, 0 where it does not hold it."""
    return _dictionary().starting(text[0]).get(text, (0, ""))[0]


def dictionary_segmenter() -> Segmenter:
    """jieba's algorithm over its dictionary file."""
    words = _Words(_dictionary())
    return Segmenter(
        lambda text: list(words.cut(text)), lambda text: list(words.search(text)), lambda text: list(words.tag(text))
    )


class _Words:
    """jieba's `cut`, `cut_for_search` and `posseg.cut` with HMM off, the quirks of each kept."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._starting = dictionary.starting
        self._longest: dict[str, int] = {}

    def cut(self, text: str) -> Iterator[str]:
        for position, block in enumerate(_CUT_BLOCK.split(text)):
            if position % 2:
                yield from _joined(self._best_path(block))
            else:
                yield from (word for part in _BLANK.split(block) for word in ([part] if _BLANK.match(part) else part))

    def search(self, text: str) -> Iterator[str]:
        for word in self.cut(text):
            for length in (2, 3):
                if len(word) > length:
                    grams = (word[i : i + length] for i in range(len(word) - length + 1))
                    yield from (gram for gram in grams if self._starting(gram[0]).get(gram, (0, ""))[0])
            yield word

    def tag(self, text: str) -> Iterator[tuple[str, str]]:
        for position, block in enumerate(_TAG_BLOCK.split(text)):
            if position % 2:
                for word in _joined(self._best_path(block)):
                    yield word, self._tag(word)
            else:
                for part in _BLANK.split(block):
                    yield from ((word, self._tag(word)) for word in ([part] if _BLANK.match(part) else part))

    def _tag(self, word: str) -> str:
        entry = self._starting(word[0]).get(word)
        if entry is not None:
            return entry[1]
        if _LATIN.isdisjoint(word):
            return "x"
        return "m" if _number(word) else "eng"

    def _best_path(self, text: str) -> Iterator[str]:
        """The most probable words: the sum of log probabilities from the end, the longer word first where two are equal."""
        logtotal = log(TOTAL)
        scores = [0.0] * (len(text) + 1)
        ends = [0] * len(text)
        for start in range(len(text) - 1, -1, -1):
            ways = ((log(count or 1) - logtotal + scores[end], end) for end, count in self._words_at(text, start))
            scores[start], ends[start] = max(ways)
        start = 0
        while start < len(text):
            yield text[start : ends[start]]
            start = ends[start]

    def _words_at(self, text: str, start: int) -> Sequence[tuple[int, int]]:
        """End and count of each dictionary word that starts here; the single character where there is none."""
        first = text[start]
        words = self._starting(first)
        longest = self._longest.get(first)
        if longest is None:
            longest = self._longest[first] = max(map(len, words), default=1)
        found = []
        for end in range(start + 1, min(start + longest, len(text)) + 1):
            entry = words.get(text[start:end])
            if entry is not None:
                found.append((end, entry[0]))
        return found or [(start + 1, 0)]


def block(text: str, at: int, low: int = 0) -> tuple[int, int]:
    """The range of the block that holds the character at `at` and begins at `low` or later; empty where that is part of none.

    Words reach over neither end of a block, and what it is cut into depends on nothing outside of it. Between blocks every
    character is a word.
    """
    found = _BLOCK.match(text, at)
    if found is None:
        return at, at
    start = at
    while start > low and (_HAN[0] <= text[start - 1] <= _HAN[-1] or text[start - 1] in _BLOCK_SIGNS):
        start -= 1
    return start, found.end()


def _number(word: str) -> bool:
    return word.isascii() and word.isdigit()


def _joined(words: Iterator[str]) -> Iterator[str]:
    """The words, single Latin letters and digits that follow each other made one."""
    held = ""
    for word in words:
        if word in _LATIN:
            held += word
            continue
        if held:
            yield held
            held = ""
        yield word
    if held:
        yield held


@lru_cache(maxsize=1)
def _fast() -> Segmenter:
    try:
        return rust_segmenter()
    except ImportError:
        return python_segmenter()


class Choice:
    """Which segmenter is due in this process, by how much it has cut."""

    def __init__(self) -> None:
        self._seen = 0
        self._instant = dictionary_segmenter()

    def expect_much(self) -> None:
        """Says that there is much to cut: the fast one takes it from the start."""
        self._seen = _FEW

    def __call__(self, text: str) -> Segmenter:
        self._seen += len(text)
        return self._instant if self._seen <= _FEW else _fast()


@lru_cache(maxsize=1)
def _choice() -> Choice:
    return Choice()


def expect_much() -> None:
    """Says that this process has much to cut, so that nothing is cut in the way of one question first."""
    _choice().expect_much()


def segmenter(text: str) -> Segmenter:
    """The segmenter that is to cut the text: all give the same words, and the choice depends on how much was cut before."""
    return _choice()(text)
