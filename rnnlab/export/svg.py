"""Curves as a static picture: an SVG that needs no program to be drawn, and is sharp on paper."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

WIDTH, HEIGHT = 680, 260
LEFT, RIGHT, TOP, BOTTOM = 62, 12, 30, 40
"""Room around the curves, in pixels."""

MOST_POINTS = 1_500
MOST_TICKS = 6


@dataclass(frozen=True)
class Line:
    """One curve.

    Attributes:
        name: in the legend.
        places, values: float (N,); what is not finite leaves a gap.
        color: such as `#0f6b6b`.
        dashes: of the line, such as `6 4`; "" for a solid one.
        width: of the line, in pixels.
    """

    name: str
    places: np.ndarray
    values: np.ndarray
    color: str
    dashes: str = ""
    width: float = 1.6


def chart(lines: Sequence[Line], x_title: str, y_title: str, log_y: bool = False) -> str:
    """The curves on common axes, as SVG.

    Args:
        log_y: draw the logarithm; what is not positive is left out.
    """
    drawn = [(line, *_drawn(line, log_y)) for line in lines]
    all_x = np.concatenate([x for _, x, _ in drawn] or [np.array([])])
    all_y = np.concatenate([y[np.isfinite(y)] for _, _, y in drawn] or [np.array([])])
    if not len(all_y):
        return f'<p class="nothing">{escape(y_title)}: nothing was measured.</p>'
    x_axis, y_axis = _range(all_x), _range(all_y)
    parts = [_ticks(x_axis, y_axis, log_y), _titles(x_title, y_title)]
    parts += [_path(line, _across(x, x_axis), _up(y, y_axis)) for line, x, y in drawn]
    parts += [_legend(number, line) for number, line in enumerate(lines)]
    label = escape(f"{y_title}: {', '.join(line.name for line in lines)}")
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">'
    return f"{head}{''.join(parts)}</svg>"


def _drawn(line: Line, log_y: bool) -> tuple[np.ndarray, np.ndarray]:
    """The points of a line that are drawn, at most `MOST_POINTS`; of a logarithmic axis their logarithms."""
    count = len(line.places)
    chosen = np.unique(np.linspace(0, max(count - 1, 0), min(count, MOST_POINTS)).astype(int))
    x, y = (np.asarray(array, "float64")[chosen] for array in (line.places, line.values))
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.log10(np.where(y > 0, y, np.nan)) if log_y else y
    return x, np.where(np.isfinite(y), y, np.nan)


def _range(values: np.ndarray) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _across(x: np.ndarray, axis: tuple[float, float]) -> np.ndarray:
    return LEFT + (x - axis[0]) / (axis[1] - axis[0]) * (WIDTH - LEFT - RIGHT)


def _up(y: np.ndarray, axis: tuple[float, float]) -> np.ndarray:
    return HEIGHT - BOTTOM - (y - axis[0]) / (axis[1] - axis[0]) * (HEIGHT - TOP - BOTTOM)


def _path(line: Line, x: np.ndarray, y: np.ndarray) -> str:
    steps, is_down = [], False
    for across, up in zip(x, y, strict=True):
        if np.isfinite(up):
            steps.append(f"{'L' if is_down else 'M'}{across:.1f} {up:.1f}")
        is_down = bool(np.isfinite(up))
    dashes = f' stroke-dasharray="{line.dashes}"' if line.dashes else ""
    return f'<path d="{"".join(steps)}" fill="none" stroke="{line.color}" stroke-width="{line.width}"{dashes}/>'


def _ticks(x_axis: tuple[float, float], y_axis: tuple[float, float], log_y: bool) -> str:
    parts = []
    for value in round_ticks(*x_axis):
        across = _across(np.array(value), x_axis)
        parts.append(_text(f"{across:.1f}", HEIGHT - BOTTOM + 16, f"{value:,.4g}", "middle"))
    for value in round_log_ticks(*y_axis) if log_y else round_ticks(*y_axis):
        up = float(_up(np.array(value), y_axis))
        parts.append(f'<path d="M{LEFT} {up:.1f}H{WIDTH - RIGHT}" stroke="#ccc" stroke-width="0.6"/>')
        parts.append(_text(LEFT - 6, f"{up + 4:.1f}", f"{10**value if log_y else value:.3g}", "end"))
    return "".join(parts)


def round_ticks(low: float, high: float) -> np.ndarray:
    """The multiples of 1, 2 or 5 times a power of ten in a range, at most `MOST_TICKS`: float64 (N,), ascending."""
    least = (high - low) / (MOST_TICKS - 1)
    power = 10.0 ** math.floor(math.log10(least))
    # A rounding must not take the step of which the range is an exact multiple.
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9))
    return np.arange(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1) * step


def round_log_ticks(low: float, high: float) -> np.ndarray:
    """The same of a range of decimal logarithms: whole powers of ten where there are two, or else what is between."""
    powers = np.arange(math.ceil(low), math.floor(high) + 1, dtype="float64")
    if len(powers) > 1:
        return powers[:: -(-len(powers) // MOST_TICKS)]
    return np.log10(round_ticks(10.0**low, 10.0**high))


def _titles(x_title: str, y_title: str) -> str:
    return _text((LEFT + WIDTH) / 2, HEIGHT - 6, x_title, "middle") + _text(4, 12, y_title, "start")


def _legend(number: int, line: Line) -> str:
    x = 150 + 170 * number
    dashes = f' stroke-dasharray="{line.dashes}"' if line.dashes else ""
    mark = f'<path d="M{x} 9h24" stroke="{line.color}" stroke-width="{line.width}"{dashes}/>'
    return mark + _text(x + 30, 13, line.name, "start")


def _text(x: object, y: object, words: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" font-size="11" text-anchor="{anchor}">{escape(words)}</text>'
