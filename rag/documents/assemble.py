"""A file's bytes to documents with their passages: the one door of this package."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

from rag.corrections import PATH_SEPARATOR, context
from rag.documents.archive import is_archive, members
from rag.documents.articles import slices
from rag.documents.bulletins import is_prose, listed, shared
from rag.documents.bylines import closing_author, meta_author, reporter
from rag.documents.chrome import chrome, is_banner, plain, tail
from rag.documents.chunking import passages
from rag.documents.dates import dated
from rag.documents.extract import Extract
from rag.documents.formats import extracts
from rag.documents.head import Head, read_head
from rag.documents.lines import Line, lines
from rag.documents.outline import outline
from rag.documents.places import locate
from rag.documents.tables import tables_in
from rag.errors import DocumentError
from rag.types import Chunk, Document, Entry, Evidence, chunk_id, document_id, text_sha256

_log = logging.getLogger(__name__)
_ADDRESS: Final = re.compile(r"(?:URL Source|原文链接|原文地址|来源网址)\s*[:：]\s*(https?://\S+)")


def read(data: bytes, source: str) -> tuple[Entry, ...]:
    """The documents in one file, in order, each with its passages; a text that comes twice is taken once.

    The name tells the format and the content corrects it. Raises DocumentError: empty, binary, garbled, encrypted, damaged or
    larger than 50 MB, or in a format that needs a program that is not installed. Of a zip, each member's documents have a source
    of their own, and members that cannot be read are logged and passed over.
    """
    if is_archive(data):
        return _unpacked(data, source)
    entries: dict[str, Entry] = {}
    for extract in extracts(data, source):
        for entry in _entries(extract, source):
            entries.setdefault(entry.document.id, entry)
    if not entries:
        raise DocumentError(f"{source!r} holds no text; if it is a scan, save it with a text layer")
    return tuple(entries.values())


def _read_member(content: bytes | DocumentError, source: str) -> tuple[Entry, ...]:
    if isinstance(content, DocumentError):
        raise content
    if is_archive(content):
        raise DocumentError(f"{source!r} is a zip in a zip; unpack it, zips in zips are not opened")
    return read(content, source)


def _unpacked(data: bytes, source: str) -> tuple[Entry, ...]:
    entries: dict[str, Entry] = {}
    first: DocumentError | None = None
    for name, content in members(data, source):
        try:
            for entry in _read_member(content, f"{source}/{name}"):
                entries.setdefault(entry.document.id, entry)
        except DocumentError as error:
            _log.warning("%s", error)
            first = first or error
    if not entries:
        raise first or DocumentError(f"{source!r} is an empty zip; nothing to read")
    return tuple(entries.values())


def _entries(extract: Extract, source: str) -> Iterator[Entry]:
    found = lines(extract.text)
    flags = _flags(extract.text, found, extract.chrome, extract.rows)
    parts = [(0, len(extract.text))] if extract.whole or extract.title else slices(extract.text, found, flags)
    if len(parts) == 1:
        if found:
            yield _entry(extract, source, found, flags)
        return
    opens = listed(found)
    front = found[: opens[0]] if opens else []
    articles: list[Entry] = []
    for start, end in parts:
        part = replace(extract, text=extract.text[start:end])
        if own := lines(part.text):
            # The banner and the list before the first article stand in its text and are none of it; a preface is.
            before = {line.start for line in front if not is_prose(line)} if not start else set()
            articles.append(_entry(part, source, own, _flags(part.text, own, before)))
    yield from shared(articles, "\n".join(line.words for line in front), source)


def _flags(text: str, found: Sequence[Line], known: Collection[int] = (), rows: Collection[int] = ()) -> Sequence[bool]:
    """For each line whether it is chrome. What stands between the rows of a table (the rule below its header has no words) is not,
    unless they are."""
    flags = chrome(found, known, rows)
    own = tables_in(text, found)
    if not own:
        return flags
    kept = {line.start for line, flag in zip(found, flags, strict=True) if not flag}
    silent = {start for t in own if any(row.start in kept for row in t.rows) for start, _ in t.silent}
    return [flag and line.start not in silent for line, flag in zip(found, flags, strict=True)]


def _entry(extract: Extract, source: str, found: Sequence[Line], flags: Sequence[bool]) -> Entry:
    found, flags = _parted(found, flags)
    head = read_head(found, flags, extract.title)
    document = _document(extract, source, found, flags, head)
    return Entry(document, _chunks(extract, document, found, flags, head))


def _parted(found: Sequence[Line], flags: Sequence[bool]) -> tuple[list[Line], list[bool]]:
    """Lines and flags with the chrome that is glued to the end of the last lines cut off into lines of its own."""
    kept, marks = list(found), list(flags)
    for at in range(len(kept) - 1, max(-1, len(kept) - 5), -1):
        line = kept[at]
        if marks[at] or (cut := tail(line.words)) is None:
            continue
        words, rest = line.words[:cut].rstrip(), line.words[cut:]
        body = replace(line, end=line.start + len(words), words=words)
        kept[at : at + 1] = [body, Line(line.end - len(rest), line.end, rest, soft=True)]
        marks[at : at + 1] = [False, True]
    return kept, marks


def _document(extract: Extract, source: str, found: Sequence[Line], flags: Sequence[bool], head: Head) -> Document:
    text = extract.text
    facts = [plain(line.words) for line, flag in zip(found, flags, strict=True) if flag and len(line.words) <= 240]
    header = "\n".join([extract.header, *facts[:40]]).strip()
    author = extract.author or head.author or _author(found, flags, facts, extract.rows)
    hints = (*extract.hints, *filter(is_banner, facts[:10]))
    where = locate(text, title=head.title, byline=head.byline or author, source=source, hints=hints)
    when = dated(text, title=head.title, header=header)
    return Document(
        id=document_id(text),
        text=text,
        title=head.title or PurePosixPath(source).stem,
        place=where.place,
        level=where.level,
        author=author,
        source=source,
        published=when.published,
        doc_number=when.doc_number,
        url=extract.url or _url(facts),
        sha256=text_sha256(text),
        issuer=when.issuer,
        sources=(source,),
        evidence=(*where.evidence, *when.evidence, *_pages(extract)),
    )


def _pages(extract: Extract) -> Iterator[Evidence]:
    """Where each page of a paged format stands in the text."""
    ends = (*extract.pages[1:], len(extract.text)) if extract.pages else ()
    for number, (start, end) in enumerate(zip(extract.pages, ends, strict=True), start=1):
        yield Evidence("page", str(number), start, end, "page of the file")


def _url(facts: Sequence[str]) -> str | None:
    """The address that a line of metadata gives (URL Source:, 原文链接：)."""
    return next((match.group(1) for fact in facts if (match := _ADDRESS.match(fact))), None)


def _author(found: Sequence[Line], flags: Sequence[bool], facts: Sequence[str], rows: Collection[int]) -> str | None:
    """Author named at the end of the article, in its metadata, or as its reporter."""
    body = [line.words for line, flag in zip(found, flags, strict=True) if not flag and line.start not in rows]
    for words in reversed(body[-3:]):
        if (author := closing_author(words)) is not None:
            return author
    named = (meta_author(fact) for fact in facts)
    reported = (reporter(words[:200]) for words in body[:4])
    return next((author for author in (*named, *reported) if author is not None), None)


def _chunks(
    extract: Extract, document: Document, found: Sequence[Line], flags: Sequence[bool], head: Head
) -> tuple[Chunk, ...]:
    paragraphs = outline(
        found,
        flags,
        head.end,
        headings=extract.headings,
        rows=extract.rows,
        whole=extract.whole,
        title=head.title,
        tables=tables_in(extract.text, found),
    )
    titles = sum(not flag for flag in flags[: head.end])
    chunks = []
    for passage in passages(extract.text, paragraphs, titles):
        identity = chunk_id(document.id, passage.start, passage.end)
        # The title that calls a sheet stands over its rows already.
        heading = PATH_SEPARATOR.join(line for line in passage.path if line != head.title)
        over = context(document, heading)
        chunks.append(Chunk(identity, document.id, passage.start, passage.end, heading, over))
    return tuple(chunks)
