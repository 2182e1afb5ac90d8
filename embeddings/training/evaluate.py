"""Dense retrieval scores of a model over evaluation sets in BEIR layout.

    python -m embeddings.training.evaluate --data ../shared/data/eval [--model NAME_OR_PATH] [--dim N] [--json]

prints a table of nDCG@10 and recall@1, 5, 10 in percent for every set of the folder. Cosine over all documents, exact.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from embeddings.load import load
from embeddings.protocol import Embedder, Matrix

DEPTH = 10
_BLOCK = 512


@dataclass(frozen=True, slots=True)
class Collection:
    """A set: documents and queries by id, and for each query the ids of its right documents with their gains."""

    documents: Mapping[str, str]
    queries: Mapping[str, str]
    qrels: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over the judged queries of a set, fractions."""

    name: str
    ndcg10: float
    recall1: float
    recall5: float
    recall10: float


def read(folder: Path) -> Collection:
    """The set in a folder (corpus.jsonl, queries.jsonl, qrels.tsv with a heading line); a title stands before its text."""
    documents = {row["_id"]: f"{row.get('title', '')} {row['text']}".strip() for row in _rows(folder / "corpus.jsonl")}
    queries = {row["_id"]: row["text"] for row in _rows(folder / "queries.jsonl")}
    qrels: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, gain = line.split("\t")
        if int(gain) > 0:
            qrels.setdefault(query, {})[document] = int(gain)
    return Collection(documents, queries, qrels)


def score(name: str, collection: Collection, embedder: Embedder, *, dim: int | None = None) -> Scores:
    """Scores of the embedder on a set; `dim` keeps the first dimensions only (normalised again)."""
    ids = sorted(collection.documents)
    asked = [query for query in sorted(collection.qrels) if query in collection.queries]
    documents = _cut(embedder.encode_document([collection.documents[key] for key in ids]), dim)
    queries = _cut(embedder.encode_query([collection.queries[query] for query in asked]), dim)
    measured = [
        _measure([ids[place] for place in order], collection.qrels[query])
        for query, order in zip(asked, _best(queries, documents), strict=True)
    ]
    means = np.mean(measured, axis=0)
    return Scores(name, float(means[0]), float(means[1]), float(means[2]), float(means[3]))


def evaluate(folder: Path, embedder: Embedder, *, dim: int | None = None) -> list[Scores]:
    """Scores on every set under the folder, in order of name."""
    sets = sorted(path.parent for path in folder.glob("*/qrels.tsv"))
    return [score(path.name, read(path), embedder, dim=dim) for path in sets]


def _measure(ranked: Sequence[str], gains: Mapping[str, int]) -> tuple[float, float, float, float]:
    """nDCG@10 (Järvelin and Kekäläinen 2002, linear gain) and recall@1, 5, 10 of one ranking."""
    discounts = 1 / np.log2(np.arange(2, DEPTH + 2))
    gained = np.array([gains.get(document, 0) for document in ranked[:DEPTH]], dtype=np.float64)
    ideal = np.array(sorted(gains.values(), reverse=True)[:DEPTH], dtype=np.float64)
    ndcg = float(gained @ discounts[: len(gained)]) / float(ideal @ discounts[: len(ideal)])
    recall = [len(gains.keys() & set(ranked[:k])) / len(gains) for k in (1, 5, 10)]
    return ndcg, recall[0], recall[1], recall[2]


def _best(queries: Matrix, documents: Matrix) -> list[list[int]]:
    """For each query the places of the best ten documents, by (−score, place)."""
    ranked: list[list[int]] = []
    for start in range(0, len(queries), _BLOCK):
        scores = queries[start : start + _BLOCK] @ documents.T
        ranked.extend(np.argsort(-scores, axis=1, kind="stable")[:, :DEPTH].tolist())
    return ranked


def _cut(vectors: Matrix, dim: int | None) -> Matrix:
    if dim is None:
        return vectors
    kept = vectors[:, :dim]
    norms = np.linalg.norm(kept, axis=1, keepdims=True)
    return (kept / np.where(norms > 0, norms, 1)).astype(np.float32)


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m embeddings.training.evaluate", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of evaluation sets")
    parser.add_argument("--model", help="name or path; the bundled model when not given")
    parser.add_argument("--dim", type=int, help="use the first N dimensions only")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of a table")
    options = parser.parse_args(arguments)
    results = evaluate(options.data, load(options.model), dim=options.dim)
    sys.stdout.write(json.dumps([asdict(row) for row in results]) + "\n" if options.json else _table(results))


def _table(results: Sequence[Scores]) -> str:
    lines = ["| set | nDCG@10 | R@1 | R@5 | R@10 |", "|---|---|---|---|---|"]
    for row in results:
        values = (row.ndcg10, row.recall1, row.recall5, row.recall10)
        lines.append(f"| {row.name} | " + " | ".join(f"{100 * value:.1f}" for value in values) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
