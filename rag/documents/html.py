"""Saved web pages: the article's text without the site around it, and what the page states of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from lxml import etree
from lxml import html as lxml_html

from rag.documents.chrome import is_meta, is_site
from rag.documents.decode import check
from rag.documents.extract import Extract
from rag.documents.page import PageLine, page_lines
from rag.documents.weave import Piece, woven
from rag.errors import DocumentError

_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{3,20})", re.IGNORECASE)
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
_SITE_NAME: Final = re.compile(
    r"(?:网站|门户|官网|政府网|党建网|信息网)$"
    r"|^(?:[\u4e00-\u9fff]{0,4}(?:解读|公告|公示|动态|要闻|新闻|文件|公开|中心)|首页|正文|(?:文章|新闻|信息|内容)?(?:详情|内容|详细)页?面?|无标题.*|Untitled.*|Document)$"
)
_ATTACHED: Final = re.compile(r"附\s*件\s*\d*\s*[:：.]")
_LEAST_CHARS: Final = 8
_SHORT_LINE: Final = -6
_TITLE_LINES: Final = 2
_CLOSING_LINES: Final = 8
_SITE_MARK: Final = re.compile(r"\s*[-_—|–]+\s*")
_SENTENCE: Final = re.compile(r"[。；！？，、：]")
_META: Final = {
    "articletitle": "title",
    "pubdate": "发布时间",
    "publishdate": "发布时间",
    "contentsource": "来源",
    "author": "作者",
    "sitename": "site",
    "url": "url",
    "og:title": "og",
    "og:url": "url",
}
_FACT: Final = re.compile(
    r"索\s*引\s*号|(?:发文|发布|公开)(?:机关|机构|单位|字号|文号)|(?:成文|发布|印发|生成|发文)(?:日期|时间)|文\s*号|有效性|失效"
)


def extracts(data: bytes, source: str) -> tuple[Extract, ...]:
    """The article of a saved page. Raises DocumentError when the page is garbled or holds no text."""
    return (extract(decoded(data, source), source),)


def decoded(data: bytes, source: str) -> str:
    """The page's characters: by byte order mark, as UTF-8 if it is, else as the page declares, else as GB18030."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = _CHARSET.search(data[:4096])
    name = declared.group(1).decode("ascii").lower() if declared else "gb18030"
    try:
        text = data.decode("gb18030" if name in ("gb2312", "gbk", "utf-8", "utf8") else name, "replace")
    except LookupError:
        text = data.decode("gb18030", "replace")
    check(text, source)
    return text


def extract(page: str, source: str) -> Extract:
    """The article of a page that is decoded already."""
    root = _root(page, source)
    stated = _stated(root)
    found = page_lines(root)
    title = stated.get("title") or _heading(found, stated.get("og") or _page_title(root))
    first, last = _main(found)
    header = [f"{name}：{stated[name]}" for name in ("发布时间", "来源", "作者") if stated.get(name)]
    pieces = list(_pieces(found, first, last, title))
    if sum(len(piece.words) for piece in pieces) < _LEAST_CHARS:
        raise DocumentError(f"{source!r} is a page without text of its own; save the article's page")
    hints = tuple(name for name in (stated.get("site"), _site_of(_page_title(root), title or "")) if name)
    woven_ = woven(pieces)
    check(woven_.text, source)
    return Extract(
        woven_.text,
        title=title,
        url=stated.get("url"),
        header="\n".join(header),
        whole=True,
        headings=woven_.headings,
        rows=woven_.rows,
        hints=hints,
    )


def _root(page: str, source: str) -> lxml_html.HtmlElement:
    text = _DECLARATION.sub("", page).replace("\x00", "")
    try:
        root = lxml_html.document_fromstring(text, parser=lxml_html.HTMLParser(encoding=None, remove_comments=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError(f"{source!r} is not a page that can be read: {_one_line(error)}") from error
    return root


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or "it is empty"


def _stated(root: lxml_html.HtmlElement) -> dict[str, str]:
    """What the page's meta elements say (the names that Chinese government sites must use)."""
    stated: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = _META.get(str(meta.get("name") or meta.get("property") or "").lower())
        content = " ".join(str(meta.get("content") or "").split())
        if name and content:
            stated.setdefault(name, content)
    return stated


def _page_title(root: lxml_html.HtmlElement) -> str:
    return " ".join((root.findtext(".//title") or "").split())


def _site_of(page_title: str, title: str) -> str | None:
    """The name of the site in the page's title: what it says after the last dash or bar, beside the article's title."""
    head, _, tail = _SITE_MARK.sub("\n", page_title).rpartition("\n")
    return tail.strip() if head.strip() and tail.strip() not in title else None


def _heading(found: Sequence[PageLine], page_title: str) -> str | None:
    """The heading that the page's title names, site name left off; else the page's title up to its last dash.

    None where the page's title is but the name of the site.
    """
    for line in found:
        if (
            1 <= line.level <= 3
            and len(line.words) >= 4
            and (line.words in page_title or not page_title)
            and not is_site(line.words)
        ):
            return line.words
    head, _, tail = page_title.rpartition("-") if "-" in page_title else page_title.rpartition("_")
    if head.strip() and re.search(r"网|政府|门户|委|局|厅|党建", tail):
        return head.strip(" -_")
    return page_title if page_title and not _SITE_NAME.search(page_title) else None


def _weight(line: PageLine) -> int:
    """What a line speaks for (sentences, rows) or against (links, short labels) being in the article."""
    size = len(line.words)
    if _ATTACHED.match(line.words) and not line.around:
        return 0
    if line.around or is_site(line.words) or line.linked * 2 > size:
        return -40 if line.linked * 2 <= size or size > 8 else -25
    if line.row or (size >= 20 and _SENTENCE.search(line.words)):
        return size
    return _SHORT_LINE if size < 12 else 4


def _main(found: Sequence[PageLine]) -> tuple[int, int]:
    """The range of lines that is the article: a container of a known name if it holds most of it, else the heaviest run."""
    weights = [_weight(line) for line in found]
    total = sum(weight for weight in weights if weight > 0)
    held: dict[int, int] = {}
    for line, weight in zip(found, weights, strict=True):
        if line.container and weight > 0:
            held[line.container] = held.get(line.container, 0) + weight
    if held:
        best = max(held, key=lambda container: held[container])
        if held[best] * 2 >= total:
            inside = [at for at, line in enumerate(found) if line.container == best]
            return inside[0], inside[-1] + 1
    first, last = _heaviest(weights)
    before = _run(weights[first - 1 :: -1] if first else (), _TITLE_LINES)
    return first - before, last + _run(weights[last:], _CLOSING_LINES)


def _run(weights: Sequence[int], most: int) -> int:
    """How many short lines that are not chrome (a title, a signature and date) stand next to the article, up to `most`."""
    return next((at for at, weight in enumerate(weights[:most]) if weight < _SHORT_LINE), min(most, len(weights)))


def _heaviest(weights: Sequence[int]) -> tuple[int, int]:
    """The run of the greatest sum, as a half-open range; the first of several (Kadane)."""
    best, best_range = 0, (0, 0)
    running, start = 0, 0
    for at, weight in enumerate(weights):
        if running <= 0:
            running, start = 0, at
        running += weight
        if running > best:
            best, best_range = running, (start, at + 1)
    return best_range


def _pieces(found: Sequence[PageLine], first: int, last: int, title: str | None) -> Iterator[Piece]:
    """The facts that stand around the title, the title, then the article's lines.

    Facts come first, as in the box over an official document, so that nothing parts the title from its text.
    """
    wanted = _compact(title or "")
    heading = next((at for at in range(first) if wanted and _compact(found[at].words) == wanted), first)
    box = {at for at in range(first) if _FACT.search(found[at].words) and len(found[at].words) <= 240}
    under = {at for at in range(heading + 1, first) if is_meta(found[at].words)}
    lines = found[first:last]
    leading = (
        next((at for at, line in enumerate(lines[:6]) if _compact(line.words) == wanted), None) if wanted else None
    )
    top = range(0 if leading is None else leading + 1, min(6, len(lines)))
    above = {at for at in top if is_meta(lines[at].words) or is_site(lines[at].words)}
    for at in sorted(box | under):
        yield Piece(found[at].words)
    for at in sorted(above):
        yield Piece(lines[at].words)
    if title and leading is None:
        yield Piece(title)
    for at, line in enumerate(lines):
        if at not in above:
            yield Piece(line.words, _level(line, wanted), line.row)


def _level(line: PageLine, title: str) -> int:
    """The level of a heading by its element, 7 for a bold line that could be one, else 0."""
    if line.level and _compact(line.words) != title:
        return line.level
    return 7 if line.bold and _is_label(line.words) else 0


def _is_label(words: str) -> bool:
    return (
        2 < len(words) <= 40
        and words[-1] not in "。；：，:;,"
        and not re.match(r"[（(]?[一二三四五六七八九十\d]+[）)、.．]", words)
    )


def _compact(words: str) -> str:
    return "".join(words.split())
