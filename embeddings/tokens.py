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
# What the pieces read sooner than the search does, however much came before: a question.
_SHORT = 200


class Tokens:
    """Texts to token ids. Whichever way they are read, the ids are the library's."""

    def __init__(self, path: Path, pieces: Pieces | None = None, *, cached: Path | None = None) -> None:
        self._path = path
        self._pieces = pieces
        self._cached = cached
        self._seen = 0

    @classmethod
    def read(cls, path: Path, *, cached: Path | None = None, bulk: bool = False) -> Tokens:
        """The tokenizer of a `tokenizer.json`. `cached` is the file for its pieces, and beside it (.search) for the search over
        them: read, or made when they are not there. With `bulk` much text comes at once, and the search takes it from the start.

        Raises EmbeddingError when the tokenizer cannot be read; a cache that cannot be written is done without.
        """
        tokens = cls(path, cached=cached)
        if bulk and tokens._search is not None:
            return tokens
        pieces = read_pieces(cached) if cached else None
        if pieces is None and not bulk:
            pieces = tokenizer_pieces(path)
            if pieces is not None and cached is not None:
                with suppress(OSError):
                    write_pieces(pieces, cached)
        tokens = cls(path, pieces, cached=cached)
        if pieces is None:
            tokens._library  # noqa: B018  What cannot be read is said now.
        return tokens

    def __len__(self) -> int:
        """The size of the vocabulary."""
        if self._pieces is not None:
            return len(self._pieces.scores)
        return self._search.size if self._search else int(self._library.get_vocab_size())

    def encode(self, texts: Sequence[str]) -> Iterator[Sequence[int] | Ids]:
        """The ids of each text's tokens, in order, without special ones."""
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            few = self._few(batch)
            if few is not None:
                yield from few
            elif self._search is None:
                yield from self._by_library(batch)
            else:
                for text, ids in zip(batch, self._search.encode(batch), strict=True):
                    yield next(self._by_library([text])) if ids is None else ids

    @cached_property
    def _search(self) -> BulkPieces | None:
        """What reads much text; None for a tokenizer of another kind, or without sentencepiece."""
        return BulkPieces.read(self._path, cached=self._cached and self._cached.with_suffix(".search"))

    def _by_library(self, texts: Sequence[str]) -> Iterator[Sequence[int]]:
        for encoding in self._library.encode_batch_fast([clean(text) for text in texts], add_special_tokens=False):
            yield encoding.ids

    def _few(self, texts: Sequence[str]) -> list[list[int]] | None:
        """The ids by the pieces; None for much text in all of which this is no question, or for a character that only the library takes."""
        size = sum(map(len, texts))
        self._seen += size
        if self._pieces is None or (self._seen > _FEW and size > _SHORT):
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
