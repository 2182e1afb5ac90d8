"""`rag ask --format`: an answer ready to paste into a report."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from rag.answering.formats import Format, markdown, plain, sheet
from rag.answering.word import word
from rag.cli.output import Output
from rag.errors import UsageError
from rag.outcomes import Answered


def write_sheet(result: Answered, form: Format, file: Path | None, output: Output) -> None:
    """Writes the answer to a file, or prints it. Raises UsageError for a Word file that has no file to go to."""
    now = datetime.now(UTC)
    page = sheet(result.answer, result.documents, now.astimezone().date())
    if form is Format.DOCX:
        if file is None and sys.stdout.isatty():
            raise UsageError("a Word file is not for the terminal: name one with --output FILE.docx")
        data = word(page, now)
        if file is None:
            sys.stdout.buffer.write(data)
        else:
            file.write_bytes(data)
        return
    text = plain(page) if form is Format.TEXT else markdown(page)
    if file is None:
        output.raw(text)
    else:
        file.write_text(text, encoding="utf-8")
