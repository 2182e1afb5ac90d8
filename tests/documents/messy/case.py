"""A made document and what is true of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """A file and what is true of its (first) document; `inside` must stand in a passage each, `outside` in none."""

    source: str
    text: str
    title: str
    place: str | None
    published: str | None = None
    number: str | None = None
    issuer: str | None = None
    author: str | None = None
    inside: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    encoding: str = "utf-8"
    titles: tuple[str, ...] = ()
    places: tuple[str | None, ...] = ()
