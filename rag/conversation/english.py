"""What an English follow-up leaves out, taken from the question before it."""

from __future__ import annotations

import re
from typing import Final

from rag.conversation.turn import Turn, groups, named, swapped, turn
from rag.interrogatives import STOP

CARRIED_WORDS: Final = 8
"""A question without a place of its own gets the earlier one up to this length; a longer one stands alone."""
POINTING_WORDS: Final = 12
"""In a longer question a pronoun means something in it."""

# Words that say nothing without the thing that they belong to; each stands for its plural as well.
DEPENDENT: Final = frozenset(
    "condition requirement standard amount criteria criterion eligibility eligible deadline procedure process step document "
    "documents material purpose aim goal scope duration term limit quota rate cost fee price budget person contact phone author "
    "reason result effect outcome benefit target beneficiary recipient number name date responsible charge apply application "
    "start begin end expire issue issued publish published release released take effect last valid qualify receive get paid pay "
    "write wrote written introduce introduced launch launched implement implemented adopted approve approved need required long "
    "much many subsidy subsidies allowance reward funding fund measure example detail".split()
)
RECIPIENTS: Final = (
    "phds?|ph\\.d\\.?s?|doctors?|doctorates?|masters?|master's|bachelors?|bachelor's|graduates?|undergraduates?|students?|teachers?|"
    "nurses?|physicians?|officials?|cadres?|villagers?|residents?|farmers?|herders?|herdsmen|enterprises?|companies|firms?|"
    "individuals?|teams?|experts?|professors?|veterans?|workers?|employees?|the elderly|children"
)
_LEAD: Final = re.compile(r"(?:(?:and|but|so|ok(?:ay)?|then|well|also|now|or)\b[\s,]*)+", re.IGNORECASE)
_ABOUT: Final = re.compile(r"(?:(?:what|how) (?:about|of)|(?:and )?(?:the )?same for|as for)\s+", re.IGNORECASE)
_ASKS: Final = re.compile(
    r"\b(?:what|which|how|who|whom|whose|when|where|why|does|do|did|is|are|was|were|has|have|can|could|will|list|name|tell|give|compare|explain|describe)\b",
    re.IGNORECASE,
)
_END: Final = re.compile(r"[\s?.!,;:]*$")
_MORE: Final = re.compile(
    r"(?:(?:tell|show|give) me more(?: about (?:it|that|this))?|(?:any(?:thing)?|what) else|more(?: details?)?|go on|continue|"
    r"(?:can you )?elaborate|in (?:more )?detail)",
    re.IGNORECASE,
)
_PREPOSITION: Final = r"(?:in|at|of|for|from|by|within|inside|near|to)"
_THERE: Final = re.compile(
    r"\b(?:(?:in|at|of|for) )?(?:that|this|the same) (?:county|city|place|town|district|prefecture|province|banner|region)\b|(?<!is )(?<!are )(?<!was )(?<!were )\bthere\b(?! (?:is|are|was|were|any|a)\b)",
    re.IGNORECASE,
)
_THEY: Final = re.compile(
    r"\b(?P<verb>do|does|did|has|have|had|will|would|can|could|should|must) (?:it|they)\b(?! be\b)", re.IGNORECASE
)
_ITS: Final = re.compile(r"\b(?:its|their)\s+(?P<thing>[A-Za-z' -]+)$", re.IGNORECASE)
_IT: Final = re.compile(
    r"\b(?:this|that|these|those|the said) (?:policy|policies|measures?|plans?|programmes?|programs?|rules?|documents?|subsid(?:y|ies)|projects?|schemes?|regulations?|notices?)\b|"
    r"\b(?:it|they|them|these|those|this)\b",
    re.IGNORECASE,
)
_SCOPE: Final = re.compile(
    r"\b(?:which|what|any|all|every|each|other|several) (?:\w+ )?(?:counties|county|cities|city|places?|provinces?|districts?|prefectures?|regions?)\b|nationwide|\bnational\b|\bchina\b|province-wide|everywhere|\bour (?:county|city)\b",
    re.IGNORECASE,
)
_WITH: Final = re.compile(
    r"(?:compared? (?:with|to|it with)|versus|vs\.?|how does (?:it|that|this) compare (?:with|to))\s+", re.IGNORECASE
)
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z'’.-]*[A-Za-z]|[A-Za-z]|\d+")
_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b|\b(?:last|this|next) year\b", re.IGNORECASE)
_SINGULAR: Final = {"do": "does", "have": "has"}
_VERBAL: Final = re.compile(
    r"\s*(?:how|why|when|where)\s+(?:do|does|did|can|could|will|would|should|has|have|to)\b", re.IGNORECASE
)
_INNER: Final = frozenset("of for in and the to on with a an".split())


def completed(before: Turn, now: Turn) -> str | None:
    """The follow-up with what it leaves out, None when it stands alone or nothing completes it."""
    body = _END.sub("", now.text)
    lead = _LEAD.match(body)
    body = body[lead.end() :] if lead else body
    if not body or _MORE.fullmatch(body):
        return before.text
    if compared := _compared(before, body):
        return compared
    about = _ABOUT.match(body)
    rest = turn(body[about.end() :] if about else body)
    if about or not _ASKS.search(rest.text):
        return _fragment(before, rest, marked=bool(about or lead))
    return _clause(before, rest, marked=bool(lead))


def _compared(before: Turn, body: str) -> str | None:
    match = _WITH.match(body)
    other = turn(body[match.end() :]) if match else None
    if other is None or not other.places or not before.places or not before.english:
        return None
    places = f"{named(before, english=True)} and {named(other, english=True)}"
    return f"How do {places} differ in {topic(before)}?"


def _fragment(before: Turn, rest: Turn, *, marked: bool) -> str | None:
    """“What about Golmud?”, “and in 2023?”, “housing?”: one thing of the earlier question replaced, or added to its topic."""
    bare = _stripped(_without_places(rest))
    if not marked and len(_WORD.findall(bare)) > 3:
        return None
    text = before.text
    if rest.places:
        text = swapped(before, rest) or _placed(_END.sub("", text), named(rest, english=True)) + "?"
    if year := _YEAR.fullmatch(bare):
        return _year_swapped(text, year.group())
    if not _own(bare):
        return text
    return _thing_swapped(turn(text), bare) if before.english else _with_place(before, f"What about {bare}")


def _thing_swapped(before: Turn, thing: str) -> str | None:
    """The earlier question about the thing: in the place of one of its kind, beside its topic, or instead of it."""
    subject = topic(before)
    if set(_own(thing)) <= DEPENDENT and subject:
        verb = "are" if thing.lower().endswith("s") else "is"
        return _with_place(before, f"What {verb} the {_without_article(thing)} of {_with_article(subject)}")
    recipient = re.compile(rf"\b(?:{RECIPIENTS})\b", re.IGNORECASE)
    plain = re.sub(r"^(?:for|to)\s+", "", thing)
    if recipient.fullmatch(plain) and recipient.search(before.text):
        return recipient.sub(lambda _: plain, before.text, count=1)
    if subject and subject in before.text:
        return before.text.replace(subject, _without_article(thing), 1)
    return _with_place(before, f"What about {thing}")


def _clause(before: Turn, rest: Turn, *, marked: bool) -> str | None:
    """A question of its own words: gets the earlier place where it has none, and the topic where it has none."""
    place, subject = named(before, english=True), topic(before) if before.english else ""
    own = set(_own(_without_places(rest)))
    body = rest.text
    if rest.places:
        return _about_topic(body, subject, named(rest, english=True)) if own <= DEPENDENT and subject else None
    if _SCOPE.search(body) or not (place or subject):
        return None
    count = len(_WORD.findall(body))
    if count <= POINTING_WORDS and (pronoun := _pronoun_replaced(body, place, subject, own)):
        return pronoun
    if own <= DEPENDENT and subject:
        clause = "What are the reasons" if body.lower() == "why" else body
        return _with_place(before, _for_topic(clause, subject))
    return f"{_placed(body, place)}?" if place and (marked or count <= CARRIED_WORDS) else None


def _pronoun_replaced(body: str, place: str, subject: str, own: set[str]) -> str | None:
    """The body with there, it, they, its … replaced by place and topic; None when it has none of them."""
    if place and (there := _THERE.search(body)):
        first = there.group().lower().split()[0]
        name = place if first in ("that", "this", "the") else f"in {place}"
        return f"{body[: there.start()]}{name}{body[there.end() :]}?"
    if place and re.search(r"\b(?:is|are|was|were) there$", body, re.IGNORECASE):
        return f"{_placed(body, place)}?"
    whole = _with_article(subject) + (f" in {place}" if place else "") if subject else ""
    if whole and (its := _ITS.search(body)):
        return f"{body[: its.start()]}the {its['thing']} of {whole}?"
    if place and not own <= DEPENDENT and (they := _THEY.search(body)):
        verb = _SINGULAR.get(they["verb"].lower(), they["verb"])
        return f"{body[: they.start()]}{verb} {place}{body[they.end() :]}?"
    if whole and (it := _IT.search(body)):
        return f"{body[: it.start()]}{whole}{body[it.end() :]}?"
    return None


def _about_topic(body: str, subject: str, place: str) -> str:
    """A question about a topic in another place: “What are the conditions in Golmud?”."""
    bare = _stripped(_without_places(turn(body)))
    return f"{_for_topic(bare, subject)} in {place}?"


def _for_topic(body: str, subject: str) -> str:
    ends = re.search(rf"\b{_PREPOSITION}$", body)
    return f"{body} {'' if ends else 'for '}{_with_article(subject)}"


def topic(before: Turn) -> str:
    """What the question is about: its first run of content words with the small words between them, without places.

    “What talent policies did Qidong County propose?” gives talent policies, “How does Xilinhot attract talent?” attracting
    talent; "" when there are no such words.
    """
    text = _END.sub("", _without_places(before))
    runs: list[tuple[int, int]] = []
    last = 0
    for word in _WORD.finditer(text):
        if word.group().lower() in STOP or _YEAR.fullmatch(word.group()):
            continue
        between = text[last : word.start()].lower().split()
        if runs and "  " not in text[last : word.start()] and all(small in _INNER for small in between):
            runs[-1] = (runs[-1][0], word.end())
        else:
            runs.append((word.start(), word.end()))
        last = word.end()
    found = [_core(text[start:end]) for start, end in runs]
    phrase = next((phrase for phrase in found if phrase), "")
    return _gerund(phrase) if phrase and _VERBAL.match(text) else phrase


def _gerund(phrase: str) -> str:
    """A verb phrase as a noun: attract talent, attracting talent."""
    verb, space, rest = phrase.partition(" ")
    stem = verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb
    return f"{stem}ing{space}{rest}"


def _core(phrase: str) -> str:
    """The phrase without dependent words at its ends (conditions for the talent plan: talent plan)."""
    words = phrase.split()
    while words and (_is_dependent(words[-1]) or words[-1].lower() in _INNER):
        words.pop()
    while words and (_is_dependent(words[0]) or words[0].lower() in _INNER):
        words.pop(0)
    return " ".join(words)


def _own(text: str) -> list[str]:
    """The content words of a text, lower case, plurals of dependent words as singular."""
    words = [word.lower() for word in _WORD.findall(text)]
    return [
        word[:-1] if word.endswith("s") and word[:-1] in DEPENDENT else word
        for word in words
        if word not in STOP and not _YEAR.fullmatch(word)
    ]


def _is_dependent(word: str) -> bool:
    return set(_own(word)) <= DEPENDENT


def _with_place(before: Turn, question: str) -> str:
    place = named(before, english=True)
    return f"{_placed(question, place)}?" if place else f"{question}?"


def _placed(question: str, place: str) -> str:
    return f"{question} in {place}"


def _with_article(subject: str) -> str:
    first = subject.split(" ", 1)[0].lower()
    return subject if first in ("the", "a", "an") or first.endswith("ing") else f"the {subject}"


def _without_article(thing: str) -> str:
    return re.sub(r"^(?:the|a|an)\s+", "", thing, flags=re.IGNORECASE)


def _year_swapped(text: str, year: str) -> str:
    if _YEAR.search(text):
        return _YEAR.sub(year, text, count=1)
    return f"{_END.sub('', text)} in {year}?"


def _stripped(text: str) -> str:
    """The text without prepositions that have lost their place, and with single spaces."""
    joined = " ".join(text.split())
    joined = re.sub(rf"^{_PREPOSITION}\b\s*(?=$|\d)", "", joined, flags=re.IGNORECASE)
    return re.sub(r"\s+(?:in|at|of|for|from|by)$", "", joined, flags=re.IGNORECASE).strip()


def _without_places(asked: Turn) -> str:
    """The text with its places, and the prepositions and genitives that belong to them, as spaces; offsets unchanged."""
    text = asked.text
    for group in groups(asked):
        start, end = group[0].start, group[-1].end
        lead = re.search(rf"\b{_PREPOSITION}\s+(?:the\s+)?$", text[:start], re.IGNORECASE)
        tail = re.match(r"['’]s?\b", text[end:])
        start, end = lead.start() if lead else start, end + (tail.end() if tail else 0)
        text = text[:start] + " " * (end - start) + text[end:]
    return text
