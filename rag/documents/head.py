"""The head of an article: title, byline and the lines of metadata under it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rag.documents.bylines import BODY_LINE, byline_of
from rag.documents.chrome import is_site
from rag.documents.lines import Line
from rag.documents.marks import ARTICLE_NUMBER, DOCUMENT_NOUN, ends_sentence, label, opening

TITLE_CHARS: Final = 120
DERIVED_CHARS: Final = 40
_HEAD_LINES: Final = 30
_FLAT_TITLE: Final = 60

_DOCUMENT_NUMBER: Final = re.compile(r"^[\u4e00-\u9fff]{1,12}[〔\[（(【]\s*\d{4}\s*[〕\]）)】]\s*(?:第\s*)?\d+\s*号$")
_DATE_LINE: Final = re.compile(
    r"^[（(]?\s*(?:\d{4}|[二〇○零一三四五六七八九]{4})\s*[年./-]\s*[\d一二三四五六七八九十]{1,3}\s*[月./-]\s*[\d一二三四五六七八九十]{1,3}\s*日?.{0,24}[)）]?$"
)
_RED_HEAD: Final = re.compile(r"^[\u4e00-\u9fff、]{4,40}(?:文件|委员会文件)$|^政策文件$|^内容概述$")
_ADDRESSEE: Final = re.compile(
    r"^(?:尊敬的|亲爱的|同志们|各位|各|致|广大|市民朋友|全[市县区省州旗]|本).{0,120}[:：]$|^.{2,120}[:：]$"
)
_DATELINE: Final = re.compile(
    r"^(?:新华社|中新社|人民网|新华网|中新网|本报|本网|[\u4e00-\u9fff]{2,8}[报网社台])\S{0,16}?(?:电|讯)|^原标题|^(?:\d{4}年)?\d{1,2}月\d{1,2}日|^记者|^本[报网]讯|^[\[【]"
)
_SITE_SUFFIX: Final = re.compile(
    r"\s*[-_—|–]+\s*[^-_—|–]{2,30}(?:网站|门户|政府网|人民政府|党建网|组织部|网|委员会|局|厅)\s*$"
)
_ISSUED: Final = re.compile(
    r"(?:通知|通告|公告|通报|公示|决定|意见|办法|规定|细则|条例|批复|函|令|公开信|一封信)(?:[（(].{1,20}[)）])?$"
)
_ISSUED_PLAN: Final = re.compile(
    r"[^要](?:通知|通告|公告|通报|公示|决定|意见|办法|规定|细则|条例|方案|措施|规划|计划|要点|指引)(?:[（(].{1,20}[)）])?$"
)
_MARKED: Final = re.compile("[，。；：！？,;:!?]")
_ATTACHED: Final = re.compile(r"^附\s*件\s*[\d一二三四五六七八九十]{0,2}\s*[:：]?$")
# A record that states the title as one of its facts: 名称：…, 【事项名称】….
_NAMED: Final = re.compile(
    r"[【\[]?\s*(?:(?:文件|信息|事项|公文)?名[ \u3000]*称|标[ \u3000]*题)\s*(?:[】\]]\s*[:：]?|[:：])(?P<title>[^【]{4,}?)(?=\s*【|$)"
)
_SUBTITLE: Final = re.compile(r"^[-—–]{1,3}\s*\S")
_SUBTITLE_TAIL: Final = re.compile(
    r"^[（(](?:第.{1,12}[号期次版]|试行|暂行|修订.{0,6}|征求意见稿|摘要|节选|.{0,12}更新|.{1,6}版)[)）]$"
)


@dataclass(frozen=True, slots=True)
class Head:
    """What the first lines state. `title_lines` and `byline_line` are indices of lines; `end` is the first after the head."""

    title: str
    title_lines: tuple[int, ...]
    author: str | None
    byline: str | None
    end: int


def read_head(found: Sequence[Line], flags: Sequence[bool], stated: str | None = None) -> Head:
    """Title and byline of an article from its lines; `flags` are the lines of chrome.

    `stated` is the title that the format gives (HTML metadata). With neither a title line nor a stated title, the title is
    the beginning of the first sentence, at most 40 characters.
    """
    title_lines = _title_lines(found, flags, stated)
    end = title_lines[-1] + 1 if title_lines else 0
    byline, author = None, None
    for at in range(end, min(end + 8, len(found))):
        words = found[at].words
        if (
            flags[at]
            or _is_aside(words)
            or _SUBTITLE.match(words)
            or (title_lines and _repeats(found, title_lines, at))
        ):
            continue
        who = byline_of(words) if title_lines else None
        if who is not None and not (BODY_LINE.match(words) and at + 1 < len(found) and _is_named_on(found[at + 1])):
            byline, author, end = words, who, at + 1
        break
    title = _title(found, flags, title_lines, stated)
    return Head(title, title_lines, author, byline, end)


def _is_named_on(line: Line) -> bool:
    """Whether a line under a body's name belongs to the title with it: a further body, or what they issue."""
    words = line.words
    if line.indented or opening(words) is not None or "，" in words or "," in words:
        return False
    return not _is_body(words)


def without_site(title: str) -> str:
    """A page's title without the name of the site behind its last dash."""
    return _SITE_SUFFIX.sub("", title).strip()


def _title_lines(found: Sequence[Line], flags: Sequence[bool], stated: str | None) -> tuple[int, ...]:
    if stated is not None and (taken := _stated_lines(found, flags, stated)):
        return taken
    for at in range(min(_HEAD_LINES, len(found))):
        words = found[at].words
        if _NAMED.match(words):
            return (at,)
        if flags[at] or _is_aside(words) or _RED_HEAD.match(words) or _ATTACHED.match(words):
            continue
        if BODY_LINE.match(words) and at + 1 < len(found) and flags[at + 1] and is_site(found[at + 1].words):
            continue  # The owner of the site over its menu.
        if _is_body(words):
            return ()
        return _continued(found, flags, at)
    return ()


def _stated_lines(found: Sequence[Line], flags: Sequence[bool], stated: str) -> tuple[int, ...]:
    """The lines that hold the stated title, one or two together."""
    wanted = _compact(stated)
    for at in [at for at, flag in enumerate(flags) if not flag][:_HEAD_LINES]:
        joined = ""
        for until in range(at, min(at + 4, len(found))):
            joined += _compact(found[until].words)
            if joined == wanted:
                return tuple(range(at, until + 1))
            if not wanted.startswith(joined):
                break
    return ()


def _continued(found: Sequence[Line], flags: Sequence[bool], first: int) -> tuple[int, ...]:
    """The title's first line with the lines that go on with it."""
    taken = [first]
    if found[first].words.startswith("#"):
        return tuple(taken)
    joined = found[first].words
    issuers = _issuers(found, flags, first)
    if issuers is not None:
        taken, joined = list(issuers), " ".join(found[at].words for at in issuers)
    for at in range(taken[-1] + 1, min(taken[-1] + 8, len(found))):
        words = found[at].words
        if flags[at] or _is_body(words) or _repeats(found, taken, at) or not _goes_on(joined, words, found[at]):
            break
        taken.append(at)
        joined = f"{joined} {words}"
    return tuple(taken)


def _issuers(found: Sequence[Line], flags: Sequence[bool], first: int) -> tuple[int, ...] | None:
    """The lines of a title under the names of its issuing bodies, one a line.

    The names belong to the title where 关于… needs them; of names said twice the second are taken, and none where the title
    begins with them itself.
    """
    named: list[int] = []
    numbered = False
    for at in range(first, min(first + 12, len(found))):
        words = found[at].words
        if flags[at]:
            return None
        if "关于" in words or "印发" in words:
            if named and _compact(words).startswith(_compact(found[named[0]].words)):
                return (at,)
            return (*named, at) if len(named) > 1 or numbered or (named and words.startswith("关于")) else None
        if _DOCUMENT_NUMBER.match(words):
            # What stands over the number is the head of the paper, what stands under it the title.
            named, numbered = [], True
            continue
        if _RED_HEAD.match(words):
            continue
        if BODY_LINE.match(words) is None:
            return None
        if named and _compact(words) == _compact(found[named[0]].words):
            named = []
        named.append(at)
    return None


def _goes_on(joined: str, words: str, line: Line) -> bool:
    if _SUBTITLE.match(words) or _SUBTITLE_TAIL.match(words):
        return True
    if _DOCUMENT_NUMBER.match(words) or _DATE_LINE.match(words) or _DATELINE.match(words) or _RED_HEAD.match(words):
        return False
    if _is_unfinished(joined):
        return len(joined) + len(words) <= 2 * TITLE_CHARS
    if _is_broken(joined, words) and not line.gap and not line.indented:
        return True
    if not line.soft or _is_complete(joined) or opening(words) is not None:
        return False
    return len(joined) + len(words) <= _FLAT_TITLE and byline_of(words) is None


def _is_complete(joined: str) -> bool:
    """关于…措施, …通知: the title of a document that has come to its noun."""
    begun = "关于" in joined or "印发" in joined or "转发" in joined
    return DOCUMENT_NOUN.search(joined) is not None and (begun or _ISSUED.search(joined) is not None)


def _is_unfinished(joined: str) -> bool:
    """关于…, 印发《…: the noun that ends a document's title is still to come, or a title mark is open."""
    if joined.count("《") > joined.count("》") or joined.count("“") > joined.count("”"):
        return True
    begun = "关于" in joined or "印发" in joined or "转发" in joined
    if begun:
        return DOCUMENT_NOUN.search(joined) is None and ":" not in joined and "：" not in joined
    return (
        BODY_LINE.match(joined) is not None
        and len(joined) > 5
        and joined.endswith(("政府", "委员会", "办公室", "办公厅", "厅", "局", "委"))
    )


def _is_broken(joined: str, words: str) -> bool:
    """A title broken before its noun: 岚山区2024—2025年冬春季 | 农田水利建设实施方案."""
    both = joined + words
    return (
        _ISSUED_PLAN.search(words) is not None
        and DOCUMENT_NOUN.search(joined) is None
        and len(both) <= _FLAT_TITLE
        and not _MARKED.search(both)
    )


def _is_body(words: str) -> bool:
    if opening(words) is not None and words.startswith("#"):
        return False
    if len(words) > 2 * TITLE_CHARS or _ADDRESSEE.match(words) or (ends_sentence(words) and words[-1] in "。；"):
        return True
    sign = opening(words)
    if sign is not None and sign.kind not in ("bracket",):
        return True
    if DOCUMENT_NOUN.search(words) and len(words) <= 2 * TITLE_CHARS and "。" not in words:
        return False
    return (
        "。" in words
        or "；" in words
        or len(words) > TITLE_CHARS
        or (len(words) > 45 and ("，" in words or "," in words))
    )


def _is_aside(words: str) -> bool:
    """Lines between title and byline that are neither."""
    return bool(_DOCUMENT_NUMBER.match(words) or _DATE_LINE.match(words))


def _repeats(found: Sequence[Line], taken: Sequence[int], at: int) -> bool:
    words = _compact(found[at].words)
    return len(words) > 3 and any(words in _compact(found[i].words) for i in taken)


def _title(found: Sequence[Line], flags: Sequence[bool], taken: Sequence[int], stated: str | None) -> str:
    if stated is not None:
        return " ".join(stated.split())
    if taken:
        words = " ".join(label(found[at].words) for at in taken)
        named = _NAMED.match(words)
        return named["title"].strip() if named else ARTICLE_NUMBER.sub("", words)
    for at, line in enumerate(found):
        if not flags[at]:
            return _derived(label(line.words))
    return label(found[0].words)[:DERIVED_CHARS] if found else ""


def _derived(words: str) -> str:
    """The beginning of a first sentence as a title: up to 40 characters, cut at a mark."""
    words = words.lstrip("“‘「『《（(\"'")
    end = min((at for mark in "。！？；" if (at := words.find(mark)) > 0), default=len(words))
    sentence = words[:end]
    if len(sentence) <= DERIVED_CHARS:
        return sentence
    cut = max(sentence.rfind(mark, 0, DERIVED_CHARS + 1) for mark in "，,、：: ")
    return sentence[:cut] if cut >= 8 else sentence[:DERIVED_CHARS]


def _compact(words: str) -> str:
    return "".join(words.split()).strip("#*_")
