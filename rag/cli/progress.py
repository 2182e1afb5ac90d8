"""A progress bar with rate and time left, on a terminal only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rag.outcomes import Progress

OnProgress = Callable[[Progress], None]


@contextmanager
def shown_progress(stream: TextIO) -> Iterator[OnProgress | None]:
    """What to call with the progress of a run; None, and nothing shown, when the stream is not a terminal."""
    if not stream.isatty():
        yield None
        return
    # rich takes 60 ms to import: only where a bar is drawn.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    bar = Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=Console(file=stream, no_color=True, legacy_windows=False),
        transient=True,
    )
    with bar:
        task = bar.add_task("files", total=None, rate="")

        def update(progress: Progress) -> None:
            elapsed = bar.tasks[0].elapsed or 0.0
            rate = f"{progress.chunks / elapsed:,.0f} passages/s" if elapsed > 0.5 else ""
            bar.update(task, completed=progress.done, total=progress.total, rate=rate)

        yield update
