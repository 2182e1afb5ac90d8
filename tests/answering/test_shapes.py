"""What an answer must look like: the sort that a question's wording tells, and what has that look."""

from __future__ import annotations

import pytest

from rag.answering.shapes import shape
from rag.question import understand

SORTS = [
    ("岭南县给引进的博士发多少购房补贴？", "amount"),
    ("岭南县每个站一年给多少工作经费？", "money"),
    ("岭南县硕士每月补多少？", "money"),
    ("岭南县创业贷款最高能贷多少？", "amount"),
    ("岭南县老年食堂怎么收费？", "amount"),
    ("岭南县就业见习补贴标准", "amount"),
    ("岭南县的禁火令从几月几号到几月几号？", "date"),
    ("岭南县新增了多少个岗位？", "unit:个"),
    ("岭南县为什么停办这个班？", "reason"),
    ("岭南县的人才公寓怎么申请？", "procedure"),
    ("岭南县一共发放了多少人才购房补贴？", "amount"),
    ("岭南县有多少名驻村第一书记？", "unit:名"),
    ("岭南县有多少户籍家庭？", "count"),
    ("冷链物流园占地多少亩？", "area"),
    ("女骑手占多大比例？", "share"),
    ("托管协议一签几年？", "duration"),
    ("返乡创业园是哪一年建起来的？", "year"),
    ("窗口哪天恢复办理？", "day"),
    ("咨询电话打哪个？", "phone"),
    ("打服务热线反映问题，多长时间能处理？", "duration"),
    ("被废止的旧办法是什么文号？", "doc_number"),
    ("公租房哪天摇号？", "day"),
    ("实施办法的文号是什么？", "doc_number"),
    ("人才公寓建在哪条路上？", "road"),
    ("那位镇长叫什么名字？", "person"),
    ("物流园是哪家施工单位建的？", "which:单位"),
    ("岭南县去年在全市排第几？", "rank"),
    ("How many staff does the centre employ?", "unit:人"),
    ("What is the age limit for applicants?", "unit:岁"),
    ("How much did the city spend on it?", "money"),
    ("加工厂总投资是多少？", "money"),
    ("景区去年的门票收入有多少？", "money"),
    ("农产品网上零售额是多少？", "money"),
    ("住房补贴的标准是多少？", "amount"),
    ("笔试最低分是多少？", "unit:分"),
    ("全县总人口有多少？", "unit:人"),
    ("转贷资金一年放了多少笔？", "unit:笔"),
    ("大厅周六几点开门？", "hour"),
    ("活动什么时候开始？", "date"),
    ("打电话检举能得多少钱？", "money"),
    ("How many canteens for the elderly had been built?", "unit:处"),
]


@pytest.mark.parametrize(("question", "sort"), SORTS)
def test_the_wording_tells_the_sort(question: str, sort: str) -> None:
    found = shape(understand(question))
    assert found is not None
    assert found.name == sort


@pytest.mark.parametrize(
    "question",
    [
        "岭南县有哪些人才政策？",
        "岭南县怎样抓基层党建？",
        "这个工程叫什么名字？",
        "援藏干部包括哪几类？",
        "Which measures were taken?",
    ],
)
def test_other_wordings_tell_nothing(question: str) -> None:
    assert shape(understand(question)) is None


LOOKS = [
    ("加工厂总投资是多少？", "总投资3200万元", "村集体占股51%"),
    ("一共花了多少经费？", "花费经费12万元", "发出宣传单3.4万多份"),
    ("公租房哪天摇号？", "7月15日公开摇号", "2025年度的通知〔2025〕18号"),
    ("全县有多少名党员？", "有党员412名", "累计参加2.3万人次"),
    ("大厅几点开门？", "上午9:00开门", "上午开门"),
    ("岭南县有多少户家庭参加？", "共有320户参加", "推出户籍家庭住房"),
    ("岭南县有多少名党员？", "现有党员412名", "党员名单已公布"),
    ("物流园占地多少亩？", "占地45亩", "投资45万元"),
    ("博士补贴多少钱？", "一次性补贴5万元", "补贴5个月"),
    ("咨询电话是多少？", "电话:83884222", "2020年2月17日"),
    ("那位局长是谁？", "局长:陈大文", "局长会议"),
    ("哪个村得分最高？", "清溪村得分最高", "各村都参加"),
    ("协议一签几年？", "协议期三年", "2023年签了协议"),
    ("津贴多少天到账？", "15天内到账", "2025年12月1日起申请"),
    ("全县有多少名党员？", "党员412人", "整顿19个党组织"),
    ("新增了多少个岗位？", "新增80个人才岗位", "投资80元"),
    ("为什么停办这个班？", "由于报名人数不足,停办一期", "该班停办一期"),
    ("人才公寓怎么申请？", "在小程序提交材料", "共有公寓216套"),
    ("全县有多少名党员？", "农村党员8916个,占比47.6%", "党员管理的三个环节"),
]


@pytest.mark.parametrize(("question", "has", "has_not"), LOOKS)
def test_the_look_is_strict(question: str, has: str, has_not: str) -> None:
    found = shape(understand(question))
    assert found is not None
    assert found.pattern.search(has)
    assert not found.pattern.search(has_not)


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("那个村的支部书记是谁？", "支部书记顾红梅带着党员清楼道", True),
        ("那个村的支部书记是谁？", "支部书记顾阿嬢上门劝说", True),
        ("那个村的支部书记是谁？", "村书记高度重视这件事情", False),
        ("改革是哪个单位牵头的？", "市政务服务管理办公室牵头", True),
        ("改革是哪个单位牵头的？", "事项分散在各处", False),
        ("PM2.5浓度控制在多少以内？", "浓度控制在52微克/立方米以内", True),
    ],
)
def test_what_has_the_look(question: str, text: str, found: bool) -> None:
    look = shape(understand(question))
    assert look is not None
    assert bool(look.pattern.search(text)) is found
