"""An answer ready to paste into a report: points under their documents or places, numbered references in GB/T 7714 form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Final

from rag.answering.numbering import numbering
from rag.answering.reference import gbt7714, official
from rag.documents.sentences import readable
from rag.question import language
from rag.types import Answer, Document, Language, Point


class Format(StrEnum):
    """How an answer is written out."""

    TEXT = "text"
    MARKDOWN = "markdown"
    DOCX = "docx"


@dataclass(frozen=True, slots=True)
class Wording:
    """The words around an answer in one language. `omitted` takes the number of points."""

    references: str
    nearest: str
    place: str
    points: str
    nothing: str
    omitted: str
    colon: str


WORDINGS: Final = {
    Language.CHINESE: Wording(
        "参考文献", "最接近的文件", "地方", "要点", "语料中没有相关内容。", "另有{}条要点未列出。", "："
    ),
    Language.TRADITIONAL: Wording(
        "參考文獻", "最接近的文件", "地方", "要點", "語料中沒有相關內容。", "另有{}條要點未列出。", "："
    ),
    Language.ENGLISH: Wording(
        "References",
        "Nearest documents",
        "Place",
        "Points",
        "Nothing in the corpus.",
        "{} more points are left out.",
        ":",
    ),
}


@dataclass(frozen=True, slots=True)
class Item:
    """A numbered point: its text, the numbers of its references, and the quotes that its text does not show whole."""

    number: int
    text: str
    references: tuple[int, ...]
    quotes: tuple[str, ...]

    @property
    def marks(self) -> str:
        """The references as they stand in the text: [1][3]."""
        return "".join(f"[{number}]" for number in self.references)


@dataclass(frozen=True, slots=True)
class Section:
    """Points under one heading; a compared place that has nothing has no items."""

    heading: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """An answer laid out. A refusal has no sections but `lead`, its sentence, and the nearest documents as references; an
    answer that an LLM worded has its wording as `lead`, and the points that it rests on after it."""

    question: str
    lead: str
    sections: tuple[Section, ...]
    compared: bool
    remark: str
    references: tuple[str, ...]
    references_heading: str
    wording: Wording


def sheet(answer: Answer, documents: Mapping[str, Document], accessed: date) -> Sheet:
    """The answer laid out in the language of its question. A document has one reference number, in order of first use.

    `documents` holds every cited and nearest document by id; `accessed` is the day of access in the references.
    """
    wording = WORDINGS[language(answer.question)]
    cited = [citation.document_id for point in answer.points for citation in point.citations]
    ids = list(dict.fromkeys(cited if answer.answered else (hit.chunk.document_id for hit in answer.nearest)))
    numbers = {name: number for number, name in enumerate(ids, 1)}
    items = [_item(number, point, numbers) for number, point in enumerate(answer.points, 1)]
    compared = answer.comparison is not None
    sections = _by_place(answer, items, documents) if compared else _by_document(answer.points, items, documents)
    return Sheet(
        question=" ".join(answer.question.split()),
        lead=_lead(answer, numbers),
        sections=tuple(sections),
        compared=compared,
        remark=_remark(answer, wording),
        references=tuple(f"[{number}] {gbt7714(documents[name], accessed)}" for name, number in numbers.items()),
        references_heading=wording.references if answer.answered else wording.nearest,
        wording=wording,
    )


def plain(page: Sheet) -> str:
    """The sheet as plain text, paragraphs parted by empty lines, with one line end at its end."""
    blocks = [page.question, page.lead]
    for section in page.sections:
        lines = [f"{section.heading}{page.wording.colon}", *map(_plain_item, section.items)]
        blocks.append("\n".join(lines if section.items else [lines[0] + page.wording.nothing]))
    blocks += [page.remark, _listed(page.references_heading, page.references)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def markdown(page: Sheet) -> str:
    """The sheet as Markdown, with one line end at its end; what comes from documents is escaped, so that it shows as it is."""
    blocks = [f"# {_escaped(page.question)}", _lined(page.lead)]
    if page.compared:
        blocks.append("\n".join(_table(page)))
    else:
        for section in page.sections:
            blocks.append(f"**{_escaped(section.heading)}**")
            blocks.append("\n".join(_markdown_item(item) for item in section.items))
    blocks.append(_lined(page.remark))
    if page.references:
        blocks.append(f"## {page.references_heading}")
        blocks += map(_escaped, page.references)
    return "\n\n".join(block for block in blocks if block) + "\n"


def _lead(answer: Answer, numbers: Mapping[str, int]) -> str:
    """The refusal, or the wording of an LLM with the numbers of references in place of those of citations."""
    if not answer.answered:
        return answer.text
    if answer.llm is None or not answer.llm.used:
        return ""
    cited = numbering(answer.points).citations
    marks = {f"[{number}]": f"[{numbers[each.document_id]}]" for number, each in enumerate(cited, 1)}
    return _MARK.sub(lambda mark: marks.get(mark.group(), mark.group()), answer.text)


def _remark(answer: Answer, wording: Wording) -> str:
    """What belongs to no point: a place that has nothing (a comparison says so itself, and an LLM's wording ends with it), and
    how many points are left out."""
    omitted = answer.coverage.points_omitted
    said = answer.comparison is not None or (answer.llm is not None and answer.llm.used)
    lines = () if said else answer.notes
    return "\n".join([*lines, *([wording.omitted.format(omitted)] if omitted else [])])


def _item(number: int, point: Point, numbers: Mapping[str, int]) -> Item:
    quotes = dict.fromkeys(_flat(readable(citation.quote)) for citation in point.citations)
    shown = "".join(point.text.split())
    return Item(
        number=number,
        text=_flat(point.text),
        references=tuple(dict.fromkeys(numbers[citation.document_id] for citation in point.citations)),
        quotes=tuple(quote for quote in quotes if "".join(quote.split()) not in shown),
    )


def _flat(text: str) -> str:
    """The text on one line; lines are joined with a space between Latin words, without one in Chinese."""
    return _LATIN_BREAK.sub(" ", text).replace("\n", "").strip()


def _by_place(answer: Answer, items: Sequence[Item], documents: Mapping[str, Document]) -> Iterator[Section]:
    """A section a row; points of no row follow by document, so that none is lost."""
    rows = answer.comparison.rows if answer.comparison is not None else ()
    for place, points in rows:
        yield Section(place, tuple(items[at] for at in points))
    shown = {at for _, points in rows for at in points}
    others = [at for at in range(len(items)) if at not in shown]
    yield from _by_document([answer.points[at] for at in others], [items[at] for at in others], documents)


def _by_document(
    points: Sequence[Point], items: Sequence[Item], documents: Mapping[str, Document]
) -> Iterator[Section]:
    """Runs of points from one document, or grouped for one place."""
    pairs = zip(points, items, strict=True)
    for (_, place), run in groupby(pairs, key=lambda pair: (pair[0].citations[0].document_id, pair[0].place)):
        group = list(run)
        document = documents[group[0][0].citations[0].document_id]
        yield Section(f"{place or document.place or ''}{official(document)}", tuple(item for _, item in group))


def _plain_item(item: Item) -> str:
    return "\n".join([f"{item.number}. {item.text}{item.marks}", *(f"   「{quote}」" for quote in item.quotes)])


def _listed(heading: str, lines: Iterable[str]) -> str:
    found = list(lines)
    return "\n".join([heading, *found]) if found else ""


def _markdown_item(item: Item) -> str:
    quotes = [f"   > {_escaped(quote)}" for quote in item.quotes]
    return "\n\n".join([f"{item.number}. {_escaped(item.text + item.marks)}", *quotes])


def _table(page: Sheet) -> Iterator[str]:
    yield f"| {page.wording.place} | {page.wording.points} |"
    yield "|---|---|"
    for section in page.sections:
        cells = [f"{item.number}\\. {_escaped(item.text + item.marks)}" for item in section.items]
        yield f"| {_escaped(section.heading)} | {'<br>'.join(cells) or page.wording.nothing} |"


_MARK: Final = re.compile(r"\[\d+\]")
_LATIN_BREAK: Final = re.compile(r"(?<=[!-~])\n(?=[!-~])")


def _lined(text: str) -> str:
    """Several lines that stay lines in Markdown."""
    return "  \n".join(map(_escaped, text.split("\n")))


_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>|~$&#])")
_OPENING: Final = re.compile(r"^(\s*)(\d+)([.)])(?=\s)|^(\s*)([-+=])", re.MULTILINE)


def _escaped(text: str) -> str:
    """The text with every character that Markdown would read as a mark escaped."""
    escaped = _SPECIAL.sub(r"\\\1", text)
    return _OPENING.sub(lambda m: f"{m[1]}{m[2]}\\{m[3]}" if m[2] else f"{m[4]}\\{m[5]}", escaped)
