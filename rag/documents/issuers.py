"""Names of issuing bodies: at a title's beginning, and over the date of a signature."""

from __future__ import annotations

import re
from typing import Final

ORGAN: Final = (
    r"(?:人民政府|政府|委员会|办公室|办公厅|总局|局|厅|委|组织部|宣传部|统战部|部|中心|指挥部|领导小组|法院|检察院|工会|联合会|总工会|"
    r"管委会|银行|分行|中心支行|税务局|研究院|大学|学院|党校|党组|党委|工委|总队|支队|大队|协会|联盟|处|站|所|署|院|社)"
)
NAME: Final = rf"(?:中共)?[一-鿿]{{2,36}}?{ORGAN}"
TITLE_ISSUER: Final = re.compile(
    rf"^[\s　【\[]*(?P<who>{NAME}(?:(?:[\s　、,，]+|(?=国家税务总局))(?:{NAME}))*?)[\s　]*(?:关于|印发|转发|令第)"
)
HEAD_ISSUER: Final = re.compile(rf"(?<![^\s　])(?P<who>{NAME}(?:[\s　]+{NAME})*)[\s　]*(?:关于|印发|转发)")
VERBS: Final = re.compile(
    r"[，。；！？：“”《》]|根据|按照|会同|联合|负责|通过|印发|关于|以及|应当|可以|进行|报送|要求|提出|确定|起|至|从|自"
)


CONTINUED: Final = re.compile(r"防控|疫情|应对|工作领导|新冠|新型冠状|指挥部|领导小组|办公室")
FIRST_PART: Final = re.compile(r"(?<![^\s　])[一-鿿]{4,30}$")


def issuer_of_title(title: str) -> str | None:
    """The bodies that a title begins with (甲局 乙厅关于…的通知 → 甲局 乙厅), None where it begins otherwise."""
    match = TITLE_ISSUER.match(title)
    if match is None or VERBS.search(match["who"].replace("联合会", "").replace("自治", "")):
        return None
    return " ".join(match["who"].split())


def issuer_in_head(head: str) -> tuple[int, int] | None:
    """The range of the bodies named before 关于… in the first lines of a text, None where there are none."""
    for match in HEAD_ISSUER.finditer(head):
        quoted = head.count("《", 0, match.start()) > head.count("》", 0, match.start())
        if not quoted and not VERBS.search(match["who"].replace("联合会", "")):
            return match.start("who"), match.end("who")
    return None


def is_short_for(short: str, full: str) -> bool:
    """Whether every character of the short name stands in the full one, in order (发展改革委, 贵州省发展和改革委员会)."""
    rest = iter(full)
    return all(char in rest for char in short)


def organs_before(text: str, end: int) -> tuple[int, int] | None:
    """The range of the bodies named just before a position, with only white space between; None where none are."""
    start = max(0, end - 160)
    window = text[start:end]
    stripped = window.rstrip()
    if not stripped or len(window) - len(stripped) > 400:
        return None
    begin = len(stripped)
    for part in re.finditer(r"[^\s　]+[\s　]*", stripped):
        match = re.fullmatch(NAME, part.group().strip().strip("（）()盖章"))
        if match is None or VERBS.search(match.group().replace("联合会", "").replace("自治", "")):
            begin = len(stripped)
        elif begin == len(stripped):
            begin = part.start()
    if begin == len(stripped):
        return None
    return start + _whole(stripped, begin), start + len(stripped)


def _whole(text: str, begin: int) -> int:
    """The start of a name whose first part stands before white space (绍兴市教育局疫情　防控工作领导小组)."""
    if not CONTINUED.match(text, begin):
        return begin
    before = FIRST_PART.search(text[:begin].rstrip())
    return begin if before is None or VERBS.search(before.group()) else before.start()
