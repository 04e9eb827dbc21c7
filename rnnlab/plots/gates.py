"""Gates and states of a layer through time, and how often its gates are saturated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from rnnlab.plots import palette
from rnnlab.plots.drawing import Picture
from rnnlab.plots.labels import literal
from rnnlab.plots.style import styled

MOST_NUMBERED = 24
"""Rows of a heat map up to which each has its number; of more, some have."""

UNSIGNED, SIGNED = "Cividis", "RdBu_r"
"""Colour scales of what is between 0 and 1, and of what has a sign. Both can be read without telling red from green."""

SYMBOLS = ("circle", "diamond", "square", "cross", "x")

HEIGHTS = {1: (1.0,), 2: (0.7, 0.3), 3: (0.56, 0.2, 0.24)}
"""Shares of the rows of a figure, by their number."""


@dataclass(frozen=True, eq=False)
class HeatMap:
    """Units through time.

    Attributes:
        values: (rows, columns).
        units: number of each row's unit, from 0.
        letter: of the gate or state.
        is_unsigned: whether the values are between 0 and 1.
        stride: time steps of one column, whose mean is drawn.
        words: the token of each step, for the pointer; () for a series.
    """

    values: np.ndarray
    units: np.ndarray
    letter: str
    is_unsigned: bool
    stride: int = 1
    words: Sequence[str] = ()

    @property
    def times(self) -> np.ndarray:
        """The first step of each column: int (columns,)."""
        return self.stride * np.arange(self.values.shape[1])


Curves = Mapping[str, tuple[np.ndarray, np.ndarray]]
"""Times and values of curves by name, `teacher-forced` or `free-running`."""

COLORS = {"teacher-forced": palette.TEACHER_FORCED, "free-running": palette.FREE_RUNNING}
DASHES = {"teacher-forced": "dash", "free-running": "solid"}


def gates_figure(
    heat_map: HeatMap, unit: int, of_unit: Curves, series: Curves | None = None, given: int | None = None
) -> go.Figure:
    """The units of a layer as a heat map over time; below it what was read, and the picked unit as a curve.

    Args:
        heat_map: the units.
        unit: number of the picked unit, which is framed.
        of_unit: its curves.
        series: what was read; None for a text.
        given: true values that a free run read first, at a line across; None for none.
    """
    rows = 3 if series else 2
    figure = make_subplots(rows, 1, shared_xaxes=True, vertical_spacing=0.045, row_heights=list(HEIGHTS[rows]))
    figure.add_trace(_map_trace(heat_map), 1, 1)
    for row, curves in enumerate(curves for curves in (series, of_unit) if curves):
        for name, (times, values) in curves.items():
            line = {"color": COLORS[name], "dash": DASHES[name], "width": 1.8}
            trace = go.Scatter(x=times, y=values, name=name, mode="lines", line=line, legendgroup=name)
            figure.add_trace(trace.update(showlegend=row == 0, hovertemplate="%{y:.4g}"), row + 2, 1)
    _frame_unit(figure, heat_map, unit)
    if given:
        figure.add_vline(x=given - 0.5, line={"color": palette.LIMIT, "dash": "dot", "width": 1.5})
    figure.update_yaxes(title_text="Unit", row=1, col=1, **_unit_ticks(heat_map.units))
    if series:
        figure.update_yaxes(title_text="Input", row=2, col=1)
    figure.update_yaxes(title_text=f"{heat_map.letter}, unit {unit + 1}", row=rows, col=1)
    figure.update_xaxes(title_text="Time step", row=rows, col=1)
    return styled(figure, None, hover="closest")


def heat_map_figure(heat_map: HeatMap, height: int) -> go.Figure:
    """The heat map by itself, small and without a legend, `height` pixels high."""
    figure = go.Figure(_map_trace(heat_map))
    figure.update_yaxes(title_text="Unit", **_unit_ticks(heat_map.units))
    figure.update_xaxes(title_text="Time step")
    return styled(figure, height, top=10, hover="closest")


def _map_trace(heat_map: HeatMap) -> go.Heatmap:
    largest = max(float(np.abs(heat_map.values).max()), 1e-9)
    low, high = (0.0, 1.0) if heat_map.is_unsigned else (-largest, largest)
    words = [literal(word) for word in heat_map.words]
    at = "%{text}, step %{x}" if words else "step %{x}"
    return go.Heatmap(
        x=heat_map.times,
        y=np.arange(len(heat_map.units)),
        z=heat_map.values,
        zmin=low,
        zmax=high,
        colorscale=UNSIGNED if heat_map.is_unsigned else SIGNED,
        colorbar={"title": {"text": heat_map.letter}, "len": 0.55, "y": 1, "yanchor": "top", "thickness": 12},
        text=[words] * len(heat_map.units) if words else None,
        customdata=np.repeat(heat_map.units[:, None] + 1, heat_map.values.shape[1], axis=1),
        hovertemplate=f"{at}, unit %{{customdata}}: %{{z:.3f}}<extra></extra>",
    )


def _unit_ticks(units: np.ndarray) -> dict:
    places = np.arange(0, len(units), -(-len(units) // MOST_NUMBERED))
    return {"tickvals": places, "ticktext": [str(units[place] + 1) for place in places], "showgrid": False}


def _frame_unit(figure: go.Figure, heat_map: HeatMap, unit: int) -> None:
    (rows,) = np.nonzero(heat_map.units == unit)
    if not len(rows):  # A wide layer is drawn with some of its units.
        return
    end = heat_map.times[-1] + heat_map.stride - 0.5
    line = {"color": palette.FREE_RUNNING, "width": 2}
    figure.add_shape(type="rect", x0=-0.5, x1=end, y0=rows[0] - 0.5, y1=rows[0] + 0.5, line=line, row=1, col=1)


def saturation_figure(gates: Sequence[str], closed: np.ndarray, opened: np.ndarray) -> go.Figure:
    """Each unit's gates: how often they are closed, across, against how often they are open, upwards.

    Args:
        gates: letters.
        closed, opened: (gates, H), shares of the steps.
    Source: figure 3 of Karpathy, Johnson and Li 2015.
    """
    figure = go.Figure()
    line = {"color": palette.QUIET, "width": 1, "dash": "dot"}
    figure.add_trace(go.Scatter(x=[0, 1], y=[1, 0], mode="lines", name="always one of the two", line=line))
    for gate, x, y, color, symbol in zip(gates, closed, opened, palette.VARIANTS, SYMBOLS, strict=False):
        marker = {"color": color, "symbol": symbol, "size": 9, "opacity": 0.75}
        named = [str(unit + 1) for unit in range(len(x))]
        hover = f"{gate}, unit %{{text}}: closed %{{x:.0%}}, open %{{y:.0%}}<extra></extra>"
        trace = go.Scatter(x=x, y=y, name=gate, mode="markers", marker=marker, text=named, hovertemplate=hover)
        figure.add_trace(trace)
    ends = {"range": [-0.03, 1.03], "tickformat": ".0%"}
    figure.update_xaxes(title_text="Steps at which it is closed (below 0.1)", **ends)
    figure.update_yaxes(title_text="Steps at which it is open (above 0.9)", **ends)
    return styled(figure, None, hover="closest")


def kept_figure(gate: str, kept: Mapping[str, np.ndarray], start: float) -> go.Figure:
    """The average over time of the gate that keeps the memory, unit by unit, against where training started.

    Args:
        gate: its letter.
        kept: averages (H,) by regime.
        start: the gate of an untrained unit that reads nothing.
    """
    figure = go.Figure()
    order = np.argsort(next(iter(kept.values())), kind="stable")
    for name, means in kept.items():
        marker = {"color": COLORS[name], "symbol": "circle" if DASHES[name] == "solid" else "circle-open", "size": 8}
        hover = "unit %{text}: %{y:.3f}"
        text = [str(unit + 1) for unit in order]
        trace = go.Scatter(x=np.arange(1, len(order) + 1), y=means[order], name=name, mode="markers", marker=marker)
        figure.add_trace(trace.update(text=text, hovertemplate=hover))
    line = {"color": palette.LIMIT, "width": 2, "dash": "dash"}
    words = f"start of training: {start:.3f}"
    figure.add_hline(y=start, line=line, annotation_text=words, annotation_position="top left")
    figure.update_xaxes(title_text="Units, from least kept to most", showgrid=False)
    figure.update_yaxes(title_text=f"Average of {gate} over time", range=[-0.03, 1.03])
    return styled(figure, None)


TINT = {True: "15, 148, 136", False: "224, 102, 43"}
"""Red, green and blue of a tint, by whether the value is positive."""


def tinted_text(words: Sequence[str], values: np.ndarray, largest: float, about: str) -> Picture:
    """A text whose words are coloured by one number each: teal for positive ones, orange for negative ones.

    Args:
        words: T tokens, as they are shown.
        values: (T,).
        largest: the size that has the strongest colour, > 0.
        about: what the picture shows, for people who cannot see it.
    """
    spans = []
    for word, value in zip(words, values, strict=True):
        strength = 0.75 * min(abs(float(value)) / largest, 1.0)
        style = f"background:rgba({TINT[value >= 0]},{strength:.2f});padding:.1rem .25rem;border-radius:.25rem"
        spans.append(f'<span style="{style}" title="{value:.3f}">{escape(word)}</span>')
    return Picture(f'<div role="img" aria-label="{escape(about)}" style="line-height:2">{" ".join(spans)}</div>')
