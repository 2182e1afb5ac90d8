"""What a Chinese follow-up leaves out, taken from the question before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rag.conversation.chinese_topic import matchable, topic, unended, without_places, words_of
from rag.conversation.chinese_words import (
    AFTER_PLACE,
    AMOUNTS,
    ASKS,
    BARE,
    DEPENDENT,
    HERE,
    IT,
    LEAD,
    LOOSE,
    MARK,
    MORE,
    OBJECT,
    OBJECTLESS,
    OFFICE,
    PERSONS,
    RECIPIENTS,
    SCOPE,
    SINGULAR,
    STATE,
    WHAT,
    WITH,
    YEAR,
)
from rag.conversation.turn import Turn, named, swapped, turn

CARRIED_CHARS: Final = 12
"""A question without a place of its own gets the earlier one up to this length; a longer one stands alone."""
AHEAD_CHARS: Final = 6


def completed(before: Turn, now: Turn) -> str | None:
    """The follow-up with what it leaves out, None when it stands alone or nothing completes it."""
    body = _body(now.text)
    body = _without_here(body) if before.places else body
    rest = turn(body)
    marked = bool(MARK.search(matchable(now.text)))
    if not body or MORE.fullmatch(body):
        return before.text
    if compared := _compared(before, rest):
        return compared
    own = [word.folded for word in words_of(without_places(rest)) if word.content]
    asks = bool(ASKS.search(matchable(body)))
    if rest.places:
        return _elsewhere(before, rest, own, asks=asks, marked=marked)
    if not asks:
        return _fragment(before, body, own) if marked or len(body) <= CARRIED_CHARS else None
    return _clause(before, body, own, marked=marked)


def _body(text: str) -> str:
    """The question without what leads to it and what ends it. A text that is nothing else is left empty."""
    ended = unended(text)
    lead = LEAD.match(matchable(ended))
    return ended[lead.end() :] if lead else ended


def _without_here(body: str) -> str:
    """“那里的乡村振兴” without 那里的: the earlier place is carried anyway."""
    here = HERE.match(matchable(body))
    if here is None or ASKS.search(matchable(body)):
        return body
    return body[here.end() :].removeprefix("的")


def _compared(before: Turn, rest: Turn) -> str | None:
    """“和格尔木比呢”: the earlier place beside the other one."""
    match = WITH.match(matchable(rest.text))
    if match is None or not rest.places or not before.places or before.english:
        return None
    return f"{named(before, english=False)}和{named(rest, english=False)}的{topic(before)}有什么不同？"


def _elsewhere(before: Turn, rest: Turn, own: Sequence[str], *, asks: bool, marked: bool) -> str | None:
    """A follow-up with a place of its own: another place for the earlier question, or for its topic."""
    years = YEAR.findall(rest.text)
    if not [word for word in own if not YEAR.fullmatch(word)]:
        moved = swapped(before, rest) or f"{named(rest, english=before.english)}{before.text}"
        return _year_swapped(moved, years[0]) if years else moved
    if before.english:
        return None
    if not asks:
        if not marked and len(own) > 2:
            return None
        moved = swapped(before, rest) or f"{named(rest, english=False)}{before.text}"
        bare = without_places(rest).strip(" 的")
        return _fragment(turn(moved), bare, own)
    subject = topic(before)
    if not set(own) <= DEPENDENT or not subject:
        return None
    place, clause = named(rest, english=False), without_places(rest).strip(" 的")
    return _joined(place, subject, clause) + "？"


def _fragment(before: Turn, body: str, own: Sequence[str]) -> str | None:
    """“那补贴呢”, “2023年呢”, “硕士呢”: one thing of the earlier question replaced, or added to its topic."""
    if YEAR.fullmatch(matchable(body)):
        return _year_swapped(before.text, body)
    if not own:
        return before.text
    place = named(before, english=False)
    if before.english:
        return f"{place}{body}有哪些？" if place else None
    joint = BARE.match(matchable(body))
    bare = body[joint.end() :] if joint else body
    if before.places and OFFICE.fullmatch(matchable(bare)):
        return _office_named(before, bare)
    subject = topic(before)
    belongs = set(own) <= DEPENDENT | LOOSE or own[-1] in DEPENDENT
    if subject and belongs and not any(word in matchable(subject) for word in own):
        return f"{place}{subject}的{bare}{_asking(own[-1])}？"
    return _noun_swapped(before, bare, own) or _object_swapped(before, bare) or _restated(before, place, bare, subject)


def _clause(before: Turn, body: str, own: Sequence[str], *, marked: bool) -> str | None:
    """A question of its own words, without a place: gets the earlier place, and the topic where it has none."""
    place, subject = named(before, english=False), "" if before.english else topic(before)
    folded = matchable(body)
    if not place and not subject:
        return None
    if place and (here := HERE.search(folded)) and _points_back(folded, here):
        return _replaced(body, here, place) + "？"
    if subject and (it := IT.search(folded)) and _points_back(folded, it):
        return _replaced(body, it, place + subject) + "？"
    if SCOPE.search(folded):
        return None
    if folded in ("为什么", "为何"):
        return _why(before, body)
    if subject and set(own) <= DEPENDENT | LOOSE and not any(word in matchable(subject) for word in own):
        return _joined(place, subject, body) + "？"
    if place and (marked or len(body) <= CARRIED_CHARS):
        return f"{place}{body}？"
    return None


def _points_back(body: str, match: re.Match[str]) -> bool:
    """Whether a pronoun means something before the question: what it means inside it would stand in front of it."""
    ahead = body[: match.start()]
    return len(ahead) <= AHEAD_CHARS and not re.search(r"[，,]|的$", ahead)


def _why(before: Turn, why: str) -> str:
    """The earlier question asking why, after its place."""
    ended = unended(before.text)
    at = before.places[-1].end if before.places else 0
    return f"{ended[:at]}{why}{WHAT.sub('', ended[at:])}？"


def _joined(place: str, subject: str, clause: str) -> str:
    """Place, topic and question in a row; 的 before a noun that belongs to the topic."""
    first = next((word for word in words_of(clause)), None)
    noun = first is not None and first.content
    verb = bool(
        re.match(
            r"(?:申请|申报|办理|享受|领取|认定|发放|兑现|出台|印发|实施|施行|执行|生效|开始|结束|截止|负责|发布|适用|需要)",
            clause,
        )
    )
    return f"{place}{subject}{'的' if noun and not verb else ''}{clause}"


def _replaced(body: str, match: re.Match[str], new: str) -> str:
    """The body with the match replaced; 其 before a noun takes 的."""
    joint = "的" if match.group() == "其" else ""
    return body[: match.start()] + new + joint + body[match.end() :]


def _asking(noun: str) -> str:
    """The question that a bare noun asks."""
    if noun in AMOUNTS:
        return "是多少"
    if noun in PERSONS:
        return "是谁"
    return "是什么" if noun in SINGULAR else "有哪些"


def _year_swapped(text: str, year: str) -> str:
    """The text with its year replaced, or with the year after its place."""
    if YEAR.search(text):
        return YEAR.sub(year, text, count=1)
    places = turn(text).places
    at = places[-1].end if places else 0
    return text[:at] + year + text[at:]


def _noun_swapped(before: Turn, noun: str, own: Sequence[str]) -> str | None:
    """The earlier question with the noun in the place of one of its kind: 硕士 for 博士, 住房补贴 for 安家补贴."""
    text = before.text
    words = [word for word in words_of(without_places(before)) if word.content]
    if len(own) == 1:
        for word in words:
            kin = own[0] in RECIPIENTS and word.folded in RECIPIENTS
            alike = len(word.folded) == len(own[0]) and len(own[0]) > 1 and word.folded[-1] == own[0][-1]
            if word.folded != own[0] and (kin or alike):
                return text[: word.start] + noun + text[word.end :]
        return None
    for at, word in enumerate(words):
        if word.folded == own[-1]:
            first = at
            while first and words[first - 1].end == words[first].start:
                first -= 1
            return text[: words[first].start] + noun + text[word.end :]
    return None


def _object_swapped(before: Turn, noun: str) -> str | None:
    """The earlier question asking its 哪些 or 怎么 of the noun."""
    ended = unended(before.text)
    match = OBJECT.search(matchable(ended))
    if match is None or match["object"] in OBJECTLESS:
        return None
    return f"{ended[: match.start('object')]}{noun}？"


def _office_named(before: Turn, office: str) -> str | None:
    """The earlier question asked of an office of its place: 祁东县 and 县委组织部 make 祁东县委组织部."""
    at = before.places[-1].end
    if AFTER_PLACE.match(before.text, at):
        return None
    return before.text[:at] + (office[1:] if before.text[at - 1] == office[0] else office) + before.text[at:]


def _restated(before: Turn, place: str, noun: str, subject: str) -> str | None:
    """The earlier question with the noun for its topic, or its place and way of asking with the noun."""
    if subject and subject in before.text:
        return before.text.replace(subject, noun, 1)
    if not place:
        return None
    ended = matchable(unended(before.text))
    match = STATE.search(ended)
    return f"{place}{noun}{match['tail'] if match else '有哪些'}？"
