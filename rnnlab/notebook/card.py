"""A run as a card: its name, what differs from its preset, its curves as a small drawing, and its best values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from rnnlab.config import Experiment, all_settings, to_flat
from rnnlab.measures import (
    EPOCH_VALID_PERPLEXITY,
    TEST_PERPLEXITY,
    TRAIN_LOSS,
    VALID_ACCURACY,
    VALID_LOSS,
)
from rnnlab.notebook.measured import History, best_of, last_of
from rnnlab.plots import palette
from rnnlab.plots.groups import Points
from rnnlab.plots.live import thinned
from rnnlab.presets import PRESETS
from rnnlab.sentences.settings import differing, written

WIDTH, HEIGHT, MOST_POINTS = 320, 90, 160
"""Of the drawing: pixels, and points of a curve."""

EDGE = 3
"""Pixels that are kept free around the curves."""

STYLE = (
    "border:1px solid rgba(128,140,142,.45);border-radius:8px;padding:10px 14px;max-width:760px;"
    "display:flex;flex-wrap:wrap;gap:8px 28px;align-items:center"
)
CELL = "text-align:left;padding:1px 14px 1px 0;background:none;border:none"

HELD = ("upload", "series")
"""Settings that no person reads."""


def differences(experiment: Experiment, preset: str | None) -> dict[str, str]:
    """The settings that differ from the preset's, or from the defaults: their values as people read them, by label.

    A setting that has no effect beside the others is left out.
    """
    base = PRESETS[preset].experiment if preset in PRESETS else Experiment()
    mine, rows = to_flat(experiment), all_settings()
    before = to_flat(base)
    names = [name for name in differing(mine, before) if name in mine and name not in HELD]
    return {rows[name][0].label: written(name, mine[name]) for name in names}


def best_values(history: History) -> dict[str, str]:
    """The numbers that sum a run up, by their labels."""
    found = {f"Best {VALID_LOSS.label.lower()}": best_of(history, VALID_LOSS.name)}
    found |= {f"Last {one.label.lower()}": last_of(history, one.name) for one in (TRAIN_LOSS, VALID_ACCURACY)}
    found[f"Best {EPOCH_VALID_PERPLEXITY.label.lower()}"] = best_of(history, EPOCH_VALID_PERPLEXITY.name)
    found[TEST_PERPLEXITY.label] = last_of(history, TEST_PERPLEXITY.name)
    return {label: f"{value:.4g}" for label, value in found.items() if value is not None}


def card(title: str, subtitle: str, settings: Mapping[str, str], values: Mapping[str, str], history: History) -> str:
    """The card as HTML, in the colours of its page.

    Args:
        title, subtitle: above.
        settings: what differs, by label.
        values: the best ones, by label.
        history: of which the two losses are drawn.
    """
    about = _table(settings) if settings else "<div style='opacity:.75'>All settings are those of the preset.</div>"
    return (
        f"<div style='{STYLE}'><div><div style='font-weight:600'>{escape(title)}</div>"
        f"<div style='opacity:.75;margin-bottom:6px'>{escape(subtitle)}</div>{about}</div>"
        f"<div>{sparks(history)}{_table(values)}</div></div>"
    )


def _table(rows: Mapping[str, str]) -> str:
    cells = "".join(
        f"<tr style='background:none'><td style='{CELL};opacity:.75'>{escape(label)}</td>"
        f"<td style='{CELL}'>{escape(value)}</td></tr>"
        for label, value in rows.items()
    )
    return f"<table style='border-collapse:collapse;margin:0;border:none'>{cells}</table>"


def sparks(history: History) -> str:
    """Training and validation loss as a small SVG with a logarithmic axis; empty if there are none."""
    named = {"train": (TRAIN_LOSS, palette.TRAIN), "validation": (VALID_LOSS, palette.VALIDATION)}
    curves = {name: _drawable(history.get(measure.name)) for name, (measure, _) in named.items()}
    curves = {name: points for name, points in curves.items() if len(points[0]) > 1}
    if not curves:
        return ""
    heights = np.concatenate([values for _, values in curves.values()])
    last = max(steps[-1] for steps, _ in curves.values())
    low, high = float(heights.min()), float(heights.max())
    lines = [
        f"<polyline stroke='{named[name][1]}' points='{_path(points, last, low, high)}'/>"
        for name, points in curves.items()
    ]
    legend = " ".join(f"<span style='color:{named[name][1]}'>{name}</span>" for name in curves)
    about = f"{' and '.join(curves)} loss over {last:,} steps, from {math.exp(high):.3g} to {math.exp(low):.3g}"
    return (
        f"<svg role='img' aria-label='{about}' width='{WIDTH}' height='{HEIGHT}' viewBox='0 0 {WIDTH} {HEIGHT}' "
        "fill='none' stroke-width='1.6'>"
        f"{''.join(lines)}</svg><div style='font-size:85%'>{legend} <span style='opacity:.75'>loss, logarithmic</span>"
        "</div>"
    )


def _drawable(points: Points | None) -> Points:
    """Some points of a curve, with the logarithms of its positive values."""
    if points is None:
        return np.array([]), np.array([])
    steps, values = points
    kept = np.flatnonzero(np.isfinite(values) & (values > 0))
    kept = thinned(kept, MOST_POINTS)
    return steps[kept], np.log(values[kept])


def _path(points: Points, last: int, low: float, high: float) -> str:
    xs = EDGE + (WIDTH - 2 * EDGE) * points[0] / max(1, last)
    ys = EDGE + (HEIGHT - 2 * EDGE) * (high - points[1]) / ((high - low) or 1)
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))


def summary(parts: Sequence[str]) -> str:
    """A short text in angle brackets, as Python shows what cannot be typed."""
    return f"<{', '.join(filter(None, parts))}>"
