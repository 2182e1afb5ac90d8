"""`rag ask -i`: questions one after the other; a follow-up takes place and topic from those before."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator

from rag import present
from rag.cli import text
from rag.cli.opening import Opener
from rag.cli.output import Output
from rag.errors import UsageError
from rag.outcomes import Answered
from rag.service import Service

PROMPT = "? "
EXIT = "exit"
REMEMBERED = 20


def converse(options: Namespace, opener: Opener, output: Output) -> int:
    """Answers the question of the command line, then those of stdin, a line each, until `exit` or its end. Exit status 0.

    A follow-up is answered as it was understood, which the text says. A question that cannot be used gets its line on stderr,
    and the conversation goes on. JSON is one document, `{"answers": […]}`, printed at the end.
    """
    service = (opener.unworded() if options.no_llm else opener).filled()
    given: list[Answered] = []
    for question in _questions(" ".join(options.question)):
        try:
            result = _answer(service, question, options, [each.answer.question for each in given[-REMEMBERED:]])
        except UsageError as error:
            sys.stderr.write(f"rag: {error}\n")
            continue
        given.append(result)
        if not output.json:
            understood = "" if result.answer.question == question else f"→ {result.answer.question}\n\n"
            output.say(f"{understood}{text.answer(result, output.width())}\n")
    if output.json:
        output.emit({"answers": [present.answered(each) for each in given]}, str)
    return 0


def _answer(service: Service, question: str, options: Namespace, history: list[str]) -> Answered:
    return service.ask(
        question, k=options.k, place=options.place, since=options.since, until=options.until, history=history
    )


def _questions(first: str) -> Iterator[str]:
    """The lines that say something, without white space around them. A terminal is prompted."""
    if first:
        yield first
    while True:
        if sys.stdin.isatty():
            sys.stderr.write(PROMPT)
            sys.stderr.flush()
        line = sys.stdin.readline()
        if not line or line.strip() == EXIT:
            return
        if line.strip():
            yield line.strip()
