"""One question of a conversation: its language and the places that it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rag.gazetteer import Mention, gazetteer
from rag.question import language
from rag.types import Language

_LATIN_FRAGMENT: Final = re.compile(r"[A-Za-z .'-]+(?:呢|吗)")
_LINK: Final = re.compile(r"(?:[\s、，,]|和|与|跟|同|及|以及|與|and|or|&)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as it stands. `places` are in order, with offsets in `text`."""

    text: str
    english: bool
    places: tuple[Mention, ...]


def turn(text: str) -> Turn:
    """The question read. A foreign name before 呢 (Golmud呢？) does not make it an English question."""
    stripped = text.strip()
    spoken = language(stripped)
    english = spoken is Language.ENGLISH and not _LATIN_FRAGMENT.match(stripped)
    names = gazetteer()
    places = names.mentions_english(stripped) if spoken is Language.ENGLISH else names.mentions(stripped)
    return Turn(stripped, english, tuple(_trimmed(place) for place in places))


def _trimmed(place: Mention) -> Mention:
    """A Latin name without a particle that follows it (Golmud呢)."""
    name = re.match(r"[A-Za-z][A-Za-z .'-]*[A-Za-z]", place.text)
    if name is None or name.end() == len(place.text):
        return place
    cut = name.end()
    return Mention(
        place.start, place.start + cut, place.text[:cut], place.candidates, place.form, place.stem, place.level
    )


def groups(asked: Turn) -> Sequence[tuple[Mention, ...]]:
    """The places in groups, each the names that follow one another with nothing or a link between (祁东县、遂宁市和乌海)."""
    found: list[tuple[Mention, ...]] = []
    for place in asked.places:
        near = bool(found) and _LINK.fullmatch(asked.text, found[-1][-1].end, place.start)
        if near:
            found[-1] = (*found[-1], place)
        else:
            found.append((place,))
    return found


def named(asked: Turn, *, english: bool) -> str:
    """The places of the question as it names them; in the other language by their official names where these are known."""
    if asked.english == english:
        spans = (asked.text[group[0].start : group[-1].end] for group in groups(asked))
        return (" and " if english else "和").join(dict.fromkeys(spans))
    names = dict.fromkeys(translated(place, english=english) for place in asked.places)
    return (" and " if english else "、").join(names)


def translated(place: Mention, *, english: bool) -> str:
    """The place's official name in a language, or what was written where no such name is known."""
    if not place.candidates:
        return place.text
    return place.candidates[0].english if english else place.candidates[0].name


def swapped(before: Turn, asked: Turn) -> str | None:
    """The earlier question with its place replaced by the places of the other; None when it names none.

    Of several linked places (a comparison) the last is replaced. A full name is replaced by a full name.
    """
    if not before.places:
        return None
    last = before.places[-1]
    group = groups(before)[-1]
    nested = all(a.end == b.start for a, b in pairwise(group))
    first = group[0] if nested else last
    new = _replacement(before, asked, last)
    text = before.text[: first.start] + new + before.text[last.end :]
    for place in reversed(before.places[:-1]):
        if place.end <= first.start and place.text == last.text:
            text = text[: place.start] + new + text[place.end :]
    return text


def _replacement(before: Turn, asked: Turn, old: Mention) -> str:
    if before.english:
        return named(asked, english=True)
    if len(asked.places) == 1 and old.form in ("full", "unknown") and language(before.text) is Language.CHINESE:
        return translated(asked.places[0], english=False)
    return named(asked, english=False)
