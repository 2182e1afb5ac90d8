"""XML from strangers: parsed without entities, document types or network."""

from __future__ import annotations

from lxml import etree

from rag.errors import DocumentError


def parsed(data: bytes, source: str) -> etree._Element:
    """The root element. Raises DocumentError for what is not XML, or defines entities."""
    if b"<!DOCTYPE" in data:
        raise DocumentError(f"{source!r} holds a document type, which no such file needs; it is not read")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError(
            f"{source!r} is damaged inside ({' '.join(str(error).split())[:80]}); save it again"
        ) from error
    return root


def local(element: etree._Element) -> str:
    """An element's name without its namespace; empty for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
