"""The word lists keep their format, and their entries are found where they stand."""

from __future__ import annotations

import time
from itertools import accumulate, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import glossary
from rag.errors import RagError
from rag.glossary import Expansion, english_terms, synonyms

DATA = Path(glossary.__file__).with_name("data")
FILES = ("glossary.tsv", "synonyms.tsv")
HAN_FIRST, HAN_LAST = "一", "鿿"


def rows(name: str) -> list[tuple[str, list[str]]]:
    """The lines of a word list, split by the test itself."""
    cells = [line.split("\t") for line in (DATA / name).read_text(encoding="utf-8").removesuffix("\n").split("\n")]
    assert [len(row) for row in cells] == [2] * len(cells)
    return [(source, targets.split("|")) for source, targets in cells]


def matched(text: str, found: tuple[Expansion, ...]) -> list[tuple[str, str]]:
    """Each entry with the part of the text that it was found in."""
    return [(expansion.source, text[expansion.start : expansion.end]) for expansion in found]


class TestFiles:
    @pytest.mark.parametrize("name", FILES)
    def test_lines_are_sorted_clean_and_unlike(self, name: str) -> None:
        sources = [source for source, _ in rows(name)]
        assert sources == sorted(set(sources))
        for source, targets in rows(name):
            cells = [source, *targets]
            assert all(cell and cell == cell.strip() and "\r" not in cell for cell in cells), cells
            assert len(set(cells)) == len(cells), cells

    @pytest.mark.parametrize("name", FILES)
    def test_sources_and_targets_are_lower_case(self, name: str) -> None:
        assert [cells for cells in rows(name) if str(cells) != str(cells).lower()] == []

    def test_sizes(self) -> None:
        assert len(rows("glossary.tsv")) >= 5000
        assert len(rows("synonyms.tsv")) >= 5200

    def test_glossary_is_english_to_chinese(self) -> None:
        for source, targets in rows("glossary.tsv"):
            assert source.isascii(), source
            assert all(any(HAN_FIRST <= char <= HAN_LAST for char in target) for target in targets), source

    def test_synonyms_are_simplified(self) -> None:
        opencc = pytest.importorskip("opencc").OpenCC("t2s")
        text = (DATA / "synonyms.tsv").read_text(encoding="utf-8") + (DATA / "glossary.tsv").read_text(encoding="utf-8")
        assert [(a, b) for a, b in zip(text, opencc.convert(text), strict=True) if a != b] == []

    def test_every_english_entry_is_found_as_itself(self) -> None:
        """So no two entries are one after spelling and hyphens are evened out, and none is unreachable."""
        for source, targets in rows("glossary.tsv"):
            assert english_terms(source) == (Expansion(0, len(source), source, tuple(targets)),)

    def test_every_synonym_is_found_as_itself(self) -> None:
        for source, targets in rows("synonyms.tsv"):
            assert synonyms(source) == (Expansion(0, len(source), source, tuple(targets)),)


class TestEnglish:
    def test_longest_entry_wins_and_offsets_are_true(self) -> None:
        text = "How many talent apartments did the county build?"
        assert matched(text, english_terms(text)) == [
            ("how many", "How many"),
            ("talent apartment", "talent apartments"),
            ("county", "county"),
            ("build", "build"),
        ]

    def test_an_unfinished_phrase_falls_back_to_its_words(self) -> None:
        text = "settling-in allowance, settling in"
        assert matched(text, english_terms(text)) == [
            ("settling-in allowance", "settling-in allowance"),
            ("settle", "settling"),
        ]

    def test_targets_are_those_of_the_file(self) -> None:
        (found,) = english_terms("the headcount?")
        assert (found.start, found.end) == (4, 13)
        assert found.targets == tuple(dict(rows("glossary.tsv"))["headcount"])
        assert "编制" in found.targets

    @pytest.mark.parametrize(
        ("text", "source"),
        [
            ("subsidies", "subsidy"),
            ("subsidised", "subsidise"),
            ("Subsidized", "subsidise"),
            ("subsidizing", "subsidise"),
            ("companies", "company"),
            ("villages", "village"),
            ("classes", "class"),
            ("recruited", "recruit"),
            ("recruiting", "recruit"),
            ("applied", "apply"),
            ("issuing", "issue"),
            ("planned", "plan"),
            ("children", "child"),
            ("women", "woman"),
            ("built", "build"),
            ("held", "hold"),
            ("Ph.D.", "phd"),
            ("PhDs", "phd"),
            ("master’s", "master's"),
            ("party center", None),
            ("the county's", "county"),
            ("RURAL REVITALIZATION", "rural revitalisation"),
            ("social workers", "social worker"),
            ("party-member", "party member"),
            ("party\nbranches", "party branch"),
            ("villagers’ committees", "villagers committee"),
            ("community health center", "community health centre"),
            ("aging population", "ageing population"),
            ("reapplied", "reapply"),
            ("forfeited", "forfeit"),
            ("waiting lists", "waiting list"),
            ("elevator retrofits", "elevator retrofit"),
        ],
    )
    def test_inflection_and_spelling(self, text: str, source: str | None) -> None:
        found = [expansion.source for expansion in english_terms(text)]
        assert found == ([source] if source else ["party", "centre"])

    @pytest.mark.parametrize(
        ("text", "target"),
        [
            ("at the latest", "最迟"),
            ("share of women", "女性占比"),
            ("canteens for the elderly", "老年助餐"),
            ("cadre exchange", "干部交流"),
            ("sublet", "转租"),
            ("clawback", "追回"),
            ("misappropriation", "挪用"),
            ("overgrazing", "超载过牧"),
            ("trial period", "试用期"),
            ("out-of-pocket", "自付"),
            ("length of service", "工龄"),
            ("tip-off", "举报"),
            ("in three instalments", "分三次"),
        ],
    )
    def test_policy_wordings(self, text: str, target: str) -> None:
        (found,) = english_terms(text)
        assert target in found.targets

    def test_words_match_whole(self) -> None:
        assert english_terms("taxonomy agedness villagelike") == ()

    def test_a_phrase_does_not_cross_punctuation(self) -> None:
        text = "talent. Apartment"
        assert [expansion.source for expansion in english_terms(text)] == ["talent", "apartment"]

    def test_text_without_english(self) -> None:
        assert english_terms("") == ()
        assert english_terms("安家费是多少？") == ()

    @given(
        st.text(alphabet="abehlnoprstuvy ’'-.,İß人才", max_size=40) | st.sampled_from(["İ talent", "ß Party branch"])
    )
    def test_ranges_rise_inside_the_text(self, text: str) -> None:
        ends = [0, *(bound for found in english_terms(text) for bound in (found.start, found.end)), len(text)]
        assert ends == sorted(ends)


class TestSynonyms:
    def test_longest_entry_wins_and_offsets_are_true(self) -> None:
        text = "送外卖的看病给多少钱？"
        assert matched(text, synonyms(text)) == [("送外卖的", "送外卖的"), ("看病", "看病"), ("给多少钱", "给多少钱")]
        assert [(found.start, found.end) for found in synonyms(text)] == [(0, 4), (4, 6), (6, 10)]

    @pytest.mark.parametrize(
        ("text", "target"),
        [
            ("卡车师傅", "货车司机"),
            ("找对象", "婚恋"),
            ("孩子念书", "子女入学"),
            ("丢工作", "失业"),
            ("两新", "新社会组织"),
            ("社保", "社会保险"),
            ("社会保险", "社保"),
            ("安家费", "安家补贴"),
            ("安家补贴", "安家费"),
            ("柔性引才", "柔性引进"),
            ("有多大", "面积"),
            ("占多少", "比重"),
            ("谁写的", "作者"),
            ("多久", "期限"),
            ("报户口", "户口登记"),
            ("没人带娃", "托育"),
            ("四点半", "课后服务"),
            ("考研", "攻读研究生"),
            ("跑长途的", "货车司机"),
            ("先看病后付钱", "先诊疗后付费"),
            ("老爷子", "老年人"),
            ("老人饭堂", "老年助餐"),
            ("安葬费", "丧葬补助金"),
            ("份子钱", "礼金"),
            ("欠房租", "拖欠租金"),
            ("装个电梯", "加装电梯"),
            ("维修基金", "住宅专项维修资金"),
            ("补利息", "贷款贴息"),
            ("拿地", "土地出让"),
            ("不让放羊", "禁牧"),
            ("地不种了", "撂荒"),
            ("偷着放羊", "违规放牧"),
            ("老村干部", "离任村干部"),
            ("在外的党员", "流动党员"),
            ("待够", "服务满"),
            ("半路走人", "提前离职"),
            ("拿高的", "就高不重复"),
            ("白干", "不计报酬"),
            ("踢皮球", "推诿"),
            ("材料没带齐", "容缺受理"),
            ("顶天", "不超过"),
            ("分几次给", "分期拨付"),
            ("多久不能卖", "不得转让"),
            ("骗补贴", "虚报冒领"),
            ("讨要工资", "拖欠工资"),
            ("苞谷", "玉米"),
            ("铺位", "商铺"),
        ],
    )
    def test_official_wordings(self, text: str, target: str) -> None:
        (found,) = synonyms(text)
        assert target in found.targets

    @pytest.mark.parametrize(
        "words",
        "市场/租金 智能/手机 关爱/人才 基本/本地化 重大/风险 无房/证明 保护/工作 上半年 变动/工作 三年/前".split(),
    )
    def test_no_entry_is_found_across_words(self, words: str) -> None:
        """场租, 能手, 爱人, 本本, 大风, 房证, 护工, 半年, 动工 and 年前 would be, so none of them is an entry."""
        bounds = {0, *accumulate(map(len, words.split("/")))}
        found = synonyms(words.replace("/", ""))
        assert {bound for one in found for bound in (one.start, one.end)} <= bounds

    def test_a_recipient_is_no_spouse(self) -> None:
        """对象 alone is whom a policy is for; only 找对象, 没对象 and the like speak of marriage."""
        assert all("配偶" not in found.targets for found in synonyms("补贴对象"))
        assert "婚恋" in synonyms("介绍对象")[0].targets

    def test_latin_letters_match_in_either_case(self) -> None:
        assert matched("用App", synonyms("用App")) == [("app", "App")]
        assert synonyms("happy") == synonyms("app2") == ()

    def test_nothing_to_find(self) -> None:
        assert synonyms("") == ()
        assert synonyms("talent apartments") == ()

    @given(st.text(alphabet="外卖小哥老师社保医人安家费多少久App ", max_size=30))
    def test_ranges_hold_the_source(self, text: str) -> None:
        found = synonyms(text)
        assert all(text[one.start : one.end].lower() == one.source for one in found)
        assert all(a.end <= b.start for a, b in pairwise(found))


class TestReading:
    def test_a_damaged_file_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(glossary, "_DATA", tmp_path)
        with pytest.raises(RagError, match=r"broken\.tsv"):
            glossary._read("broken.tsv")
        (tmp_path / "broken.tsv").write_text("no tab here\n", encoding="utf-8")
        with pytest.raises(RagError, match=r"broken\.tsv"):
            glossary._read("broken.tsv")

    def test_speed(self) -> None:
        """10 ms to read both, 50 µs a query; ten times that here, so that a busy machine does not fail the suite."""
        glossary._english.cache_clear()
        glossary._synonyms.cache_clear()
        begin = time.perf_counter()
        glossary._english()
        glossary._synonyms()
        assert time.perf_counter() - begin < 0.15
        english, chinese = (
            "How many talent apartments were built for young people in the county?",
            "送外卖的看病给多少钱",
        )
        english_terms(english)
        begin = time.perf_counter()
        for _ in range(100):
            english_terms(english)
            synonyms(chinese)
        assert (time.perf_counter() - begin) / 200 < 0.0005
