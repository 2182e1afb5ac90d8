"""Citation texts: GB/T 7714—2015 for the list of references, and the short form of official documents."""

from __future__ import annotations

import re
from datetime import date
from pathlib import PurePosixPath, PureWindowsPath
from typing import Final

from rag.types import Document

NAMED_AUTHORS: Final = 3
_ADDRESS: Final = re.compile(r"https?://\S+", re.IGNORECASE)
_BETWEEN_AUTHORS: Final = re.compile(r"\s*[、，,；;]\s*")
_SUBTITLE: Final = re.compile(r"\s*(?:——|--|—{1,2}|―+)\s*")
_HAN: Final = re.compile("[㐀-䶿一-鿿豈-﫿]")
_NAME: Final = re.compile(r"[㐀-䶿一-鿿]{2,4}|[㐀-䶿一-鿿]{1,7}(?:[·・][㐀-䶿一-鿿]{1,7})+")
_OFFICE: Final = re.compile(
    r"(?:[部委局办室院处科厅会组站所校社报网府台团司院长员]|书记|主任|主席|干事|专员|中心|日报|集团|公司|通讯|记者|作者)$"
)
_SPACED_NAME: Final = re.compile(r"(?<![㐀-䶿一-鿿])([㐀-䶿一-鿿])[ \u3000]+([㐀-䶿一-鿿])(?![㐀-䶿一-鿿])")
_INNER: Final = str.maketrans("《》", "〈〉")


def gbt7714(document: Document, accessed: date) -> str:
    """The document as an entry of a list of references, without its number: GB/T 7714—2015, electronic resource.

    With an address: `责任者. 题名: 文号[EB/OL]. (发布日期)[引用日期]. 地址.`; of a file: `责任者. 题名: 文号[Z]. 发布日期. 文件名.`
    What is not known is left out with its punctuation. A document with a number is its issuer's, any other its author's;
    of more than three authors the first three are named. `accessed` is the day on which it was read.
    """
    address = _address(document)
    parts = [_responsible(document), f"{_title(document)}[{'EB/OL' if address else 'Z'}]"]
    if address:
        published = f"({document.published})" if document.published else ""
        parts += [f"{published}[{accessed.isoformat()}]", address]
    else:
        parts += [document.published or "", _file_name(document.source)]
    return ". ".join(part for part in parts if part) + "."


def official(document: Document) -> str:
    """The document as official writing names it: 《…》（祁办发〔2022〕15号）; title marks inside the title become 〈〉."""
    title = _one_line(document.title)
    if title.startswith("《") and title.endswith("》") and title.count("《") == 1:
        title = title[1:-1]
    number = f"（{_one_line(document.doc_number)}）" if document.doc_number else ""
    return f"《{title.translate(_INNER)}》{number}"


def _responsible(document: Document) -> str:
    named = (document.issuer or document.author) if document.doc_number else (document.author or document.issuer)
    authors = _authors(_one_line(named or ""))
    if len(authors) <= NAMED_AUTHORS:
        return ", ".join(authors)
    others = "等" if _HAN.search(authors[0]) else "et al"
    return ", ".join([*authors[:NAMED_AUTHORS], others])


def _authors(byline: str) -> list[str]:
    """The persons of a byline without their offices (市委常委、组织部部长 杨来禄), or the bodies that it names."""
    words = _SPACED_NAME.sub(r"\1\2", byline).split()
    named = [name for word in words if all(map(_is_person, names := _listed(word))) for name in names]
    return named or _listed(byline)


def _listed(text: str) -> list[str]:
    return [part for part in _BETWEEN_AUTHORS.split(text) if part]


def _is_person(text: str) -> bool:
    return bool(_NAME.fullmatch(text)) and not _OFFICE.search(text)


def _title(document: Document) -> str:
    """Title, subtitle and number: what the standard calls other title information stands behind a colon."""
    title = _SUBTITLE.sub(": ", _one_line(document.title).strip(" .。—-―"))
    return ": ".join(part for part in (title, _one_line(document.doc_number or "")) if part)


def _address(document: Document) -> str | None:
    return next((url for url in (document.url, document.source) if url and _ADDRESS.fullmatch(url)), None)


def _file_name(source: str) -> str:
    """The last part of a path of either kind: where the file lies on one machine says nothing to a reader elsewhere."""
    return _one_line(PureWindowsPath(PurePosixPath(source).name).name)


def _one_line(text: str) -> str:
    """The text on one line, without control characters."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
