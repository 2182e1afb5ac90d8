"""Passages prepared for ranking: folded once, kept as long as they are in use. Ids are content hashes, so that what is
remembered stays true from one generation to the next."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from rag.analysis import fold
from rag.protocols import Store
from rag.types import Chunk

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
    """A passage of a chunk and its exact text."""
    folded = "".join(fold(text).text.split())
    context, section = fold(chunk.context).text, fold(chunk.heading).text
    return Passage(
        chunk,
        folded,
        context,
        context.removesuffix(section),
        section,
        tuple(_SENTENCE.findall(folded)) or (folded,),
        min(len(_MARK.findall(folded)) / 10, 1.0),
        4 * len(_HAN.findall(folded)) >= len(_LATIN.findall(folded)),
    )


class PassageCache:
    """The most recently used passages, at most `capacity`. Safe to use from several threads."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._passages: OrderedDict[int, Passage] = OrderedDict()
        self._lock = Lock()

    def get(self, store: Store, chunk_ids: Sequence[int]) -> Sequence[Passage]:
        """The passages with these chunk ids, in this order; ids that the store does not hold are left out."""
        with self._lock:
            known = {i: self._passages[i] for i in chunk_ids if i in self._passages}
            for i in known:
                self._passages.move_to_end(i)
        missing = [i for i in chunk_ids if i not in known]
        if missing:
            loaded = self._load(store, missing)
            known |= loaded
            with self._lock:
                self._passages |= loaded
                while len(self._passages) > self._capacity:
                    self._passages.popitem(last=False)
        return [known[i] for i in chunk_ids if i in known]

    def _load(self, store: Store, chunk_ids: Sequence[int]) -> dict[int, Passage]:
        texts: dict[str, str] = {}
        loaded: dict[int, Passage] = {}
        for chunk in store.chunks(chunk_ids):
            if chunk.document_id not in texts:
                texts[chunk.document_id] = store.document(chunk.document_id).text
            text = texts[chunk.document_id][chunk.start : chunk.end]
            loaded[chunk.id] = prepared(chunk, text)
        return loaded
