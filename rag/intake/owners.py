"""Which sources each document comes from, and what is known of a file from its last reading."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rag.intake.reading import MEMBER_SEPARATOR
from rag.types import Document


@dataclass(slots=True)
class Owners:
    """Which sources each document comes from, and which documents each source holds, in their order."""

    sources: dict[str, set[str]] = field(default_factory=dict)
    documents: dict[str, dict[str, None]] = field(default_factory=dict)

    @classmethod
    def of(cls, catalogue: Sequence[Document]) -> Owners:
        """As the index has it now."""
        owners = cls()
        for item in catalogue:
            for source in {item.source, *item.sources}:
                owners._add(item.id, source)
        return owners

    def take(self, source: str, documents: Sequence[str]) -> bool:
        """Makes these the documents of a source; True when other sources have every one of them already."""
        for document in self.documents.pop(source, {}):
            self.sources[document].discard(source)
        elsewhere = all(self.sources.get(document) for document in documents)
        for document in documents:
            self._add(document, source)
        return elsewhere

    def _add(self, document: str, source: str) -> None:
        self.sources.setdefault(document, set()).add(source)
        self.documents.setdefault(source, {})[document] = None


class Known:
    """The sources that an index holds, with the SHA-256 of the file that each was read from: a zip's for all its members."""

    def __init__(self, digests: Mapping[str, str]) -> None:
        self.digests = digests
        self._ordered = sorted(digests)

    def of(self, source: str) -> tuple[str, ...]:
        """The known sources of a file: itself, or its members if it is a zip."""
        if source in self.digests:
            return (source,)
        inside = source + MEMBER_SEPARATOR
        first = bisect_left(self._ordered, inside)
        last = bisect_left(self._ordered, inside[:-1] + chr(ord(MEMBER_SEPARATOR) + 1))
        return tuple(self._ordered[first:last])

    def digest(self, source: str) -> str | None:
        """The SHA-256 of the file when it was last read; None when it is not known, or not as a whole."""
        found = {self.digests[name] for name in self.of(source)}
        return found.pop() if len(found) == 1 else None
