"""A line plot as SVG, with bands and a logarithmic axis of decisions."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from benchmarks.arena.summary import OURS

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 420, 70, 180, 40, 50
# Okabe and Ito's colours, which colour-blind people can tell apart too; further lines are dashed.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#8C6D00", "#666666")
DASHES = ("", "6 3", "2 3")
Scale = Callable[[float], float]
LABEL = 14  # least distance of two labels


@dataclass(frozen=True)
class Line:
    """A policy's points: (decisions, value, half width of the interval)."""

    name: str
    points: list[tuple[float, float, float]]


def plot(title: str, lines: list[Line]) -> str:
    """Return the SVG of regret per decision by decisions; without lines, an empty frame."""
    every = [point for line in lines for point in line.points]
    low, high = _range([math.log10(at) for at, _, _ in every] or [3.0, 4.0])
    top = max((value + half for _, value, half in every), default=1.0) * 1.05 or 1.0

    def x(at: float) -> float:
        return LEFT + (math.log10(at) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" aria-label="{escape(title)}: regret per decision">',
        '<rect width="100%" height="100%" fill="#fff"/>',
        '<g font-family="sans-serif" font-size="12" fill="#333">',
        f'<text x="{LEFT}" y="22" font-size="15" font-weight="bold">{escape(title)}</text>',
        f'<text x="{LEFT}" y="{HEIGHT - 8}">decisions made</text>',
        f'<text x="{LEFT}" y="{TOP - 4}">regret per decision so far</text>',
    ]
    for step in range(5):
        value = top * step / 4
        parts.append(_rule(y(value)) + _text(LEFT - 6, y(value) + 4, f"{value:.3f}", "end"))
    for power in range(math.ceil(low), math.floor(high) + 1):
        parts.append(_text(x(10**power), HEIGHT - BOTTOM + 18, f"{10**power:,}", "middle"))
    ordered = sorted(lines, key=lambda line: -line.points[-1][1])
    labels = _spread([y(line.points[-1][1]) for line in ordered])
    for line, label in zip(ordered, labels, strict=True):
        parts += _drawn(line, lines.index(line), label, x, y)
    return "\n".join([*parts, "</g></svg>"]) + "\n"


def _drawn(line: Line, at: int, label: float, x: Scale, y: Scale) -> list[str]:
    colour = "#D00000" if line.name == OURS else COLOURS[at % len(COLOURS)]
    dash = "" if line.name == OURS else DASHES[at // len(COLOURS) % len(DASHES)]
    upper = [f"{x(d):.1f},{y(value + half):.1f}" for d, value, half in line.points]
    lower = [f"{x(d):.1f},{y(max(value - half, 0)):.1f}" for d, value, half in line.points]
    path = " ".join(f"{x(d):.1f},{y(value):.1f}" for d, value, _ in line.points)
    wide = 2.5 if line.name == OURS else 1.4
    end = line.points[-1]
    return [
        f'<polygon points="{" ".join(upper + lower[::-1])}" fill="{colour}" opacity="0.12"/>',
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{wide}" '
        f'stroke-dasharray="{dash}"/>',
        f'<line x1="{x(end[0]):.1f}" y1="{y(end[1]):.1f}" x2="{WIDTH - RIGHT + 12}" '
        f'y2="{label:.1f}" stroke="{colour}" stroke-width="0.6"/>',
        f'<text x="{WIDTH - RIGHT + 16}" y="{label + 4:.1f}" fill="{colour}">'
        f"{escape(line.name)}</text>",
    ]


def _spread(wanted: list[float]) -> list[float]:
    """Return places at least LABEL apart, from the top down, inside the frame."""
    placed: list[float] = []
    for each in wanted:
        placed.append(max(each, placed[-1] + LABEL) if placed else each)
    over = placed[-1] - (HEIGHT - BOTTOM) if placed else 0.0
    for at in range(len(placed) - 1, -1, -1):
        if over <= 0:
            break
        placed[at] -= over
        over = placed[at - 1] + LABEL - placed[at] if at else 0.0
    return placed


def _range(values: list[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _rule(height: float) -> str:
    return (
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{height:.1f}" y2="{height:.1f}" '
        'stroke="#ddd"/>'
    )


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
