"""Builds the gazetteer's package data: rag/data/{divisions,names,english,pinyin}.tsv
and words.txt.

    python tools/build_gazetteer.py DIVISIONS.tsv

DIVISIONS.tsv: columns code, name, level, parent, pinyin, English; the facts of modood/Administrative-divisions-of-China (national
statistics codes of 2023, WTFPL, commit 57a0aa9). Its pinyin and English are of mixed quality and are not used: readings come from
pypinyin's single characters with place readings put before (都 du, 长 chang), whole names from tools/gazetteer/pinyin.tsv, and
English names from the reading or, where English uses another name (Golmud, Hohhot, Tibet), from tools/gazetteer/english.tsv.
Words that a short name could be mistaken for are those of jieba's dictionary that it does not tag as a place, and
tools/gazetteer/ambiguous.txt. Needs pypinyin and jieba's dictionary; the library itself needs neither.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import jieba
from pypinyin import Style, pinyin

from rag.analysis import fold
from rag.gazetteer.romanise import fold as latin

HERE = Path(__file__).parent / "gazetteer"
DATA = Path(__file__).parent.parent / "rag" / "data"

REGIONS = [
    ("710000", "台湾省", "province", ""),
    ("810000", "香港特别行政区", "province", ""),
    ("820000", "澳门特别行政区", "province", ""),
]
GROUPINGS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}

PEOPLES = {
    "蒙古族": "Mongol", "蒙古": "Mongol", "藏族": "Tibetan", "回族": "Hui", "维吾尔": "Uygur", "苗族": "Miao", "彝族": "Yi",
    "壮族": "Zhuang", "布依族": "Buyei", "朝鲜族": "Korean", "满族": "Manchu", "侗族": "Dong", "瑶族": "Yao", "白族": "Bai",
    "土家族": "Tujia", "哈尼族": "Hani", "哈萨克族": "Kazakh", "哈萨克": "Kazakh", "傣族": "Dai", "黎族": "Li", "傈僳族": "Lisu",
    "佤族": "Va", "畲族": "She", "拉祜族": "Lahu", "水族": "Sui", "东乡族": "Dongxiang", "纳西族": "Naxi", "景颇族": "Jingpo",
    "柯尔克孜": "Kyrgyz", "土族": "Tu", "达斡尔族": "Daur", "仫佬族": "Mulao", "羌族": "Qiang", "布朗族": "Blang",
    "撒拉族": "Salar", "毛南族": "Maonan", "仡佬族": "Gelao", "锡伯": "Xibe", "普米族": "Pumi", "塔吉克": "Tajik", "怒族": "Nu",
    "保安族": "Bonan", "裕固族": "Yugur", "独龙族": "Derung", "各族": "Various Nationalities",
}  # fmt: skip
PEOPLE = "|".join(sorted(PEOPLES, key=len, reverse=True))
AUTONOMOUS = re.compile(rf"(.{{2,}}?)((?:{PEOPLE})*)族?(自治县|自治州|自治旗|自治区)")
KINDS = {
    "自治县": "Autonomous County", "自治州": "Autonomous Prefecture", "自治旗": "Autonomous Banner",
    "自治区": "Autonomous Region", "特别行政区": "Special Administrative Region", "地区": "Prefecture", "林区": "Forestry District",
    "特区": "Special District", "矿区": "Mining District", "新区": "New Area", "县": "County", "区": "District", "省": "Province",
    "盟": "League", "旗": "Banner", "市": "City",
}  # fmt: skip
SHORTENED_OFTEN = ("地区", "林区", "特区", "矿区", "新区", "市", "县", "区", "省", "盟", "旗")
PLACE_READINGS = {
    "都": "du", "长": "chang", "什": "shi", "勒": "le", "六": "liu", "尉": "wei", "行": "xing", "朝": "chao", "会": "hui",
    "单": "shan", "大": "da", "乐": "le", "曲": "qu", "重": "chong", "佛": "fo", "藏": "zang", "侗": "dong", "牟": "mou",
    "番": "fan", "石": "shi", "台": "tai", "解": "jie", "盛": "sheng", "洞": "dong", "堡": "bao", "柏": "bai", "薄": "bo",
    "尾": "wei", "埔": "pu", "圳": "zhen", "涌": "chong", "峒": "tong", "泊": "bo", "莞": "guan", "车": "che", "乾": "qian",
    "龟": "gui", "种": "zhong", "翟": "zhai", "覃": "qin", "区": "qu", "弄": "long", "陂": "pi",
    "硚": "qiao", "岔": "cha", "兴": "xing", "头": "tou", "厦": "xia", "铅": "qian", "宁": "ning", "蔚": "wei", "燕": "yan",
    "令": "ling", "冠": "guan", "宿": "su", "应": "ying", "咸": "xian", "阿": "a", "贾": "jia", "万": "wan", "塔": "ta",
    "棱": "ling", "格": "ge", "哈": "ha", "喀": "ka", "卡": "ka", "和": "he", "沈": "shen", "仇": "qiu",
}  # fmt: skip
LEVELS = ("province", "prefecture", "county")
GENERIC = {
    "城区", "郊区", "矿区", "东区", "西区", "北区", "南区", "老城区", "新城区", "新市区", "城中区", "市中区", "解放区", "港口区",
}  # fmt: skip
NAME_TAGS = {"ns", "nr", "nrt", "nz", "nrfg"}


@dataclass
class Row:
    code: str
    name: str
    level: str
    parent: str
    shorts: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    english: list[str] = field(default_factory=list)
    letters: str = ""


def table(name: str) -> list[tuple[str, str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [(a, b) for a, b in (line.split("\t") for line in lines if line and not line.startswith("#"))]


def listing(name: str) -> set[str]:
    return set((HERE / name).read_text(encoding="utf-8").split("\n", 1)[1].split())


def stem(name: str) -> str:
    """The name without its kind: 祁东县 → 祁东, 三江侗族自治县 → 三江; the name itself where that leaves one character."""
    match = AUTONOMOUS.fullmatch(name)
    if match:
        return match[1]
    for kind in ("特别行政区", *SHORTENED_OFTEN):
        if name.endswith(kind) and len(name) - len(kind) >= 2:
            return name[: -len(kind)]
    return name


def kind(name: str) -> str:
    return next((k for k in KINDS if name.endswith(k)), "")


class Readings:
    """Syllables of a place name."""

    def __init__(self) -> None:
        self.names = {name: syllables.split() for name, syllables in table("pinyin.tsv")}

    def char(self, char: str) -> str:
        if char in PLACE_READINGS:
            return PLACE_READINGS[char]
        return pinyin(char, style=Style.NORMAL, heteronym=False)[0][0].replace("ü", "v")

    def syllables(self, name: str) -> list[str]:
        out: list[str] = []
        while name:
            size = next((n for n in range(len(name), 0, -1) if name[:n] in self.names), 0)
            out += self.names[name[:size]] if size else [self.char(name[0])]
            name = name[max(size, 1) :]
        return out


def spelled(syllables: list[str]) -> str:
    """Xi'an, Qidong, Lüliang."""
    out = "".join(("'" if i and s[0] in "aeo" else "") + s for i, s in enumerate(syllables))
    out = re.sub(r"(?<=[ln])v", "ü", out)
    return out[:1].upper() + out[1:]


def people_of(name: str) -> str:
    match = AUTONOMOUS.fullmatch(name)
    names = re.findall(PEOPLE, match[2]) if match else []
    return " and ".join(
        [", ".join(PEOPLES[n] for n in names[:-1])] * (len(names) > 1) + [PEOPLES[n] for n in names[-1:]]
    )


def official(rows: dict[str, Row], code: str) -> str:
    parts: list[str] = []
    while code:
        row = rows[code]
        if row.name not in GROUPINGS:
            parts.append(row.name)
        code = row.parent
    return "".join(reversed(parts))


def read_rows(path: Path) -> dict[str, Row]:
    """Rows by code. Cities without counties have a second row for themselves (东莞市, 嘉峪关市), which is left out."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    rows = {c: Row(c, name, level, parent) for c, name, level, parent, *_ in (line.split("\t") for line in lines)}
    rows = {c: row for c, row in rows.items() if row.parent not in rows or rows[row.parent].name != row.name}
    rows.update({region[0]: Row(*region) for region in REGIONS})
    return rows


def jieba_words() -> dict[str, str]:
    words = (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines()
    return {word: tag for word, _, tag in (line.split(" ") for line in words)}


def add_names(rows: dict[str, Row], readings: Readings) -> None:
    by_official: dict[str, list[Row]] = defaultdict(list)
    for code, row in rows.items():
        if row.name not in GROUPINGS:
            by_official[official(rows, code)].append(row)
    for row in rows.values():
        if row.name not in GROUPINGS:
            add_short(row)
            english = spelled(readings.syllables(stem(row.name)))
            row.english = [" ".join(filter(None, (english, people_of(row.name), KINDS.get(kind(row.name), ""))))]
            row.english.append(english)
    for name, english in table("english.tsv"):
        require(by_official[name], name)
        for row in by_official[name]:
            first, *others = english.split("|")
            row.english = [f"{first} {KINDS.get(kind(row.name), '')}".strip(), first, *others, row.english[-1]]
    for alias, name in table("aliases.tsv"):
        found = by_official[name]
        require(found, name)
        for row in found[-1:]:
            if alias.rstrip("?") not in (*row.shorts, row.name):
                row.aliases.append(alias)
    for letter, name in table("letters.tsv"):
        by_official[name][-1].letters += letter


def require(found: list[Row], name: str) -> None:
    if not found:
        raise SystemExit(f"no division is called {name}: correct the file in {HERE}")


def add_short(row: Row) -> None:
    short = stem(row.name)
    if short == row.name or len(short) > 6:
        return
    if kind(row.name) == "旗" and (len(short) < 3 or short[-1] in "左右前中后"):
        short = ""
    if short:
        row.shorts.append(short)
    match = AUTONOMOUS.fullmatch(row.name)
    if match and match[2] and len(match[1]) >= 2 and match[3] != "自治区":
        row.shorts.append(match[1] + match[3][-1])


def mark_ambiguous(rows: dict[str, Row]) -> None:
    """Puts "?" after the short names that are also something else."""
    words, listed, plain = jieba_words(), listing("ambiguous.txt"), listing("plain.txt")
    holders: dict[str, list[Row]] = defaultdict(list)
    for row in rows.values():
        for short in row.shorts:
            holders[short].append(row)

    def ambiguous(short: str, row: Row) -> bool:
        if short in listed:
            return True
        above = any(other.level != "county" for other in holders[short])
        if above:
            return False
        named = short not in words or short in plain or words[short] in NAME_TAGS
        return len(holders[short]) > 1 or (len(short) == 2 and not named)

    for row in rows.values():
        row.shorts = [short + "?" * ambiguous(short, row) for short in row.shorts]


def unique(items: list[str]) -> list[str]:
    return list(dict.fromkeys(items))


def write(name: str, lines: list[str]) -> None:
    (DATA / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def write_divisions(rows: dict[str, Row]) -> None:
    """code, name, level, parent, English name, other Chinese names, signs in document numbers"""
    lines = []
    for code in sorted(rows):
        row = rows[code]
        aliases = unique([name.rstrip("?") for name in (*row.shorts, *row.aliases)])
        fields = (code, row.name, row.level, row.parent, "".join(row.english[:1]), "|".join(aliases), row.letters)
        lines.append("\t".join(fields))
    write("divisions.tsv", lines)


def write_names(rows: dict[str, Row]) -> None:
    """name, form (f, s, a), whether its stem is no word, codes that it means, codes that it means in context; likeliest first"""
    strong: dict[str, list[tuple[int, Row]]] = defaultdict(list)
    weak: dict[str, list[tuple[int, Row]]] = defaultdict(list)
    for row in rows.values():
        if row.name in GROUPINGS:
            continue
        (weak if row.name in GENERIC else strong)[row.name].append((0, row))
        for form, names in ((1, row.shorts), (2, row.aliases)):
            for name in names:
                (weak if name[-1] == "?" else strong)[name.rstrip("?")].append((form, row))
    texts = sorted(text for text in {**strong, **weak} if len(text) > 1)
    folded = fold("\n".join(texts)).text.split("\n")
    lines = []
    for text, plain in zip(texts, folded, strict=True):
        forms = [form for form, _ in (strong.get(text) or weak[text])]
        standing, in_context = (
            " ".join(unique([r.code for _, r in sorted(side.get(text, []), key=order)])) for side in (strong, weak)
        )
        sure = not (0 in forms and text[:-1] in weak and text[:-1] not in strong)
        lines += [f"{name}\t{'fsa'[min(forms)]}\t{sure:d}\t{standing}\t{in_context}" for name in unique([text, plain])]
    write("names.tsv", lines)


def order(item: tuple[int, Row]) -> tuple[int, int, int, str]:
    """Likeliest first: by form, level, then districts of the four municipalities, then those of provincial capitals."""
    form, row = item
    prominence = 0 if row.code[:2] in ("11", "12", "31", "50") else 1 if row.code[2:4] == "01" else 2
    return form, LEVELS.index(row.level), prominence, row.code


def write_english(rows: dict[str, Row], readings: Readings) -> None:
    """spelling folded to a–z, codes; counties of one character by it and a plus sign (乾县: qian+)"""
    keys: dict[str, list[Row]] = defaultdict(list)
    for row in rows.values():
        if row.name not in GROUPINGS:
            syllables = readings.syllables(stem(row.name))
            for key in {latin(name) for name in (*row.english[1:], "".join(syllables))}:
                keys[key].append(row)
            if len(row.name) == 2 and row.name.endswith("县"):
                keys[f"{latin(syllables[0])}+"].append(row)
    write(
        "english.tsv",
        [
            f"{key}\t{' '.join(r.code for r in sorted(found, key=lambda r: order((0, r))))}"
            for key, found in sorted(keys.items())
        ],
    )


def write_pinyin(rows: dict[str, Row], readings: Readings) -> None:
    """reading, its characters; then names of several characters that are read otherwise, their syllables"""
    chars: dict[str, list[str]] = defaultdict(list)
    for point in range(0x4E00, 0x9FA6):
        reading = readings.char(chr(point))
        if reading.isascii() and reading.isalpha() and common(chr(point)):
            chars[reading].append(chr(point))
    lines = [f"{reading}\t{''.join(found)}" for reading, found in sorted(chars.items())]
    names = unique([stem(row.name) for row in rows.values() if row.name not in GROUPINGS])
    for name in sorted(name for name in names if len(name) > 1):
        syllables = readings.syllables(name)
        if syllables != [readings.char(char) for char in name]:
            lines.append(f"{name}\t{' '.join(syllables)}")
    write("pinyin.tsv", lines)


def write_words(rows: dict[str, Row]) -> None:
    """common words that no place is called: what stands before 县 or 区 in 贫困县, 示范区 and is no name; on the second line
    those that are so only before 区"""
    shorts = {short.rstrip("?") for row in rows.values() for short in row.shorts}
    lines = ((Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8")).splitlines()
    always, before_district = [], []
    for word, frequency, tag in (line.split(" ") for line in lines):
        name, place = tag in NAME_TAGS, tag in ("f", "s")
        least = 1500 if name else 20 if tag[0] in "vadpcrmtq" else 200
        area = 1500 if name or place else 60
        if word not in shorts and int(frequency) >= (least if len(word) == 2 else max(least, 200)):
            always += [word] * (len(word) in (2, 3))
        elif word not in shorts and len(word) == 2 and int(frequency) >= area:
            before_district.append(word)
    write("words.txt", [" ".join(sorted(always)), " ".join(sorted(before_district))])


def common(char: str) -> bool:
    """Simplified characters that GB2312 has, and the rarer ones of place names (GBK)."""
    try:
        char.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def main() -> None:
    rows, readings = read_rows(Path(sys.argv[1])), Readings()
    add_names(rows, readings)
    mark_ambiguous(rows)
    DATA.mkdir(exist_ok=True)
    write_divisions(rows)
    write_names(rows)
    write_english(rows, readings)
    write_pinyin(rows, readings)
    write_words(rows)


if __name__ == "__main__":
    main()
