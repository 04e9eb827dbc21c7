"""The figures of a lesson: what can be predicted, and the prediction over what happened."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from rnnlab.plots import palette
from rnnlab.plots.lesson_pictures import BARS, DOTS, STAIRS, Line, Picture
from rnnlab.plots.style import ABOVE, MARGIN, styled

PREDICTED = palette.LIMIT
"""The colour of one's own prediction, in every lesson."""

PREDICTED_NAME = "your prediction"

DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
"""Curves are told apart by their dash as well as by their colour."""

TWO_COLUMNS = ABOVE | {"entrywidth": 0.5, "entrywidthmode": "fraction"}
"""Of a legend, because a long one would leave no room for the curves."""

MANY = 20
"""Predicted dots that are drawn faintly."""

FEW = 3
"""Lines whose names fit side by side."""

LONG_NAME = 6
"""Letters; longer names of two panels run into each other."""

X_TITLE_ROOM = 50
"""Pixels below panels, for the numbers of their axes and the title that they share."""

MOST_LABELS = 5
"""Powers of ten that a logarithmic axis names."""

BROAD, NARROW = 8, 4
"""Pixels of a line that is true; broad ones would fill a small panel."""

GAP, NUMBERS_GAP = 0.03, 0.06
"""Between two panels, as a share of the width; on a phone, the last number of one would touch the first of the next."""


def choices_figure(picture: Picture, choices: Mapping[str, tuple[float, ...]]) -> go.Figure:
    """One small panel for each choice, with what is known already drawn in all of them.

    Args:
        picture: the axes, and what is known before the experiment.
        choices: the values of each choice at the places of the picture, by the title of its panel.
    """
    titles = list(choices)
    names = [place for place in picture.places if isinstance(place, str)]
    x_title = None if names else picture.x_title  # Names say by themselves what they are.
    gap = GAP if names else NUMBERS_GAP
    figure = make_subplots(
        cols=len(titles), shared_yaxes=True, subplot_titles=titles, x_title=x_title, horizontal_spacing=gap
    )
    for column, (title, values) in enumerate(choices.items(), start=1):
        for line in picture.lines:
            if _is_level(line, picture):
                _level(figure, line, has_words=column == 1, row=1, col=column)
            else:
                figure.add_trace(_trace(line, picture, 0, NARROW, showlegend=False), row=1, col=column)
        drawn = _predicted_trace(Line(title, values, picture.kind), picture, is_alone=True)
        figure.add_trace(drawn, row=1, col=column)
    figure.update_xaxes(showgrid=False, nticks=4)
    _axes(figure, picture, names_x=False)
    figure.update_yaxes(title_text="", col=None)
    figure.update_yaxes(title_text=picture.y_title, col=1)
    if any(len(name) > LONG_NAME for name in names):
        # Plotly keeps the names of one panel apart, but not those of two.
        figure.update_xaxes(tickangle=30)
    figure.update_annotations(font_size=13)
    styled(figure, None, top=30, hover="closest")
    return figure.update_layout(showlegend=False, margin_b=X_TITLE_ROOM if x_title else MARGIN)


def place_figure(picture: Picture, value: float | None) -> go.Figure:
    """What is known, with a line at the value that is about to be predicted."""
    return result_figure(picture, value)


def result_figure(picture: Picture, predicted: tuple[float, ...] | float | None = None) -> go.Figure:
    """What happened, with one's own prediction over it.

    Args:
        picture: what the experiment came to.
        predicted: the values of a choice at the places of the picture that was predicted on, a number for a line
            across the whole picture, or None for no prediction.
    """
    figure = go.Figure()
    color = picture.first_color
    for line in picture.lines:
        if _is_level(line, picture):
            _level(figure, line, has_words=True)
        else:
            figure.add_trace(_trace(line, picture, color))
            color += not line.is_truth
    if isinstance(predicted, tuple):
        figure.add_trace(_predicted_trace(Line(PREDICTED_NAME, predicted, picture.kind), picture))
    elif predicted is not None:
        _predicted_level(figure, picture, predicted)
    _axes(figure, picture)
    legend = TWO_COLUMNS if len(figure.data) > FEW else None
    # Bars of two networks have places of their own: each is as wide as its place.
    return styled(figure, None, legend=legend).update_layout(showlegend=True, barmode="overlay")


def _trace(line: Line, picture: Picture, index: int, truth: int = BROAD, **options: Any) -> go.Scatter | go.Bar:
    """One line; `index` picks its colour and its dash, and `truth` is the width of what is true."""
    places = line.places or picture.places[: len(line.values)]
    color = palette.TARGET if line.is_truth else palette.VARIANTS[index % len(palette.VARIANTS)]
    common = {"x": places, "y": line.values, "name": line.name, "hovertemplate": "%{y:.4~g}"} | options
    if line.kind == BARS:
        return go.Bar(marker_color=color, opacity=0.75, **common)
    if line.kind == DOTS:
        return go.Scatter(mode="markers", marker={"color": color, "size": 9, "opacity": 0.75}, **common)
    style: dict[str, Any] = {"color": color, "width": 2.5, "dash": DASHES[index % len(DASHES)]}
    style |= {"width": truth, "dash": "solid"} if line.is_truth else {}
    style |= {"shape": "hv"} if line.kind == STAIRS else {}
    return go.Scatter(mode="lines", line=style, opacity=0.4 if line.is_truth else 1.0, **common)


def _predicted_trace(line: Line, picture: Picture, is_alone: bool = False) -> go.Scatter | go.Bar:
    """A prediction: a dashed curve; of bars, the upper edge where each should end.

    Args:
        is_alone: whether no result is drawn, so that bars can be drawn whole.
    """
    places = picture.places[: len(line.values)]
    common = {"x": places, "y": line.values, "name": line.name, "hovertemplate": "%{y:.4~g}"}
    if line.kind == BARS and is_alone:
        return go.Bar(marker_color=PREDICTED, opacity=0.75, **common)
    if line.kind == DOTS and not is_alone:
        ring = {"symbol": "circle-open", "size": 14, "color": PREDICTED, "line": {"width": 2}}
        # Many rings in one place would hide the dots below them.
        return go.Scatter(mode="markers", marker=ring, opacity=0.35 if len(line.values) > MANY else 1.0, **common)
    if line.kind == BARS and not is_alone:
        edge = {"symbol": "line-ew", "size": 46, "line": {"color": PREDICTED, "width": 5}}
        return go.Scatter(mode="markers", marker=edge, **common)
    if line.kind == DOTS:
        return go.Scatter(mode="markers", marker={"color": PREDICTED, "size": 9}, **common)
    dash = "solid" if is_alone else "dash"
    style: dict[str, Any] = {"color": PREDICTED, "width": 3, "dash": dash}
    style |= {"shape": "hv"} if line.kind == STAIRS else {}
    return go.Scatter(mode="lines", line=style, **common)


def _is_level(line: Line, picture: Picture) -> bool:
    """Whether a line is one height for all bars."""
    return picture.kind == BARS and line.is_truth


def _level(figure: go.Figure, line: Line, has_words: bool, **panel: int) -> None:
    """A height to compare bars with: a line behind them over the whole width, with its name."""
    figure.add_hline(
        y=line.values[0],
        line={"color": palette.TARGET, "width": NARROW},
        opacity=0.4,
        layer="below",
        exclude_empty_subplots=False,
        **panel,
    )
    if has_words:  # A label of the line would be cut off at the edge of a small panel.
        corner = {"x": 0, "xref": "x domain", "xanchor": "left", "y": line.values[0], "yanchor": "bottom"}
        figure.add_annotation(text=line.name, showarrow=False, font_size=12, **corner, **panel)


def _predicted_level(figure: go.Figure, picture: Picture, value: float) -> None:
    """A line across the whole picture, or, of bars, where the first one should end; with its name in the legend."""
    name = f"{PREDICTED_NAME}: {value:.4g}"
    if picture.kind == BARS:
        edge = _predicted_trace(Line(name, (value,), BARS), picture)
        figure.add_trace(edge.update(showlegend=True))
        return
    places = [picture.places[0], picture.places[-1]] if picture.places else [0, 1]
    style = {"color": PREDICTED, "width": 3, "dash": "dash"}
    figure.add_trace(go.Scatter(x=places, y=[value, value], mode="lines", line=style, name=name, hoverinfo="skip"))


def _axes(figure: go.Figure, picture: Picture, names_x: bool = True) -> None:
    if names_x:
        figure.update_xaxes(title_text=picture.x_title, showgrid=False)
    figure.update_yaxes(title_text=picture.y_title)
    if picture.places and isinstance(picture.places[0], str):
        names = list(dict.fromkeys(picture.places))
        ends = [-0.5, len(names) - 0.5]  # Also of names that have no value yet.
        figure.update_xaxes(type="category", categoryorder="array", categoryarray=names, range=ends)
    if picture.log_y:
        figure.update_yaxes(type="log", dtick=_decades(figure), exponentformat="power")
    elif picture.limits:
        figure.update_yaxes(range=_limits(figure, *picture.limits))
    if picture.kind == DOTS and not picture.log_y:
        figure.update_yaxes(tick0=0, dtick=1)  # Rows.


def _limits(figure: go.Figure, low: float, high: float) -> list[float]:
    """The ends of the y axis, moved apart for a curve that leaves them, by half of their distance at most."""
    values = np.concatenate([np.asarray(trace.y, float) for trace in figure.data] or [np.array([])])
    values, half = values[np.isfinite(values)], (high - low) / 2
    if not len(values):
        return [low, high]
    margin = 0.02 * (high - low)
    lowest, highest = float(values.min()), float(values.max())
    return [
        low if lowest >= low else max(lowest - margin, low - half),
        high if highest <= high else min(highest + margin, high + half),
    ]


def _decades(figure: go.Figure) -> int | None:
    """Powers of ten from one label of a logarithmic axis to the next; None leaves an axis within a decade to Plotly."""
    values = np.concatenate([np.asarray(trace.y, float) for trace in figure.data])
    values = values[values > 0]  # A NaN is not.
    decades = np.log10(values.max() / values.min()) if len(values) else 0.0
    return None if 0 < decades < 1 else max(1, math.ceil(decades / MOST_LABELS))
