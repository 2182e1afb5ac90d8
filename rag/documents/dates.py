"""Dates, document number, issuing body and validity that a document states of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from rag.documents.doc_numbers import doc_numbers, header_number, own_number
from rag.documents.issuers import is_short_for, issuer_in_head, issuer_of_title, organs_before
from rag.types import Evidence

HEAD_CHARS: Final = 1_500
DIGIT: Final = dict(zip("〇○零一二三四五六七八九", "000123456789", strict=True))
# Begins with a set of characters, which Python's `re` looks for eight times as fast as for one of several beginnings.
FOUR: Final = r"[12一二](?:(?<=1)9\d\d|(?<=2)0\d\d|(?<=[一二])[〇○零九一二三四五六七八]{3})"
DATE: Final = (
    rf"(?P<y>{FOUR})\s*(?:年|[-/.])\s*(?P<m>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})"
    r"\s*(?:月|[-/.])\s*(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})\s*日?"
)
YEAR: Final = re.compile(FOUR)
FORMAL_LABEL: Final = re.compile(r"(?:成文日期|成文时间|发文日期|发文时间|签发日期)[\s】\]*_：:]*" + DATE)
POSTED: Final = r"发布日期|发布时间|发表时间|发表日期|公开日期|公布日期|更新时间|上传时间"
AFTER_LABEL: Final = r"[\s】\]*_：:=\"“]*"
POSTED_LABEL: Final = re.compile(rf"(?:{POSTED}){AFTER_LABEL}{DATE}")
# Each way begins with a letter of its own, so that a text is searched for these letters and not tried at every place.
SHOWN_LABEL: Final = re.compile(
    rf"(?:{POSTED}|日(?<![一-鿿]日)期|时(?<![一-鿿]时)间|p(?i:ubdate|ublishdate|ublished time)|P(?i:ubdate|ublishdate|ublished time)"
    rf"|d(?<!\wd)(?i:ate)|D(?<!\wD)(?i:ate)){AFTER_LABEL}{DATE}"
    r"(?!\d|日|\s*(?:至|到|起|[—–~-]+\s*\d))"  # a period is not the day of anything
)
# The line under a title on many sites: 2022-03-28 10:11 来源：…
SHOWN_ALONE: Final = re.compile(rf"^{DATE}[ \u3000]+(?:\d{{1,2}}:\d\d|来源|作者)", re.MULTILINE)
ISSUER_LABEL: Final = re.compile(
    r"(?:发文机关|发文机构|发布机构|发布机关|发文单位|发布单位|制定机关|公开机构|公开主体)[\s】\]*_：:]*(?P<who>[一-鿿][一-鿿、（）()· 　]{2,60}?)"
    r"(?=\s{0,8}(?:[\n【\[]|[一-鿿]{2,5}\s{0,4}[：:]|$|  ))"
)
SOURCE_LABEL: Final = re.compile(
    r"(?:信息来源|文章来源|来\s*源|ContentSource)\s*[：:=]?\s*(?:本网)?(?P<who>[一-鿿]{3,40}?(?:局|厅|委|委员会|办公室|政府|中心|部|处))(?![一-鿿])"
)
SIGNED_DATE: Final = re.compile(DATE + r"(?P<printed>\s*印发)?")
ALONE_AFTER: Final = re.compile(
    r"\s*(?:$|\n|[（(](?:此件|公开|本文|联系)|关于|附件|附[：:]|[一-鿿]{4,40}(?:办法|措施|意见|方案|细则|规定|指南)\s)"
)
LINE_AFTER: Final = re.compile(r"[ \t\u3000]*(?:\n|$)")
BRACKETED: Final = re.compile(
    r"[（(]\s*" + DATE + r"\s*(?:[一-鿿]{0,20}(?:通过|发布|公布|印发)|[，,；;][^（）()]{0,20})?\s*[）)]"
)
# A line with a year and month, alone, in brackets, or after who wrote: 2023年12月, （2023年9月）, （执笔：王明；2023年7月）.
MONTH_LINE: Final = re.compile(
    rf"^[ \t\u3000]*(?:[（(](?:[^（）()\n]{{0,40}}[；;，,。 ])?)?(?P<y>{FOUR})\s*年\s*(?P<m>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})\s*月\s*[）)]?[ \t\u3000]*$",
    re.MULTILINE,
)
TOP_CHARS: Final = 200
FOOT_CHARS: Final = 80
EFFECTIVE: Final = re.compile(
    r"自\s*" + DATE + r"\s*(?:[（(][^）)]{0,12}[）)])?起\s*(?:正式)?(?:施行|实施|执行|生效|试行)"
)
FROM_ISSUE: Final = re.compile(
    r"自\s*(?:印发|发布|公布|下发|颁布|发文)之?日?起\s*(?:正式)?(?:暂)?(?:施行|实施|执行|生效|试行)"
)
EXPIRES: Final = re.compile(
    r"(?:有效期限?(?:调整|延长)?为?[至到]|执行期?[至到]|施行期?[至到]|实施期?[至到]|有效期?[至到])\s*" + DATE
)
YEARS: Final = re.compile(r"有效期(?:限)?(?:为|暂定|：|:)?\s*(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,2})\s*年")
OF_ITSELF: Final = re.compile(
    r"(?:施行|实施|执行|生效|印发|试行|本(?:通知|办法|细则|意见|措施|规定|方案|政策|文件))[^。]{0,40}$"
)
REPEALED: Final = re.compile(
    r"(?P<list>(?:《[^《》]{4,120}》(?:\s*[（(][^（）()]{2,40}[）)])?[、，,和及以]*){1,12})\s*(?:等文件)?(?:自[^。；]{0,20})?(?:同时|一并|相应|即行)?\s*(?:废止|失效|停止执行)"
)
ENDED: Final = ("废止", "失效", "停止执行")
TITLES: Final = re.compile(r"《([^《》]{4,120})》")


@dataclass(frozen=True, slots=True)
class Dated:
    """What a document states of itself. `published`, `effective` and `expires` are ISO dates, the first a month (2023-12) where no day is stated;
    `valid_years` counts from the day that it takes effect (its own date when it says “自印发之日起”); `repeals` are the titles of what it puts out of force.
    Evidence is an offset range of the text, (0, 0) for what only the header states."""

    published: str | None = None
    doc_number: str | None = None
    issuer: str | None = None
    effective: str | None = None
    expires: str | None = None
    valid_years: int | None = None
    repeals: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """A value with its range in the text; (0, 0) when it was read elsewhere."""

    value: str
    start: int
    end: int
    how: str

    def evidence(self, field: str) -> Evidence:
        return Evidence(field, self.value, self.start, self.end, self.how)


def dated(text: str, *, title: str, header: str = "") -> Dated:
    """Date, number, issuing body and validity. Raises nothing; what is not stated is None.

    `header` holds what the page or file states outside the text, one fact a line (发布时间：2022-12-05). A formal date (成文日期, the
    date under the signature of a numbered document) goes before the date of putting on a site.
    """
    number = _number(text, title, header)
    signature = _signature(text)
    # Where no year stands there is no date: it is looked for once.
    told = text if YEAR.search(text) else ""
    published = _published(told, header, signature[0], number is not None)
    issuer = _issuer(text, title, header, signature[1])
    effective = _effective(text, told, published)
    expires = _first(EXPIRES, told, "stated")
    years = _years(text)
    repeals = tuple(_repeals(text))
    found = (
        ("published", published),
        ("doc_number", number),
        ("issuer", issuer),
        ("effective", effective),
        ("expires", expires),
    )
    evidence = [item.evidence(field) for field, item in found if item]
    if years:
        evidence.append(Evidence("valid_years", years["n"], years.start(), years.end(), "stated"))
    evidence += [item.evidence("repeals") for item in repeals]
    values = {field: item.value if item else None for field, item in found}
    return Dated(
        published=values["published"],
        doc_number=values["doc_number"],
        issuer=values["issuer"],
        effective=values["effective"],
        expires=values["expires"],
        valid_years=_numeral(years["n"]) if years else None,
        repeals=tuple(item.value for item in repeals),
        evidence=tuple(evidence),
    )


def first_date(text: str) -> str | None:
    """The first full date in a text as ISO; None where there is none."""
    return next((iso for match in SIGNED_DATE.finditer(text) if (iso := _iso(match))), None)


def _number(text: str, title: str, header: str) -> _Found | None:
    """The document's own number, from the facts about it, its text or its title."""
    stated = header_number(header)
    if stated:
        return _Found(stated.value, 0, 0, "header")
    own = own_number(text)
    if own:
        return _Found(own.value, own.start, own.end, "text")
    titled = next(doc_numbers(title), None)
    return _Found(titled.value, 0, 0, "title") if titled else None


def _published(text: str, header: str, signed: _Found | None, numbered: bool) -> _Found | None:
    """The formal date where one is labelled or the document has a number; else the date shown with it, else the signature's."""
    head = text[:HEAD_CHARS]
    formal = _first(FORMAL_LABEL, head, "label") or _in_header(FORMAL_LABEL, header)
    if formal or (signed and numbered):
        return formal or signed
    shown = (
        _first(BRACKETED, head[:400], "head") or _first(SHOWN_LABEL, head, "label") or _in_header(SHOWN_LABEL, header)
    )
    posted = shown or _in_header(SHOWN_ALONE, header)
    return posted or signed or _first(POSTED_LABEL, text, "label") or _printed(text) or _month(text)


def _signature(text: str) -> tuple[_Found | None, _Found | None]:
    """Date and names under the signature: organs, then a date (the first such pair), or a date alone after the last sentence."""
    alone: _Found | None = None
    for match in SIGNED_DATE.finditer(text):
        iso = _iso(match)
        if iso is None or match["printed"]:
            continue
        names = organs_before(text, match.start())
        if names and re.match(r"[\s　）)（(]|$", text[match.end() : match.end() + 1]):
            start, end = names
            signed = _Found(" ".join(text[start:end].split()), start, end, "signature")
            return _Found(iso, match.start(), match.end(), "signature"), signed
        ends = text[max(0, match.start() - 40) : match.start()].rstrip(" \t\u3000")[-2:]
        before = ends.rstrip()[-1:]
        stands = before in ("。", "！", "") or (ends[-1:] == "\n" and LINE_AFTER.match(text, match.end()))
        if alone is None and stands and ALONE_AFTER.match(text, match.end()) and match.start() > 40:
            alone = _Found(iso, match.start(), match.end(), "signature")
    return alone, None


def _month(text: str) -> _Found | None:
    """The month of a text that states no day, on a line of its own at its foot or under its title: 2023-12."""
    foot = max(0, len(text) - FOOT_CHARS)
    for how, start, end in (("head", 0, min(TOP_CHARS, foot)), ("signature", foot, len(text))):
        for match in MONTH_LINE.finditer(text, start, end):
            month = _numeral(match["m"])
            if 1 <= month <= 12:
                return _Found(f"{_year(match)}-{month:02}", match.start("y"), match.end("m") + 1, how)
    return None


def _printed(text: str) -> _Found | None:
    """The day of printing at the foot: 2020年2月12日印发."""
    if "印发" not in text:
        return None
    for match in SIGNED_DATE.finditer(text):
        iso = _iso(match)
        if match["printed"] and iso:
            return _Found(iso, match.start(), match.end(), "printed")
    return None


def _issuer(text: str, title: str, header: str, signed: _Found | None) -> _Found | None:
    for source, outside in ((header, True), (text[:HEAD_CHARS], False)):
        labelled = ISSUER_LABEL.search(source)
        if labelled:
            start, end = (0, 0) if outside else labelled.span("who")
            return _Found(" ".join(labelled["who"].split()), start, end, "label")
    named = issuer_of_title(title)
    if named and not (signed and named[0] in "省市县区州旗盟" and is_short_for(named[1:], signed.value)):
        start = text.find(named)
        return _Found(named, max(start, 0), start + len(named) if start >= 0 else 0, "title")
    if signed:
        return signed
    named_in_head = issuer_in_head(text[: HEAD_CHARS // 3])
    if named_in_head:
        start, end = named_in_head
        return _Found(" ".join(text[start:end].split()), start, end, "head")
    sourced = SOURCE_LABEL.search(header)
    return _Found(sourced["who"], 0, 0, "source") if sourced else None


def _effective(text: str, told: str, published: _Found | None) -> _Found | None:
    found = _first(EFFECTIVE, told, "stated")
    if found:
        return found
    match = FROM_ISSUE.search(text)
    return _Found(published.value, match.start(), match.end(), "stated") if match and published else None


def _years(text: str) -> re.Match[str] | None:
    """Years of validity of the document itself, not of a certificate that it speaks of."""
    if "有效期" not in text:
        return None
    return next((m for m in YEARS.finditer(text) if OF_ITSELF.search(text[max(0, m.start() - 60) : m.start()])), None)


def _repeals(text: str) -> Iterator[_Found]:
    """Titles put out of force, each where it is first named so."""
    seen: set[str] = set()
    if not any(word in text for word in ENDED):
        return
    for match in REPEALED.finditer(text):
        for title in TITLES.finditer(match["list"]):
            name, start = " ".join(title[1].split()), match.start("list") + title.start(1)
            if name not in seen:
                seen.add(name)
                yield _Found(name, start, start + len(title[1]), "stated")


def _first(pattern: re.Pattern[str], text: str, how: str) -> _Found | None:
    for match in pattern.finditer(text) if text and YEAR.search(text) else ():
        iso = _iso(match)
        if iso:
            return _Found(iso, match.start("y"), match.end(), how)
    return None


def _in_header(pattern: re.Pattern[str], header: str) -> _Found | None:
    found = _first(pattern, header, "header")
    return _Found(found.value, 0, 0, "header") if found else None


def _numeral(text: str) -> int:
    """A number in digits of any width or in Chinese numerals up to 99."""
    if text.isdigit():
        return int(text)
    tens, found, ones = text.replace("两", "二").partition("十")
    digits = [int(DIGIT[c]) if (c := part) in DIGIT else 0 for part in (tens, ones)]
    return (digits[0] or 1) * 10 + digits[1] if found else int("".join(DIGIT[c] for c in tens))


def _year(match: re.Match[str]) -> str:
    return match["y"] if match["y"].isdigit() else "".join(DIGIT[c] for c in match["y"])


def _iso(match: re.Match[str]) -> str | None:
    """The date of a match as ISO, None when there is no such day."""
    try:
        return date(int(_year(match)), _numeral(match["m"]), _numeral(match["d"])).isoformat()
    except ValueError:
        return None
