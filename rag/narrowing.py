"""Which documents a question may be answered from when a place or a period is demanded of them."""

from __future__ import annotations

from collections.abc import Iterable

from rag.types import Document


def narrowed(
    documents: Iterable[Document], place: str | None, since: str | None, until: str | None
) -> frozenset[str] | None:
    """The ids of the documents of this place or below it that were published in this period, both days included; None, for all
    of them, where nothing is demanded. A month or a year stands for all of its days."""
    if not (place or since or until):
        return None
    return frozenset(document.id for document in documents if _matches(document, place, since, until))


def _matches(document: Document, place: str | None, since: str | None, until: str | None) -> bool:
    if place and place not in (document.place or ""):
        return False
    if (since or until) and not document.published:
        return False
    published = document.published or ""
    return not (since and published < since[: len(published)]) and not (until and published[: len(until)] > until)
