"""The words and patterns by which a Chinese follow-up shows what it leaves out. All are matched on folded text."""

from __future__ import annotations

import re
from typing import Final

# Nouns and verbs that say nothing without the thing that they belong to.
DEPENDENT: Final = frozenset(
    "标准 条件 金额 额度 对象 范围 期限 时限 有效期 流程 程序 步骤 材料 手续 要求 依据 原则 名额 比例 数额 门槛 资格 时间 地点 地址 电话 费用 "
    "责任单位 牵头单位 负责单位 责任 单位 部门 负责人 联系人 联系方式 方式 文号 名称 全称 作者 原因 理由 目的 意义 结果 效果 成效 渠道 申请 申报 办理 "
    "享受 领取 认定 发放 兑现 出台 印发 实施 施行 执行 生效 开始 结束 截止 负责 牵头 写 发布 适用 需要 符合 满足 获得 得到 拿 领 报名 提交 审批 "
    "审核 联系 规定 公布 持续 到期 人 钱 元 万元 天 年 月 哪天 名 高 低 最高 最低 不同 区别 差别 差异 多 长 久 好处 用".split()
)
# Nouns that belong to the earlier topic when nothing else is said, but can be a topic of their own.
LOOSE: Final = frozenset(
    "补贴 补助 奖励 待遇 资金 经费 目标 任务 措施 做法 办法 举措 经验 问题 情况 保障 机制 特点 重点 亮点 例子 案例 数字 数量 人数 政策 支持 服务".split()
)
# Who a measure is for: one stands in for another.
RECIPIENTS: Final = frozenset(
    "博士 博士后 硕士 研究生 本科 本科生 大专 大专生 专科 专科生 高职 中专 院士 教授 技师 高级技师 毕业生 大学生 高校毕业生 学生 教师 医生 医师 护士 "
    "干部 党员 职工 村民 居民 农民 牧民 企业 个人 单位 团队 专家 人才 工匠 农民工 退役军人 残疾人 老人 儿童 村干部 个体工商户".split()
)
AMOUNTS: Final = frozenset("标准 金额 额度 比例 名额 数额 费用 人数 数量 数字".split())
PERSONS: Final = frozenset("负责人 联系人 作者".split())
SINGULAR: Final = frozenset(
    "依据 原则 文号 名称 全称 原因 理由 目的 意义 期限 时限 有效期 时间 地点 地址 电话 联系方式".split()
)

THAT: Final = r"那(?![里边些篇次]|儿(?!童)|个(?![体人])|项(?!目)|种(?![植子])|年(?!龄)|条(?!件)|份(?!额))"
LEAD: Final = re.compile(
    rf"(?:(?:那么|{THAT}|然后|接着|另外|此外|再问(?:一下)?|请问|好的?[，,]|嗯+[，,]|哦+[，,]|换成|改成|换作|如果是|要是|"
    rf"对于|关于|至于|同样|具体(?:的|来说)?|其中(?:的)?|而|但|还(?=有)|再|又)[，,\s]*)+"
)
MARK: Final = re.compile(
    rf"^(?:那么|{THAT}|然后|另外|此外|换成|改成|换作|如果是|要是|同样|具体|其中|还有)|呢[？?。！!\s]*$"
)
TAIL: Final = re.compile(r"(?:呢|呀|啊|嘛|吧)?[？?。！!\s…]*$")
ASKS: Final = re.compile(
    r"什么|哪|多少|几[个名家项条年月天次人种类位]|怎么|怎样|如何|为何|谁|何时|何地|吗|是否|是不是|有没有|能不能|可不可以|多[久长大高]|介绍|列出|总结|比较|对比"
)
QUESTION_WORD: Final = re.compile(r"什么|哪|多少|几|怎么|怎样|如何|为何|谁|何时|是否|是不是|有没有|多[久长大高]")
MORE: Final = re.compile(
    r"(?:还有(?:什么|哪些|吗|别的|其他的?|更多)*|(?:再|更)?(?:具体|详细)(?:地|些|一点|点)?(?:说说|讲讲|介绍(?:一下)?)?|继续|更多|其他的|(?:再)?(?:说说|讲讲|展开(?:说说)?)|别的)"
)
SCOPE: Final = re.compile(
    r"全国|全省|全区|全市|全县|全州|全盟|各地|各[省市县区州旗盟]|哪[些个几]?[个]?(?:省|市|县|区|州|旗|盟|地方|地区|城市)|[我本][省市县区州旗盟镇乡村]|所有|《|〔"
)
HERE: Final = re.compile(
    r"该[省市县区州旗盟地镇乡]|当地|本地|那里|那边|那儿|那个(?:省|市|县|区|州|旗|盟|地方)|这个(?:省|市|县|区|州|旗|盟|地方)|这里|他们(?:那里|那边|那儿|那|县|市|区|州|旗)?|她们"
)
IT: Final = re.compile(
    r"(?:这|那|该|上述|以上|前述)(?:几|两|三)?(?:个|些|项|条|种|份|篇)?(?:的)?(?:政策|措施|办法|补贴|补助|奖励|规定|文件|方案|计划|项目|制度|做法|工作|通知|意见|举措|机制|行动|工程|资金)|它们?|(?<![与尤极])其(?!中|他|它|实|余|次)"
)
WITH: Final = re.compile(
    r"^(?:和|与|跟|同|比|与)(?P<place>.{2,20}?)(?:相比|比较|对比|比|有什么(?:不同|区别|差别|不一样)|有何(?:不同|区别))"
)
WHAT: Final = re.compile(r"(?:都|是|了)?(?:哪些|什么|什麼|怎么|怎麼|怎样|怎樣|如何|多少[个名家项]?)")
_ONE_YEAR: Final = r"(?:(?:19|20)\d\d年?(?:度)?|去年|今年|前年|明年)"
YEAR: Final = re.compile(rf"{_ONE_YEAR}(?:[和与、至到—–-]+{_ONE_YEAR})*")
OFFICE: Final = re.compile(
    r"[省市县区州旗盟镇乡]?(?:委|政府|人大|政协)?.{0,8}(?:部|委|局|办|厅|院|处|中心|政府|人大|政协|办公室|总工会|妇联)"
)
AFTER_PLACE: Final = re.compile(r"[委政人直]")
OBJECTLESS: Final = frozenset("不同 区别 差别 差异 不一样".split())
BARE: Final = re.compile(r"(?:有(?![效关机限色线无])|是|给|对|的)+")
KEPT: Final = frozenset("的 和 与 及 、 或 以及".split())
OBJECT: Final = re.compile(r"(?P<ask>哪些|什么|怎么|怎样|如何)(?:样)?(?P<object>[^？?。！!，,]{2,})$")
STATE: Final = re.compile(
    r"(?P<tail>(?:一共|总共|大概)?(?:是|有|为|达到?)?(?:多少|几|哪些|什么|谁|多久|多长|多大|怎么样)[个名家项条年月天次人元种类位万]*)$"
)
