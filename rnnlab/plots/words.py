"""The frequencies of a text's words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rnnlab.plots import palette
from rnnlab.plots.labels import literal
from rnnlab.plots.style import styled

MOST_POINTS = 300


def frequent_words_figure(words: Sequence[str], counts: Sequence[int]) -> go.Figure:
    """The most frequent tokens as bars, the most frequent on top."""
    bars = go.Bar(
        x=list(counts),
        y=[literal(word) for word in words],
        orientation="h",
        marker_color=palette.TRAIN,
        hovertemplate="%{x:,}",
    )
    figure = go.Figure(bars.update(showlegend=False))
    # A category axis, because otherwise words such as "1987" would be drawn as numbers.
    figure.update_yaxes(autorange="reversed", type="category", ticksuffix=" ")
    return _styled(figure, "Count in the training text")


def rank_frequency_figure(ranks: np.ndarray, counts: np.ndarray) -> go.Figure:
    """Count of the r-th most frequent token against r, both logarithmic, with Zipf's law to compare with.

    Args:
        ranks: (N,) 1, 2, ...
        counts: (N,) descending.
    """
    shown = np.unique(np.geomspace(1, len(ranks), MOST_POINTS).astype(int)) - 1
    line = {"color": palette.TRAIN, "width": 2}
    zipf = {"color": palette.TARGET, "width": 2, "dash": "dash"}
    figure = go.Figure()
    figure.add_trace(go.Scatter(x=ranks[shown], y=counts[0] / ranks[shown], name="Zipf's law: 1 / rank", line=zipf))
    figure.add_trace(go.Scatter(x=ranks[shown], y=counts[shown], name="this text", line=line))
    figure.update_xaxes(type="log", dtick=1)
    figure.update_yaxes(type="log", dtick=1, title_text="Count")
    return _styled(figure, "Rank")


def _styled(figure: go.Figure, x_title: str) -> go.Figure:
    figure.update_xaxes(title_text=x_title)
    return styled(figure, 400, hover="closest")
