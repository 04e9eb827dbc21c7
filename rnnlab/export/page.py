"""A run on paper: settings, curves, comparison, and lines for notes, in one HTML file that needs nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from rnnlab import __version__, config
from rnnlab.export.exported import ExportedRun
from rnnlab.export.svg import Line, chart
from rnnlab.formulas import perplexity
from rnnlab.measures import MEASURES, TRAIN_LOSS, VALID_LOSS

STYLE = Path(__file__).with_name("page.css").read_text("utf-8")

TARGET_COLOR, FIRST_COLOR, SECOND_COLOR = "#b9c4c4", "#0f6b6b", "#b4530a"
"""Of the target, and of two curves that are told apart; by dashes too, for printers without colour."""

NOTES = 8
"""Lines to write on."""

MOST_WORDS = 120
"""Words of a sample that are printed."""


def page_bytes(run: ExportedRun, comparison: Mapping[str, Sequence[Any]] | None = None) -> bytes:
    """The page.

    Args:
        comparison: columns of the predictions, see `rnnlab.take_away`; None leaves the comparison out.
    """
    sections = [
        _section("Loss", _losses(run)),
        _section("Best and last values", _table(_measured(run))),
        _section("Comparison", _compared(comparison or {})),
        _section("What the network generated last", _sample(run)),
        _section("Settings", f'<div class="settings">{_table(_settings(run))}</div>'),
        _section("Notes", '<div class="line"></div>' * NOTES),
    ]
    title = escape(run.name)
    facts = escape(f"Run {run.id or 'without a lab'}, {run.experiment.data.title(run.name)}, RNN Lab {__version__}")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head>"
        f'<body><h1>{title}</h1><p class="facts">{facts}</p>{"".join(sections)}</body></html>'
    ).encode()


def pictures(run: ExportedRun, comparison: Mapping[str, Sequence[Any]]) -> dict[str, bytes]:
    """The curves of a run and of its comparison as SVG files, by their names; without those that it does not have."""
    drawn = {"loss.svg": _losses(run), "comparison.svg": _compared(comparison)}
    inside = {name: re.search(r"<svg.*</svg>", content, re.DOTALL) for name, content in drawn.items()}
    return {name: found[0].encode() for name, found in inside.items() if found}


def _section(title: str, content: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{content}</section>" if content else ""


def _losses(run: ExportedRun) -> str:
    lines = [
        Line(measure.label, run.curves[measure.name].steps, run.curves[measure.name].values, color, dashes)
        for measure, color, dashes in ((TRAIN_LOSS, FIRST_COLOR, ""), (VALID_LOSS, SECOND_COLOR, "6 4"))
        if measure.name in run.curves
    ]
    if not lines:
        return ""
    reads_tokens = run.experiment.task.reads_tokens
    return f"<figure>{chart(lines, 'Step', 'Loss', log_y=not reads_tokens)}</figure>"


def _measured(run: ExportedRun) -> dict[str, str]:
    shown = {}
    for name, curve in run.curves.items():
        measure = MEASURES.get(name)
        finite = curve.values[np.isfinite(curve.values)]
        if measure is None or not len(finite):
            continue
        best = f", lowest {finite.min():.5g}" if measure.lowest_is_best else ""
        also = f" (perplexity {perplexity(float(finite[-1])):.4g})" if _is_cross_entropy(run, name) else ""
        shown[measure.label] = f"{finite[-1]:.5g}{also}{best}"
    return shown


def _is_cross_entropy(run: ExportedRun, name: str) -> bool:
    return run.experiment.task.reads_tokens and name in (TRAIN_LOSS.name, VALID_LOSS.name)


def _compared(columns: Mapping[str, Sequence[Any]]) -> str:
    """Curves of a series, or the first words of a text with their surprise; "" for nothing."""
    if "free_running" in columns:
        times = np.asarray(columns["time"], "float64")
        lines = [
            Line("target", times, _numbers(columns["target"]), TARGET_COLOR, width=5),
            Line("teacher-forced", times, _numbers(columns["teacher_forced"]), SECOND_COLOR, "6 4"),
            Line("free-running", times, _numbers(columns["free_running"]), FIRST_COLOR),
        ]
        return f"<figure>{chart(lines, 'Time', 'Value')}</figure>"
    if not columns:
        return ""
    names = list(columns)
    head = "".join(f"<th>{escape(name.replace('_', ' '))}</th>" for name in names)
    rows = list(zip(*columns.values(), strict=True))[:40]
    body = "".join(f"<tr>{''.join(f'<td>{escape(_short(value))}</td>' for value in row)}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def _numbers(values: Sequence[Any]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], "float64")


def _short(value: Any) -> str:
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)


def _sample(run: ExportedRun) -> str:
    tokens = run.samples[-1].content.get("tokens") if run.samples else None
    if not tokens:
        return ""
    gap = " " if getattr(run.experiment.data, "tokens", "words") == "words" else ""
    return f"<pre>{escape(gap.join(tokens[:MOST_WORDS]).replace('<eos>', chr(10)))}</pre>"


def _settings(run: ExportedRun) -> dict[str, str]:
    flat = config.to_flat(run.experiment)
    rows = config.all_settings()
    used = {name: value for name, value in flat.items() if name in rows and not config.why_unused(name, flat)}
    return {rows[name][0].label: _setting(value) for name, value in used.items() if value != ""}


def _setting(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _table(rows: Mapping[str, str]) -> str:
    cells = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows.items())
    return f"<table>{cells}</table>" if rows else ""
