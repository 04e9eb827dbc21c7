"""A figure of curves as a still SVG: what a notebook shows while the curves grow.

JupyterLab's renderer for Plotly draws a figure once and ignores every later version of it. HTML is replaced in its
place, in every notebook, and without a flicker. So a live figure is a drawing until its end, then the figure itself.
"""

from __future__ import annotations

import math
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rnnlab.notebook.theme import GRID, HEIGHT, TEXT
from rnnlab.plots.live import thinned

WIDTH = 900
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 36, 46
"""Pixels around the curves."""

MOST_POINTS = 400
LEGEND_STEP = 9
"""Pixels of a letter of the legend."""

NICE = (1, 2, 5)
MOST_TICKS = 7


def still(figure: go.Figure) -> str:
    """The lines of a figure as SVG, with its axes and its legend.

    Args:
        figure: of curves over steps; filled areas and what is drawn as marks is left out.
    """
    is_log = figure.layout.yaxis.type == "log"
    lines = [trace for trace in figure.data if trace.type == "scatter" and trace.mode == "lines"]
    points = [_points(trace, is_log) for trace in lines]
    places = np.concatenate([xs for xs, _ in points] or [np.array([])])
    heights = np.concatenate([ys for _, ys in points] or [np.array([])])
    x_end = figure.layout.xaxis.range[1] if figure.layout.xaxis.range else places.max(initial=1)
    low, high = (float(heights.min()), float(heights.max())) if len(heights) else (0.0, 1.0)
    axes = _Axes(float(x_end) or 1.0, low, high if high > low else low + 1)
    parts = [*_grid(axes, is_log), *_titles(figure), *_legend(lines)]
    parts += [_polyline(trace, xs, ys, axes) for trace, (xs, ys) in zip(lines, points, strict=True) if len(xs)]
    return (
        f"<svg role='img' aria-label='curves that grow' viewBox='0 0 {WIDTH} {HEIGHT}' font-family='sans-serif' "
        f"font-size='12' fill='{TEXT}' style='width:100%;max-height:{HEIGHT}px'>{''.join(parts)}</svg>"
    )


class _Axes:
    """Where values lie, in pixels.

    Args:
        x_end: the last step; the first is 0.
        low, high: the ends of the vertical axis, as logarithms to the base 10 if it is logarithmic.
    """

    def __init__(self, x_end: float, low: float, high: float):
        self.x_end, self.low, self.high = x_end, low, high

    def x(self, value: Any) -> Any:
        """From left to right."""
        return LEFT + (WIDTH - LEFT - RIGHT) * value / self.x_end

    def y(self, value: Any) -> Any:
        """From top to bottom."""
        return TOP + (HEIGHT - TOP - BOTTOM) * (self.high - value) / (self.high - self.low)


def _points(trace: go.Scatter, is_log: bool) -> tuple[np.ndarray, np.ndarray]:
    if trace.fill:
        return np.array([]), np.array([])
    xs, ys = np.asarray(trace.x, "float64"), np.asarray(trace.y, "float64")
    kept = np.flatnonzero(np.isfinite(ys) & ((ys > 0) | (not is_log)))
    kept = thinned(kept, MOST_POINTS)
    return xs[kept], np.log10(ys[kept]) if is_log else ys[kept]


def _polyline(trace: go.Scatter, xs: np.ndarray, ys: np.ndarray, axes: _Axes) -> str:
    pixels = np.stack([axes.x(xs), axes.y(ys)], axis=1)
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in pixels)
    width, opacity = trace.line.width or 2, 1 if trace.opacity is None else trace.opacity
    style = f"stroke='{trace.line.color}' stroke-width='{width}' opacity='{opacity}'"
    return f"<polyline fill='none' {style} points='{path}'/>"


def _grid(axes: _Axes, is_log: bool) -> list[str]:
    parts = []
    for value in ticks(axes.low, axes.high):
        y, label = axes.y(value), f"{10**value if is_log else value:.3g}"
        parts.append(f"<path stroke='{GRID}' d='M{LEFT} {y:.1f}H{WIDTH - RIGHT}'/>")
        parts.append(f"<text x='{LEFT - 6}' y='{y + 4:.1f}' text-anchor='end'>{label}</text>")
    for value in ticks(0, axes.x_end):
        x = axes.x(value)
        parts.append(f"<path stroke='{GRID}' d='M{x:.1f} {TOP}V{HEIGHT - BOTTOM}'/>")
        parts.append(f"<text x='{x:.1f}' y='{HEIGHT - BOTTOM + 16}' text-anchor='middle'>{value:,.6g}</text>")
    return parts


def _titles(figure: go.Figure) -> list[str]:
    x_title, y_title = figure.layout.xaxis.title.text or "", figure.layout.yaxis.title.text or ""
    middle = (TOP + HEIGHT - BOTTOM) / 2
    return [
        f"<text x='{(LEFT + WIDTH - RIGHT) / 2}' y='{HEIGHT - 8}' text-anchor='middle'>{escape(x_title)}</text>",
        f"<text transform='translate(14 {middle}) rotate(-90)' text-anchor='middle'>{escape(y_title)}</text>",
    ]


def _legend(lines: list[go.Scatter]) -> list[str]:
    parts, x = [], float(LEFT)
    for trace in lines:
        if trace.showlegend is False or trace.fill:
            continue
        name = trace.name or ""
        parts.append(f"<path stroke='{trace.line.color}' stroke-width='3' d='M{x} 16h22'/>")
        parts.append(f"<text x='{x + 28}' y='20'>{escape(name)}</text>")
        x += 44 + LEGEND_STEP * len(name)
    return parts


def ticks(low: float, high: float) -> list[float]:
    """At most `MOST_TICKS` round numbers from `low` to `high`, evenly spread."""
    size = 10.0 ** math.floor(math.log10((high - low) / MOST_TICKS))
    step = next(size * nice for nice in (*NICE, 10) if (high - low) / (size * nice) <= MOST_TICKS - 1 or nice == 10)
    first = math.ceil(low / step - 1e-9)
    return [step * i for i in range(first, math.floor(high / step + 1e-9) + 1)]
