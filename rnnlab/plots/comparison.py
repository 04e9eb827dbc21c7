"""Teacher-forced prediction and free-running generation on one axis."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from rnnlab.plots import palette
from rnnlab.plots.style import TITLE_ROOM, styled


def series_figure(
    target: np.ndarray, teacher_forced: np.ndarray, free_running: np.ndarray, prime: int, with_error: bool = True
) -> go.Figure:
    """Target and both predictions over time, the prime shaded; below it the error of each step.

    Args:
        target: (P + horizon,).
        teacher_forced: (P + horizon,), NaN at 0.
        free_running: (horizon,), at the times P and later.
        prime: P, the true values that the network reads before it runs free.
        with_error: whether to draw the second panel.
    """
    rows = 2 if with_error else 1
    figure = make_subplots(
        rows=rows,
        cols=1,
        shared_xaxes=True,
        vertical_spacing=0.09,
        row_heights=[0.68, 0.32][:rows] if with_error else None,
    )
    times = np.arange(len(target))
    later = times[prime:]
    _line(figure, 1, times, target, "target", palette.TARGET, width=5, opacity=0.5)
    _line(figure, 1, times, teacher_forced, "teacher-forced", palette.TEACHER_FORCED, width=3)
    _line(figure, 1, later, free_running, "free-running", palette.FREE_RUNNING, width=1.5)
    if with_error:
        forced_error = np.abs(teacher_forced[prime:] - target[prime:])
        free_error = np.abs(free_running - target[prime:])
        _line(figure, 2, later, forced_error, "teacher-forced", palette.TEACHER_FORCED, legend=False)
        _line(figure, 2, later, free_error, "free-running", palette.FREE_RUNNING, legend=False)
        figure.update_yaxes(title_text="Error", rangemode="tozero", row=2, col=1)
    figure.add_vrect(x0=0, x1=prime, fillcolor=palette.FAINT, line_width=0, layer="below")
    figure.add_annotation(x=prime / 2, y=1.0, yref="y domain", text="prime", showarrow=False, yshift=9)
    figure.update_xaxes(title_text="Time step", row=rows, col=1)
    figure.update_yaxes(title_text="Value", row=1, col=1)
    return styled(figure, 520 if with_error else 340, top=TITLE_ROOM)


def _line(
    figure: go.Figure,
    row: int,
    x: np.ndarray,
    y: np.ndarray,
    name: str,
    color: str,
    width: float = 2,
    opacity: float = 1,
    legend: bool = True,
) -> None:
    line = {"color": color, "width": width}
    trace = go.Scatter(
        x=x, y=y, name=name, mode="lines", line=line, opacity=opacity, showlegend=legend, hovertemplate="%{y:.3f}"
    )
    figure.add_trace(trace, row=row, col=1)
