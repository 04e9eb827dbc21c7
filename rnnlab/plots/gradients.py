"""Gradients back in time: how strongly the error at one step depends on the states before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from rnnlab.formulas.forgetting import share_kept
from rnnlab.plots import palette
from rnnlab.plots.style import styled

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")

DEEPEST = -30
"""The lowest power of ten on an axis. Below it, nothing could tell the curves apart on a screen."""

HOVER = "%{y:.2e}"

TALL_LEGEND = 90
"""Pixels above the axes, for a legend that has three lines in a narrow window."""


def reach_figure(
    now: Mapping[str, np.ndarray], before: Mapping[str, np.ndarray], window: int, forget_bias: float | None = None
) -> go.Figure:
    """Norms over the distance k, before training and now, with the window after which training cuts them off.

    Args:
        now, before: (K + 1,) by the part of the state, `h` and perhaps `c`; a norm of 0 is not drawn.
        window: steps that training reaches back through; everything from this distance on is 0 in training.
        forget_bias: also draws sigmoid(b)^k, through the first point of c before training; None does not.
    """
    figure = go.Figure()
    reach = len(next(iter(now.values()))) - 1
    distances = np.arange(reach + 1)
    for name, curves, color in (("before training", before, palette.TARGET), ("now", now, palette.FREE_RUNNING)):
        for (part, norms), dash in zip(curves.items(), DASHES, strict=False):
            line = {"color": color, "width": 2.5, "dash": dash}
            _curve(figure, distances, norms, f"{part}, {name}", line)
    if forget_bias is not None and reach:
        first = before["c"][1]
        line = {"color": palette.LIMIT, "width": 2, "dash": "dot"}
        _curve(figure, distances[1:], first * share_kept(forget_bias, distances[:-1]), "σ(b)<sup>k</sup>", line)
    if window <= reach:
        figure.add_vrect(x0=window - 0.5, x1=reach + 0.5, fillcolor=palette.FAINT, line_width=0, layer="below")
        words = "cut off in training"
        figure.add_annotation(x=reach + 0.4, y=0, yref="paper", text=words, xanchor="right", yanchor="bottom")
        figure.layout.annotations[-1].update(showarrow=False)
    figure.update_xaxes(title_text="k: steps back from the error", range=[-0.5, reach + 0.5], showgrid=False)
    _log_axis(figure, [*now.values(), *before.values()])
    figure.update_yaxes(title_text="Norm of the gradient")
    return styled(figure, None)


def untrained_figure(
    labels: Sequence[str], biases: Sequence[float | None], titles: Sequence[str], shares: np.ndarray
) -> go.Figure:
    """Untrained cells, in one row of axes for each way in which weights can start.

    Args:
        labels: of the cells.
        biases: forget biases of those that have one, whose sigmoid(b)^k is drawn thin and dotted.
        titles: of the ways to start.
        shares: (titles, labels, K + 1), norms over that at k = 1.
    """
    figure = make_subplots(len(titles), 1, shared_xaxes=True, vertical_spacing=0.09)
    for row, title in enumerate(titles, start=1):
        # In the corner that curves which fall leave empty: above the axes a tall legend would cover it.
        corner = {"x": 0.01, "xref": "x domain", "xanchor": "left", "y": 0.02, "yref": "y domain", "yanchor": "bottom"}
        figure.add_annotation(text=title, showarrow=False, row=row, col=1, **corner)
    distances = np.arange(1, shares.shape[2])
    for row, by_cell in enumerate(shares, start=1):
        cells = zip(labels, biases, by_cell, palette.VARIANTS, DASHES, strict=False)
        for label, bias, values, color, dash in cells:
            line = {"color": color, "width": 2.5, "dash": dash}
            _curve(figure, distances, values[1:], label, line, row=row, col=1, showlegend=row == 1)
            if bias is not None:
                thin = {"color": color, "width": 1, "dash": "dot"}
                kept = share_kept(bias, distances - 1)
                _curve(figure, distances, kept, f"σ({bias:g})<sup>k</sup>", thin, row=row, col=1, showlegend=False)
    figure.update_xaxes(showgrid=False)
    figure.update_xaxes(title_text="k: steps back from the error", row=len(titles), col=1)
    _log_axis(figure, [shares[:, :, 1:]])
    figure.update_yaxes(title_text="Gradient over that at k = 1")
    return styled(figure, None, top=TALL_LEGEND)


def _curve(
    figure: go.Figure,
    x: np.ndarray,
    y: np.ndarray,
    name: str,
    line: dict,
    row: int | None = None,
    col: int | None = None,
    showlegend: bool = True,
) -> None:
    seen = np.where(y > 0, y, np.nan)  # A logarithm has no place for zero.
    trace = go.Scatter(x=x, y=seen, name=name, mode="lines", line=line, legendgroup=name, hovertemplate=HOVER)
    figure.add_trace(trace.update(showlegend=showlegend), row, col)


def _log_axis(figure: go.Figure, norms: Sequence[np.ndarray]) -> None:
    """A logarithmic axis over all positive norms, no deeper than `DEEPEST`."""
    positive = np.concatenate([part[part > 0].ravel() for part in norms])
    if not len(positive):
        return
    low, high = np.log10(positive.min()), np.log10(positive.max())
    ends = [max(low, DEEPEST) - 0.3, max(high, DEEPEST + 1) + 0.3]
    figure.update_yaxes(type="log", range=ends, exponentformat="power", nticks=8)
