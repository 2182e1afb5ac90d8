"""The numbers of an answer's citations, the same in every rendering of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rag.types import Citation, Point

_Key = tuple[str, int, int, tuple[int, int] | None]


@dataclass(frozen=True, slots=True)
class Numbering:
    """The citations of an answer: number 1 first. The same range with the same focus has one number."""

    citations: tuple[Citation, ...]
    _numbers: Mapping[_Key, int]

    def of(self, point: Point) -> tuple[int, ...]:
        """The numbers of a point's citations, in its order, none twice. Raises KeyError for a point of another answer."""
        return tuple(dict.fromkeys(self._numbers[_key(citation)] for citation in point.citations))


def numbering(points: Iterable[Point]) -> Numbering:
    """The citations of the points numbered from 1 in the order in which the points first use them."""
    cited: dict[_Key, Citation] = {}
    for point in points:
        for citation in point.citations:
            cited.setdefault(_key(citation), citation)
    return Numbering(tuple(cited.values()), {key: number for number, key in enumerate(cited, 1)})


def _key(citation: Citation) -> _Key:
    return citation.document_id, citation.start, citation.end, citation.focus
