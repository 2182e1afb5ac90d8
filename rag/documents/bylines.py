"""Bylines: who wrote an article, with the office as written."""

from __future__ import annotations

import re
from typing import Final

from rag.analysis import simplified
from rag.documents.marks import DOCUMENT_NOUN, ends_sentence

_OFFICE: Final = (
    r"(?:书记|部长|主任|市长|县长|区长|旗长|盟长|州长|省长|镇长|乡长|主席|局长|厅长|司长|处长|科长|所长|站长|院长|校长|会长|秘书长|委员|组长"
    r"|常委|教授|研究员|记者|通讯员|干事|组织员|检察长|行长|总队长|支队长|专员|巡视员|调研员)"
)
_BODY_NAME: Final = (
    r"(?:委|部|局|厅|委员会|协会|学会|联合会|商会|工会|总会|党委办|政府办|委办|府办|管理处|办事处|支队|大队|总队|小组|工作组|课题组|专班|工作站|服务站"
    r"|医院|法院|检察院|学院|研究院|党校|学校|大学|中心|政府|机关|办公室|党组|党委|党工委|研究室|编辑部|公司|集团|街道|支部|总社|报社|电视台)"
)
_NAME: Final = r"(?:[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff] [\u4e00-\u9fff]|[\u4e00-\u9fff]{1,6}·[\u4e00-\u9fff·]{1,10})"
_BYLINE: Final = re.compile(
    rf"^[（(]?\s*(?:(?:作者|撰文|供稿|撰稿|文|通讯员|记者)\s*[:：/／]\s*)?(?P<who>[^，。；！？:：]{{2,40}}?(?:{_OFFICE}|{_BODY_NAME})[ \u3000]+{_NAME}(?:[ \u3000、]+{_NAME}){{0,5}})\s*[)）]?$"
)
_LABELLED: Final = re.compile(
    r"^[（(]?\s*(?:本文)?(?:作者|撰文|撰稿人?|执笔人?|供稿(?:单位)?|文)\s*[:：/／]\s*(?P<who>[^，。；！？()（）]{2,40})(?:[；，][^（）()]{0,20})?\s*[)）]?$"
)
_REPORTER_LINE: Final = re.compile(
    rf"^[（(]?\s*(?P<who>(?:本报|本网|[\u4e00-\u9fff]{{2,6}}[报社网台])?(?:见习|实习|特约)?(?:记者|通讯员)[ \u3000:：]*{_NAME}(?:[ \u3000、]+(?:通讯员|记者)?[ \u3000]*{_NAME}){{0,8}})\s*[)）]?$"
)
_OFFERED: Final = re.compile(r"^[（(](?P<who>[^，。；（）()]{2,40}?)(?:供稿|提供)[)）]$")
BODY_LINE: Final = re.compile(rf"^(?P<who>(?:中共)?[\u4e00-\u9fff、 ·]{{2,36}}{_BODY_NAME})$")
_CLOSING: Final = re.compile(r"[（(](?P<inside>[^（）()]{2,80})[)）]$")
_REPORTED: Final = re.compile(r"\s*(?:摄影)?(?:报道|采写|摄)$")
_REPORTER: Final = re.compile(
    rf"[（(]\s*(?P<who>(?:本报|本网|本台|[\u4e00-\u9fff]{{2,6}}[报社网台])?(?:见习|实习|特约|全媒体)?(?:记者|通讯员)[ \u3000:：]*{_NAME}(?:[ \u3000、，]+(?:通讯员|记者|实习生)?[ \u3000]*{_NAME}){{0,8}}?)(?:报道|摄影报道|摄|采写)?\s*[)）]"
)
_META_AUTHOR: Final = re.compile(
    r"(?:作者|撰稿人?|供稿(?:单位)?)\s*[:：]\s*(?P<who>[^\s，。；:：]{2,30})(?![^\s，。；:：]|\s*[:：])"
)
_SURNAME: Final = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒"
    "屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉"
    "龚程邢裴陆荣翁荀羊甄曲封芮储靳段富巫乌焦巴弓牧隗山谷车侯宓全班仰秋仲伊宫宁仇栾暴甘厉戎武符刘景詹束龙叶幸司韶黎薄印白蒲台从鄂"
    "索咸籍赖卓蔺屠蒙池乔阴能苍双闻莘党翟谭贡劳冉申扶堵桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习艾容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄东欧利蔚越师巩聂晁勾敖融冷辛阚那简饶曾关沙游盖岳帅亢况有琴商佘佴伯赏肖代谯付"
)


def byline_of(words: str) -> str | None:
    """The author that a byline names, with the office as written; None when the line is no byline."""
    if len(words) > 80 or ends_sentence(words):
        return None
    plain = simplified(words)
    for pattern in (_BYLINE, _LABELLED, _REPORTER_LINE, _OFFERED):
        if match := pattern.match(plain):
            return " ".join(words[slice(*match.span("who"))].split())
    if match := BODY_LINE.match(plain):
        return words[slice(*match.span("who"))] if len(words) <= 24 and DOCUMENT_NOUN.search(plain) is None else None
    return words if len(words) in (2, 3) and words[0] in _SURNAME and words.isalpha() else None


def closing_author(words: str) -> str | None:
    """The author in brackets at the end of an article: (中共祁东县委常委、组织部部长 黄灵杰), （记者 郑莉）, (李源)."""
    match = _CLOSING.search(words)
    if match is None:
        return None
    inside = match.group("inside").strip()
    if len(inside) <= 4 and inside.isalpha():
        return inside if len(inside) >= 2 and inside[0] in _SURNAME and _is_name(inside) else None
    if inside.startswith(("记者", "本报记者", "本网记者", "通讯员", "综合本报记者")):
        return _REPORTED.sub("", inside)
    if inside.startswith(("来源", "转自", "摘自", "责任", "联系", "附", "此件", "本文有", "牵头")):
        return None
    if BODY_LINE.match(inside) is not None and ("、" in inside or inside[0] in "市县区省州旗各委"):
        return None  # 责任单位 at the end of a measure, not the author
    offered = _OFFERED.match(match.group())
    return byline_of(inside) or (offered["who"] if offered and inside.endswith("供稿") else None)


def reporter(words: str) -> str | None:
    """The reporter named in brackets in a paragraph: （记者 王建）."""
    match = _REPORTER.search(words)
    return _REPORTED.sub("", " ".join(match.group("who").split())) if match is not None else None


def meta_author(words: str) -> str | None:
    """The author that a line of metadata names (作者：…)."""
    match = _META_AUTHOR.search(words)
    return match.group("who").strip(" )）]】") if match is not None else None


def _is_name(words: str) -> bool:
    return words not in (
        "盖章",
        "签章",
        "公章",
        "签字",
        "签名",
        "代章",
        "完",
        "上接",
        "下转",
        "略",
        "全文",
        "试行",
        "暂行",
        "待续",
    ) and not words.endswith(("版", "稿", "号", "页"))
