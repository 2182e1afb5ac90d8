"""Questions that compare the years of one matter (2023年和2024年各是多少): which passages answer for each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from rag.analysis import fold
from rag.question import Question
from rag.types import Document, Hit

_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_BETWEEN: Final = re.compile(r"\s*年?\s*(?:[-—–~～至到]|to\b|through\b)")


def compared(question: Question) -> Sequence[str]:
    """The years that a question names one by one; empty for fewer than two, and for a period from one to another."""
    years = question.years
    if len(years) < 2 or any(_BETWEEN.match(question.folded, match.end()) for match in _YEAR.finditer(question.folded)):
        return ()
    return years


def by_year(
    years: Sequence[str], hits: Sequence[Hit], texts: Mapping[str, str], catalogue: Mapping[str, Document]
) -> Mapping[str, Sequence[Hit]]:
    """The hits that answer for each year, in the order of `years`: those of the documents of that year; where there is none,
    those that name it. Empty where no hit answers for some year."""
    found = {year: _of(year, hits, texts, catalogue) for year in years}
    return found if all(found.values()) else {}


def _of(year: str, hits: Sequence[Hit], texts: Mapping[str, str], catalogue: Mapping[str, Document]) -> Sequence[Hit]:
    own = [hit for hit in hits if year in _years(catalogue[hit.chunk.document_id])]
    return own or [hit for hit in hits if year in texts[hit.chunk.document_id][hit.chunk.start : hit.chunk.end]]


def _years(document: Document) -> Sequence[str]:
    """The years that a document is of: those of its title, else that of its publication."""
    return _YEAR.findall(fold(document.title).text) or [(document.published or "")[:4]]
