"""Passages prepared for ranking: folded once, kept as long as they are in use. Ids are content hashes, so that what is
remembered stays true from one generation to the next."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

from rag.analysis import fold
from rag.documents.tables import reading
from rag.types import Chunk, Document

CAPACITY = 20_000
_HAN = re.compile("[㐀-䶿一-鿿豈-﫿]")
_LATIN = re.compile("[a-z]")
_SENTENCE = re.compile(r"[^。!?;…]+[。!?;…]*")
_MARK = re.compile(r"[、;]|[一二三四五六七八九]是|\d[.、]|[(][一二三四五六七八九十\d]+[)]")


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk with its folded text without white space, the sentences of that, and its folded context (place › title ›
    heading), in it the `title` that the whole document shares (place › title) and the `section` that it does not. `listing` in
    0..1 says how much it looks like an enumeration: a tenth for each mark of one. `chinese`: whether it is in Chinese."""

    chunk: Chunk
    folded: str
    context: str
    title: str
    section: str
    sentences: tuple[str, ...]
    listing: float
    chinese: bool


def prepared(chunk: Chunk, text: str) -> Passage:
    """A passage of a chunk and its text as it is read: exact, but rows of tables with the names of their columns."""
    folded = "".join(fold(text).text.split())
    context, section = _folded_line(chunk.context), _folded_line(chunk.heading)
    latin = len(_LATIN.findall(folded))
    return Passage(
        chunk,
        folded,
        context,
        context.removesuffix(section),
        section,
        tuple(_SENTENCE.findall(folded)) or (folded,),
        min(len(_MARK.findall(folded)) / 10, 1.0),
        not latin or 4 * len(_HAN.findall(folded)) >= latin,
    )


@lru_cache(maxsize=4_096)
def _folded_line(line: str) -> str:
    """A context or heading folded. Kept: the passages of a document share them."""
    return fold(line).text


class PassageCache:
    """The most recently used passages, at most `capacity`. Safe to use from several threads."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._passages: OrderedDict[int, Passage] = OrderedDict()
        self._lock = Lock()

    def get(
        self,
        chunk_ids: Sequence[int],
        chunks: Callable[[Sequence[int]], Sequence[Chunk]],
        document: Callable[[str], Document],
    ) -> Sequence[Passage]:
        """The passages with these chunk ids, in this order; those that `chunks` does not give are left out. `document` gives a
        document with its text."""
        with self._lock:
            known = {i: self._passages[i] for i in chunk_ids if i in self._passages}
            for i in known:
                self._passages.move_to_end(i)
        missing = [i for i in chunk_ids if i not in known]
        if missing:
            loaded = {
                chunk.id: prepared(chunk, reading(document(chunk.document_id).text, chunk.start, chunk.end))
                for chunk in chunks(missing)
            }
            known |= loaded
            with self._lock:
                self._passages |= loaded
                while len(self._passages) > self._capacity:
                    self._passages.popitem(last=False)
        return [known[i] for i in chunk_ids if i in known]
