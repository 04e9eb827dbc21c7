"""Several networks over one truth: their predictions, their errors, their surprise at the same words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rnnlab.plots import palette
from rnnlab.plots.comparison import ERRORS_HEIGHT, TARGET, curve, mark_prime, over_time
from rnnlab.plots.labels import literal
from rnnlab.plots.style import LEGEND_ROOM, styled

LEGEND_ROW = 20
"""Pixels of a row of the legend."""

ROW_LETTERS = 110
"""Letters that a row of the legend has room for."""

MOST_LABELS = 60
"""Tokens of a passage that are written along an axis; of more, each is only shown where the pointer is."""


@dataclass(frozen=True, eq=False)
class Predicted:
    """What one network made of a series.

    Attributes:
        name: in the legend.
        color: of both curves.
        teacher_forced: float (P + horizon,), NaN at 0.
        free_running: float (horizon,), for the times P and later.
    """

    name: str
    color: str
    teacher_forced: np.ndarray
    free_running: np.ndarray


def several_figure(target: np.ndarray, networks: Sequence[Predicted], prime: int) -> go.Figure:
    """One true curve, and over it both predictions of each network. Its height is that of what it is put into.

    Args:
        target: (P + horizon,).
        networks: in the order of the legend. A click on a name hides both curves of a network.
        prime: P, the values that the free runs were given.
    """
    times = np.arange(len(target))
    figure = go.Figure([curve(times, target, TARGET)])
    for one in networks:
        figure.add_trace(curve(times, one.teacher_forced, _forced(one)))
        figure.add_trace(curve(times[prime:], one.free_running, _free(one)))
    mark_prime(figure, prime)
    figure.update_yaxes(title_text="Value")
    return over_time(styled(figure, None, _top(networks), hover="closest"), len(target))


def several_errors_figure(target: np.ndarray, networks: Sequence[Predicted], prime: int) -> go.Figure:
    """The distance of every prediction from the truth at each step after the prime.

    Args:
        target, networks, prime: as for `several_figure`.
    """
    times, truth = np.arange(prime, len(target)), target[prime:]
    figure = go.Figure()
    with np.errstate(over="ignore", invalid="ignore"):
        for one in networks:
            figure.add_trace(curve(times, np.abs(one.teacher_forced[prime:] - truth), _forced(one)))
            figure.add_trace(curve(times, np.abs(one.free_running - truth), _free(one)))
    figure.update_yaxes(title_text="Error", rangemode="tozero")
    return over_time(styled(figure, ERRORS_HEIGHT, _top(networks), hover="closest"), len(target))


@dataclass(frozen=True, eq=False)
class Measured:
    """One curve of a network: its name in the legend, its colour and its values, float (N,)."""

    name: str
    color: str
    values: np.ndarray


def surprises_figure(words: Sequence[str], networks: Sequence[Measured]) -> go.Figure:
    """The surprise of each network at each word of the same passage.

    Args:
        words: the N tokens.
        networks: their surprises in nats.
    """
    places, shown = np.arange(len(words)), [literal(word) for word in words]
    figure = go.Figure([_dotted(places, one, "%{customdata}: %{y:.2f} nats", shown) for one in networks])
    ticks = {"tickvals": places, "ticktext": shown, "tickangle": -60} if len(words) <= MOST_LABELS else {}
    figure.update_xaxes(
        title_text=None if ticks else "Position", showgrid=False, range=[-0.5, len(words) - 0.5], **ticks
    )
    figure.update_yaxes(title_text="Surprise (nats)", rangemode="tozero")
    return styled(figure, 380, _top(networks), hover="x")


def several_lags_figure(
    lags: Sequence[int], networks: Sequence[Measured], trained_lag: int, chance: float
) -> go.Figure:
    """Accuracy of each network against the time lag, with the lag of the training and the accuracy of a guess.

    Args:
        lags: the N lags, ascending.
        networks: their accuracies.
        trained_lag: one of the lags.
        chance: accuracy of a guess.
    """
    places = np.arange(len(lags))  # Evenly spaced, although each lag is about twice the one before.
    figure = go.Figure([_dotted(places, one, "%{y:.0%}") for one in networks])
    dash = {"color": palette.LIMIT, "width": 2, "dash": "dash"}
    ends = {"x": [places[0], places[-1]], "y": [chance] * 2}
    figure.add_trace(go.Scatter(**ends, name="chance", mode="lines", line=dash, hoverinfo="skip"))
    trained = list(lags).index(trained_lag)
    figure.add_vline(x=trained, line={"color": palette.QUIET, "dash": "dot"}, annotation_text="trained here")
    ticks = {"tickvals": places, "ticktext": [f"{lag:,}" for lag in lags], "range": [-0.3, len(lags) - 0.4]}
    figure.update_xaxes(title_text="Time lag (blanks)", **ticks)
    figure.update_yaxes(title_text="Accuracy", range=[-0.03, 1.08], tickformat=".0%")
    return styled(figure, 380, _top(networks), hover="closest")


def _free(one: Predicted) -> dict[str, Any]:
    line = {"color": one.color, "width": 2.5}
    return {"name": literal(one.name), "legendgroup": one.name, "line": line}


def _forced(one: Predicted) -> dict[str, Any]:
    line = {"color": one.color, "width": 1.2, "dash": "dash"}
    name = f"{literal(one.name)}, teacher-forced"
    return {"name": name, "legendgroup": one.name, "showlegend": False, "line": line}


def _dotted(places: np.ndarray, one: Measured, hover: str, customdata: Sequence[str] | None = None) -> go.Scatter:
    line, marker = {"color": one.color, "width": 1.5}, {"size": 7, "color": one.color}
    looks = {"mode": "lines+markers", "line": line, "marker": marker, "name": literal(one.name)}
    return go.Scatter(x=places, y=one.values, customdata=customdata, hovertemplate=hover, **looks)


def _top(networks: Sequence[Predicted] | Sequence[Measured]) -> int:
    """Pixels above the axes: the legend needs a row for every few names."""
    letters = sum(len(one.name) + 8 for one in networks) + len("target (broad, pale)")
    return LEGEND_ROOM + LEGEND_ROW * (letters // ROW_LETTERS)
