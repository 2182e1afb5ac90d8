"""The same article in every format gives the same passages, white space aside."""

from __future__ import annotations

import pytest

from rag.documents.assemble import read
from tests.documents import made

ARTICLE = [
    "在新征程中书写组织工作新答卷",
    "近年来，云溪县坚持党管人才原则，先后出台《关于加快建设人才强县的若干措施》等政策文件十二份，形成了引才、育才、用才、留才的完整链条，全县人才资源总量达到八万六千人。",
    "一、突出政治引领，把牢方向之舵",
    "县委人才工作领导小组每季度研究一次人才工作，建立县级领导联系专家制度，每名县级领导联系二至三名专家。健全目标责任考核，把人才工作列为党委书记抓党建述职评议的重要内容。一是抓实学习教育。举办专题培训班十六期，培训干部三千二百人次，实现科级以上干部全覆盖。二是抓好团结引领。组织专家国情研修，评选“云溪英才”三十名。",
    "二、突出产业需求，构筑引才之巢",
    "（一）建强平台载体",
    "建成院士工作站四家、博士后科研工作站六家，柔性引进专家二百三十名。对新设立的院士工作站，一次性给予一百万元建站补助，每年再给予三十万元运行经费，连续支持三年。",
    "（二）优化政策供给",
    "全日制博士首次到云溪企业工作并签订三年以上合同的，给予三十万元安家补贴；硕士给予十二万元；“双一流”高校本科生给予五万元。人才公寓首两年免收租金，第三年起按市场价的一半收取。",
    "(中共云溪县委常委、组织部部长 李大成)",
]


def passages(data: bytes, source: str) -> list[str]:
    (entry,) = read(data, source)
    return ["".join(entry.document.text[chunk.start : chunk.end].split()) for chunk in entry.chunks]


TEXT = "\n".join(ARTICLE) + "\n"
EXPECTED = passages(TEXT.encode(), "a.txt")

MADE = {
    "utf8.txt": TEXT.encode(),
    "gbk.txt": TEXT.encode("gbk"),
    "utf16.txt": TEXT.encode("utf-16"),
    "crlf.txt": TEXT.replace("\n", "\r\n").encode(),
    "spaced.md": TEXT.replace("\n", "\n\n").encode(),
    "a.html": made.html(ARTICLE),
    "gbk.html": made.html(ARTICLE, "gbk"),
    "a.docx": made.docx(ARTICLE),
    "a.pdf": made.pdf(ARTICLE),
    "a.ofd": made.ofd(ARTICLE),
}


def test_the_article_is_cut_at_its_sections() -> None:
    assert "".join(EXPECTED) == "".join("".join(ARTICLE).split())
    assert [passage[:6] for passage in EXPECTED] == ["在新征程中书", "一、突出政治", "二、突出产业", "（二）优化政"]


@pytest.mark.parametrize("name", MADE)
def test_every_format_gives_the_same_passages(name: str) -> None:
    assert passages(MADE[name], name) == EXPECTED


@pytest.mark.parametrize("name", MADE)
def test_every_format_gives_the_same_title_and_author(name: str) -> None:
    (entry,) = read(MADE[name], name)
    assert entry.document.title == ARTICLE[0]
    assert entry.document.author == "中共云溪县委常委、组织部部长 李大成"


def test_a_name_that_lies_is_corrected_by_the_content() -> None:
    assert passages(MADE["a.pdf"], "a.docx") == EXPECTED
    assert passages(MADE["a.docx"], "a.txt") == EXPECTED


def test_a_zip_holds_documents() -> None:
    archive = made.zipped({"云溪/一.docx": MADE["a.docx"], "云溪/二.txt": f"另一篇文章\n{ARTICLE[1]}\n".encode()})
    entries = read(archive, "云溪.zip")
    assert [entry.document.title for entry in entries] == [ARTICLE[0], "另一篇文章"]
    assert {entry.document.source for entry in entries} == {"云溪.zip/云溪/一.docx", "云溪.zip/云溪/二.txt"}
