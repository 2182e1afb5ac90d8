"""Trains the bundled model.

    python -m embeddings.training --data ../shared/data/train --out embeddings/model

Texts under --held-out (evaluation sets and gold questions) are kept out of the training pairs. Interrupted, the same command
goes on from its last checkpoint in --work.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import torch

from embeddings.training import export
from embeddings.training.train import Plan, data_hashes, train


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    plan = Plan()
    parser = argparse.ArgumentParser(prog="python -m embeddings.training", description="Trains the bundled model.")
    parser.add_argument("--data", type=Path, required=True, help="folder of *.jsonl.gz training files")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the model to")
    parser.add_argument("--held-out", type=Path, nargs="*", help="folders whose texts must not be learned")
    parser.add_argument("--work", type=Path, help="folder for prepared texts and the checkpoint (beside --out)")
    parser.add_argument("--steps", type=int, default=plan.steps)
    parser.add_argument("--batch", type=int, default=plan.batch, help="pairs a step")
    parser.add_argument("--dim", type=int, default=plan.dim, help="dimensions of a vector")
    parser.add_argument("--mined", type=int, default=plan.mined, help="hard negatives by BM25 for each pair (none)")
    parser.add_argument("--checkpoint-steps", type=int, default=plan.checkpoint_steps, help="steps between checkpoints")
    parser.add_argument("--seed", type=int, default=plan.seed)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--restricted", action="store_true", help="also learn from the .nc files (licence unclear)")
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    shared = options.data.parent
    held_out = options.held_out or [folder for folder in (shared / "eval", shared.parent / "gold") if folder.is_dir()]
    plan = replace(
        plan,
        steps=options.steps,
        batch=options.batch,
        dim=options.dim,
        mined=options.mined,
        checkpoint_steps=options.checkpoint_steps,
        seed=options.seed,
        restricted=options.restricted,
    )
    work = options.work or options.out.parent / f".{options.out.name}-work"
    table, tokenizer = train(options.data, held_out, work, plan)
    facts = {"plan": asdict(plan), "data": data_hashes(options.data, restricted=options.restricted)}
    export.write(options.out, table, tokenizer, facts)


if __name__ == "__main__":
    main()
