"""Site chrome: lines of a saved page that are not part of the article, and lines that state facts about it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from rag.documents.lines import Line
from rag.documents.marks import DOCUMENT_NOUN

# Around the article, wherever it stands: greeting, navigation, editors, counters, records, sharing.
_SITE: Final = re.compile(
    r"(?:"
    r"(?:热烈)?欢迎(?:您|你)?(?:的)?(?:再次)?(?:访问|光临|来到|浏览|关注)[^，。]{0,20}$"
    r"|您?(?:当前|现在)?(?:所在)?(?:的)?位置(?:是)?[:：]|首页(?:\s*[>»›＞/|-]|$|(?:[\s|｜·]+[\u4e00-\u9fffA-Za-z]{2,8}){2,}$)"
    r"|您是第?.{0,14}(?:位|名)(?:来访|访问|访客|浏览|$)|(?:今日|总)?(?:访问|浏览)(?:量|人次)"
    r"|[\[【（(]?\s*(?:本(?:文|期|稿|页))?(?:责任编辑|责编|网络编辑|信息审核|值班编辑)\s*[:：]?[^，。；]{0,50}$"
    r"|[\[【（(]?\s*(?:编辑|责任校对|校对|审核|审校|监制|编审|排版|初审|复审|终审|[一二三]审|供图|摄影)\s*[:：]\s*[\u4e00-\u9fff· ]{2,12}[\]】）)]?(?:\s+[^，。；]{0,30})?$"
    r"|评论\s*[(（]?\s*\d*\s*[)）]?条?$|网友评论|(?:我要|发表)评论|分享(?:文章)?(?:到|至)?\s*[:：]?(?:\s|$)|-?\s*次$"
    r"|[【\[（(]?\s*(?:打印|关闭|收藏|返回|返回顶部|纠错|推荐|下载|分享|字体|字号|字体大小|打印本页|关闭窗口|内容纠错)\s*[】\]）)]?(?:[\s|｜【\[:：]|$)"
    r"|(?:[【\[]?(?:大|中|小|A[+-]?)[】\]]?\s*){2,}$|字[体号](?:大小)?[:：]|扫一扫|(?:手机|微信)扫(?:一扫|码)|扫码(?:关注|进入|打开)"
    r"|(?:[【\[]?(?:打印(?:本页)?|关闭(?:窗口)?|收藏|返回(?:顶部)?|分享|纠错|复制链接)[】\]]?[\s|｜]*){2,}$|(?:上|下)一(?:篇|条|页)(?:[:：]|$)"
    r"|【?(?:相关|推荐|延伸|热门)(?:链接|阅读|新闻|文章|信息|解读|稿件|报道|推荐|文件)】?\s*[:：]?$|(?:附件下载|相关附件)[:：]?$"
    r"|(?:网站地图|关于我们|使用帮助|网站声明|法律声明|隐私声明|无障碍(?:阅读|浏览)?|长者(?:助手|模式)|适老版)(?:\s*[|｜]|$)"
    r"|版权(?:所有|声明)|未经(?:授权|许可)|网站标识码|本站(?:总)?(?:访问|由|地址)"
    r"|[-—–]*\s*\d{1,3}\s*[-—–]*$|第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?$|\d+\s*/\s*\d+$"
    r"|(?:Baidu|map|X|×|\+|-|↺|TOP|更多>*|展开|收起|分享|微信|微博|新浪微博|QQ空间|朋友圈|[|｜*=_~·. -]{1,80})$"
    r")"
)
# A menu copied with the article: short lines around one that only navigation has, or of the words that all menus have.
_NAVIGATION: Final = re.compile(
    r"(?:网站|返回)?首页|您?(?:当前|现在)?(?:所在)?(?:的)?位置(?:是)?[:：]|(?:热烈)?欢迎(?:您|访问|光临)"
)
_LABEL: Final = re.compile(r"[\u4e00-\u9fff]{2,8}")
_MENU: Final = re.compile(
    r"(?:网站|返回)?首页|(?:新闻|资讯|信息|政务|公众|服务|数据|便民|监督|互动|政策|办事|本地|图片|专题)(?:中心|公开|服务|互动|动态|专栏|专题|发布|"
    r"交流|参与|大厅|指南|文件|法规|开放|要闻|新闻|资讯|频道)|(?:政民|网上)(?:互动|办事|服务)|通知公告|公告公示|领导(?:之窗|信箱)|机构(?:设置|职能)|"
    r"走进[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{2,4}概况|登录|注册|繁体(?:版|中文)?|English|搜索|网站支持IPv6"
)
_SITE_INSIDE: Final = re.compile(r"版权所有|[公网]安备|ICP备|网站标识码|建议使用.{0,20}(?:浏览器|分辨率)")
# Only before the first sentence of the article: where the page stands in its site, and whose site it is.
_TRAIL: Final = re.compile(
    r"[^，。；！？:：]{2,24}(?:\s*(?:[>»›＞]{1,2}|-->?)\s*[^，。；！？>»›＞-]{1,16}){2,8}\s*[>»›＞]*|[^，。；！？:：]{2,24}\s*(?:>>|»|›|＞＞?)\s*[^，。；！？]{2,12}"
)
_BANNER: Final = re.compile(
    r"[^\w]*(?!关于)[^，。；！？的]{2,24}(?:政府网|门户网站?|政务服务网|政务网|党建网|先锋网|信息公开(?:专栏|平台|网|目录)|官方网站|官网)[^\w]*(?:[ \u3000].{0,40})?"
)
_FOLLOW: Final = re.compile(
    r"点击(?:上方|下方)?蓝字|(?:长按|扫码|点击)[^，。]{0,6}关注|转自[“\"][^”\"]{1,20}[”\"]公众号"
)
# Only after the last sentence of the article: the same words may be content inside it.
_END: Final = re.compile(
    r"^(?:主办|承办|协办|主管|制作)(?:单位)?[:：]|技术(?:支持|保障|维护)[:：]|^(?:联系|咨询)我们|备案(?:序)?号\s*[:：]|^(?:电脑|手机)版$|^客户端$"
)
# Before the first sentence of the article or after the last one: facts about it, kept as metadata.
_META: Final = re.compile(
    r"^[\[【]?(?:(?:文章|信息|稿件|新闻|内容)?来源[:：]|(?:(?:发布|发表|发稿|更新|编辑|录入|创建)?(?:时间|日期)|发布(?:人|者|单位|机构)|"
    r"(?:浏览|阅读|点击|访问)(?:次数|量|数|率)?|索\s*引\s*号|主题(?:分类|词)|(?:发文|发布|生成|成文|实施|废止|施行|失效|生效|印发)(?:机关|机构|单位|日期|时间|字号|文号)|"
    r"文\s{0,3}号|公开(?:方式|目录|范围|日期)|时\s{0,4}效|(?:是否)?有效性?|信息(?:名称|类别|分类)|统一编号|原文链接|作者|信息来源|法宝引证码)\s*[:：】\]]"
    r"|URL Source:|Markdown Content:)"
)
# 时间：3月1日至3月31日。 is said in the article: a period, or a sentence.
_PERIOD: Final = re.compile(r"(?:时间|日期)[:：][^。]{0,60}(?:至|到|起|止|前|—|。)")
_BARE_TIME: Final = re.compile(
    r"^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[ \u3000]+\d{1,2}:\d{2}(?::\d{2})?(?:[ \u3000]+\S{1,40}){0,8}$"
)
_TAIL: Final = re.compile(
    r"(?:[\[【（(]\s*)?(?:责任编辑|责编|网络编辑|信息审核)\s*[:：][^。！？]{0,40}$|扫一扫在手机打开当前页[^。]{0,20}$"
)
_FOOTER: Final = re.compile(
    r"^【?(?:相关|推荐|延伸|热门)(?:链接|阅读|新闻|文章|稿件|报道|推荐)|版权所有|ICP备|^(?:主办|承办)(?:单位)?[:：]|^(?:上|下)一(?:篇|条)"
    r"|网站标识码|^网站地图|^评论|^您是第"
)
_STOP: Final = re.compile(r"[。；！？]")
_IMAGE: Final = re.compile(r"!\[[^\]]*\]\([^()]*(?:\([^()]*\)[^()]*)*\)")
_LINK: Final = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\([^()]*(?:\([^()]*\)[^()]*)*\)")
_STRESS: Final = re.compile(r"\*\*|__|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_MARKED: Final = frozenset("#*>-_![")
_PROSE_ENDS: Final = ("。", "。”", "！", "；")
_EXCLAIMED: Final = 30  # shorter lines that end in ！ or ？ are titles and calls
_PLAIN_CHARS: Final = 4_000  # a longer line is not looked through for links
_SHORT: Final = 48
_TAIL_CHARS: Final = 60
MENU_LINES: Final = 3


def is_site(words: str) -> bool:
    """True for a line of the site around the article, wherever it stands."""
    if "](" in words and len(words) <= _PLAIN_CHARS and _is_link_line(words):
        return True
    words = plain(words)
    if len(words) > 160 or (len(words) > 30 and words.endswith(_PROSE_ENDS) and "ICP" not in words):
        return False
    return _SITE.match(words) is not None or _SITE_INSIDE.search(words) is not None


def is_meta(words: str) -> bool:
    """True for a line of facts about the article: 来源…时间…, 索引号…, 发布日期…"""
    words = plain(words)
    if _PERIOD.match(words):
        return False
    return len(words) <= 240 and (_META.match(words) is not None or _BARE_TIME.match(words) is not None)


def plain(words: str) -> str:
    """A line without its markdown: pictures left out, links as their text, signs of headings, lists and stress dropped."""
    if len(words) > _PLAIN_CHARS or (words[:1] not in _MARKED and "**" not in words and "](" not in words):
        return words
    return _STRESS.sub("", _LINK.sub(r"\1", _IMAGE.sub("", words))).strip(" \t#>·-_*")


def _is_link_line(words: str) -> bool:
    """A markdown line made of links and pictures: what is left without them is no sentence."""
    rest = _LINK.sub("", _IMAGE.sub("", words)).strip(" *_#>-·|\t")
    if not rest:
        return True
    linked = sum(len(match.group(1)) for match in _LINK.finditer(_IMAGE.sub("", words)))
    return not _STOP.search(rest) and (len(rest) <= 12 or (linked > len(rest) and len(rest) <= _SHORT))


def chrome(found: Sequence[Line], known: Collection[int] = (), rows: Collection[int] = ()) -> list[bool]:
    """For each line, whether it is chrome: a line of the site, or of metadata before or after the article's sentences.

    `known` are the starts of lines that the format calls chrome already, `rows` those of table rows, which never are.
    """
    flags = [line.start in known or (line.start not in rows and is_site(line.words)) for line in found]
    first = next((at for at, line in enumerate(found) if _is_text(line, flags[at], rows)), len(found))
    for at in range(first):
        flags[at] = flags[at] or (found[at].start not in rows and is_banner(plain(found[at].words)))
    _mark_menu(found, flags, first)
    last = next((at for at in range(len(found) - 1, first, -1) if _is_text(found[at], flags[at], rows)), first)
    last = last if first < len(found) else -1
    footer = False
    for at, line in enumerate(found):
        if at < first or at > last:
            flags[at] = flags[at] or is_meta(line.words)
        if at <= last:
            continue
        if flags[at] or _END.search(line.words):
            flags[at] = True
            footer = footer or _FOOTER.search(line.words) is not None
        elif footer and len(line.words) <= _SHORT and not line.words.endswith(("。", "；", "。”")):
            flags[at] = True
    return flags


def _mark_menu(found: Sequence[Line], flags: list[bool], first: int) -> None:
    """Flags the menu before the article: of short lines one after the other, with three or more labels among them, those before the
    last line that only navigation has, and what all menus name."""
    words = [plain(line.words) for line in found[:first]]
    start = 0
    for at in range(len(words) + 1):
        if at < len(words) and (
            _LABEL.fullmatch(words[at]) or _MENU.fullmatch(words[at]) or _NAVIGATION.match(words[at])
        ):
            continue
        run = range(start, at)
        start = at + 1
        named = [k for k in run if _NAVIGATION.match(words[k]) or _MENU.fullmatch(words[k])]
        if len(run) >= MENU_LINES and len(named) >= 2:
            last = max((k for k in run if _NAVIGATION.match(words[k])), default=-1)
            for k in run:
                flags[k] = flags[k] or k < last or k in named


def is_banner(words: str) -> bool:
    """Whether a line over an article says where the page stands in its site, or whose site it is."""
    return len(words) <= 100 and bool(_TRAIL.fullmatch(words) or _BANNER.fullmatch(words) or _FOLLOW.search(words))


def _is_text(line: Line, flag: bool, rows: Collection[int]) -> bool:
    return not flag and (line.start in rows or _is_body(line.words))


def _is_body(words: str) -> bool:
    """A line that holds a sentence of the article."""
    if is_meta(words):
        return False
    words = plain(words)
    if DOCUMENT_NOUN.search(words) and "。" not in words and "；" not in words:
        return False
    if len(words) > _SHORT or (len(words) > 12 and words.endswith(("。", "；", "。”", "）", ")"))):
        return True
    return len(words) > _EXCLAIMED and words.endswith(("！", "？"))


def tail(words: str) -> int | None:
    """Where chrome glued to the end of a paragraph begins (…服务。责任编辑：陈静), as an offset in the line; or None."""
    end = words[-_TAIL_CHARS:]
    if len(words) < 12 or ("编辑" not in end and "扫一扫" not in end and "审核" not in end):
        return None
    match = _TAIL.search(words, max(0, len(words) - _TAIL_CHARS))
    return match.start() if match is not None and match.start() > 0 else None
