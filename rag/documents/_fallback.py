"""Stands in for places and dates until they land."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.types import Evidence, Level


@dataclass(frozen=True, slots=True)
class Located:
    place: str | None = None
    level: Level | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Dated:
    published: str | None = None
    doc_number: str | None = None
    issuer: str | None = None
    evidence: tuple[Evidence, ...] = ()


def locate(text: str, *, title: str, byline: str | None, source: str, hints: Sequence[str] = ()) -> Located:
    return Located()


def dated(text: str, *, title: str, header: str = "") -> Dated:
    return Dated()
