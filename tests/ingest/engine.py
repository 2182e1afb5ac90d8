"""An engine in memory: the part of the seam that ingest uses, worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.sketch import Sketch, sketch
from rag.types import Applied, Chunk, Document, Entry


class MemoryEngine:
    """Sources with their entries, and a log of every change asked for."""

    def __init__(self) -> None:
        self.held: dict[str, tuple[Entry, ...]] = {}
        self.digests: dict[str, str] = {}
        self.changes: list[dict[str, list[str]]] = []
        self.generation = 0

    def snapshot(self) -> MemoryEngine:
        return self

    @property
    def store(self) -> MemoryEngine:
        return self

    def source_digests(self) -> Mapping[str, str]:
        return dict(self.digests)

    def catalogue(self) -> Sequence[Document]:
        sources: dict[str, list[str]] = {}
        documents: dict[str, Document] = {}
        for source, entries in self.held.items():
            for entry in entries:
                documents.setdefault(entry.document.id, entry.document)
                sources.setdefault(entry.document.id, []).append(source)
        return [replace(item, text="", sources=tuple(sources[name])) for name, item in documents.items()]

    def sketches(self) -> Mapping[str, Sketch]:
        return {entry.document.id: sketch(entry) for found in self.held.values() for entry in found}

    def document(self, document_id: str) -> Document:
        return self._entry(document_id).document

    def document_chunks(self, document_id: str) -> Sequence[Chunk]:
        return self._entry(document_id).chunks

    def replace(self, entries: Mapping[str, Sequence[Entry]], digests: Mapping[str, str]) -> Applied:
        self.changes.append({source: [each.document.text for each in found] for source, found in entries.items()})
        for source, found in entries.items():
            self.held.pop(source, None)
            self.digests.pop(source, None)
            if found:
                self.held[source] = tuple(found)
                self.digests[source] = digests[source]
        self.generation += 1
        return Applied(self.generation, (), (), ())

    def texts(self) -> dict[str, list[str]]:
        return {source: [each.document.text for each in found] for source, found in self.held.items()}

    def _entry(self, document_id: str) -> Entry:
        return next(each for found in self.held.values() for each in found if each.document.id == document_id)
