"""The outline of an article: its paragraphs in order, each with the headings that it stands under."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.documents.headings import PLAIN_RANK, Mark, marked
from rag.documents.lines import Line
from rag.documents.paragraphs import Paragraph, Start, grouped
from rag.documents.tables import Table
from rag.documents.tables import parted as apart


@dataclass(frozen=True, slots=True)
class _Rung:
    rank: float
    title: str


def outline(
    found: Sequence[Line],
    flags: Sequence[bool],
    head: int,
    *,
    headings: Mapping[int, int],
    rows: Collection[int],
    whole: bool,
    title: str = "",
    tables: Sequence[Table] = (),
) -> list[Paragraph]:
    """The paragraphs of an article: lines before index `head` one by one (title, byline), then its body.

    `headings` and `rows` are marks of the format by line start; `whole` says that lines are paragraphs already. A heading that
    says the article's title again stands over nothing. Each row of the `tables` is a paragraph.
    """
    paragraphs = _paragraphs(found, flags, head, rows, whole, tables)
    titles = sum(not flag for flag in flags[:head])
    body = paragraphs[titles:]
    said = "".join(title.split())
    marks = [mark if mark is None or "".join(mark.title.split()) != said else None for mark in marked(body, headings)]
    return paragraphs[:titles] + _with_paths(body, marks)


def _paragraphs(
    found: Sequence[Line],
    flags: Sequence[bool],
    head: int,
    rows: Collection[int],
    whole: bool,
    tables: Sequence[Table],
) -> list[Paragraph]:
    paragraphs: list[Paragraph] = []
    run: list[Line] = []
    parted = False

    def flush() -> None:
        nonlocal parted
        for table, own in apart(run, tables) if tables else ((None, run),):
            groups = [own] if table is not None else [[line] for line in own] if whole else grouped(own)
            for group in groups:
                row = table is not None or group[0].start in rows
                paragraphs.append(Paragraph(tuple(group), parted=parted, row=row, table=table))
                parted = False
        run.clear()

    for at, line in enumerate(found):
        if at == head:
            flush()
        if flags[at]:
            if not line.words.strip("-—– ").isdigit() or whole:
                flush()
            parted = parted or not run
        elif at < head:
            flush()
            run.append(line)
            flush()
        else:
            run.append(line)
    flush()
    return paragraphs


def _with_paths(body: Sequence[Paragraph], marks: Sequence[Mark | None]) -> list[Paragraph]:
    ladder: list[_Rung] = []
    plain_rank: float | None = None
    result: list[Paragraph] = []
    previous: Mark | None = None
    for paragraph, mark in zip(body, marks, strict=True):
        if mark is None:
            result.append(_placed(paragraph, ladder))
            previous = None
            continue
        rank, title, whole = mark
        paired = previous is not None and previous == mark and rank == PLAIN_RANK
        if rank == PLAIN_RANK:
            if plain_rank is None:
                plain_rank = ladder[-1].rank + 0.5 if ladder else 6.5
            rank = plain_rank
        while ladder and ladder[-1].rank >= rank:
            ladder.pop()
        ladder.append(_Rung(rank, title))
        starts = Start.NONE if paired else Start.SECTION if whole else Start.LEAD
        result.append(_placed(paragraph, ladder, starts, whole))
        previous = mark
    return result


def _placed(
    paragraph: Paragraph, ladder: Sequence[_Rung], starts: Start = Start.NONE, heading: bool = False
) -> Paragraph:
    path = tuple(rung.title for rung in ladder)
    return replace(paragraph, path=path, starts=starts, heading=heading)
