"""Several questions in one, split: what each asks, made self-contained by the first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rag.analysis import is_han, tagged
from rag.gazetteer import gazetteer

MOST: Final = 4
LEAST_CHARS: Final = 4
OWN_SUBJECT: Final = 3
_CLAUSE: Final = re.compile(r"[^?？;；,，、。]+[?？;；,，、。]*")
_QUOTED: Final = re.compile(r"[“\"「《][^”\"」》]*[”\"」》]")
_ASKS: Final = re.compile(
    r"多少|几(?![乎何个位项]?[的地])|什么|哪|谁|怎|如何|咋|多(?:久|大|长|高|远)|何时|[吗么][?？]?$"
)
_WORDS: Final = re.compile(r"是?(?:怎么样?|怎样|如何|哪些|哪个|什么|多少)的?")
# What is asked of each of the things before it (各是多少) is one question with what comes before, and so is a choice (谁).
_SHARED: Final = re.compile(r"^(?:各|每|分别|谁|哪个更|都)|又是")
_ENGLISH: Final = re.compile(
    r"(?:,\s*|\?\s*)?\band\s+(?=(?:on|in|for|at|by|to)?\s*(?:how|what|when|which|who|where)\b)", re.I
)
_EDGES: Final = " \t\n,，、;；?？。"


def split(question: str) -> tuple[str, ...]:
    """The questions that one holds, each self-contained, in order; the question alone where it is one.

    “云溪县的公寓有多少套？怎么申请？” asks 云溪县的公寓有多少套 and 云溪县的公寓怎么申请; “how many …, and how long …?” is two as well.
    """
    parts = _chinese(question) if any(map(is_han, question)) else _ENGLISH.split(question)
    parts = [part.strip(_EDGES) for part in parts if part.strip(_EDGES)]
    if not 1 < len(parts) <= MOST or any(len(part) < LEAST_CHARS for part in parts):
        return (question,)
    if any(map(is_han, question)):
        return (parts[0], *(_with_subject(parts[0], part) for part in parts[1:]))
    # Here, since its word lists are read for hardly any question.
    from rag.conversation.follow_up import follow_up

    return (parts[0], *(follow_up([parts[0]], part) for part in parts[1:]))


def _chinese(question: str) -> Sequence[str]:
    """The clauses with a question word, each with those before it that have none; what follows the last goes with it."""
    hidden = _QUOTED.sub(lambda match: "引" * len(match.group()), question)
    parts: list[str] = []
    start = 0
    for match in _CLAUSE.finditer(hidden):
        if _ASKS.search(match.group().rstrip(_EDGES)):
            own = question[start : match.end()]
            if parts and _SHARED.search(question[match.start() :]):
                return [question]
            parts.append(own)
            start = match.end()
    if parts and start < len(question):
        parts[-1] += question[start:]
    return parts


def _subject(part: str) -> str:
    """What a question speaks of: all before the verb that its question word belongs to; where that leaves hardly more than a
    place, the whole question without its question words."""
    asks = _ASKS.search(part)
    before = part[: asks.start()] if asks else part
    words = tagged(before)
    while words and (words[-1][1][0] in "vdpuxc" or words[-1][0] in "是有为达到要能"):
        words = words[:-1]
    subject = rest = "".join(word for word, _ in words)
    for place in gazetteer().mentions(subject):
        rest = rest.replace(place.text, "")
    return subject if any(speech[0] in "nlj" for _, speech in tagged(rest)) else _WORDS.sub("", part)


def _with_subject(first: str, part: str) -> str:
    """A later part with what the first speaks of; with its place alone where it has a subject of its own (人才大厦哪天开工)."""
    places = gazetteer().mentions(first)
    if gazetteer().mentions(part):
        return part
    asks = _ASKS.search(part)
    own = sum(len(word) for word, speech in tagged(part[: asks.start()] if asks else part) if speech[0] in "nlj")
    if own >= OWN_SUBJECT:
        return "".join(mention.text for mention in places) + part
    return _subject(first) + part
