"""A wave, and a network's inputs and targets."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from rnnlab.plots import palette
from rnnlab.plots.style import styled

MOST_POINTS = 8_000
"""Points of a long series that are drawn: a screen has fewer columns of pixels than a quarter of them."""


def wave_figure(train: np.ndarray, later: np.ndarray, later_name: str = "validation") -> go.Figure:
    """The training part and its continuation, on which the validation loss is measured.

    Args:
        train: (N,).
        later: (M,), the values that follow.
        later_name: of these.
    """
    figure = go.Figure()
    _line(figure, *_thinned(train), "training", palette.TRAIN)
    times, values = _thinned(later)
    _line(figure, len(train) + times, values, later_name, palette.VALIDATION)
    return _styled(figure, "Time step", height=230)


def _thinned(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Times and values of a curve: all of them, or of a long one the smallest and the largest of each stretch."""
    times, size = np.arange(len(values)), -(-2 * len(values) // MOST_POINTS)
    if size <= 2:
        return times, values
    whole = len(values) // size * size
    stretches = values[:whole].reshape(-1, size)
    within = np.sort([stretches.argmin(axis=1), stretches.argmax(axis=1)], axis=0)
    kept = np.concatenate([(within + size * np.arange(len(stretches))).T.ravel(), times[whole:]])
    return times[kept], values[kept]


def inputs_targets_figure(inputs: np.ndarray, targets: np.ndarray) -> go.Figure:
    """The network's input and target at each step.

    Args:
        inputs: (T,).
        targets: (T,), at the same steps.
    """
    figure, steps = go.Figure(), np.arange(len(inputs))
    _line(figure, steps, inputs, "input", palette.TARGET, mode="lines+markers")
    _line(figure, steps, targets, "target", palette.FREE_RUNNING, mode="lines+markers")
    return _styled(figure, "Step", height=300)


def peaks_figure(values: np.ndarray, truth: np.ndarray, said: np.ndarray) -> go.Figure:
    """A wave with its peaks, and a tagging network's probability of a peak at each step.

    Args:
        values: (T,), the wave.
        truth: (T,), 1 at a peak and 0 elsewhere.
        said: (T,), the probability of a peak.
    """
    figure, steps = go.Figure(), np.arange(len(values))
    _line(figure, steps, values, "wave", palette.TARGET)
    peaks = np.flatnonzero(truth == 1)
    _line(figure, peaks, values[peaks], "true peak", palette.TEACHER_FORCED, mode="markers")
    _line(figure, steps, said, "network's probability of a peak", palette.FREE_RUNNING)
    figure.data[1].marker.size = 9
    return _styled(figure, "Step", height=340)


def _line(figure: go.Figure, x: np.ndarray, y: np.ndarray, name: str, color: str, mode: str = "lines") -> None:
    style = {"line": {"color": color, "width": 2}, "marker": {"size": 5}}
    figure.add_trace(go.Scatter(x=x, y=y, name=name, mode=mode, hovertemplate="%{y:.6~g}", **style))


def _styled(figure: go.Figure, x_title: str, height: int) -> go.Figure:
    figure.update_xaxes(title_text=x_title, showgrid=False)
    return styled(figure, height)
