"""Training: texts → tokenizer → token ids → steps → the shipped folder. Interrupted, it goes on from its last checkpoint."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.progress import Progress
from tokenizers import Tokenizer

from embeddings.training import data as data_module
from embeddings.training import export, finish, vocabulary
from embeddings.training.alignment import Translations, translations
from embeddings.training.corpus import Encoded, Sampler, Tokens, encode
from embeddings.training.data import FRAMES, Kind, Source, sources
from embeddings.training.leakage import Index, evaluation_texts, index
from embeddings.training.model import TableModel, token_parts
from embeddings.training.negatives import mined
from embeddings.training.vocabulary import Sizes


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides the outcome, besides the data."""

    steps: int = 4_000
    batch: int = 1_024
    dim: int = 512
    rate: float = 0.01
    scales: tuple[float, float] = (22.0, 12.0)  # inverse temperature within one language, between two
    whitening: float = 0.6  # how far the rows' directions are evened out after training: 0 not at all, 1 wholly
    mined: int = 0  # hard negatives kept for each row, one of which stands in its batch
    seed: int = 1
    sizes: Sizes = field(default_factory=Sizes)
    restricted: bool = False
    checkpoint_steps: int = 500


def train(
    data: Path,
    held_out: Sequence[Path],
    work: Path,
    plan: Plan,
    *,
    progress: bool = True,
    on_step: Callable[[int], None] | None = None,
) -> tuple[NDArray[np.float32], Tokenizer]:
    """The finished table, float32 (tokens, dim), and its tokenizer. `held_out` are folders of texts that must not be learned;
    `work` keeps the prepared texts and the checkpoint; `on_step` hears how many steps are done."""
    work.mkdir(parents=True, exist_ok=True)
    folder = prepare(data, held_out, work, plan)
    tokenizer, encoded = Tokenizer.from_file(str(folder / "tokenizer.json")), read_prepared(folder)
    pieces = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    words = [piece for piece, _ in pieces]
    known = _english(translations(encoded, len(words), seed=plan.seed), words)
    model = TableModel(
        _token_shares(encoded, len(words)),
        token_parts(words),
        known,
        dim=plan.dim,
        scales=plan.scales,
        rate=plan.rate,
        seed=plan.seed,
    )
    negatives = mined(encoded, len(words), plan.mined) if plan.mined else None
    frames = encode(FRAMES, tokenizer)
    sampler = Sampler(encoded, frames, batch=plan.batch, seed=plan.seed, negatives=negatives)
    checkpoint = folder / "checkpoint.pt"
    first = _restore(model, checkpoint, plan)
    with Progress(*Progress.get_default_columns(), "loss {task.fields[loss]:.3f}", disable=not progress) as bar:
        task = bar.add_task("training", total=plan.steps, completed=first, loss=0.0)
        for step in range(first, plan.steps):
            loss = model.train(sampler.draw(step), speed_at(step, plan.steps))
            bar.update(task, advance=1, loss=loss)
            if (step + 1) % plan.checkpoint_steps == 0:
                _save(model, checkpoint, step + 1, plan)
            if on_step is not None:
                on_step(step + 1)
    return finish.finished(model.table(), plan.whitening), tokenizer


def prepare(data: Path, held_out: Sequence[Path], work: Path, plan: Plan) -> Path:
    """The folder in `work` that keeps tokenizer and sources in tokens, made when it is not there yet."""
    code = [export.file_hash(Path(str(module.__file__))) for module in (data_module, vocabulary)]
    made_from = [asdict(plan.sizes), plan.restricted, data_hashes(data, restricted=plan.restricted), code]
    mark = sha256(json.dumps(made_from).encode()).hexdigest()[:12]
    folder = work / f"prepared-{mark}"
    drawn = [] if (folder / "done").exists() else sources(data, known_texts(held_out), restricted=plan.restricted)
    if drawn:
        folder.mkdir(parents=True, exist_ok=True)
        _prepare(drawn, folder, plan.sizes)
    return folder


def known_texts(folders: Iterable[Path]) -> Index | None:
    """The index of all evaluation texts in these folders; None without any."""
    texts = [text for folder in folders for text in evaluation_texts(folder)]
    return index(texts) if texts else None


def data_hashes(data: Path, *, restricted: bool) -> dict[str, str]:
    """SHA-256 of each training file that is read, by its name."""
    paths = (path for path in sorted(data.glob("*.jsonl.gz")) if restricted or ".nc." not in path.name)
    return {path.name: export.file_hash(path) for path in paths}


def speed_at(step: int, steps: int) -> float:
    """The share of the learning rate at a step: a twentieth of the steps rising, then falling in a straight line to 0.01."""
    warm = max(1, steps // 20)
    if step < warm:
        return (step + 1) / warm
    return max(0.01, 1 - (step - warm) / max(1, steps - warm))


def _save(model: TableModel, checkpoint: Path, step: int, plan: Plan) -> None:
    fresh = checkpoint.with_suffix(".new")
    torch.save({"step": step, "plan": repr(plan), "model": model.state()}, fresh)
    fresh.replace(checkpoint)


def _restore(model: TableModel, checkpoint: Path, plan: Plan) -> int:
    if not checkpoint.exists():
        return 0
    saved = torch.load(checkpoint, weights_only=True)
    if saved["plan"] != repr(plan):
        return 0
    model.restore(saved["model"])
    return int(saved["step"])


def _english(known: Translations, pieces: Sequence[str]) -> Translations:
    """The translations of words in Latin letters."""
    latin = np.array([piece.isascii() and piece.isalpha() for piece in pieces])[known.left]
    return Translations(known.left[latin], known.right[latin], known.chance[latin])


def _token_shares(encoded: Sequence[Encoded], size: int) -> NDArray[np.float64]:
    """Each token's share of all tokens, sources weighted by their share."""
    shares = np.zeros(size)
    for source in encoded:
        for side in (source.left, source.right):
            counted = np.bincount(side.ids, minlength=size)
            shares += source.share * counted / max(1, counted.sum())
    total: NDArray[np.float64] = shares / shares.sum()
    return total


def _prepare(drawn: Sequence[Source], folder: Path, sizes: Sizes) -> None:
    texts = {id(side): side for source in drawn for side in (source.left, source.right)}
    named = {source.name: source for source in drawn}
    foreign = named["other languages"].left
    native = [side for side in texts.values() if side is not foreign]
    meanings = named["zh_en_dict"]
    heads = dict.fromkeys(meanings.right, False)
    heads |= {head: True for meaning, head in zip(meanings.left, meanings.right, strict=True) if meaning[:1].isupper()}
    words = chain(chain.from_iterable(native), meanings.left, meanings.left)
    made = vocabulary.build(vocabulary.count(words, foreign), heads, sizes)
    made.save(str(folder / "tokenizer.json"), pretty=False)
    arrays: dict[str, NDArray[np.generic]] = {}
    numbers = {key: number for number, key in enumerate(texts)}
    for key, side in texts.items():
        tokens = encode(side, made)
        arrays |= {f"{numbers[key]}-ids": tokens.ids, f"{numbers[key]}-bounds": tokens.bounds}
    np.savez(folder / "tokens.npz", **arrays)  # type: ignore[arg-type]
    rows = [
        {
            "name": source.name,
            "kind": source.kind,
            "share": source.share,
            "crossing": source.crossing,
            "left": numbers[id(source.left)],
            "right": numbers[id(source.right)],
        }
        for source in drawn
    ]
    (folder / "done").write_text(json.dumps(rows), encoding="utf-8")


def read_prepared(folder: Path) -> list[Encoded]:
    """The sources in tokens that `prepare` kept."""
    rows = json.loads((folder / "done").read_text(encoding="utf-8"))
    with np.load(folder / "tokens.npz") as arrays:
        keys = {row[side] for row in rows for side in ("left", "right")}
        sides = {key: Tokens(arrays[f"{key}-ids"], arrays[f"{key}-bounds"]) for key in keys}
    return [
        Encoded(row["name"], Kind(row["kind"]), sides[row["left"]], sides[row["right"]], row["share"], row["crossing"])
        for row in rows
    ]
