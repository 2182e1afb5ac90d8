"""Plain texts: encodings, title, byline, headings, articles, passages."""

from __future__ import annotations

import pytest

from rag.documents.assemble import read
from rag.errors import DocumentError
from rag.types import Entry

BODY = "全县引进博士十二名，发放安家补贴三百万元。建成人才公寓二百套，前两年免收租金。人才服务专窗一次办结各类事项。"
OTHER = "全市新建党群服务中心四十个，实行错时开放。社区工作者持证上岗率达到九成，网格员每日巡查两次。"


def one(text: str, source: str = "a.txt") -> Entry:
    (entry,) = read(text.encode(), source)
    return entry


def quotes(entry: Entry) -> list[str]:
    return [entry.document.text[chunk.start : chunk.end] for chunk in entry.chunks]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
def test_encodings_give_one_text(encoding: str) -> None:
    text = f"云溪县人才工作综述 2023\n{BODY * 4}\n"
    (entry,) = read(text.encode(encoding), "a.txt")
    assert entry.document.text == text


def test_big5_is_told_from_gbk() -> None:
    text = "雲溪縣人才工作綜述\n全縣引進博士十二名，發放安家補貼三百萬元。建成人才公寓二百套，前兩年免收租金。\n"
    (entry,) = read(text.encode("big5"), "a.txt")
    assert entry.document.text == text


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        ("\u3000\n".encode(), "white space"),
        (bytes(range(256)) * 40, "binary"),
        (BODY.encode("gbk").decode("latin-1").encode(), "GBK text that was read as Latin-1"),
        (BODY.encode().decode("latin-1").encode(), "UTF-8 text that was read as Latin-1"),
        (BODY.encode().decode("gb18030", "replace").encode(), "garbled"),
        (("锟斤拷" * 40 + BODY).encode(), "garbled"),
        (b"a" * 50_000_001, "50 MB"),
        ("人才工作".encode("utf-16")[:-1] + b"\x00\xd8", "damaged"),
    ],
)
def test_what_cannot_be_read_gets_one_line(data: bytes, why: str) -> None:
    with pytest.raises(DocumentError) as error:
        read(data, "坏.txt")
    message = str(error.value)
    assert why in message
    assert "坏.txt" in message
    assert "\n" not in message


def test_title_byline_and_site_lines() -> None:
    entry = one(
        f"欢迎访问云溪党建网\n奋力书写人才工作新篇\n县委常委、组织部部长 李大成\n{BODY}\n[责任编辑:张三 校对:李四]\n评论0\n"
    )
    assert entry.document.title == "奋力书写人才工作新篇"
    assert entry.document.author == "县委常委、组织部部长 李大成"
    assert quotes(entry) == [f"奋力书写人才工作新篇\n县委常委、组织部部长 李大成\n{BODY}"]


@pytest.mark.parametrize(
    ("closing", "author"),
    [
        ("(中共云溪县委常委、组织部部长 李大成)", "中共云溪县委常委、组织部部长 李大成"),
        ("(云溪县委组织部 李大成)", "云溪县委组织部 李大成"),
        ("（记者 李大成 王小丫）", "记者 李大成 王小丫"),
        ("（文/李大成）", "李大成"),
        ("（中共云溪县委组织部供稿）", "中共云溪县委组织部"),
        ("（执笔：李大成、王小丫；2023年7月）", "李大成、王小丫"),
        ("（此件公开发布）", None),
        ("（食宿由县里提供）", None),
        ("（来源：云溪日报）", None),
    ],
)
def test_author_at_the_end(closing: str, author: str | None) -> None:
    assert one(f"云溪县人才工作综述\n{BODY}\n{closing}\n").document.author == author


def test_title_of_several_lines() -> None:
    entry = one(
        f"云溪县人民政府办公室\n关于印发《云溪县人才新政\n二十条》的通知\n云政办发〔2022〕15号\n各镇人民政府：\n{BODY}\n"
    )
    assert entry.document.title == "云溪县人民政府办公室 关于印发《云溪县人才新政 二十条》的通知"


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        ("中共云溪县委组织部\n关于做好驻村工作的通知\n各镇党委：", "中共云溪县委组织部 关于做好驻村工作的通知"),
        ("云溪县2024—2025年冬春季\n农田水利建设实施方案\n\n", "云溪县2024—2025年冬春季 农田水利建设实施方案"),
        ("云溪县人才工作纪实\n\n引才规划\n", "云溪县人才工作纪实"),
        ("云溪县人才新政，留住人才\n引才实施办法\n", "云溪县人才新政，留住人才"),
    ],
)
def test_title_that_was_broken_before_its_noun(lines: str, title: str) -> None:
    assert one(f"{lines}{BODY * 3}\n").document.title == title


def test_title_is_taken_from_the_first_sentence_where_no_line_is_one() -> None:
    entry = one(f"欢迎访问 云溪党建网!\n“近年来,云溪县坚持党管人才原则,出台一系列政策。”{BODY}\n{OTHER}\n")
    assert entry.document.title == "近年来,云溪县坚持党管人才原则,出台一系列政策"


def test_headings_in_pairs_and_numbered() -> None:
    entry = one(f"云溪工作\n{BODY}\n引才聚才有招\n用才留才有方\n{BODY}\n一、夯实基层\n（一）建好中心\n{OTHER}\n")
    assert [chunk.heading for chunk in entry.chunks] == [
        "",
        "引才聚才有招 用才留才有方",
        "引才聚才有招 用才留才有方 › 一、夯实基层 › （一）建好中心",
    ]
    assert entry.chunks[1].context == "云溪工作 › 引才聚才有招 用才留才有方"


def test_a_sentence_broken_by_lines_stays_whole() -> None:
    broken = (
        "我市大力实施人才强市战略,健全党管人才的工作格局,与党员干部\n\n教育培训一体谋划,落实轮训制度,确保取得实效。"
    )
    assert quotes(one(f"云溪工作\n{broken}\n{OTHER * 8}\n"))[0].startswith(f"云溪工作\n{broken}")


def test_two_articles_are_two_documents() -> None:
    first = f"## 以实干书写新篇\n\n县委组织部部长 李大成\n\n{BODY * 4}\n\n"
    second = f"## 以担当开创新局\n\n县人大常委会副主任 王小平\n\n{OTHER * 5}\n"
    entries = read((first + second).encode(), "两篇.txt")
    assert [(entry.document.text, entry.document.title, entry.document.author) for entry in entries] == [
        (first, "以实干书写新篇", "县委组织部部长 李大成"),
        (second, "以担当开创新局", "县人大常委会副主任 王小平"),
    ]


def test_a_text_whose_line_breaks_became_spaces() -> None:
    text = f"云溪县出台新政 惠及四方英才 新华社云溪2月8日电（记者 李大成）{BODY} {OTHER * 3} 责任编辑：王五"
    entry = one(text)
    assert entry.document.title == "云溪县出台新政 惠及四方英才"
    assert entry.document.author == "记者 李大成"
    assert "责任编辑" not in "".join(quotes(entry))
    assert entry.document.text == text


LONG = BODY * 5
LATER = OTHER * 6


@pytest.mark.parametrize(
    ("first", "second", "titles"),
    [
        (f"引才有招天地宽\n县委组织部部长 李大成\n{LONG}\n", f"治理有方气象新\n县委政法委书记 王小平\n{LATER}\n", 2),
        (f"引才有招天地宽\n{LONG}\n[责任编辑:张三]\n", f"治理有方气象新\n{LATER}\n", 2),
        (f"篇一：引才有招\n{LONG}\n", f"篇二：治理有方\n{LATER}\n", 2),
        (f"引才有招天地宽\n{LONG}\n{LATER}\n案例一：引才有招\n{LONG}\n", f"案例二：治理有方\n{LATER}\n", 1),
        (f"引才有招天地宽\n案例一：引才有招。{LONG}\n", f"案例二：治理有方。{LATER}\n", 1),
        (f"# 引才有招\n\n一、引才\n\n{LONG}\n\n", f"# 治理有方\n\n一、治理\n\n{LATER}\n", 2),
        (
            f"引才有招天地宽\n来源:云溪党建网 时间:2023-01-02\n{LONG}\n打印 关闭\n",
            f"治理有方气象新\n来源:云溪党建网 时间:2023-01-03\n{LATER}\n",
            2,
        ),
        (f"# 引才有招\n\n## 引才\n\n{LONG}\n\n", f"## 治理\n\n{LATER}\n", 1),
        (f"引才有招天地宽\n{LONG}\n", f"治理有方气象新\n{LATER}\n", 1),
        (
            f"云溪县人民政府关于引才的通知\n{LONG}\n云溪县人民政府\n2023年1月2日\n",
            f"附件\n云溪县引才名单\n{LATER}\n",
            1,
        ),
    ],
)
def test_where_one_article_ends_and_the_next_begins(first: str, second: str, titles: int) -> None:
    texts = [entry.document.text for entry in read((first + second).encode(), "a.txt")]
    assert texts == ([first, second] if titles == 2 else [first + second])


def test_a_preface_before_numbered_articles_is_read() -> None:
    preface = "编者按：近年来云溪县立足山区实际，以组织抱团推动产业抱团，走出一条发展路子，现将两个村的做法刊发如下，供各地学习借鉴，请结合实际抓好落实。"
    first, second = read(f"{preface}\n篇一：引才有招\n{LONG}\n篇二：治理有方\n{LATER}\n".encode(), "a.txt")
    assert any(preface in first.document.text[chunk.start : chunk.end] for chunk in first.chunks)
    assert second.document.text.startswith("篇二")


def test_the_same_article_twice_in_one_file_is_taken_once() -> None:
    article = f"引才有招天地宽\n县委组织部部长 李大成\n{LONG}\n"
    assert [entry.document.text for entry in read((article * 2).encode(), "a.txt")] == [article]


def test_paragraphs_that_open_alike_name_their_parts() -> None:
    leads = ["选派严格", "管理到位", "支持有力"]
    text = "驻村工作综述\n" + "".join(f"{lead}。{BODY * 3}\n" for lead in leads)
    assert [chunk.heading for chunk in one(text).chunks] == leads


def test_items_of_a_list_are_no_headings() -> None:
    items = "".join(f"（{number}）身份证明原件\n" for number in "一二三四")
    entry = one(
        f"云溪工作\n一、申请材料\n申请人应当提供下列材料，并对材料的真实性负责：\n{items}二、申请方式\n{BODY}\n"
    )
    assert [chunk.heading for chunk in entry.chunks] == ["一、申请材料", "二、申请方式"]


def test_site_lines_inside_the_footer_are_left_out() -> None:
    footer = "相关链接\n· 我市召开会议\n· 关于开展活动的通知\n网站地图 | 关于我们 | 联系方式\n您是第 183642 位访客\n"
    assert quotes(one(f"云溪工作\n{BODY}\n{footer}")) == [f"云溪工作\n{BODY}"]


def test_the_same_words_inside_the_article_are_content() -> None:
    lines = ["联系方式", "主办单位：云溪县委组织部", "时间：2023年5月6日上午9:00", "审核：窗口对材料进行审核。"]
    text = f"云溪工作\n{BODY}\n" + "\n".join(lines) + f"\n{OTHER}\n"
    assert "".join("".join(quotes(one(text))).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("over", "title"),
    [
        (
            "云溪县人民政府门户网站　无障碍浏览　|　长者模式\n您所在的位置：首页 > 政务公开",
            "关于做好老年助餐服务的通知",
        ),
        ("网站首页 > 政务服务 > 办事指南 > 民政", "高龄津贴办理指南"),
        ("云溪县教育局 >> 资助之窗", "学生资助政策简介"),
        ("云溪县文化局--工作动态--统计信息", "2024年旅游发展统计公报"),
        ("〓云溪县政府信息公开专栏〓", "高龄津贴办理指南"),
        ("云溪县人民政府清泉街道办事处\n首页  街道概况  政务公开  办事服务", "加装电梯办事指引（居民版）"),
        ("清泉镇 公开栏 ——转自“清泉发布”公众号 点击蓝字关注我们", "白石村村务公开"),
    ],
)
def test_a_banner_or_trail_over_the_title_is_none(over: str, title: str) -> None:
    (entry,) = read(f"{over}\n{title}\n时间：2023-05-30　来源：县民政局\n\n{LONG}\n".encode(), "a.txt")
    assert entry.document.title == title


@pytest.mark.parametrize(
    "first",
    [
        "名    称：云溪县补贴实施方案",
        "【标题】云溪县补贴实施方案　【发布日期】2023-01-02",
        "信息名称:云溪县补贴实施方案",
    ],
)
def test_a_record_states_its_title(first: str) -> None:
    (entry,) = read(f"{first}\n\n{LONG}\n".encode(), "a.txt")
    assert entry.document.title == "云溪县补贴实施方案"
