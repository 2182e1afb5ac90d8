"""An answerer over two short documents whose results are canned, so that every score can be worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rag.types import Answer, Chunk, Citation, Coverage, Document, Hit, Point, Reason, chunk_id

NORTH = "北县设立人才驿站12个。北县发放购房补贴300万元。北县建成党群中心。"
SOUTH = "南县开办牧民夜校。南县组建骑手支部40个。"
TEXTS = {"north": NORTH, "south": SOUTH}


def document(identifier: str) -> Document:
    return Document(identifier, TEXTS[identifier], identifier, None, None, None, f"{identifier}.txt")


def chunk(identifier: str, text: str) -> Chunk:
    start = TEXTS[identifier].index(text)
    end = start + len(text)
    return Chunk(chunk_id(identifier, start, end), identifier, start, end, "", "")


STATIONS = chunk("north", "北县设立人才驿站12个。")
SUBSIDY = chunk("north", "北县发放购房补贴300万元。")
CENTRE = chunk("north", "北县建成党群中心。")
NIGHT = chunk("south", "南县开办牧民夜校。")
RIDERS = chunk("south", "南县组建骑手支部40个。")
CHUNKS = (STATIONS, SUBSIDY, CENTRE, NIGHT, RIDERS)


def cite(passage: Chunk, score: float = 1.0) -> Citation:
    quote = TEXTS[passage.document_id][passage.start : passage.end]
    return Citation(passage.document_id, passage.start, passage.end, quote, passage, score)


def answer(question: str, *points: Sequence[Chunk], score: float = 1.0) -> Answer:
    made = tuple(Point("", tuple(cite(passage, score) for passage in point)) for point in points)
    return Answer(question, True, "", made, tuple(c for p in made for c in p.citations), None, Coverage(1, 1))


def refusal(question: str, reason: Reason) -> Answer:
    return Answer(question, False, "", (), (), reason, Coverage(0, 0))


@dataclass(frozen=True)
class Found:
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class Answered:
    answer: Answer


@dataclass(frozen=True)
class Listed:
    documents: tuple[Document, ...]


@dataclass
class CannedAnswerer:
    """Gives the first k of `rankings[question]` and `answers[question]`; a question without an answer is refused."""

    rankings: Mapping[str, Sequence[Chunk]] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    indexed: list[Path] = field(default_factory=list)
    closed: bool = False

    def search(self, query: str, *, k: int) -> Found:
        ranking = self.rankings.get(query, ())[:k]
        return Found(tuple(Hit(passage, 1.0 / rank) for rank, passage in enumerate(ranking, 1)))

    def ask(self, question: str) -> Answered:
        return Answered(self.answers.get(question) or refusal(question, Reason.NOTHING_RELEVANT))

    def documents(self, *, limit: int, offset: int) -> Listed:
        return Listed(tuple(map(document, TEXTS))[offset : offset + limit])

    def chunks(self, document_id: str) -> Sequence[Chunk]:
        return [passage for passage in CHUNKS if passage.document_id == document_id]

    def index(self, paths: Sequence[Path]) -> None:
        self.indexed += paths

    def close(self) -> None:
        self.closed = True
