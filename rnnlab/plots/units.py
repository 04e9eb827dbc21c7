"""A unit that knows: its value at each token of a passage, and how often it is right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from rnnlab.plots import palette
from rnnlab.plots.labels import literal
from rnnlab.plots.style import TITLE_ROOM, styled

MARKS = (("circle", palette.LOW), ("diamond", palette.HIGH))
"""Shape and colour of each class."""


def unit_figure(
    words: Sequence[str],
    values: np.ndarray,
    labels: np.ndarray,
    threshold: float,
    classes: tuple[str, str],
    accuracies: tuple[float, float],
) -> go.Figure:
    """The value at each token, with a shape for each class; beside it, bars of two accuracies.

    Args:
        words: the T tokens as they are shown.
        values: (T,).
        labels: (T,), 0, 1 or -1 for neither.
        threshold: between the classes.
        classes: their names.
        accuracies: of this network's unit, and of the best unit of an untrained network.
    """
    figure = make_subplots(cols=2, column_widths=[0.75, 0.25], subplot_titles=("Value of the unit", "Right, in %"))
    names, positions = np.array([literal(word) for word in words], object), np.arange(len(words))
    line = {"color": palette.QUIET, "width": 1}
    figure.add_scatter(x=positions, y=values, mode="lines", line=line, showlegend=False, hoverinfo="skip", row=1, col=1)
    for one, (name, (shape, color)) in enumerate(zip(classes, MARKS, strict=True)):
        at = labels == one
        points = go.Scatter(x=positions[at], y=values[at], mode="markers", name=name, customdata=names[at])
        points.update(marker={"symbol": shape, "color": color, "size": 8}, hovertemplate="%{customdata}: %{y:.3f}")
        figure.add_trace(points, row=1, col=1)
    figure.add_hline(y=threshold, line={"color": palette.LIMIT, "dash": "dash"}, row=1, col=1)
    shares = [100 * share for share in accuracies]
    bars = go.Bar(x=["trained", "untrained"], y=shares, marker_color=[palette.TEACHER_FORCED, palette.TARGET])
    bars.update(
        showlegend=False,
        text=[f"{share:.1f} %" for share in shares],
        textposition="outside",
        hoverinfo="skip",
        cliponaxis=False,
    )
    figure.add_trace(bars, row=1, col=2)
    figure.add_hline(y=50, line={"color": palette.LIMIT, "dash": "dash"}, row=1, col=2)
    figure.update_xaxes(title_text="Position in the passage", row=1, col=1)
    figure.update_yaxes(range=[0, 115], tickvals=[0, 50, 100], row=1, col=2)
    return styled(figure, 380, top=TITLE_ROOM + 20, hover="closest")
