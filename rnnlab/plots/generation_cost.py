"""The cost of generating: carrying the state, and reading everything again at every step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rnnlab.config.feeding import CARRIED, REREAD
from rnnlab.plots import palette
from rnnlab.plots.style import BELOW, MARGIN, styled


def generation_cost_figure(lengths: Sequence[int], carried: Sequence[float], reread: Sequence[float]) -> go.Figure:
    """Time against the number of generated values, both logarithmic, with guide lines of slope 1 and 2.

    Args:
        lengths: (N,) values generated, rising.
        carried: (N,) seconds with the state carried.
        reread: (N,) seconds with everything re-read at every step.
    """
    figure = go.Figure()
    floor = min(*carried, *reread)
    _guide(figure, lengths, carried, floor, slope=1, name="slope 1: ten times the values, ten times the time")
    _guide(figure, lengths, reread, floor, slope=2, name="slope 2: ten times the values, a hundred times the time")
    _measured(figure, lengths, carried, CARRIED.label.lower(), palette.FREE_RUNNING)
    _measured(figure, lengths, reread, REREAD.label.lower(), palette.LIMIT)
    figure.update_xaxes(type="log", dtick=1, title_text="Values generated")
    figure.update_yaxes(type="log", dtick=1, title_text="Milliseconds")
    return styled(figure, 380, top=MARGIN, legend=BELOW)


def _guide(
    figure: go.Figure, lengths: Sequence[int], seconds: Sequence[float], floor: float, slope: int, name: str
) -> None:
    """A line of that slope through the last point, where the fixed cost of a call matters least.

    Args:
        floor: seconds below which the line is not drawn, so that it does not stretch the axis.
    """
    x0 = max(lengths[0], lengths[-1] * (floor / seconds[-1]) ** (1 / slope))
    x = np.array([x0, lengths[-1]])
    y = 1e3 * seconds[-1] * (x / x[-1]) ** slope
    line = {"color": palette.QUIET, "width": 1.5, "dash": "dash" if slope == 1 else "dot"}
    figure.add_trace(go.Scatter(x=x, y=y, name=name, mode="lines", line=line, hoverinfo="skip"))


def _measured(figure: go.Figure, lengths: Sequence[int], seconds: Sequence[float], name: str, color: str) -> None:
    style = {"line": {"color": color, "width": 2}, "marker": {"size": 7}}
    y = 1e3 * np.asarray(seconds)
    figure.add_trace(go.Scatter(x=lengths, y=y, name=name, mode="lines+markers", hovertemplate="%{y:.3g} ms", **style))
