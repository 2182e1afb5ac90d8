"""Names of issuing bodies: at a title's beginning, before 关于… in a head, and over the date of a signature."""

from __future__ import annotations

import re
from typing import Final

ORGAN: Final = (
    r"(?:人民政府|政府|委员会|办公室|办公厅|局|厅|委|组织部|宣传部|统战部|部|中心|指挥部|领导小组|法院|检察院|工会|联合会|银行|分行|支行|研究院|大学"
    r"|学院|党校|党组|工委|总队|支队|大队|协会|联盟|处|站|所|署|院|社)"
)
NAME: Final = re.compile(r"[一-鿿]{3,40}")
ENDS: Final = re.compile(rf"{ORGAN}$")
ACTS: Final = re.compile(r"关于|印发|转发|令第")
VERBS: Final = re.compile(
    r"[，。；！？：“”《》]|转发|根据|按照|会同|联合(?!会)|负责|通过|印发|关于|以及|应当|可以|进行|报送|要求|提出|确定|起|至|从|自(?!治|然)"
)
CONTINUED: Final = re.compile(r"防控|疫情|应对|工作领导|新冠|新型冠状|指挥部|领导小组|办公室")
FIRST_PART: Final = re.compile(r"(?<![^\s　])[一-鿿]{4,30}$")
PARTS: Final = re.compile(r"[^\s　、]+")
WINDOW: Final = 160


def issuer_of_title(title: str) -> str | None:
    """The bodies that a title begins with (甲局 乙厅关于…的通知 → 甲局 乙厅), None where it begins otherwise."""
    start = len(title) - len(title.lstrip(" 　\t\n【["))
    act = ACTS.search(title, start, start + WINDOW)
    if act is None:
        return None
    parts = PARTS.findall(title[start : act.start()].replace("国家税务总局", " 国家税务总局"))
    return " ".join(parts) if parts and all(_is_body(part) for part in parts) else None


def issuer_in_head(head: str) -> tuple[int, int] | None:
    """The range of the bodies named before 关于… in the first lines of a text, None where there are none."""
    for act in ACTS.finditer(head):
        found = organs_before(head, act.start())
        if found and head.count("《", 0, found[0]) == head.count("》", 0, found[0]):
            return found
    return None


def is_short_for(short: str, full: str) -> bool:
    """Whether every character of the short name stands in the full one, in order (发展改革委, 贵州省发展和改革委员会)."""
    rest = iter(full)
    return all(char in rest for char in short)


def organs_before(text: str, end: int) -> tuple[int, int] | None:
    """The range of the bodies named just before a position, with only white space between; None where none are."""
    start = max(0, end - WINDOW)
    window = text[start:end].rstrip()
    begin = len(window)
    for part in reversed(list(PARTS.finditer(window))):
        if not _is_body(part.group().strip("（）()盖章")):
            break
        begin = part.start()
    if begin == len(window) or (begin == 0 and start > 0):
        return None
    return start + _whole(window, begin), start + len(window)


def _is_body(part: str) -> bool:
    return bool(NAME.fullmatch(part) and ENDS.search(part)) and not VERBS.search(part)


def _whole(text: str, begin: int) -> int:
    """The start of a name whose first part stands before white space (绍兴市教育局疫情　防控工作领导小组)."""
    if not CONTINUED.match(text, begin):
        return begin
    before = FIRST_PART.search(text[:begin].rstrip())
    return begin if before is None or VERBS.search(before.group()) else before.start()
