"""What sort of thing a question asks for, by its wording: a sum of money, so many persons, a telephone number, a reason."""

from __future__ import annotations

import re
from typing import Final

from rag.interrogatives import Wanted

OFFICES: Final = (
    "书记|部长|主任|市长|县长|区长|局长|记者|教授|院士|主席|校长|院长|镇长|乡长|理事长|经理|董事长|负责人|作者|医生|队长|"
    "所长|处长|科长|专家|支书|村官|旗长|州长|盟长"
)
_UNITS: Final = "工作日|平方米|平方公里|公里|千瓦时|[人名位个家项条套所处件次只辆户座场期届批支款种类天日年月元亩吨岁篇间级份笔张米头台架棵株斤度分班门节课栋幢]"
COUNTED: Final = (
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
# In this order: the first that matches tells the sort. The second column, where there is one, must match too.
_SORTS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (name, re.compile(source))
    for name, source in (
        (
            "procedure",
            r"(?:怎么|如何|怎样|咋)(?:个|才能|去|来|找人|在网上|网上)?(?:申请|申报|申领|申办|报名|办理|代办|预约|登记|办证|领取|报销|报考|参评)",
        ),
        ("reason", r"为什么|为何|原因|什么缘故|因为什么|\bwhy\b"),
        (
            "phone",
            r"(?:电话|热线|号码|联系方式|phone|hotline|telephone)(?: number)?[^,。]{0,4}(?:多少(?![钱元万人名个次])|什么|几号|哪|what|which|[?]|$)|"
            r"(?:多少|什么|哪个?|打哪个?)[^,。]{0,6}(?:电话|热线|号码)|(?:what|which)[^,.?]{0,40}(?:phone|hotline|telephone)|打(?:几|多少|什么|哪)(?!钱|元|[个人次])",
        ),
        ("doc_number", r"文号|发文字号|document number"),
        ("road", r"哪条(?:路|街|道|大道|巷)|地址|门牌|\baddress\b"),
        (
            "person",
            rf"(?:{OFFICES})(?:叫什么|是谁|姓什么|是哪位|的名字|姓名)|(?:老师|队员|干部|同志|青年|小伙|姑娘|老人)叫什么名字|"
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
            r"多久|多长时间|(?:几|多少)(?:个?(?:工作日|小时)|个月(?!份))|how long|how many (?:\w+ )?(?:days|months|years|hours|weeks)",
        ),
    )
)
_WHICH: Final = re.compile(
    r"(?<!有)哪(?:一?[个家所座位])(?:施工|承建|建设|牵头|承办)?(村|镇|乡|街道|社区|医院|学校|大学|高校|公司|企业|银行|单位)"
)
_RANK: Final = re.compile("第几|几等|排名")
_UNIT: Final = re.compile(
    rf"(?<!哪)(?:多少|几)(?:万|千|百|十)?({_UNITS})(?!月)(?!(?<=人)[才口均民大]|(?<=户)[籍口]|(?<=家)[庭长]|(?<=项)目(?:资金|经费|款))"
)
_AMOUNT: Final = re.compile(
    rf"多少[^,。?!]{{0,4}}(?:{_MONEY})|(?:怎么|如何|咋)(?:收费|收钱|算钱)|(?:补贴|补助|津贴|租金|费)(?:怎么|如何|咋)[收算交缴]|"
    r"(?:补贴|补助|津贴|奖励|收费|工资|报酬|低保|租金)标准(?:是什么|是啥|[?]?$)|"
    r"[贷存借赔罚](?:到|了|款)?多少|几个钱|几块钱|几[千万]|how much (?!time)|"
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
# What is paid for each of these is a sum, no share.
_REGULAR: Final = re.compile("每[人月年天日户餐次台亩家]|一个?[月年天人餐户台亩家]|一次性|月租")
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
_HAS_NOUN: Final = re.compile(rf"多少[^{COUNTED},。?!]{{2}}")


def sort(text: str, wanted: Wanted | None) -> str:
    """The sort of thing that a folded question asks for ("amount", "unit:套", "which:村" …), empty where there is no telling."""
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
            return "money" if "几个钱" in text else "unit:个"
        return {"元": "money", "年": "duration", "天": "duration", "日": "duration", "月": "date"}.get(
            unit, "unit:" + unit
        )
    found = next((name for name, pattern in _HEADS if pattern.search(text)), "")
    return found or next(("unit:" + unit for pattern, unit in _ENGLISH_UNITS if pattern.search(text)), "")


def _money_or_time(text: str, wanted: Wanted | None) -> str:
    if _MONEY_ONLY.search(text):
        return "money"
    if _AMOUNT.search(text):
        return _paid(text)
    if _WHAT_HOUR.search(text):
        return "hour"
    if _WHEN.search(text):
        return "year" if _WHAT_YEAR.search(text) else "day" if _WHAT_DAY.search(text) else "date"
    if not _HOW_MANY.search(text):
        return ""
    return _paid(text) if wanted is Wanted.AMOUNT and not _HAS_NOUN.search(text) else "count"


def _paid(text: str) -> str:
    return "money" if _REGULAR.search(text) else "amount"
