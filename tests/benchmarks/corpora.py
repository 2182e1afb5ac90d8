"""Made corpora of any size: the sentences of the bundled articles, shuffled with a fixed seed under invented names."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import seeds
from rag.documents.sentences import sentences
from rag.types import Chunk, Document, Entry, chunk_id, document_id

SEED = 2022
SENTENCES = 60
SYLLABLES = "云岭泽川石河清溪林泉江原龙台阳安宁远丰和明东西南北临"
CHUNKS_PER_DOCUMENT = 10
CHUNK_CHARS = 250
FIRST_HAN, LAST_HAN = 0x4E00, 0x5FFF


def invented_places(rng: random.Random) -> Iterator[str]:
    """County names of two syllables, none twice, then of three."""
    seen: set[str] = set()
    while True:
        name = "".join(rng.sample(SYLLABLES, 2 if len(seen) < 400 else 3)) + "县"
        if name not in seen:
            seen.add(name)
            yield name


def article(name: str) -> str:
    """An article of shuffled seed sentences that speaks for the place; the same for the same name."""
    rng = random.Random(f"{SEED}{name}")
    chosen = rng.sample(_pool(), SENTENCES)
    paragraphs = ["".join(chosen[i : i + 4]) for i in range(0, SENTENCES, 4)]
    return f"{name}组织工作综述\n中共{name}委组织部\n" + "\n".join(paragraphs) + "\n"


@lru_cache(maxsize=1)
def _pool() -> list[str]:
    """The sentences of the bundled articles, each on one line."""
    texts = (path.read_text(encoding="utf-8") for path in seeds.paths())
    return [text[start:end].replace("\n", "") for text in texts for start, end in sentences(text)]


def write_articles(folder: Path, names: Iterable[str]) -> None:
    """One article a name, in a folder that is made where it is missing."""
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / f"{name}.txt").write_text(article(name), encoding="utf-8")


def corpus(rng: random.Random, chunks: int) -> dict[str, Sequence[Entry]]:
    """So many chunks of shuffled sentences, ten to a document, one document to a source."""
    pool = [
        piece
        for path in seeds.paths()
        for piece in path.read_text(encoding="utf-8").replace("\n", "").split("。")
        if piece
    ]
    sources = range(-(-chunks // CHUNKS_PER_DOCUMENT))
    return {f"{number}.txt": [_entry(rng, f"{number}.txt", pool)] for number in sources}


def _entry(rng: random.Random, source: str, pool: Sequence[str]) -> Entry:
    title = _name(rng) + "工作综述"
    passages = [_passage(rng, pool) for _ in range(CHUNKS_PER_DOCUMENT)]
    text = "\n".join(passages)
    name = document_id(text)
    made, start = [], 0
    for passage in passages:
        end = start + len(passage)
        made.append(Chunk(chunk_id(name, start, end), name, start, end, "", f"湖南省 › {title}"))
        start = end + 1
    return Entry(Document(name, text, title, None, None, None, source), tuple(made))


def _passage(rng: random.Random, pool: Sequence[str]) -> str:
    passage = ""
    while len(passage) < CHUNK_CHARS:
        passage += f"{_name(rng)}{rng.choice(pool)}。"
    return passage[:CHUNK_CHARS]


def _name(rng: random.Random) -> str:
    return "".join(chr(rng.randint(FIRST_HAN, LAST_HAN)) for _ in range(3))
