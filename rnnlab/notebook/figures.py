"""The figures of a run's measures."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from rnnlab.config import Experiment
from rnnlab.config.table import shown
from rnnlab.errors import LabError
from rnnlab.formulas import perplexities
from rnnlab.measures import (
    GRAD_NORM,
    LEARNING_RATE,
    LOSS_UNIT,
    MEASURES,
    TRAIN_ACCURACY,
    TRAIN_LOSS,
    VALID_ACCURACY,
    VALID_LOSS,
    Measure,
)
from rnnlab.notebook.measured import History
from rnnlab.plots import palette
from rnnlab.plots.curves import curves_figure
from rnnlab.plots.groups import Points

LEVEL_COLOR = palette.LIMIT
CLIP = "clip norm"


def loss_figure(
    history: History, levels: dict[str, float] | None = None, is_perplexity: bool = False, x_end: int = 0
) -> go.Figure:
    """Training and validation loss over the updates, on a logarithmic axis; of a text as perplexity.

    Args:
        history: of the run.
        levels: losses to compare with, by their names.
        is_perplexity: whether the exponential is drawn.
        x_end: the last update of the axis; 0 ends it with the curves.
    """
    curves = _pair(history, TRAIN_LOSS, VALID_LOSS)
    curves |= _levels(curves, levels or {})
    if is_perplexity:
        curves = {name: (steps, perplexities(values)) for name, (steps, values) in curves.items()}
    return curves_figure(curves, _colors(curves), "Perplexity" if is_perplexity else "Loss", log_y=True, x_end=x_end)


def accuracy_figure(history: History, levels: dict[str, float] | None = None) -> go.Figure:
    """The share of right labels over the updates."""
    curves = _pair(history, TRAIN_ACCURACY, VALID_ACCURACY)
    if not curves:
        raise LabError("This run has no accuracy, because its task has no labels; take run.loss_figure().")
    curves |= _levels(curves, levels or {})
    return curves_figure(curves, _colors(curves), "Accuracy")


def gradient_figure(history: History, experiment: Experiment) -> go.Figure:
    """The global norm of the gradient before each update, and where it is clipped."""
    curves = {GRAD_NORM.label.lower(): history[GRAD_NORM.name]} if GRAD_NORM.name in history else {}
    if experiment.training.clip_norm:
        curves |= _levels(curves, {CLIP: experiment.training.clip_norm})
    return curves_figure(curves, _colors(curves), "Norm", log_y=True)


def measure_figure(history: History, name: str) -> go.Figure:
    """Any measure over the updates.

    Raises:
        ValueError: it was not measured; the message lists what was.
    """
    if name not in history:
        raise LabError(f"This run has no measure {shown(name)}; there are {', '.join(history)}.")
    measure = MEASURES[name]
    title = f"{measure.label} ({measure.unit})" if measure.unit and measure.unit != LOSS_UNIT else measure.label
    colors = {measure.label: getattr(palette, measure.role)}
    return curves_figure({measure.label: history[name]}, colors, title, log_y=name != LEARNING_RATE.name)


def _pair(history: History, train: Measure, valid: Measure) -> dict[str, Points]:
    named = {"train": train, "validation": valid}
    return {name: history[measure.name] for name, measure in named.items() if measure.name in history}


def _levels(curves: dict[str, Points], levels: dict[str, float]) -> dict[str, Points]:
    ends = [steps[[0, -1]] for steps, _ in curves.values() if len(steps)]
    if not ends:
        return {}
    return {name: (ends[-1], np.full(2, value)) for name, value in levels.items()}


def _colors(curves: dict[str, Points]) -> dict[str, str]:
    known = {"train": palette.TRAIN, "validation": palette.VALIDATION, GRAD_NORM.label.lower(): palette.TEACHER_FORCED}
    return {name: known.get(name, LEVEL_COLOR) for name in curves}
