"""The words by which a question asks: what to leave out of its content, what kind of answer it wants, and what sort of thing."""

from __future__ import annotations

import re
from enum import StrEnum

from rag.types import Intent


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


STOP = frozenset(
    "的 了 着 过 是 在 和 与 及 或 对 给 把 被 将 从 到 为 以 于 由 向 让 使 有 没有 没 不 也 都 就 还 又 很 最 更 能 可以 可 会 要 想 "
    "这 那 这个 那个 该 其 它 他 她 我 你 我们 你们 他们 什么 哪些 哪个 哪 哪里 哪儿 哪几 哪几个 哪种 哪几种 哪几类 怎么 怎样 怎么样 如何 多少 几 几个 多大 多长 "
    "多久 为什么 为何 是否 吗 呢 吧 啊 呀 嘛 请问 请 一共 总共 共 共有 分别 各 各自 各有 都有 有没有 能不能 是不是 "
    "方面 上 下 里 中 时 后 前 之 等 所 个 一个 一些 那边 那篇 这篇 篇 文章 篇文章 发言 介绍 时候 地方 一下 比较 说 谈 算 们 啥 咋 地 得 "
    "提出 提到 采取 实行 具体 主要 包括 内容 目前 现在 今年 去年 当地 到底 究竟 来 去 做 些 样 种 用 按 据 如果 已经 一 能够 "
    "怎么办 咋办 咋样 咋整 "
    "谢谢 多谢 你好 您好 再见 早上好 晚上好 麻烦 拜托 hello hi thanks thank bye please tell show "
    "a an the of in on at to for from by with about into over under and or is are was were be been being do does did has have had "
    "what which who whom whose when where why how many much there their its it this that these those they them can could will would "
    "should may might must as any some all each other than then so such not no s t if we you i he she his her our your".split()
)
CATEGORIES = frozenset(
    "政策 措施 做法 举措 办法 工作 文件 情况 成果 成效 要求 内容 方面 环节 渠道 方式 方法 手段 方案 计划 规定 事项 问题 项目 条件 情形 步骤 程序 任务 经验 "
    "policy policies measure measures approach approaches step steps method methods way ways initiative initiatives action actions "
    "effort efforts work plan plans".split()
)
# Everyday words that say little of what is asked, though a text may say them too: who, when, in what order, whether.
SLIGHT = frozenset(
    "自己 它们 他 她们 人家 大家 一份 一家 一点 一点儿 那些 这些 某 某个 这次 那次 那回 这回 同样 要是 假如 假设 倘若 除了 除 还要 还会 还能 还有 不会 会不会 不要 要不要 不用 "
    "用不用 行不行 行 好不好 别 才能 才会 就能 就会 也能 也会 应该 该不该 需要 得到 认为 觉得 以为 一律 一样 不一样 接着 然后 之后 之前 以后 以前 后来 后面 前面 期间 相比 "
    "起来 下来 出来 进来 上来 回来 过来 下去 上去 进去 出去 回去 过去 差不多 大概 大约 左右 真的 或者 还是 以及 而且 但是 不过 所以 因为 于是 却 只 只能 只有 只要 马上 立马 立刻 "
    "眼下 如今 时下 眼前 过后 头几个月 暂时 一个 开始 找到 分成 拿到 拿出 当成".split()
)
# Verbs of an English question that say little of what is asked: the object does.
LIGHT_VERBS = frozenset(
    "build built builds create created creates establish established set give gives gave given pay pays paid offer offers offered "
    "provide provides provided propose proposed make makes made get gets receive receives received spend spends spent earn earns "
    "employ employs recruit recruits recruited introduce introduced launch launched hold holds held put puts plan plans planned "
    "send sends sent open opens opened use uses used run runs have has".split()
)
_COMPARE = re.compile(
    r"比较|对比|相比|不同|区别|差异|不一样|各自|分别|各有|各是|各[回给有是怎]|compare|differ|versus|\bvs\b|\beach\b|respectively"
)
_HOW = re.compile(
    r"怎么|怎样|如何|咋|何种方式|什么(?:办法|流程|程序|步骤|手续|渠道|途径)|用什么(?:手段|方式|办法)|\bhow (?!many|much|long|old|big|large|far)|in what way"
)
_LIST = re.compile(
    r"哪些|哪几|哪[二两三四五六七八九十]|[有含](?:什么|啥)(?!时候|意[思义]|关系|用[?]?$|不同|区别|差别|差异|变化|样)|都有什么|包括什么|是指什么|分(?:别|成)?(?:是)?哪|"
    r"(?:什么|啥|哪种)(?:情况|情形)下?(?![,、]?(?:怎|如何|是|了))|什么(?:政策|措施|条件|情形|内容|材料|资料|证件|服务|优惠|待遇|要求|福利|支持|扶持|便利|活动|项目|业务)|"
    r"什么(?!时候|地方|方式|级别|单位|部门|名字)[一-龥]{1,4}?(?:会|可以|能|不能|要|需要|才|必须|应该?|不得|不准|算)(?!议|计)|"
    r"列(?:一下|一列|出|举)|罗列|举出|(?:几|多少)[个条项种类点样][^,。?]{0,8}[,、]?(?:都|各|分别)?是(?:什么|哪)|"
    r"[二两三四五六七八九十][个项条类种招点型边块]|靠什么|下了功夫|what (?:are|were|kinds|types|measures|policies|approaches|steps|\w+ (?:policies|measures|fields|steps|approaches|conditions))|"
    r"which \w+s\b|in which|list\b|name the"
)
# What is told one by one, figures too.
_EACH_ONE = re.compile(r"分别(?:是|为|有|给|能|可以?)*(?:什么|多少|哪|几|怎)")
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


def intent(folded: str, places: int) -> Intent:
    """What kind of answer a folded question wants; two places and a word of comparison make a comparison."""
    if places >= 2 and (_COMPARE.search(folded) or "和" in folded or "与" in folded or " and " in folded):
        return Intent.COMPARE
    if _DEFINE.search(folded):
        return Intent.DEFINE
    if (_LIST.search(folded) and "多少" not in folded) or _EACH_ONE.search(folded):
        return Intent.LIST
    if _HOW.search(folded):
        return Intent.HOW
    if _COUNT.search(folded):
        return Intent.COUNT
    return Intent.FACT


def wanted(folded: str) -> Wanted | None:
    """The sort of thing asked for, or None when the wording does not tell."""
    return next((kind for kind, pattern in _WANTED if pattern.search(folded)), None)


_ASKED = re.compile(
    r"(?P<before>[^,。?!;、]{1,8}?)(?:是|为|有|达到?|大概|最高|最多|一共)*(?:多少|几|什么|谁|哪[些个年天里儿位种类几]?|怎么样|怎样的)(?P<after>[^,。?!;、]{0,12})"
)


def asked_ranges(folded: str) -> tuple[tuple[tuple[int, int], tuple[int, int]], ...]:
    """For each question word of a folded question the stretches before and after it: where it names what it asks for."""
    return tuple((match.span("before"), match.span("after")) for match in _ASKED.finditer(folded))


_UNIT = re.compile(
    r"(?:多少|几)(工作日|平方米|公里|[人名位个家项条套所处件次只辆户座场期届批支款种类天日年月元亩吨岁篇间级])"
)


def asked_unit(folded: str) -> str:
    """The measure word after 多少 or 几 (多少名 → 名), empty when there is none."""
    match = _UNIT.search(folded)
    return match.group(1) if match else ""


# After 多少 a measure word goes with the noun behind it (多少套|房源), unless it begins one (多少名额, 多少人才).
_MEASURED = re.compile(
    r"(?:多少|几)(?P<unit>[套只辆座场届批支篇间张台栋幢棵株头份]|[名位](?![单额称次置于])|家(?![庭长属政])|个(?![人体])|户(?![籍口])|所(?!有)|处(?![室理分]))(?=[一-龥]{2})"
)


def measured_apart(topic: str) -> str:
    """A folded topic with a space behind each measure word after 多少 or 几, so that no word begins with it (套房|源)."""
    return _MEASURED.sub(r"\g<0> ", topic)


_METADATA = re.compile(
    r"(?<!工)作者|谁写|写的(?:人)?是谁|署名|执笔|撰稿|what.{0,20}author|who (?:wrote|is the author)|\bauthor\b"
)


def asks_author(folded: str) -> bool:
    """Whether the question asks who wrote a document, or what that person is."""
    return bool(_METADATA.search(folded)) or ("写" in folded and "是谁" in folded)
