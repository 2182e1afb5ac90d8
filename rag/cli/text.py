"""Records as text for a terminal: no colours, nothing that is not in the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from rag.answering.numbering import numbering
from rag.cli.output import Column, one_line, shortened, table, wrapped
from rag.documents.sentences import readable
from rag.outcomes import Answered, Found, Page, Report, Status
from rag.present import Reference, outline
from rag.types import Answer, Chunk, Citation, Document, Hit, Point, Wording

SHOWN_CHARACTERS = 60
PLACE_COLUMNS, ANSWER_COLUMNS, MARK_COLUMNS = 28, 70, 10


def answer(result: Answered, width: int | None) -> str:
    """The answer, then one block a document cited: what it is, then number and range of each citation with its heading,
    and the exact quote where the answer does not show it whole."""
    given = result.answer
    shown = [given.text]
    blocks = [wrapped(given.text, indent=0, width=width)]
    if given.comparison is not None:
        blocks.append(_compared(given))
    cited = enumerate(numbering(given.points).citations, 1)
    blocks += [
        _cited(result.documents[name], list(citations), shown, width)
        for name, citations in groupby(cited, key=lambda item: item[1].document_id)
    ]
    if given.coverage.points_omitted:
        blocks.append(f"({given.coverage.points_omitted} more points: a larger -k shows them)")
    if given.llm is not None:
        blocks.append(_wording(given.llm))
    if not given.answered:
        blocks += _nearest(given.nearest, result.documents)
    return "\n\n".join(blocks)


def _compared(given: Answer) -> str:
    """The places side by side: each with its answers, or the words that hold them, and the numbers of their citations."""
    numbers = numbering(given.points)
    rows = []
    for place, points in given.comparison.rows if given.comparison is not None else ():
        cells = [f"{_core(given.points[at])} {_marks(numbers.of(given.points[at]))}" for at in points]
        rows += [[place if at == 0 else "", cell] for at, cell in enumerate(cells or ["—"])]
    return table([Column("PLACE", PLACE_COLUMNS), Column("ANSWER", ANSWER_COLUMNS)], rows)


def _core(point: Point) -> str:
    """The marked answer of a point with the words before it, its whole text where nothing is marked."""
    cited = point.citations[0]
    if cited.focus is None:
        return shortened(_flat(point.text), ANSWER_COLUMNS - MARK_COLUMNS)
    start, end = cited.focus
    clause = max(cited.quote.rfind(mark, 0, start) for mark in "，,。；;：:\n") + 1
    return shortened(_flat(readable(cited.quote[clause:end])), ANSWER_COLUMNS - MARK_COLUMNS)


def _marks(numbers: Iterable[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)


def _wording(llm: Wording) -> str:
    if llm.error is not None:
        return f"({one_line(llm.model)} was not used: {llm.error})"
    dropped = f"{len(llm.dropped)} of its sentences dropped: the quotes do not support them"
    if not llm.used:
        return f"({one_line(llm.model)} was not used; {dropped})"
    return f"(worded by {one_line(llm.model)}{f'; {dropped}' if llm.dropped else ''})"


def references(given: Sequence[Reference], width: int | None) -> str:
    """A block of one entry a document, after the numbers of its citations; nothing for none."""
    lines = ["".join(f"[{number}]" for number in each["citations"]) + f" {each['text']}" for each in given]
    return "".join(["\n\n", "\n".join(wrapped(line, indent=0, width=width) for line in lines)]) if lines else ""


def hits(result: Found, width: int | None, *, explain: bool) -> str:
    """Ranked passages: rank, score, document, heading, readable text, and each signal with `explain`."""
    if not result.hits:
        return "nothing found"
    return "\n\n".join(
        _hit(rank, hit, result.documents[hit.chunk.document_id], width, explain)
        for rank, hit in enumerate(result.hits, 1)
    )


def documents(result: Page) -> str:
    """A table of documents and how many there are in all."""
    heads = [Column("ID", 16), Column("DATE", 10), Column("PLACE", 28), Column("TITLE", 56), Column("SOURCE", 48)]
    rows = [[item.id, item.published or "", item.place or "", item.title, item.source] for item in result.documents]
    return f"{table(heads, rows)}\n\n{len(result.documents)} of {result.total} documents"


def metadata(item: Document) -> str:
    """What is known of a document, and the evidence for it."""
    fields = {
        "id": item.id,
        "title": item.title,
        "place": item.place,
        "level": item.level,
        "author": item.author,
        "issuer": item.issuer,
        "published": item.published,
        "number": item.doc_number,
        "url": item.url,
        "source": "\n".join(item.sources or (item.source,)),
        "characters": str(len(item.text)),
    }
    evidence = [
        f"  {each.field} = {one_line(each.value) or 'none'}  ({each.start}–{each.end}) {one_line(each.how)}".rstrip()
        for each in item.evidence
    ]
    known = _fields({name: value for name, value in fields.items() if value})
    return "\n\n".join([known, "\n".join(["EVIDENCE", *evidence])]) if evidence else known


def document(item: Document, chunks: Sequence[Chunk]) -> str:
    """Metadata, the evidence for it, the outline and the passages with their ranges."""
    blocks = [metadata(item)]
    headings = outline(chunks)
    if headings:
        blocks.append("\n".join(["OUTLINE", *(f"  {one_line(heading)}" for heading in headings)]))
    passages = [
        f"  {chunk.start}–{chunk.end}  {shortened(one_line(_flat(item.text[chunk.start : chunk.end])), SHOWN_CHARACTERS)}"
        for chunk in chunks
    ]
    return "\n\n".join([*blocks, "\n".join([f"PASSAGES ({len(chunks)})", *passages])])


def report(result: Report) -> str:
    """One line of counts, one a file that was refused or is missing, and what the index holds now."""
    counts = {
        "added": result.added,
        "refreshed": result.refreshed,
        "unchanged": result.unchanged,
        "folded": result.folded,
        "refused": result.refused,
        "missing": result.missing,
    }
    lines = [", ".join(f"{len(found)} {name}" for name, found in counts.items() if found) or "nothing to do"]
    lines += [f"refused  {one_line(each.source)}: {_reason(each.source, each.reason)}" for each in result.refused]
    lines += [f"missing  {one_line(source)}" for source in result.missing]
    lines.append(f"{result.documents} documents, {result.chunks} passages, generation {result.generation}")
    return "\n".join(lines)


def status(result: Status) -> str:
    """What the index holds and what made it."""
    return _fields(
        {
            "index": "the bundled articles" if result.bundled else result.data_dir,
            "documents": str(result.documents),
            "passages": str(result.chunks),
            "generation": str(result.generation),
            "model": f"{result.model} ({result.model_fingerprint[:16]})",
            "analyzer": result.analyzer_fingerprint,
            "format": str(result.format_version),
        }
    )


def about(item: Document) -> str:
    """One line that names a document: title, place, date, author; what is not known is left out."""
    named = [f"《{item.title}》", item.place, item.published, item.author]
    return one_line(" · ".join(part for part in named if part))


def _cited(item: Document, citations: Sequence[tuple[int, Citation]], shown: Sequence[str], width: int | None) -> str:
    lines = [wrapped(about(item), indent=0, width=width), f"    {one_line(item.source)}  {item.id}"]
    heading = ""
    for number, citation in citations:
        if citation.chunk.heading != heading:
            heading = citation.chunk.heading
            lines.append(wrapped(one_line(heading.replace("\n", " ")), indent=4, width=width))
        lines.append(f"    [{number}] {citation.start}–{citation.end}")
        quote = readable(citation.quote)
        if not any(quote in text for text in shown):
            lines.append(wrapped(f"「{quote}」", indent=8, width=width))
    return "\n".join(lines)


def _nearest(nearest: Iterable[Hit], documents: Mapping[str, Document]) -> list[str]:
    named = dict.fromkeys(hit.chunk.document_id for hit in nearest)
    return (
        ["\n".join(f"  · {about(documents[name])}\n    {one_line(documents[name].source)}" for name in named)]
        if named
        else []
    )


def _hit(rank: int, hit: Hit, item: Document, width: int | None, explain: bool) -> str:
    chunk = hit.chunk
    lines = [
        wrapped(f"{rank}. {about(item)}", indent=0, width=width),
        f"   {hit.score:.4f}  {one_line(item.source)}  {chunk.start}–{chunk.end}  {item.id}",
    ]
    if chunk.heading:
        lines.append(wrapped(one_line(chunk.heading), indent=3, width=width))
    lines.append(wrapped(readable(item.text[chunk.start : chunk.end]), indent=3, width=width))
    if explain:
        lines.append(_signals(dict(sorted(hit.signals.items())), 3, width))
    return "\n".join(lines)


def signals(named: Mapping[str, float], width: int | None) -> str:
    """What decided between answering and refusing, after an empty line; nothing where no signal did."""
    return "\n\n" + _signals(named, 0, width) if named else ""


def _signals(named: Mapping[str, float], indent: int, width: int | None) -> str:
    line = "  ".join(f"{name}={value:.4f}" for name, value in named.items())
    return wrapped(line, indent=indent, width=width)


def _fields(fields: Mapping[str, str]) -> str:
    wide = max(map(len, fields))
    return "\n".join(
        f"{name if at == 0 else '':{wide}}  {one_line(line)}"
        for name, value in fields.items()
        for at, line in enumerate(value.split("\n"))
    )


def _flat(text: str) -> str:
    return " ".join(text.split())


def _reason(source: str, reason: str) -> str:
    """The reason without the source in front of it, which the line names already."""
    return one_line(reason.removeprefix(source).removeprefix(repr(source)).lstrip(" :"))
