"""Answers given lately, for every worker of a server: their JSON, receipts and reports can be fetched again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from rag import present
from rag.answering.formats import Format, markdown, plain, sheet
from rag.kept import KeptAnswers
from rag.outcomes import Answered

KEPT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as given, without the texts of its documents, and when (UTC). `body` is its JSON."""

    result: Answered
    body: dict[str, object]
    model_fingerprint: str
    created: datetime

    def receipt(self) -> dict[str, object]:
        """The receipt, the same at every call."""
        return present.receipt(self.result, model_fingerprint=self.model_fingerprint, created=self.created)

    def references(self) -> list[present.Reference]:
        """The documents cited, as on the day of the answer."""
        return present.references(self.result, self.created.astimezone().date())

    def report(self, form: Format) -> bytes:
        """The answer ready for a report: UTF-8 text, or a Word file."""
        page = sheet(self.result.answer, self.result.documents, self.created.astimezone().date())
        if form is Format.DOCX:
            # Here, since python-docx takes 0.1 s to import and few answers become Word files.
            from rag.answering.word import word

            return word(page, self.created)
        return (markdown(page) if form is Format.MARKDOWN else plain(page)).encode("utf-8", "replace")


class Receipts:
    """The last answers by a random id. Safe to share between threads, and over a file between the workers of one server."""

    def __init__(self, file: Path | None = None, *, most: int = KEPT) -> None:
        self._kept = KeptAnswers(file, most)

    def __del__(self) -> None:
        self._kept.close()

    def keep(self, result: Answered, model_fingerprint: str) -> tuple[str, Given]:
        """Keeps an answer; the oldest beyond the limit are let go. The id is 32 hex digits that cannot be guessed."""
        bare = {name: replace(document, text="", evidence=()) for name, document in result.documents.items()}
        given = Given(replace(result, documents=bare), present.answered(result), model_fingerprint, datetime.now(UTC))
        return self._kept.keep(given), given

    def get(self, name: str) -> Given:
        """The answer with this id. Raises NotFoundError."""
        return self._kept.get(name, Given)
