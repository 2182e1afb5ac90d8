"""Training: texts → tokenizer → token ids → steps → the shipped folder. Interrupted, it goes on from its last checkpoint."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tqdm import tqdm

from embeddings.training import export, vocabulary
from embeddings.training.corpus import Encoded, Sampler, Tokens, encode
from embeddings.training.data import Kind, Source, sources
from embeddings.training.leakage import Index, evaluation_texts, index
from embeddings.training.model import TableModel, token_parts
from embeddings.training.vocabulary import Sizes

_CHECKPOINT_STEPS = 500


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides the outcome, besides the data."""

    steps: int = 6_000
    batch: int = 1_024
    dims: tuple[int, ...] = (256, 64)
    rate: float = 0.01
    scale: float = 20.0
    seed: int = 1
    sizes: Sizes = field(default_factory=Sizes)
    restricted: bool = False


def train(
    data: Path, held_out: Sequence[Path], work: Path, plan: Plan, *, progress: bool = True
) -> tuple[NDArray[np.float32], Tokenizer]:
    """The finished table, float32 (tokens, dim), and its tokenizer. `held_out` are folders of texts that must not be learned;
    `work` keeps the prepared texts and the checkpoint."""
    work.mkdir(parents=True, exist_ok=True)
    tokenizer, encoded = prepare(data, held_out, work, plan)
    vocabulary_list = [tokenizer.id_to_token(token) for token in range(tokenizer.get_vocab_size())]
    model = TableModel(
        _token_shares(encoded, len(vocabulary_list)),
        token_parts(vocabulary_list),
        dims=plan.dims,
        scale=plan.scale,
        seed=plan.seed,
    )
    _run(model, Sampler(encoded, batch=plan.batch, seed=plan.seed), work / "checkpoint.pt", plan, progress=progress)
    return model.table(), tokenizer


def prepare(data: Path, held_out: Sequence[Path], work: Path, plan: Plan) -> tuple[Tokenizer, list[Encoded]]:
    """Tokenizer and sources in tokens, made once and kept in `work`."""
    mark = sha256(json.dumps([asdict(plan.sizes), plan.restricted, data_hashes(data)]).encode()).hexdigest()[:12]
    folder = work / f"prepared-{mark}"
    drawn = [] if (folder / "done").exists() else sources(data, known_texts(held_out), restricted=plan.restricted)
    if drawn:
        folder.mkdir(parents=True, exist_ok=True)
        _prepare(drawn, folder, plan.sizes)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    return tokenizer, _read(folder)


def known_texts(folders: Iterable[Path]) -> Index | None:
    """The index of all evaluation texts in these folders; None without any."""
    texts = [text for folder in folders for text in evaluation_texts(folder)]
    return index(texts) if texts else None


def data_hashes(data: Path) -> dict[str, str]:
    """SHA-256 of each training file by its name."""
    return {path.name: export.file_hash(path) for path in sorted(data.glob("*.jsonl.gz"))}


def rate_at(step: int, plan: Plan) -> float:
    """The learning rate of a step: a twentieth of the steps rising, then falling in a straight line to a hundredth."""
    warm = max(1, plan.steps // 20)
    if step < warm:
        return plan.rate * (step + 1) / warm
    return plan.rate * max(0.01, 1 - (step - warm) / max(1, plan.steps - warm))


def _run(model: TableModel, sampler: Sampler, checkpoint: Path, plan: Plan, *, progress: bool) -> None:
    mark = repr(plan)
    first = _restore(model, checkpoint, mark)
    bar = tqdm(range(first, plan.steps), initial=first, total=plan.steps, disable=not progress, mininterval=2.0)
    mean = 0.0
    for step in bar:
        loss = model.train(sampler.draw(step), rate_at(step, plan))
        mean = loss if step == first else 0.98 * mean + 0.02 * loss
        if step % 50 == 0:
            bar.set_postfix(loss=f"{mean:.3f}")
        if (step + 1) % _CHECKPOINT_STEPS == 0:
            _save(model, checkpoint, step + 1, mark)


def _save(model: TableModel, checkpoint: Path, step: int, mark: str) -> None:
    fresh = checkpoint.with_suffix(".new")
    torch.save({"step": step, "plan": mark, "model": model.state()}, fresh)
    fresh.replace(checkpoint)


def _restore(model: TableModel, checkpoint: Path, mark: str) -> int:
    if not checkpoint.exists():
        return 0
    saved = torch.load(checkpoint, weights_only=True)
    if saved["plan"] != mark:
        return 0
    model.restore(saved["model"])
    return int(saved["step"])


def _token_shares(encoded: Sequence[Encoded], size: int) -> NDArray[np.float64]:
    """Each token's share of all tokens, sources weighted by their share."""
    shares = np.zeros(size)
    for source in encoded:
        for side in (source.left, source.right):
            counted = np.bincount(side.ids, minlength=size)
            shares += source.share * counted / max(1, counted.sum())
    return shares / shares.sum()


def _prepare(drawn: Sequence[Source], folder: Path, sizes: Sizes) -> None:
    texts = {id(side): side for source in drawn for side in (source.left, source.right)}
    heads = next(source.right for source in drawn if source.name == "zh_en_dict")
    made = vocabulary.build(vocabulary.count(text for side in texts.values() for text in side), heads, sizes)
    made.save(str(folder / "tokenizer.json"), pretty=False)
    arrays: dict[str, NDArray[np.generic]] = {}
    for key, side in tqdm(texts.items(), desc="tokens"):
        tokens = encode(side, made)
        arrays |= {f"{key}-ids": tokens.ids, f"{key}-bounds": tokens.bounds}
    np.savez(folder / "tokens.npz", **arrays)  # type: ignore[arg-type]
    rows = [
        {
            "name": source.name,
            "kind": source.kind,
            "share": source.share,
            "left": id(source.left),
            "right": id(source.right),
        }
        for source in drawn
    ]
    (folder / "done").write_text(json.dumps(rows), encoding="utf-8")


def _read(folder: Path) -> list[Encoded]:
    rows = json.loads((folder / "done").read_text(encoding="utf-8"))
    with np.load(folder / "tokens.npz") as arrays:
        keys = {row[side] for row in rows for side in ("left", "right")}
        sides = {key: Tokens(arrays[f"{key}-ids"], arrays[f"{key}-bounds"]) for key in keys}
    return [
        Encoded(row["name"], Kind(row["kind"]), sides[row["left"]], sides[row["right"]], row["share"]) for row in rows
    ]
