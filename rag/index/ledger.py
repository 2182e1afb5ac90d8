"""Changes of the store, inside the caller's transaction, and what they mean for the derived indexes.

`entries` holds every source's version of every document, as it was read. `documents` and `chunks` hold one version of
each: that of its first source in order of path, so that the order of ingest leaves no trace, with the `corrections` made by
hand. These go with a document that other sources bring again, and to the one that comes in its place when its file has changed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from rag.corrections import Values
from rag.errors import NotFoundError
from rag.index.records import Record, chunk_of, chunk_rows, corrected_record, decoded, encoded, joined_sources, record
from rag.sketch import packed, sketch
from rag.types import Applied, Chunk, Entry

# A document's id and the payload of one of its records.
Version = tuple[str, bytes]


@dataclass(slots=True)
class Change:
    """What a change does: `stored` when the store differs at all; documents by what became of them; `gone`, the ids of the
    chunks to take out of the derived indexes, and `fresh`, those to put in, with the text of their document."""

    stored: bool = False
    added: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    gone: list[int] = field(default_factory=list)
    fresh: list[tuple[str, Chunk]] = field(default_factory=list)

    def applied(self, generation: int, given: Iterable[str]) -> Applied:
        """The change as the caller of the engine sees it."""
        return Applied(
            generation=generation,
            added=tuple(sorted(self.added)),
            unchanged=tuple(sorted(set(given) - self.added)),
            removed=tuple(sorted(self.removed)),
        )


def replace_sources(
    connection: sqlite3.Connection, entries: Mapping[str, Sequence[Entry]], digests: Mapping[str, str]
) -> Change:
    """Makes the versions of each source exactly these. A digest alone is noted without counting as a change."""
    change = Change()
    affected: set[str] = set()
    given_now: dict[str, Entry] = {}
    by_hand = _every_correction(connection)
    written: dict[Version, Record] = {}
    for source in sorted(entries):
        given = [_as_read(connection, record(entry), by_hand) for entry in entries[source]]
        given_now |= {entry.document.id: entry for entry in entries[source]}
        affected |= _replace_source(connection, source, given, by_hand, written)
        _note_digest(connection, source, digests.get(source, ""), present=bool(given))
    for document_id in sorted(affected):
        entry = given_now.get(document_id)
        _resolve(connection, document_id, None if entry is None else entry.document.text, change, written)
        if entry is not None and document_id not in change.removed:
            _note_sketch(connection, entry)
    change.stored = bool(affected)
    return change


def remove_documents(connection: sqlite3.Connection, document_ids: Iterable[str]) -> Change:
    """Takes documents out of every source. Their sources' digests are forgotten: the files no longer hold what is indexed."""
    change = Change()
    for document_id in sorted(set(document_ids)):
        sources = connection.execute(
            "SELECT DISTINCT source FROM entries WHERE document = ?", (document_id,)
        ).fetchall()
        if not sources:
            raise NotFoundError(f"there is no document {document_id!r}: see `rag list`")
        connection.execute("DELETE FROM entries WHERE document = ?", (document_id,))
        connection.executemany("DELETE FROM sources WHERE path = ?", sources)
        _resolve(connection, document_id, None, change)
    change.stored = bool(change.removed)
    return change


def correct_document(
    connection: sqlite3.Connection, document_id: str, changes: Values, back: Collection[str]
) -> Change:
    """Sets fields of a document by hand; those in `back` are again what was read. Raises NotFoundError."""
    if connection.execute("SELECT 1 FROM documents WHERE id = ?", (document_id,)).fetchone() is None:
        raise NotFoundError(f"there is no document {document_id!r}: see `rag list`")
    before = _corrections(connection, document_id)
    after = {name: value for name, value in before.items() if name not in back} | dict(changes)
    change = Change()
    if after != before:
        _note_corrections(connection, document_id, after)
        _resolve(connection, document_id, None, change)
        change.stored = True
    return change


def counts(connection: sqlite3.Connection) -> tuple[int, int]:
    """Numbers of documents and chunks."""
    documents, chunks = connection.execute(
        "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM chunks)"
    ).fetchone()
    return documents, chunks


def _every_correction(connection: sqlite3.Connection) -> dict[str, Values]:
    return {name: json.loads(fields) for name, fields in connection.execute("SELECT document, fields FROM corrections")}


def _corrections(connection: sqlite3.Connection, document_id: str) -> Values:
    row = connection.execute("SELECT fields FROM corrections WHERE document = ?", (document_id,)).fetchone()
    values: Values = {} if row is None else json.loads(row[0])
    return values


def _note_corrections(connection: sqlite3.Connection, document_id: str, values: Values) -> None:
    if values:
        fields = json.dumps(dict(sorted(values.items())))
        connection.execute("INSERT OR REPLACE INTO corrections VALUES (?, ?)", (document_id, fields))
    else:
        connection.execute("DELETE FROM corrections WHERE document = ?", (document_id,))


def _note_sketch(connection: sqlite3.Connection, entry: Entry) -> None:
    numbers = sketch(entry) if entry.sketch is None else entry.sketch
    connection.execute("INSERT OR REPLACE INTO sketches VALUES (?, ?)", (entry.document.id, packed(numbers)))


def _as_read(connection: sqlite3.Connection, given: Record, by_hand: Mapping[str, Values]) -> Record:
    """The record; where it is a document as the store shows it, corrected (a repost takes that), the version that was read."""
    values = by_hand.get(given.document_id)
    if not values:
        return given
    payloads = connection.execute("SELECT payload FROM entries WHERE document = ?", (given.document_id,))
    versions = (Record.of_payload(given.document_id, payload) for (payload,) in payloads.fetchall())
    for each in versions:
        version = each.of_source(given)
        if corrected_record(version, values).metadata == given.metadata:
            return version
    return given


def _inherit(
    connection: sqlite3.Connection, before: Sequence[Record], given: Sequence[Record], by_hand: dict[str, Values]
) -> None:
    """Gives the corrections of a changed file's documents to those in their places, if there are as many, else of their title."""
    if not by_hand:
        return
    titles = {json.loads(item.metadata)["title"]: item for item in given}
    for at, old in enumerate(before):
        new = given[at] if len(before) == len(given) else titles.get(json.loads(old.metadata)["title"])
        if new is not None and old.document_id in by_hand and new.document_id not in by_hand:
            by_hand[new.document_id] = by_hand[old.document_id]
            _note_corrections(connection, new.document_id, by_hand[new.document_id])


def _replace_source(
    connection: sqlite3.Connection,
    source: str,
    given: Sequence[Record],
    by_hand: dict[str, Values],
    written: dict[Version, Record],
) -> set[str]:
    """The documents whose versions differ; none when the source holds exactly the given ones already. The records that are
    `written` are kept by document and payload, so that they need not be read again."""
    rows = connection.execute(
        "SELECT document, payload FROM entries WHERE source = ? ORDER BY position", (encoded(source),)
    ).fetchall()
    before = [Record.of_payload(*row) for row in rows]
    if before == list(given):
        return set()
    _inherit(connection, before, given, by_hand)
    if before:
        connection.execute("DELETE FROM entries WHERE source = ?", (encoded(source),))
    payloads = [item.payload() for item in given]
    written.update(((item.document_id, payload), item) for item, payload in zip(given, payloads, strict=True))
    connection.executemany(
        "INSERT INTO entries (source, position, document, payload) VALUES (?, ?, ?, ?)",
        [
            (encoded(source), position, item.document_id, payload)
            for position, (item, payload) in enumerate(zip(given, payloads, strict=True))
        ],
    )
    return {item.document_id for item in (*before, *given)}


def _note_digest(connection: sqlite3.Connection, source: str, digest: str, *, present: bool) -> None:
    path = encoded(source)
    row = connection.execute("SELECT digest FROM sources WHERE path = ?", (path,)).fetchone()
    # A commit that wrote nothing wakes no reader, so what is there already is not written again.
    if present and row != (digest,):
        connection.execute("INSERT OR REPLACE INTO sources (path, digest) VALUES (?, ?)", (path, digest))
    elif not present and row is not None:
        connection.execute("DELETE FROM sources WHERE path = ?", (path,))


def _resolve(
    connection: sqlite3.Connection,
    document_id: str,
    text: str | None,
    change: Change,
    written: Mapping[Version, Record] = MappingProxyType({}),
) -> None:
    """Makes the document's rows those of its first version, or removes them. `text` is None when no version was given now;
    `written` are records by document and payload."""
    versions = connection.execute(
        "SELECT source, position, payload FROM entries WHERE document = ? ORDER BY source, position", (document_id,)
    ).fetchall()
    old = connection.execute(
        "SELECT metadata, evidence, text_sha256, text FROM documents WHERE id = ?", (document_id,)
    ).fetchone()
    before = _chunks(connection, document_id)
    if not versions:
        _delete(connection, document_id)
        _note_corrections(connection, document_id, {})
        connection.execute("DELETE FROM sketches WHERE document = ?", (document_id,))
        change.removed.add(document_id)
        change.gone += before
        return
    records = [
        written.get((document_id, payload)) or Record.of_payload(document_id, payload) for _, _, payload in versions
    ]
    first = corrected_record(records[0], _corrections(connection, document_id))
    if text is None:
        text = decoded(old[3])
    same_text = old is not None and old[2] == first.text_sha256
    if before or old is not None:
        _delete(connection, document_id)
    _write(connection, first, (versions[0][0], versions[0][1]), joined_sources(records), text)
    after = {chunk.id: chunk for chunk in first.chunks}
    if before == after and old is not None and old[:3] == (first.metadata, first.evidence, first.text_sha256):
        return
    change.added.add(document_id)
    kept = {
        number for number in before.keys() & after.keys() if same_text and _indexed_alike(before[number], after[number])
    }
    change.gone += sorted(before.keys() - kept)
    change.fresh += [(text, chunk) for chunk in first.chunks if chunk.id not in kept]


def _indexed_alike(one: Chunk, other: Chunk) -> bool:
    return (one.start, one.end, one.context) == (other.start, other.end, other.context)


def _chunks(connection: sqlite3.Connection, document_id: str) -> dict[int, Chunk]:
    rows = connection.execute(
        "SELECT id, document, start, stop, heading, context FROM chunks WHERE document = ?", (document_id,)
    )
    return {row[0]: chunk_of(row) for row in rows}


def _delete(connection: sqlite3.Connection, document_id: str) -> None:
    connection.execute("DELETE FROM documents WHERE id = ?", (document_id,))
    connection.execute("DELETE FROM chunks WHERE document = ?", (document_id,))


def _write(
    connection: sqlite3.Connection, first: Record, place: tuple[bytes, int], sources: Sequence[str], text: str
) -> None:
    connection.execute(
        "INSERT INTO documents (id, source, position, metadata, sources, text_sha256, evidence, text) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            first.document_id,
            *place,
            first.metadata,
            json.dumps(sources),
            first.text_sha256,
            first.evidence,
            encoded(text),
        ),
    )
    connection.executemany("INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?)", chunk_rows(first.chunks))
