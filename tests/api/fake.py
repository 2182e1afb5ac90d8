"""A Service over a few documents in memory whose answers can be worked out by hand.

A question is a word. Every line that holds it is a passage, in order of document and line, scored 1/rank; each of the
first k passages is a point. No such line: a refusal with the first line of every document as what is nearest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from rag.config import DEFAULT_K, MAX_K, MAX_QUESTION_CHARS
from rag.conversation.follow_up import follow_up
from rag.corrections import checked, corrected
from rag.errors import DocumentError, NotFoundError, UsageError
from rag.outcomes import Answered, Found, Page, Status
from rag.service import Service
from rag.types import (
    Answer,
    Chunk,
    Citation,
    Coverage,
    Document,
    Evidence,
    Hit,
    Level,
    Point,
    Reason,
    chunk_id,
    document_id,
    text_sha256,
)

COUNTY = Document(
    id="",
    text="甲县人才工作\n甲县设立人才发展专项资金500万元。\n甲县给予博士安家补贴30万元。\n",
    title="甲县人才工作",
    place="乙市甲县",
    level=Level.COUNTY,
    author="王一",
    source="a.txt",
    published="2022-12-05",
    evidence=(Evidence("place", "乙市甲县", 0, 2, "title"),),
)
# Before the passages stand an emoji and two characters outside the basic plane: 6 UTF-16 units for 3 code points.
ASTRAL = Document(
    id="",
    text="🏛𠮷𬮱<img src=x onerror=document.title='hacked'>\n𠮷镇的补贴是20万元。\n",
    title="🏛𠮷𬮱<img src=x onerror=document.title='hacked'>",
    place="丙市",
    level=Level.PREFECTURE,
    author=None,
    source="folder/<b>b.txt",
    published="2020",
)


def made(item: Document) -> Document:
    """The document with the id, hash and sources that its text and source give it."""
    return replace(item, id=document_id(item.text), sha256=text_sha256(item.text), sources=(item.source,))


class FakeService(Service):
    """See the module. `failure`, when set, is raised by every reading method: a fault of the index or of the code."""

    writable = True

    def __init__(self, documents: Iterable[Document] = (COUNTY, ASTRAL)) -> None:
        self.restore(documents)

    def restore(self, documents: Iterable[Document] = (COUNTY, ASTRAL)) -> None:
        """Makes it as new, so that one application serves many tests."""
        self.held = {item.id: item for item in map(made, documents)}
        self.generation = 1
        self.closed = False
        self.failure: Exception | None = None

    def ask(
        self,
        question: str,
        *,
        k: int = DEFAULT_K,
        place: str | None = None,
        since: str | None = None,
        until: str | None = None,
        history: Sequence[str] = (),
        release: Callable[[str], None] | None = None,
    ) -> Answered:
        question = follow_up(history, question)
        hits = self.search(question, k=k, place=place, since=since, until=until).hits
        citations = tuple(self._citation(hit, question) for hit in hits)
        nearest = () if hits else tuple(Hit(next(_lines(item)), 0.5) for item in self.held.values())
        answer = Answer(
            question=question,
            answered=bool(hits),
            text="；".join(citation.quote for citation in citations) or f"没有关于{question}的内容。",
            points=tuple(Point(citation.quote, (citation,)) for citation in citations),
            citations=citations,
            reason=None if hits else Reason.NOTHING_RELEVANT,
            coverage=Coverage(
                len({hit.chunk.document_id for hit in hits}), len({hit.chunk.document_id for hit in hits})
            ),
            nearest=nearest,
            timings={"total": 1.25},
        )
        return Answered(answer, self.held, "fake", self.generation)

    def search(
        self,
        query: str,
        *,
        k: int = DEFAULT_K,
        place: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Found:
        self._fail()
        if not query.strip() or len(query) > MAX_QUESTION_CHARS:
            raise UsageError(f"a question has 1–{MAX_QUESTION_CHARS} characters, not {len(query)}")
        if not 1 <= k <= MAX_K:
            raise UsageError(f"k {k} is outside 1–{MAX_K}")
        chunks = [
            chunk
            for item in self.held.values()
            if (place or "") in (item.place or "") and (since or "") <= (item.published or "") <= (until or "9")
            for chunk in _lines(item)
            if query in item.text[chunk.start : chunk.end]
        ]
        hits = tuple(Hit(chunk, 1 / rank) for rank, chunk in enumerate(chunks[:k], 1))
        return Found(query, hits, self.held)

    def documents(self, *, limit: int = 50, offset: int = 0) -> Page:
        self._fail()
        if not 1 <= limit <= 1000:
            raise UsageError(f"limit {limit} is outside 1–1000")
        held = tuple(self.held.values())
        return Page(held[offset : offset + limit], len(held))

    def document(self, document_id: str) -> Document:
        self._fail()
        if document_id not in self.held:
            raise NotFoundError(f"no document {document_id!r}; `rag list` shows what there is")
        return self.held[document_id]

    def chunks(self, document_id: str) -> Sequence[Chunk]:
        return tuple(_lines(self.document(document_id)))

    def add(self, source: str, data: bytes) -> tuple[Document, ...]:
        if b"\0" in data or not data:
            raise DocumentError(f"{source}: not text; give a text file")
        text = data.decode()
        title = text.splitlines()[0]
        item = made(Document("", text, title, place=None, level=None, author=None, source=source))
        self.held = {key: held for key, held in self.held.items() if held.source != source} | {item.id: item}
        self.generation += 1
        return (item,)

    def correct(self, document_id: str, fields: Mapping[str, str | None]) -> Document:
        values = {}
        for field, value in fields.items():
            values |= checked(field, value) if value else {field: None}
        self.held[document_id] = corrected(self.document(document_id), values)
        self.generation += 1
        return self.held[document_id]

    def remove(self, document_ids: Sequence[str]) -> None:
        for name in document_ids:
            self.document(name)
        self.held = {key: held for key, held in self.held.items() if key not in document_ids}
        self.generation += 1

    def status(self) -> Status:
        self._fail()
        chunks = sum(len(self.chunks(name)) for name in self.held)
        return Status(
            "data", False, self.generation, len(self.held), chunks, "fake", "f" * 64, "a" * 64, 1, self.writable
        )

    def close(self) -> None:
        self.closed = True

    def _fail(self) -> None:
        if self.failure is not None:
            raise self.failure

    def _citation(self, hit: Hit, word: str) -> Citation:
        chunk = hit.chunk
        quote = self.held[chunk.document_id].text[chunk.start : chunk.end]
        at = quote.index(word)
        return Citation(chunk.document_id, chunk.start, chunk.end, quote, chunk, hit.score, (at, at + len(word)))


def _lines(item: Document) -> Iterator[Chunk]:
    start = 0
    for line in item.text.splitlines():
        yield Chunk(chunk_id(item.id, start, start + len(line)), item.id, start, start + len(line), "", item.title)
        start += len(line) + 1
