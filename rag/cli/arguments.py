"""The commands and options of `rag`. README documents every one of them; a test compares."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from rag.config import DEFAULT_K, MAX_K

Parser = argparse.ArgumentParser
_Adder = Callable[..., Parser]

EVERY = 5.0
HOST, PORT = "127.0.0.1", 8000


class OneLineParser(argparse.ArgumentParser):
    """A parser whose complaints are one line, like every other error of `rag`."""

    def error(self, message: str) -> NoReturn:
        """Ends with exit status 2."""
        self.exit(2, f"rag: {' '.join(message.split())} (see {self.prog} --help)\n")


class _Version(argparse.Action):
    """Looks the version up only when asked: importlib.metadata takes 30 ms to import, all other parsing 5."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:  # noqa: A002
        super().__init__(option_strings, argparse.SUPPRESS, nargs=0, default=argparse.SUPPRESS, help=help)

    def __call__(self, parser: Parser, *_: object) -> NoReturn:
        from importlib.metadata import PackageNotFoundError, version

        try:
            found = version("policy-rag")
        except PackageNotFoundError:
            found = "(a source tree, not installed)"
        sys.stdout.write(f"rag {found}\n")
        parser.exit(0)


def parser() -> Parser:
    """The parser of the whole command line. `options.command` names the command."""
    root = OneLineParser(
        prog="rag",
        description="Cited answers from Chinese local-government writing. Offline; every quote is exact.",
        epilog="Exit status: 0 done or answered, 3 refused (nothing in the corpus answers), 2 wrong usage, 1 error.",
        allow_abbrev=False,
    )
    root.add_argument("--version", action=_Version, help="print the version")
    _common(root, None)
    commands = root.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def add(name: str, text: str) -> Parser:
        one = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".", allow_abbrev=False)
        _common(one, argparse.SUPPRESS)
        return one

    _reading(add)
    _writing(add)
    _running(add)
    return root


def _common(one: Parser, default: str | None) -> None:
    """Options that every command has. They may stand before the command too, so there the default must not overwrite."""
    one.add_argument("--data-dir", metavar="DIR", default=default, help="where the index lives (RAG_DATA_DIR)")
    one.add_argument("--model", metavar="NAME", default=default, help="embedding model, a name or a folder (RAG_MODEL)")
    one.add_argument(
        "--json",
        action="store_true",
        default=False if default is None else default,
        help="print one JSON document",
    )


def _reading(add: _Adder) -> None:
    ask = add("ask", "answer a question, with citations")
    ask.add_argument(
        "question", nargs="*", metavar="QUESTION", help="the question, in Chinese or English; - reads it from stdin"
    )
    _narrowing(ask)
    ask.add_argument("-i", "--interactive", action="store_true", help="go on asking: a question a line, until exit")
    ask.add_argument("--references", action="store_true", help="add the documents cited, in GB/T 7714 form")
    ask.add_argument("--explain", action="store_true", help="show the signals behind answering or refusing")
    ask.add_argument("--no-llm", action="store_true", help="leave the LLM out, though RAG_LLM_URL names one")
    ask.add_argument("--receipt", metavar="FILE", help="also write a receipt, which rag verify checks")
    ask.add_argument("--format", choices=("text", "markdown", "docx"), help="print the answer ready for a report")
    ask.add_argument("--output", metavar="FILE", help="write what --format makes to a file")
    search = add("search", "rank the passages for a question")
    search.add_argument("question", nargs="*", metavar="QUESTION", help="what to look for; - reads it from stdin")
    _narrowing(search)
    search.add_argument("--explain", action="store_true", help="show the signals behind each score")
    search.add_argument("--queries", metavar="FILE", help='run every {"_id", "text"} line of a JSONL file instead')
    search.add_argument("--run", metavar="FILE", help="where --queries writes its TREC run, ranking documents")
    listing = add("list", "list the documents")
    listing.add_argument("--limit", type=int, metavar="N", help="how many (default: all)")
    listing.add_argument("--offset", type=int, default=0, metavar="N", help="how many to leave out first")
    show = add("show", "show one document: metadata with evidence, outline, passages")
    show.add_argument("id", metavar="ID", help="document id, as rag list shows it")
    show.add_argument("--text", action="store_true", help="print the original text, exactly, and nothing else")
    verify = add("verify", "check a receipt against the documents: no model, no network")
    verify.add_argument("receipt", metavar="RECEIPT", help="a file of rag ask --receipt")
    add("status", "say what the index holds and what made it")


def _narrowing(one: Parser) -> None:
    one.add_argument("-k", type=int, default=DEFAULT_K, metavar="N", help=f"passages, 1–{MAX_K} (default {DEFAULT_K})")
    one.add_argument("--place", metavar="PLACE", help="only documents of this place, or below it")
    one.add_argument(
        "--since", metavar="DATE", help="only documents published on or after this day (2022-01-31, 2022-01, 2022)"
    )
    one.add_argument("--until", metavar="DATE", help="only documents published on or before this day")


def _writing(add: _Adder) -> None:
    index = add("index", "add or refresh files and folders")
    index.add_argument("paths", nargs="+", metavar="PATH", help="a file or a folder")
    index.add_argument("--prune", action="store_true", help="remove documents whose file is gone from these folders")
    index.add_argument(
        "--watch", action="store_true", help="go on: keep the index in step with the files, until ^C; implies --prune"
    )
    index.add_argument("--every", type=float, metavar="SECONDS", help=f"how often --watch looks (default {EVERY:g})")
    correct = add("set", "correct what was read of a document; it stays when the file is read again")
    correct.add_argument("id", metavar="ID", help="document id, as rag list shows it")
    correct.add_argument(
        "fields",
        nargs="+",
        metavar="FIELD=VALUE",
        help="place, title, published, author, doc_number or issuer; FIELD=- there is none, FIELD= as it was read",
    )
    remove = add("remove", "remove documents")
    remove.add_argument("ids", nargs="+", metavar="ID", help="document id, as rag list shows it")
    add("rebuild", "make the search indexes anew from the stored documents, with the present model")
    backup = add("backup", "write the index to one file, while it is in use")
    backup.add_argument("file", metavar="FILE", help="a file that is not there yet")
    restore = add("restore", "make an index from a backup, where there is none")
    restore.add_argument("file", metavar="FILE", help="a file that rag backup wrote")


def _running(add: _Adder) -> None:
    add("doctor", "check the installation, the model and the index")
    evaluate = add("eval", "measure retrieval and answers")
    evaluate.add_argument(
        "--gold", metavar="FILE", help="gold questions, JSONL (default: those of the bundled articles)"
    )
    evaluate.add_argument(
        "--docs", metavar="DIR", help="the documents that --gold asks about (default: the present index)"
    )
    evaluate.add_argument("--beir", metavar="DIR", help="a BEIR folder: corpus.jsonl, queries.jsonl, qrels")
    evaluate.add_argument(
        "--retriever",
        choices=("lexical", "dense", "hybrid"),
        default="hybrid",
        help="measure the ranking by terms or by vectors alone (default hybrid: as rag search ranks, and answers)",
    )
    evaluate.add_argument(
        "--ablate", action="store_true", help="measure what each signal of the ranking is worth, one line each"
    )
    evaluate.add_argument("--report", metavar="FILE", help="write an HTML report")
    serve = add("serve", "answer over HTTP, with a web page")
    serve.add_argument("--host", default=HOST, help=f"address to listen on (default {HOST})")
    serve.add_argument("--port", type=int, default=PORT, help=f"port to listen on (default {PORT})")
    serve.add_argument("--workers", type=int, default=1, help="processes (default 1)")
