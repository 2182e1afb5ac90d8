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
from rag.answering.numerals import Number, numbers
from rag.documents.sentences import readable
from rag.gazetteer.gazetteer import gazetteer

# Share of a clause's content, by characters, that one sentence of its quotes must hold. On the 61 wordings FRESH of
# tests/answering/llm_cases.py precision and recall are 0.68 and 0.96 at 0.6, 0.73 and 0.92 at 0.8, 0.96 and 0.96 at 1.
CLAUSE_SHARE: Final = 1.0

_HAN: Final = "一-鿿㐀-䶿"
_SPACE: Final = re.compile(
    rf"(?<=[{_HAN}，。、；：！？“”《》（）,;:()])\s+|\s+(?=[{_HAN}，。、；：！？“”《》（）,;:()])"
)
MARKERS: Final = re.compile(r"(?:\s*\[\d{1,3}(?:\s*[,、]\s*\d{1,3})*\])+")
_MARKUP: Final = re.compile(r"https?:|www\.|://|\]\(|<[a-z/!]|[`*#|{}\\]|\[|\]|@", re.IGNORECASE)
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_PAIRS: Final = re.compile(
    r"“([^“”]*)”|‘([^‘’]*)’|「([^「」]*)」|『([^『』]*)』|《([^《》]*)》|〈([^〈〉]*)〉|\"([^\"]*)\""
)
_LONE: Final = re.compile(r"[“”‘’「」『』《》〈〉\"]")
_LATIN: Final = re.compile(r"[^\W\d_㐀-鿿]+[^\W_㐀-鿿]*|\d+[^\W\d_㐀-鿿]+")
_CLAUSE: Final = re.compile(r"[^,、;:。!?…()—]+")
_ORGANISATION: Final = re.compile(
    r"(..)(委员会|办公室|办公厅|人社局|管理局|公司|集团|大学(?!生)|学院|医院|协会|学会|基金会|银行|学校|中心|法院|检察院|组织部|宣传部|[局厅委](?![员托屈培]))"
)
_TITLE: Final = re.compile(
    r"(..)(书记|部长|主任|市长|县长|区长|镇长|乡长|局长|厅长|省长|主席|同志|先生|女士|教授|院士)"
)
_NEGATIONS: Final = frozenset("不 未 没 没有 无 不予 不能 不再 无需 无须 不需 不必 不用 并非 非 免于 不可".split())
_PROHIBITIONS: Final = frozenset("严禁 禁止 不得 不准 不许 勿 切勿".split())
_STRICT: Final = tuple(
    "必须 不得 严禁 禁止 全部 所有 全体 一律 唯一 首次 首个 第一 至少 至多 最多 最低 最高 不足 低于 高于 少于 多于 以上 以下 以内 以外 之前 之后 以前 以后 增加 减少 增长 "
    "下降 提高 降低 上升 上涨 下调 上调 免费 免除 取消 暂停 废止 终止 延长 缩短 永久 每年 每月 每日 每天 每人 每户 每周 每季度 一次性 分期 "
    "翻番 全额 半额 减半 同比 环比 累计 平均 已经 尚未 必要 自愿 强制 优先 除外 仅 只 超 逾".split()
)  # fmt: skip
_HEDGES: Final = re.compile(r"力争|争取|计划|拟|预计|目标|规划|将|要|到\d+年|确保|努力|探索|鼓励|建议|考虑|研究")
_PLANNED: Final = re.compile(r"力争|争取|计划|拟|预计|到\d{4}年底?")
_DONE: Final = re.compile(r"已|目前|现有|完成了|累计")
# Words that carry no statement of their own.
_FREE: Final = frozenset(
    "包括 主要 以及 其中 通过 进行 方面 措施 提出 明确 要求 规定 指出 强调 如下 分别 同时 此外 另外 并且 而且 根据 按照 对于 关于 有关 相关 "
    "具体 主要是 包含 涉及 还 也 均 都 则 即 并 及 等 的 了 和 与 对 为 将 把 被 在 从 向 到 由 以 给 给予 予以 该 其 这 那 是 有 会 可 可以 能 能够 应 应当 须 需 要 "
    "就 又 再 且 或 或者 而 于 之 所 者 上 下 中 内 里 后 前 时 地 得 着 过 吗 呢 吧 个 一 两 几 各 此 为了 围绕 针对 采取 做法 举措 内容 情况 文件 政策 当地 介绍 表示 "
    "具有 属于 分为 达到 达 共 共有 共计 总共 合计 用于 作为 开展 实施 推进 推动 加强 落实 做好 一是 二是 三是 四是 五是 第一 首先 其次 最后 "
    "以 使 让 向 每 名 元 万元 亿元 年 月 日 人 条 项 家 所 套 种 类 对此 还有 并将 也将 即可 就是 可达 它 他们 我们 方式 方法 形式 提供 设立 建立 计划 目标 规划 "
    "获得 获 可获 来自 面向 设有 享受 使用 看 人数 数量 金额 比例 标准 对象 期限 范围 时间 方向 重点 目的 人选 任务 要点 一个 一种 一些 一项 并可 还可 均可 此类 上述 "
    "如果 若 如 因此 从而 以便 那么 当 只要 为此 明确了 提出了 建立了 实施了 出台 出台了 推行 实行 推出 形成".split()
)  # fmt: skip
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
    if any(unicodedata.category(char) in _UNSEEN for char in sentence):
        return Fault.FORM
    cited = cited_numbers(sentence)
    if not cited:
        return Fault.NO_CITATION
    if any(number not in sources for number in cited):
        return Fault.UNKNOWN_CITATION
    if _MARKUP.search(MARKERS.sub("", sentence)):
        return Fault.FORM
    return next(filter(None, (_unsupported(text, _joined(sources, own)) for text, own in _stretches(sentence))), None)


def cited_numbers(sentence: str) -> tuple[int, ...]:
    """The numbers in brackets, in order, each once."""
    found = (int(n) for run in MARKERS.findall(sentence) for n in re.findall(r"\d+", run))
    return tuple(dict.fromkeys(found))


def _stretches(sentence: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    at = 0
    for match in MARKERS.finditer(sentence):
        yield sentence[at : match.start()], cited_numbers(match.group())
        at = match.end()
    yield sentence[at:], cited_numbers(sentence)


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
    quoted = [next(filter(None, groups), "") for groups in _PAIRS.findall(said)]
    if _LONE.search(_PAIRS.sub("", said)) or any(inner not in support.all for inner in quoted):
        return Fault.QUOTATION
    said = _without_titles(said, support)
    if not _numbers_hold(said, support.quotes):
        return Fault.NUMBER
    known = set(_LATIN.findall(support.all))
    if any(word not in known for word in _LATIN.findall(said)):
        return Fault.LATIN
    if not _names_hold(said, support.all):
        return Fault.NAME
    if not _negations_hold(said, support.quotes):
        return Fault.NEGATION
    if any(word in said and word not in support.quotes for word in _STRICT):
        return Fault.QUALIFIER
    return None if _content_holds(said, support) else Fault.CONTENT


def _without_titles(said: str, support: _Support) -> str:
    """The text without the names of its own documents: their numbers and words are no statement."""
    for name in sorted(support.names.split("\n"), key=len, reverse=True):
        if len(name) > 3:
            said = said.replace(f"《{name}》", "").replace(name, "")
    return said


def _numbers_hold(said: str, quotes: str) -> bool:
    given = numbers(quotes)
    return all(_number_holds(number, said, given, quotes) for number in numbers(said))


def _number_holds(number: Number, said: str, given: Sequence[Number], quotes: str) -> bool:
    """Whether some number of the quotes means the same, is as much a plan as here, and counts no other thing than here."""
    around = _words(_around(number, numbers(said), said))
    rivals = [other for other in given if other.unit == number.unit and other.value != number.value]
    others = "".join(_around(rival, given, quotes) for rival in rivals)
    for other in given:
        if not number.means(other):
            continue
        near = _words(_around(other, given, quotes))
        planned = _is_planned(_clause(other, quotes)) and not _HEDGES.search(said)
        displaced = any(noun in others for noun in around - near) and near - around
        if not planned and not displaced:
            return True
    return False


def _around(number: Number, every: Sequence[Number], text: str) -> str:
    """The words that a number goes with: from the mark after the number before it, to the next mark or number."""
    before = max((other.end for other in every if other.end <= number.start), default=0)
    after = min((other.start for other in every if other.start >= number.end), default=len(text))
    left = text[before : number.start]
    marks = list(re.finditer(r"[,、;。:\n]", left))
    if before and marks:
        left = left[marks[0].end() :]
    left = re.split(r"[;。\n]", left)[-1]
    right = re.split(r"[,、;。:\n]", text[number.end : after])[0]
    return left + right


def _clause(number: Number, text: str) -> str:
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
    return all(
        any(_share(words, piece) >= CLAUSE_SHARE for piece in pieces)
        for clause in _CLAUSE.findall(_without_numbers(said))
        if (words := _words(clause))
    )


def _without_numbers(said: str) -> str:
    """The text with a blank for each number and its unit: they are held to their own rule."""
    for number in reversed(numbers(said)):
        said = f"{said[: number.start]} {said[number.end :]}"
    return said


def _words(text: str) -> frozenset[str]:
    """The content words of two or more characters; neighbouring single characters, as in a name, are one word."""
    found, run = set(), ""
    for word, _ in [*tagged(text), ("", "")]:
        if len(word) == 1 and word not in _FREE and _CONTENT.fullmatch(word):
            run += word
            continue
        found |= {run, word}
        run = ""
    return frozenset(word for word in found if len(word) > 1 and word not in _FREE and _CONTENT.fullmatch(word))


def _share(words: frozenset[str], support: str) -> float:
    return sum(len(word) for word in words if word in support) / sum(len(word) for word in words)
