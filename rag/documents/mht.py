"""Web archives (mht, mhtml): the page inside."""

from __future__ import annotations

import email
import email.policy

from rag.documents import html
from rag.documents.extract import Extract
from rag.errors import DocumentError


def extracts(data: bytes, source: str) -> tuple[Extract, ...]:
    """The article of the first page in a web archive. Raises DocumentError when it holds none."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() != "text/html":
            continue
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes) or not content.strip():
            continue
        charset = part.get_content_charset() or ""
        if charset and b"charset" not in content[:4096].lower():
            content = _as_utf8(content, charset)
        return html.extracts(content, source)
    raise DocumentError(f"{source!r} is a web archive without a page; save the page again")


def _as_utf8(content: bytes, charset: str) -> bytes:
    try:
        return content.decode("gb18030" if charset in ("gb2312", "gbk") else charset, "replace").encode()
    except LookupError:
        return content
