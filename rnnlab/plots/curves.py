"""Measured curves as Plotly figures, for notebooks: of one run, of a group, and its final values.

The app draws the same with Vega-Lite (`rnnlab.plots.live`, `rnnlab.plots.groups`), because its curves grow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from rnnlab.plots import palette
from rnnlab.plots.groups import QUARTILES_FROM, Line, Points, colors, spread
from rnnlab.plots.live import thinned
from rnnlab.plots.style import styled

MOST_POINTS = 2_000
"""Of one curve: a notebook keeps every figure that it shows."""

HEIGHT = 320
BAND = 0.18
"""Opacity of a band."""


def curves_figure(
    curves: Mapping[str, Points], colors_of: Mapping[str, str], y_title: str, log_y: bool = False, x_end: int = 0
) -> go.Figure:
    """Curves over the updates.

    Args:
        curves: by name; of a curve with more than `MOST_POINTS` points, every k-th is drawn.
        colors_of: the colour of each.
        y_title: what is measured.
        log_y: draw the logarithm; what is not positive is left out.
        x_end: the last update of the axis; 0 ends it with the curves.
    """
    figure = go.Figure([_line(points, name, colors_of[name]) for name, points in curves.items()])
    return _over_steps(figure, y_title, log_y, x_end)


def group_figure(lines: Sequence[Line], variants: Sequence[str], y_title: str, log_y: bool = False) -> go.Figure:
    """The curve of each run, faint, and for each variant the median with a band.

    The median is drawn at the steps that all runs of the variant have reached. The band goes from the smallest to the
    largest value, or between the quartiles from `QUARTILES_FROM` seeds on.

    Args:
        lines: one for each run.
        variants: words for each; one empty text if only the seeds differ.
        y_title: what is measured.
        log_y: see `curves_figure`.
    """
    figure = go.Figure()
    for index, (words, color) in enumerate(zip(variants, colors(variants, palette.VALIDATION), strict=True)):
        mine = [line for line in lines if line.variant == index]
        for line in mine:
            curve = _line(line.points, f"{words or 'run'}, seed {line.seed}", color, width=1)
            figure.add_trace(curve.update(opacity=0.35, showlegend=False, hoverinfo="skip"))
        counted = [line.points for line in mine if line.counts]
        middle = spread(counted, quartiles=len(counted) >= QUARTILES_FROM)
        if len(counted) > 1:
            figure.add_trace(_band(middle.steps, middle.low, middle.high, color))
        figure.add_trace(_line((middle.steps, middle.median), words or "median of the seeds", color, width=3))
    return _over_steps(figure, y_title, log_y)


def finals_figure(
    finals: Sequence[tuple[int, int, float]], variants: Sequence[str], y_title: str, log_y: bool = False
) -> go.Figure:
    """The final value of each run above its variant, and a bar at their median.

    Args:
        finals: index of the variant, seed and value of each finished run.
        variants: words for each.
        y_title: what is measured.
        log_y: see `curves_figure`.
    """
    names = [words or "all seeds" for words in variants]
    figure = go.Figure()
    for index, color in enumerate(colors(variants, palette.VALIDATION)):
        mine = [(seed, value) for variant, seed, value in finals if variant == index]
        if not mine:
            continue
        seeds, values = zip(*mine, strict=True)
        place = [names[index]] * len(values)
        hover = "seed %{customdata}: %{y:.4g}<extra></extra>"
        figure.add_scatter(
            x=place, y=values, customdata=seeds, mode="markers", marker={"color": color, "size": 9}, hovertemplate=hover
        )
        figure.add_scatter(
            x=place[:1],
            y=[float(np.median(values))],
            mode="markers",
            marker={"symbol": "line-ew", "size": 34, "line": {"width": 3, "color": color}},
            hovertemplate="median: %{y:.4g}<extra></extra>",
        )
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=names)
    figure.update_yaxes(title_text=y_title, type="log" if log_y else "linear")
    return styled(figure, HEIGHT, top=20, hover="closest").update_layout(showlegend=False)


def _line(points: Points, name: str, color: str, width: float = 2) -> go.Scatter:
    kept = thinned(np.arange(len(points[0])), MOST_POINTS)
    return go.Scatter(
        x=points[0][kept],
        y=points[1][kept],
        name=name,
        mode="lines",
        line={"color": color, "width": width},
        hovertemplate="%{y:.4g}",
    )


def _band(steps: np.ndarray, low: np.ndarray, high: np.ndarray, color: str) -> go.Scatter:
    return go.Scatter(
        x=np.concatenate([steps, steps[::-1]]),
        y=np.concatenate([high, low[::-1]]),
        fill="toself",
        fillcolor=color,
        opacity=BAND,
        line={"width": 0},
        showlegend=False,
        hoverinfo="skip",
    )


def _over_steps(figure: go.Figure, y_title: str, log_y: bool, x_end: int = 0) -> go.Figure:
    figure.update_xaxes(title_text="Step", range=[0, x_end] if x_end else None)
    figure.update_yaxes(title_text=y_title, type="log" if log_y else "linear", exponentformat="power")
    return styled(figure, HEIGHT)
