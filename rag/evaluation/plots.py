"""Small charts as inline SVG: lines and bars with axes, a legend and nothing else."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from rag.measures import Interval

WIDTH, HEIGHT = 460, 280
LEFT, RIGHT, TOP, BOTTOM = 48, 130, 30, 40
COLOURS: Final = ("#1b6ca8", "#c8553d", "#2e8b57", "#8a5ab5", "#b8860b", "#4a6572", "#d6336c", "#0b7285", "#5c940d")
Points = Sequence[tuple[float, float]]


def line_chart(title: str, x_label: str, y_label: str, series: Mapping[str, Points]) -> str:
    """One line per series, both axes from 0 to a round number above the largest value; an `<svg>` element."""
    points = [point for line in series.values() for point in line]
    x_top = _round_up(max((x for x, _ in points), default=1.0))
    y_top = _round_up(max((y for _, y in points), default=1.0))
    parts = [_frame(title, x_label, y_label, x_top, y_top)]
    for number, (name, line) in enumerate(series.items()):
        path = " ".join(f"{_x(x, x_top):.1f},{_y(y, y_top):.1f}" for x, y in line)
        colour = COLOURS[number % len(COLOURS)]
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(_legend(number, name, colour))
    return _svg(parts)


def bar_chart(title: str, groups: Mapping[str, Mapping[str, Interval]]) -> str:
    """For each group one bar per measure, in [0, 1], with its interval as a whisker; an `<svg>` element."""
    names = list(dict.fromkeys(name for bars in groups.values() for name in bars))
    slot = (WIDTH - LEFT - RIGHT) / max(1, len(groups))
    width = 0.8 * slot / max(1, len(names))
    parts = [_frame(title, "", "", None, 1.0)]
    for g, (group, bars) in enumerate(groups.items()):
        x0 = LEFT + g * slot + 0.1 * slot
        x, y = x0 + 0.5 * slot, HEIGHT - BOTTOM + 12
        place = f'x="{x:.1f}" y="{y}" text-anchor="end" transform="rotate(-30 {x:.1f} {y})"'
        parts.append(f'<text {place} class="tick">{escape(group)}</text>')
        for n, name in enumerate(names):
            if name in bars:
                parts.append(_bar(x0 + n * width, width, bars[name], COLOURS[n % len(COLOURS)]))
    parts += [_legend(n, name, COLOURS[n % len(COLOURS)]) for n, name in enumerate(names)]
    return _svg(parts)


def _bar(x: float, width: float, value: Interval, colour: str) -> str:
    top, middle = _y(value.mean, 1.0), x + width / 2
    return (
        f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{HEIGHT - BOTTOM - top:.1f}" fill="{colour}"/>'
        f'<line x1="{middle:.1f}" x2="{middle:.1f}" y1="{_y(value.low, 1.0):.1f}" y2="{_y(value.high, 1.0):.1f}" '
        'stroke="#222"/>'
    )


def _frame(title: str, x_label: str, y_label: str, x_top: float | None, y_top: float) -> str:
    """Title, axes and five ticks a side; no x ticks without `x_top`."""
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    parts = [
        f'<text x="{LEFT}" y="18" class="title">{escape(title)}</text>',
        f'<path d="M{LEFT} {TOP}V{bottom}H{right}" fill="none" stroke="#888"/>',
        f'<text x="{(LEFT + right) / 2:.0f}" y="{HEIGHT - 6}" text-anchor="middle">{escape(x_label)}</text>',
        f'<text x="12" y="{(TOP + bottom) / 2:.0f}" text-anchor="middle" '
        f'transform="rotate(-90 12 {(TOP + bottom) / 2:.0f})">{escape(y_label)}</text>',
    ]
    for step in range(5):
        y, x = y_top * step / 4, (x_top or 0.0) * step / 4
        parts.append(f'<text x="{LEFT - 5}" y="{_y(y, y_top) + 4:.1f}" text-anchor="end" class="tick">{y:.3g}</text>')
        if x_top is not None:
            place = f'x="{_x(x, x_top):.1f}" y="{bottom + 14}"'
            parts.append(f'<text {place} text-anchor="middle" class="tick">{x:.3g}</text>')
    return "".join(parts)


def _legend(number: int, name: str, colour: str) -> str:
    x, y = WIDTH - RIGHT + 12, TOP + 16 * number
    return f'<rect x="{x}" y="{y}" width="10" height="10" fill="{colour}"/><text x="{x + 15}" y="{y + 9}">{escape(name)}</text>'


def _svg(parts: Sequence[str]) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img">{"".join(parts)}</svg>'


def _round_up(value: float) -> float:
    """The smallest of 1, 2, 3, 4, 6, 8 times a power of ten that is not below the value; 1 for 0."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 3, 4, 6, 8, 10, 20) if step * power >= value * (1 - 1e-9))


def _x(value: float, top: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * value / top


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / top
