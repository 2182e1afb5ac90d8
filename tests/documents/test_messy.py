"""Documents as they come off sites and shares, read as a careful clerk would read them."""

from __future__ import annotations

import re

import pytest

from rag.documents.assemble import read
from rag.types import Entry
from tests.documents.messy.case import Case
from tests.documents.messy.cases import CASES


def entries(case: Case) -> tuple[Entry, ...]:
    return read(case.text.encode(case.encoding), case.source)


def passages(case: Case) -> list[str]:
    return [e.document.text[chunk.start : chunk.end] for e in entries(case) for chunk in e.chunks]


def by_source(case: Case) -> str:
    return case.source


@pytest.mark.parametrize("case", CASES, ids=by_source)
def test_what_is_stated_is_found(case: Case) -> None:
    item = entries(case)[0].document
    found = (item.title, item.place, item.published, item.doc_number, item.issuer, item.author)
    issuer = item.issuer if case.issuer is None else case.issuer
    author = item.author if case.author is None else case.author
    assert found == (case.title, case.place, case.published, case.number, issuer, author)


@pytest.mark.parametrize("case", CASES, ids=by_source)
def test_one_article_is_one_document_and_several_are_several(case: Case) -> None:
    items = [entry.document for entry in entries(case)]
    assert [item.title for item in items] == list(case.titles or (case.title,))
    assert [item.place for item in items] == list(case.places or (case.place,))


@pytest.mark.parametrize("case", CASES, ids=by_source)
def test_the_article_is_in_passages_and_the_site_is_not(case: Case) -> None:
    found = ["".join(passage.split()) for passage in passages(case)]
    assert [wanted for wanted in case.inside if not any(wanted in passage for passage in found)] == []
    assert [chrome for chrome in case.outside if any("".join(chrome.split()) in passage for passage in found)] == []


@pytest.mark.parametrize("case", CASES, ids=by_source)
def test_no_passage_ends_in_mid_sentence(case: Case) -> None:
    for entry in entries(case):
        text = entry.document.text
        for chunk in entry.chunks:
            if text[chunk.start : chunk.end] == entry.document.title:
                continue
            after = re.match(r"[^\n]*", text[chunk.end :])
            assert text[chunk.end - 1] in "。！？；：”’」）)】》.…!?;:" or not (after and after.group().strip())
