"""What the answer to a question must look like, strictly: the figure with its unit, the date, the telephone number, the name.

Stricter than `rag.coverage.answer_pattern`, which prefers passages: where a text holds nothing of the look, the question is
not answered by it, whatever else it says. A question whose wording does not tell has no shape.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rag.answering.sorts import COUNTED, OFFICES, sort
from rag.interrogatives import Wanted
from rag.question import Question
from rag.types import Intent

NUMBER: Final = (
    r"(?:\d[\d,.]*|(?<![第一二三四五六七八九十百])(?:[二两三四五六七八九][十百千]?|[一二三四五六七八九十百千][一二三四五六七八九十百千]+"
    r"|十|百|千|数[十百千万]))(?:余|多)?[百千万亿]*(?:余|多)?"
)
# Family names that begin no word that usually stands behind an office (高, 常, 方, 管 do).
_SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖蒋蔡潘袁吕董余杜苏魏叶程卢丁贾薛阎沈范姜姚谭邹陆郝孔崔毛邱侯邵孟龙钱汤黎贺赖龚顾栗樊阮翟聂滕"
_EQUAL_UNITS: Final = {
    "家": "家个",
    "所": "所个",
    "处": "处个家所座",
    "座": "座个",
    "件": "件个项",
    "期": "期个",
    "名": "人名位",
    "人": "人名位",
    "个": "个项家处所名人位件条座支种类套间张台批期场次户块",
    "位": "人名位",
    "间": "间套个",
    "场": "场次个",
    "项": "项个条",
    "条": "条项个",
    "级": "级档",
    "户": "户家",
    "支": "支个",
    "只": "只个",
    "栋": "栋幢",
}
_NOT_THE_UNIT: Final = {
    "户": "(?![籍口外])",
    "人": "(?![才口均员民大次])",
    "家": "(?![庭长属政人])",
    "个": "(?![体月]|人(?!才))",
    "项": "(?!目)",
    "名": "(?![单额称次])",
    "条": "(?!件)",
    "位": "(?!于)",
}
# Rows of tables are read with 个 behind a number without a unit; a noun behind it says that it counts something else.
_BARE: Final = "个(?![一-龥])"
_BODIES: Final = {
    "公司 企业 单位": r"[一-龥]{2,}(?:公司|集团|企业|厂|局|院|委|部|部门|办公室|中心|工作站|支队|大队|协会|联合会|银行|政府|学校|大学|总工会|总队)",
    "高校 大学 学校": r"[一-龥]{2,}(?:大学|学院|学校|中学|小学|校)",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What an answer looks like in a folded text. `name` says of what sort: "amount", "unit:套", "which:村" …"""

    name: str
    pattern: re.Pattern[str]


_CHARGED: Final = re.compile(r"费|收|缴|交|价|票|租|\b(?:fee|charge|price|rent|cost|pay)")

_MONEY_LOOK: Final = (
    rf"{NUMBER}(?:美?元|块钱?)|\d[\d.]*(?:余|多)?[万亿](?:余|多)?(?![余多]?[人名户亩吨套家个米平只份千次件支台条辆斤公株立方度字元张批本])|"
    "免[一二三]"
)

_LOOKS: Final = {
    "procedure": r"申请|申报|申领|申办|报名|提出|提交|提供|填写|填报|登记|办理|受理|审核|凭|持|携带|带上|拨打|扫码|小程序|app|窗口|平台|网上|网站|预约|委托",
    "reason": r"因(?!此)|由于|鉴于|原因|为了|主要是|在于|考虑到|之所以|得益于|缘于|源于|避免|防止|为[^,。;]{4,}",
    "phone": r"(?<![\d.])(?:\(?\d{3,4}[-)]\s?)?\d{7,8}(?!\d)|(?<!\d)1\d{10}(?!\d)|(?<!\d)(?:1[12]\d{3}|9\d{4}|400[-\d]{7,9})(?!\d)|"
    r"\(\d{3,4}\)\d{5,8}",
    "doc_number": r"[\[(〔【](?:19|20)\d\d[\])〕】]第?\d+号",
    "road": r"[一-龥]{2,}(?:路|街|大道|巷)(?:\d+号)?|\d+号",
    "person": rf"(?:{OFFICES})[::\s、]*(?!{OFFICES}|[会办们等和及为在要的级负])[一-龥]{{2,4}}(?=[^一-龥]|$)|(?:{OFFICES})[一-龥]{{2,3}}(?:说|介绍|表示|告诉|带|组织|牵头|主持|领着)|"
    rf"(?:{OFFICES})[{_SURNAMES}](?!{OFFICES})[一-龥]{{1,2}}|"
    r"(?<![一-龥])[一-龥]{2,3}(?:同志|先生|女士|\(|,男|,女)",
    "area": rf"{NUMBER}(?:平方|亩|公顷|平米|㎡)",
    "share": r"\d[\d.]*(?:%|‰|个百分点|成)|百分之|分之|[一二三四五六七八九][成折]|一半|减半|全部|免",
    "amount": _MONEY_LOOK
    + r"|全额|减半|[一二三四五六七八九]折|一半|\d[\d.]*%|百分之|[一二三四五六七八九]成(?![员立果为效长绩])|三分之|分之一",
    "money": _MONEY_LOOK,
    "day": r"\d{1,2}月\d{1,2}[日号]|(?<![\d年\])〕】第])\d{1,2}[日号](?!文|楼|院)|\d{4}[-./]\d{1,2}[-./]\d{1,2}|即日|当[天日]|次日|每[周月]|周[一二三四五六日]|星期|之日|[初中下上]旬|除夕|"
    "[一二三四五六七八九十]月[一二三四五六七八九十]+日|正月|农历|月[底初]",
    "hour": r"\d{1,2}[::点时]\d{0,2}|[一二三四五六七八九十]+点|全天|24小时",
    "year": r"(?:19|20)\d\d年(?!度)|去年|今年|前年",
    "date": r"\d{4}年(?!度)|党的[一-龥]{1,3}大|\d{1,2}月|\d{1,2}日|\d{1,2}:\d\d|年底|月底|年初|春节|[一二三四五六七八九十]月|即日|\d+点|之日|以来",
    "duration": rf"(?<!\d)(?<!\d月)(?!(?:19|20)\d\d年){NUMBER}(?:个?(?:工作日|自然日|小时|分钟|月|学期|半天)|天|日(?!常)|周|年(?![级龄]))(?!\d)|长期|每[天日周月季年]|"
    "终身|半年|一[年天周]|一个月|当[天日]|不限",
    "count": rf"{NUMBER}(?:[{COUNTED}]|平方|公里|元)|(?<![\d.第〔\[(])\d+(?:\.\d+)?(?![\d.年月日号:〕\])])",
    "rank": r"第[一二三四五六七八九十\d]+|首位|榜首|前列|排名",
    "unit:岁": "\\d+周?岁|[一二三四五六七八九十百]{2,}周?岁",
}
_LOOSE: Final = frozenset({"count", "reason", "unit:个", "date", "day", "hour", "year", "person"})


def shape(question: Question) -> Shape | None:
    """What the answer must look like, or None when there is no telling: always so for lists, comparisons and questions of
    manner that ask for no particular figure."""
    return _shape(question.folded, question.intent, question.wanted)


# Of the question at hand, which several ask for; a few for threads.
@lru_cache(maxsize=8)
def _shape(folded: str, intent: Intent, wanted: Wanted | None) -> Shape | None:
    name = sort(folded, wanted)
    if not name or (name in _LOOSE and intent in (Intent.LIST, Intent.COMPARE, Intent.HOW)):
        return None
    return Shape(name, _free(_look(name).pattern, folded) if name in ("amount", "money") else _look(name))


def _free(look: str, folded: str) -> re.Pattern[str]:
    """The look of a sum of money, or of its being waived where the question is of a charge."""
    charged, rented = _CHARGED.search(folded) is not None, "租" in folded or "rent" in folded
    return _waived(look, "免费|免收|免缴|免交" * charged + "|" * (charged and rented) + "免租" * rented)


@lru_cache(maxsize=16)
def _waived(look: str, forms: str) -> re.Pattern[str]:
    return re.compile(f"{look}|{forms}" if forms else look)


@lru_cache(maxsize=256)
def _look(name: str) -> re.Pattern[str]:
    if name in _LOOKS:
        return re.compile(_LOOKS[name])
    sort, _, what = name.partition(":")
    if sort == "which":
        source = next((look for nouns, look in _BODIES.items() if what in nouns.split()), "")
        return re.compile(source or rf"(?<![各全本每个镇乡])[一-龥]+(?<![各全本每个该农进入驻到出在乡行]){what}")
    if len(what) > 1:
        return re.compile(f"{NUMBER}个?{what}")
    units = "|".join(unit + _NOT_THE_UNIT.get(unit, "") for unit in _EQUAL_UNITS.get(what, what))
    return re.compile(f"{NUMBER}(?:{units}|{_BARE})" if what == "名" else f"{NUMBER}(?:{units})")
