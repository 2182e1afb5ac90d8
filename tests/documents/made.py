"""One article in every format: small writers, so that the tests hold no binary files."""

from __future__ import annotations

import html as html_module
import io
import zipfile
from collections.abc import Sequence

import pypdfium2 as pdfium

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFD = "http://www.ofdspec.org/2016"
COLUMNS = 28
ROWS = 24


def html(lines: Sequence[str], charset: str = "utf-8") -> bytes:
    """A page with navigation and footer around the article."""
    body = "".join(f"<p>　　{html_module.escape(line)}</p>\n" for line in lines[1:])
    page = (
        f'<!DOCTYPE html><html><head><meta charset="{charset}"><title>{lines[0]} - 云溪县人民政府门户网站</title></head><body>'
        '<div class="nav"><a href="/">首页</a> <a href="/a">政务公开</a> <a href="/b">互动交流</a></div>'
        '<div>当前位置：<a href="/">首页</a> &gt; <a href="/c">组织工作</a></div>'
        f'<h1>{lines[0]}</h1><div>来源：云溪党建网 发布时间：2023-05-06 浏览次数：12</div><div id="zoom">{body}</div>'
        '<div><a href="/x">上一篇：没有了</a></div><div class="footer">主办单位：云溪县人民政府 <a href="#">网站地图</a> ICP备案号：云ICP备1号</div>'
        "</body></html>"
    )
    return page.encode(charset)


def docx(lines: Sequence[str]) -> bytes:
    """A document of plain paragraphs."""
    body = "".join(f"<w:p><w:r><w:t>{html_module.escape(line)}</w:t></w:r></w:p>" for line in lines)
    return zipped({"word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'})


def printed(lines: Sequence[str]) -> list[list[tuple[int, str]]]:
    """The article on pages of 24 lines of 28 characters: (column, words); title centred, paragraphs indented by two."""
    rows: list[tuple[int, str]] = []
    title, *paragraphs = lines
    for at in range(0, len(title), COLUMNS - 6):
        part = title[at : at + COLUMNS - 6]
        rows.append(((COLUMNS - len(part)) // 2, part))
    for paragraph in paragraphs:
        rows.append((2, paragraph[: COLUMNS - 2]))
        rows.extend((0, paragraph[at : at + COLUMNS]) for at in range(COLUMNS - 2, len(paragraph), COLUMNS))
    return [rows[at : at + ROWS] for at in range(0, len(rows), ROWS)]


def ofd(lines: Sequence[str]) -> bytes:
    """A document with a text layer, one object a printed line, and page numbers."""
    pages = printed(lines)
    listed = "".join(f'<ofd:Page ID="{at}" BaseLoc="Pages/Page_{at}/Content.xml"/>' for at in range(len(pages)))
    files = {
        "OFD.xml": f'<ofd:OFD xmlns:ofd="{OFD}"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>',
        "Doc_0/Document.xml": f'<ofd:Document xmlns:ofd="{OFD}"><ofd:Pages>{listed}</ofd:Pages></ofd:Document>',
    }
    for at, page in enumerate(pages):
        rows = [*page, (13, f"- {at + 1} -")]
        objects = "".join(
            f'<ofd:TextObject Boundary="{20 + 5 * column} {20 + 9 * row} {5 * len(words)} 5" Size="5">'
            f'<ofd:TextCode X="0" Y="4">{html_module.escape(words)}</ofd:TextCode></ofd:TextObject>'
            for row, (column, words) in enumerate(rows)
        )
        files[f"Doc_0/Pages/Page_{at}/Content.xml"] = (
            f'<ofd:Page xmlns:ofd="{OFD}"><ofd:Content>{objects}</ofd:Content></ofd:Page>'
        )
    return zipped(files)


def pdf(lines: Sequence[str]) -> bytes:
    """A pdf with a text layer: one composite font, its characters mapped by ToUnicode, 16 points, page numbers."""
    pages = printed(lines)
    glyphs = sorted({char for line in lines for char in line} | set("- 0123456789"))
    code = {char: at + 1 for at, char in enumerate(glyphs)}
    unicode_map = "\n".join(f"<{code[char]:04x}> <{char.encode('utf-16-be').hex()}>" for char in glyphs)
    to_unicode = (
        "/CIDInit /ProcSet findresource begin begincmap /CMapType 2 def 1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        + "".join(
            f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar\n"
            for part in _parts(unicode_map.split("\n"), 100)
        )
        + "endcmap end"
    )
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(f'{6 + 2 * at} 0 R' for at in range(len(pages)))}]>>",
        "<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/Song/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000>>",
        _stream(to_unicode),
    ]
    for at, page in enumerate(pages):
        rows = [*page, (13, f"- {at + 1} -")]
        said = "".join(
            f"BT /F1 16 Tf 1 0 0 1 {72 + 16 * column} {780 - 28 * row} Tm <{''.join(f'{code[char]:04x}' for char in words)}> Tj ET\n"
            for row, (column, words) in enumerate(rows)
        )
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents {7 + 2 * at} 0 R>>"
        )
        objects.append(_stream(said))
    return _pdf_file(objects)


def scan(lines: Sequence[str]) -> bytes:
    """A pdf of one picture of English lines, without a text layer."""
    said = "".join(f"BT /F1 14 Tf 72 {760 - 24 * at} Td ({line}) Tj ET\n" for at, line in enumerate(lines))
    font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<{}>>/Contents 4 0 R>>"
    head = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>"]
    typed = pdfium.PdfDocument(_pdf_file([*head, page.format("/Font<</F1 5 0 R>>"), _stream(said), font]))
    pixels = typed[0].render(scale=2, grayscale=True).to_numpy()
    height, width = pixels.shape[:2]
    image = f"<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/ASCIIHexDecode/Length {2 * height * width}>>"
    shown = _stream("595 0 0 842 0 0 cm /I1 Do")
    return _pdf_file(
        [*head, page.format("/XObject<</I1 5 0 R>>"), shown, f"{image}stream\n{pixels.tobytes().hex()}\nendstream"]
    )


def _parts(items: Sequence[str], size: int) -> list[Sequence[str]]:
    return [items[at : at + size] for at in range(0, len(items), size)]


def _stream(content: str) -> str:
    return f"<</Length {len(content)}>>stream\n{content}\nendstream"


def _pdf_file(objects: Sequence[str]) -> bytes:
    out = io.BytesIO(b"")
    out.write(b"%PDF-1.7\n")
    offsets = []
    for at, content in enumerate(objects, start=1):
        offsets.append(out.tell())
        out.write(f"{at} 0 obj\n{content}\nendobj\n".encode("latin-1"))
    start = out.tell()
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode())
    out.write(f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF".encode())
    return out.getvalue()


def zipped(files: dict[str, str] | dict[str, bytes]) -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()
