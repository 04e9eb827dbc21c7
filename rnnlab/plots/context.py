"""Perplexity by the number of words of context."""

from __future__ import annotations

import math

import numpy as np
import plotly.graph_objects as go

from rnnlab.plots import palette
from rnnlab.plots.style import MARGIN, styled


def context_figure(contexts: np.ndarray, perplexities: np.ndarray, window: int, noun: str) -> go.Figure:
    """A curve over a logarithmic axis, with a line at the length of training's windows.

    Args:
        contexts: (C,), ascending.
        perplexities: (C,).
        window: `num_steps` of the training.
        noun: what a token is called.
    """
    line = {"color": palette.TEACHER_FORCED, "width": 2}
    hover = f"%{{x}} {noun}s of context: %{{y:.2f}}<extra></extra>"
    curve = go.Scatter(x=contexts, y=perplexities, mode="lines+markers", line=line, marker={"size": 7})
    figure = go.Figure(curve.update(showlegend=False, hovertemplate=hover))
    shown = [context for context in contexts.tolist() if context in (1, 2, 3, 5, 10, 20, 50, 100, 200)]
    figure.update_xaxes(type="log", tickvals=shown, title_text=f"{noun.capitalize()}s read before, from an empty state")
    figure.update_yaxes(title_text=f"Perplexity per {noun}")
    if contexts[0] <= window <= contexts[-1]:
        figure.add_vline(x=window, line={"color": palette.LIMIT, "dash": "dash"})
        # Plotly takes the place of a text on a logarithmic axis as a logarithm, unlike that of a line.
        place = {"x": math.log10(window), "y": 1, "yref": "paper", "xanchor": "left", "showarrow": False}
        figure.add_annotation(text=f"windows of the training: {window}", **place)
    return styled(figure, 420, top=3 * MARGIN, hover="closest")
