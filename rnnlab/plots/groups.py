"""Figures of a group of runs: all their curves with the median of each variant, and their final values.

They are Vega-Lite descriptions that depend on what varies only, never on the points, as those of `rnnlab.plots.live`:
so the zoom is kept while the curves grow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnlab.plots import palette
from rnnlab.plots.live import EMBEDDED, LABEL, LABELS, LEGEND_ROW, MARGINS, MOST_STOPS, pointer_rule, thinned

Points = tuple[np.ndarray, np.ndarray]
"""Steps int64 (N,), ascending, and values float64 (N,)."""

QUARTILES_FROM = 8
"""Seeds of a variant from which the band shows quartiles; of fewer, it shows all of their range."""

MOST_POINTS = 4_000
"""Points of all curves together: the browser draws them at every tick."""

LEGEND_LETTERS = 44
"""Letters in a row of the legend: what a phone's screen has room for."""

COLUMNS = {"part": object, "step": float, "value": float, "low": float, "high": float, "variant": object, "run": object}
"""Of the table of curves, beside a text for the pointer for each variant."""

RUN, MEDIAN, STOP, LEVEL, CORNER = "run", "median", "stop", "level", "corner"
"""What a row of the table belongs to."""


@dataclass(frozen=True)
class Line:
    """The curve of one run.

    Attributes:
        variant: index of its variant.
        seed: of the run.
        points: of its curve.
        counts: whether it counts for the median. A failed run does not: it reaches no further step.
    """

    variant: int
    seed: int
    points: Points
    counts: bool = True


@dataclass(frozen=True)
class Spread:
    """The median of some curves, and a band around it: steps int64 (N,), the others float64 (N,)."""

    steps: np.ndarray
    median: np.ndarray
    low: np.ndarray
    high: np.ndarray


def spread(curves: Sequence[Points], quartiles: bool = False) -> Spread:
    """The median and the band of some curves, at the steps that all of them have reached and no others.

    Args:
        curves: of the runs of one variant.
        quartiles: whether the band lies between the quartiles, rather than from the smallest to the largest value.
    """
    if not curves:
        nothing = np.array([])
        return Spread(np.array([], "int64"), nothing, nothing, nothing)
    steps = curves[0][0]
    for other, _ in curves[1:]:
        steps = np.intersect1d(steps, other, assume_unique=True)
    values = np.stack([points[1][np.searchsorted(points[0], steps)] for points in curves])  # (curves, N)
    ends = (25, 75) if quartiles else (0, 100)
    low, high = np.percentile(values, ends, axis=0)
    return Spread(steps, np.median(values, axis=0), low, high)


def band_words(seeds: int) -> str:
    """What the thick line and the band are, such as `median of 3 seeds; band: smallest to largest`."""
    if seeds < 2:
        return ""
    band = "middle half" if seeds >= QUARTILES_FROM else "smallest to largest"
    return f"median of {seeds} seeds; band: {band}"


def colors(variants: Sequence[str], alone: str) -> list[str]:
    """A colour for each variant; `alone` if there is only one."""
    if len(variants) == 1:
        return [alone]
    return [palette.VARIANTS[i % len(palette.VARIANTS)] for i in range(len(variants))]


def group_table(lines: Sequence[Line], variants: Sequence[str], seeds: int) -> dict[str, np.ndarray]:
    """All curves and medians, one row for each point.

    Args:
        lines: one for each run, also for one that has no point yet: it keeps the median away.
        variants: words for each.
        seeds: runs of each variant.
    Returns:
        The columns by name: `part`, `step`, `value`, `low`, `high`, `variant`, `run`, and a text for the pointer for
        each variant. At most about `MOST_POINTS` rows, if there are no more than 80 runs.
    """
    blocks = [_block(np.array([]))]
    stops: dict[int, dict[str, str]] = {}
    for index, words in enumerate(variants):
        mine = [line for line in lines if line.variant == index]
        places = _places(mine, MOST_POINTS // max(1, len(lines) + len(variants)))
        shown = [_at(line.points, places) for line in mine]
        for line, (steps, values) in zip(mine, shown, strict=True):
            named = f"{words}, seed {line.seed}" if words else f"seed {line.seed}"
            blocks.append(_block(steps, part=RUN, value=values, variant=words, run=named))
        counted = [points for line, points in zip(mine, shown, strict=True) if line.counts]
        middle = spread(counted, quartiles=seeds >= QUARTILES_FROM)
        ends = {"low": middle.low, "high": middle.high}
        blocks.append(_block(middle.steps, part=MEDIAN, value=middle.median, variant=words, run=words, **ends))
        for i in thinned(np.arange(len(middle.steps)), MOST_STOPS):
            stops.setdefault(int(middle.steps[i]), {})[f"v{index}"] = _pointer_words(middle, i, len(counted))
    order = sorted(stops)
    told = [f"v{index}" for index in range(len(variants))]
    texts = {name: np.array([stops[step].get(name, "") for step in order], object) for name in told}
    blocks.append(_block(np.array(order), part=STOP) | texts)
    return {name: _joined(blocks, name, kind) for name, kind in (COLUMNS | dict.fromkeys(told, object)).items()}


def group_spec(
    variants: Sequence[str],
    seeds: int,
    y_title: str,
    alone: str,
    log_y: bool = False,
    height: int | None = 300,
    x_title: str = "Step",
) -> dict[str, Any]:
    """Each run thin and each variant's median thick in its band, over a common axis that can be zoomed.

    Args:
        variants: words for each.
        seeds: runs of each variant.
        y_title: what is measured.
        alone: the colour if there is only one variant.
        log_y: draw the logarithm; what is not positive is left out.
        height: pixels; None: that of the element around it.
        x_title: what the axis of steps is called.
    """
    axis = {"grid": False, "tickCount": 6, "tickMinStep": 1, "format": ",d", "labelOverlap": True}
    axis |= {"labelPadding": 6, "titlePadding": 8}
    x = {"field": "step", "type": "quantitative", "title": x_title, "scale": {"nice": False}, "axis": axis}
    y = {
        "field": "value",
        "type": "quantitative",
        "title": y_title,
        "scale": {"type": "log", "nice": False} if log_y else {"type": "linear", "zero": False},
        "axis": {
            "tickCount": 5,
            "labelExpr": LABEL,
            "minExtent": LABELS,
            "maxExtent": LABELS,
            "labelPadding": 6,
            "titlePadding": 8,
        },
    }
    told = [{"field": "step", "type": "quantitative", "title": x_title}]
    told += [{"field": f"v{i}", "type": "nominal", "title": _named(words)} for i, words in enumerate(variants)]
    title = band_words(seeds) or None
    columns = legend_columns(variants)
    legend = {"orient": "top", "title": title, "titleLimit": 340, "direction": "horizontal", "columns": columns}
    legend |= {"offset": 8, "padding": 0, "symbolType": "stroke", "symbolOpacity": 1, "symbolStrokeWidth": 3}
    color = {
        "field": "variant",
        "type": "nominal",
        "scale": {"domain": [*variants], "range": colors(variants, alone)},
        "legend": legend if len(variants) > 1 else None,
    }
    described = {"description": {"field": "run", "type": "nominal"}}
    common = {"x": x, "y": y, "color": color}
    rows = -(-len(variants) // columns) if len(variants) > 1 else 0
    # While a teacher presents, letters grow: the title needs half a row more than its own.
    top = MARGINS["top"] + LEGEND_ROW * (rows - 1) + (round(1.5 * LEGEND_ROW) if title and rows else 0)
    header = {} if rows or not title else {"title": _small_title(title)}
    return {
        **header,
        **({} if height is None else {"height": height}),
        "autosize": {"type": "none", "contains": "padding"},
        "padding": MARGINS | {"top": max(top, MARGINS["top"])},
        "usermeta": EMBEDDED,
        "layer": [
            {
                "transform": [{"filter": _only(RUN, log_y, "value")}],
                "params": [{"name": "zoom", "select": {"type": "interval", "encodings": ["x"]}, "bind": "scales"}],
                "mark": {"type": "line", "clip": True, "strokeWidth": 1, "opacity": 0.55},
                "encoding": common | described | {"detail": {"field": "run", "type": "nominal"}},
            },
            {
                "transform": [{"filter": _only(MEDIAN, log_y, "low")}],
                "mark": {"type": "area", "clip": True, "opacity": 0.16, "aria": False},
                "encoding": common | {"y": y | {"field": "low"}, "y2": {"field": "high"}},
            },
            {
                "transform": [{"filter": _only(MEDIAN, log_y, "value")}],
                "mark": {"type": "line", "clip": True, "strokeWidth": 3},
                "encoding": common | described,
            },
            pointer_rule(f"datum.part == '{STOP}'", x, told),
        ],
    }


@dataclass(frozen=True)
class SmallChart:
    """The chart of one variant among the others: its rows of the table, and its description."""

    table: dict[str, np.ndarray]
    spec: dict[str, Any]


def small_charts(
    table: Mapping[str, np.ndarray],
    variants: Sequence[str],
    seeds: int,
    y_title: str,
    log_y: bool = False,
    height: int = 220,
) -> list[SmallChart]:
    """One chart for each variant, all with the same axes and the colours of the one chart of all.

    Args:
        table: see `group_table`.
        variants, seeds, y_title, log_y, height: as for `group_spec`.
    """
    corners = _corners(table)
    charts = []
    for index, (words, color) in enumerate(zip(variants, colors(variants, palette.TRAIN), strict=True)):
        told = table[f"v{index}"]
        mine = (table["variant"] == words) & (table["part"] != STOP) | (table["part"] == STOP) & (told != "")
        rows = {name: column[mine] for name, column in table.items() if name in corners}
        rows["v0"] = told[mine]
        spec = group_spec([words], seeds, y_title, color, log_y, height)
        spec["layer"] = [*spec["layer"], _corner_layer(spec["layer"][0]["encoding"], log_y)]
        spec["title"] = _small_title(words) | {"fontWeight": "bold"}
        charts.append(SmallChart({name: np.concatenate([rows[name], corners[name]]) for name in corners}, spec))
    return charts


def finals_table(
    finals: Iterable[tuple[int, int, float]], variants: Sequence[str], levels: Mapping[str, float]
) -> dict[str, np.ndarray]:
    """The final values, one row for each run, a median for each variant that has a value, and the levels.

    Args:
        finals: index of the variant, seed and value of each finished run.
        variants: words for each.
        levels: values to compare with, such as chance, by their names.
    """
    rows = [(RUN, _named(variants[variant]), str(seed), value) for variant, seed, value in finals]
    for words in map(_named, variants):
        values = [value for _, variant, _, value in rows if variant == words]
        if values:
            rows.append((MEDIAN, words, "", float(np.median(values))))
    rows += [(LEVEL, name, "", value) for name, value in levels.items()]
    return {
        "part": np.array([row[0] for row in rows], object),
        "variant": np.array([row[1] for row in rows], object),
        "seed": np.array([row[2] for row in rows], object),
        "value": np.array([row[3] for row in rows], float),
    }


def finals_spec(
    variants: Sequence[str],
    seeds: Sequence[int],
    y_title: str,
    alone: str,
    log_y: bool = False,
    height: int | None = 300,
) -> dict[str, Any]:
    """The final value of each run against its variant: a dot for each seed, and a bar at their median.

    Args:
        variants: words for each.
        seeds: of each variant; a seed stands at the same place in all of them.
        y_title, alone, log_y, height: as for `group_spec`.
    """
    names = [_named(words) for words in variants]
    label = {"labelExpr": "split(datum.label, ', ')", "labelAngle": 0 if len(names) <= 6 else -40, "labelLimit": 120}
    x = {
        "field": "variant",
        "type": "nominal",
        "title": None,
        "scale": {"domain": names},
        "axis": label | {"labelOverlap": False, "ticks": False, "labelPadding": 8},
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "title": y_title,
        "scale": {"type": "log", "nice": False, "padding": 10} if log_y else {"zero": False, "padding": 10},
        "axis": {"tickCount": 5, "labelExpr": LABEL, "labelPadding": 6, "titlePadding": 8, "grid": False},
    }
    color = {
        "field": "variant",
        "type": "nominal",
        "scale": {"domain": names, "range": colors(variants, alone)},
        "legend": None,
    }
    place = {"field": "seed", "type": "nominal", "scale": {"domain": [str(seed) for seed in seeds]}}
    told = [
        {"field": "variant", "type": "nominal", "title": "Setting"},
        {"field": "seed", "type": "nominal", "title": "Seed"},
        {"field": "value", "type": "quantitative", "format": ".4~g", "title": y_title},
    ]
    level = {"color": palette.LIMIT, "aria": False}
    word = {"type": "text", "align": "left", "baseline": "bottom", "dx": 4, "dy": -3, "x": 0, "fontSize": 12}
    return {
        **({} if height is None else {"height": height}),
        "autosize": {"type": "fit", "contains": "padding"},
        "usermeta": EMBEDDED,
        "layer": [
            {
                "transform": [{"filter": _only(RUN, log_y, "value")}],
                "mark": {"type": "point", "filled": True, "size": 70, "opacity": 0.75},
                "encoding": {"x": x, "xOffset": place, "y": y, "color": color, "tooltip": told},
            },
            {
                "transform": [{"filter": _only(MEDIAN, log_y, "value")}],
                "mark": {"type": "tick", "thickness": 3, "size": 44, "aria": False},
                "encoding": {"x": x, "y": y, "color": color},
            },
            {
                "transform": [{"filter": _only(LEVEL, log_y, "value")}],
                "mark": {"type": "rule", "strokeDash": [5, 4], **level},
                "encoding": {"y": y},
            },
            {
                "transform": [{"filter": _only(LEVEL, log_y, "value")}],
                "mark": word | level,
                "encoding": {"y": y, "text": {"field": "variant"}},
            },
        ],
    }


def _corners(table: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rows at the smallest and the largest step and value of all runs, and at the smallest value above 0.

    They are not seen. They give charts of some of the runs the same axes.
    """
    seen = (table["part"] == RUN) & np.isfinite(table["value"])
    steps, values = table["step"][seen], table["value"][seen]
    positive = values[values > 0]
    ends = [(np.min(steps), np.min(values)), (np.max(steps), np.max(values))] if len(values) else []
    ends += [(np.min(steps), np.min(positive))] if len(positive) else []
    block = _block(np.array([step for step, _ in ends]), part=CORNER, value=np.array([value for _, value in ends]))
    return {name: _joined([block], name, kind) for name, kind in (COLUMNS | {"v0": object}).items()}


def _corner_layer(encoding: Mapping[str, Any], log_y: bool) -> dict[str, Any]:
    return {
        "transform": [{"filter": _only(CORNER, log_y, "value")}],
        "mark": {"type": "point", "opacity": 0, "aria": False},
        "encoding": {axis: encoding[axis] for axis in ("x", "y")},
    }


def _named(variant: str) -> str:
    """An axis needs a word also for the only variant there is."""
    return variant or "all seeds"


def _small_title(text: str) -> dict[str, Any]:
    return {"text": text, "anchor": "start", "fontSize": 12, "fontWeight": "normal", "offset": 8}


def legend_columns(variants: Sequence[str]) -> int:
    """How many names stand side by side in a legend."""
    longest = max(map(len, variants)) + 4  # its symbol, too
    return max(1, min(len(variants), LEGEND_LETTERS // longest))


def _only(part: str, log_y: bool, field: str) -> str:
    positive = f" && datum.{field} > 0" if log_y else ""
    return f"datum.part == '{part}' && isValid(datum.{field}){positive}"


def _pointer_words(middle: Spread, i: int, count: int) -> str:
    if count < 2:
        return f"{middle.median[i]:.4g}"
    return f"{middle.median[i]:.4g} ({middle.low[i]:.4g} to {middle.high[i]:.4g}, n = {count})"


def _places(lines: Sequence[Line], most: int) -> np.ndarray:
    """The steps that are drawn of one variant: the same ones of all of its runs."""
    steps = np.unique(np.concatenate([np.array([], "int64"), *(line.points[0] for line in lines)]))
    return thinned(steps, max(50, most))


def _at(points: Points, places: np.ndarray) -> Points:
    """The points of a curve at some steps, and its newest one."""
    steps, values = points
    kept = np.isin(steps, places)
    kept[-1:] = True
    return steps[kept], values[kept]


def _block(steps: np.ndarray, **columns: Any) -> dict[str, np.ndarray]:
    """Rows of a table: a column for each array (N,), or for a value that all of them share."""
    given = {"step": steps, "part": "", "variant": "", "run": "", **columns}
    return {
        name: value if isinstance(value, np.ndarray) else np.full(len(steps), value, object)
        for name, value in given.items()
    }


def _joined(blocks: Sequence[Mapping[str, np.ndarray]], name: str, kind: type) -> np.ndarray:
    """One column of all blocks; where a block lacks it, a number is NaN and a text is empty."""
    nothing = np.nan if kind is float else ""
    parts = [block.get(name, np.full(len(block["step"]), nothing, kind)) for block in blocks]
    return np.concatenate(parts).astype(kind)
