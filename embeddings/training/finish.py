"""What is done to the table when training is over.

The rows are turned to their principal axes, the strongest first, so that the first dimensions alone say most (in place of a
Matryoshka loss, which was measured to cost more); and the axes are partly evened out: a few directions that most words share
(law against everyday speech) would decide too much otherwise (Huang et al. 2021, WhiteningBERT, whitened wholly).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def finished(table: NDArray[np.float32], whitening: float) -> NDArray[np.float32]:
    """The rows, shape (tokens, dim), along their principal axes, the variance v of each made v ** (1 - whitening).

    `whitening` from 0 (a rotation: all cosines stay) to 1 (every axis equal, in the same order).
    """
    exact = table.astype(np.float64)
    variances, axes = np.linalg.eigh(exact.T @ exact / len(exact))
    order = np.argsort(-variances, kind="stable")
    kept = np.maximum(variances[order], 1e-12)
    turned: NDArray[np.float64] = exact @ axes[:, order] * kept ** (-whitening / 2)
    return turned.astype(np.float32)
