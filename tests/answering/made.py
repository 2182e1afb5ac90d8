"""Documents and an answer over them, small enough to check by eye."""

from __future__ import annotations

from datetime import UTC, datetime

from rag.answering.receipt import Receipt, issue
from rag.types import (
    Answer,
    Chunk,
    Citation,
    Comparison,
    Coverage,
    Document,
    Hit,
    Level,
    Point,
    Reason,
    chunk_id,
    document_id,
    text_sha256,
)

CREATED = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


def document(text: str, **known: str | None) -> Document:
    """A document with the id and hash of its text, titled by its first line."""
    fields: dict[str, str | None] = {"title": text.split("\n")[0], "place": None, "author": None, "source": "a.txt"}
    fields |= known
    return Document(
        id=document_id(text),
        text=text,
        title=str(fields["title"]),
        place=fields["place"],
        level=Level.COUNTY,
        author=fields["author"],
        source=str(fields["source"]),
        published=fields.get("published"),
        doc_number=fields.get("doc_number"),
        url=fields.get("url"),
        issuer=fields.get("issuer"),
        sha256=text_sha256(text),
    )


COUNTY = document(
    "甲县人才工作\n甲县设立人才发展专项资\n金500万元。\n甲县给予博士安家补贴30万元。\n",
    place="乙市甲县",
    author="县委组织部 王一",
    published="2022-12-05",
    source="folder/a.txt",
)
CITY = document(
    "丙市人才办法\n🏛丙市发放*补贴*20万元。\n丙市发放*补贴*20万元。\n",
    place="丙市",
    issuer="中共丙市委",
    doc_number="丙发〔2023〕7号",
    published="2023-04",
    url="https://example.gov.cn/1.html",
    source="b.html",
)
DOCUMENTS = {item.id: item for item in (COUNTY, CITY)}


def citation(item: Document, quote: str, *, score: float = 1.0) -> Citation:
    """The citation of a quote where the document first has it."""
    start = item.text.index(quote)
    end = start + len(quote)
    chunk = Chunk(chunk_id(item.id, 0, len(item.text)), item.id, 0, len(item.text), "", item.title)
    return Citation(item.id, start, end, quote, chunk, score)


FUND = citation(COUNTY, "甲县设立人才发展专项资\n金500万元。")
DOCTORS = citation(COUNTY, "甲县给予博士安家补贴30万元。")
SUBSIDY = citation(CITY, "丙市发放*补贴*20万元。")
POINTS = (
    Point("甲县设立人才发展专项资金500万元。", (FUND,)),
    Point("甲县给予博士安家补贴30万元。", (DOCTORS, FUND)),
    Point("丙市发放*补贴*20万元。", (SUBSIDY,)),
)


def answer(question: str = "人才政策有哪些？", *, comparison: Comparison | None = None, omitted: int = 0) -> Answer:
    """An answer of three points from two documents."""
    return Answer(
        question=question,
        answered=True,
        text="甲县：……\n丙市：……",
        points=POINTS,
        citations=(FUND, DOCTORS, SUBSIDY),
        reason=None,
        coverage=Coverage(2, 2, omitted),
        comparison=comparison,
    )


def refusal(question: str = "丁县有哪些人才政策？") -> Answer:
    """A refusal with one nearest document."""
    return Answer(
        question=question,
        answered=False,
        text="语料中没有丁县的文件。",
        points=(),
        citations=(),
        reason=Reason.NO_SUCH_PLACE,
        coverage=Coverage(0, 0),
        nearest=(Hit(FUND.chunk, 0.5),),
    )


def receipt(given: Answer | None = None) -> Receipt:
    """The receipt of an answer over the two documents."""
    return issue(
        given or answer(), DOCUMENTS, model="bundled", model_fingerprint="f" * 64, generation=3, created=CREATED
    )
