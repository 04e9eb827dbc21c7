"""The curves of several runs over each other: a Vega-Lite description that does not depend on the points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnlab.plots import palette
from rnnlab.plots.groups import legend_columns
from rnnlab.plots.live import EMBEDDED, LABEL, LABELS, LEGEND_ROW, MARGINS, thinned

MOST_POINTS = 4_000
"""Points of all curves together."""

MOST_STOPS = 60
"""Points of one curve that the pointer can read."""

RAW, CURVE, STOP = "raw", "curve", "stop"
"""What a row of the table belongs to."""


@dataclass(frozen=True)
class Overlaid:
    """One curve.

    Attributes:
        name: in the legend.
        color: such as `color_of` gives.
        places: along the axis, float64 (N,), ascending.
        values: as they were measured, float64 (N,).
        smooth: the values that are drawn, float64 (N,); None for the measured ones.
    """

    name: str
    color: str
    places: np.ndarray
    values: np.ndarray
    smooth: np.ndarray | None = None


def overlay_table(curves: Sequence[Overlaid]) -> dict[str, np.ndarray]:
    """All curves, one row for each point: the columns `part`, `run`, `place` and `value`."""
    most = MOST_POINTS // max(1, len(curves) * (1 + any(one.smooth is not None for one in curves)))
    blocks: list[tuple[str, str, np.ndarray, np.ndarray]] = []
    for one in curves:
        drawn = one.values if one.smooth is None else one.smooth
        chosen = thinned(np.arange(len(one.places)), most)
        if one.smooth is not None:
            blocks.append((RAW, one.name, one.places[chosen], one.values[chosen]))
        blocks.append((CURVE, one.name, one.places[chosen], drawn[chosen]))
        stops = thinned(np.arange(len(one.places)), MOST_STOPS)
        blocks.append((STOP, one.name, one.places[stops], drawn[stops]))
    nothing = np.array([])
    return {
        "part": np.array([part for part, _, places, _ in blocks for _ in places], object),
        "run": np.array([name for _, name, places, _ in blocks for _ in places], object),
        "place": np.concatenate([nothing, *(places for _, _, places, _ in blocks)]),
        "value": np.concatenate([nothing, *(values for _, _, _, values in blocks)]),
    }


def overlay_spec(
    curves: Sequence[Overlaid], x_title: str, y_title: str, log_y: bool = False, height: int = 300
) -> dict[str, Any]:
    """The curves over a common axis that can be zoomed; behind a smoothed curve, the measured one is faint.

    Args:
        curves: to draw; only their names and colours count.
        x_title, y_title: of the axes.
        log_y: draw the logarithm; what is not positive is left out.
        height: pixels.
    """
    names = [one.name for one in curves]
    columns = legend_columns(names)
    x = {
        "field": "place",
        "type": "quantitative",
        "title": x_title,
        "scale": {"nice": False},
        "axis": {"grid": False, "tickCount": 6, "format": ",~r", "labelOverlap": True, "labelPadding": 6},
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "title": y_title,
        "scale": {"type": "log", "nice": False} if log_y else {"type": "linear", "zero": False},
        "axis": {"tickCount": 5, "labelExpr": LABEL, "minExtent": LABELS, "maxExtent": LABELS, "labelPadding": 6},
    }
    legend = {"orient": "top", "title": None, "direction": "horizontal", "columns": columns, "labelLimit": 320}
    legend |= {"offset": 8, "padding": 0, "symbolType": "stroke", "symbolOpacity": 1, "symbolStrokeWidth": 3}
    color = {
        "field": "run",
        "type": "nominal",
        "scale": {"domain": names, "range": [one.color for one in curves]},
        "legend": legend if len(names) > 1 else None,
    }
    common = {"x": x, "y": y, "color": color, "description": {"field": "run", "type": "nominal"}}
    return {
        "height": height,
        "autosize": {"type": "none", "contains": "padding"},
        "padding": MARGINS | {"top": MARGINS["top"] + LEGEND_ROW * (-(-len(names) // columns) - 1 if names else 0)},
        "usermeta": EMBEDDED,
        "layer": [
            {
                "transform": [{"filter": _only(RAW, log_y)}],
                "mark": {"type": "line", "clip": True, "strokeWidth": 1, "opacity": 0.3, "aria": False},
                "encoding": common,
            },
            {
                "transform": [{"filter": _only(CURVE, log_y)}],
                "params": [{"name": "zoom", "select": {"type": "interval", "encodings": ["x"]}, "bind": "scales"}],
                "mark": {"type": "line", "clip": True, "strokeWidth": 2},
                "encoding": common,
            },
            _pointer(common, x_title, y_title, log_y),
        ],
    }


def color_of(place: int) -> str:
    """The colour at a place in the palette, which begins anew after its last."""
    return palette.VARIANTS[place % len(palette.VARIANTS)]


def _only(part: str, log_y: bool) -> str:
    return f"datum.part == '{part}'" + (" && datum.value > 0" if log_y else "")


def _pointer(common: dict[str, Any], x_title: str, y_title: str, log_y: bool) -> dict[str, Any]:
    """A dot at the point that is nearest to the pointer, and what it is."""
    nearest = {"type": "point", "on": "pointermove", "nearest": True, "clear": "pointerout"}
    return {
        "transform": [{"filter": _only(STOP, log_y)}],
        "params": [{"name": "pointer", "select": nearest}],
        "mark": {"type": "point", "filled": True, "size": 60, "clip": True, "aria": False},
        "encoding": common
        | {
            "opacity": {"condition": {"param": "pointer", "empty": False, "value": 1}, "value": 0},
            "tooltip": [
                {"field": "run", "type": "nominal", "title": "Run"},
                {"field": "place", "type": "quantitative", "format": ",.4~r", "title": x_title},
                {"field": "value", "type": "quantitative", "format": ".4~g", "title": y_title},
            ],
        },
    }
