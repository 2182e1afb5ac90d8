"""`rag ask --receipt` and `rag verify`: an answer that can be checked later, without model and without index."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import seeds
from rag.answering.receipt import issue, to_json
from rag.answering.receipt_reading import parse
from rag.answering.verify import Checked, Verification, verify
from rag.cli.opening import Opener
from rag.cli.output import Output, one_line
from rag.config import Settings
from rag.documents.assemble import read
from rag.errors import NotFoundError, StoreError
from rag.index.database import connect, holds_index
from rag.index.store import SqliteStore
from rag.outcomes import Answered
from rag.service import Service
from rag.types import Document


def write_receipt(result: Answered, service: Service, file: Path) -> None:
    """Writes the receipt of an answer as JSON."""
    receipt = issue(
        result.answer,
        result.documents,
        model=result.model,
        model_fingerprint=service.status().model_fingerprint,
        generation=result.generation,
        created=datetime.now(UTC),
    )
    file.write_text(json.dumps(to_json(receipt), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def check_receipt(options: Namespace, opener: Opener, output: Output) -> int:
    """Prints what became of each citation; exit status 1 when the receipt was altered or a citation does not hold."""
    file = Path(options.receipt)
    if not file.is_file():
        raise NotFoundError(f"{str(file)!r} is not there: name a file of rag ask --receipt")
    receipt = parse(file.read_bytes(), str(file))
    documents = _documents(opener.settings)
    result = verify(receipt, documents.get, documents.of_source)
    output.emit(_json(result), lambda: _text(result))
    return 0 if result.ok else 1


class _Stored:
    """The documents of an index, read from its store: no model is loaded, and any model may have made the index."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def get(self, name: str) -> Document | None:
        try:
            return self._store.document(name)
        except NotFoundError:
            return None

    def of_source(self, source: str) -> Sequence[Document]:
        names = [item.id for item in self._store.catalogue() if source in (item.source, *item.sources)]
        return [self._store.document(name) for name in names]


class _Bundled:
    """The bundled articles, read from their files."""

    def __init__(self, files: Iterable[Path]) -> None:
        entries = [entry for file in files for entry in read(file.read_bytes(), file.name)]
        self._documents = {entry.document.id: entry.document for entry in entries}

    def get(self, name: str) -> Document | None:
        return self._documents.get(name)

    def of_source(self, source: str) -> Sequence[Document]:
        return [item for item in self._documents.values() if item.source == source]


def _documents(settings: Settings) -> _Stored | _Bundled:
    directory = settings.index_dir
    if holds_index(directory):
        return _Stored(SqliteStore(connect(directory), directory))
    if settings.data_dir is None:
        return _Bundled(seeds.paths())
    raise StoreError(f"there is no index in {str(directory)!r}: name the one that the receipt was made from")


def _json(result: Verification) -> dict[str, object]:
    return {
        "ok": result.ok,
        "altered": result.altered,
        "reworded": list(result.reworded),
        "citations": [
            {
                "id": each.citation.id,
                "state": each.state.value,
                "document": {"id": each.citation.document, "source": each.citation.source},
                "quote": {"start": each.citation.start, "end": each.citation.end},
                "now": None
                if each.now is None
                else {"document": each.now.document_id, "start": each.now.start, "end": each.now.end},
            }
            for each in result.citations
        ],
    }


def _text(result: Verification) -> str:
    lines = ["the receipt was altered" if result.altered else "the receipt is as it was issued"]
    lines += map(_line, result.citations)
    lines += [f"point {number} is not in the words of its quotes" for number in result.reworded]
    held = sum(each.state.value == "holds" for each in result.citations)
    return "\n".join([*lines, f"{held} of {len(result.citations)} citations hold"])


def _line(each: Checked) -> str:
    cited = each.citation
    moved = f", now at {each.now.start}–{each.now.end} of {each.now.document_id}" if each.now is not None else ""
    return (
        f"[{cited.id}] {each.state.value.replace('_', ' ')}: {one_line(cited.source)}  {cited.start}–{cited.end}{moved}"
    )
