"""The outline of an article: its paragraphs in order, each with the headings that it stands under."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from rag.documents.lines import Line
from rag.documents.marks import CLOSERS, Opening, label, opening
from rag.documents.paragraphs import grouped

HEADING_CHARS: Final = 64
LEAD_CHARS: Final = 28
COLUMNS_CHARS: Final = 60
ARTICLE_LEAD_CHARS: Final = 16
_TITLED: Final = frozenset(("han", "chapter", "section", "bracket"))
_UNMARKED_CHARS: Final = 32
_BODY_CHARS: Final = 30
_STOP: Final = re.compile(r"[。；！？!?]")
_LEAD: Final = re.compile(r"[^。？！：:；]{2,40}?[。？！?]")
_NAMING: Final = re.compile(r"[^。？！：:；，,]{2,18}(?:[，,][^。？！：:；，,]{2,16})?[。？！?]")
_PLAIN: Final = re.compile(r"^[^。；，,:：！!…]{4,40}$")
_NO_HEADING: Final = re.compile(
    r"^[（(\[【]|^[A-Za-z][.、）)．]|〔|签[字名]|盖章|\d{4}\s*年|\d{5,}|(?:委员会|人民政府|办公室|办公厅|组织部|指挥部|领导小组|[局厅委部])$|^(?:附件?|抄送|主送|特此|此致|摘编|摘自|选自|转载|转自|来源|作者|记者|敬礼|谢谢|完|联系|电话|地址|传真|邮)"
)
_BOLD: Final = re.compile(r"^(?:\*\*|__)[^*_]{2,60}(?:\*\*|__)$")


class Start(IntEnum):
    """What begins at a paragraph: nothing, a part named by its first sentence, or a section with a heading of its own."""

    NONE = 0
    LEAD = 1
    SECTION = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its lines, the path of headings over it (its own last), and what begins with it.

    `heading`: the paragraph is nothing but a heading. `parted`: chrome stands between it and the one before.
    `row`: a table row.
    """

    lines: tuple[Line, ...]
    path: tuple[str, ...] = ()
    starts: Start = Start.NONE
    heading: bool = False
    parted: bool = False
    row: bool = False

    @property
    def words(self) -> str:
        """The paragraph's first line."""
        return self.lines[0].words


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
) -> list[Paragraph]:
    """The paragraphs of an article: lines before index `head` one by one (title, byline), then its body.

    `headings` and `rows` are marks of the format by line start; `whole` says that lines are paragraphs already. A heading that
    says the article's title again stands over nothing.
    """
    paragraphs = _paragraphs(found, flags, head, rows, whole)
    titles = sum(not flag for flag in flags[:head])
    body = paragraphs[titles:]
    marked = _marked(body, headings)
    said = "".join(title.split())
    marked = [mark if mark is None or "".join(mark[1].split()) != said else None for mark in marked]
    return paragraphs[:titles] + _with_paths(body, marked)


def _paragraphs(
    found: Sequence[Line], flags: Sequence[bool], head: int, rows: Collection[int], whole: bool
) -> list[Paragraph]:
    paragraphs: list[Paragraph] = []
    run: list[Line] = []
    parted = False

    def flush() -> None:
        nonlocal parted
        groups = [[line] for line in run] if whole else grouped(run)
        for group in groups:
            paragraphs.append(Paragraph(tuple(group), parted=parted, row=group[0].start in rows))
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


def _marked(body: Sequence[Paragraph], headings: Mapping[int, int]) -> list[tuple[float, str, bool] | None]:
    """For each paragraph (rank, title, is the whole paragraph) of the heading that it opens with, or None."""
    found: list[tuple[float, str, bool] | None] = []
    for paragraph in body:
        level = headings.get(paragraph.lines[0].start)
        sign = opening(paragraph.words)
        if level is not None:
            found.append((float(level), label(paragraph.words), True))
        elif paragraph.row:
            found.append(None)
        elif sign is not None:
            found.append(_numbered(paragraph, sign))
        else:
            found.append(None)
    _drop_lists(body, found)
    _mark_plain(body, found)
    _mark_leads(body, found)
    return found


def _numbered(paragraph: Paragraph, sign: Opening) -> tuple[float, str, bool] | None:
    words = paragraph.words
    if sign.kind == "hashes":
        return float(sign.rank), label(words), True
    if _stands_alone(paragraph):
        ends = words[-1] in "。！" and (sign.kind not in _TITLED or len(words) > LEAD_CHARS)
        return None if ends else (float(sign.rank), label(words).rstrip("。"), True)
    if sign.kind in ("circle", "digit_bracket"):
        return None
    lead = _LEAD.match(words, sign.length)
    if lead is None or lead.end() > sign.length + (ARTICLE_LEAD_CHARS if sign.kind == "article" else LEAD_CHARS):
        return (float(sign.rank), words[: sign.length].strip("：:、. "), False) if sign.kind == "article" else None
    if lead.end() == len(words):
        return None
    return float(sign.rank), label(words[: lead.end()]).rstrip("。"), False


def _stands_alone(paragraph: Paragraph) -> bool:
    words = paragraph.words
    if len(paragraph.lines) > 1 or len(words) > HEADING_CHARS or words[-1] in "；，、：;,:":
        return False
    return _STOP.search(words.rstrip(CLOSERS)[:-1]) is None


def _drop_lists(body: Sequence[Paragraph], found: list[tuple[float, str, bool] | None]) -> None:
    """Numbered lines that follow one another with nothing between, or have no text under them, are items, not headings."""
    at = 0
    while at < len(found):
        mark = found[at]
        if mark is None or not mark[2] or mark[0] < 50:
            at += 1
            continue
        until = at + 1
        while until < len(found) and (after := found[until]) is not None and after[2] and after[0] == mark[0]:
            until += 1
        if until - at > 1 or not _stands_over(body, found, until, mark[0]):
            found[at:until] = [None] * (until - at)
        at = until


def _stands_over(
    body: Sequence[Paragraph], found: Sequence[tuple[float, str, bool] | None], at: int, rank: float
) -> bool:
    """Whether what begins at `at` can be the text of a numbered heading."""
    if at >= len(body):
        return False
    after = found[at]
    if after is not None:
        return after[0] > rank
    words = body[at].words
    return rank < 60 or body[at].row or len(words) > 12 or words[-1] in "。：:；？！" or opening(words) is not None


def _mark_plain(body: Sequence[Paragraph], found: list[tuple[float, str, bool] | None]) -> None:
    """Marks short lines without a sign, alone or in pairs, that stand over a paragraph of sentences."""
    at = 0
    while at < len(body):
        until = at
        while until < len(body) and found[until] is None and _is_plain(body[until]):
            until += 1
        if until == at:
            at += 1
            continue
        follows = until < len(body) and not body[until].row and (found[until] is not None or _is_prose(body[until]))
        if 1 <= until - at <= 2 and follows:
            title = " ".join(label(paragraph.words) for paragraph in body[at:until])
            for index in range(at, until):
                found[index] = (0.0, title, True)
        at = until


def _is_plain(paragraph: Paragraph) -> bool:
    words = paragraph.words
    if _BOLD.match(words):
        return True
    if paragraph.row or len(paragraph.lines) > 1 or len(words) > _UNMARKED_CHARS:
        return False
    if opening(words) is not None:
        return False
    return _PLAIN.match(words) is not None and _NO_HEADING.search(words) is None


def _is_prose(paragraph: Paragraph) -> bool:
    return len(paragraph.words) >= _BODY_CHARS and _STOP.search(paragraph.words) is not None


def _mark_leads(body: Sequence[Paragraph], found: list[tuple[float, str, bool] | None]) -> None:
    """Marks paragraphs that open, one like the other, with a short sentence that names what follows."""
    prose = [
        at
        for at, paragraph in enumerate(body)
        if found[at] is None and not paragraph.row and _is_prose(paragraph) and not (at and _is_heading(found[at - 1]))
    ]
    leads = {at: lead for at in prose if (lead := _lead(body[at].words)) is not None}
    if len(leads) < 3 or len(leads) * 5 < len(prose) * 3:
        return
    for at, lead in leads.items():
        found[at] = (99.0, lead, False)


def _is_heading(mark: tuple[float, str, bool] | None) -> bool:
    return mark is not None and mark[2]


def _lead(words: str) -> str | None:
    match = _NAMING.match(words)
    if match is None or len(words) < match.end() + _BODY_CHARS or match.end() < 4 or words[0] in "“‘（(":
        return None
    return label(match.group()).rstrip("。")


def _with_paths(body: Sequence[Paragraph], marks: Sequence[tuple[float, str, bool] | None]) -> list[Paragraph]:
    ladder: list[_Rung] = []
    plain_rank: float | None = None
    result: list[Paragraph] = []
    previous: tuple[float, str, bool] | None = None
    columns = ""
    for paragraph, mark in zip(body, marks, strict=True):
        if mark is None:
            under = bool(columns) and paragraph.row
            result.append(_placed(paragraph, [*ladder, _Rung(99.0, columns)] if under else ladder))
            columns = (columns or _columns(paragraph)) if paragraph.row else ""
            previous = None
            continue
        columns = ""
        rank, title, whole = mark
        paired = previous is not None and previous == mark and rank == 0.0
        if rank == 0.0:
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


def _columns(paragraph: Paragraph) -> str:
    """The names of a table's columns, if this is its first row: several cells, short in all, with hardly a digit."""
    cells = paragraph.words.split("\t")
    digits = sum(char.isdigit() for char in paragraph.words)
    named = len(cells) > 1 and len(paragraph.words) <= COLUMNS_CHARS and digits * 5 <= len(paragraph.words)
    return " ".join(cells) if named else ""


def _placed(
    paragraph: Paragraph, ladder: Sequence[_Rung], starts: Start = Start.NONE, heading: bool = False
) -> Paragraph:
    path = tuple(rung.title for rung in ladder)
    return Paragraph(paragraph.lines, path, starts, heading, paragraph.parted, paragraph.row)
