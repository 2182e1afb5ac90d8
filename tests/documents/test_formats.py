"""What each format says beyond its lines, and the files that are refused."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from rag.documents import ocr, office
from rag.documents.assemble import read
from rag.errors import DocumentError
from rag.types import Entry
from tests.documents import made
from tests.documents.test_round_trip import ARTICLE, MADE

BODY = "全县引进博士十二名，发放安家补贴三百万元。建成人才公寓二百套，前两年免收租金。人才服务专窗一次办结各类事项。"
W = f'xmlns:w="{made.W}"'


def one(data: bytes, source: str) -> Entry:
    (entry,) = read(data, source)
    return entry


def quotes(entry: Entry) -> str:
    return "\n".join(entry.document.text[chunk.start : chunk.end] for chunk in entry.chunks)


def paragraph(words: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>"


def docx(body: str, **parts: str) -> bytes:
    files = {"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>"}
    files.update({f"word/{name}.xml": content for name, content in parts.items()})
    return made.zipped(files)


def test_docx_headings_come_from_styles() -> None:
    styles = f'<w:styles {W}><w:style w:styleId="a1"><w:name w:val="heading 1"/></w:style></w:styles>'
    body = paragraph("云溪县人才工作综述") + paragraph("引才，聚天下英才", '<w:pStyle w:val="a1"/>') + paragraph(BODY)
    entry = one(docx(body, styles=styles), "a.docx")
    assert entry.document.title == "云溪县人才工作综述"
    assert [chunk.heading for chunk in entry.chunks] == ["引才，聚天下英才"]


def test_docx_lists_keep_their_numbers() -> None:
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    )
    listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>'
    body = paragraph("云溪县人才工作综述")
    body += "".join(paragraph(f"{name}有招", listed) + paragraph(BODY) for name in ("引才", "育才"))
    entry = one(docx(body, numbering=numbering), "a.docx")
    assert [chunk.heading for chunk in entry.chunks] == ["一、引才有招", "二、育才有招"]


def test_docx_table_rows_are_lines_and_deleted_text_is_gone() -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in cells) + "</w:tr>"

    table = f"<w:tbl>{row('层次', '补贴')}{row('博士', '30万元')}</w:tbl>"
    deleted = "<w:p><w:r><w:t>现行标准。</w:t></w:r><w:del><w:r><w:delText>旧标准。</w:delText></w:r></w:del></w:p>"
    entry = one(docx(paragraph("云溪县补贴标准") + table + deleted), "a.docx")
    assert entry.document.text == "云溪县补贴标准\n层次\t补贴\n博士\t30万元\n现行标准。\n"


def test_page_without_its_site() -> None:
    page = (
        '<html><head><meta name="ArticleTitle" content="云溪县人才新政"><meta name="PubDate" content="2023-05-06 10:00">'
        '<meta name="SiteName" content="云溪县人民政府"><meta name="Url" content="http://example.gov.cn/a.html"></head><body>'
        '<ul><li><a href="/">首页</a></li><li><a href="/b">政务公开</a></li></ul><h1>云溪县人才新政</h1>'
        f"<div>时间：2023-05-06 来源：云溪党建网</div><p>{BODY}</p><h2>补贴标准</h2><table><tr><th>层次</th><th>补贴</th></tr>"
        f"<tr><td>博士</td><td>30万元</td></tr></table><p>{BODY}</p><p style='display:none'>看不见的字</p>"
        "<div><a href='/x'>上一篇</a></div><div>版权所有：云溪县人民政府</div><script>var a='文字'</script></body></html>"
    )
    entry = one(page.encode("gb18030"), "a.html")
    assert (entry.document.title, entry.document.url, entry.document.published) == (
        "云溪县人才新政",
        "http://example.gov.cn/a.html",
        "2023-05-06",
    )
    assert [chunk.heading for chunk in entry.chunks] == ["", "补贴标准"]
    assert quotes(entry) == f"云溪县人才新政\n{BODY}\n补贴标准\n层次\t补贴\n博士\t30万元\n{BODY}"


def test_a_layout_table_is_no_data() -> None:
    page = f"<html><body><table><tr><td><p>云溪县人才新政</p><p>{BODY}</p><p>{BODY * 2}</p></td></tr></table></body></html>"
    assert one(page.encode(), "a.html").document.text == f"云溪县人才新政\n{BODY}\n{BODY * 2}\n"


def test_rows_far_from_the_head_of_a_table_stand_under_its_columns() -> None:
    rows = "".join(
        f"<tr><td>专业{at}</td><td>补贴标准为每人每年三万元，连续补贴三年，每年年底前一次发放到本人账户</td></tr>"
        for at in range(20)
    )
    page = f"<html><body><h1>云溪县补贴目录</h1><table><tr><th>专业</th><th>标准</th></tr>{rows}</table></body></html>"
    entry = one(page.encode(), "a.html")
    assert len(entry.chunks) > 2
    assert [chunk.heading for chunk in entry.chunks] == ["", *["专业 标准"] * (len(entry.chunks) - 1)]


def test_a_page_titled_like_its_site_takes_the_title_from_its_text() -> None:
    page = f"<html><title>云溪县人民政府门户网站</title><body><p>云溪县人才新政</p><p>{BODY}</p><p>{BODY * 2}</p></body></html>"
    assert one(page.encode(), "a.html").document.title == "云溪县人才新政"


def test_web_archive_in_gb2312() -> None:
    page = f"<html><body><h1>云溪县人才新政</h1><p>{BODY}</p></body></html>".encode("gb2312")
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset=gb2312\r\n\r\n'
    assert one(head + page + b"\r\n--b--", "a.mht").document.text == f"云溪县人才新政\n{BODY}\n"


def test_markdown_dump_of_a_page() -> None:
    text = (
        "Title: 云溪县人才新政 - 云溪县人民政府门户网站\n\nURL Source: http://example.gov.cn/a.html\n\nMarkdown Content:\n"
        "*   [首页](http://example.gov.cn/)\n*   [政务公开](http://example.gov.cn/b)\n\n搜索\n\n# 云溪县人才新政\n\n"
        f"来源：**云溪党建网**\n\n{BODY}\n\n**补贴标准**\n\n{BODY}\n\n[打印](javascript:;)[关闭](javascript:;)\n\n版权所有：云溪县人民政府\n"
    )
    entry = one(text.encode(), "a.md")
    assert (entry.document.title, entry.document.url) == ("云溪县人才新政", "http://example.gov.cn/a.html")
    assert entry.document.text == text
    assert quotes(entry) == f"# 云溪县人才新政\n{BODY}\n**补贴标准**\n\n{BODY}"


def test_sheet_rows_name_their_columns() -> None:
    book = openpyxl.Workbook()
    for row in (
        ["云溪县引才名单"],
        ["姓名", "单位", "补贴（元）"],
        ["李大成", "县人民医院", 300000.0],
        ["王小平", None, 120000],
    ):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    assert one(out.getvalue(), "a.xlsx").document.text == (
        "云溪县引才名单\n姓名\t单位\t补贴（元）\n姓名：李大成；单位：县人民医院；补贴（元）：300000\n姓名：王小平；补贴（元）：120000\n"
    )


def test_csv_in_gbk() -> None:
    data = '来源,标准\n县委组织部,"博士30万元,硕士12万元"\n县人社局,每月1000元\n'.encode("gbk")
    entry = one(data, "a.csv")
    assert (
        entry.document.text
        == "来源\t标准\n来源：县委组织部；标准：博士30万元,硕士12万元\n来源：县人社局；标准：每月1000元\n"
    )
    assert quotes(entry) == entry.document.text.strip()


def test_pages_are_kept() -> None:
    lines = [ARTICLE[0], *ARTICLE[1:] * 4]
    entry = one(made.pdf(lines), "a.pdf")
    pages = [evidence for evidence in entry.document.evidence if evidence.field == "page"]
    assert [page.value for page in pages] == [str(at + 1) for at in range(len(made.printed(lines)))]
    assert pages[0].start == 0
    assert pages[-1].end == len(entry.document.text)
    assert [page.end for page in pages[:-1]] == [page.start for page in pages[1:]]


@pytest.mark.skipif(ocr.is_installed(), reason="the extra is installed")
def test_a_scan_names_the_extra_that_reads_it() -> None:
    with pytest.raises(DocumentError, match=r"'a.pdf' has no text layer \(a scan\); install policy-rag\[ocr\]"):
        read(made.scan(["It opened 216 flats for talent in 2023."]), "a.pdf")


@pytest.mark.models
def test_a_scan_is_read_where_the_extra_is_installed() -> None:
    pytest.importorskip("rapidocr_onnxruntime")
    text = one(made.scan(["It opened 216 flats for talent in 2023."]), "a.pdf").document.text
    assert "".join(text.split()) == "Itopened216flatsfortalentin2023."


def locked_pdf() -> bytes:
    encrypt = (
        b"/Encrypt<</Filter/Standard/V 1/R 2/Length 40/O<"
        + b"11" * 32
        + b">/U<"
        + b"22" * 32
        + b">/P -4>>/ID[<00><00>]"
    )
    return MADE["a.pdf"].replace(b"/Root 1 0 R>>", b"/Root 1 0 R" + encrypt + b">>")


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("a.txt", b"0" * 49_000_000)
    return out.getvalue()


def entities(name: str) -> bytes:
    laughs = "".join(f'<!ENTITY l{at + 1} "{f"&l{at};" * 10}">' for at in range(9))
    return made.zipped({name: f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><x>&l9;</x>'})


REFUSED = {
    "locked.pdf": (locked_pdf(), "encrypted"),
    "cut.pdf": (MADE["a.pdf"][:60], "damaged"),
    "locked.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    "cut.docx": (MADE["a.docx"][:200], "damaged"),
    "entities.docx": (entities("word/document.xml"), "document type"),
    "entities.ofd": (entities("OFD.xml"), "document type"),
    "entities.xlsx": (made.zipped({"xl/workbook.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"}), "document type"),
    "hollow.ofd": (made.zipped({"OFD.xml": "<a/>"}), "no text layer"),
    "nested.zip": (made.zipped({"b.zip": made.zipped({"a.txt": BODY})}), "zips in zips"),
    "hollow.zip": (made.zipped({"__MACOSX/a": "x"}), "empty zip"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n" + bytes(100), "picture"),
    "deck.pptx": (made.zipped({"ppt/presentation.xml": "<a/>"}), "presentation"),
    "hollow.html": (b"<html><body><script>var a=1</script></body></html>", "without text"),
    "hollow.mht": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n", "without a page"),
    "hollow.csv": (b"\n\n", "empty"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_one_line(name: str) -> None:
    assert_refused(name, *REFUSED[name])


def test_a_zip_that_unfolds_to_too_much_is_refused() -> None:
    assert_refused("bomb.zip", bomb(), "unfolds to")


def assert_refused(name: str, data: bytes, why: str) -> None:
    with pytest.raises(DocumentError) as error:
        read(data, name)
    message = str(error.value)
    assert why in message
    assert name in message
    assert "\n" not in message


def test_what_cannot_be_read_in_a_zip_does_not_hide_the_rest(caplog: pytest.LogCaptureFixture) -> None:
    entries = read(made.zipped({"a.txt": f"云溪工作\n{BODY}\n".encode(), "b.pdf": locked_pdf()}), "a.zip")
    assert [entry.document.title for entry in entries] == ["云溪工作"]
    assert [record.message for record in caplog.records] == ["'a.zip/b.pdf' is encrypted; save it without a password"]


def test_old_office_files_name_the_program_they_need(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DocumentError, match=r"needs LibreOffice .* save the file as docx"):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.doc")
    with pytest.raises(DocumentError, match="save the file as xlsx"):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls")
    assert office.TIMEOUT_SECONDS == 60


def test_names_of_columns_are_neither_title_nor_author() -> None:
    rows = "姓名,单位,补贴(万元)\n张三,县医院,30\n李四,县一中,20\n"
    item = one(rows.encode(), "名单/2023年引才补贴.csv").document
    assert (item.title, item.author) == ("2023年引才补贴", None)
    headed = one(("清禾县引才补贴名单,,\n" + rows).encode(), "b.csv").document
    assert (headed.title, headed.author) == ("清禾县引才补贴名单", None)
