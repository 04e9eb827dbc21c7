"""A push of the state, and the rates at which pushes grow or fade."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from rnnlab.plots import palette
from rnnlab.plots.comparison import FIRST_STEPS, FREE_RUNNING, TEACHER_FORCED
from rnnlab.plots.style import styled

Points = tuple[np.ndarray, np.ndarray]
"""Steps and values, (M,) each."""

PUSHED_WIDTH = 3
STYLES = {
    "teacher-forced": {"color": palette.TEACHER_FORCED, "width": 1.5, "dash": "dash"},
    "teacher-forced, pushed": {"color": palette.TEACHER_FORCED, "width": PUSHED_WIDTH, "dash": "dot"},
    "free-running": {"color": palette.FREE_RUNNING, "width": 1.5},
    "free-running, pushed": {"color": palette.FREE_RUNNING, "width": PUSHED_WIDTH, "dash": "dashdot"},
}
"""The lines of the outputs, told apart by dash as well as by colour."""


def push_figure(
    teacher_forced: Points,
    free_running: Points,
    size: float,
    rates: tuple[float, float] | None = None,
) -> go.Figure:
    """The distance of a pushed network from the unpushed one over the steps after the push, on a logarithmic axis.

    Args:
        teacher_forced, free_running: the distances relative to the size of the state.
        size: of the push.
        rates: the largest exponents of both regimes, in nats a step, drawn as the lines that they predict.
    """
    figure = go.Figure()
    regimes = ((teacher_forced, TEACHER_FORCED), (free_running, FREE_RUNNING))
    for (steps, distances), style in regimes:
        with np.errstate(invalid="ignore"):
            shown = np.where(distances > 0, distances, np.nan)  # A logarithmic axis has no 0.
        figure.add_trace(go.Scatter(x=steps, y=shown, mode="lines", hovertemplate="%{y:.3g}", **style))
    known = [distances[distances > 0] for (_, distances), _ in regimes]
    floor, length = min(float(part.min()) for part in known), int(teacher_forced[0][-1])
    for rate, (_, style) in zip(rates or (), regimes, strict=False):
        figure.add_trace(_prediction(rate, size, floor, length, style["line"]["color"]))
    figure.update_xaxes(title_text="Steps after the push")
    figure.update_yaxes(type="log", title_text="Distance / size of the state", exponentformat="power")
    return styled(figure, None)


def _prediction(rate: float, size: float, floor: float, length: int, color: str) -> go.Scatter:
    """size * exp(rate * steps), as long as it stays above the lowest distance that is drawn."""
    end = min(length, int(np.log(floor / size) / rate)) if rate < 0 and np.isfinite(rate) else length
    end = max(end, 1)
    line = {"color": color, "width": 1, "dash": "dot"}
    y = [size, size * np.exp(np.clip(rate * end, -700, 700))]
    name = f"exponent {round(rate, 4) + 0.0:.4f} (dotted)"
    return go.Scatter(x=[0, end], y=y, mode="lines", line=line, name=name, hoverinfo="skip")


def outputs_figure(outputs: Mapping[str, Points]) -> go.Figure:
    """What the pushed and the unpushed network predict in both regimes.

    Args:
        outputs: by a name of STYLES.
    """
    curves = [
        go.Scatter(x=steps, y=values, mode="lines", name=name, line=STYLES[name], hovertemplate="%{y:.4g}")
        for name, (steps, values) in outputs.items()
    ]
    figure = styled(go.Figure(curves), None)
    figure.update_xaxes(title_text="Steps after the push")
    figure.update_yaxes(title_text="Predicted value")
    if max(int(steps[-1]) for steps, _ in outputs.values()) > FIRST_STEPS:
        figure.update_xaxes(range=[0, FIRST_STEPS])
    return figure


def rates_figure(teacher_forced: np.ndarray, free_running: np.ndarray) -> go.Figure:
    """Exponents of both regimes by rank.

    Args:
        teacher_forced, free_running: (K,), in nats a step, the largest first.
    """
    kinds = (
        ("teacher-forced", teacher_forced, palette.TEACHER_FORCED, "circle-open"),
        ("free-running", free_running, palette.FREE_RUNNING, "diamond"),
    )
    figure = go.Figure()
    for name, rates, color, symbol in kinds:
        marker = {"color": color, "symbol": symbol, "size": 10, "line": {"width": 2}}
        ranks = np.arange(1, len(rates) + 1)
        figure.add_trace(
            go.Scatter(x=ranks, y=rates, mode="markers", name=name, marker=marker, hovertemplate="%{y:.4f}")
        )
    figure.add_hline(y=0, line={"color": palette.QUIET, "width": 1, "dash": "dash"})
    figure.update_xaxes(title_text="Rank of the exponent", dtick=1)
    figure.update_yaxes(title_text="Nats a step")
    return styled(figure, None)
