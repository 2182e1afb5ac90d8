"""Headings: which paragraphs of an article open with one, by number, by form, or by their likeness to one another."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from rag.documents.marks import CLOSERS, Opening, label, opening
from rag.documents.paragraphs import Paragraph

HEADING_CHARS: Final = 64
LEAD_CHARS: Final = 28
ARTICLE_LEAD_CHARS: Final = 16
_TITLED: Final = frozenset(("han", "chapter", "section", "bracket"))
PLAIN_RANK: Final = 0.0  # of a heading without a sign: its place is where the first one stands
LEAD_RANK: Final = 99.0
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


class Mark(NamedTuple):
    """A heading that a paragraph opens with; `whole`: it is the whole paragraph."""

    rank: float
    title: str
    whole: bool


def marked(body: Sequence[Paragraph], headings: Mapping[int, int]) -> list[Mark | None]:
    """For each paragraph the heading that it opens with, or None."""
    found: list[Mark | None] = []
    for paragraph in body:
        level = headings.get(paragraph.lines[0].start)
        sign = opening(paragraph.words)
        if level is not None:
            found.append(Mark(float(level), label(paragraph.words), True))
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


def _numbered(paragraph: Paragraph, sign: Opening) -> Mark | None:
    words = paragraph.words
    if sign.kind == "hashes":
        return Mark(float(sign.rank), label(words), True)
    if _stands_alone(paragraph):
        ends = words[-1] in "。！" and (sign.kind not in _TITLED or len(words) > LEAD_CHARS)
        return None if ends else Mark(float(sign.rank), label(words).rstrip("。"), True)
    if sign.kind in ("circle", "digit_bracket"):
        return None
    lead = _LEAD.match(words, sign.length)
    if lead is None or lead.end() > sign.length + (ARTICLE_LEAD_CHARS if sign.kind == "article" else LEAD_CHARS):
        named = words[: sign.length].strip("：:、. ")
        return Mark(float(sign.rank), named, False) if sign.kind == "article" else None
    if lead.end() == len(words):
        return None
    return Mark(float(sign.rank), label(words[: lead.end()]).rstrip("。"), False)


def _stands_alone(paragraph: Paragraph) -> bool:
    words = paragraph.words
    if len(paragraph.lines) > 1 or len(words) > HEADING_CHARS or words[-1] in "；，、：;,:":
        return False
    return _STOP.search(words.rstrip(CLOSERS)[:-1]) is None


def _drop_lists(body: Sequence[Paragraph], found: list[Mark | None]) -> None:
    """Numbered lines that follow one another with nothing between, or have no text under them, are items, not headings."""
    at = 0
    while at < len(found):
        mark = found[at]
        if mark is None or not mark.whole or mark.rank < 50:
            at += 1
            continue
        until = at + 1
        while until < len(found) and (after := found[until]) is not None and after.whole and after.rank == mark.rank:
            until += 1
        if until - at > 1 or not _stands_over(body, found, until, mark.rank):
            found[at:until] = [None] * (until - at)
        at = until


def _stands_over(body: Sequence[Paragraph], found: Sequence[Mark | None], at: int, rank: float) -> bool:
    """Whether what begins at `at` can be the text of a numbered heading."""
    if at >= len(body):
        return False
    after = found[at]
    if after is not None:
        return after.rank > rank
    words = body[at].words
    return rank < 60 or body[at].row or len(words) > 12 or words[-1] in "。：:；？！" or opening(words) is not None


def _mark_plain(body: Sequence[Paragraph], found: list[Mark | None]) -> None:
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
                found[index] = Mark(PLAIN_RANK, title, True)
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


def _mark_leads(body: Sequence[Paragraph], found: list[Mark | None]) -> None:
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
        found[at] = Mark(LEAD_RANK, lead, False)


def _is_heading(mark: Mark | None) -> bool:
    return mark is not None and mark.whole


def _lead(words: str) -> str | None:
    match = _NAMING.match(words)
    if match is None or len(words) < match.end() + _BODY_CHARS or match.end() < 4 or words[0] in "“‘（(":
        return None
    return label(match.group()).rstrip("。")
