"""The retrievers that `rag eval` compares: terms, vectors, and both as `rag search` ranks them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from rag.analysis import simplified
from rag.documents.assemble import read
from rag.evaluation.beir import BeirScores, BeirSet, RetrieverName, Search, evaluate_beir, read_entries
from rag.protocols import Embedder, Engine, Snapshot
from rag.question import Question, understand, unexpanded
from rag.retrieve import Retriever, lexical_query
from rag.types import Hit, Scored

RANKED_CLOSELY: Final = 200


def evaluate_retrievers(
    data: BeirSet, retrievers: Sequence[RetrieverName], embedder: Embedder, open_engine: Callable[[Path], Engine]
) -> Iterator[BeirScores]:
    """The scores of each retriever in turn, over one index that is made in a temporary directory.

    `open_engine` opens a directory for writing. Raises DocumentError, naming the row, when a row cannot be read.
    """
    entries = read_entries(data, read)
    with tempfile.TemporaryDirectory(prefix="policy-rag-beir-") as directory:
        engine = open_engine(Path(directory))
        try:
            sources = {row[0].document.source: row for row in entries.values()}
            engine.replace(sources, dict.fromkeys(sources, ""))
            for retriever in retrievers:
                yield evaluate_beir(data, entries, retriever, retriever_search(retriever, engine.snapshot(), embedder))
        finally:
            engine.close()


def retriever_search(retriever: RetrieverName, snapshot: Snapshot, embedder: Embedder) -> Search:
    """Search by terms alone, by vectors alone (all queries embedded in one call), or as `rag search` does.

    The last looks closely at every passage that it ranks: it gives at most 200, whatever depth is asked for.
    """
    if retriever == "lexical":
        return lambda queries, k: [snapshot.lexical.search(lexical_query(understand(query)), k) for query in queries]
    if retriever == "dense":
        return lambda queries, k: [
            snapshot.vectors.search(v, k) for v in embedder.encode_query([simplified(query) for query in queries])
        ]
    whole = Retriever(embedder)
    return lambda queries, k: [_in_order(whole, snapshot, query, min(k, RANKED_CLOSELY)) for query in queries]


def plain_search(snapshot: Snapshot) -> Search:
    """Plain BM25: the question's own words, its places among them, equally in text and context; no glossary, no synonyms, no place
    translated or looked up."""

    def ranking(query: str, k: int) -> Sequence[Scored]:
        terms = own_words(understand(query)).terms
        return snapshot.lexical.search({"text": terms, "context": terms}, k)

    return lambda queries, k: [ranking(query, k) for query in queries]


def own_words(question: Question) -> Question:
    """The question with nothing added to its words, and with its places as words among them."""
    return unexpanded(replace(question, topic=question.folded, places=()))


def ranked_hits(search: Search, snapshot: Snapshot, text: str, k: int) -> Sequence[Hit]:
    """The best k passages of one query by a search, without signals."""
    (ranking,) = search([text], k)
    chunks = {chunk.id: chunk for chunk in snapshot.store.chunks([scored.chunk_id for scored in ranking])}
    return [Hit(chunks[scored.chunk_id], scored.score) for scored in ranking]


def _in_order(whole: Retriever, snapshot: Snapshot, query: str, k: int) -> Sequence[Scored]:
    hits = whole.search(snapshot, understand(query), k).hits
    return [Scored(hit.chunk.id, hit.score) for hit in hits]
