"""Whether an English sentence says only what its Chinese quotes say: numbers and what they go with, names, quotations, negations,
qualifiers, and nearly all of its words, through the glossary and the rows of a multilingual token table.

As in `support`, the checks know no grammar and err towards dropping: what is dropped stands there in the documents' own words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embeddings.load import BUNDLED_FOLDER
from embeddings.static import StaticEmbedder
from rag.analysis import fold
from rag.answering.content import around, content_words
from rag.answering.english_claims import (
    CLAIMS,
    DONE,
    FREE,
    HAN_NO,
    HAN_NO_BOUND,
    INITIAL,
    KINDS,
    NO,
    NO_BOUND,
    PLANNED,
    WILL,
)
from rag.answering.english_numbers import Figure, figures
from rag.answering.numerals import Number, numbers
from rag.answering.support import MARKERS, MARKUP, UNSEEN, Fault, Source, cited_numbers
from rag.documents.sentences import readable
from rag.gazetteer import romanise
from rag.gazetteer.gazetteer import gazetteer
from rag.glossary import english_terms

# Cosine from which a word counts as said by the quotes, and the share of a sentence's words that must be; set on the cases ENGLISH of
# tests/answering/llm_cases_english.py.
NEAR: Final = 0.2
CONTENT_SHARE: Final = 0.7
APART: Final = 0.15
NAMED: Final = 0.45
CLAUSE_SAID: Final = 0.5

Tokens = NDArray[np.int32]
_HAN: Final = re.compile(r"[一-鿿㐀-䶿]+")
_QUOTED: Final = re.compile(r"“([^“”]*)”|‘([^‘’]{3,})’|《([^《》]*)》|\"([^\"]*)\"")
_WORD: Final = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_CLAUSE: Final = re.compile(r"[^,;。:\n]+")
_BREAK: Final = re.compile(r"[,;.:()]|\band\b|\bwhile\b|\bbut\b")


class Lexicon:
    """How near English words are to Chinese text: by the glossary, and by the rows of a token table."""

    def __init__(self, table: StaticEmbedder) -> None:
        self._table = table

    def tokens(self, text: str) -> Tokens:
        """The tokens of a text, each once."""
        return self._table.tokens([text])[0]

    def near(self, words: Sequence[str], tokens: Tokens) -> Sequence[float]:
        """The cosine of each word, or of its stem, with the nearest token; 0 without any."""
        if not words or not len(tokens):
            return [0.0] * len(words)
        forms = [form for word in words for form in (word, _stem(word))]
        best = self._table.cosines(tokens, self._table.encode_query(forms)).max(axis=0)
        return [float(max(pair)) for pair in best.reshape(-1, 2)]


@lru_cache(maxsize=1)
def bundled_lexicon() -> Lexicon:
    """The lexicon over the bundled model, whatever model the index was made with. Raises EmbeddingError when its files are damaged."""
    return Lexicon(StaticEmbedder.read(BUNDLED_FOLDER))


@dataclass(frozen=True)
class _Support:
    """Folded quotes, a line each, and the folded names that go with them."""

    quotes: str
    names: str
    lexicon: Lexicon

    @property
    def all(self) -> str:
        return f"{self.quotes}\n{self.names}"

    @cached_property
    def spelling(self) -> str:
        """The pinyin of every run of Han characters, a blank between the characters' syllables left out, runs apart."""
        return " ".join(romanise(run) for run in _HAN.findall(self.all))

    @cached_property
    def tokens(self) -> Tokens:
        return self.lexicon.tokens(self.all)


def fault_in_english(sentence: str, sources: Mapping[int, Source], lexicon: Lexicon) -> Fault | None:
    """The first reason to drop an English sentence that cites [n], or None when its Chinese quotes support it. Each stretch is
    held against the citations that follow it."""
    if any(unicodedata.category(char) in UNSEEN for char in sentence):
        return Fault.FORM
    cited = cited_numbers(sentence)
    if not cited:
        return Fault.NO_CITATION
    if any(number not in sources for number in cited):
        return Fault.UNKNOWN_CITATION
    if MARKUP.search(MARKERS.sub("", sentence)):
        return Fault.FORM
    at = 0
    for match in MARKERS.finditer(sentence):
        said, own = sentence[at : match.start()], cited_numbers(match.group())
        why = _unsupported(said, _joined([sources[number] for number in own], lexicon))
        if why is not None:
            return why
        at = match.end()
    rest = sentence[at:].strip(" .!;,")
    return _unsupported(rest, _joined([sources[number] for number in cited], lexicon)) if rest else None


def _joined(chosen: Sequence[Source], lexicon: Lexicon) -> _Support:
    quotes = "\n".join(fold(readable(source.quote)).text for source in chosen)
    names = "\n".join(fold(name).text for source in chosen for name in (source.place, source.title))
    named = [mention for text in (quotes, names) for mention in gazetteer().mentions(text)]
    english = dict.fromkeys(division.english for mention in named for division in mention.candidates)
    return _Support(quotes, "\n".join([names, *english]), lexicon)


def _unsupported(said: str, support: _Support) -> Fault | None:
    checks: tuple[tuple[Fault, Callable[[str, _Support], bool]], ...] = (
        (Fault.QUOTATION, _quotations_hold),
        (Fault.NUMBER, _numbers_hold),
        (Fault.NAME, _names_hold),
        (Fault.QUALIFIER, _claims_hold),
        (Fault.NEGATION, _negations_hold),
        (Fault.CONTENT, _content_holds),
    )
    return next((why for why, holds in checks if not holds(said, support)), None)


def _quotations_hold(said: str, support: _Support) -> bool:
    """Chinese stands in the quotes as it is; what is quoted in English is near to something that the quotes quote."""
    if any(fold(run).text not in support.all for run in _HAN.findall(said)):
        return False
    return all(
        _HAN.search(inner) or not _WORD.search(inner) or _share(_words(inner), support) >= CONTENT_SHARE / 2
        for inner in ("".join(filter(None, match.groups())) for match in _QUOTED.finditer(said))
    )


def _numbers_hold(said: str, support: _Support) -> bool:
    given = numbers(support.quotes)
    own = figures(said)
    return all(any(_means(figure, other, said, own, given, support) for other in given) for figure in own)


def _means(
    figure: Figure, other: Number, said: str, own: Sequence[Figure], given: Sequence[Number], support: _Support
) -> bool:
    """Whether two numbers are the same one: value, unit and bound, as much planned or done, and beside the same words."""
    if figure.value != other.value or figure.bound != other.bound:
        return False
    if figure.units and other.unit and other.unit.removeprefix("第") not in figure.units:
        return False
    clause = _clause_of(other, support.quotes)
    will = WILL.search(said.lower()) is not None
    if (PLANNED.search(clause) and not DONE.search(clause) and not will) or (DONE.search(clause) and will):
        return False
    spans = [(number.start, number.end) for number in given]
    mine = around((other.start, other.end), spans, support.quotes)
    beside = _beside(figure, own, said)
    rivals = [
        around((n.start, n.end), spans, support.quotes)
        for n in given
        if other.rivals(n) or (not figure.units and n.value != other.value)
    ]
    return not any(_fits_better(beside, rival - mine, mine - rival, support.lexicon) for rival in rivals)


def _fits_better(beside: Sequence[str], rival: frozenset[str], mine: frozenset[str], lexicon: Lexicon) -> bool:
    """Whether what only the rival goes with is said beside a number, and what only its own goes with is not."""
    if not rival or not beside:
        return False
    theirs, ours = _nearest(beside, rival, lexicon), _nearest(beside, mine, lexicon)
    return theirs >= NAMED and theirs > ours + APART


def _nearest(beside: Sequence[str], words: frozenset[str], lexicon: Lexicon) -> float:
    """How near any English word comes to any of the Chinese ones: 1 where the glossary says so."""
    if not words:
        return 0.0
    text = " ".join(sorted(words))
    known = any(target in text for term in english_terms(" ".join(beside)) for target in term.targets)
    return 1.0 if known else max(lexicon.near(beside, lexicon.tokens(text)), default=0.0)


def _beside(figure: Figure, own: Sequence[Figure], said: str) -> Sequence[str]:
    """The content words that a number goes with: those after it where “for” or “to” leads to them, else those before it too."""
    after = min((other.start for other in own if other.start >= figure.end), default=len(said))
    before = max((other.end for other in own if other.end <= figure.start), default=0)
    right = _BREAK.split(said[figure.end : after])[0]
    if re.match(r"\W*(?:yuan|rmb)?\W*(?:for|to)\b", right, re.IGNORECASE):
        return _words(right)
    left = said[before : figure.start]
    return [*_words(_BREAK.split(left)[-1] if before else left), *_words(right)]


def _clause_of(number: Number, quotes: str) -> str:
    start = max(quotes.rfind(mark, 0, number.start) for mark in ",;。\n") + 1
    return quotes[start : number.start]


def _names_hold(said: str, support: _Support) -> bool:
    """Capitalised words are spelt in the quotes' characters, written there, or are words that the quotes say."""
    said = _QUOTED.sub(lambda match: " " * len(match.group()), said)
    for match in _WORD.finditer(said):
        word = match.group().removesuffix("'s").removesuffix("’s")
        first = not _WORD.search(said[: match.start()])
        if not word[0].isupper() or word.lower() in KINDS or word.lower() in FREE or word.lower() in INITIAL:
            continue
        spelt = re.sub(r"[^a-z]", "", word.lower())
        if (
            word.lower() in support.all.lower()
            or (len(spelt) > 2 and spelt in support.spelling)
            or spelt in _initials(support)
        ):
            continue
        if (
            not first
            and support.lexicon.near([word.lower()], support.tokens)[0] < NEAR
            and not _by_glossary(word, support)
        ):
            return False
        if first and _named_there(said[match.end() :]):
            return False
    return True


def _named_there(rest: str) -> bool:
    """Whether the first word of a sentence is a name by what follows: a kind of place, or another capital."""
    following = _WORD.match(rest.lstrip())
    return following is not None and (following.group()[0].isupper() or following.group().lower() in ("county", "city"))


def _initials(support: _Support) -> frozenset[str]:
    return frozenset(romanise(char) for char in set("".join(_HAN.findall(support.all))))


def _by_glossary(word: str, support: _Support) -> bool:
    return any(target in support.all for term in english_terms(word) for target in term.targets)


def _claims_hold(said: str, support: _Support) -> bool:
    lower = said.lower()
    return all(given.search(support.quotes) for claim, given in CLAIMS if claim.search(lower))


def _negations_hold(said: str, support: _Support) -> bool:
    """As many negations as in the clauses of the quotes that the sentence says, bounds of numbers aside."""
    denied = len(NO.findall(NO_BOUND.sub(" ", said.lower())))
    tokens = support.lexicon.tokens(" ".join(_words(said)) or said)
    clauses = _said_clauses(said, tokens, support)
    there = sum(len(HAN_NO.findall(HAN_NO_BOUND.sub(" ", clause))) for clause in clauses or [support.quotes])
    return denied == there if clauses else bool(denied) == bool(there)


def _said_clauses(said: str, tokens: Tokens, support: _Support) -> Sequence[str]:
    """The clauses of the quotes whose words the sentence mostly says."""
    targets = [target for term in english_terms(said) for target in term.targets]
    found = []
    for clause in _CLAUSE.findall(support.quotes):
        words = sorted(content_words(clause))
        near = support.lexicon.near(words, tokens)
        held = [n >= NEAR or any(t in w or w in t for t in targets) for w, n in zip(words, near, strict=True)]
        if words and sum(held) >= CLAUSE_SAID * len(words):
            found.append(clause)
    return found


def _content_holds(said: str, support: _Support) -> bool:
    words = _words(said)
    return bool(words) and _share(words, support) >= CONTENT_SHARE


def _share(words: Sequence[str], support: _Support) -> float:
    """The share of words that the quotes say: by the glossary, spelt in pinyin, written there, or near a word of theirs."""
    if not words:
        return 1.0
    text = " ".join(words)
    by_glossary = {
        word
        for term in english_terms(text)
        if any(target in support.all for target in term.targets)
        for word in text[term.start : term.end].split()
    }
    near = support.lexicon.near(words, support.tokens)
    lower = support.all.lower()
    held = [
        word in by_glossary or n >= NEAR or word in lower or (len(word) > 3 and word in support.spelling)
        for word, n in zip(words, near, strict=True)
    ]
    return sum(held) / len(words)


def _words(text: str) -> list[str]:
    """The content words of an English text, in lower case, in order; numbers spelt out, names' kinds and light words left out."""
    spelt = {text[figure.start : figure.end].lower() for figure in figures(text)}
    words = (match.group().lower().removesuffix("'s").removesuffix("’s") for match in _WORD.finditer(text))
    return [word for word in words if word not in FREE and word not in KINDS and word not in spelt and len(word) > 1]


def _stem(word: str) -> str:
    """A word without its commonest endings: recruited → recruit, supplies → supply."""
    for ending, put in (("ies", "y"), ("ing", ""), ("ied", "y"), ("ed", ""), ("es", ""), ("s", ""), ("ly", "")):
        if word.endswith(ending) and len(word) - len(ending) > 3:
            return word[: -len(ending)] + put
    return word
