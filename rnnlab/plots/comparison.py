"""Teacher-forced prediction and free-running generation on one axis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rnnlab.plots import palette
from rnnlab.plots.style import styled

FIRST_STEPS = 1000
"""Steps that a figure shows before it is moved: of more, no period of the usual waves could be seen."""

TARGET: dict[str, Any] = {
    "name": "target (broad, pale)",
    "line": {"color": palette.TARGET, "width": 8},
    "opacity": 0.4,
}
TEACHER_FORCED: dict[str, Any] = {
    "name": "teacher-forced (thin, dashed)",
    "line": {"color": palette.TEACHER_FORCED, "width": 1.5, "dash": "dash"},
}
FREE_RUNNING: dict[str, Any] = {
    "name": "free-running (solid)",
    "line": {"color": palette.FREE_RUNNING, "width": 2.5},
}
"""How each curve is drawn, told apart by width and dash as well as by colour; the free run, drawn last, lies on top."""

NAIVE_DASHES = {"dot": "dotted", "dashdot": "dashes and dots"}
"""Of the naive forecasts, in their order, and in words."""

ERRORS_HEIGHT = 220


def series_figure(target: np.ndarray, teacher_forced: np.ndarray, free_running: np.ndarray, prime: int) -> go.Figure:
    """Target and both predictions over time, the prime shaded. Its height is that of what it is put into.

    Args:
        target: (P + horizon,).
        teacher_forced: (P + horizon,), NaN at 0.
        free_running: (horizon,), for the times P and later.
        prime: P, the values that the free run was given.
    """
    times = np.arange(len(target))
    curves = [
        curve(times, target, TARGET),
        curve(times, teacher_forced, TEACHER_FORCED),
        curve(times[prime:], free_running, FREE_RUNNING),
    ]
    figure = go.Figure(curves)
    mark_prime(figure, prime)
    figure.update_yaxes(title_text="Value")
    return over_time(styled(figure, None), len(target))


def errors_figure(
    target: np.ndarray,
    teacher_forced: np.ndarray,
    free_running: np.ndarray,
    prime: int,
    naive: Mapping[str, np.ndarray] | None = None,
) -> go.Figure:
    """The distance of both predictions from the target at each step after the prime.

    Args:
        target, teacher_forced, free_running: (horizon,), for the times P and later.
        prime: P.
        naive: at most two forecasts that take no network, by name, each (horizon,).
    """
    times = prime + np.arange(len(target))
    forecasts = list(zip((naive or {}).items(), NAIVE_DASHES, strict=False))
    curves = [(forecast, _naive_style(name, dash)) for (name, forecast), dash in forecasts]
    curves += [(teacher_forced, TEACHER_FORCED), (free_running, FREE_RUNNING)]
    with np.errstate(over="ignore", invalid="ignore"):
        figure = go.Figure([curve(times, np.abs(forecast - target), style) for forecast, style in curves])
    figure.update_yaxes(title_text="Error", rangemode="tozero")
    return over_time(styled(figure, ERRORS_HEIGHT), prime + len(target))


def _naive_style(name: str, dash: str) -> dict[str, Any]:
    return {"name": f"{name} ({NAIVE_DASHES[dash]})", "line": {"color": palette.LIMIT, "width": 1.5, "dash": dash}}


def mark_prime(figure: go.Figure, prime: int) -> None:
    """Shade the steps of the prime."""
    figure.add_vrect(x0=0, x1=prime, fillcolor=palette.FAINT, line_width=0, layer="below")
    figure.add_annotation(x=0, y=0, yref="paper", xanchor="left", yanchor="bottom", text="prime", showarrow=False)


def curve(times: np.ndarray, values: np.ndarray, style: dict[str, Any]) -> go.Scatter:
    """A line over time in one of the styles above."""
    return go.Scatter(x=times, y=values, mode="lines", hovertemplate="%{y:.6~g}", **style)


def over_time(figure: go.Figure, end: int) -> go.Figure:
    """A time axis that begins with the first steps of a long run, and is then dragged to the later ones."""
    figure.update_xaxes(title_text="Time step")
    if end > FIRST_STEPS:
        figure.update_xaxes(range=[0, FIRST_STEPS])
        figure.update_layout(dragmode="pan")
        figure.update_yaxes(fixedrange=True)
    return figure
