"""Places that no table knows, by their form: a name before 县, 市, 区, 旗, 镇 … (澄河县, 松吉自治县)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence, Set
from typing import Final

from rag.gazetteer.table import LEVEL_OF_KIND, Division, Mention, without_peoples
from rag.gazetteer.vouching import begins_phrase, is_common, vouched_names
from rag.segmentation import word_count
from rag.types import Level

ZONES: Final = (
    "高新技术产业开发区", "经济技术开发区", "高新技术开发区", "经济开发区", "开发区", "高新区", "经开区",
)  # fmt: skip
KINDS: Final = (
    *ZONES, "自治县", "自治州", "自治旗", "街道", "新区", "苏木", "县", "市", "区", "旗", "盟", "镇", "乡", "省",
)  # fmt: skip
KIND: Final = re.compile("|".join(KINDS))
# What a kind begins when it is the first character of a word: 县委, 区长 leave the name whole, 市场 and 区域 do not.
AFTER_NAME: Final = frozenset(
    "县乡镇 县乡 县委 市委 区委 旗委 镇委 盟委 乡党委 镇党委 县长 市长 区长 旗长 镇长 乡长 盟长 县城 县里 市里 区里 镇里 乡里 县直 市直 区直 旗直 "
    "县级 市级 区级 县政府 市政府 区政府 镇政府 乡政府 旗政府 省委 省政府 省长 县人大 市人大 区人大 县政协 市政协 区政协 县境 街道办 "
    "街道办事处 镇上 县委书记 市委书记 区委书记 市委常委 县直机关 市直机关 市政府办".split()
)
# Characters that are no part of a name's beginning when they stand before it as words of their own.
LEADING: Final = frozenset(
    "在对与和同跟从到由被把将向于以为给至往让就还又再是有及或并的了着过来去起赴经据按由当则即而且但若如因除离自驻市县区省州盟旗镇乡村"
)
# Characters that no name holds next to its kind, or at all when they are words of their own.
NEVER: Final = frozenset(
    "的了是在有我全本该各每某此其你他它们这那哪几两多少数个名家户年月日时次种类项条件等及或并对从到由被把将于以为使让不也都就还又最很"
    "更所外邻周市县区省级副贫要请"
)
# Characters that end no name.
NEVER_LAST: Final = frozenset("大小强老新旧古好正主省市县区镇乡村经")
UNENDING: Final = NEVER | frozenset("和与及跟同在对至向一二三四五六七八九十百千万")
# Banners carry Mongolian names written by sound: longer, and of characters that begin or end no Chinese name (阿日敦旗).
BANNERS: Final = frozenset("旗盟")
NEVER_IN_BANNERS: Final = frozenset("的了是在有我全本该各每某此你他们这那哪几两多少数个名家户市县区")
# Mongolian words that names begin with or hold, as they are written by sound. The dictionary has many of them whole.
MONGOLIAN: Final = frozenset(
    "乌兰 巴彦 巴音 白音 查干 呼和 哈日 哈拉 哈达 额尔敦 额尔登 宝力格 布拉格 塔拉 陶勒 陶海 敖包 浩特 郭勒 高勒 诺尔 淖尔 锡林 达来 阿日 阿尔 阿拉 "
    "巴润 准噶尔 温都尔 那仁 吉仁 赛罕 赛汗 苏尼特 乌珠穆沁 乌拉特 乌拉 格日勒 宝日 沙日 希热 朝克 满都 满都拉 杭锦 鄂尔 鄂托克 伊和 伊金 霍洛 科尔沁 "
    "罕乌拉 翁牛特 敖汉 奈曼 库伦 察哈尔 阿巴嘎 苏木 其其格 敦达 巴林 克什克腾 喀喇沁 土默特".split()
)
DETERMINERS: Final = frozenset("各每某本该我全此其这那哪两几")
DIGITS: Final = frozenset("一二三四五六七八九十百千万亿零〇两半双")
KIND_WORDS: Final = frozenset(
    "社 园 地 辖 景 校 灾 山 牧 农 网格 示范 开发 高新 经开 自治 行政 工业 产业 居民 生活 住宅 商业 中心 城 郊 矿 林 特 库 战 军 分 片 "
    "厂 院 病 防 试验 实验 保税 保护 旅游 度假 风景 物流 科技 功能 管理 服务 办公 经济 合作 贸易 缓冲 核心 风险 都 股 楼 门 超 上 菜 集 "
    "夜 大城 平原 盲 学 疫 专 禁 误 雷 震 汛 草 沙 雪 营 赛 展 货 客 仓 直辖 地级 县级 省辖 设区 家 故 下 返 回 水 特色 重点 试点 红 国 党 队 锦 彩 升 联 同 结 老 新 旧 古 主城 中心城 城市 乡 村 镇 "
    "牧业 边境 民族 少数民族 贫困 百强 兄弟 毗邻 邻近 周边 沿海 沿边 沿江 内陆 所在 所属 全国 国家级 省级 市级 县级 基层 东部 西部 "
    "中部 南部 北部 有关 相关 其他 部分 多个 个别 本地 外地 当地 自由贸易 自贸 综合 保障 集中 安置 聚居 居住 隔离 街道 农牧 牧业大 "
    "文明 卫生 园林 森林 智慧 数字 平安 法治 健康 美丽 和谐 幸福 人才 科教 工业强 农业大 人口 资源 枢纽 省会 首府 沿线 县域 市域 "
    "大湾 新建 改建 扩建 挂点 高强度 建成 规划 责任 集聚 先导 综保 综试 候选 商业街 步行街 示范片 主销 主产 深水 涵养 长三角 京津冀 亚太 受灾 发射场 样板 脱贫 助力 滨水 易发 "
    "降雨 降水 就餐 洽谈 诊疗 接待 等候 窗口 片 街 视窗 粮食 城关 城厢 直属 直管 代管 共建 结对 帮扶 受援 支援 对口 挂职 派驻 驻 临 滨海新 城关镇所在 城乡 城镇 乡镇 市辖 市中心 老城 主 中 大 小 东 西 南 北".split()
)
# Words that a place's name can follow.
OPENERS: Final = LEADING | frozenset(
    "请问 想问 咨询 了解 知道 介绍 一下 看看 比较 对比 关于 中共 近日 日前 今年 去年 年 月 日 根据 按照 来自 以及 还有 其中 如果 例如 比如 推动 "
    "推进 促进 加快 助力 支持 走进 来到 前往 位于 地处 围绕 立足 结合 通过 代表 宣传 服务 打造".split()
)
# Levels said together, words of the dictionary, in which a name may end.
RANKS: Final = frozenset({"州市", "州县", "州区"})
# Single characters that act on the place after them: 访清河县 is about 清河县.
ACTING: Final = frozenset(
    "访看走谈问让使令助帮促推抓建学讲听读写请求查找有叫称选评创回返奔攀迎强爱亮聚无非跨未需应须可能已曾今记据"
)
UNOPENING: Final = ACTING | LEADING | NEVER | DIGITS | NEVER_LAST | {"原"}
KIND_ENDINGS: Final = tuple(word for word in KIND_WORDS if len(word) > 1)
OLD_DISTRICTS: Final = frozenset(
    "崇文区 宣武区 卢湾区 闸北区 南汇区 塘沽区 汉沽区 大港区 江干区 下城区 万盛区 双桥区 崇安区 北塘区 南长区 金阊区 平江区 沧浪区 "
    "白下区 下关区 萝岗区 东山区 芳村区 梅列区 四方区 市北区 胶南市 江东区 新浦区 清浦区 楚州区 原州区 红旗区 郾城区 吉利区 新北区 "
    "茄子河区 金山屯区 西林区 翠峦区 新青区 美溪区 五营区 乌马河区 汤旺河区 带岭区 乌伊岭区 红星区 上甘岭区 友好区 南市区 北市区 "
    "金家庄区 居巢区 梅列区 利州区 小河区 元坝区 银海区 茂港区 蝶山区 黄浦区 港闸区 马村区 桥东区".split()
)

PEOPLES_CHARS: Final = 16
# A character that the dictionary counts less often as a word is of a name before these words (琅山区, and 榆城市 if it is rarer still); before 山县
# every one is.
RARE, RAREST = 1_000, 300
LANDSCAPES: Final = frozenset("山 城 水 河 江 湖 海 港 湾 泉 口 陵".split())

StemOwner = Callable[[str, Level], tuple[Division, ...]]


class UnknownMatcher:
    """Finds names by form. `owner` gives the divisions whose present name has the same stem (增城市 → 增城区)."""

    def __init__(self, owner: StemOwner) -> None:
        self._owner = owner

    def mentions(
        self, text: str, words: Sequence[str], starts: Sequence[int], known: Sequence[Mention]
    ) -> list[Mention]:
        """Mentions that overlap none of the known ones; `words` join to the text, `starts` are their offsets and the text's end."""
        fixed = (mention for mention in known if not (_in_banner(mention) or _goes_on(text, mention)))
        taken = {i for mention in fixed for i in range(mention.start, mention.end)}
        found: list[Mention] = []
        for start, end, kind in _candidates(text, words, starts, taken, self._renamed):
            name, stem, level = (
                text[start:end],
                without_peoples(text[start : end - len(kind)]),
                LEVEL_OF_KIND.get(kind, Level.COUNTY),
            )
            owners = () if kind in ZONES else self._owner(stem, Level.COUNTY if kind in ("县", "市", "区") else level)
            if taken.isdisjoint(range(start, end)) and all(owner.name != name for owner in owners):
                form = "full" if owners else "unknown"
                level = owners[0].level if owners else level
                found.append(Mention(start, end, name, owners, "alias" if form == "full" else "unknown", stem, level))
                taken.update(range(start, end))
        return found

    @staticmethod
    def is_end(text: str, words: Sequence[str], starts: Sequence[int], mention: Mention) -> bool:
        """Whether a known name of one character and its kind is the end of a longer one: 宁县 in 固宁县, wherever the text has it."""
        index = bisect_right(starts, mention.start) - 1
        return (
            mention.end - mention.start == 2
            and mention.text[1] in "县市区旗"
            and starts[index] == mention.start
            and _has_beginning(text, words, index - 1, mention.start, mention.end - 1)
        )

    def _renamed(self, stem: str) -> bool:
        return stem not in KIND_WORDS and bool(self._owner(stem, Level.COUNTY))


def _candidates(
    text: str, words: Sequence[str], starts: Sequence[int], taken: set[int], owned: Callable[[str], bool]
) -> Iterator[tuple[int, int, str]]:
    """Ranges of names with their kind, from left to right."""
    vouched = vouched_names(text)
    for name in vouched:
        if name.endswith("州"):
            yield from ((match.start(), match.end(), "州") for match in re.finditer(name, text))
    for match in KIND.finditer(text):
        kind, end = match.group(), match.start()
        peoples = 0
        if kind.startswith("自治"):
            head = text[max(0, end - PEOPLES_CHARS) : end]
            peoples = len(head) - len(without_peoples(head))
        end -= peoples
        index = bisect_right(starts, end) - 1
        word, start = words[index], starts[index]
        if start == end:
            whole = starts[bisect_right(starts, match.end()) - 1] == match.end()
            if peoples or whole or word in AFTER_NAME or word == "县县":
                size = _stem_size(text, words, index, start, kind, taken, vouched)
                if size:
                    yield start - size, match.end(), kind
        elif (word in RANKS and _names_before(words, index)) or (
            word == word[:1] + kind and _is_split_name(text, words, index, start, vouched)
        ):
            yield start - 1, starts[index + 1], kind
        elif word in OLD_DISTRICTS or (len(word) > 2 and word.endswith(("县", "市", "区")) and owned(word[:-1])):
            yield start, starts[index + 1], next(kind for kind in KINDS if word.endswith(kind))


def _in_banner(mention: Mention) -> bool:
    """Whether a known name may be a word inside a banner's: 乌兰 is a county, and begins 乌兰布朗旗."""
    return mention.form == "short" and mention.text in MONGOLIAN and mention.level is Level.COUNTY


def _goes_on(text: str, mention: Mention) -> bool:
    """Whether a county's short name may be the beginning of a longer one: one character and a kind stand behind it (安溪岭县)."""
    char, kind = text[mention.end : mention.end + 1], text[mention.end + 1 : mention.end + 2]
    return (
        mention.form == "short"
        and mention.level is Level.COUNTY
        and kind in ("县", "市", "旗", "镇", "乡")
        and _is_han(char)
        and char not in UNENDING | LEADING | DETERMINERS | KIND_WORDS | NEVER_LAST
    )


def _names_before(words: Sequence[str], index: int) -> bool:
    """Whether the one character before 州市 or 州县 makes a name of it (攀州市), and what stands before that is another word."""
    before = words[index - 1] if index else ""
    known = UNENDING | LEADING | DETERMINERS | {"地"}
    return len(before) == 1 and _is_han(before) and before not in known


def _is_split_name(text: str, words: Sequence[str], index: int, start: int, vouched: Set[str]) -> bool:
    """Whether a name of two characters was cut before a word that ends in the kind (槐 + 安县, 砚 + 湖区): where a phrase begins."""
    word, before = words[index], words[index - 1] if index else ""
    stem = before + word[0]
    named = before + word in vouched or _is_landscape(word, before)
    generic = word[0] in KIND_WORDS or word[1] not in "县市区旗" or is_common(stem, word[1])
    return (not generic or named) and _opens(text, words, index - 1, start - 1) and _is_name(stem, 2, 4)


def _is_landscape(word: str, before: str) -> bool:
    """Whether a word such as 山区 or 山县 ends a name that begins with the character before it."""
    if len(before) != 1 or len(word) != 2 or word[0] not in LANDSCAPES:
        return False
    return word[1] == "县" or word_count(before) < (RARE if word[1] == "区" else RAREST)


def _has_beginning(text: str, words: Sequence[str], index: int, first: int, start: int) -> bool:
    """Whether the character before a name of two is its beginning (清 + 河湾 + 县): the text names no place without it."""
    name = text[first : start + 1]
    return index >= 0 and _opens(text, words, index, first - 1) and text.count(name) == text.count(words[index] + name)


def _opens(text: str, words: Sequence[str], index: int, start: int) -> bool:
    """Whether the word is one character that a name can begin with, where a phrase begins or after one that names follow (在, 对)."""
    word = words[index]
    free = len(word) == 1 and _is_han(word) and word not in UNOPENING
    return free and (_begins(text, start) or words[index - 1] in OPENERS)


def _is_han(char: str) -> bool:
    return "一" <= char <= "鿿" or "㐀" <= char <= "䶿"


def _vouched_size(text: str, start: int, kind: str, vouched: Set[str]) -> int:
    """Number of characters before the kind that make one of the vouched names, 0 for none. The longer ones end as no area does."""
    for size in (3, 2):
        stem = text[start - size : start] if start >= size else ""
        if stem and stem + kind in vouched and begins_phrase(text, start - size) and _is_name(stem, 0, size):
            areas = {stem[-1], stem[1:]} & KIND_WORDS
            if size == 2 or not (areas or not _is_name(stem, 3, 3)):
                return size
    return 0


def _stem_size(
    text: str, words: Sequence[str], index: int, start: int, kind: str, taken: set[int], vouched: Set[str]
) -> int:
    """Number of characters before the kind (and the peoples before that) that are its name; 0 where there is none."""
    if size := _vouched_size(text, start, kind, vouched):
        return size
    size, runs = 0, 0
    banner = kind in BANNERS
    like = "区" if kind in ZONES else kind
    never, most = (NEVER_IN_BANNERS, 6) if banner else (NEVER, 3)
    for word in reversed(words[max(0, index - most - 1) : index]):
        first = start - size - len(word)
        if first in taken or not all(map(_is_han, word)) or size + len(word) > most + 1:
            break
        if (
            banner
            and len(word) > 1
            and (word[:2] in MONGOLIAN or word[:3] in MONGOLIAN or (size == 0 and len(word) <= 3))
        ):
            size += len(word)
            continue
        if len(word) > 1:
            if (size == 0 and len(word) <= 3) or (
                size == 1 and len(word) == 2 and kind != "区" and not is_common(word, like) and _begins(text, first)
            ):
                size += len(word)
            if (
                size == len(word) == 2
                and not is_common(word, like)
                and _has_beginning(text, words, index - 2, first, start)
            ):
                size += 1
            break
        if (
            (word in never and size < 2)
            or (banner and runs < size and word in UNOPENING)
            or (size >= 2 and (word in LEADING or word in never or word in DIGITS))
        ):
            break
        size, runs = size + 1, runs + 1
        if size == most:
            break
    while runs == size > 0 and text[start - size] in LEADING:
        size, runs = size - 1, runs - 1
    if runs == size == 3 and text[start - 3] in ACTING:
        # 访碧河县 where the text names 碧河县 without it too.
        rest = text[start - 2 : start] + kind
        size = runs = 3 - (text.count(rest) > text.count(text[start - 3] + rest))
    stem = text[start - size : start]
    common = is_common(stem, like)
    return size if not common and _is_name(stem, runs, most + 1) else 0


def _begins(text: str, start: int) -> bool:
    """Whether a phrase begins here: at the text's start, after punctuation or after a place's kind."""
    return start == 0 or not _is_han(text[start - 1]) or text[start - 1] in "县市区旗盟省州镇乡"


def _is_name(stem: str, runs: int, most: int) -> bool:
    if not 2 <= len(stem) <= most or stem in KIND_WORDS:
        return False
    if all(c in DIGITS for c in stem) or not DETERMINERS.isdisjoint(stem if runs else stem.lstrip("两")):
        return False
    if (
        (not runs and stem[0] in "省市县区")
        or stem[-1] in NEVER_LAST
        or stem[-1] in "族副与及"
        or (runs and (stem[-1] in UNENDING or stem[0] in NEVER))
    ):
        return False
    return not stem.endswith(KIND_ENDINGS)
