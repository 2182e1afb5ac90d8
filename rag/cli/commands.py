"""What each command does: calls the service once, prints, and returns the exit status."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path

from rag import present
from rag.cli import text
from rag.cli.opening import Access, Opener, ServerOpener
from rag.cli.output import Output
from rag.cli.progress import shown_progress
from rag.cli.runs import write_run
from rag.errors import UsageError
from rag.outcomes import Page

DONE, ERROR, REFUSED = 0, 1, 3
PAGE = 1_000

Command = Callable[[Namespace, Opener, Output], int]


def ask(options: Namespace, opener: Opener, output: Output) -> int:
    """Exit status 3 for a refusal."""
    if options.interactive:
        return _converse(options, opener, output)
    if options.output is not None and options.format is None:
        raise UsageError("--output says where --format writes: give --format text, markdown or docx")
    if options.format is not None and output.json:
        raise UsageError("--format and --json are two forms: give one")
    if options.format is not None and options.references:
        raise UsageError("--format always ends with the documents cited: leave --references out")
    shown = None if output.json or options.format is not None or output.width() is None else output.say
    question = _question(options.question)
    with closing((opener.unworded() if options.no_llm else opener).filled()) as service:
        result = service.ask(
            question,
            k=options.k,
            place=options.place,
            since=options.since,
            until=options.until,
            release=shown,
        )
        if options.receipt is not None:
            from rag.cli.receipts import write_receipt

            write_receipt(result, service, Path(options.receipt))
        if options.format is not None:
            from rag.answering.formats import Format
            from rag.cli.paste import write_sheet

            write_sheet(result, Format(options.format), options.output and Path(options.output), output)
        else:
            references = present.references(result, date.today()) if options.references else None
            signals = result.answer.signals if options.explain else None
            output.emit(
                present.answered(result)
                | ({} if references is None else {"references": references})
                | ({} if signals is None else {"signals": dict(signals)}),
                lambda: (
                    text.answer(result, output.width())
                    + text.references(references or (), output.width())
                    + text.signals(signals or {}, output.width())
                ),
            )
        return DONE if result.answer.answered else REFUSED


def _converse(options: Namespace, opener: Opener, output: Output) -> int:
    from rag.cli.conversation import converse

    given = ("receipt", "format", "output", "references", "explain")
    if taken := [name for name in given if getattr(options, name)]:
        raise UsageError(f"--{taken[0]} is for one question: leave -i out")
    return converse(options, opener, output)


def verify(options: Namespace, opener: Opener, output: Output) -> int:
    """Exit status 1 when the receipt was altered or a citation does not hold any more."""
    from rag.cli.receipts import check_receipt

    return check_receipt(options, opener, output)


def search(options: Namespace, opener: Opener, output: Output) -> int:
    """One question, or with --queries a file of them."""
    if options.queries is not None or options.run is not None:
        return _search_file(options, opener, output)
    query = _question(options.question)
    with closing(opener.filled()) as service:
        result = service.search(query, k=options.k, place=options.place, since=options.since, until=options.until)
    output.emit(
        present.found(result, explain=options.explain),
        lambda: text.hits(result, output.width(), explain=options.explain),
    )
    return DONE


def _search_file(options: Namespace, opener: Opener, output: Output) -> int:
    if options.queries is None or options.run is None or options.question:
        raise UsageError("a file of queries is run with both --queries FILE and --run OUT, and without a QUESTION")
    if options.explain:
        raise UsageError("--explain is for one question: a TREC run holds scores only")
    queries = write_run(opener.filled(), Path(options.queries), Path(options.run), options)
    output.emit({"queries": queries, "run": options.run}, lambda: f"{queries} queries, run written to {options.run}")
    return DONE


def listing(options: Namespace, opener: Opener, output: Output) -> int:
    """All documents, read a page at a time."""
    service = opener()
    limit: int | None = options.limit
    page = service.documents(limit=min(limit or PAGE, PAGE) if limit != 0 else 0, offset=options.offset)
    found = list(page.documents)
    while page.documents and len(found) < page.total - options.offset and (limit is None or len(found) < limit):
        room = PAGE if limit is None else min(PAGE, limit - len(found))
        page = service.documents(limit=room, offset=options.offset + len(found))
        found += page.documents
    result = Page(tuple(found), page.total)
    output.emit(present.page(result), lambda: text.documents(result))
    return DONE


def show(options: Namespace, opener: Opener, output: Output) -> int:
    """--text prints the original and nothing else, so that offsets count in it; --json wins over --text."""
    service = opener()
    item = service.document(options.id)
    if options.text and not output.json:
        output.raw(item.text)
        return DONE
    chunks = service.chunks(options.id)
    output.emit(present.shown(item, chunks), lambda: text.document(item, chunks))
    return DONE


def status(options: Namespace, opener: Opener, output: Output) -> int:
    """What the index holds."""
    result = opener().status()
    output.emit(present.status(result), lambda: text.status(result))
    return DONE


def index(options: Namespace, opener: Opener, output: Output) -> int:
    """Exit status 1 when nothing at all could be taken."""
    if not all(options.paths):
        raise UsageError("a path is empty: name a file or a folder (. is this one)")
    if options.watch:
        from rag.cli.watching import watch

        return watch(options, opener, output)
    if options.every is not None:
        raise UsageError("--every says how often --watch looks: give --watch")
    service = opener(Access.CREATE)
    try:
        with shown_progress(sys.stderr) as progress:
            result = service.index([Path(path) for path in options.paths], prune=options.prune, progress=progress)
    except KeyboardInterrupt:
        sys.stderr.write("rag: stopped; what was read is kept, and the same command goes on from there\n")
        raise
    finally:
        service.close()
    output.emit(present.report(result), lambda: text.report(result))
    taken = result.added or result.refreshed or result.unchanged or result.folded
    return ERROR if result.refused and not taken else DONE


def correct(options: Namespace, opener: Opener, output: Output) -> int:
    """Prints the document as it is then."""
    fields = dict(_field(words) for words in options.fields)
    if len(fields) < len(options.fields):
        raise UsageError("a field is given twice: give each once")
    service = opener(Access.CHANGE)
    item = service.correct(options.id, fields)
    service.close()
    output.emit(present.document(item, text=False), lambda: text.metadata(item))
    return DONE


def _field(words: str) -> tuple[str, str]:
    name, sign, value = words.partition("=")
    if not sign:
        raise UsageError(f"{words!r} sets nothing: write FIELD=VALUE, as place=祁东县")
    return name.strip(), value.strip()


def remove(options: Namespace, opener: Opener, output: Output) -> int:
    """All of the ids, or none when one is not there."""
    service = opener(Access.CHANGE)
    service.remove(options.ids)
    service.close()
    output.emit({"removed": options.ids}, lambda: f"{len(options.ids)} removed")
    return DONE


def rebuild(options: Namespace, opener: Opener, output: Output) -> int:
    """Prints the status of the index afterwards."""
    service = opener(Access.REBUILD)
    service.rebuild()
    result = service.status()
    service.close()
    output.emit(present.status(result), lambda: text.status(result))
    return DONE


def backup(options: Namespace, opener: Opener, output: Output) -> int:
    """One file that holds every document; the derived indexes are made anew by restore."""
    from rag.index.backup import backup as write_backup

    write_backup(opener.settings.index_dir, Path(options.file))
    output.emit({"backup": options.file}, lambda: f"written to {options.file}")
    return DONE


def restore(options: Namespace, opener: Opener, output: Output) -> int:
    """Prints the status of the index that was made."""
    from rag.analysis import ChineseAnalyzer
    from rag.index.backup import restore as read_backup
    from rag.models import load_embedder

    embedder = load_embedder(opener.settings)
    read_backup(Path(options.file), opener.settings.index_dir, embedder=embedder, analyzer=ChineseAnalyzer())
    return status(options, opener, output)


def doctor(options: Namespace, opener: Opener, output: Output) -> int:
    """Exit status 1 when a check fails."""
    from rag.cli.checks import examine

    checks = examine(opener)
    sound = all(check.sound for check in checks)
    body = {"ok": sound, "checks": [{"name": c.name, "ok": c.sound, "detail": c.detail} for c in checks]}
    lines = [f"{'ok  ' if check.sound else 'FAIL'}  {check.name}: {check.detail}" for check in checks]
    output.emit(body, lambda: "\n".join(lines))
    return DONE if sound else ERROR


def evaluate(options: Namespace, opener: Opener, output: Output) -> int:
    """Gold questions, or a BEIR folder."""
    from rag.cli.measuring import measure

    return measure(options, opener, output)


def serve(options: Namespace, opener: Opener, output: Output) -> int:
    """Answers HTTP until interrupted."""
    from api.server import serve as run_server

    run_server(ServerOpener(opener), host=options.host, port=options.port, workers=options.workers)
    return DONE


def _question(words: list[str]) -> str:
    """The words of the command line as one question; a single - reads it from stdin."""
    if words == ["-"]:
        return sys.stdin.read().strip()
    if not words:
        raise UsageError("the question is missing: give one, as rag ask QUESTION")
    return " ".join(words)


COMMANDS: Mapping[str, Command] = {
    "ask": ask,
    "search": search,
    "verify": verify,
    "list": listing,
    "show": show,
    "status": status,
    "index": index,
    "set": correct,
    "remove": remove,
    "rebuild": rebuild,
    "backup": backup,
    "restore": restore,
    "doctor": doctor,
    "eval": evaluate,
    "serve": serve,
}
