"""What the ways of feeding a network its own output come to: how far off they end, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rnnlab.config.feeding import CARRIED, REREAD
from rnnlab.plots import palette


def generation_cost_figure(lengths: Sequence[int], carried: Sequence[float], reread: Sequence[float]) -> go.Figure:
    """Time against the number of generated values, both logarithmic, with the slopes 1 and 2 to compare with.

    Args:
        lengths: (N,) values generated, rising.
        carried: (N,) seconds with the state carried.
        reread: (N,) seconds with everything re-read at every step.
    """
    figure = go.Figure()
    floor = min(*carried, *reread)
    _guide(figure, lengths, carried, floor, slope=1, name="slope 1: ten times the values, ten times the time")
    _guide(figure, lengths, reread, floor, slope=2, name="slope 2: ten times the values, a hundred times the time")
    _measured(figure, lengths, carried, CARRIED.label.lower(), palette.FREE_RUNNING)
    _measured(figure, lengths, reread, REREAD.label.lower(), palette.LIMIT)
    figure.update_xaxes(type="log", dtick=1, title_text="Values generated")
    figure.update_yaxes(type="log", dtick=1, title_text="Milliseconds")
    return figure.update_layout(
        height=380,
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        hovermode="x unified",
        legend={"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top"},
    )


def cost_sentence(length: int, carried: float, reread: float, ratio: float) -> str:
    """What the longest measurement shows, in words.

    Args:
        length: values generated.
        carried: seconds with the state carried.
        reread: seconds with everything re-read.
        ratio: of the two, measured in turn.
    """
    return (
        f"For {length:,} values, carrying the state took {_spoken(carried)} and re-reading everything "
        f"{_spoken(reread)}: {ratio:,.{0 if ratio >= 10 else 1}f} times as long for the same values."
    )


def attempt_verdict(
    teacher_forced_rmse: float, attempt_rmse: float, carried_rmse: float | None, horizon: int, told: str = "the truth"
) -> str:
    """The errors of a way of feeding back in words.

    Args:
        teacher_forced_rmse: of one-step prediction.
        attempt_rmse: of generation in this way.
        carried_rmse: of generation with the state carried; None when that is this way.
        horizon: steps generated.
        told: what the network read in one-step prediction.
    """
    forced = f"Told {told} at every step, it is off by {teacher_forced_rmse:.3g} on average (RMSE)."
    alone = f"Fed back in this way for {horizon} steps, it is off by {_distance(attempt_rmse)}"
    beside = "" if carried_rmse is None else f"; with the state carried, by {_distance(carried_rmse)}"
    return f"{forced} {alone}{beside}."


def by_heart_sentence(later_steps: int, later_rmse: float) -> str:
    """What the output of a network that hears zeros would be worth for the same wave begun elsewhere.

    Args:
        later_steps: how much later the other wave begins.
        later_rmse: of the same output, against that wave.
    """
    return (
        f"Had the wave begun {later_steps} steps later, it would have said the very same and been off by "
        f"{_distance(later_rmse)}: it plays by heart, it does not listen."
    )


def _distance(rmse: float) -> str:
    return f"{rmse:.3g}" if np.isfinite(rmse) else "more than a number can say"


def _spoken(seconds: float) -> str:
    return f"{seconds:.3g} s" if seconds >= 1 else f"{1e3 * seconds:.3g} ms"


def _guide(
    figure: go.Figure, lengths: Sequence[int], seconds: Sequence[float], floor: float, slope: int, name: str
) -> None:
    """A line of that slope through the last point, where what a call costs in any case weighs least.

    Args:
        floor: seconds below which it is not drawn, lest it stretches the axis.
    """
    x0 = max(lengths[0], lengths[-1] * (floor / seconds[-1]) ** (1 / slope))
    x = np.array([x0, lengths[-1]])
    y = 1e3 * seconds[-1] * (x / x[-1]) ** slope
    line = {"color": palette.QUIET, "width": 1.5, "dash": "dash" if slope == 1 else "dot"}
    figure.add_trace(go.Scatter(x=x, y=y, name=name, mode="lines", line=line, hoverinfo="skip"))


def _measured(figure: go.Figure, lengths: Sequence[int], seconds: Sequence[float], name: str, color: str) -> None:
    style = {"line": {"color": color, "width": 2}, "marker": {"size": 7}}
    y = 1e3 * np.asarray(seconds)
    figure.add_trace(go.Scatter(x=lengths, y=y, name=name, mode="lines+markers", hovertemplate="%{y:.3g} ms", **style))
