"""Charts that change while somebody looks: Vega-Lite descriptions.

Streamlit keeps such a chart's place on the page, and its zoom, as long as the description stays the same from tick to
tick. So a description depends on the kind of run only, never on the points: a curve that has none yet is all NaN.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rnnlab.plots import palette

MOST_ROWS = 600
"""Of a chart as wide as its screen, in which a point then has little more than a pixel: more would only cost time at
every tick."""

MOST_STOPS = 100
"""Where the rule under the pointer may stand: each place is two more shapes that the browser draws at every tick."""

STOPS = "pointer stops here"
"""The column that says so; its name is read by who opens the table behind a chart."""

MARK = "marked here"
"""The column with a word for a place on the axis, empty elsewhere."""

RECORDED = ("recorded train", "recorded validation")
"""Curves of a run that is known to be good: broad and faint, behind the live ones of the same colours."""

BEFORE = ("train before", "validation before")
"""Curves of the run that was shown before: faint, behind the live ones of the same colours."""

BEHIND = (*RECORDED, *BEFORE)
"""Curves that must not change their course while the live ones grow."""

FAINT = "66"
"""40 % of a colour, as its last two hexadecimal digits: seen on the light and on the dark page."""

HALF_FAINT = "aa"
"""67 % of a colour: behind the other curves, but the only one that shows an explosion."""

COLORS = {
    "recorded train": palette.TRAIN + FAINT,
    "recorded validation": palette.VALIDATION + FAINT,
    "each update": palette.TRAIN + HALF_FAINT,
    "train before": palette.TRAIN + FAINT,
    "validation before": palette.VALIDATION + FAINT,
    "train": palette.TRAIN,
    "validation": palette.VALIDATION,
    "gradient norm": palette.TEACHER_FORCED,
    "clip norm": palette.LIMIT,
    "floor": palette.LIMIT,
    "chance": palette.LIMIT,
    "always 1": palette.LIMIT,
    "right sum": palette.TARGET,
    "answer": palette.FREE_RUNNING,
    "target": palette.TARGET,
    "prime": palette.TEACHER_FORCED,
    "generated": palette.FREE_RUNNING,
    "wave": palette.TARGET,
    "true peak": palette.TEACHER_FORCED,
    "probability of a peak": palette.FREE_RUNNING,
}
SOLID, DASHED = [1, 0], [5, 4]
DASHES = dict.fromkeys(("clip norm", "floor", "chance", "always 1"), DASHED)
WIDTHS = dict.fromkeys(RECORDED, 5)

MARGINS = {"left": 72, "right": 20, "bottom": 46, "top": 28}
"""Pixels around the curves. Said, because Vega would else draw all of it to measure the labels, and then once more; and
because curves whose edge moves with the width of the labels are hard to follow."""

LABELS = 44
"""Pixels that the vertical axis keeps for its labels."""

POWER = "datum.value != 0 && (abs(datum.value) < 1e-4 || abs(datum.value) >= 1e5)"
LABEL = f"!datum.label ? '' : {POWER} ? format(datum.value, '~e') : format(datum.value, ',~r')"
"""A label in Vega's language: `0.0001`, `10,000`, `1e-6`; none where Vega would write none, between powers of ten."""

PAIR = 2
"""Names of a row of the legend where there are many."""

LEGEND_ROW = 22
"""Pixels of one more row above the curves."""

EMBEDDED = {"embedOptions": {"renderer": "svg", "actions": False}}
"""How a page embeds a chart: as SVG, so that a test and a screen reader can look into it."""


def line_spec(
    series: Sequence[str],
    x: str,
    y_title: str,
    log_y: bool = False,
    height: int | None = None,
    legend_title: str | None = None,
) -> dict[str, Any]:
    """Lines over a common axis, to be zoomed along it, with a rule under the pointer that reads all of them.

    Args:
        series: columns to draw, keys of `COLORS`; the first is drawn first.
        x: the column along the axis.
        y_title: what is measured.
        log_y: draw the logarithm; what is not positive is left out.
        height: pixels; None: that of what it is put into.
        legend_title: what to know about the curves, above their names; None has no title.
    """
    axis = {
        "field": x,
        "type": "quantitative",
        "title": x.capitalize(),
        "scale": {"nice": False},
        "axis": {
            "grid": False,
            "tickCount": 6,
            "tickMinStep": 1,
            "format": ",d",
            "labelOverlap": True,
            "labelPadding": 6,
            "titlePadding": 8,
        },
    }
    told = [{"field": x, "type": "quantitative", "title": x.capitalize()}]
    told += [{"field": name, "type": "quantitative", "format": ".4~g"} for name in series]
    size = {"height": height} if height else {}
    return size | {
        "autosize": {"type": "none", "contains": "padding"},
        "padding": MARGINS | {"top": MARGINS["top"] + LEGEND_ROW * _more_rows(series, legend_title)},
        "usermeta": EMBEDDED,
        "layer": [
            _lines(series, axis, y_title, log_y, legend_title),
            *_mark(axis),
            pointer_rule(f"datum['{STOPS}']", axis, told),
        ],
    }


def _lines(
    series: Sequence[str], axis: dict[str, Any], y_title: str, log_y: bool, legend_title: str | None
) -> dict[str, Any]:
    scale = {"type": "log", "nice": False} if log_y else {"type": "linear", "zero": False}
    domain = list(series)
    encoding = {
        "x": axis,
        "y": {
            "field": "value",
            "type": "quantitative",
            "title": y_title,
            "scale": scale,
            "axis": {
                "tickCount": 5,
                "format": "~g",
                "labelExpr": LABEL,
                "minExtent": LABELS,
                "maxExtent": LABELS,
                "labelPadding": 6,
                "titlePadding": 8,
            },
        },
        "color": {
            "field": "curve",
            "type": "nominal",
            "scale": {"domain": domain, "range": [COLORS[name] for name in domain]},
            "legend": _legend(series, legend_title),
        },
        # Without it Vega writes a sentence about each point, of which a screen reader gets the first.
        "description": {"field": "curve", "type": "nominal"},
    }
    # What is the same for all curves is left out: it would be looked up at each point.
    if set(WIDTHS) & set(series):
        # Ordinal is said, because a nominal width would become a position between two widths.
        widths = {"type": "ordinal", "domain": domain, "range": [WIDTHS.get(name, 2) for name in domain]}
        encoding["strokeWidth"] = {"field": "curve", "type": "nominal", "scale": widths, "legend": None}
    if set(DASHES) & set(series):
        dashes = {"domain": domain, "range": [DASHES.get(name, SOLID) for name in domain]}
        encoding["strokeDash"] = {"field": "curve", "type": "nominal", "scale": dashes, "legend": None}
    return {
        "transform": [
            {"fold": domain, "as": ["curve", "value"]},
            {"filter": "isValid(datum.value)" + (" && datum.value > 0" if log_y else "")},
        ],
        "params": [{"name": "zoom", "select": {"type": "interval", "encodings": ["x"]}, "bind": "scales"}],
        "mark": {"type": "line", "clip": True},
        "encoding": encoding,
    }


def _legend(series: Sequence[str], title: str | None) -> dict[str, Any]:
    # Without a limit of its own a title is cut at 180 pixels.
    legend: dict[str, Any] = {
        "orient": "top",
        "title": title,
        "titleLimit": 340,
        "direction": "horizontal",
        "offset": 8,
        "padding": 0,
    }
    # In pairs, those behind above the live ones: four names in a row would leave a phone's screen.
    return legend | {"columns": PAIR} if _has_behind(series) else legend


def _more_rows(series: Sequence[str], legend_title: str | None) -> int:
    """Rows of the legend beyond the one that each has: a title, and names in pairs."""
    rows = -(-len(series) // PAIR) if _has_behind(series) else 1
    return rows - 1 + int(legend_title is not None)


def _has_behind(series: Sequence[str]) -> bool:
    return bool(set(BEHIND) & set(series))


def _mark(axis: dict[str, Any]) -> list[dict[str, Any]]:
    """A dashed line from top to bottom with its word, where a row has one."""
    there = [{"filter": f"datum['{MARK}'] != ''"}]
    word = {"type": "text", "align": "left", "dx": 5, "dy": 8, "y": 0, "fontSize": 12, "clip": True}
    return [
        {
            "transform": there,
            "mark": {"type": "rule", "clip": True, "color": palette.LIMIT, "strokeDash": DASHED, "aria": False},
            "encoding": {"x": axis},
        },
        {
            "transform": there,
            "mark": word | {"color": palette.LIMIT},
            "encoding": {"x": axis, "text": {"field": MARK}},
        },
    ]


def pointer_rule(where: str, axis: dict[str, Any], told: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A vertical line at the place that is nearest to the pointer, and what is to be read there.

    Args:
        where: which rows the pointer can stop at, as a Vega expression.
        axis: the horizontal encoding.
        told: the fields of the tooltip.
    """
    nearest = {"type": "point", "on": "pointermove", "nearest": True, "encodings": ["x"], "clear": "pointerout"}
    return {
        "transform": [{"filter": where}],
        "params": [{"name": "pointer", "select": nearest}],
        # Nothing for a screen reader: what it would hear of each place is what the table of the data says.
        "mark": {"type": "rule", "clip": True, "color": palette.TARGET, "aria": False},
        "encoding": {
            "x": axis,
            "opacity": {"condition": {"param": "pointer", "empty": False, "value": 0.6}, "value": 0},
            "tooltip": [*told],
        },
    }


def with_stops(table: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The same table and the column `STOPS`: bool (N,).

    Evenly spread rows, at most `MOST_STOPS` and the last one, and all rows of a curve with no more points than that: a
    validation loss that is measured now and then is read where it was measured.
    """
    columns = list(table.values())
    count = len(columns[0])
    stops = np.zeros(count, "bool")
    stops[thinned(np.arange(count), MOST_STOPS)] = True
    for values in columns[1:]:
        there = np.isfinite(values)
        if np.count_nonzero(there) <= MOST_STOPS:
            stops |= there
    return {**table, STOPS: stops}


def with_marks(table: Mapping[str, np.ndarray], x: str, marks: Sequence[tuple[int, str]]) -> dict[str, np.ndarray]:
    """The same table and the column `MARK`: text (N,), all empty but those of the rows closest to the marked places.

    Args:
        x: name of the column of the axis.
        marks: places on the axis, each with a word for it; of two at one row the first counts.
    """
    words = np.full(len(table[x]), "", object)
    for position, word in reversed(marks) if len(words) else ():
        words[np.abs(table[x] - position).argmin()] = word
    return {**table, MARK: words}


def wide_table(
    curves: Mapping[str, tuple[np.ndarray, np.ndarray]], x: str, most_rows: int = MOST_ROWS
) -> dict[str, np.ndarray]:
    """Curves side by side, one row for each place on the axis; NaN where a curve has no point.

    Args:
        curves: steps (N,) and values (N,) by name; each ascending, no step twice. N may differ, and may be 0.
        x: name of the column of the axis.
        most_rows: made of the live curves.
    Returns:
        The columns by name, the axis first. At most `most_rows` rows and one more, the last point always among them,
        and all points of the curves that lie behind, which must not change their course while the live ones grow.
    """
    live = _steps([steps for name, (steps, _) in curves.items() if name not in BEHIND])
    behind = _steps([steps for name, (steps, _) in curves.items() if name in BEHIND])
    places = _steps([thinned(live, most_rows), behind])
    return {x: places} | {name: _values_at(places, *points) for name, points in curves.items()}


def _values_at(places: np.ndarray, steps: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The values of a curve at some places, NaN where it has none: float64 (N,)."""
    if not len(steps):
        return np.full(len(places), np.nan)
    nearest = np.minimum(np.searchsorted(steps, places), len(steps) - 1)
    return np.where(steps[nearest] == places, values[nearest], np.nan)


def _steps(of_curves: list[np.ndarray]) -> np.ndarray:
    """Every step that some curve has a point at, ascending: int64 (N,)."""
    # A stable sort is a merge, which is soon done with curves that ascend already.
    steps = np.sort(np.concatenate([np.array([], "int64"), *of_curves]).astype("int64"), kind="stable")
    return steps[np.diff(steps, prepend=-1) != 0]


def thinned(points: np.ndarray, most: int) -> np.ndarray:
    """Every k-th point, and the last one."""
    stride = -(-len(points) // most) or 1
    kept = points[::stride]
    return kept if len(points) == 0 or kept[-1] == points[-1] else np.append(kept, points[-1])
