"""Questions on matters that the bundled articles lack: nearly all are refused, those that are foreign altogether by rule."""

from __future__ import annotations

import json
from pathlib import Path

from rag.config import settings
from rag.question import understand
from rag.service import Service

ABSENT = Path(__file__).parent.parent / "data" / "absent.jsonl"
LEAST_REFUSED = 0.85


def test_what_the_corpus_lacks_is_refused(environ: dict[str, str]) -> None:
    service = Service.open(settings(environ=environ))
    questions = [json.loads(line)["question"] for line in ABSENT.read_text(encoding="utf-8").splitlines()]
    answered = [question for question in questions if service.ask(question).answer.answered]
    service.close()
    assert len(questions) == 35
    assert len(answered) <= (1 - LEAST_REFUSED) * len(questions), answered


def test_words_that_the_corpus_lacks_are_known(environ: dict[str, str]) -> None:
    service = Service.open(settings(environ=environ))
    found = service.retriever.search(service.snapshot(), understand("祁东县的滑雪场有人才政策吗？"), 5)
    service.close()
    assert {item.content.text: item.held for item in found.weighted} == {"滑雪场": False, "人才": True, "政策": True}
