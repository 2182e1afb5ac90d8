"""Gold questions: their file format (DESIGN §7) and where their evidence lies in the indexed documents."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath
from typing import Final

from rag.errors import UsageError
from rag.measures import Group
from rag.types import Document, Span


class Kind(StrEnum):
    """Type of a gold question."""

    FACT = "fact"
    LIST = "list"
    HOW = "how"
    COMPARE = "compare"
    PARAPHRASE = "paraphrase"
    ENGLISH = "english"
    TRAD = "trad"
    UNANSWERABLE = "unanswerable"


QUOTE_BUDGETS: Final[Mapping[Kind, int]] = {Kind.FACT: 400, Kind.TRAD: 400, Kind.ENGLISH: 800}
DEFAULT_QUOTE_BUDGET: Final = 1_200
FORMAT: Final = "id, lang, question, type, answers and evidence [{doc, span}]"


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """A verbatim run of the source file whose base name is `doc`."""

    doc: str
    span: str


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """One gold question. `subtype` refines unanswerable (fact_absent …), english and trad (fact, list, how)."""

    id: str
    lang: str
    question: str
    type: Kind
    answers: tuple[str, ...]
    evidence: tuple[GoldSpan, ...]
    subtype: str | None = None
    alt_docs: tuple[str, ...] = ()
    place: str | None = None

    @property
    def answerable(self) -> bool:
        """Whether the documents hold an answer."""
        return self.type is not Kind.UNANSWERABLE

    @property
    def quote_budget(self) -> int:
        """Characters of the answer's quotes that count."""
        return QUOTE_BUDGETS.get(self.type, DEFAULT_QUOTE_BUDGET)

    @property
    def needs_all(self) -> bool:
        """Whether an answer counts only with every gold string in it (facts), rather than by share."""
        return Kind.FACT in (self.type, self.subtype) or (self.type is Kind.TRAD and self.subtype is None)


@dataclass(frozen=True, slots=True)
class Library:
    """The indexed documents, with text, by the base name of each of their sources."""

    by_name: Mapping[str, tuple[Document, ...]]

    def groups(self, question: GoldQuestion) -> tuple[Group, ...]:
        """One group per evidence span, in order: every place where the span occurs, and the alternative documents.

        White space is ignored where the verbatim span is not found: saved pages break lines in odd places.
        """
        alternatives = frozenset(d.id for name in question.alt_docs for d in self.by_name.get(name, ()))
        return tuple(Group(tuple(self._places(gold)), alternatives) for gold in question.evidence)

    def holds(self, question: GoldQuestion) -> bool:
        """Whether any document that the question's evidence names is indexed."""
        names = {gold.doc for gold in question.evidence} | set(question.alt_docs)
        return any(name in self.by_name for name in names)

    def _places(self, gold: GoldSpan) -> Iterable[Span]:
        for document in self.by_name.get(gold.doc, ()):
            for start, end in occurrences(document.text, gold.span):
                yield Span(document.id, start, end)


def library(documents: Iterable[Document]) -> Library:
    """The documents by base name of `source` and of every further one in `sources`."""
    by_name: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        for name in dict.fromkeys(PurePath(source).name for source in (document.source, *document.sources)):
            by_name[name].append(document)
    return Library({name: tuple(found) for name, found in by_name.items()})


def occurrences(text: str, span: str) -> Sequence[tuple[int, int]]:
    """Half-open ranges of `text` that hold the span: verbatim, or with white space ignored when there is none verbatim."""
    exact = [(start, start + len(span)) for start in _starts(text, span)]
    if exact:
        return exact
    offsets = [i for i, character in enumerate(text) if not character.isspace()]
    needle = "".join(span.split())
    squeezed = "".join(text[i] for i in offsets)
    return [(offsets[start], offsets[start + len(needle) - 1] + 1) for start in _starts(squeezed, needle)]


def read_questions(path: Path) -> tuple[GoldQuestion, ...]:
    """The questions of a JSON-lines file, in order; blank lines are skipped.

    Raises UsageError, naming file and line: not readable, not JSON, a field missing or of the wrong kind, an id twice.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"cannot read gold questions from {str(path)!r}: {error}; pass a UTF-8 JSON-lines file"
        ) from error
    questions: dict[str, GoldQuestion] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            question = _question(line, f"{path}:{number}")
            if question.id in questions:
                raise UsageError(f"{path}:{number}: question id {question.id!r} occurs twice; make ids unique")
            questions[question.id] = question
    if not questions:
        raise UsageError(f"no gold question in {str(path)!r}; one JSON object per line is expected")
    return tuple(questions.values())


def read_held(path: Path, held: Library) -> tuple[GoldQuestion, ...]:
    """The questions of a file about indexed documents. Raises UsageError as `read_questions` does, and where none of the
    documents that they name is indexed."""
    questions = read_questions(path)
    if not any(held.holds(question) for question in questions):
        raise UsageError(
            f"no document that {str(path)!r} names is indexed: pass the folder that holds them with --docs"
        )
    return questions


def _question(line: str, where: str) -> GoldQuestion:
    try:
        row = json.loads(line)
        kind = Kind(row["type"])
        question = GoldQuestion(
            id=_text(row["id"]),
            lang=_text(row["lang"]),
            question=_text(row["question"]),
            type=kind,
            answers=tuple(_text(answer) for answer in row["answers"]),
            evidence=tuple(GoldSpan(_text(item["doc"]), _text(item["span"])) for item in row["evidence"]),
            subtype=row.get("subtype") or None,
            alt_docs=tuple(_text(name) for name in row.get("alt_docs") or ()),
            place=row.get("place") or None,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{where}: not a gold question ({error!r}); expected {FORMAT}") from error
    if question.answerable != bool(question.evidence) or question.answerable != bool(question.answers):
        raise UsageError(f"{where}: {question.id!r} needs answers and evidence exactly when it is answerable")
    return question


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError(f"{value!r} is not a text")
    return value


def _starts(text: str, part: str) -> Iterable[int]:
    """Where `part` begins in `text`, overlapping occurrences included."""
    start = text.find(part)
    while start >= 0:
        yield start
        start = text.find(part, start + 1)
