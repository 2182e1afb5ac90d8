"""Receipts: what they hold, what their check says, and that no alteration escapes it."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from rag.answering.receipt import Receipt, ReceiptCitation, digest, to_json
from rag.answering.receipt_reading import parse
from rag.answering.verify import State, verify
from rag.errors import DocumentError
from rag.types import Document, Span, text_sha256
from tests.answering.made import CITY, COUNTY, DOCUMENTS, document, receipt, refusal
from tests.examples import share

ALTERATIONS = share(1_500)


def written(given: Receipt) -> bytes:
    return json.dumps(to_json(given), ensure_ascii=False, indent=2).encode()


def redigested(given: Receipt) -> Receipt:
    """The receipt as a forger would leave it: altered, with a digest that agrees."""
    return replace(given, digest=digest(given))


def edited(item: Document, text: str) -> Document:
    """The document under its old id with another text: what a damaged or meddled store would give."""
    return replace(item, text=text)


def states(given: Receipt, held: Mapping[str, Document]) -> list[State]:
    return [checked.state for checked in verify(given, held.get).citations]


def altered_citation(given: Receipt, **changes: Any) -> Receipt:
    return replace(given, citations=(replace(given.citations[0], **changes), *given.citations[1:]))


def test_a_receipt_holds_what_is_needed_to_check_it() -> None:
    given = to_json(receipt())
    assert {name: value for name, value in given.items() if name not in ("citations", "digest")} == {
        "kind": "policy-rag receipt",
        "version": 1,
        "created": "2026-03-01T08:30:00+00:00",
        "question": "人才政策有哪些？",
        "answered": True,
        "reason": None,
        "answer": "甲县：……\n丙市：……",
        "points": [
            {"text": "甲县设立人才发展专项资金500万元。", "citations": [1], "place": None},
            {"text": "甲县给予博士安家补贴30万元。", "citations": [2, 1], "place": None},
            {"text": "丙市发放*补贴*20万元。", "citations": [3], "place": None},
        ],
        "model": {"name": "bundled", "fingerprint": "f" * 64},
        "generation": 3,
    }
    assert given["citations"][0] == {  # type: ignore[index]
        "id": 1,
        "document": {"id": COUNTY.id, "title": "甲县人才工作", "source": "folder/a.txt", "sha256": COUNTY.sha256},
        "start": 7,
        "end": 26,
        "quote": "甲县设立人才发展专项资\n金500万元。",
        "quote_sha256": text_sha256("甲县设立人才发展专项资\n金500万元。"),
    }


def test_the_digest_is_that_of_canonical_json() -> None:
    body = to_json(receipt())
    given = body.pop("digest")
    canonical = json.dumps(body, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    assert given == hashlib.sha256(canonical.encode()).hexdigest()


@pytest.mark.parametrize("given", [receipt(), receipt(refusal())])
def test_a_receipt_is_read_back_as_it_was(given: Receipt) -> None:
    assert parse(written(given), "r.json") == given
    assert parse(json.dumps(to_json(given)).encode("utf-8-sig"), "r.json") == given


def test_all_hold_while_nothing_changed() -> None:
    checked = verify(receipt(), DOCUMENTS.get)
    assert checked.ok
    assert not checked.altered
    assert checked.reworded == ()
    assert [each.state for each in checked.citations] == [State.HOLDS] * 3
    assert verify(receipt(refusal()), DOCUMENTS.get).ok


def test_a_document_that_is_gone() -> None:
    checked = verify(receipt(), {COUNTY.id: COUNTY}.get)
    assert not checked.ok
    assert [(each.state, each.now) for each in checked.citations][2] == (State.DOCUMENT_GONE, None)


def test_a_document_edited_under_its_id_and_where_the_quote_stands_now() -> None:
    held = DOCUMENTS | {CITY.id: edited(CITY, "新题目\n" + CITY.text)}
    each = verify(receipt(), held.get).citations[2]
    start = CITY.text.index("丙市发放") + 4
    assert (each.state, each.now) == (State.DOCUMENT_CHANGED, Span(CITY.id, start, start + 13))
    lost = verify(receipt(), (DOCUMENTS | {CITY.id: edited(CITY, "丙市")}).get).citations[2]
    assert (lost.state, lost.now) == (State.DOCUMENT_CHANGED, None)


def test_a_source_read_again_leads_to_its_new_document() -> None:
    new = document("新闻\n" + COUNTY.text.replace("30万", "35万"), source="folder/a.txt")
    held = {CITY.id: CITY, new.id: new}
    by_source = {"folder/a.txt": [new], "b.html": [CITY]}
    checked = verify(receipt(), held.get, lambda source: by_source.get(source, [])).citations
    assert [each.state for each in checked] == [State.DOCUMENT_CHANGED, State.DOCUMENT_CHANGED, State.HOLDS]
    assert checked[0].now == Span(new.id, 10, 29)
    assert checked[1].now is None


def test_the_nearest_place_is_named() -> None:
    text = "头\n" + CITY.text
    each = verify(receipt(), (DOCUMENTS | {CITY.id: edited(CITY, text)}).get).citations[2]
    places = [start for start in range(len(text)) if text.startswith("丙市发放", start)]
    assert len(places) == 2
    assert each.now is not None
    assert each.now.start == places[0]


def test_a_forged_quote_is_found_although_its_hashes_agree() -> None:
    quote = "甲县设立人才发展专项资\n金900万元。"
    forged = redigested(altered_citation(receipt(), quote=quote, quote_sha256=text_sha256(quote)))
    checked = verify(forged, DOCUMENTS.get)
    assert not checked.altered
    assert checked.citations[0].state is State.QUOTE_DIFFERS


def test_forged_offsets_are_found_and_put_right() -> None:
    forged = redigested(altered_citation(receipt(), start=6, end=25))
    each = verify(forged, DOCUMENTS.get).citations[0]
    assert (each.state, each.now) == (State.QUOTE_DIFFERS, Span(COUNTY.id, 7, 26))


@pytest.mark.parametrize(
    "changes",
    [{"end": 27}, {"quote_sha256": "0" * 64}, {"sha256": "0" * 64}, {"document": "0" * 16}, {"start": -3, "end": 16}],
)
def test_a_citation_that_disagrees_with_itself_was_altered(changes: dict[str, Any]) -> None:
    forged = redigested(altered_citation(receipt(), **changes))
    assert states(forged, DOCUMENTS)[0] is State.RECEIPT_ALTERED
    assert states(forged, DOCUMENTS)[1:] == [State.HOLDS, State.HOLDS]


def test_words_that_no_quote_holds_are_named() -> None:
    first, *others = receipt().points
    forged = redigested(replace(receipt(), points=(replace(first, text="甲县设立人才发展专项资金900万元。"), *others)))
    assert verify(forged, DOCUMENTS.get).reworded == (1,)


def test_points_and_citations_that_do_not_fit_were_altered() -> None:
    given = receipt()
    for forged in (
        replace(given, points=given.points[:2]),
        replace(given, points=(replace(given.points[0], citations=(4,)), *given.points[1:])),
        replace(given, points=(replace(given.points[0], citations=()), *given.points[1:])),
        replace(given, citations=given.citations[::-1]),
        replace(given, answered=False),
        replace(given, reason="no_such_place"),
    ):
        assert verify(redigested(forged), DOCUMENTS.get).altered


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "no JSON"),
        (b"\xff", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[]", "give a file of"),
        (b'{"kind": "other"}', "give a file of"),
        (b'{"kind": "policy-rag receipt", "version": 2}', "version 2"),
        (b'{"kind": "policy-rag receipt", "version": 1}', "has no 'model'"),
        (b'{"kind": 1, "kind": "policy-rag receipt"}', "stands twice"),
        (b'{"kind": NaN}', "NaN is no JSON"),
    ],
)
def test_what_is_no_receipt_is_refused_in_one_line(data: bytes, complaint: str) -> None:
    with pytest.raises(DocumentError) as error:
        parse(data, "r.json")
    assert complaint in str(error.value)
    assert "\n" not in str(error.value)


def test_a_strange_or_missing_part_is_named() -> None:
    body = to_json(receipt())
    for name in body.keys() - {"kind", "version"}:
        with pytest.raises(DocumentError, match="no whole receipt"):
            parse(json.dumps({key: value for key, value in body.items() if key != name}).encode(), "r.json")
        with pytest.raises(DocumentError, match="no whole receipt"):
            parse(json.dumps(body | {name: 1.5}).encode(), "r.json")
    with pytest.raises(DocumentError, match="strange field 'more'"):
        parse(json.dumps(body | {"more": 1}).encode(), "r.json")


def found(data: bytes, held: Mapping[str, Document]) -> bool:
    """Whether reading or checking shows that something is wrong."""
    try:
        return not verify(parse(data, "r.json"), held.get).ok
    except DocumentError:
        return True


def _other(chance: random.Random, char: str) -> str:
    return chance.choice([c for c in "0189aAfz ，。的县万\n🏛" if c != char])


def _edited_text(chance: random.Random, text: str) -> str:
    """The text with one character replaced, taken out, put in, or two neighbours swapped; never the same text."""
    at = chance.randrange(len(text)) if text else 0
    other = _other(chance, text[at : at + 1])
    edits: list[Callable[[], str]] = [lambda: text[:at] + other + text[at:]]
    if text:
        edits += [lambda: text[:at] + other + text[at + 1 :], lambda: text[:at] + text[at + 1 :]]
    if at > 0 and text[at - 1] != text[at]:
        edits.append(lambda: text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :])
    return chance.choice(edits)()


def _leaves(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [leaf for key, each in value.items() for leaf in _leaves(each, (*path, key))]
    if isinstance(value, list):
        return [leaf for at, each in enumerate(value) for leaf in _leaves(each, (*path, at))]
    return [path]


def _altered(chance: random.Random, body: Any) -> Any:
    """One value of the receipt altered: a text edited, a number moved, a flag turned, null filled."""
    body = json.loads(json.dumps(body))
    path = chance.choice(_leaves(body))
    holder = body
    for step in path[:-1]:
        holder = holder[step]
    value = holder[path[-1]]
    if isinstance(value, bool):
        holder[path[-1]] = not value
    elif isinstance(value, int):
        holder[path[-1]] = value + chance.choice([-100, -1, 1, 2, 1000])
    else:
        holder[path[-1]] = _edited_text(chance, value or "")
    return body


def test_every_randomly_altered_receipt_is_found() -> None:
    """Any character of any text, any offset, hash, id or number, in the parsed receipt."""
    chance = random.Random(6)
    body = to_json(receipt())
    missed = [
        altered
        for altered in (_altered(chance, body) for _ in range(ALTERATIONS))
        if not found(json.dumps(altered).encode(), DOCUMENTS)
    ]
    assert missed == []


def test_every_randomly_altered_file_is_found() -> None:
    """Any byte of the file: what still reads as the same JSON is no alteration."""
    chance = random.Random(7)
    data = written(receipt())
    same, missed = 0, []
    for _ in range(ALTERATIONS):
        at = chance.randrange(len(data))
        altered = data[:at] + bytes([data[at] ^ chance.randrange(1, 256)]) + data[at + 1 :]
        if not found(altered, DOCUMENTS):
            same += json.loads(altered) == to_json(receipt())
            if json.loads(altered) != to_json(receipt()):
                missed.append(altered)
    assert missed == []
    assert same < ALTERATIONS / 5


def test_every_random_edit_of_a_document_is_found() -> None:
    chance = random.Random(8)
    data = written(receipt())
    for _ in range(ALTERATIONS):
        item = chance.choice([COUNTY, CITY])
        held = DOCUMENTS | {item.id: edited(item, _edited_text(chance, item.text))}
        assert found(data, held)
        cited = [each for each in receipt().citations if each.document == item.id]
        checked = verify(receipt(), held.get).citations
        changed = [each.citation for each in checked if each.state is State.DOCUMENT_CHANGED]
        assert changed == cited
        for each in checked:
            if each.now is not None:
                assert held[each.now.document_id].text[each.now.start : each.now.end] == each.citation.quote


def test_every_forged_citation_is_found() -> None:
    """Quote, offsets, hashes and ids altered by one who writes all hashes and the digest anew."""
    chance = random.Random(9)
    given = receipt()
    for _ in range(ALTERATIONS):
        at = chance.randrange(3)
        forged = _forged(chance, given.citations[at])
        citations = [*given.citations]
        citations[at] = forged
        checked = verify(redigested(replace(given, citations=tuple(citations))), DOCUMENTS.get)
        assert checked.citations[at].state is not State.HOLDS, forged


def _forged(chance: random.Random, citation: ReceiptCitation) -> ReceiptCitation:
    kind = chance.choice(["quote", "offsets", "sha256", "document"])
    if kind == "quote":
        quote = _edited_text(chance, citation.quote)
        while DOCUMENTS[citation.document].text.startswith(quote, citation.start):  # a shorter quote is true as well
            quote = _edited_text(chance, citation.quote)
        end = citation.start + len(quote)
        return replace(citation, quote=quote, end=end, quote_sha256=text_sha256(quote))
    if kind == "offsets":
        text = DOCUMENTS[citation.document].text
        moves = [
            by for by in range(-8, 9) if text[max(0, citation.start + by) :][: len(citation.quote)] != citation.quote
        ]
        by = chance.choice(moves)
        return replace(citation, start=citation.start + by, end=citation.end + by)
    if kind == "sha256":
        sha256 = text_sha256(str(chance.random()))
        return replace(citation, sha256=sha256, document=chance.choice([citation.document, sha256[:16]]))
    return replace(citation, document=f"{chance.getrandbits(64):016x}")
