"""The training texts: which files, in what shares, and what is left out.

Files are `*.jsonl.gz` in one folder. Those marked `.nc` (licence unclear or non-commercial) are read only on request.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import numpy as np

from embeddings.training.leakage import Flags, Index, repeats

_TAIWAN_LAW = "kong0107"
_NOTE = re.compile(r"\((?:idiom|coll\.|loanword|literary|old|slang|dialect|archaic|fig\.|lit\.)[^)]*\)|\bsb\b|\bsth\b")
FRAMES = tuple(
    """什么 是什么 有什么 什么样的 哪些 有哪些 包括哪些 哪个 是哪个 哪一个 哪种 谁 是谁 由谁 多少 是多少 有多少 几 几个 多久 多大 多长 何时
    什么时候 哪年 哪一年 哪天 在哪里 哪里 哪儿 在何处 如何 怎么 怎么办 怎样 怎么样 为什么 为何 是否 是不是 能否 能不能 可以吗 吗 呢 请问 何种
    是怎么规定的 有何 何""".split()
) + tuple(
    frame.strip()
    for frame in """what, what is, what are, what was the, what does, what did, what kind of, what type of, what has, in what,
    for what, which, which of the, who, who was, who is the, who did, whose, by whom, when, when did, when was the, in what year,
    where, where is the, where did, where are, why, why did, why is, how, how did, how does, how is, how many, how much, how long,
    how many are there, how often, is there, are there any, can you, does it, was it, could you tell me""".split(",")
)
"""What turns a phrase into a question: words that its answer does not repeat."""
_BLOCK = 64
_KEPT_OF_TEN = 3


class Kind(StrEnum):
    """How examples are drawn from a source."""

    PAIR = "pair"  # left ↔ right of one row
    NEAR = "near"  # the same, drawn with neighbouring rows, which come from the same document
    WINDOW = "window"  # a row of one side ↔ that row and its neighbours of the other: rows are in order of the document
    SPAN = "span"  # a piece of the right text ↔ the rest of it
    GLOSS = "gloss"  # a piece of the right text, each word replaced by a meaning from the dictionary ↔ the text


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of one origin. `left` and `right` have the same length; SPAN looks at `right` alone. `share` of all examples.

    `crossing` sources pair two languages.
    """

    name: str
    kind: Kind
    left: Sequence[str]
    right: Sequence[str]
    share: float
    crossing: bool = False


def sources(folder: Path, known: Index | None, *, restricted: bool = False, most: int | None = None) -> list[Source]:
    """All sources, evaluation texts left out where an index of them is given.

    `restricted` adds the `.nc` files; `most` keeps that many rows of each source, evenly spaced.
    """
    drawn = list(_open_sources(folder))
    if restricted:
        drawn += _restricted_sources(folder)
    if most is not None:
        drawn = [_spaced(source, most) for source in drawn]
    judged: dict[int, Flags] = {}
    return [_without(source, known, judged) for source in drawn] if known is not None else drawn


def _open_sources(folder: Path) -> Iterator[Source]:
    yield _dictionary(folder / "zh_en_dict.jsonl.gz", share=0.20)
    yield from _parallel(folder)
    several = list(_rows(folder / "multi_en_sentences.jsonl.gz"))
    several_english = _column(several, "en")
    yield _pairs("other languages", Kind.PAIR, _column(several, "text"), several_english, 0.05, crossing=True)
    passages = list(_rows(folder / "zh_passages.jsonl.gz"))
    mainland = [row for row in passages if _TAIWAN_LAW not in row["source"]]
    taiwan = _thinned([row for row in passages if _TAIWAN_LAW in row["source"]])
    texts, taiwan_texts = _column(mainland, "text"), _column(taiwan, "text")
    yield _pairs("passages", Kind.SPAN, texts, texts, 0.15)
    yield _pairs("Taiwan law passages", Kind.SPAN, taiwan_texts, taiwan_texts, 0.05)
    yield _pairs("headings", Kind.NEAR, [f"{row['title']} {row['heading']}".strip() for row in mainland], texts, 0.04)
    questions = list(_rows(folder / "zh_qa_pairs.jsonl.gz"))
    yield _pairs("questions", Kind.PAIR, _column(questions, "query"), _column(questions, "positive"), 0.11)
    yield _pairs("glossed passages", Kind.GLOSS, texts, texts, 0.08, crossing=True)
    yield _pairs("English everyday", Kind.SPAN, several_english, several_english, 0.04)


def _parallel(folder: Path) -> Iterator[Source]:
    """Chinese and English sentences, and the English ones by themselves."""
    sentences = list(_rows(folder / "zh_en_sentences.jsonl.gz"))
    law = _thinned([row for row in sentences if row["kind"] == "law"])
    titles = [row for row in sentences if row["kind"] == "title"]
    technical = [row for row in sentences if row["kind"] == "techdoc"]
    everyday = [row for row in sentences if row["kind"] not in ("law", "title", "techdoc")]
    law_english, technical_english = _column(law, "en"), _column(technical, "en")
    yield _pairs("everyday sentences", Kind.PAIR, _column(everyday, "en"), _column(everyday, "zh"), 0.14, crossing=True)
    yield _pairs("technical sentences", Kind.WINDOW, technical_english, _column(technical, "zh"), 0.06, crossing=True)
    yield _pairs("law sentences", Kind.WINDOW, law_english, _column(law, "zh"), 0.10, crossing=True)
    yield _pairs("law titles", Kind.PAIR, _column(titles, "en"), _column(titles, "zh"), 0.01, crossing=True)
    yield _pairs("English law", Kind.SPAN, law_english, law_english, 0.06)
    yield _pairs("English technical", Kind.SPAN, technical_english, technical_english, 0.03)


def _restricted_sources(folder: Path) -> Iterator[Source]:
    yield _dictionary(folder / "zh_en_dict.nc.jsonl.gz", share=0.06)
    sentences = list(_rows(folder / "zh_en_sentences.nc.jsonl.gz"))
    yield _pairs("sentences nc", Kind.PAIR, _column(sentences, "en"), _column(sentences, "zh"), 0.12, crossing=True)
    paraphrases = list(_rows(folder / "zh_paraphrase.nc.jsonl.gz"))
    yield _pairs("paraphrases nc", Kind.PAIR, _column(paraphrases, "a"), _column(paraphrases, "b"), 0.06)
    questions = list(_rows(folder / "zh_qa_pairs.nc.jsonl.gz"))
    yield _pairs("questions nc", Kind.PAIR, _column(questions, "query"), _column(questions, "positive"), 0.10)
    passages = [row for row in _rows(folder / "zh_passages.nc.jsonl.gz") if row["title"]]
    texts = _column(passages, "text")
    yield _pairs("passages nc", Kind.SPAN, texts, texts, 0.15)
    yield _pairs(
        "headings nc", Kind.NEAR, [f"{row['title']} {row['heading']}".strip() for row in passages], texts, 0.06
    )


def _dictionary(path: Path, *, share: float) -> Source:
    """One row for each meaning of a head word, and one for all its meanings together."""
    left: list[str] = []
    right: list[str] = []
    for row in _rows(path):
        meanings = [_NOTE.sub(" ", meaning) for meaning in row["en"]]
        for meaning in [*meanings, "; ".join(meanings)] if len(meanings) > 1 else meanings:
            left.append(meaning)
            right.append(row["zh"])
    return Source(path.name.split(".jsonl")[0], Kind.PAIR, left, right, share, crossing=True)


def _pairs(
    name: str, kind: Kind, left: Sequence[str], right: Sequence[str], share: float, *, crossing: bool = False
) -> Source:
    return Source(name, kind, left, right, share, crossing)


def _column(rows: Sequence[Mapping[str, str]], key: str) -> list[str]:
    return [row[key] for row in rows]


def _thinned(rows: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """Three blocks of ten, each of 64 rows that follow one another: enough of the law of one place."""
    return [row for place, row in enumerate(rows) if place // _BLOCK % 10 < _KEPT_OF_TEN]


def _spaced(source: Source, most: int) -> Source:
    every = max(1, len(source.right) // most)
    right = source.right[::every]
    return replace(source, left=right if source.left is source.right else source.left[::every], right=right)


def _without(source: Source, known: Index, judged: dict[int, Flags]) -> Source:
    """The source without the rows that repeat an evaluation text on either side. `judged` remembers sides by identity."""
    for side in (source.left, source.right):
        if id(side) not in judged:
            judged[id(side)] = repeats(side, known)
    keep: list[int] = np.flatnonzero(~(judged[id(source.left)] | judged[id(source.right)])).tolist()
    right = [source.right[row] for row in keep]
    left = right if source.left is source.right else [source.left[row] for row in keep]
    return replace(source, left=left, right=right)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
