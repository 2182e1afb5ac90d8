"""What the answer to a question must look like, strictly: the figure with its unit, the date, the telephone number, the name.

Stricter than `rag.coverage.answer_pattern`, which prefers passages: where a text holds nothing of the look, the question is
not answered by it, whatever else it says. A question whose wording does not tell has no shape.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rag.interrogatives import Wanted
from rag.question import Question
from rag.types import Intent

NUMBER: Final = (
    r"(?:\d[\d,.]*|(?<![第一二三四五六七八九十百])(?:[二两三四五六七八九][十百千]?|[一二三四五六七八九十百千][一二三四五六七八九十百千]+"
    r"|十|百|千|数[十百千万]))(?:余|多)?[百千万亿]*(?:余|多)?"
)
_OFFICES: Final = (
    "书记|部长|主任|市长|县长|区长|局长|记者|教授|院士|主席|校长|院长|镇长|乡长|理事长|经理|董事长|负责人|作者|医生|队长|"
    "所长|处长|科长|专家|支书|村官|旗长|州长|盟长"
)
# Family names that begin no word that usually stands behind an office (高, 常, 方, 管 do).
_SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖蒋蔡潘袁吕董余杜苏魏叶程卢丁贾薛阎沈范姜姚谭邹陆郝孔崔毛邱侯邵孟龙钱汤黎贺赖龚顾栗樊阮翟聂滕"
_UNITS: Final = "工作日|平方米|平方公里|公里|千瓦时|[人名位个家项条套所处件次只辆户座场期届批支款种类天日年月元亩吨岁篇间级份笔张米头台架棵株斤度分班门节课栋幢]"
_COUNTED: Final = (
    "人名位个家项条套所处件次只辆户座场期届批支款种类亩吨岁篇间级份笔张米头台架棵株斤度分班门节课栋幢对组万亿%倍"
)
_MONEY: Final = (
    "钱|元|块|经费|资金|补贴|补助|津贴|奖金|奖励|费|捐款|投资|金额|款|租金|工资|薪|利息|财政|一次性|安家|购房|房租"
)
# After “how many talent” the noun goes on with these; after “how many people” a verb or a preposition follows.
_NOUN_GOES_ON: Final = (
    "(?:apartments?|flats|units|houses|policies|stations|teams|centres|projects|funds|schools|homes|programmes)\\b"
)
_ENGLISH_UNITS: Final = tuple(
    (
        re.compile(
            rf"how (?:many|much) (?:(?!for |of |in |by |with |at )[\w'-]+ ){{0,4}}?(?:{nouns})(?= (?!{_NOUN_GOES_ON})|[?,]|$)"
        ),
        unit,
    )
    for unit, nouns in (
        (
            "人",
            "people|staff|persons?|members?|talents?|workers?|teachers?|students?|villagers|residents|graduates?|experts?|officials|"
            "cadres|doctors?|nurses?|employees?|farmers|riders|volunteers|children|elderly",
        ),
        ("户", "households|families|homes"),
        ("家", "enterprises|companies|firms|businesses|shops|pharmacies"),
        ("处", "canteens|stations|centres|sites|places|parks|schools|hospitals"),
        ("套", "apartments|flats|units"),
        ("公里", r"kilomet\w+|km"),
        ("分", "points"),
        ("个", "villages"),
    )
)
_EQUAL_UNITS: Final = {
    "家": "家个",
    "所": "所个",
    "处": "处个家所座",
    "座": "座个",
    "件": "件个项",
    "期": "期个",
    "名": "人名位个",
    "人": "人名位",
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
    "个": "(?![人体月])",
    "项": "(?!目)",
    "名": "(?![单额称次])",
    "条": "(?!件)",
    "位": "(?!于)",
}
_BODIES: Final = {
    "公司 企业 单位": r"[一-龥]{2,}(?:公司|集团|企业|厂|局|院|委|部|部门|办公室|中心|工作站|支队|大队|协会|联合会|银行|政府|学校|大学|总工会|总队)",
    "高校 大学 学校": r"[一-龥]{2,}(?:大学|学院|学校|中学|小学|校)",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What an answer looks like in a folded text. `name` says of what sort: "amount", "unit:套", "which:村" …"""

    name: str
    pattern: re.Pattern[str]


# In this order: the first that matches tells the sort. The second column, where there is one, must match too.
_SORTS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (name, re.compile(source))
    for name, source in (
        (
            "phone",
            r"(?:电话|热线|号码|联系方式|phone|hotline|telephone)(?: number)?[^,。]{0,4}(?:多少(?![钱元万人名个次])|什么|几号|哪|what|which|[?]|$)|"
            r"(?:多少|什么|哪个?|打哪个?)[^,。]{0,6}(?:电话|热线|号码)|(?:what|which)[^,.?]{0,40}(?:phone|hotline|telephone)|打(?:几|多少|什么|哪)(?!钱|元|[个人次])",
        ),
        ("doc_number", r"文号|发文字号|document number"),
        ("road", r"哪条(?:路|街|道|大道|巷)|地址|门牌|\baddress\b"),
        (
            "person",
            rf"(?:{_OFFICES})(?:叫什么|是谁|姓什么|是哪位|的名字|姓名)|(?:老师|队员|干部|同志|青年|小伙|姑娘|老人)叫什么名字|"
            r"name of the (?:[\w']+ ){0,4}(?:secretary|director|mayor|head|person|leader|official|author|chief)\b|^who (?:is|was)",
        ),
        ("unit:岁", r"多大(?:岁数|年纪|年龄)|多少岁|几岁|年龄多|how old|age limit"),
        (
            "area",
            r"占地.{0,4}(?:多少|几)|面积.{0,6}(?:多少|多大)|多少平|how large (?:is|was) the (?:\w+ ){0,3}(?:area|site|park|centre)",
        ),
        (
            "share",
            r"^(?!.*多少(?:名|人|家|个)).*(?:比例|比重|百分之|百分比|占比|占.{0,8}多少(?!元|钱)|[^效]率.{0,8}(?:多少|多高|几|到了)|"
            r"percent|proportion|what share|share of|\brate\b)",
        ),
        (
            "duration",
            r"多久|多长时间|(?:几|多少)个?(?:工作日|小时|月)(?!份)|how long|how many (?:\w+ )?(?:days|months|years|hours|weeks)",
        ),
    )
)
_CHARGED: Final = re.compile(r"费|收|缴|交|价|票|租|\b(?:fee|charge|price|rent|cost|pay)")
_WHICH: Final = re.compile(
    r"(?<!有)哪(?:一?[个家所座位])(?:施工|承建|建设|牵头|承办)?(村|镇|乡|街道|社区|医院|学校|大学|高校|公司|企业|银行|单位)"
)
_RANK: Final = re.compile("第几|几等|排名")
_UNIT: Final = re.compile(
    rf"(?<!哪)(?:多少|几)(?:万|千|百|十)?({_UNITS})(?!月)(?!(?<=人)[才口均民大]|(?<=户)[籍口]|(?<=家)[庭长])"
)
_AMOUNT: Final = re.compile(
    rf"多少[^,。?!]{{0,4}}(?:{_MONEY})|几个钱|几块钱|几[千万]|how much (?!time)|"
    r"^(?=.*(?:多少|几|how large|what|how high))(?!.*(?:what (?:are|measures|policies|conditions)|which|number of|how many))"
    r".*(?:salary|wage|bonus|allowance|subsidy|stipend|rent|fee|price|cost)\b"
)
# What is asked so is told in money, never in a share of it (总投资多少 is not 占股51%).
_MONEY_ONLY: Final = re.compile(
    r"多少(?:[百千万亿]+)?(?:块?钱|元|资金|经费)|几个钱|几块钱|几[百千]?[万亿]?元|花[了费掉]?多少|"
    r"(?:投资|外资|资金|经费|预算|支出|开支|营业额|销售额|交易额|成交额|产值|总值|gdp|[售易资款税]额|总额|金额|收入|税收|利润|成本|造价|学费|保费|物业费|停车费|工资|薪酬|薪水|"
    r"价格?|捐款|奖金)(?:一?共|总共|合计|大概|约|标准|一般|到底|平均|每[年月天人])*(?:有|是|为|达到?|到)?了?多少(?!个百分点|[个名人家项条套所])|"
    r"how much (?:money|was (?:paid|spent)|did [^,?]* (?:spend|cost|invest))|"
    r"what (?:is|was|are|were) the (?:[\w-]+ ){0,3}(?:salary|wages?|budget|investment|revenue|income|bonus|fee|price|tuition)\b"
)
_HEADS: Final = tuple(
    (
        name,
        re.compile(
            rf"(?:{nouns})(?:一?共|总共|现在|目前|大概|约|最[低高])*(?:有|是|为|达到?|到)?了?(?:多少|几)(?!个?百分点)"
        ),
    )
    for name, nouns in (
        ("unit:人", "人数|人口|总人口"),
        ("unit:分", "分数线?|最[低高]分|得分|满分|分值"),
        ("unit:个", "名额|指标|编制数?|岗位数?"),
        ("unit:套", "套数"),
        ("unit:岁", "年龄|岁数"),
        ("unit:公里", "里程|全长|总长"),
    )
)
_WHEN: Final = re.compile(
    r"什么时候|何时|啥时候|哪一?[年天日]|哪个?月|几月|几号|几日|几点|截止日|^when|what date|which (?:year|day|month)|what (?:year|day)"
)
_WHAT_YEAR: Final = re.compile("哪一?年|(?:which|what) year")
_WHAT_DAY: Final = re.compile("哪一?[天日]|几[号日](?!楼|院|门)|(?:which|what) (?:exact )?day")
_WHAT_HOUR: Final = re.compile("(?<!有)几点(?![建要意做])|几时|what time")
_HOW_MANY: Final = re.compile("多少|how many|how large|how far|number of")
_HAS_NOUN: Final = re.compile(rf"多少[^{_COUNTED},。?!]{{2}}")

_MONEY_LOOK: Final = (
    rf"{NUMBER}(?:美?元|块钱?)|\d[\d.]*(?:余|多)?[万亿](?:余|多)?(?![余多]?[人名户亩吨套家个米平只份千次件支台条辆斤公株立方度字元张批本])|"
    "免[一二三]"
)

_LOOKS: Final = {
    "phone": r"(?<![\d.])(?:\(?\d{3,4}[-)]\s?)?\d{7,8}(?!\d)|(?<!\d)1\d{10}(?!\d)|(?<!\d)(?:1[12]\d{3}|9\d{4}|400[-\d]{7,9})(?!\d)|"
    r"\(\d{3,4}\)\d{5,8}",
    "doc_number": r"[\[(〔【](?:19|20)\d\d[\])〕】]第?\d+号",
    "road": r"[一-龥]{2,}(?:路|街|大道|巷)(?:\d+号)?|\d+号",
    "person": rf"(?:{_OFFICES})[::\s、]*(?!{_OFFICES}|[会办们等和及为在要的级负])[一-龥]{{2,4}}(?=[^一-龥]|$)|(?:{_OFFICES})[一-龥]{{2,3}}(?:说|介绍|表示|告诉|带|组织|牵头|主持|领着)|"
    rf"(?:{_OFFICES})[{_SURNAMES}](?!{_OFFICES})[一-龥]{{1,2}}|"
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
    "duration": rf"(?<!\d)(?!(?:19|20)\d\d年){NUMBER}(?:个?(?:工作日|自然日|小时|分钟|月|学期|半天)|天|日(?!常)|周|年(?![级龄]))(?!\d)|长期|每[天日周月季年]|"
    "终身|半年|一[年天周]|一个月|当[天日]|不限",
    "count": rf"{NUMBER}(?:[{_COUNTED}]|平方|公里|元)|\d+(?:\.\d+)?",
    "rank": r"第[一二三四五六七八九十\d]+|首位|榜首|前列|排名",
    "unit:岁": "\\d+周?岁|[一二三四五六七八九十百]{2,}周?岁",
}
_LOOSE: Final = frozenset({"count", "date", "day", "hour", "year", "person"})


def shape(question: Question) -> Shape | None:
    """What the answer must look like, or None when there is no telling: always so for lists, comparisons and questions of
    manner that ask for no particular figure."""
    return _shape(question.folded, question.intent, question.wanted)


# Of the question at hand, which several ask for; a few for threads.
@lru_cache(maxsize=8)
def _shape(folded: str, intent: Intent, wanted: Wanted | None) -> Shape | None:
    name = _sort(folded, wanted)
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


def _sort(text: str, wanted: Wanted | None) -> str:
    for name, pattern in _SORTS:
        if pattern.search(text):
            return name
    if match := _WHICH.search(text):
        return "which:" + match.group(1)
    if _RANK.search(text):
        return "rank"
    return _counted(text) or _money_or_time(text, wanted)


def _counted(text: str) -> str:
    """The sort that the measure word after 多少 or 几 tells, or the noun after “how many”; empty when there is none."""
    if match := _UNIT.search(text):
        unit = match.group(1)
        if unit == "个":
            return "money" if "几个钱" in text else "count"
        return {"元": "money", "年": "duration", "天": "duration", "日": "duration", "月": "date"}.get(
            unit, "unit:" + unit
        )
    found = next((name for name, pattern in _HEADS if pattern.search(text)), "")
    return found or next(("unit:" + unit for pattern, unit in _ENGLISH_UNITS if pattern.search(text)), "")


def _money_or_time(text: str, wanted: Wanted | None) -> str:
    if _MONEY_ONLY.search(text):
        return "money"
    if _AMOUNT.search(text):
        return "amount"
    if _WHAT_HOUR.search(text):
        return "hour"
    if _WHEN.search(text):
        return "year" if _WHAT_YEAR.search(text) else "day" if _WHAT_DAY.search(text) else "date"
    if not _HOW_MANY.search(text):
        return ""
    return "amount" if wanted is Wanted.AMOUNT and not _HAS_NOUN.search(text) else "count"


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
    return re.compile(f"{NUMBER}(?:{units})")
