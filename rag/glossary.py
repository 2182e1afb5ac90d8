"""Two word lists of the product: English → policy Chinese (`data/glossary.tsv`), everyday → official (`data/synonyms.tsv`).

Both files are UTF-8, one entry a line, `source<TAB>target|target|…`, sorted by source, lower case, without comments; the
best target stands first. They are general: written for the field, not for a corpus. Read once, on first use.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rag.errors import RagError

_DATA = Path(__file__).with_name("data")
_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[.&'’][A-Za-z]+)*|[0-9]+[A-Za-z]*")
_GAP = re.compile(r"[\s'’\-‐‑–]+")
_UNIT = re.compile(r"[a-z0-9&]+|.", re.DOTALL)
_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_LEMMAS = """
men:man women:woman children:child people:person criteria:criterion lives:life built:build bought:buy brought:bring
chose:choose chosen:choose drew:draw drawn:draw found:find gave:give given:give grew:grow grown:grow held:hold kept:keep
led:lead lent:lend made:make met:meet paid:pay ran:run sent:send sold:sell spent:spend took:take taken:take taught:teach
went:go withdrawn:withdraw won:win written:write wrote:write
"""
_SPELLINGS = """
labor:labour center:centre program:programme neighbor:neighbour neighborhood:neighbourhood honor:honour license:licence
enrollment:enrolment enroll:enrol aging:ageing kilometer:kilometre meter:metre counseling:counselling fulfill:fulfil
"""
_LEMMA, _SPELLING = [dict(pair.split(":") for pair in table.split()) for table in (_LEMMAS, _SPELLINGS)]


@dataclass(frozen=True, slots=True)
class Expansion:
    """An entry found in a text at the code points [start, end); `source` is the entry as the file has it, `targets` the
    wordings that documents use, best first, at least one."""

    start: int
    end: int
    source: str
    targets: tuple[str, ...]


def english_terms(text: str) -> tuple[Expansion, ...]:
    """The glossary entries in an English text, by start, without overlap: at each word the longest entry, in any case,
    with or without hyphens, in British or American spelling, singular or plural, and in the regular forms of a verb."""
    phrases, prefixes = _english()
    tokens = list(_TOKEN.finditer(text))
    found, free = list[Expansion](), 0
    for first, token in enumerate(tokens):
        if first < free:
            continue
        heads, key = [""], ""
        for last in range(first, len(tokens)):
            if last > first and not _GAP.fullmatch(text, tokens[last - 1].end(), tokens[last].start()):
                break
            heads = [head + form for head in heads for form in _forms(tokens[last].group()) if head + form in prefixes]
            if whole := next((head for head in heads if head in phrases), ""):
                key, free = whole, last + 1
            if not heads:
                break
            heads = [head + " " for head in heads]
        if key:
            source, targets = phrases[key]
            found.append(Expansion(token.start(), tokens[free - 1].end(), source, tuple(targets.split("|"))))
    return tuple(found)


def synonyms(text: str) -> tuple[Expansion, ...]:
    """The everyday wordings in a simplified Chinese text, by start, without overlap: at each character the longest entry
    that begins there, wherever words end. ASCII letters match in either case, and a run of them as a whole."""
    entries, lengths = _synonyms()
    lowered = text.translate(_ASCII_LOWER)
    found, end = list[Expansion](), 0
    for unit in _UNIT.finditer(lowered):
        start = unit.start()
        if start < end:
            continue
        for length in lengths.get(lowered[start], ()):
            source = lowered[start : start + length]
            if source in entries and start + len(source) >= unit.end():
                end = start + len(source)
                found.append(Expansion(start, end, source, tuple(entries[source].split("|"))))
                break
    return tuple(found)


@lru_cache(maxsize=1)
def _english() -> tuple[dict[str, tuple[str, str]], set[str]]:
    """The glossary by normal form (words in one spelling, one space between), and every beginning of a normal form."""
    phrases: dict[str, tuple[str, str]] = {}
    prefixes: set[str] = set()
    for source, targets in _read("glossary.tsv").items():
        head = ""
        for word in source.replace("-", " ").split():
            head = f"{head} {_spelling(word)}" if head else _spelling(word)
            prefixes.add(head)
        phrases[head] = (source, targets)
    return phrases, prefixes


@lru_cache(maxsize=1)
def _synonyms() -> tuple[dict[str, str], dict[str, tuple[int, ...]]]:
    """The synonyms, and for each first character the lengths of the entries that begin with it, longest first."""
    entries = _read("synonyms.tsv")
    lengths: dict[str, set[int]] = {}
    for char, size in {(source[0], len(source)) for source in entries}:
        lengths.setdefault(char, set()).add(size)
    return entries, {char: tuple(sorted(sizes, reverse=True)) for char, sizes in lengths.items()}


def _read(name: str) -> dict[str, str]:
    """The entries of a word list in file order, the targets still in one string: few are ever asked for, so each is cut apart when
    it is found. Raises RagError when the file is missing or a line has no tab."""
    try:
        lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
        return dict([line.split("\t") for line in lines])
    except (OSError, ValueError) as error:
        raise RagError(f"word list {str(_DATA / name)!r} cannot be used ({error}); reinstall policy-rag") from error


def _plain(token: str) -> str:
    """A token in lower case, without the dots of an abbreviation (Ph.D.), with the straight apostrophe."""
    return token.lower().replace(".", "").replace("’", "'")


def _spelling(word: str) -> str:
    """A plain word in the one spelling in which words are compared: British, and -ise for -ize."""
    return _SPELLING.get(word, word).replace("z", "s")


@lru_cache(maxsize=4096)
def _forms(token: str) -> tuple[str, ...]:
    """The words that a token may stand for, in the one spelling, likeliest first: itself, then without its ending."""
    word = _plain(token)
    stem = word.removesuffix("'s").removesuffix("'")
    return tuple(dict.fromkeys([_spelling(form) for form in (word, stem, _LEMMA.get(stem, stem), *_stems(stem))]))


def _stems(word: str) -> list[str]:
    """What a word may be without -s, -es, -ies, -ed or -ing; three letters at least remain."""
    stems = [word[:-3] + "y"] if word.endswith(("ies", "ied")) else []
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        stems += [word[:-1], word.removesuffix("es")]
    for ending in ("ed", "ing"):
        if word.endswith(ending):
            stem = word.removesuffix(ending)
            stems += [stem + "e", stem]
            if stem[-2:-1] == stem[-1:] and stem[-1:] not in "aeiou":
                stems.append(stem[:-1])
    return [stem for stem in stems if len(stem) > 2]
