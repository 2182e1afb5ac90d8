"""Document numbers (发文字号): 祁政办发〔2022〕15号."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

HEAD_CHARS: Final = 1_500
SERIAL: Final = re.compile(
    r"[〔\[（(【［]\s{0,4}(?P<year>(?:19|20)\d\d)\s{0,4}[〕\]）)】］]\s{0,4}(?:第\s{0,4})?(?P<n>\d{1,5})\s{0,4}号"
)
WHO: Final = re.compile(r"[一-鿿]{1,14}$")
BEFORE_WHO: Final = re.compile(
    r".*(?:通知|意见|办法|文件|细则|规定|措施|方案|公告|通告|决定|批复|函件|政策|条例|文号|字号)"
)
LABEL: Final = re.compile(r"(?:发文字号|发布文号|文\s*号|文件编号|字号)[\s】\]*_：:]*$")
REFERRED: Final = re.compile(r"[》”][\s　]*[（(]?\s*$|根据$|按照$|依据$")


@dataclass(frozen=True, slots=True)
class DocNumber:
    """A number as the text has it at [start, end); `value` in the usual form, with 〔〕 and no leading zeros.
    `opened` when no sentence runs into it: white space, a bracket or a title's end stands before."""

    value: str
    start: int
    end: int
    opened: bool


def doc_numbers(text: str) -> Iterator[DocNumber]:
    """The document numbers in a text, in order."""
    for serial in SERIAL.finditer(text):
        end = len(text[max(0, serial.start() - 4) : serial.start()].rstrip()) + max(0, serial.start() - 4)
        who = WHO.search(text, max(0, end - 14), end)
        if who is None:
            continue
        title_end = BEFORE_WHO.match(who.group())
        start = who.start() + (title_end.end() if title_end else 0)
        before = text[start - 1 : start]
        if start < end:
            opened = bool(title_end) or before == "" or before.isspace() or before in "）)】"
            value = f"{text[start:end]}〔{serial['year']}〕{int(serial['n'])}号"
            yield DocNumber(value, start, serial.end(), opened)


def own_number(text: str) -> DocNumber | None:
    """The number that a document states as its own: labelled, or standing by itself in its head; None when there are only
    references to others."""
    for number in doc_numbers(text):
        before = text[max(0, number.start - 12) : number.start]
        if LABEL.search(before):
            return number
        if number.start > HEAD_CHARS:
            return None
        after = text[number.end : number.end + 1]
        if number.opened and not REFERRED.search(before) and (after == "" or after.isspace() or after in "-—–各"):
            return number
    return None


def header_number(header: str) -> DocNumber | None:
    """The number that a line of facts about a document states: labelled, or a line of its own."""
    for number in doc_numbers(header):
        if (
            LABEL.search(header[max(0, number.start - 12) : number.start])
            or header[: number.start].endswith("\n")
            or number.start == 0
        ):
            return number
    return None
