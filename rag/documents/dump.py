"""Saved pages as markdown (a page turned into text by a reader service): title, address, and the site around the article."""

from __future__ import annotations

import re
from typing import Final

from rag.documents.chrome import plain
from rag.documents.extract import Extract
from rag.documents.head import without_site
from rag.documents.lines import lines

_DUMP: Final = re.compile(
    r"\s*Title: (?P<title>[^\n]+)\n+URL Source: (?P<url>\S+)[^\n]*\n+(?:[A-Z][A-Za-z ]+: [^\n]*\n+)*?Markdown Content:"
)


def dumped(text: str) -> Extract | None:
    """The page with its marks, when the text is such a dump: it begins with `Title:`, `URL Source:`, `Markdown Content:`.

    Lines before the heading that repeats the title are chrome, and so are later repetitions of it.
    """
    match = _DUMP.match(text)
    if match is None:
        return None
    title = without_site(match.group("title").strip())
    wanted = "".join(title.split())
    found = lines(text)
    said = [at for at, line in enumerate(found) if "".join(plain(line.words).split()) == wanted]
    first = next((at for at in said if found[at].start >= match.end()), None)
    around = found[:first] if first is not None else [line for line in found if line.start < match.end()]
    repeated = [found[at] for at in said if first is not None and at > first]
    chrome = frozenset(line.start for line in (*around, *repeated))
    return Extract(text, title=title, url=match.group("url"), chrome=chrome)
