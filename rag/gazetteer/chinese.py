"""Places named in Chinese text: the table's names by longest match, guarded by word boundaries, then names known by form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from rag.analysis import segment
from rag.gazetteer.table import GROUPINGS, Division, Form, Mention, Row, Table, level_of_form
from rag.gazetteer.unknown import UnknownMatcher
from rag.types import Level

RANK: Final = {Level.PROVINCE: 0, Level.PREFECTURE: 1, Level.COUNTY: 2, Level.TOWNSHIP: 3}
FORM_RANK: Final = {"full": 0, "short": 1, "alias": 2, "unknown": 3}
LEADERS: Final = frozenset("和与及新应成任单容文费易礼兴全大各本我该强小老某每邻外")
GENERIC: Final = frozenset({
    "城区", "郊区", "矿区", "东区", "西区", "北区", "南区", "老城区", "新城区", "新市区", "城中区", "市中区", "解放区", "港口区",
})  # fmt: skip
CONJUNCTIONS: Final = "·・、 　"


@dataclass(frozen=True, slots=True)
class Name:
    """One way to name divisions: those it can mean on its own (`codes`) and those only in context (`in_context`)."""

    text: str
    codes: tuple[str, ...]
    in_context: tuple[str, ...]
    form: Form


class ChineseMatcher:
    """The table's Chinese names, indexed by their first two characters. Scans about 5 million characters a second."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._names = _names(table)
        heads: dict[str, set[int]] = defaultdict(set)
        for name in self._names:
            heads[name[:2]].add(len(name))
        self._lengths = {head: sorted(sizes, reverse=True) for head, sizes in heads.items()}
        self._unknown = UnknownMatcher(self._stem_owner)

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Places named in the text, in order, not overlapping."""
        words = segment(text)
        bounds = frozenset((0, *accumulate(map(len, words))))
        found = self._known(text, bounds)
        found += self._unknown.mentions(text, words, found)
        return tuple(sorted(found, key=lambda m: m.start))

    def _known(self, text: str, bounds: frozenset[int]) -> list[Mention]:
        hits = list(self._hits(text, bounds))
        full = {code for _, name in hits if name.form == "full" and name.text not in GENERIC for code in name.codes}
        around = {c for _, name in hits for code in name.codes for c in (code, *self._table.ancestors(code))}
        found: list[Mention] = []
        for start, name in hits:
            before = found[-1] if found and text[found[-1].end : start].strip(CONJUNCTIONS) == "" else None
            codes = self._meant(text, start, name, before, full, around)
            if codes:
                end = start + len(name.text)
                divisions = tuple(self._table.division(code) for code in codes)
                found.append(
                    Mention(start, end, name.text, divisions, name.form, _stem(divisions[0], name), divisions[0].level)
                )
        return found

    def _hits(self, text: str, bounds: frozenset[int]) -> Iterator[tuple[int, Name]]:
        lengths, names, position = self._lengths, self._names, 0
        for i in [i for i in range(len(text) - 1) if text[i : i + 2] in lengths]:
            if i < position:
                continue
            for size in lengths[text[i : i + 2]]:
                name = names.get(text[i : i + size])
                if name is not None and _stands(text, i, name, bounds):
                    yield i, name
                    position = i + size
                    break

    def _meant(
        self, text: str, start: int, name: Name, before: Mention | None, full: set[str], around: set[str]
    ) -> Sequence[str]:
        everything = (*name.codes, *name.in_context)
        if before is not None:
            above = {d.code for d in before.candidates}
            inside = [c for c in everything if above.intersection(self._table.ancestors(c))]
            if inside:
                return inside
        if not name.codes:
            named = [c for c in name.in_context if c in full]
            return named or (name.in_context if _heads_line(text, start, start + len(name.text)) else ())
        return self._nearest(name, around)

    def _nearest(self, name: Name, around: set[str]) -> Sequence[str]:
        """Of several divisions of one level, those whose parents the text names, if any."""
        levels = {self._table.rows[c].level for c in name.codes}
        if len(name.codes) == 1 or len(levels) > 1:
            return name.codes
        return [c for c in name.codes if around.intersection(self._table.ancestors(c))] or name.codes

    def _stem_owner(self, stem: str, level: Level) -> tuple[Division, ...]:
        """Divisions of that level now called otherwise: 增城市 is 增城区, 射洪县 is 射洪市."""
        name = self._names.get(stem)
        if name is None or name.form != "short":
            return ()
        found = tuple(self._table.division(c) for c in (*name.codes, *name.in_context))
        kept = tuple(d for d in found if d.level is level)
        return kept if len(kept) == 1 else ()


def _names(table: Table) -> Mapping[str, Name]:
    strong: dict[str, list[tuple[Form, Row]]] = defaultdict(list)
    weak: dict[str, list[tuple[Form, Row]]] = defaultdict(list)
    for row in table.rows.values():
        if row.name in GROUPINGS:
            continue
        (weak if row.name in GENERIC else strong)[row.name].append(("full", row))
        for form, names in (("short", row.shorts), ("alias", row.aliases)):
            for name in filter(None, names.split("|")):
                (weak if name[-1] == "?" else strong)[name.rstrip("?")].append(
                    ("short" if form == "short" else "alias", row)
                )
    return {text: _name(text, strong.get(text, []), weak.get(text, [])) for text in {*strong, *weak} if len(text) > 1}


def _name(text: str, strong: list[tuple[Form, Row]], weak: list[tuple[Form, Row]]) -> Name:
    def order(item: tuple[Form, Row]) -> tuple[int, int, str]:
        form, row = item
        return FORM_RANK[form], RANK[Level(row.level)], row.code

    form = min((form for form, _ in (strong or weak)), key=FORM_RANK.__getitem__)
    codes, others = ([row.code for _, row in sorted(items, key=order)] for items in (strong, weak))
    return Name(text, tuple(dict.fromkeys(codes)), tuple(dict.fromkeys(others)), form)


def _stands(text: str, start: int, name: Name, bounds: frozenset[int]) -> bool:
    """Whether the name is not a part of other words here."""
    end = start + len(name.text)
    if name.form == "full" and len(name.text) > 2:
        return True
    if start not in bounds or end not in bounds:
        return name.form == "full" and start in bounds and text[end : end + 1] in set("委人政")
    one_word = not any(i in bounds for i in range(start + 1, end))
    return one_word or name.form != "full" or name.text[0] not in LEADERS


def _heads_line(text: str, start: int, end: int) -> bool:
    """A name before the first colon of a line: 乾县：让人才成为…"""
    return (start == 0 or text[start - 1] in "\n#【[ 　") and text[end : end + 1] in ("：", ":")


def _stem(division: Division, name: Name) -> str:
    if name.form != "full":
        return name.text
    return next((a for a in division.aliases if name.text.startswith(a)), name.text)


def finer(first: Mention, second: Mention) -> Mention:
    """The mention of the lower level; the first of equals."""
    levels = [RANK[m.level] if m.level else -1 for m in (first, second)]
    return second if levels[1] > levels[0] else first


def as_unknown(mention: Mention) -> Mention:
    """The same mention without divisions, as if only its form were known."""
    return replace(mention, candidates=(), form="unknown", level=level_of_form(mention.text))
