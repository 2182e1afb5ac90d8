"""`rag doctor`: is this installation whole, does the model load, does the index answer?"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version

from rag.cli.opening import Opener
from rag.errors import RagError
from rag.service import Service

NEEDED_PYTHON = (3, 11)
_NAME = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `detail` is what was found, or what is wrong and what to do."""

    name: str
    sound: bool
    detail: str


def examine(opener: Opener) -> tuple[Check, ...]:
    """Every check in order; those of the index only when it could be opened. Changes nothing and raises nothing."""
    return (_python(), _packages(), _models(), *_index(opener))


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    return Check("python", sys.version_info >= NEEDED_PYTHON, f"{found} at {sys.executable}")


def _packages() -> Check:
    if _version("policy-rag") is None:
        return Check("packages", False, "policy-rag itself is not installed: pip install .")
    base = [line for line in requires("policy-rag") or () if "extra ==" not in line]
    found = {name: _version(name) for line in base if (name := _first_name(line))}
    absent = [name for name, held in found.items() if held is None]
    if absent:
        return Check("packages", False, f"{', '.join(absent)} missing: pip install policy-rag again")
    return Check("packages", True, ", ".join(f"{name} {held}" for name, held in found.items()))


def _models() -> Check:
    held = _version("sentence-transformers")
    return Check(
        "other models", True, f"sentence-transformers {held}" if held else "not installed (policy-rag[models])"
    )


def _index(opener: Opener) -> Iterator[Check]:
    try:
        service = opener()
    except RagError as error:
        yield Check("index", False, str(error))
        return
    try:
        status = service.status()
        where = "the bundled articles" if status.bundled else status.data_dir
        yield Check("model", True, f"{status.model} ({status.model_fingerprint[:16]})")
        yield Check("index", status.chunks > 0, f"{where}: {status.documents} documents, {status.chunks} passages")
        yield _answers(service)
    except RagError as error:
        yield Check("index", False, str(error))
    finally:
        service.close()


def _answers(service: Service) -> Check:
    """Searches for the first document's title and looks at every range that comes back."""
    page = service.documents(limit=1)
    if not page.documents:
        return Check("search", False, "the index is empty: rag index PATH…")
    title = page.documents[0].title
    hits = service.search(title).hits if title.strip() else ()
    texts = {hit.chunk.document_id: service.document(hit.chunk.document_id).text for hit in hits}
    sound = all(0 <= h.chunk.start < h.chunk.end <= len(texts[h.chunk.document_id]) for h in hits)
    return Check("search", bool(hits) and sound, f"《{title}》 finds {len(hits)} passages")


def _first_name(requirement: str) -> str:
    match = _NAME.match(requirement)
    return match.group() if match else ""


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
