"""Bulletins: a file of several articles with a banner and a list of them before; what it says holds for each of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from rag.corrections import context
from rag.documents.dates import first_date
from rag.documents.lines import Line
from rag.documents.marks import ARTICLE_NUMBER, ends_sentence
from rag.documents.places import locate
from rag.gazetteer import gazetteer
from rag.types import Entry, Evidence, Level

_CONTENTS: Final = re.compile(r"[【\[]?(?:本期)?(?:要目|目录|目次|导读|提要|内容提要|看点)[】\]]?[:：]?")
_FRONT_LINES: Final = 40
_MOST_LISTED: Final = 60
_SIGN: Final = re.compile(r"^[●•·◆■★▲○◎※*＊\-—]+|^[（(]?[\d一二三四五六七八九十]{1,3}[）)、.．]")
_PAGE: Final = re.compile(r"[…·.．\-—]*[（(]?\d{1,3}[）)]?$")
_LEAST: Final = 4
# Characters of prose before the first numbered article: more is an article itself, and the numbers count its cases.
_MOST_FRONT: Final = 400
_PROSE_CHARS: Final = 60


def listed(found: Sequence[Line]) -> list[int]:
    """Indices of the lines that open articles, in order: those that are numbered (篇二：…), else those which a list of contents
    at the top names. Empty where there are not two."""
    numbered = [at for at, line in enumerate(found) if ARTICLE_NUMBER.match(line.words)]
    if len(numbered) > 1 and not any(map(is_prose, (found[at] for at in numbered))):
        return numbered if sum(len(line.words) for line in found[: numbered[0]] if is_prose(line)) < _MOST_FRONT else []
    at = next((at for at, line in enumerate(found[:_FRONT_LINES]) if _CONTENTS.fullmatch(_compact(line.words))), None)
    if at is None:
        return []
    names: list[str] = []
    opens: list[int] = []
    for index in range(at + 1, len(found)):
        words = _compact(found[index].words)
        if not opens and words not in names and len(names) < _MOST_LISTED:
            name = _PAGE.sub("", _SIGN.sub("", words))
            if len(name) >= _LEAST and name not in names:
                names.append(name)
                continue
        name = _SIGN.sub("", words)
        if name in names[len(opens) :]:
            opens.append(index)
    return opens if len(opens) > 1 else []


def is_prose(line: Line) -> bool:
    """Whether a line is a paragraph, and no title, banner or entry of a list."""
    return len(line.words) > _PROSE_CHARS and ends_sentence(line.words)


def shared(entries: Sequence[Entry], front: str, source: str) -> list[Entry]:
    """The articles of one file; those that name no place have that of the file: what its front says, or the only one that the
    others have, as many as these at least. So with the date of the front."""
    place, level = _place(entries, front, source)
    published = first_date(front)
    return [_with_date(_with_place(entry, place, level), published) for entry in entries]


def _place(entries: Sequence[Entry], front: str, source: str) -> tuple[str | None, Level | None]:
    named = locate(front, title="", byline=None, source=source)
    if named.place is not None:
        return named.place, named.level
    places = Counter((entry.document.place, entry.document.level) for entry in entries)
    silent = sum(count for (place, _), count in places.items() if place is None)
    stated = [(each, count) for each, count in places.items() if each[0] is not None]
    return stated[0][0] if len(stated) == 1 and stated[0][1] >= silent else (None, None)


def _with_place(entry: Entry, place: str | None, level: Level | None) -> Entry:
    document = entry.document
    if place is None or document.place is not None or _names_another(document.text, place):
        return entry
    evidence = Evidence("place", place, 0, 0, "the file that it stands in")
    changed = replace(document, place=place, level=level, evidence=(evidence, *document.evidence))
    chunks = tuple(replace(chunk, context=context(changed, chunk.heading)) for chunk in entry.chunks)
    return replace(entry, document=changed, chunks=chunks)


def _names_another(text: str, place: str) -> bool:
    """Whether a text names a known division that neither lies in the place nor around it."""
    names = gazetteer()
    return any(
        not any(_related(names.official(each.code), place) for each in mention.candidates)
        for mention in names.mentions(text)
        if mention.candidates
    )


def _related(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _with_date(entry: Entry, published: str | None) -> Entry:
    document = entry.document
    if published is None or document.published is not None:
        return entry
    evidence = Evidence("published", published, 0, 0, "the file that it stands in")
    return replace(entry, document=replace(document, published=published, evidence=(*document.evidence, evidence)))


def _compact(words: str) -> str:
    return "".join(words.split())
