"""Writes the results of the bundled model into its card, English and Chinese, between the marks that hold them.

    python -m tools.model_table --data ../shared/data/eval --reference ../shared/data/reference_scores.md [--model FOLDER]

For every set of --data: dense retrieval over passages as `rag eval --beir` measures it, lexical and hybrid beside it; dense
retrieval over whole documents with all dimensions and with the first ones only, as `python -m embeddings.training.evaluate`
measures it. Beside them the plain BM25 and the published models that --reference holds for the same sets. In percent.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from embeddings.load import load
from embeddings.protocol import Embedder
from embeddings.training import evaluate
from rag.analysis import ChineseAnalyzer
from rag.evaluation.beir import read_beir
from rag.evaluation.retrievers import evaluate_retrievers
from rag.index.engine import EmbeddedEngine

CARD = Path(__file__).parent.parent / "embeddings" / "MODEL_CARD.md"
PREFIXES = (256, 128)
SAME_SETS = {"XQuADRetrieval en": "xquad-en", "XQuADRetrieval zh": "xquad-zh"}
HEADINGS = {
    "en": ("set", "dense", "R@1", "R@5", "R@10", "R@100", "whole", "256", "128", "lexical", "hybrid", "plain BM25"),
    "zh": ("集合", "向量", "R@1", "R@5", "R@10", "R@100", "整篇", "256 维", "128 维", "词法", "混合", "普通 BM25"),
}
MODEL_HEADINGS = {"en": ("model", "this model, whole documents"), "zh": ("模型", "本模型（整篇）")}
RECALLS = ("R@1", "R@5", "R@10", "R@100")


@dataclass(frozen=True, slots=True)
class Row:
    """One set, fractions: `dense` holds nDCG@10 and recalls over passages, `whole` nDCG@10 by number of dimensions."""

    name: str
    dense: Mapping[str, float]
    lexical: float
    hybrid: float
    whole: Mapping[int, float]


def measure(folder: Path, embedder: Embedder) -> Row:
    """All measures of one set."""
    data = read_beir(folder)

    def open_engine(directory: Path) -> EmbeddedEngine:
        return EmbeddedEngine.open(directory, embedder=embedder, analyzer=ChineseAnalyzer(), write=True)

    dense, lexical, hybrid = evaluate_retrievers(data, ["dense", "lexical", "hybrid"], embedder, open_engine)
    collection = evaluate.read(folder)
    dims = (embedder.dim, *(dim for dim in PREFIXES if dim < embedder.dim))
    whole = {dim: evaluate.score(folder.name, collection, embedder, dim=dim).ndcg10 for dim in dims}
    return Row(folder.name, dense.measures, lexical.measures["nDCG@10"], hybrid.measures["nDCG@10"], whole)


def sets_table(rows: Sequence[Row], plain: Mapping[str, str], headings: Sequence[str]) -> str:
    """A line for each set; `plain` is BM25 by set."""
    lines = [_line(headings), "|---" * len(headings) + "|"]
    for row in rows:
        values = [
            row.dense["nDCG@10"],
            *(row.dense[key] for key in RECALLS),
            *row.whole.values(),
            row.lexical,
            row.hybrid,
        ]
        lines.append(_line([row.name, *(f"{100 * value:.1f}" for value in values), plain.get(row.name, "–")]))
    return "\n".join(lines)


def models_table(rows: Sequence[Row], published: Mapping[str, Mapping[str, str]], headings: Sequence[str]) -> str:
    """A line for each published model with a score on one of our sets, and ours."""
    names = list(SAME_SETS.values())
    ours = {row.name: f"{100 * next(iter(row.whole.values())):.1f}" for row in rows}
    lines = [_line([headings[0], *names]), "|---" * (len(names) + 1) + "|"]
    lines.append(_line([headings[1], *(ours.get(name, "–") for name in names)]))
    lines += [_line([model, *(scores.get(name, "–") for name in names)]) for model, scores in published.items()]
    return "\n".join(lines)


def plain_bm25(reference: str) -> Mapping[str, str]:
    """nDCG@10 of plain BM25 by set, as the reference file says it."""
    return {cells[0]: cells[1] for cells in _cells(reference) if re.fullmatch(r"[\d.]+", cells[1])}


def published(reference: str) -> Mapping[str, Mapping[str, str]]:
    """nDCG@10 by model and set, of the published models that have one for a set of ours."""
    rows = _cells(reference)
    heading = next(cells for cells in rows if cells[0] == "model")
    columns = {heading.index(column): name for column, name in SAME_SETS.items()}
    scores = {
        cells[0]: {name: cells[at].split(" ")[0] for at, name in columns.items() if re.match(r"[\d.]+ /", cells[at])}
        for cells in rows
        if len(cells) == len(heading) and "/" in cells[0]
    }
    return {model: found for model, found in scores.items() if found and "bm25" not in model}


def replaced(card: str, mark: str, table: str) -> str:
    """The card with the text between `<!-- mark -->` and `<!-- end of mark -->` replaced. Raises ValueError without marks."""
    first, last = f"<!-- {mark} -->", f"<!-- end of {mark} -->"
    start, end = card.index(first) + len(first), card.index(last)
    return f"{card[:start]}\n{table}\n{card[end:]}"


def _cells(text: str) -> list[list[str]]:
    rows = (line for line in text.splitlines() if line.startswith("|") and not line.startswith("|--"))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in rows]


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tools.model_table", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of evaluation sets")
    parser.add_argument("--reference", type=Path, required=True, help="reference scores, Markdown")
    parser.add_argument("--model", help="folder; the bundled model when not given")
    parser.add_argument("--card", type=Path, default=CARD)
    options = parser.parse_args(arguments)
    reference, embedder = options.reference.read_text(encoding="utf-8"), load(options.model)
    rows = [measure(path.parent, embedder) for path in sorted(options.data.glob("*/qrels.tsv"))]
    card = options.card.read_text(encoding="utf-8")
    for language, headings in HEADINGS.items():
        card = replaced(card, f"sets, {language}", sets_table(rows, plain_bm25(reference), headings))
        models = models_table(rows, published(reference), MODEL_HEADINGS[language])
        card = replaced(card, f"models, {language}", models)
    options.card.write_text(card, encoding="utf-8")


if __name__ == "__main__":
    main()
