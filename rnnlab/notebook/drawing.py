"""Figures that belong to no run: any curves, and the two explanations of the screen Train."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rnnlab.notebook.theme import for_notebook
from rnnlab.plots import palette
from rnnlab.plots.curves import curves_figure
from rnnlab.plots.forgetting import TwoTrainings, carried_against_reset_figure
from rnnlab.plots.forgetting import memory_kept_figure as shares_figure


def lines_figure(
    curves: Mapping[str, Sequence[float] | np.ndarray], x_title: str = "Step", y_title: str = "", log_y: bool = False
) -> go.Figure:
    """Curves over 0, 1, 2, ..., each in a colour of its own.

    Args:
        curves: values (N,) by name, or a table with a column for each; N may differ, and NaN leaves a gap.
        x_title, y_title: of the axes.
        log_y: draw the logarithm; what is not positive is left out.
    Example:
        rnnlab.lines_figure({"input": inputs, "output": outputs}, y_title="Value")
    """
    points: dict[str, Any] = {str(name): np.asarray(values, "float64").ravel() for name, values in curves.items()}
    colors = {name: palette.VARIANTS[i % len(palette.VARIANTS)] for i, name in enumerate(points)}
    drawn = {name: (np.arange(len(values)), values) for name, values in points.items()}
    return for_notebook(curves_figure(drawn, colors, y_title, log_y).update_xaxes(title_text=x_title))


def memory_kept_figure(biases: Sequence[float] = (0.0, 1.0, 4.0), steps: int = 20) -> go.Figure:
    """The share of an LSTM's memory that forget gates leave, if only their bias opens them: a line for each bias.

    Args:
        biases: forget biases.
        steps: the last step that is drawn, >= 1.
    """
    figure = for_notebook(shares_figure(biases, steps))
    for line, color in zip(figure.data, palette.VARIANTS, strict=False):
        line.line = {"color": color, "width": 2}
    return figure


def carried_state_figure(result: TwoTrainings) -> go.Figure:
    """The two trainings of `rnnlab.carry_against_reset`: with the state carried, and with the state reset."""
    return for_notebook(carried_against_reset_figure(result))
