"""What a question asks: its places, period, kind, the asked thing and its content words. Rules and tables, no model."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rag.analysis import exact_names, fold, is_han, runs, segment, words
from rag.gazetteer import Mention, gazetteer
from rag.glossary import english_terms, synonyms
from rag.types import Intent, Language


class Wanted(StrEnum):
    """The sort of thing that a fact question wants to be told."""

    AMOUNT = "amount"
    COUNT = "count"
    SHARE = "share"
    DATE = "date"
    DURATION = "duration"
    PERSON = "person"
    DOC_NUMBER = "doc_number"
    NAME = "name"
    MEASURE = "measure"


@dataclass(frozen=True, slots=True)
class Content:
    """A content word of a question. Any of `forms` (folded, itself first) counts as met; `weight` is 1 for a word of the
    question, less for one that only supports it."""

    text: str
    forms: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Question:
    """A question understood. `topic` is the folded text with the places blanked out; `terms` maps an index term to its
    weight in the lexical query; `years` are the four-digit years that it names."""

    text: str
    folded: str
    language: Language
    intent: Intent
    wanted: Wanted | None
    places: tuple[Mention, ...]
    years: tuple[str, ...]
    topic: str
    content: tuple[Content, ...]
    terms: Mapping[str, float]
    names: tuple[str, ...]


_HAN_CHAR = re.compile("[㐀-䶿一-鿿豈-﫿]")
_STOP = frozenset(
    "的 了 着 过 是 在 和 与 及 或 对 给 把 被 将 从 到 为 以 于 由 向 让 使 有 没有 没 不 也 都 就 还 又 才 很 最 更 能 可以 可 会 要 想 "
    "这 那 这个 那个 该 其 它 他 她 我 你 我们 你们 他们 什么 哪些 哪个 哪 哪里 哪儿 哪几 哪几个 哪种 哪几种 哪几类 怎么 怎样 怎么样 如何 多少 几 几个 多大 多长 "
    "多久 为什么 为何 是否 吗 呢 吧 啊 呀 嘛 请问 请 一共 总共 共 共有 分别 各 各自 各有 都有 有没有 能不能 是不是 "
    "方面 上 下 里 中 时 后 前 之 等 所 个 一个 一些 那边 那篇 这篇 文章 介绍 一下 比较 说 谈 算 们 啥 咋 地 得 "
    "提出 提到 采取 实行 具体 主要 包括 内容 目前 现在 今年 去年 当地 到底 究竟 来 去 做 些 样 种 用 按 据 如果 已经 一 能够 "
    "a an the of in on at to for from by with about into over under and or is are was were be been being do does did has have had "
    "what which who whom whose when where why how many much there their its it this that these those they them can could will would "
    "should may might must as any some all each other than then so such not no s t if we you i he she his her our your".split()
)
_COMPARE = re.compile(
    r"比较|对比|相比|不同|区别|差异|不一样|各自|分别|各有|各是|各[回给有是怎]|compare|differ|versus|\bvs\b|\beach\b|respectively"
)
_HOW = re.compile(
    r"怎么|怎样|如何|咋|何种方式|什么办法|用什么(?:手段|方式|办法)|\bhow (?!many|much|long|old|big|large|far)|in what way"
)
_LIST = re.compile(
    r"哪些|哪几|哪[二两三四五六七八九十]|有什么(?:政策|措施|做法|举措)|都有什么|包括什么|是指什么|分(?:别|成)?(?:是)?哪|什么(?:政策|措施|条件|情形|内容)|"
    r"[二两三四五六七八九十][个项条类种招点型边块]|靠什么|下了功夫|what (?:are|were|kinds|types|measures|policies|approaches|steps|\w+ (?:policies|measures|fields|steps|approaches|conditions))|"
    r"which \w+s\b|in which|list\b|name the"
)
_DEFINE = re.compile(r"是什么意思|什么是|何谓|指的是什么|含义|what is meant|definition|define")
_COUNT = re.compile(
    r"多少|几[个名家项条套所处件人次类种天年月元万]|多大|多长|多高|多远|how (?:many|much|long|old|large|big|far)"
)
_WANTED: tuple[tuple[Wanted, re.Pattern[str]], ...] = (
    (Wanted.DOC_NUMBER, re.compile(r"文号|发文字号|document number")),
    (
        Wanted.SHARE,
        re.compile(
            r"比例|比重|百分之|百分比|占比|占.{0,8}多少|[^效]率.{0,6}(?:多少|多高|几|到了)|percent|proportion|share of|\brate\b"
        ),
    ),
    (
        Wanted.AMOUNT,
        re.compile(
            r"多少钱|多少元|几个钱|几块钱|多少万|(?:费|补贴|补助|津贴|奖励|资金|金额|工资|薪酬|投资|标准|额度|授信|租金|月租|收入|支出|经费|价格|罚款).{0,8}(?:多少|几)|"
            r"(?:领|拿|给|发|奖|补|投|付|花|收|值|减|返|缴|交).{0,10}多少(?![人名个家项条套所处件次天年月])|how much|amount of"
        ),
    ),
    (
        Wanted.DURATION,
        re.compile(
            r"多久|多长时间|几[天年]|几个月|多少[天年]|几个工作日|how long|how many (?:days|months|years|hours)"
        ),
    ),
    (
        Wanted.DATE,
        re.compile(r"什么时候|何时|哪[年天月日]|哪一[年天]|几月|几号|几点|截止|时间是|\bwhen\b|what date|which year"),
    ),
    (Wanted.PERSON, re.compile(r"谁|哪位|姓名|who\b|whose")),
    (Wanted.COUNT, re.compile(r"多少|几(?!乎)|how many|number of")),
    (Wanted.MEASURE, re.compile(r"多大|多长|多高|多远|多宽|how (?:large|big|far|old|tall)")),
    (Wanted.NAME, re.compile(r"叫什么|什么名字|名称是|called\b|name of")),
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年|[^\d]|$)")
_QUOTED = re.compile(r"[“\"「『《]([^“”\"「」『』《》\n]{2,40})[”\"」』》]")
_LATIN_WORD = re.compile(r"[a-z][a-z'\-]+")

EXPANSION_WEIGHT = 0.35
GLOSSARY_WEIGHT = 0.8
STOP_WEIGHT = 0.05


def language(text: str) -> Language:
    """English when the text has no Han characters to speak of; traditional when two characters, or a tenth, are traditional."""
    han = _HAN_CHAR.findall(text)
    if len(han) * 4 < sum(char.isalpha() and char.isascii() for char in text):
        return Language.ENGLISH
    folded = fold("".join(han)).text
    changed = sum(a != b for a, b in zip(han, folded, strict=False))
    return Language.TRADITIONAL if changed >= 2 or changed * 10 > len(han) else Language.CHINESE


def intent(folded: str, places: int) -> Intent:
    """What kind of answer a folded question wants; two places and a word of comparison make a comparison."""
    if places >= 2 and (_COMPARE.search(folded) or "和" in folded or "与" in folded or " and " in folded):
        return Intent.COMPARE
    if _DEFINE.search(folded):
        return Intent.DEFINE
    if _LIST.search(folded) and not re.search(r"多少", folded):
        return Intent.LIST
    if _HOW.search(folded):
        return Intent.HOW
    if _COUNT.search(folded):
        return Intent.COUNT
    return Intent.FACT


def wanted(folded: str) -> Wanted | None:
    """The sort of thing asked for, or None when the wording does not tell."""
    return next((kind for kind, pattern in _WANTED if pattern.search(folded)), None)


def understand(text: str) -> Question:
    """The question understood. Raises nothing: any text gives a Question; an empty one has no terms."""
    folded = fold(text).text
    spoken = language(text)
    source = folded if spoken is Language.TRADITIONAL else text
    names = gazetteer()
    places = names.mentions_english(text) if spoken is Language.ENGLISH else names.mentions(source)
    topic = _blank(folded, places) if len(folded) == len(source) else folded
    content = _english_content(topic) if spoken is Language.ENGLISH else _chinese_content(topic)
    return Question(
        text=text,
        folded=folded,
        language=spoken,
        intent=intent(folded, len({mention.text for mention in places})),
        wanted=wanted(folded),
        places=places,
        years=tuple(dict.fromkeys(_YEAR.findall(folded))),
        topic=topic,
        content=content,
        terms=_terms(topic, content),
        names=tuple(dict.fromkeys(_QUOTED.findall(folded))),
    )


def _blank(folded: str, places: tuple[Mention, ...]) -> str:
    chars = list(folded)
    for mention in places:
        chars[mention.start : mention.end] = " " * (mention.end - mention.start)
    return "".join(chars)


def _chinese_content(topic: str) -> tuple[Content, ...]:
    found: dict[str, Content] = {}
    for word in segment(topic):
        if word in _STOP or word.isspace() or not any(char.isalnum() for char in word):
            continue
        found.setdefault(word, Content(word, (word,), 1.0 if len(word) > 1 else 0.4))
    for expansion in synonyms(topic):
        forms = tuple(fold(target).text for target in expansion.targets)
        base = found.get(expansion.source)
        if base is not None:
            found[expansion.source] = Content(base.text, tuple(dict.fromkeys((*base.forms, *forms))), base.weight)
            continue
        inner = [word for word in found if word in expansion.source]
        for word in inner:
            found[word] = Content(word, tuple(dict.fromkeys((*found[word].forms, *forms))), found[word].weight)
        if not inner:
            found[expansion.source] = Content(expansion.source, (expansion.source, *forms), 0.7)
    return tuple(found.values())


def _english_content(topic: str) -> tuple[Content, ...]:
    found: dict[str, Content] = {}
    covered: list[tuple[int, int]] = []
    for expansion in english_terms(topic):
        source = topic[expansion.start : expansion.end]
        if source in _STOP:
            continue
        covered.append((expansion.start, expansion.end))
        forms = (source, *(fold(target).text for target in expansion.targets))
        found.setdefault(source, Content(source, forms, 1.0))
    for match in _LATIN_WORD.finditer(topic):
        inside = any(start <= match.start() and match.end() <= end for start, end in covered)
        if not inside and match.group() not in _STOP and len(match.group()) > 2:
            found.setdefault(match.group(), Content(match.group(), (match.group(),), 0.5))
    for number in re.findall(r"\d+(?:[.,]\d+)*", topic):
        found.setdefault(number, Content(number, (number,), 1.0))
    return tuple(found.values())


def _terms(topic: str, content: tuple[Content, ...]) -> Mapping[str, float]:
    """Weights of index terms: bigrams inside words count whole, across words less, stop words hardly, expansions in part."""
    weights: dict[str, float] = {}

    def raise_to(term: str, weight: float) -> None:
        if weights.get(term, 0.0) < weight:
            weights[term] = weight

    for run in runs(topic):
        if is_han(run):
            _han_terms(run, raise_to)
        else:
            weight = STOP_WEIGHT if run in _STOP else 1.0
            raise_to(run, weight)
            for part in re.split(r"[.,\-+&/']", run):
                raise_to(part, weight)
                for i in range(len(part) - 1):
                    if len(part) > 2:
                        raise_to("·" + part[i : i + 2], 0.1 * weight)
    for name in exact_names(topic):
        raise_to(name, 1.5)
    for item in content:
        source_is_han = is_han(item.text)
        for form in item.forms[1:]:
            weight = item.weight * (EXPANSION_WEIGHT if source_is_han else GLOSSARY_WEIGHT)
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
    word_at: list[int] = []
    for number, word in enumerate(segment(run)):
        stop = word in _STOP
        weight_at.extend([STOP_WEIGHT if stop else 1.0] * len(word))
        word_at.extend([number] * len(word))
        if len(word) > 2 and not stop:
            raise_to(word, 1.0)
    for word in words(run):
        if len(word) > 2 and word not in _STOP:
            raise_to(word, 0.8)
    for i, char in enumerate(run):
        raise_to(char, 0.15 * weight_at[i])
    for i in range(len(run) - 1):
        pair = min(weight_at[i], weight_at[i + 1])
        raise_to(run[i : i + 2], pair if word_at[i] == word_at[i + 1] else 0.5 * pair)
