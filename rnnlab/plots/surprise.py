"""How surprising each token of a passage was."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rnnlab.plots import palette
from rnnlab.plots.labels import literal
from rnnlab.plots.style import styled

HEIGHT = 320


def surprise_figure(words: Sequence[str], surprises: np.ndarray, entropies: np.ndarray) -> go.Figure:
    """A bar for each token, as high as its surprise, and a mark where the surprise was expected to be.

    Args:
        words: the T tokens, as they are shown.
        surprises: (T,), minus the logarithm of the probability of each, in nats.
        entropies: (T,), the surprise that the network itself expected.
    """
    positions = np.arange(len(words))
    bars = go.Bar(x=positions, y=surprises, name="surprise", marker={"color": palette.FREE_RUNNING})
    expected = go.Scatter(
        x=positions,
        y=entropies,
        name="expected surprise (entropy)",
        mode="markers",
        marker={"symbol": "line-ew", "size": 12, "line": {"width": 2, "color": palette.TEACHER_FORCED}},
    )
    figure = go.Figure([bars, expected]).update_traces(hovertemplate="%{y:.2f} nats")
    figure.update_xaxes(tickvals=positions, ticktext=[literal(word) for word in words], tickangle=-60)
    figure.update_yaxes(title_text="Nats", rangemode="tozero")
    return styled(figure, HEIGHT)
