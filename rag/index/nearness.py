"""How near the tokens of passages come to those of a question, one by one (late interaction over a model's token table)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from embeddings.protocol import TokenTable
from rag.analysis import simplified
from rag.index.text import embedded_texts, indexed_text
from rag.types import Chunk, Document

KEPT = 20_000
Tokens = NDArray[np.int32]


class Nearness:
    """Compares a question with passages, read with their context. The tokens of the passages met last are kept, at most `capacity`;
    safe to use from several threads."""

    def __init__(self, table: TokenTable, capacity: int = KEPT) -> None:
        self._table = table
        self._capacity = capacity
        self._kept: OrderedDict[int, Tokens] = OrderedDict()
        self._lock = Lock()

    def __call__(self, question: str, chunks: Sequence[Chunk], document: Callable[[str], Document]) -> Sequence[float]:
        """One value a chunk, −1 to 1, as TokenTable.nearness says. `document` gives a document with its text."""
        (asked,) = self._table.tokens([simplified(question)])
        near: list[float] = self._table.nearness(asked, self._tokens(chunks, document)).tolist()
        return near

    def _tokens(self, chunks: Sequence[Chunk], document: Callable[[str], Document]) -> Sequence[Tokens]:
        with self._lock:
            known = {chunk.id: self._kept[chunk.id] for chunk in chunks if chunk.id in self._kept}
        missing = [chunk for chunk in chunks if chunk.id not in known]
        if missing:
            texts = embedded_texts([indexed_text(document(chunk.document_id).text, chunk) for chunk in missing])
            read = dict(zip((chunk.id for chunk in missing), self._table.tokens(texts), strict=True))
            known |= read
            with self._lock:
                self._kept |= read
                while len(self._kept) > self._capacity:
                    self._kept.popitem(last=False)
        return [known[chunk.id] for chunk in chunks]
