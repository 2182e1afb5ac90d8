"""Places named in Chinese text: the table's names by longest match, guarded by word boundaries, then names known by form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from rag.analysis import Folded, fold, segment
from rag.gazetteer.table import GROUPINGS, Division, Form, Mention, Row, Table
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
    """One way to name divisions: those it can mean on its own (`codes`) and those only in context (`in_context`).
    A full name is not `plain` when its stem is also a word (会同县)."""

    text: str
    codes: tuple[str, ...]
    in_context: tuple[str, ...]
    form: Form
    plain: bool = True


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
        folded = fold(text)
        words = segment(folded.text)
        bounds = frozenset((0, *accumulate(map(len, words))))
        found = self._known(folded.text, bounds)
        found += self._unknown.mentions(folded.text, words, found)
        found.sort(key=lambda m: m.start)
        return tuple(found if folded.text == text else (_unfolded(m, folded, text) for m in found))

    def _known(self, text: str, bounds: frozenset[int]) -> list[Mention]:
        hits = list(self._hits(text, bounds))
        full = {code for _, name in hits if name.form == "full" and name.text not in GENERIC for code in name.codes}
        around = self._around(text, hits)
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

    def _around(self, text: str, hits: Sequence[tuple[int, Name]]) -> set[str]:
        """Divisions that the text names beyond doubt, with those above them: by a name of one meaning, or after its parent's."""
        found: set[str] = set()
        above: frozenset[str] = frozenset()
        end = -1
        for start, name in hits:
            codes = name.codes
            if text[end:start].strip(CONJUNCTIONS) == "":
                codes = tuple(c for c in name.codes if above.intersection(self._table.ancestors(c))) or codes
            if len(codes) == 1:
                found.update((codes[0], *self._table.ancestors(codes[0])))
            above, end = frozenset(codes), start + len(name.text)
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
        """Of several divisions of one level, those that the text also names in full, else those whose parents it names, if any."""
        levels = {self._table.rows[c].level for c in name.codes}
        if len(name.codes) == 1 or len(levels) > 1:
            return name.codes
        named = [c for c in name.codes if c in around]
        return named or [c for c in name.codes if around.intersection(self._table.ancestors(c))] or name.codes

    def _stem_owner(self, stem: str, level: Level) -> tuple[Division, ...]:
        """Divisions of that level now called otherwise: 增城市 is 增城区, 射洪县 is 射洪市."""
        name = self._names.get(stem)
        if name is None or name.form != "short":
            return ()
        found = tuple(self._table.division(c) for c in (*name.codes, *name.in_context))
        kept = tuple(d for d in found if d.level is level)
        return kept if len(kept) == 1 else ()


def _unfolded(mention: Mention, folded: Folded, text: str) -> Mention:
    """The mention with its range and text in the original; `stem` stays folded (traditional → simplified)."""
    start, end = folded.original(mention.start, mention.end)
    return replace(mention, start=start, end=end, text=text[start:end])


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
    texts = [text for text in {**strong, **weak} if len(text) > 1]
    found = {text: _name(text, strong.get(text, []), weak.get(text, [])) for text in texts}
    found.update((f, found[t]) for f, t in zip(fold("\n".join(texts)).text.split("\n"), texts, strict=True) if f != t)
    words = {text for text, name in found.items() if not name.codes}
    return {t: replace(n, plain=False) if n.form == "full" and t[:-1] in words else n for t, n in found.items()}


def _name(text: str, strong: list[tuple[Form, Row]], weak: list[tuple[Form, Row]]) -> Name:
    def order(item: tuple[Form, Row]) -> tuple[int, int, int, str]:
        form, row = item
        return FORM_RANK[form], RANK[Level(row.level)], _prominence(row), row.code

    form = min((form for form, _ in (strong or weak)), key=FORM_RANK.__getitem__)
    codes, others = ([row.code for _, row in sorted(items, key=order)] for items in (strong, weak))
    return Name(text, tuple(dict.fromkeys(codes)), tuple(dict.fromkeys(others)), form)


def _prominence(row: Row) -> int:
    """Of districts of one name, those of the four municipalities come first, then those of provincial capitals."""
    return 0 if row.code[:2] in ("11", "12", "31", "50") else 1 if row.code[2:4] == "01" else 2


def _stands(text: str, start: int, name: Name, bounds: frozenset[int]) -> bool:
    """Whether the name is not a part of other words here."""
    end = start + len(name.text)
    if name.form == "full" and len(name.text) > 2:
        return name.plain or text[end : end + 1] not in tuple("区县市级域")
    if start not in bounds or end not in bounds:
        return name.form == "full" and start in bounds and text[end : end + 1] in set("委人政")
    if name.form != "full" or name.text[0] not in LEADERS:
        return True
    between = text[start - 1 : start] in tuple("省市县区乡镇村") or text[end : end + 1] in tuple("直区乡级")
    return not between and not any(i in bounds for i in range(start + 1, end))


def _heads_line(text: str, start: int, end: int) -> bool:
    """A name before the first colon of a line: 乾县：让人才成为…"""
    return (start == 0 or text[start - 1] in "\n#【[ 　") and text[end : end + 1] in ("：", ":")


def _stem(division: Division, name: Name) -> str:
    if name.form != "full":
        return name.text
    return next((a for a in division.aliases if name.text.startswith(a)), name.text)
