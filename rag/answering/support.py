"""Whether a sentence says only what its quotes say: numbers, names, quotations, negations, and nearly all of its words.

The checks know no grammar; they err towards dropping, since what is dropped is still there in the extractor's words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rag.analysis import fold, tagged
from rag.answering.content import around, content_words, displaced
from rag.answering.numerals import Number, numbers
from rag.documents.sentences import readable
from rag.gazetteer.gazetteer import gazetteer

# Share of a clause's content, by characters, that one sentence of its quotes must hold. On the 61 wordings FRESH of
# tests/answering/llm_cases.py precision and recall are 0.67 and 1 at 0.6, 0.73 and 1 at 0.8, 0.92 and 1 at 1.
CLAUSE_SHARE: Final = 1.0

_HAN: Final = "一-鿿㐀-䶿"
_SPACE: Final = re.compile(
    rf"(?<=[{_HAN}，。、；：！？“”《》（）,;:()])\s+|\s+(?=[{_HAN}，。、；：！？“”《》（）,;:()])"
)
MARKERS: Final = re.compile(r"(?:\s*\[\d{1,3}(?:\s*[,、]\s*\d{1,3})*\])+")
MARKUP: Final = re.compile(r"https?:|www\.|://|\]\(|<[a-z/!]|[`*#|{}\\]|\[|\]|@", re.IGNORECASE)
UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_PAIRS: Final = re.compile(
    r"“([^“”]*)”|‘([^‘’]*)’|「([^「」]*)」|『([^『』]*)』|《([^《》]*)》|〈([^〈〉]*)〉|\"([^\"]*)\""
)
_LONE: Final = re.compile(r"[“”‘’「」『』《》〈〉\"]")
_LATIN: Final = re.compile(r"[^\W\d_㐀-鿿]+[^\W_㐀-鿿]*|\d+[^\W\d_㐀-鿿]+")
_CLAUSE: Final = re.compile(r"[^,、;:。!?…()—]+")
_ORGANISATION: Final = re.compile(
    r"人社局|组织部(?!门)|宣传部(?!门)|统战部(?!门)|纪委|政协|人大|委员会|办公室|办公厅|检察院"
    r"|..(?:公司|集团|大学(?!生)|学院|医院|协会|学会|基金会|银行|学校|法院|[局厅](?![部长]))"
)
_TITLE: Final = re.compile(
    r"(..)(书记|部长|主任|市长|县长|区长|镇长|乡长|局长|厅长|省长|主席|同志|先生|女士|教授|院士)"
)
_NEGATIONS: Final = frozenset("不 未 没 没有 无 不予 不能 不再 无需 无须 不需 不必 不用 并非 非 免于 不可".split())
_PROHIBITIONS: Final = frozenset("严禁 禁止 不得 不准 不许 勿 切勿".split())
_STRICT: Final = tuple(
    "必须 不得 严禁 禁止 全部 所有 全体 一律 唯一 首次 首个 第一 至少 至多 最多 最低 最高 不足 低于 高于 少于 多于 以上 以下 以内 以外 之前 之后 以前 以后 增加 减少 增长 "
    "下降 提高 降低 上升 上涨 下调 上调 免费 免除 取消 暂停 废止 终止 延长 缩短 永久 每年 每月 每日 每天 每人 每户 每周 每季度 一次性 分期 仍 依旧 "
    "翻番 全额 半额 减半 同比 环比 累计 平均 已经 尚未 应当 必要 自愿 强制 优先 除外 仅 只 超 逾".split()
)  # fmt: skip
_LEVEL: Final = re.compile(r"(?:国家|中央|省部|自治区|省|市|州|盟|县|区|旗|乡|镇|村)级")
_HEDGES: Final = re.compile(r"力争|争取|计划|拟|预计|目标|规划|将|要|到\d+年|确保|努力|探索|鼓励|建议|考虑|研究")
_PLANNED: Final = re.compile(r"力争|争取|计划|拟|预计|到\d{4}年底?")
_DONE: Final = re.compile(r"已|目前|现有|完成了|累计")
_PIECE: Final = re.compile(r"[^;。\n]+")
_CONTENT: Final = re.compile(rf"[{_HAN}]+")


class Fault(StrEnum):
    """Why a sentence was dropped."""

    NO_CITATION = "no_citation"
    UNKNOWN_CITATION = "unknown_citation"
    FORM = "form"
    QUOTATION = "quotation"
    NUMBER = "number"
    LATIN = "latin"
    NAME = "name"
    NEGATION = "negation"
    QUALIFIER = "qualifier"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Source:
    """What a number in brackets stands for: the exact quote, and what else names it (place and title of its document)."""

    quote: str
    place: str = ""
    title: str = ""


def fault(sentence: str, sources: Mapping[int, Source]) -> Fault | None:
    """The first reason to drop a sentence that cites [n], or None when its quotes support it.

    Each stretch of the sentence is held against the citations that follow it; what follows the last, against all of them.
    """
    if any(unicodedata.category(char) in UNSEEN for char in sentence):
        return Fault.FORM
    cited = cited_numbers(sentence)
    if not cited:
        return Fault.NO_CITATION
    if any(number not in sources for number in cited):
        return Fault.UNKNOWN_CITATION
    if MARKUP.search(MARKERS.sub("", sentence)):
        return Fault.FORM
    found = next(filter(None, (_held(text, own, sources) for text, own in _stretches(sentence))), None)
    return found or _unsupported(MARKERS.split(sentence)[-1], _joined(sources, cited))


def cited_numbers(sentence: str) -> tuple[int, ...]:
    """The numbers in brackets, in order, each once."""
    found = (int(n) for run in MARKERS.findall(sentence) for n in re.findall(r"\d+", run))
    return tuple(dict.fromkeys(found))


def _stretches(sentence: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    at = 0
    for match in MARKERS.finditer(sentence):
        yield sentence[at : match.start()], cited_numbers(match.group())
        at = match.end()


def _held(text: str, own: tuple[int, ...], sources: Mapping[int, Source]) -> Fault | None:
    found = _unsupported(text, _joined(sources, own))
    return found or (None if all(_has_part(text, sources, number) for number in own) else Fault.CONTENT)


def _has_part(text: str, sources: Mapping[int, Source], number: int) -> bool:
    """Whether a clause of the text is this source's: a citation for nothing would pass its point off as worded."""
    support = _joined(sources, (number,))
    said = _without_titles(_plain(text), support)
    return any(_share(words, support.all) >= CLAUSE_SHARE for words in _clauses(said))


def _joined(sources: Mapping[int, Source], numbers_: Sequence[int]) -> _Support:
    chosen = [sources[number] for number in numbers_]
    return _Support(
        "\n".join(_plain(readable(source.quote)) for source in chosen),
        "\n".join(_plain(name) for source in chosen for name in (source.place, source.title)),
    )


@dataclass(frozen=True, slots=True)
class _Support:
    """Folded quotes, a line each, and the folded names that go with them."""

    quotes: str
    names: str

    @property
    def all(self) -> str:
        return f"{self.quotes}\n{self.names}"


def _plain(text: str) -> str:
    return _SPACE.sub("", fold(text).text).strip()


def _unsupported(text: str, support: _Support) -> Fault | None:
    said = _plain(text)
    quoted = [_inner(said, match.span()) for match in _PAIRS.finditer(said)]
    if _LONE.search(_PAIRS.sub("", said)) or any(inner not in support.all for inner in quoted):
        return Fault.QUOTATION
    said = _without_titles(said, support)
    if not _quotations_hold(said, support.quotes):
        return Fault.QUOTATION
    if not _numbers_hold(said, support.quotes):
        return Fault.NUMBER
    known = set(_LATIN.findall(support.all))
    if any(word not in known for word in _LATIN.findall(said)):
        return Fault.LATIN
    if not _names_hold(said, support.all):
        return Fault.NAME
    if not _negations_hold(said, support.quotes):
        return Fault.NEGATION
    strict = [word for word in _STRICT if word in said] + _LEVEL.findall(said)
    if any(word not in support.quotes for word in strict):
        return Fault.QUALIFIER
    return None if _content_holds(said, support) else Fault.CONTENT


def _without_titles(said: str, support: _Support) -> str:
    """The text without the titles of its own documents: their numbers and words are no statement."""
    for name in support.names.split("\n"):
        said = said.replace(f"《{name}》", "")
    return said


def _numbers_hold(said: str, quotes: str) -> bool:
    """Whether for every number some number of the quotes means the same, is as much a plan, and counts the same thing."""
    own, given = numbers(said), numbers(quotes)
    own_spans, given_spans = [(n.start, n.end) for n in own], [(n.start, n.end) for n in given]
    hedged = _HEDGES.search(said) is not None
    return all(
        any(
            number.means(other)
            and (hedged or not _is_planned(_before(other, quotes)))
            and not displaced(
                around(own_spans[i], own_spans, said),
                around(given_spans[j], given_spans, quotes),
                [around(given_spans[k], given_spans, quotes) for k, rival in enumerate(given) if number.rivals(rival)],
            )
            for j, other in enumerate(given)
        )
        for i, number in enumerate(own)
    )


def _quotations_hold(said: str, quotes: str) -> bool:
    """Whether every quotation that the quotes hold as one goes with the same words there."""
    own_spans = [match.span() for match in _PAIRS.finditer(said)]
    given_spans = [match.span() for match in _PAIRS.finditer(quotes)]
    for own in own_spans:
        same = [given for given in given_spans if _inner(quotes, given) == _inner(said, own)]
        rivals = [around(given, given_spans, quotes) for given in given_spans if given not in same]
        mine = around(own, own_spans, said)
        if same and all(displaced(mine, around(given, given_spans, quotes), rivals) for given in same):
            return False
    return True


def _inner(text: str, span: tuple[int, int]) -> str:
    return text[span[0] + 1 : span[1] - 1]


def _before(number: Number, text: str) -> str:
    start = max(text.rfind(mark, 0, number.start) for mark in "。;\n") + 1
    return text[start : number.start]


def _is_planned(clause: str) -> bool:
    """Whether what comes before a number speaks of the future (力争…50名), and not of what is done (目前已完成420人次)."""
    return bool(_PLANNED.search(_PAIRS.sub("", clause))) and not _DONE.search(clause.rsplit(",", 1)[-1])


def _names_hold(said: str, support: str) -> bool:
    """Whether every place, organisation and person is named in the support."""
    places = gazetteer().mentions(said)
    if any(place.text not in support and (place.stem or place.text) not in support for place in places):
        return False
    pairs = [*_ORGANISATION.finditer(said), *_TITLE.finditer(said)]
    return all(match.group() in support for match in pairs)


def _negations_hold(said: str, quotes: str) -> bool:
    """Whether what is negated here is negated there, and what is plainly said here is not negated there alone."""
    denied, stated = _polarity(said)
    denied_there, stated_there = _polarity(quotes)
    return denied <= denied_there and not (stated & denied_there) - stated_there


def _polarity(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Words of two or more characters that are negated, and those that are not: a prohibition reaches to the next mark,
    a mere 不 or 未 over two words."""
    denied, stated, near = set[str](), set[str](), 0
    for word, _ in tagged(text):
        if word in _PROHIBITIONS or word in _NEGATIONS:
            near = len(text) if word in _PROHIBITIONS else 2
        elif not _CONTENT.fullmatch(word):
            near = 0
        else:
            if len(word) > 1:
                (denied if near else stated).add(word)
            near = max(0, near - 1)
    return frozenset(denied), frozenset(stated)


def _content_holds(said: str, support: _Support) -> bool:
    """Whether one sentence of the quotes, with the names, holds the content words of each clause."""
    pieces = [f"{piece}\n{support.names}" for piece in _PIECE.findall(support.quotes)]
    return all(any(_share(words, piece) >= CLAUSE_SHARE for piece in pieces) for words in _clauses(said))


def _clauses(said: str) -> Sequence[frozenset[str]]:
    """The content words of each clause that has any."""
    return [words for clause in _CLAUSE.findall(_without_numbers(said)) if (words := content_words(clause))]


def _without_numbers(said: str) -> str:
    """The text with a blank for each number and its unit: they are held to their own rule."""
    for number in reversed(numbers(said)):
        said = f"{said[: number.start]} {said[number.end :]}"
    return said


def _share(words: frozenset[str], support: str) -> float:
    return sum(len(word) for word in words if word in support) / sum(len(word) for word in words)
