"""What is read of the development documents beside the repository, against the truth made by hand.

    python -m tests.documents.table [--json]

One line a field and set: how many of the documents that state it have it right, and below each one that has not. Then passages:
those with words of a site, those that end in mid-sentence, and gold spans that lie in none.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from rag.analysis import fold
from rag.documents.assemble import read
from rag.gazetteer import gazetteer
from rag.types import Document, Entry
from tests.documents.truth import DOCS, PLACES, RAW, SEED_TRUTH, SEEDS, SHARED, SITE_WORDS, TRUTH

ENDS = "。！？!?；;…”’）)】》."
GOLD = (("docs", "gold/dev.jsonl", DOCS), ("seeds", "gold/seeds-dev.jsonl", SEEDS), ("raw", "gold/raw/dev.jsonl", RAW))


@dataclass
class Line:
    """One field of one set: how many are right of how many, and what was found instead of what."""

    name: str
    right: int = 0
    stated: int = 0
    wrong: list[str] = field(default_factory=list)

    def note(self, where: str, good: bool, found: object, truth: object) -> None:
        """Counts one document."""
        self.stated += 1
        self.right += good
        if not good:
            self.wrong.append(f"{where}: {found!r} for {truth!r}")


def main() -> int:
    """Reads and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = table()
    if options.json:
        print(json.dumps({line.name: [line.right, line.stated] for line in found}))
    else:
        for line in found:
            print(f"{line.name:<28}{line.right:>6} of {line.stated:<6}{line.right / max(1, line.stated):>7.1%}")
            print("".join(f"    {each}\n" for each in line.wrong), end="")
    return 0


def table() -> list[Line]:
    """Every line of the table."""
    return [*_articles(), *_pages(), *_passages(), *_spans()]


@cache
def entries(path: Path) -> tuple[Entry, ...]:
    """A file's documents."""
    return read(path.read_bytes(), path.name)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())


def _articles() -> list[Line]:
    titles, authors, starts, places = (
        Line("docs title, by hand"),
        Line("docs author, by hand"),
        Line("docs title"),
        Line("docs place"),
    )
    for row in _rows(DOCS.parent / "docs.jsonl"):
        item = entries(DOCS / f"{row['id']}.txt")[0].document
        if row["id"] in TRUTH:
            begins, ends, author = TRUTH[row["id"]]
            titles.note(
                row["id"], item.title.startswith(begins) and item.title.endswith(ends), item.title, (begins, ends)
            )
            authors.note(row["id"], item.author == author, item.author, author)
        one, other = _compact(item.title), _compact(row["title"])
        starts.note(row["id"], one.startswith(other[: len(one)]) and len(one) > 3, item.title, row["title"])
        truth = PLACES[row["id"]][0] if row["id"] in PLACES else row["place"]
        places.note(row["id"], same_place(item.place, truth), item.place, truth)
    seeds = [entry.document for path in sorted(SEEDS.glob("*.txt")) for entry in entries(path)]
    for item, (begins, author) in zip(seeds, SEED_TRUTH, strict=True):
        titles.note(item.source, item.title.startswith(begins), item.title, begins)
        authors.note(item.source, item.author == author, item.author, author)
    return [titles, authors, starts, places]


def _pages() -> list[Line]:
    lines = {name: Line(f"raw {name}") for name in ("title", "place", "published", "doc_number", "issuer")}
    for row in _rows(RAW.parent / "docs.jsonl"):
        where, item = row["file"], entries(RAW / row["file"])[0].document
        lines["title"].note(where, _compact(row["title"]) in _compact(item.title), item.title, row["title"])
        truth = PLACES[where][0] if where in PLACES else row["place"]
        lines["place"].note(where, same_place(item.place, truth), item.place, truth)
        for name in ("published", "doc_number", "issuer"):
            if row[name]:
                lines[name].note(where, same_fact(row[name], _fact(item, name)), _fact(item, name), row[name])
    return list(lines.values())


def _passages() -> list[Line]:
    site, cut = Line("passages without a site"), Line("passages of whole sentences")
    for path in [path for folder in (DOCS, SEEDS, RAW) for path in sorted(folder.iterdir())]:
        for entry in entries(path):
            starts = {chunk.start for chunk in entry.chunks}
            for chunk in entry.chunks:
                quote = entry.document.text[chunk.start : chunk.end]
                site.note(path.name, SITE_WORDS.search(quote) is None, quote[-40:], "")
                cut.note(path.name, chunk.end not in starts or quote[-1] in ENDS, quote[-40:], "")
    return [site, cut]


def _spans() -> list[Line]:
    lines = []
    for name, gold, folder in GOLD:
        line = Line(f"{name} gold spans in a passage")
        for where, span in _evidence(SHARED / gold):
            quotes = [quote for entry in entries(folder / where) for quote in _quotes(entry)]
            line.note(where, any(span in quote for quote in quotes), "", span[:40])
        lines.append(line)
    return lines


def _evidence(path: Path) -> Iterator[tuple[str, str]]:
    """File and span of each piece of evidence that gold questions name, white space left out."""
    for line in path.read_text(encoding="utf-8").splitlines():
        yield from ((each["doc"], _compact(each["span"])) for each in json.loads(line)["evidence"])


@cache
def _quotes(entry: Entry) -> tuple[str, ...]:
    return tuple(_compact(entry.document.text[chunk.start : chunk.end]) for chunk in entry.chunks)


def same_place(found: str | None, truth: str | None) -> bool:
    """Whether a place is the one named, by its official name where it is a known division, else by its end."""
    if not truth or not found:
        return not truth and not found
    official = ""
    for mention in gazetteer().mentions(truth):
        names = {gazetteer().official(each.code) for each in mention.candidates}
        official = found if found in names else next(iter(sorted(names)), official + mention.text)
    return found in (truth, official) or found.endswith(truth)


def same_fact(truth: str, found: str) -> bool:
    """Dates are compared as days; of issuers, 等 stands for further ones and one may be named more shortly."""
    day = re.match(r"(\d{4})\D(\d{1,2})\D(\d{1,2})", truth)
    if day:
        return found == f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}"
    truth, found = truth.removesuffix("等").replace(" ", ""), found.replace(" ", "")
    return bool(found) and (truth in found or found in truth)


def _fact(item: Document, name: str) -> str:
    return {"published": item.published, "doc_number": item.doc_number, "issuer": item.issuer}[name] or ""


def _compact(words: str) -> str:
    """Without white space, widths of punctuation folded."""
    return "".join(fold(words).text.split())


if __name__ == "__main__":
    sys.exit(main())
