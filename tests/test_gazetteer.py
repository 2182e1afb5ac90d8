"""The gazetteer: its table, names found in Chinese and English, names known by form, romanisation."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.gazetteer import gazetteer, level_of_form, romanise
from rag.gazetteer.table import GROUPINGS
from rag.types import Level

PROVINCES = 34
PREFECTURES = 342
# Every thirteenth division, and all of them.
SHARES = [pytest.param(13, id="some"), pytest.param(1, id="all", marks=pytest.mark.slow)]
COUNTIES = 2978 - 4  # cities without counties (东莞, 中山, 儋州, 嘉峪关) have no second row


def named(text: str) -> list[tuple[str, str | None]]:
    """Each mention with the official name of its likeliest division."""
    names = gazetteer()
    return [(m.text, names.official(m.candidates[0].code) if m.candidates else None) for m in names.mentions(text)]


def named_english(text: str) -> list[tuple[str, str | None]]:
    names = gazetteer()
    return [
        (m.text, names.official(m.candidates[0].code) if m.candidates else None) for m in names.mentions_english(text)
    ]


class TestTable:
    def test_counts_of_the_national_statistics_and_three_regions(self) -> None:
        names = gazetteer()
        levels = [names.by_code(code).level for code in names.codes()]
        assert levels.count(Level.PROVINCE) == PROVINCES
        assert levels.count(Level.PREFECTURE) == PREFECTURES
        assert levels.count(Level.COUNTY) == COUNTIES

    def test_a_division(self) -> None:
        division = gazetteer().by_code("430426")
        assert (division.name, division.level, division.parent) == ("祁东县", Level.COUNTY, "430400")
        assert division.english == "Qidong County"
        assert division.aliases == ("祁东",)

    @pytest.mark.parametrize(
        ("code", "official"),
        [
            ("430426", "湖南省衡阳市祁东县"),
            ("500116", "重庆市江津区"),
            ("500229", "重庆市城口县"),
            ("659001", "新疆维吾尔自治区石河子市"),
            ("110000", "北京市"),
            ("810000", "香港特别行政区"),
        ],
    )
    def test_official_names_leave_out_statistical_groupings(self, code: str, official: str) -> None:
        assert gazetteer().official(code) == official

    @pytest.mark.parametrize("step", SHARES)
    def test_every_official_name_leads_back_to_its_code(self, step: int) -> None:
        names = gazetteer()
        for code in names.codes()[::step]:
            if names.by_code(code).name not in GROUPINGS:
                found = names.by_official(names.official(code))
                assert found is not None
                assert names.official(found.code) == names.official(code)

    @pytest.mark.parametrize("step", SHARES)
    def test_every_division_is_found_by_its_official_and_by_its_english_name(self, step: int) -> None:
        names = gazetteer()
        for code in names.codes()[::step]:
            division = names.by_code(code)
            if division.name in GROUPINGS:
                continue
            last = names.mentions(f"{names.official(code)}出台政策")[-1]
            assert last.candidates[0] == division
            (first, *_) = names.mentions_english(f"What did {division.english} propose?")
            assert division in first.candidates

    def test_package_data_stays_small(self, root: Path) -> None:
        files = ("divisions.tsv", "names.tsv", "english.tsv", "pinyin.tsv", "words.txt")
        assert sum((root / "rag" / "data" / name).stat().st_size for name in files) < 750_000

    def test_ancestors_and_within(self) -> None:
        names = gazetteer()
        assert names.ancestors("430426") == ("430400", "430000")
        assert names.ancestors("500116") == ("500000",)
        assert names.within("430426", "430000")
        assert names.within("430426", "430426")
        assert not names.within("430400", "430426")
        with pytest.raises(KeyError):
            names.official("999999")

    @pytest.mark.parametrize(
        ("code", "english"),
        [
            ("632801", "Golmud City"),
            ("152502", "Xilinhot City"),
            ("150300", "Wuhai City"),
            ("150100", "Hohhot City"),
            ("650100", "Urumqi City"),
            ("540100", "Lhasa City"),
            ("653101", "Kashgar City"),
            ("150600", "Ordos City"),
            ("150200", "Baotou City"),
            ("150700", "Hulunbuir City"),
            ("152500", "Xilingol League"),
            ("230100", "Harbin City"),
            ("230200", "Qiqihar City"),
            ("350200", "Xiamen City"),
            ("610000", "Shaanxi Province"),
            ("141100", "Lüliang City"),
            ("610100", "Xi'an City"),
            ("450226", "Sanjiang Dong Autonomous County"),
        ],
    )
    def test_english_names(self, code: str, english: str) -> None:
        assert gazetteer().by_code(code).english == english

    def test_signs_of_document_numbers(self) -> None:
        found = gazetteer().by_letter("穗")
        assert found is not None
        assert found.name == "广州市"
        assert gazetteer().by_letter("人") is None


class TestChinese:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("祁东县提出了哪些人才政策？", [("祁东县", "湖南省衡阳市祁东县")]),
            ("祁东提出了哪些人才政策？", [("祁东", "湖南省衡阳市祁东县")]),
            ("祁东县委组织部", [("祁东县", "湖南省衡阳市祁东县")]),
            ("中共遂宁市委", [("遂宁市", "四川省遂宁市")]),
            ("锡盟和延边州", [("锡盟", "内蒙古自治区锡林郭勒盟"), ("延边州", "吉林省延边朝鲜族自治州")]),
            (
                "恩施州、三江县",
                [("恩施州", "湖北省恩施土家族苗族自治州"), ("三江县", "广西壮族自治区柳州市三江侗族自治县")],
            ),
            ("为人才发放“遂州英才卡”", [("遂州", "四川省遂宁市")]),
            ("鹏城与羊城", [("鹏城", "广东省深圳市"), ("羊城", "广东省广州市")]),
            ("乾县", [("乾县", "陕西省咸阳市乾县")]),
            ("保定市易县", [("保定市", "河北省保定市"), ("易县", "河北省保定市易县")]),
            ("祁東縣", [("祁東縣", "湖南省衡阳市祁东县")]),
        ],
    )
    def test_names(self, text: str, expected: list[tuple[str, str]]) -> None:
        assert named(text) == expected

    @pytest.mark.parametrize(
        "text",
        [
            "会同有关部门推进乡村振兴和惠民政策，同心协力、共和国、合作、资源、民乐",
            "各镇和县直部门，创新平台，市民政局会同县区民政部门",
            "北京大学与武汉大学的教授",
            "城区、市区、老城区、新城区的社区",
            "平安建设、友好城市、前进方向、解放思想",
        ],
    )
    def test_words_that_are_also_names(self, text: str) -> None:
        assert named(text) == []

    def test_a_common_name_counts_after_its_parent_or_beside_its_full_form(self) -> None:
        assert named("上海宝山")[-1] == ("宝山", "上海市宝山区")
        fenghuang = "湖南省湘西土家族苗族自治州凤凰县"
        assert named("凤凰县旅游；凤凰的客栈") == [("凤凰县", fenghuang), ("凤凰", fenghuang)]
        assert named("凤凰的客栈") == []

    def test_districts_of_one_name_are_told_apart_by_what_else_is_named(self) -> None:
        assert named("北京朝阳区")[-1][1] == "北京市朝阳区"
        assert named("长春朝阳区")[-1][1] == "吉林省长春市朝阳区"
        assert named("海州区的驿站。连云港市表示") == [
            ("海州区", "江苏省连云港市海州区"),
            ("连云港市", "江苏省连云港市"),
        ]

    def test_a_former_name_of_a_county_leads_to_the_present_one(self) -> None:
        assert named("增城市") == [("增城市", "广东省广州市增城区")]
        assert named("射洪县") == [("射洪县", "四川省遂宁市射洪市")]


class TestForm:
    @pytest.mark.parametrize(
        ("text", "name", "stem", "level"),
        [
            ("来自澄河县的经验", "澄河县", "澄河", Level.COUNTY),
            ("请问澄河县有哪些人才政策", "澄河县", "澄河", Level.COUNTY),
            ("中共岚泉市委员会", "岚泉市", "岚泉", Level.PREFECTURE),
            ("我市东麓区两新党建", "东麓区", "东麓", Level.COUNTY),
            ("近日临砚县激励干部担当", "临砚县", "临砚", Level.COUNTY),
            ("松吉自治县：双语人才", "松吉自治县", "松吉", Level.COUNTY),
            ("星湾新区产业人才", "星湾新区", "星湾", Level.COUNTY),
            ("虞山街道开展巡查", "虞山街道", "虞山", Level.TOWNSHIP),
            ("大场镇落实管理", "大场镇", "大场", Level.TOWNSHIP),
            ("江干区的小区", "江干区", "江干", Level.COUNTY),
            ("在阿日敦旗开展", "阿日敦旗", "阿日敦", Level.COUNTY),
            ("查干诺敏旗住房和城乡建设局", "查干诺敏旗", "查干诺敏", Level.COUNTY),
            ("自6月1日起朔屏市废止", "朔屏市", "朔屏", Level.PREFECTURE),
            ("桐安县柔性引才办法", "桐安县", "桐安", Level.COUNTY),
            ("在澜湖区走访", "澜湖区", "澜湖", Level.COUNTY),
            ("请问固宁县对博士有哪些补贴", "固宁县", "固宁", Level.COUNTY),
            ("碧河湾县中小学教师。碧河湾县教育局", "碧河湾县", "碧河湾", Level.COUNTY),
            ("岚安藏族羌族自治县委", "岚安藏族羌族自治县", "岚安", Level.COUNTY),
            ("松朵蒙古族自治县：草场上的支部", "松朵蒙古族自治县", "松朵", Level.COUNTY),
            ("乌兰布朗旗委组织部", "乌兰布朗旗", "乌兰布朗", Level.COUNTY),
            ("走访额尔敦宝旗", "额尔敦宝旗", "额尔敦宝", Level.COUNTY),
            ("走进琅山区东岭路口", "琅山区", "琅山", Level.COUNTY),
            ("为推动汐安县经济发展", "汐安县", "汐安", Level.COUNTY),
            ("棠原县山前村", "棠原县", "棠原", Level.COUNTY),
            ("礼山县人才公寓", "礼山县", "礼山", Level.COUNTY),
            ("浔岭区委书记的讲话", "浔岭区", "浔岭", Level.COUNTY),
            ("在汀陵区调研", "汀陵区", "汀陵", Level.COUNTY),
            ("榆城市老旧小区", "榆城市", "榆城", Level.PREFECTURE),
            ("芷津市人才安居细则", "芷津市", "芷津", Level.PREFECTURE),
            ("昌明县人才办法\n昌明县设立专项资金。昌明县每年评审。", "昌明县", "昌明", Level.COUNTY),
            ("中共昌明县委组织部\n昌明县工作总结", "昌明县", "昌明", Level.COUNTY),
            ("惠和街道织密网格\n惠和街道有社区8个", "惠和街道", "惠和", Level.TOWNSHIP),
            ("松塔措州高原津贴\n松塔措州规定", "松塔措州", "松塔措", Level.PREFECTURE),
            ("雁鸣洲经济技术开发区若干措施", "雁鸣洲经济技术开发区", "雁鸣洲", Level.COUNTY),
            ("雁津县县管干部公示", "雁津县", "雁津", Level.COUNTY),
            ("光荣桥镇有村8个\n光荣桥镇党委书记", "光荣桥镇", "光荣桥", Level.TOWNSHIP),
            ("核心洲区工作总结\n核心洲区有街道3个", "核心洲区", "核心洲", Level.COUNTY),
            ("安溪岭县给博士多少补贴", "安溪岭县", "安溪岭", Level.COUNTY),
        ],
    )
    def test_names_that_no_table_knows(self, text: str, name: str, stem: str, level: Level) -> None:
        mention = gazetteer().mentions(text)[0]
        assert {mention.text for mention in gazetteer().mentions(text)} == {name}
        assert (mention.text, mention.stem, mention.level) == (name, stem, level)
        assert (mention.form, mention.candidates) == ("unknown", ())

    @pytest.mark.parametrize(
        "text",
        [
            "我市 全县 各市 该区 本县 某镇 邻县",
            "城市 社区 园区 地区 辖区 景区 校区 灾区 山区 农村牧区 示范区 开发区 自治区 小区 网格区",
            "贫困县 试点县 产粮大县 人口大县 经济强县 县级市 直辖市",
            "助力乡村振兴 宜居宜业和美乡村 补齐县域短板 有关县市区 三个镇",
            "上市公司 菜市场 超市 门市 国旗 红旗 家乡 城镇 集镇 街道社区",
            "深山区和石山区群众 妨碍城镇建设 妨碍城市更新 撤销原县 原选区 县委组织部会同县人社局解释 开展合作市场化改革 建设大城市 无盲区 跨学区竞聘 洞庭湖区 全市区县",
            "先进县的标准有三条。评上先进县的给予奖励",
            "国家级高新区 全省各类开发区 我市经济开发区 新建开发区 鼓励企业入驻开发区",
            "根据市人民政府要求，或者区人民政府决定\n根据市人民政府安排",
            "报经县委批准，要经县委同意",
        ],
    )
    def test_kinds_of_areas_are_no_places(self, text: str) -> None:
        assert gazetteer().mentions(text) == ()

    def test_levels_by_form(self) -> None:
        assert level_of_form("澄河县") is Level.COUNTY
        assert level_of_form("岚泉市") is Level.PREFECTURE
        assert level_of_form("江南省") is Level.PROVINCE
        assert level_of_form("澄河") is None


class TestEnglish:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("What talent policies did Qidong County propose?", [("Qidong County", "湖南省衡阳市祁东县")]),
            ("Wuhai, Xilinhot", [("Wuhai", "内蒙古自治区乌海市"), ("Xilinhot", "内蒙古自治区锡林郭勒盟锡林浩特市")]),
            ("how does golmud attract talent", [("golmud", "青海省海西蒙古族藏族自治州格尔木市")]),
            ("Suining City", [("Suining City", "四川省遂宁市")]),
            ("Xi'an", [("Xi'an", "陕西省西安市")]),
            ("Inner Mongolia", [("Inner Mongolia", "内蒙古自治区")]),
            ("Qian County", [("Qian County", "陕西省咸阳市乾县")]),
            ("Dali Bai Autonomous Prefecture", [("Dali Bai Autonomous Prefecture", "云南省大理白族自治州")]),
            ("Xilingol League", [("Xilingol League", "内蒙古自治区锡林郭勒盟")]),
            ("Lüliang", [("Lüliang", "山西省吕梁市")]),
            ("Wuhai's policy", [("Wuhai", "内蒙古自治区乌海市")]),
            ("Xian and Ili", [("Xian", "陕西省西安市"), ("Ili", "新疆维吾尔自治区伊犁哈萨克自治州")]),
        ],
    )
    def test_names(self, text: str, expected: list[tuple[str, str]]) -> None:
        assert named_english(text) == expected

    @pytest.mark.parametrize(
        ("text", "name", "stem", "level"),
        [
            ("in Chenghe County", "Chenghe County", "Chenghe", Level.COUNTY),
            ("Songji Autonomous County", "Songji Autonomous County", "Songji", Level.COUNTY),
            ("Lanquan City has", "Lanquan City", "Lanquan", Level.PREFECTURE),
            ("does chenghe county pay", "chenghe county", "chenghe", Level.COUNTY),
            ("Jinshui County", "Jinshui County", "Jinshui", Level.COUNTY),
            ("the market in Yanhu Town", "Yanhu Town", "Yanhu", Level.TOWNSHIP),
            ("the Lujin High-tech Zone pays", "Lujin High-tech Zone", "Lujin", Level.COUNTY),
            (
                "Lujin Economic and Technological Development Zone",
                "Lujin Economic and Technological Development Zone",
                "Lujin",
                Level.COUNTY,
            ),
        ],
    )
    def test_names_that_no_table_knows(self, text: str, name: str, stem: str, level: Level) -> None:
        (mention,) = gazetteer().mentions_english(text)
        assert (mention.text, mention.stem, mention.level, mention.form) == (name, stem, level, "unknown")

    @pytest.mark.parametrize(
        "text",
        [
            "What did the county do for each city?",
            "She sang a long song and he ran",
            "How many Party members work in rural districts of the province?",
            "Which City offers the most?",
            "Florida city, the Mainland Area, the Yuan dynasty, a huge city",
        ],
    )
    def test_english_words(self, text: str) -> None:
        assert named_english(text) == []

    def test_several_divisions_of_one_spelling_are_all_candidates(self) -> None:
        names = gazetteer()
        (mention,) = names.mentions_english("Suzhou")
        assert {names.official(d.code) for d in mention.candidates} >= {"江苏省苏州市", "安徽省宿州市"}


@pytest.mark.parametrize(
    ("name", "romanised"),
    [
        ("重庆", "chongqing"),
        ("长沙", "changsha"),
        ("六安", "luan"),
        ("蚌埠", "bengbu"),
        ("厦门", "xiamen"),
        ("台州", "taizhou"),
        ("乐清", "yueqing"),
        ("番禺", "panyu"),
        ("吕梁", "luliang"),
        ("澄河", "chenghe"),
        ("岚泉", "lanquan"),
    ],
)
def test_romanise(name: str, romanised: str) -> None:
    assert romanise(name) == romanised


@given(
    st.lists(st.sampled_from([*"祁东县衡阳市在的和我全江南新区镇ab 。，\n㎡①縣東", "澄河县", "北京朝阳"]), max_size=30)
)
def test_mentions_are_ranges_of_the_text_in_order(parts: list[str]) -> None:
    text = "".join(parts)
    end = 0
    for mention in gazetteer().mentions(text):
        assert end <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        end = mention.end


@given(
    st.lists(
        st.sampled_from(["Qidong", "County", "xi", "an", "’", "'s", "the", "City", " ", ".", "Autonomous", "Chenghe"]),
        max_size=20,
    )
)
def test_english_mentions_are_ranges_of_the_text_in_order(parts: list[str]) -> None:
    text = " ".join(parts)
    end = 0
    for mention in gazetteer().mentions_english(text):
        assert end <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        end = mention.end


@pytest.mark.parametrize("rare", ["", "㐀", "清㐀县"])
def test_a_long_text_names_what_its_clauses_name(rare: str) -> None:
    """Of a long text only the clauses that can name a place are cut into words, unless it holds characters that no dictionary has."""
    clauses = [
        *(
            "人才引进工作取得新的成绩",
            "祁东县委组织部介绍经验",
            "全市上下同心",
            "在格尔木市考察",
            "湖南长沙市的做法",
            "ABC-1.5%项目",
        ),
        *(
            "澄河县召开会议",
            "松吉自治县印发通知",
            "市场主体不断增加",
            "走访清河湾镇",
            "“乌海”",
            "一般来说没有地名",
            rare,
        ),
    ]
    names = gazetteer()
    text = "，".join(clauses * 4)
    expected, at = [], 0
    for clause in clauses * 4:
        expected += [(at + each.start, at + each.end, each.text, each.form) for each in names.mentions(clause)]
        at += len(clause) + 1
    assert len(text) > 400
    assert [(each.start, each.end, each.text, each.form) for each in names.mentions(text)] == expected
    assert {each[2] for each in expected} >= {"祁东县", "格尔木市", "长沙市", "澄河县", "松吉自治县", "乌海"}
