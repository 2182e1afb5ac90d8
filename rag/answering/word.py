"""An answer as a Word document."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Final

from rag.answering.formats import Item, Sheet

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

LATIN_FONT: Final = "Times New Roman"
TEXT_FONT: Final = "仿宋"
HEADING_FONT: Final = "黑体"
TEXT_POINTS: Final = 12
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def word(page: Sheet, written: datetime) -> bytes:
    """The sheet as the bytes of a .docx file: headings, numbered points with superior reference marks, a table for a
    comparison, the list of references. `written` is its date of creation. Characters that XML cannot hold are left out."""
    from docx import Document

    document = Document()
    _styled(document)
    properties = document.core_properties
    properties.title, properties.author = _clean(page.question), "policy-rag"
    properties.created = properties.modified = written
    document.add_heading(_clean(page.question), level=1)
    _body(document, page)
    if page.references:
        document.add_heading(page.references_heading, level=2)
        for line in page.references:
            document.add_paragraph(_clean(line))
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _body(document: WordDocument, page: Sheet) -> None:
    if page.lead:
        document.add_paragraph(_clean(page.lead))
    if page.compared:
        _table(document, page)
    else:
        for section in page.sections:
            document.add_paragraph().add_run(_clean(section.heading)).bold = True
            for item in section.items:
                _item(document.add_paragraph(), item)
                for quote in item.quotes:
                    document.add_paragraph(_clean(quote), style="Quote")
    if page.remark:
        document.add_paragraph(_clean(page.remark))


def _table(document: WordDocument, page: Sheet) -> None:
    table = document.add_table(rows=1, cols=2, style="Table Grid")
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = page.wording.place, page.wording.points
    for section in page.sections:
        cells = table.add_row().cells
        cells[0].text = _clean(section.heading)
        if not section.items:
            cells[1].text = page.wording.nothing
        for at, item in enumerate(section.items):
            _item(cells[1].paragraphs[0] if at == 0 else cells[1].add_paragraph(), item)


def _item(paragraph: Paragraph, item: Item) -> None:
    paragraph.add_run(_clean(f"{item.number}. {item.text}"))
    paragraph.add_run(item.marks).font.superscript = True


def _styled(document: WordDocument) -> None:
    from docx.shared import Pt, RGBColor

    for name, font in (("Normal", TEXT_FONT), ("Heading 1", HEADING_FONT), ("Heading 2", HEADING_FONT)):
        style = document.styles[name]
        style.font.name = LATIN_FONT
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(f"{{{fonts.nsmap['w']}}}{kind}", None)
        fonts.set(f"{{{fonts.nsmap['w']}}}eastAsia", font)
        style.font.color.rgb = RGBColor(0, 0, 0)
    document.styles["Normal"].font.size = Pt(TEXT_POINTS)


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)
