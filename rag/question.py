"""What a question asks: its places, period, kind, the asked thing and its content words. Rules and tables, no model."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.analysis import exact_names, fold, is_han, runs, segment, tagged, words
from rag.asking import overview_subject, plainly
from rag.gazetteer import Mention, gazetteer
from rag.glossary import english_terms, synonyms
from rag.interrogatives import (
    CATEGORIES,
    LIGHT_VERBS,
    SLIGHT,
    STOP,
    Wanted,
    asked_ranges,
    asked_unit,
    asks_author,
    intent,
    measured_apart,
    wanted,
)
from rag.periods import periods
from rag.quantities import ages, written_otherwise
from rag.types import Intent, Language


@dataclass(frozen=True, slots=True)
class Content:
    """A content word of a question. Any of `forms` (folded, itself first) counts as met; `weight` is 1 for a word of the
    question, less for one that only supports it. `joined` says that the dictionary lacks the word: it was made of single characters
    that stand together."""

    text: str
    forms: tuple[str, ...]
    weight: float
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question understood. `topic` is the folded text with the places blanked out; `asked` are the content words next
    to its question words, the thing that it asks for, `unit` the measure word after 多少 or 几, `author` whether it asks who wrote; `terms` maps an index term to its
    weight in the lexical query; `years` are the four-digit years that it names, `periods` those and what else it names of time
    (十四五), each as (first day, last day). `overview` are the content words of what it wants an overview of, None where it wants none."""

    text: str
    folded: str
    language: Language
    intent: Intent
    wanted: Wanted | None
    places: tuple[Mention, ...]
    years: tuple[str, ...]
    periods: tuple[tuple[str, str], ...]
    topic: str
    content: tuple[Content, ...]
    asked: tuple[str, ...]
    unit: str
    author: bool
    terms: Mapping[str, float]
    names: tuple[str, ...]
    overview: tuple[Content, ...] | None = None


_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年|[^\d]|$)")
_QUOTED = re.compile(r"[“\"「『《]([^“”\"「」『』《》\n]{2,40})[”\"」』》]")
_INTERROGATIVE = re.compile("几(?!何)|多少|什么|哪|谁|多(?:长|久|大|高|远)|(?:总|一|合)[共计]$")
_LATIN_WORD = re.compile(r"[a-z][a-z'\-]+")

EXPANSION_WEIGHT = 0.2
GLOSSARY_WEIGHT = 0.8
WORD_WEIGHT, INNER_WORD_WEIGHT, CHARACTER_WEIGHT = 0.5, 0.3, 0.3
STOP_WEIGHT = 0.3
UNKNOWN_WEIGHT = 0.15
CATEGORY_WEIGHT = 0.3
AGE_WEIGHT = 1.0
SLIGHT_WEIGHT = 0.1
JOINED = "n+"


def language(text: str) -> Language:
    """English when the text has no Han characters to speak of; traditional when two characters, or a tenth, are traditional."""
    han = list(filter(is_han, text))
    if len(han) * 4 < sum(char.isalpha() and char.isascii() for char in text):
        return Language.ENGLISH
    folded = fold("".join(han)).text
    changed = sum(a != b for a, b in zip(han, folded, strict=False))
    return Language.TRADITIONAL if changed >= 2 or changed * 10 > len(han) else Language.CHINESE


def understand(text: str) -> Question:
    """The question understood, without the courtesies around it. Raises nothing: any text gives a Question; an empty one has no
    terms."""
    text = plainly(text)
    folded = fold(text).text
    spoken = language(text)
    source = folded if spoken is Language.TRADITIONAL else text
    names = gazetteer()
    places = names.mentions_english(text) if spoken is Language.ENGLISH else names.mentions(source)
    return _understood(text, folded, spoken, places)


def placed(question: Question, further: Sequence[Mention]) -> Question:
    """The question with places that only the corpus knows (澄河 for 澄河县): they are no content any more, and two of them may be
    compared."""
    if not further or question.language is Language.ENGLISH:
        return question
    places = tuple(sorted((*question.places, *further), key=lambda mention: mention.start))
    return _understood(question.text, question.folded, question.language, places)


def _understood(text: str, folded: str, spoken: Language, places: tuple[Mention, ...]) -> Question:
    topic = _blank(folded, places) if len(folded) == len(text) else folded
    content = _english_content(topic) if spoken is Language.ENGLISH else _chinese_content(topic)
    return Question(
        text=text,
        folded=folded,
        language=spoken,
        intent=intent(folded, len({mention.text for mention in places})),
        wanted=wanted(folded),
        places=places,
        years=tuple(dict.fromkeys(_YEAR.findall(folded))),
        periods=periods(folded),
        topic=topic,
        content=content,
        asked=_asked(topic, content),
        unit=asked_unit(topic),
        author=asks_author(folded),
        terms=_terms(topic, content),
        names=tuple(dict.fromkeys(_QUOTED.findall(folded))),
        overview=_overview(topic, spoken) if places or any(map(str.isalnum, folded)) else None,
    )


def _overview(topic: str, spoken: Language) -> tuple[Content, ...] | None:
    subject = overview_subject(topic)
    if subject is None:
        return None
    if spoken is Language.ENGLISH:
        return _english_content(subject)
    # Here a number names one of several documents (16条举措), so that it says as much as a noun.
    return tuple(replace(item, weight=1.0) if item.text.isdigit() else item for item in _chinese_content(subject))


def unexpanded(question: Question) -> Question:
    """The question without what the glossary and the synonyms add to it: its own words alone."""
    content = tuple(replace(item, forms=(item.text,)) for item in question.content if item.text in question.topic)
    return replace(question, content=content, terms=_terms(question.topic, content))


def _asked(topic: str, content: tuple[Content, ...]) -> tuple[str, ...]:
    """The nouns after a question word (哪家施工单位, 多少购房补贴); where there are none, what stands before it (物业费是多少)."""
    found: list[str] = []
    for before, after in asked_ranges(topic):
        nouns = [item.text for item in content if item.weight >= 1 and item.text in topic[slice(*after)]]
        found += nouns or [item.text for item in content if item.text in topic[slice(*before)]]
    return tuple(dict.fromkeys(found))


def _blank(folded: str, places: tuple[Mention, ...]) -> str:
    chars = list(folded)
    for mention in places:
        chars[mention.start : mention.end] = " " * (mention.end - mention.start)
    return "".join(chars)


def _chinese_content(topic: str) -> tuple[Content, ...]:
    found: dict[str, Content] = {}
    for start, end, forms in tuple(ages(topic)):
        found[topic[start:end]] = Content(topic[start:end], (topic[start:end], *forms), AGE_WEIGHT)
        topic = topic[:start] + " " * (end - start) + topic[end:]
    for word, speech in _joined(tagged(measured_apart(topic))):
        if _asks(word) or word.isspace() or not any(char.isalnum() for char in word):
            continue
        weight = CATEGORY_WEIGHT if word in CATEGORIES else SLIGHT_WEIGHT if word in SLIGHT else _speech_weight(speech)
        forms = (word, *written_otherwise(word))
        found.setdefault(word, Content(word, forms, weight * (1.0 if len(word) > 1 else 0.4), speech == JOINED))
    for expansion in synonyms(topic):
        forms = tuple(fold(target).text for target in expansion.targets)
        base = found.get(expansion.source)
        if base is not None:
            found[expansion.source] = replace(base, forms=tuple(dict.fromkeys((*base.forms, *forms))))
            continue
        inner = [word for word in found if word in expansion.source]
        for word in inner:
            found[word] = replace(found[word], forms=tuple(dict.fromkeys((*found[word].forms, *forms))))
        if not inner and not _asks(expansion.source):
            found[expansion.source] = Content(expansion.source, (expansion.source, *forms), 0.7)
    return tuple(found.values())


def _asks(word: str) -> bool:
    """Whether a word belongs to the asking (什么, 总共, 几套, 哪几天) and not to what is asked."""
    return word in STOP or bool(_INTERROGATIVE.search(word))


def _joined(words: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """The words with neighbouring single characters made one: the dictionary lacks 引才 and cuts it in two."""
    joined: list[tuple[str, str]] = []
    open_run = False
    for word, speech in words:
        single = len(word) == 1 and is_han(word) and word not in STOP and speech[0] not in "mqrpcuy"
        if single and open_run and len(joined[-1][0]) < 4:
            joined[-1] = (joined[-1][0] + word, JOINED)
        else:
            joined.append((word, speech))
        open_run = single
    return joined


def _speech_weight(speech: str) -> float:
    """How much a word of this part of speech says of what is asked: names and nouns most, then verbs."""
    if speech == "vn" or speech[0] in "nlijste":
        return 1.0
    return {"v": 0.6, "a": 0.5, "b": 0.5, "z": 0.5}.get(speech[0], 0.25)


def _english_content(topic: str) -> tuple[Content, ...]:
    found: dict[str, Content] = {}
    covered: list[tuple[int, int]] = []
    for expansion in english_terms(topic):
        source = topic[expansion.start : expansion.end]
        if all(word in STOP for word in source.split()):
            continue
        covered.append((expansion.start, expansion.end))
        targets = [fold(target).text for target in expansion.targets]
        parts = segment(targets[0])
        if len(parts) == 1:
            weight = CATEGORY_WEIGHT if CATEGORIES.intersection((source, *targets)) or source in LIGHT_VERBS else 1.0
            found.setdefault(source, Content(source, (source, *targets), weight))
        for part in parts:
            if len(parts) > 1 and part not in STOP:
                found.setdefault(part, Content(part, (part,), CATEGORY_WEIGHT if part in CATEGORIES else 1.0))
    for match in _LATIN_WORD.finditer(topic):
        inside = any(start <= match.start() and match.end() <= end for start, end in covered)
        if not inside and match.group() not in STOP and len(match.group()) > 2:
            found.setdefault(match.group(), Content(match.group(), (match.group(),), UNKNOWN_WEIGHT))
    for number in re.findall(r"\d+(?:[.,]\d+)*", topic):
        found.setdefault(number, Content(number, (number,), 1.0))
    return tuple(found.values())


def _terms(topic: str, content: tuple[Content, ...]) -> Mapping[str, float]:
    """Weights of index terms: bigrams whole, words and characters less, stop words little, expansions in part."""
    weights: dict[str, float] = {}

    def raise_to(term: str, weight: float) -> None:
        if weights.get(term, 0.0) < weight:
            weights[term] = weight

    for run in runs(topic):
        if is_han(run):
            _han_terms(run, raise_to)
        else:
            weight = STOP_WEIGHT if run in STOP else 1.0
            raise_to(run, weight)
            for part in re.split(r"[.,\-+&/']", run):
                raise_to(part, weight)
                for i in range(len(part) - 1):
                    raise_to("·" + part[i : i + 2], 0.1 * weight)
    for name in exact_names(topic):
        raise_to(name, 1.5)
    for item in content:
        asked_in_han = item.text in topic and is_han(item.text)
        for form in item.forms[1:] if item.text in topic else item.forms:
            weight = item.weight * (EXPANSION_WEIGHT if asked_in_han else GLOSSARY_WEIGHT)
            for run in runs(form):
                for term in _form_terms(run):
                    raise_to(term, weight)
    return {term: weight for term, weight in weights.items() if term}


def _form_terms(run: str) -> list[str]:
    if not is_han(run):
        return [run]
    if len(run) == 1:
        return [run]
    pairs = [run[i : i + 2] for i in range(len(run) - 1)]
    return pairs + [word for word in words(run) if len(word) > 2]


def _han_terms(run: str, raise_to: Callable[[str, float], None]) -> None:
    weight_at: list[float] = []
    for word in segment(run):
        stop = word in STOP
        weight_at.extend([STOP_WEIGHT if stop else 1.0] * len(word))
        if len(word) > 2 and not stop:
            raise_to(word, WORD_WEIGHT)
    for word in words(run):
        if len(word) > 2 and word not in STOP:
            raise_to(word, INNER_WORD_WEIGHT)
    for i, char in enumerate(run):
        raise_to(char, CHARACTER_WEIGHT * weight_at[i])
    for i in range(len(run) - 1):
        raise_to(run[i : i + 2], min(weight_at[i], weight_at[i + 1]))
