"""How much of the memory a forget gate keeps, and how much carrying the state helps."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import plotly.graph_objects as go

from rnnlab.config import Experiment
from rnnlab.formulas import perplexities
from rnnlab.formulas.forgetting import share_kept
from rnnlab.plots import palette
from rnnlab.plots.style import TITLE_ROOM, styled


def memory_kept_figure(biases: Sequence[float], steps: int, chosen: float | None = None) -> go.Figure:
    """The share of the memory that is left after 0, 1, ... steps: a line for each forget bias.

    Args:
        biases: forget biases to compare with, drawn in grey.
        steps: the last step that is drawn, >= 1.
        chosen: the forget bias to highlight; None highlights none.
    """
    figure, times = go.Figure(), np.arange(steps + 1)
    others = [bias for bias in biases if bias != chosen]
    for bias, dash in zip(others, itertools.cycle(("solid", "dash", "dot", "dashdot")), strict=False):
        _share_line(figure, times, bias, f"bias {bias:g}", {"color": palette.TARGET, "width": 2, "dash": dash})
    if chosen is not None:
        line = {"color": palette.FREE_RUNNING, "width": 3}
        _share_line(figure, times, chosen, f"bias {chosen:g}, your setting", line)
    figure.add_hline(y=0.5, line={"color": palette.QUIET, "width": 1, "dash": "dot"})
    figure.update_xaxes(title_text="Steps", showgrid=False)
    figure.update_yaxes(title_text="Memory kept", range=[0, 1.03], tickformat=".0%")
    return styled(figure, 260)


def _share_line(figure: go.Figure, times: np.ndarray, bias: float, name: str, line: dict) -> None:
    trace = go.Scatter(
        x=times, y=share_kept(bias, times), name=name, mode="lines", line=line, hovertemplate="%{y:.3~%}"
    )
    figure.add_trace(trace)


class ReadInTwoWays(Protocol):
    """One training; `rnnlab.inspection.TrainedOnce` fits."""

    @property
    def loss_carried(self) -> float:
        """Validation loss with the state carried."""

    @property
    def loss_reset(self) -> float:
        """Validation loss with the state reset at every window."""


class TwoTrainings(Protocol):
    """Two trainings; the result of `rnnlab.inspection.carry_against_reset` fits."""

    @property
    def experiment(self) -> Experiment:
        """The settings of both."""

    @property
    def carried(self) -> ReadInTwoWays:
        """The training with the state carried."""

    @property
    def reset(self) -> ReadInTwoWays:
        """The training with the state reset."""


def carried_against_reset_figure(result: TwoTrainings) -> go.Figure:
    """Four bars: the state carried or reset in training, and carried or reset in validation.

    Args:
        result: of `rnnlab.inspection.carry_against_reset`. Perplexities are drawn for a text, losses for a series.
    """
    trainings = (result.carried, result.reset)
    readings = {
        "state carried in validation": ([once.loss_carried for once in trainings], palette.TEACHER_FORCED),
        "state reset in validation": ([once.loss_reset for once in trainings], palette.TARGET),
    }
    reads_tokens = result.experiment.task.reads_tokens
    figure = go.Figure()
    for name, (losses, color) in readings.items():
        heights = perplexities(losses) if reads_tokens else np.array(losses)
        texts = [f"{height:.4g}" for height in heights]
        labels = ["state carried in training", "state reset in training"]
        figure.add_trace(go.Bar(x=labels, y=heights, name=name, text=texts, marker={"color": color}, hoverinfo="skip"))
    figure.update_yaxes(title_text="Validation perplexity" if reads_tokens else "Validation loss", rangemode="tozero")
    return styled(figure, 340, top=TITLE_ROOM, hover="closest").update_layout(barmode="group")
