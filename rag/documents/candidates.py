"""The places that a document names, and what speaks for each: where it stands, how it is named, how often."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from math import log1p
from typing import Final

from rag.analysis import fold
from rag.documents.doc_numbers import own_number
from rag.gazetteer import Division, Mention, gazetteer, without_peoples
from rag.types import Level

HEAD_CHARS: Final = 160
NUMBER_CHARS: Final = 1_500
RANK: Final = {Level.PROVINCE: 0, Level.PREFECTURE: 1, Level.COUNTY: 2, Level.TOWNSHIP: 3}
FORM: Final = {"full": 1.0, "short": 0.8, "alias": 0.6, "unknown": 0.8}
ORGAN: Final = re.compile(
    r"(?:[省市区县旗州盟]?(?:委(?!托|员会主席|派)|人大|政协|纪委|人民政府|政府)|[^，。；、\s《》“”（）()]{0,10}?"
    r"(?:局|厅|委员会|管委会|指挥部|组织部|办公室|领导小组|中心|编办|党校|法院|检察院|公安))"
)
SIGNED: Final = re.compile(r"[（(【\n][^（()）\n]{0,6}$")
LINE_END: Final = re.compile(r"[^，。；：\n（(）)]{0,40}(?:[）)\n]|$)")
CONTEXT_BEFORE: Final = re.compile(
    r"(?:借鉴|学习|推广|参照|考察|赴|对口支援|援助?|支援|来自|前往|抵达|途经|返回|离开|毗邻|对接|融入|承接|驰援|往返|外省|参考|比如|例如|滞留|输入|籍|从)[^，。；\n]{0,3}$"
)
CONTEXT_AFTER: Final = re.compile(
    r"^(?:籍|等(?:地|省|市|重点|疫情)|方向|方言|大学|学院|银行|日报|晚报|电视台|广播|晨报|路(?!线|径|演|网)|街(?!道)|大道|商会|同乡|号|机场|海关)"
)
DATELINE: Final = re.compile(
    r"(?:新华社|中新社|中新网|新华网|人民网|本报|本网|电讯|央广网|[一-鿿]{2}日报)[^，。\n]{0,4}$"
)
OWNER: Final = re.compile(
    r"(?:主办|承办|协办|版权|技术支持|备案|网站标识|公网安备|ICP|来源[：:]|文章来源|信息来源|转自|责任编辑|编辑[：:]|地址[：:]|邮编|电话|联系)[^。\n]{0,24}$"
)
VISIT: Final = re.compile(r"^[^，。；]{0,24}?(?:到|来|赴|在|深入|莅临|走进)$")
KIND_CHARS: Final = "省市区县旗州盟"
# What a document calls its own (我市, 全县), with the kind in the second group; or a kind that stands for its organ (县委,
# 市政府), in the first. It begins with a set of characters, which Python's `re` looks for eight times as fast as for alternatives.
OWN: Final = re.compile(
    r"([我全本该省市县区旗州盟])(?:(?<=[我全本该])(自治区|自治县|自治州|[省市县区旗州盟镇乡])"
    r"|(?<=[省市县区旗州盟])(?:(?<![一-鿿].)|(?<=[和与及向经由对标级在].))(?:委(?!员|托)|政府|直机关|直部门))"
)


@dataclass(slots=True)
class Candidate:
    """A place with what speaks for it: `gains` by kind of evidence, `seen` where in the text."""

    key: str
    name: str
    level: Level
    division: Division | None
    gains: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    seen: list[tuple[int, int, str]] = field(default_factory=list)


class Candidates:
    """Collects candidates from the parts of one document."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.places: dict[str, Candidate] = {}

    def add_title(self, title: str, chains: Sequence[Sequence[Mention]]) -> None:
        """The title's first place gains most; where it visits one inside it, the visited one."""
        named = [(chain, self._candidate(chain)) for chain in chains]
        if not named:
            return
        leading = self._leading(title, named)
        contexts = _contexts(title, chains)
        own = {match[2][-1] for match in OWN.finditer(title) if match[1] in ("我", "本", "全")}
        for (_, candidate), elsewhere in zip(named, contexts, strict=True):
            context = elsewhere or bool(own and candidate.name[-1] not in own)
            gain = 8.0 if candidate is leading and not context else 0.5 if context or candidate is named[0][1] else 3.0
            candidate.gains["title"] = max(candidate.gains["title"], gain)

    @staticmethod
    def _leading(title: str, named: Sequence[tuple[Sequence[Mention], Candidate]]) -> Candidate:
        (first, leading), *others = named
        for chain, candidate in others:
            visited = VISIT.match(title[first[-1].end : chain[0].start])
            if visited and RANK[candidate.level] > RANK[leading.level]:
                return candidate
        return leading

    def add_line(self, how: str, chains: Sequence[Sequence[Mention]], gain: float) -> None:
        """Each place named in a line of that kind (byline, hint) gains as much."""
        for chain in chains:
            self._candidate(chain).gains[how] += gain

    def add_text(self, chains: Sequence[Sequence[Mention]]) -> None:
        """Places gain by how often, where and as what the text names them."""
        counts: dict[str, float] = defaultdict(float)
        for chain in chains:
            start, mention, candidate = chain[0].start, chain[-1], self._candidate(chain)
            weight, how = self._weight(start, mention)
            counts[candidate.key] += weight
            if weight > 0.3:
                candidate.seen.append((start, mention.end, how))
            if how == "organ":
                candidate.gains["organ"] = min(candidate.gains["organ"] + 0.7, 2.8)
            if how == "signature":
                candidate.gains["signature"] = 3.0
            if start < HEAD_CHARS and weight > 0.3:
                candidate.gains["head"] = 1.0
        for key, count in counts.items():
            self.places[key].gains["text"] = 1.5 * log1p(count)
        self._add_number()
        self._join()

    def _add_number(self) -> None:
        """The sign of the document's own number: 津商外资〔2020〕1号 is 天津市's."""
        number = own_number(self.text[:NUMBER_CHARS])
        division = gazetteer().by_letter(number.value[0]) if number else None
        if division is not None:
            name = gazetteer().official(division.code)
            place = self.places.setdefault(division.code, Candidate(division.code, name, division.level, division))
            place.gains["number"] = 1.0

    def _join(self) -> None:
        """A name known by form alone gives what it has to the one longer name that it is short for."""
        unknown = [place for place in self.places.values() if place.division is None]
        for place in unknown:
            longer = [other for other in unknown if other.name != place.name and _is_short_for(place.name, other.name)]
            if len(longer) == 1:
                for how, gain in place.gains.items():
                    longer[0].gains[how] = max(longer[0].gains[how], gain)
                longer[0].seen = sorted(longer[0].seen + place.seen)
                del self.places[place.key]

    def _weight(self, start: int, mention: Mention) -> tuple[float, str]:
        text, end = self.text, mention.end
        before, form = text[max(0, start - 28) : start], FORM[mention.form]
        if DATELINE.search(before) or OWNER.search(before):
            return 0.05, "context"
        organ = ORGAN.match(text, end - 1 if mention.text[-1] in KIND_CHARS else end)
        if organ is None and _is_context(text, mention, start):
            return 0.25 * form, "context"
        if organ and end > len(text) - 400 and SIGNED.search(before) and LINE_END.match(text, end):
            return form, "signature"
        return form, "organ" if organ else "text"

    def _candidate(self, chain: Sequence[Mention]) -> Candidate:
        name, division, level = _official(chain)
        key = division.code if division else name
        if key not in self.places:
            self.places[key] = Candidate(key, name, level, division)
        return self.places[key]


def chains_by_part(text: str, others: Sequence[str]) -> tuple[list[list[Mention]], list[list[list[Mention]]]]:
    """The places named in a text, and in each of the other lines; read together, so that one tells which 海州区 another means."""
    inside: list[Mention] = []
    outside: list[list[Mention]] = [[] for _ in others]
    starts = list(accumulate((len(line) + 1 for line in others), initial=len(text) + 1))
    for mention in gazetteer().mentions("\n".join((text, *others))):
        at = bisect_right(starts, mention.start) - 1
        if at < 0:
            inside.append(mention)
        else:
            outside[at].append(replace(mention, start=mention.start - starts[at], end=mention.end - starts[at]))
    return list(_chains(inside, text)), [list(_chains(m, line)) for m, line in zip(outside, others, strict=True)]


def _chains(mentions: Sequence[Mention], text: str) -> Iterator[list[Mention]]:
    """Mentions that name one place from the top down (湖南省衡阳市祁东县), neighbours in the text."""
    chain: list[Mention] = []
    for mention in mentions:
        if chain and text[chain[-1].end : mention.start].strip() == "" and _below(chain[-1], mention):
            chain.append(mention)
            continue
        if chain:
            yield chain
        chain = [mention]
    if chain:
        yield chain


def _below(upper: Mention, lower: Mention) -> bool:
    if upper.level is None or lower.level is None or RANK[upper.level] >= RANK[lower.level]:
        return False
    if not upper.candidates or not lower.candidates:
        return True
    names = gazetteer()
    return any(names.within(b.code, a.code) for a in upper.candidates for b in lower.candidates)


def _official(chain: Sequence[Mention]) -> tuple[str, Division | None, Level]:
    """The joined official name of a chain, its division if the last is known, and its level."""
    names = gazetteer()
    joined, division = "", None
    level = Level.PREFECTURE
    for mention in chain:
        level = mention.level or level
        if mention.candidates:
            division = mention.candidates[0]
            joined = names.official(division.code)
        else:
            division = None
            joined += fold(mention.text).text
    return joined, division, level


def _is_short_for(short: str, name: str) -> bool:
    """澄河县 for 江南省澄河县, 阿兰县 for 阿兰藏族自治县."""
    autonomous = f"自治{short[-1]}"
    return name.endswith(short) or (
        name.endswith(autonomous) and without_peoples(name.removesuffix(autonomous)) == short[:-1]
    )


def _contexts(title: str, chains: Sequence[Sequence[Mention]]) -> Sequence[bool]:
    """Whether each place of a title is context; in a row of places (赴岚泉市、碧河县学习) what the first of them is."""
    found: list[bool] = []
    for at, chain in enumerate(chains):
        row = at > 0 and title[chains[at - 1][-1].end : chain[0].start].strip() in ("、", "和", "与", "及")
        found.append(_is_context(title, chain[-1], chain[0].start) or (row and found[-1]))
    return found


def _is_context(text: str, mention: Mention, start: int) -> bool:
    """Whether the place, named from `start`, is another's example, origin or destination, or part of a proper name."""
    before, after = text[max(0, start - 10) : start], text[mention.end : mention.end + 6]
    return bool(CONTEXT_BEFORE.search(before) or CONTEXT_AFTER.match(after))
