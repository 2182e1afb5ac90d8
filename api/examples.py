"""Examples for the OpenAPI page: requests in Chinese and English, and the responses of each route in outline."""

from __future__ import annotations

from typing import Any, Final

from rag.types import document_id, text_sha256

TEXT: Final = "甲县人才工作\n甲县设立人才发展专项资金500万元。\n"
_SENTENCE: Final = "甲县设立人才发展专项资金500万元。"
_START: Final = TEXT.index(_SENTENCE)
_END: Final = _START + len(_SENTENCE)
_SHA256: Final = text_sha256(TEXT)

_REFERENCE: Final[dict[str, object]] = {
    "id": document_id(TEXT),
    "title": "甲县人才工作",
    "place": "甲县",
    "source": "jiaxian.txt",
    "published": None,
    "author": None,
}
_PASSAGE: Final[dict[str, object]] = {"text": _SENTENCE, "start": _START, "end": _END}
DOCUMENT: Final[dict[str, object]] = _REFERENCE | {
    "level": "county",
    "sources": ["jiaxian.txt"],
    "doc_number": None,
    "issuer": None,
    "url": None,
    "chars": len(TEXT),
}
FULL_DOCUMENT: Final[dict[str, object]] = DOCUMENT | {
    "text": TEXT,
    "sha256": _SHA256,
    "evidence": [{"field": "place", "value": "甲县", "start": 0, "end": 2, "how": "title"}],
    "outline": [],
    "chunks": [{"id": 1, "start": _START, "end": _END, "heading": ""}],
}
ANSWER: Final[dict[str, object]] = {
    "question": "甲县的人才发展专项资金有多少?",
    "answered": True,
    "answer": f"{_SENTENCE}[1]",
    "points": [{"text": _SENTENCE, "citations": [1]}],
    "citations": [
        {
            "id": 1,
            "document": _REFERENCE,
            "heading": "",
            "passage": _PASSAGE,
            "quote": _PASSAGE | {"focus": {"start": 12, "end": 17}},
            "score": 0.92,
            "sha256": _SHA256,
        }
    ],
    "reason": None,
    "nearest": [],
    "coverage": {"documents_matched": 1, "documents_cited": 1},
    "model": "bundled",
    "generation": 1,
    "timings": {"total": 2.1},
}
REFUSAL: Final[dict[str, object]] = ANSWER | {
    "question": "What talent policies did Yi County propose?",
    "answered": False,
    "answer": "No document here is about Yi County.",
    "points": [],
    "citations": [],
    "reason": "no_such_place",
    "nearest": [{"document": _REFERENCE, "heading": "", "score": 0.41}],
    "coverage": {"documents_matched": 0, "documents_cited": 0},
}
HITS: Final[dict[str, object]] = {
    "query": "人才资金",
    "hits": [{"rank": 1, "score": 0.92, "document": _REFERENCE, "heading": "", "passage": _PASSAGE}],
}


def _example(summary: str, value: object) -> dict[str, Any]:
    return {"summary": summary, "value": value}


ASK: Final = {
    "chinese": _example("中文", {"question": "祁东县提出了哪些人才政策?"}),
    "english": _example("English", {"question": "What talent policies did Qidong County propose?", "k": 5}),
    "filtered": _example("限定地区和日期", {"question": "有哪些人才政策?", "place": "祁东县", "since": "2022"}),
}
SEARCH: Final = {
    "chinese": _example("中文", {"query": "人才补贴 住房", "k": 5}),
    "english": _example("English", {"query": "housing subsidy for talent", "k": 5}),
}
UPLOAD: Final = {"text": _example("Text", {"source": "jiaxian.txt", "text": TEXT})}
CORRECTION: Final = {
    "set": _example("Set by hand", {"place": "祁东县", "published": "2022-12-05"}),
    "back": _example("As it was read", {"place": None}),
}
_ANSWERS: Final = {"answered": _example("An answer", ANSWER), "refused": _example("A refusal", REFUSAL)}
_PAGE: Final = {"documents": [DOCUMENT], "total": 1}
RESPONSES: Final[dict[tuple[str, str, str], dict[str, Any]]] = {
    ("/ask", "post", "200"): {"examples": _ANSWERS},
    ("/ask", "get", "200"): {"examples": _ANSWERS},
    ("/search", "post", "200"): {"example": HITS},
    ("/documents", "get", "200"): {"example": _PAGE},
    ("/documents", "post", "201"): {"example": {"documents": [DOCUMENT]}},
    ("/documents/{id}", "get", "200"): {"example": FULL_DOCUMENT},
    ("/documents/{id}", "patch", "200"): {"example": DOCUMENT},
}
"""By path, method and status. Kept out of the routes because the framework drops nulls from examples given there."""
