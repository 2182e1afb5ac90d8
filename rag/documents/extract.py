"""What a reader of a format hands on: one text, and what the format itself says about its lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rag.documents.layout import Laid
from rag.documents.weave import woven


@dataclass(frozen=True, slots=True)
class Extract:
    """A text and its marks. Offsets are code points in `text`.

    `whole`: every line is a paragraph (html, docx, …), so that no lines are joined and the file is one article.
    `headings` maps the start of a line to its level (1–6), `rows` holds the starts of table rows, `chrome` the starts of
    lines that are not part of the article. `title`, `author`, `url` and `header` (facts outside the text, one a line) are what the
    format states; `pages[n]` is where page n + 1 begins; `hints` are further names that may tell the place (site name, member of an archive).
    """

    text: str
    title: str | None = None
    author: str | None = None
    url: str | None = None
    header: str = ""
    whole: bool = False
    headings: Mapping[int, int] = field(default_factory=dict)
    rows: frozenset[int] = frozenset()
    chrome: frozenset[int] = frozenset()
    hints: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()


def paged(laid: Sequence[Laid]) -> Extract:
    """The extract of paragraphs on pages."""
    text = woven(paragraph.piece for paragraph in laid).text
    pages: list[int] = []
    at = 0
    for paragraph in laid:
        while len(pages) <= paragraph.page:
            pages.append(at)
        at += len(paragraph.piece.words) + 1
    return Extract(text, whole=True, pages=tuple(pages))
