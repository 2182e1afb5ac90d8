"""Dates, document numbers, issuing bodies and validity."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.documents.dates import Dated, dated
from rag.documents.issuers import issuer_of_title, organs_before

NOTICE = (
    "祁东县人民政府办公室\n关于印发人才办法的通知\n祁政办发〔2022〕15号\n各乡镇人民政府：\n"
    "根据《衡阳市人才办法》（衡政发〔2020〕3号），制定本办法。\n"
    "本办法自2023年1月1日起施行，有效期五年。《祁东县引才办法》（祁政发〔2018〕1号）同时废止。\n"
    "祁东县人民政府办公室\n2022年12月5日\n（此件公开发布）\n祁东县人民政府办公室2022年12月6日印发"
)


def notice() -> Dated:
    return dated(NOTICE, title="祁东县人民政府办公室 关于印发人才办法的通知", header="PubDate: 2022-12-20")


def test_a_notice() -> None:
    found = notice()
    assert found.published == "2022-12-05"
    assert found.doc_number == "祁政办发〔2022〕15号"
    assert found.issuer == "祁东县人民政府办公室"
    assert found.effective == "2023-01-01"
    assert found.valid_years == 5
    assert found.expires is None
    assert found.repeals == ("祁东县引才办法",)


def test_evidence_is_the_text_itself() -> None:
    slices = {e.field: NOTICE[e.start : e.end] for e in notice().evidence}
    assert slices == {
        "published": "2022年12月5日",
        "doc_number": "祁政办发〔2022〕15号",
        "issuer": "祁东县人民政府办公室",
        "effective": "2023年1月1日起施行",
        "valid_years": "有效期五年",
        "repeals": "祁东县引才办法",
    }


@pytest.mark.parametrize(
    ("text", "header", "published"),
    [
        ("标题\n\n文章来源: 某网  时间: 2022-12-05 17:37\n\n正文。", "", "2022-12-05"),
        ("标题\n发布时间：2022-04-24\n正文。", "", "2022-04-24"),
        ("正文。", "PubDate: 2026-04-29 09:22", "2026-04-29"),
        ("关于某事的意见 （2020年2月10日） 为深入贯彻，提出意见。", "", "2020-02-10"),
        ("[成文日期] 2020-02-03 [发布日期] 2020-02-05\n正文。", "", "2020-02-03"),
        ("正文。\n县委组织部\n二〇二二年十二月五日", "", "2022-12-05"),
        ("**发表时间：****2025-03-28 16:55**", "", "2025-03-28"),
        ("报名时间：2026年5月7日至9日。", "", None),
        ("自2020年1月1日起，免征。截至2月25日，投入4000万元。", "", None),
        ("时间：2022-13-45", "", None),
    ],
)
def test_published(text: str, header: str, published: str | None) -> None:
    assert dated(text, title="标题", header=header).published == published


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("在年轻干部座谈会上的讲话\n（2023年7月28日，根据录音整理）\n同志们：\n正文。", "2023-07-28"),
        ("人才工作总结\n正文。\n祁东县委组织部\n2023年12月\n", "2023-12"),
        ("人才工作总结\n二〇二三年九月\n正文。", "2023-09"),
        ("乡村旅游调研报告\n正文。\n（执笔：田若楠、向远；2023年7月）\n", "2023-07"),
        ("人才工作总结\n2023年9月，引进博士12名。\n正文。", None),
        ("人才工作总结\n" + "正文。" * 80 + "\n2023年9月\n" + "正文。" * 80, None),
        ("人才工作总结\n正文。\n2023年13月\n", None),
        ("人才工作办法\n（2023年7月1日起施行）\n正文。", None),
    ],
)
def test_published_in_brackets_or_by_month(text: str, published: str | None) -> None:
    assert dated(text, title="人才工作", header="").published == published


def test_a_page_s_date_goes_before_a_signature_without_a_number() -> None:
    text = "请按时办理。\n广州市社会保险基金管理中心\n2025年3月27日"
    assert dated(text, title="通告", header="PubDate: 2025-03-31").published == "2025-03-31"
    assert dated(text, title="通告").published == "2025-03-27"


@pytest.mark.parametrize(
    ("text", "title", "number"),
    [
        ("通知 遂府办发〔2020〕2号 各县人民政府：", "通知", "遂府办发〔2020〕2号"),
        ("关于某事的通知津财防控〔2020〕9号 各区：", "通知", "津财防控〔2020〕9号"),
        ("[发文字号] 京政办发〔2020〕5号 正文。", "措施", "京政办发〔2020〕5号"),
        ("石政发[2020]3号-关于印发措施的通知", "通知", "石政发〔2020〕3号"),
        ("正文", "关于某事的通知（黔发改服务〔2020〕111号）", "黔发改服务〔2020〕111号"),
        ("根据《某通知》(肺炎机制发〔2020〕23号)精神，制定措施。", "措施", None),
        ("按照《十条》（国市监综〔2020〕30号）要求", "通知", None),
    ],
)
def test_document_number(text: str, title: str, number: str | None) -> None:
    assert dated(text, title=title).doc_number == number


@pytest.mark.parametrize(
    ("text", "title", "header", "issuer"),
    [
        ("正文", "甲县财政局 甲县民政局关于发放补贴的通知", "", "甲县财政局 甲县民政局"),
        ("正文", "遂宁市人民政府办公室 印发《措施》的通知", "", "遂宁市人民政府办公室"),
        ("正文。\n贵州省发展和改革委员会 2020年2月9日", "省发展改革委印发《措施》的通知", "", "贵州省发展和改革委员会"),
        ("【发文单位】 国家税务总局 【发布文号】 税总发〔2020〕11号", "意见", "", "国家税务总局"),
        (
            "某地出台意见 中共浙江省委 浙江省人民政府 关于打赢攻坚战的意见",
            "某地出台意见",
            "",
            "中共浙江省委 浙江省人民政府",
        ),
        ("正文", "申请指引", "ContentSource: 本网天河区教育局\n", "天河区教育局"),
        ("为贯彻《广东省民政厅 广东省财政厅关于发放的通知》精神", "办法", "", None),
        ("正文", "一次说清人才政策", "", None),
    ],
)
def test_issuer(text: str, title: str, header: str, issuer: str | None) -> None:
    assert dated(text, title=title, header=header).issuer == issuer


@pytest.mark.parametrize(
    ("text", "effective", "expires", "years"),
    [
        ("自2023年9月8日起施行，有效期3年。", "2023-09-08", None, 3),
        ("本办法自印发之日起施行，有效期至2026年12月31日。", None, "2026-12-31", None),
        ("本通知自发布之日起暂执行至2020年6月30日止。", None, "2020-06-30", None),
        ("（核对报告，有效期为1年）。本办法自印发之日起实施，有效期5年。", None, None, 5),
        ("居住证在有效期内。截至2020年2月25日，已发放补贴。", None, None, None),
    ],
)
def test_validity(text: str, effective: str | None, expires: str | None, years: int | None) -> None:
    found = dated(text, title="办法")
    assert (found.effective, found.expires, found.valid_years) == (effective, expires, years)


def test_in_force_from_the_day_of_issue() -> None:
    found = dated("（2020年2月10日） 本意见自印发之日起施行。", title="意见")
    assert found.effective == found.published == "2020-02-10"


def test_repeals_each_document_once() -> None:
    text = "《甲县引才办法》（甲政发〔2018〕1号）、《甲县留才办法》同时废止。附：《甲县引才办法》同时废止。"
    assert dated(text, title="").repeals == ("甲县引才办法", "甲县留才办法")


def test_names_over_a_date_and_before_a_title() -> None:
    text = "请认真贯彻。 甘肃省医疗保障局  甘肃省财政厅 2020年2月7日"
    span = organs_before(text, text.index("2020"))
    assert span is not None
    assert text[slice(*span)] == "甘肃省医疗保障局  甘肃省财政厅"
    assert organs_before("由市财政局根据规定于2020年2月7日", 11) is None
    assert issuer_of_title("我县扎实推进乡村振兴") is None


@given(
    st.lists(
        st.sampled_from(
            [
                "2022年12月5日",
                "2022-13-40",
                "时间：",
                "文号：",
                "祁办发〔2022〕15号",
                "县财政局 ",
                "关于",
                "《办法》",
                "同时废止",
                "有效期五年",
                "自",
                "起施行",
                "\n",
                "。",
            ]
        ),
        max_size=20,
    )
)
def test_evidence_lies_inside_the_text(parts: list[str]) -> None:
    text = "".join(parts)
    for evidence in dated(text, title=text[:12], header=text[-12:]).evidence:
        assert 0 <= evidence.start <= evidence.end <= len(text)


@pytest.mark.parametrize(
    "part",
    [
        " ",
        "\n",
        "　\t",
        "国家税务总局 甲乙局 ",
        "《甲乙丙丁》、",
        "2022年1月1日",
        "甲〔2022〕1号",
        "发布机构 ",
        "自",
        "（",
    ],
)
def test_time_grows_with_the_text_alone(part: str) -> None:
    """A hundred thousand characters in well under two seconds: what grew with the square of them took minutes."""
    text = part * (100_000 // len(part))
    before = process_time()
    dated(text, title=text[:200], header=text[:4000])
    assert process_time() - before < 2
