"""The tokenizer of a model folder: the library `tokenizers`; before it is needed the pieces that a cache holds, and for much
text the search of sentencepiece over them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from embeddings.bulk import BulkPieces, Ids
from embeddings.pieces import Pieces, read_pieces, tokenizer_pieces, write_pieces
from embeddings.protocol import EmbeddingError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_BATCH = 1024
# Characters that are tokenized before the library's start of 0.1 s pays (3 µs a character without it).
_FEW = 20_000


class Tokens:
    """Texts to token ids. Whichever way they are read, the ids are the library's."""

    def __init__(self, path: Path, pieces: Pieces | None = None, bulk: BulkPieces | None = None) -> None:
        self._path = path
        self._pieces = pieces
        self._bulk = bulk
        self._seen = 0

    @classmethod
    def read(cls, path: Path, *, cached: Path | None = None, bulk: bool = False) -> Tokens:
        """The tokenizer of a `tokenizer.json`. `cached` is the file for its pieces: read, or made when it is not there.
        With `bulk` much text comes at once: it is read by sentencepiece where that can.

        Raises EmbeddingError when the tokenizer cannot be read; a cache that cannot be written is done without.
        """
        searched = BulkPieces.read(path) if bulk else None
        if searched is not None:
            return cls(path, bulk=searched)
        pieces = read_pieces(cached) if cached else None
        if pieces is None and not bulk:
            pieces = tokenizer_pieces(path)
            if pieces is not None and cached is not None:
                with suppress(OSError):
                    write_pieces(pieces, cached)
        tokens = cls(path, pieces)
        if pieces is None:
            tokens._library  # noqa: B018  What cannot be read is said now.
        return tokens

    def __len__(self) -> int:
        """The size of the vocabulary."""
        if self._bulk is not None:
            return self._bulk.size
        return int(self._library.get_vocab_size()) if self._pieces is None else len(self._pieces.scores)

    def encode(self, texts: Sequence[str]) -> Iterator[Sequence[int] | Ids]:
        """The ids of each text's tokens, in order, without special ones."""
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            if self._bulk is not None:
                for text, ids in zip(batch, self._bulk.encode(batch), strict=True):
                    yield next(self._by_library([text])) if ids is None else ids
                continue
            few = self._few(batch)
            yield from few if few is not None else self._by_library(batch)

    def _by_library(self, texts: Sequence[str]) -> Iterator[Sequence[int]]:
        for encoding in self._library.encode_batch_fast([clean(text) for text in texts], add_special_tokens=False):
            yield encoding.ids

    def _few(self, texts: Sequence[str]) -> list[list[int]] | None:
        """The ids by the pieces; None when the library is to do it: for much text, or for a character of its own."""
        self._seen += sum(map(len, texts))
        if self._pieces is None or self._seen > _FEW:
            return None
        found = [self._pieces.encode(text) for text in texts]
        return [ids for ids in found if ids is not None] if None not in found else None

    @cached_property
    def _library(self) -> Tokenizer:
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_file(os.fspath(self._path))
        except Exception as error:  # tokenizers raises plain Exception for every fault of the file
            raise EmbeddingError(f"cannot read {str(self._path)!r}: {error}; copy the model folder again") from error
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer


def clean(text: str) -> str:
    """The text with lone surrogates replaced: the tokenizer takes UTF-8 only."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
