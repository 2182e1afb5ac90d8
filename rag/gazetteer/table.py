"""The table of divisions, read from package data."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final, Literal

from rag.types import Level

DATA: Final = Path(__file__).parent.parent / "data"
GROUPINGS: Final = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})

Form = Literal["full", "short", "alias", "unknown"]

LEVEL_OF_KIND: Final = {
    "省": Level.PROVINCE, "自治区": Level.PROVINCE, "特别行政区": Level.PROVINCE,
    "市": Level.PREFECTURE, "盟": Level.PREFECTURE, "自治州": Level.PREFECTURE, "州": Level.PREFECTURE, "地区": Level.PREFECTURE,
    "县": Level.COUNTY, "自治县": Level.COUNTY, "区": Level.COUNTY, "新区": Level.COUNTY, "旗": Level.COUNTY, "自治旗": Level.COUNTY,
    "镇": Level.TOWNSHIP, "乡": Level.TOWNSHIP, "街道": Level.TOWNSHIP, "苏木": Level.TOWNSHIP,
    "province": Level.PROVINCE, "city": Level.PREFECTURE, "prefecture": Level.PREFECTURE, "league": Level.PREFECTURE,
    "county": Level.COUNTY, "district": Level.COUNTY, "banner": Level.COUNTY, "new area": Level.COUNTY,
    "town": Level.TOWNSHIP, "township": Level.TOWNSHIP, "subdistrict": Level.TOWNSHIP,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Division:
    """One division. `name` is official (祁东县); `english` is its English name with its kind (Qidong County);
    `aliases` are its other Chinese names, short ones first (祁东); `parent` is a code."""

    code: str
    name: str
    level: Level
    parent: str | None
    english: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names a place: `text` is the name found at [start, end), in English the name with its kind as written.

    `candidates` are the divisions it can mean, likeliest first; none for a name that only its form shows to be a place (澄河县).
    `stem` is the name without its kind (澄河; Chenghe); `level` is what its kind says, None where it says nothing.
    """

    start: int
    end: int
    text: str
    candidates: tuple[Division, ...]
    form: Form
    stem: str = ""
    level: Level | None = None


@lru_cache(maxsize=1)
def _peoples() -> re.Pattern[str]:
    return re.compile(
        "(?:(?:蒙古|维吾尔|朝鲜|土家|哈尼|哈萨克|傈僳|高山|拉祜|东乡|纳西|景颇|柯尔克孜|达斡尔|仫佬|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|"
        "乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|布依|[藏回苗彝壮满侗瑶白傣黎佤畲水土羌怒京])族)+$"
    )


def without_peoples(name: str) -> str:
    """A name without the peoples that stand between it and 自治: 阿兰藏族羌族 → 阿兰."""
    return _peoples().sub("", name) if name.endswith("族") else name


def level_of_form(name: str) -> Level | None:
    """The level that a name's own kind says (澄河县 → county; 岚泉市 → prefecture), None where it has none."""
    size = next((n for n in range(5, 0, -1) if name[-n:] in LEVEL_OF_KIND and len(name) > n), 0)
    return LEVEL_OF_KIND[name[-size:]] if size else None


class Table:
    """The divisions by code. Opening takes a millisecond; divisions are made when asked for."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = dict(line.split("\t", 1) for line in lines)
        self._divisions: dict[str, Division] = {}
        self._ancestors: dict[str, tuple[str, ...]] = {}

    @property
    def codes(self) -> Collection[str]:
        """All codes, in order, statistical groupings too."""
        return self._lines.keys()

    def division(self, code: str) -> Division:
        """The division with this code. Raises KeyError."""
        found = self._divisions.get(code)
        if found is None:
            name, level, parent, english, aliases, _ = self._lines[code].split("\t")
            found = Division(code, name, Level(level), parent or None, english, tuple(filter(None, aliases.split("|"))))
            self._divisions[code] = found
        return found

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Codes above this one, nearest first, without the statistical groupings (市辖区 …). Raises KeyError."""
        known = self._ancestors.get(code)
        if known is None:
            parent = self.division(code).parent
            above = () if parent is None else self.ancestors(parent)
            named = parent is not None and self.division(parent).name not in GROUPINGS
            known = self._ancestors[code] = (parent, *above) if parent and named else above
        return known

    def official(self, code: str) -> str:
        """Official names joined from the province down: 湖南省衡阳市祁东县. Raises KeyError."""
        return "".join(self.division(c).name for c in reversed((code, *self.ancestors(code))))

    def by_official(self, official: str) -> str | None:
        """The code with this official joined name, None where there is none. The few that end in the name are looked at: to
        join all names takes 20 ms."""
        return next((code for code in self._ending(official) if self.official(code) == official), None)

    def _ending(self, official: str) -> Iterator[str]:
        """Codes whose own name ends this one, the last in order first."""
        for code, line in reversed(self._lines.items()):
            name = line[: line.index("\t")]
            if official.endswith(name) and name not in GROUPINGS:
                yield code

    @cached_property
    def by_letter(self) -> Mapping[str, str]:
        """Codes by the sign that stands for the place in document numbers."""
        return {letter: code for code, line in self._lines.items() for letter in line.rsplit("\t", 1)[1]}


def data_lines(name: str) -> list[str]:
    """The lines of a file of the gazetteer's package data."""
    return (DATA / name).read_text(encoding="utf-8").splitlines()


@lru_cache(maxsize=1)
def table() -> Table:
    """The bundled table, read once."""
    return Table(data_lines("divisions.tsv"))
