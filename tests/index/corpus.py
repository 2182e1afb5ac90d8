"""A small corpus with an embedder and an analyzer that one can compute by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from embeddings.protocol import Matrix
from rag.index.engine import EmbeddedEngine
from rag.types import Chunk, Document, Entry, Evidence, Level, chunk_id, document_id, text_sha256

DIM = 16


class CharacterEmbedder:
    """Counts characters by code point modulo 16, then normalises. An empty text gives the zero row."""

    def __init__(self, name: str = "characters", fingerprint: str = "e1", turn: int = 0) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.dim = DIM
        self._turn = turn

    def encode_query(self, texts: Sequence[str]) -> Matrix:
        return self.encode_document(texts)

    def encode_document(self, texts: Sequence[str]) -> Matrix:
        rows: Matrix = np.zeros((len(texts), DIM), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for character in text:
                row[(ord(character) + self._turn) % DIM] += 1
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        return rows


class CharacterAnalyzer:
    """Every character that is not white space is a term."""

    def __init__(self, fingerprint: str = "a1") -> None:
        self.fingerprint = fingerprint

    def terms(self, text: str) -> Sequence[str]:
        return [character for character in text if not character.isspace()]


def document(text: str, source: str, title: str = "题") -> Document:
    """A document of this text with every field filled."""
    return Document(
        id=document_id(text),
        text=text,
        title=title,
        place="湖南省衡阳市祁东县",
        level=Level.COUNTY,
        author="县委组织部",
        source=source,
        published="2022-12-05",
        doc_number="祁办发〔2022〕15号",
        url="http://example.invalid/1",
        sha256=text_sha256(text),
        issuer="祁东县委",
        sources=(source,),
        evidence=(Evidence("title", title, 0, 1, "first line"),),
    )


def entry(text: str, source: str, title: str = "题") -> Entry:
    """A document and one chunk a line; the context is the title."""
    made = document(text, source, title)
    chunks: list[Chunk] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if line:
            chunks.append(Chunk(chunk_id(made.id, start, end), made.id, start, end, f"第{len(chunks) + 1}节", title))
        start = end + 1
    return Entry(made, tuple(chunks))


CORPUS = {
    "a.txt": [entry("人才政策十条。\n安家补贴二十万元。\n给予博士补贴。", "a.txt", "祁东县人才")],
    "b.txt": [
        entry("基层党建工作。\n人才公寓建设。", "b.txt", "冷水江"),
        entry("组织工作要点。\n人才。", "b.txt", "要点"),
    ],
    "c.txt": [entry("乡村振兴。\n产业扶持补贴。\n人才回乡。", "c.txt", "澄河")],
}
DIGESTS = {source: text_sha256(source) for source in CORPUS}


def engine(directory: Path, **options: bool) -> EmbeddedEngine:
    """An engine over the directory with the fakes, for writing."""
    return EmbeddedEngine.open(
        directory, embedder=CharacterEmbedder(), analyzer=CharacterAnalyzer(), write=True, **options
    )
