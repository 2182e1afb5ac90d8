"""The place that a document speaks for.

Every place named in the title, the byline and the text is a candidate. It gains by where it stands (title, byline, an organ's
name, the beginning, the signature), by how often and by which form it is named, and when its kind is what the document calls its
own (“我市”, “全县”). Places that are only context (a dateline, another place's example, the site's owner) gain little or nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rag.documents.candidates import OWN, Candidate, Candidates, chains_by_part
from rag.gazetteer import gazetteer
from rag.types import Evidence, Level

HEAD_CHARS: Final = 4_000
TAIL_CHARS: Final = 800
MINISTRY: Final = (
    r"(?:中共中央|国务院|最高人民(?:法院|检察院)|海关总署|税务总局|市场监管总局|审计署|国资委"
    r"|国家(?:税务总局|发展改革委|发改委|发展和改革委员会|卫生健康委员?会?|市场监督管理总局|[一-鿿]{2,6}(?:管理|保障|储备)局|统计局|能源局|民委)"
    r"|(?:财政|商务|教育|民政|人力资源和?社会保障|工业和信息化|交通运输|农业农村|生态环境|住房和?城乡建设|自然资源|科技|科学技术|公安|司法|水利"
    r"|文化和旅游|应急管理)部)"
)
LOCAL: Final = re.compile(r"[\s【《]*([省市区县州盟旗])[一-鿿]{1,12}?(?:局|委|厅|办|政府|指挥部|领导小组)")
NATIONAL: Final = re.compile(rf"[\s【《]*(?:{MINISTRY}|全国|中央)")
SIGNED_NATIONAL: Final = re.compile(rf"[\s　]{MINISTRY}(?:办公厅)?[\s　]+(?:[一-鿿]{{2,20}}[\s　]+){{0,6}}20\d\d\s*年")
TITLE_DATELINE: Final = re.compile(r"(?:新华社|中新社|中新网|人民网|新华网|本报)[^，。\s]{0,8}\d+月\d+日[电讯]")
NAMING: Final = frozenset({"title", "byline", "signature", "hint"})
OWN_GAIN: Final = {"我": 2.0, "本": 1.5, "全": 1.0, "该": 0.3}


@dataclass(frozen=True, slots=True)
class Located:
    """`place` joins official names as far as known; None when the document names no place of its own.
    The evidence of a place is where it was read; (0, 0) when in the title, byline, source or hints alone."""

    place: str | None = None
    level: Level | None = None
    evidence: tuple[Evidence, ...] = ()


def locate(text: str, *, title: str, byline: str | None, source: str, hints: Sequence[str] = ()) -> Located:
    """The place that the document speaks for, with the evidence. Raises nothing.

    `title`, `byline` and `source` are as read; `hints` are other texts that may name the place (site name, file name, neighbours).
    """
    name = re.sub(r"\.[A-Za-z]+$", "", source.rsplit("/", 1)[-1])
    dateline = TITLE_DATELINE.search(title)
    title = title[: dateline.start()] if dateline else title
    text, skipped = _scanned(text)
    reading = Candidates(text)
    chains, (title_chains, byline_chains, *other_chains) = chains_by_part(text, (title, byline or "", name, *hints))
    reading.add_title(title, title_chains)
    reading.add_line("byline", byline_chains, 5.0)
    reading.add_text(chains)
    for other in other_chains:
        reading.add_line("hint", other, 1.5)
    own = _own_kinds("\n".join((title, byline or "", text)))
    best = _best(reading.places, own, _is_national(title, text))
    if best is None:
        return Located()
    shifts = ((skipped * (start > HEAD_CHARS), start, end, how) for start, end, how in best.seen[:3])
    evidence = tuple(Evidence("place", best.name, start + by, end + by, how) for by, start, end, how in shifts)
    return Located(best.name, best.level, evidence or (Evidence("place", best.name, 0, 0, next(iter(best.gains))),))


def _scanned(text: str) -> tuple[str, int]:
    """The beginning and the end of a long text, and how many characters are left out between."""
    skipped = len(text) - HEAD_CHARS - 1 - TAIL_CHARS
    return (text, 0) if skipped <= 0 else (f"{text[:HEAD_CHARS]}\n{text[-TAIL_CHARS:]}", skipped)


def _is_national(title: str, text: str) -> bool:
    """Whether a ministry issues it: by the title, or by the signature where the title is of no local office (市商务局关于…)."""
    return bool(NATIONAL.match(title) or (SIGNED_NATIONAL.search(text) and not LOCAL.match(title)))


def _own_kinds(text: str) -> Mapping[str, float]:
    """How strongly the document, which begins with its title, calls a place of this kind (市, 县, …) its own."""
    gains: dict[str, float] = defaultdict(float)
    if office := LOCAL.match(text):
        gains[office[1]] += 1.0
    for match in OWN.finditer(text):
        if match[2]:
            gains["自治区" if match[2] == "自治区" else match[2][-1]] += OWN_GAIN[match[1]]
        else:
            gains[match[1]] += 0.5
    return gains


def _best(candidates: Mapping[str, Candidate], own: Mapping[str, float], national: bool) -> Candidate | None:
    """The likeliest place, None where none is likely. What a ministry issues speaks for no place that it merely names."""
    scores = {key: _score(c, candidates, own) for key, c in candidates.items()}
    if not scores:
        return None
    best = candidates[min(scores, key=lambda key: (-scores[key], key))]
    best = _finer(best, candidates, scores)
    named = best.gains.keys() & NAMING
    if named or national:
        return best if named - {"hint"} or not national else None
    called_own = sum(own.get(kind, 0.0) for kind in _kinds(best.name)) >= max(0.5, 0.5 * sum(own.values()))
    acts = called_own or "organ" in best.gains
    enough = scores[best.key] > (0.5 if called_own else 0.9)
    return best if acts and enough and not _is_digest(best, candidates) else None


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
    """Whether the text goes through many provinces and most of what it names is not the best place, in it or around it."""
    provinces = {c.division.code[:2] if c.division else c.name for c in candidates.values()}
    mine = sum(
        c.gains.get("text", 0.0)
        for c in candidates.values()
        if best.name.startswith(c.name) or c.name.startswith(best.name)
    )
    return len(provinces) > 3 and mine < 0.5 * sum(c.gains.get("text", 0.0) for c in candidates.values())


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
