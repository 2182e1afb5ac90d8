"""The place that a document speaks for.

Every place named in the title, the byline and the text is a candidate. It gains by where it stands (title, byline, an organ's
name, the beginning, the signature), by how often and by which form it is named, and when its kind is what the document calls its
own (“我市”, “全县”). Places that are only context (a dateline, another place's example, the site's owner) gain little or nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from math import log1p
from typing import Final

from rag.gazetteer import Division, Mention, gazetteer
from rag.types import Evidence, Level

SCANNED_CHARS: Final = 20_000
HEAD_CHARS: Final = 160
RANK: Final = {Level.PROVINCE: 0, Level.PREFECTURE: 1, Level.COUNTY: 2, Level.TOWNSHIP: 3}
FORM: Final = {"full": 1.0, "short": 0.8, "alias": 0.6, "unknown": 0.8}

ORGAN: Final = re.compile(
    r"(?:[省市区县旗州盟]?(?:委(?!托|员会主席|派)|人大|政协|纪委|人民政府|政府)|[^，。；、\s《》“”（）()]{0,10}?"
    r"(?:局|厅|委员会|管委会|指挥部|组织部|办公室|领导小组|中心|编办|党校|法院|检察院|公安))"
)
SIGNED: Final = re.compile(r"[（(【\n][^（()）\n]{0,6}$")
CONTEXT_BEFORE: Final = re.compile(
    r"(?:借鉴|学习|推广|参照|考察|赴|对口支援|援助?|支援|来自|前往|抵达|途经|返回|离开|毗邻|对接|融入|承接|驰援|往返|外省|参考|比如|例如|滞留|输入|籍|从)[^，。；\n]{0,3}$"
)
CONTEXT_AFTER: Final = re.compile(
    r"^(?:籍|等(?:地|省|市|重点|疫情)|方向|方言|大学|学院|银行|日报|晚报|电视台|广播|晨报|路|街|大道|商会|同乡|号|经验|机场|海关)"
)
DATELINE: Final = re.compile(
    r"(?:新华社|中新社|中新网|新华网|人民网|本报|本网|电讯|央广网|[一-鿿]{2}日报)[^，。\n]{0,4}$"
)
OWNER: Final = re.compile(
    r"(?:主办|承办|协办|版权|技术支持|备案|网站标识|公网安备|ICP|来源[：:]|文章来源|信息来源|转自|责任编辑|编辑[：:]|地址[：:]|邮编|电话|联系)[^。\n]{0,24}$"
)
VISIT: Final = re.compile(r"^[^，。；]{0,24}?(?:到|来|赴|在|深入|莅临|走进)$")
NAMING: Final = frozenset({"title", "byline", "signature", "hint"})
KIND_CHARS: Final = "省市区县旗州盟"
OWN: Final = re.compile(
    r"([我全本该])(自治区|自治县|自治州|[省市县区旗州盟镇乡])"
    r"|(?:(?<![一-鿿])|(?<=[和与及向经由对标级在]))([省市县区旗州盟])(?:委(?!员|托)|政府|直机关|直部门)"
)
OWN_GAIN: Final = {"我": 2.0, "本": 1.5, "全": 1.0, "该": 0.3}


@dataclass(frozen=True, slots=True)
class Located:
    """`place` joins official names as far as known; None when the document names no place of its own.
    The evidence of a place is where it was read; (0, 0) when in the title, byline, source or hints alone."""

    place: str | None = None
    level: Level | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(slots=True)
class Candidate:
    """A place with what speaks for it: `gains` by kind of evidence, `seen` where in the text."""

    key: str
    name: str
    level: Level
    division: Division | None
    gains: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    seen: list[tuple[int, int, str]] = field(default_factory=list)


def locate(text: str, *, title: str, byline: str | None, source: str, hints: Sequence[str] = ()) -> Located:
    """The place that the document speaks for, with the evidence. Raises nothing.

    `title`, `byline` and `source` are as read; `hints` are other texts that may name the place (site name, file name, neighbours).
    """
    name = re.sub(r"\.[A-Za-z]+$", "", source.rsplit("/", 1)[-1])
    parts = (title, byline or "", text[:SCANNED_CHARS], name, *hints)
    reading = _Reading(text[:SCANNED_CHARS])
    title_chains, byline_chains, text_chains, *other_chains = _chains_by_part(parts)
    reading.add_title(title, title_chains)
    reading.add_line("byline", byline_chains, 5.0)
    reading.add_text(text_chains)
    for chains in other_chains:
        reading.add_line("hint", chains, 1.5)
    best = _best(reading.candidates, _own_kinds("\n".join(parts[:3])))
    if best is None:
        return Located()
    evidence = tuple(Evidence("place", best.name, start, end, how) for start, end, how in best.seen[:3])
    return Located(best.name, best.level, evidence or (Evidence("place", best.name, 0, 0, next(iter(best.gains))),))


def _chains_by_part(parts: Sequence[str]) -> list[list[list[Mention]]]:
    """The places named in each part, read together so that one part tells which 海州区 another means."""
    found: list[list[Mention]] = [[] for _ in parts]
    starts = list(accumulate((len(part) + 1 for part in parts), initial=0))
    for mention in gazetteer().mentions("\n".join(parts)):
        at = bisect_right(starts, mention.start) - 1
        found[at].append(replace(mention, start=mention.start - starts[at], end=mention.end - starts[at]))
    return [list(_chains(mentions, part)) for mentions, part in zip(found, parts, strict=True)]


class _Reading:
    """Collects candidates from the parts of one document."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.candidates: dict[str, Candidate] = {}

    def add_title(self, title: str, chains: Sequence[Sequence[Mention]]) -> None:
        """The title's first place gains most; where it visits one inside it, the visited one."""
        named = [(chain, self._candidate(chain)) for chain in chains]
        if not named:
            return
        leading = self._leading(title, named)
        own = {match[2][-1] for match in OWN.finditer(title) if match[1] in ("我", "本", "全")}
        for chain, candidate in named:
            context = _is_context(title, chain[-1], chain[0].start) or bool(own and candidate.name[-1] not in own)
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
        for chain in chains:
            self._candidate(chain).gains[how] += gain

    def add_text(self, chains: Sequence[Sequence[Mention]]) -> None:
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
            self.candidates[key].gains["text"] = 1.5 * log1p(count)

    def _weight(self, start: int, mention: Mention) -> tuple[float, str]:
        text, end = self.text, mention.end
        before, form = text[max(0, start - 28) : start], FORM[mention.form]
        if DATELINE.search(before) or OWNER.search(before):
            return 0.05, "context"
        if _is_context(text, mention, start):
            return 0.25 * form, "context"
        organ = ORGAN.match(text, end - 1 if mention.text[-1] in KIND_CHARS else end)
        if organ and SIGNED.search(before) and end > len(text) - 400:
            return form, "signature"
        return form, "organ" if organ else "text"

    def _candidate(self, chain: Sequence[Mention]) -> Candidate:
        name, division, level = _official(chain)
        key = division.code if division else name
        if key not in self.candidates:
            self.candidates[key] = Candidate(key, name, level, division)
        return self.candidates[key]


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
            joined += mention.text
    return joined, division, level


def _is_context(text: str, mention: Mention, start: int) -> bool:
    """Whether the place, named from `start`, is another's example, origin or destination, or part of a proper name."""
    before, after = text[max(0, start - 10) : start], text[mention.end : mention.end + 6]
    return bool(CONTEXT_BEFORE.search(before) or CONTEXT_AFTER.match(after))


def _own_kinds(text: str) -> Mapping[str, float]:
    """How strongly the document calls a place of this kind (市, 县, …) its own."""
    gains: dict[str, float] = defaultdict(float)
    for match in OWN.finditer(text):
        if match[1]:
            gains["自治区" if match[2] == "自治区" else match[2][-1]] += OWN_GAIN[match[1]]
        else:
            gains[match[3]] += 0.5
    return gains


def _best(candidates: Mapping[str, Candidate], own: Mapping[str, float]) -> Candidate | None:
    scores = {key: _score(c, candidates, own) for key, c in candidates.items()}
    if not scores:
        return None
    best = candidates[min(scores, key=lambda key: (-scores[key], key))]
    best = _finer(best, candidates, scores)
    if best.gains.keys() & NAMING:
        return best
    called_own = any(own.get(kind, 0.0) >= 2.0 for kind in _kinds(best.name))
    return best if scores[best.key] > (0.5 if called_own else 0.9) and not _is_digest(best, candidates) else None


def _finer(best: Candidate, candidates: Mapping[str, Candidate], scores: Mapping[str, float]) -> Candidate:
    """A place inside the best one that stands out among its neighbours, or whose site it is: texts of a city name their
    province too."""
    names = gazetteer()
    inside = [
        c for c in candidates.values()
        if best.division and c.division and c.key != best.key and names.within(c.key, best.key)
    ]  # fmt: skip
    ranked = sorted(inside, key=lambda c: (-scores[c.key], c.key))
    if not ranked or best.gains.get("title", 0.0) > 3.0:
        return best
    hosts = [c for c in ranked if "hint" in c.gains]
    if hosts and not best.gains.keys() & NAMING:
        return hosts[0]
    first = ranked[0]
    if scores[first.key] < 0.55 * scores[best.key]:
        return best
    rivals = [c for c in ranked[1:] if not (names.within(c.key, first.key) or names.within(first.key, c.key))]
    stands_out = not rivals or scores[rivals[0].key] < 0.34 * scores[first.key]
    return first if stands_out else best


def _is_digest(best: Candidate, candidates: Mapping[str, Candidate]) -> bool:
    """Whether the text goes through many provinces and none is its own: more than half of what is named lies elsewhere."""
    shares: dict[str, float] = defaultdict(float)
    for candidate in candidates.values():
        province = candidate.division.code[:2] if candidate.division else candidate.name
        shares[province] += candidate.gains.get("text", 0.0)
    mine = shares[best.division.code[:2] if best.division else best.name]
    return len(shares) > 3 and mine < 0.5 * sum(shares.values())


def _score(candidate: Candidate, candidates: Mapping[str, Candidate], own: Mapping[str, float]) -> float:
    gains = candidate.gains
    score = sum(gain for how, gain in gains.items() if how != "title")
    if candidate.division:
        names = gazetteer()
        inside = [
            sum(c.gains.values())
            for c in candidates.values()
            if c.division and c.key != candidate.key and names.within(c.key, candidate.key)
        ]
        score += 0.25 * min(sum(inside), 8.0)
    return gains.get("title", 0.0) + score * _agreement(candidate.name, own)


def _kinds(name: str) -> tuple[str, ...]:
    """What a document calls a place of this name: 我市; 我区 for a district as for an autonomous region."""
    return ("区", "自治区", "省") if name.endswith("自治区") else (name[-1],)


def _agreement(name: str, own: Mapping[str, float]) -> float:
    """1 where the document says nothing of its own kind of place; up to 1.6 where it is this one, down to 0.5 where another."""
    total = sum(own.values())
    return 1.0 if total < 1 else 0.5 + 1.1 * sum(own.get(kind, 0.0) for kind in _kinds(name)) / total
