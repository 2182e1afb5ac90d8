"""Tables of one cell a line, as they come off a page that lost its table: the columns' names, then every row, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

FEWEST_ROWS: Final = 2
MOST_COLUMNS: Final = 8
NAME_CHARS: Final = 16


def stacked(words: Sequence[str]) -> Iterator[tuple[int, Sequence[int]]]:
    """For short lines in a row, each table among them: where its names begin, and the number of cells of every row, that of the
    names first. The period is the smallest that makes every column all figures or none, one of each kind at least, under names that are no
    figures."""
    at = 0
    while at + 2 * (1 + FEWEST_ROWS) <= len(words):
        found = next(filter(None, (_rows(words, at, width) for width in range(2, MOST_COLUMNS + 1))), None)
        if found is not None:
            width, rows = found
            yield at, [width] * (1 + rows)
            at += width * (1 + rows)
        else:
            at += 1


def _rows(words: Sequence[str], first: int, width: int) -> tuple[int, int] | None:
    """The width and number of rows under names of that width at `first`; None where there are too few."""
    names = words[first : first + width]
    if any(name[0].isdigit() or len(name) > NAME_CHARS for name in names):
        return None
    begin = first + width
    figures = [word[:1].isdigit() for word in words[begin : begin + width]]
    if len(figures) < width or all(figures) or not any(figures):
        return None
    rows = 1
    while True:
        row = words[begin + rows * width : begin + (rows + 1) * width]
        if len(row) < width or [word[:1].isdigit() for word in row] != figures:
            break
        rows += 1
    return (width, rows) if rows >= FEWEST_ROWS else None
