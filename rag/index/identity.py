"""What an index was made with, and whether that is what is at hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from rag.errors import MismatchError
from rag.index.database import Manifest
from rag.index.text import embedded_texts
from rag.protocols import Analyzer, Embedder, Vector

# Traditional, simplified and Latin: a change of how texts are prepared for the model shows in its vector too.
_PROBE: Final = "關於印發年度工作方案的通知 关于印发年度工作方案的通知 Notice on the annual work plan 2024"
_PROBE_TOLERANCE: Final = 1e-3


def stamped(manifest: Manifest, embedder: Embedder, analyzer: Analyzer) -> Manifest:
    """The manifest of an index made with these."""
    return replace(
        manifest,
        model=embedder.name,
        model_fingerprint=embedder.fingerprint,
        dim=embedder.dim,
        probe=_probe(embedder).astype("<f4").tobytes(),
        analyzer_fingerprint=analyzer.fingerprint,
    )


def check_made_with(
    manifest: Manifest, embedder: Embedder, analyzer: Analyzer, directory: Path, *, probe: bool
) -> None:
    """Raises MismatchError when an index that holds anything was made with another model or analyzer.

    With `probe` one text is embedded and compared with what the model gave then.
    """
    if not manifest.documents:
        return
    if (manifest.model_fingerprint, manifest.dim) != (embedder.fingerprint, embedder.dim):
        raise MismatchError(
            f"the index in {str(directory)!r} was made with model {manifest.model!r}, not with this {embedder.name!r}: "
            f"run `rag rebuild --model {embedder.name}` to make it with this one"
        )
    if manifest.analyzer_fingerprint != analyzer.fingerprint:
        raise MismatchError(
            f"the index in {str(directory)!r} was made with analyzer {manifest.analyzer_fingerprint!r}, this version has "
            f"{analyzer.fingerprint!r}: run `rag rebuild`"
        )
    if probe and not np.allclose(np.frombuffer(manifest.probe, "<f4"), _probe(embedder), atol=_PROBE_TOLERANCE):
        raise MismatchError(
            f"model {embedder.name!r} gives other vectors on this machine than where the index in {str(directory)!r} was "
            f"made: run `rag rebuild --model {embedder.name}`"
        )


def _probe(embedder: Embedder) -> Vector:
    """The vector of a fixed text, shape (dim,): one fingerprint can compute differently on another processor."""
    vector: Vector = embedder.encode_document(embedded_texts([("", _PROBE)]))[0]
    return vector
