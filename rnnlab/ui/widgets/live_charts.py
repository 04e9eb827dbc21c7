"""The charts of a run while it trains: the loss, and the gradient's norm."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import streamlit as st

from rnnlab.config import Experiment
from rnnlab.data import floor_perplexity
from rnnlab.measures import GRAD_NORM, TRAIN_LOSS, VALID_LOSS
from rnnlab.plots.live import BEFORE, LEGEND_ROW, MOST_ROWS, line_spec, thinned, wide_table, with_stops
from rnnlab.recorded import Published, RecordedRun, published_like, recorded_like
from rnnlab.store.run import Run
from rnnlab.ui.widgets import layout
from rnnlab.watching.curves import NO_POINTS, Points, Watched, reference_points

MOST_BEFORE = 300
"""Points of a curve of the run before: it lies behind, and costs as much at every tick."""

LOSS_HEIGHT, NORM_HEIGHT = 280, 240
"""Pixels."""


def loss_chart(run: Run, experiment: Experiment, watched: Watched, before: Watched | None, changed: str) -> None:
    """The losses of a run, over those of the run before it and of a recorded run with the same settings.

    Args:
        before: the run that was shown before this one, if it learned the same thing.
        changed: what was different in it, for the legend.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            "###### Loss",
            width="content",
            help="Training and validation loss are measured with the same weights, so the two curves can be compared.",
        )
        measure = "Loss"
        if experiment.task.reads_tokens:
            choices = ["Perplexity", "Loss"]
            measure = st.segmented_control(
                "Measure",
                choices,
                default="Perplexity",
                required=True,
                key=f"measure-{run.id}",
                label_visibility="collapsed",
            )
        log_y = st.toggle("Log", value=True, key=f"log-{run.id}", help="Draw the logarithm of the vertical axis.")
    floor = floor_perplexity(experiment.data) if experiment.task.reads_tokens else None
    recorded = recorded_like(experiment)
    behind = _before_points(before) if before else {}
    behind |= reference_points(recorded, experiment.training.epochs) if recorded else {}
    table = loss_table(watched, floor, behind)
    if measure == "Perplexity":
        table |= {name: np.exp(np.minimum(losses, 700)) for name, losses in table.items() if name != "step"}
    names = list(table)[1:]
    # A title of the legend, so that it belongs to the picture that somebody saves.
    title = f"faint: the run before, with {changed}" if before else None
    title = f"recorded run: {recorded.preset}, {recorded.date}" if recorded else title
    chart(table, names, measure, log_y, f"loss-{run.id}", "live-chart", height=_height(title), legend_title=title)
    if before and recorded:
        st.caption(f"Thin and faint: the run before, with {changed}.")
    if not experiment.training.carry_state:
        st.caption("Trained with the state reset at each window. Both losses are measured with the state carried.")
    if recorded:
        with st.container(key="fold-reference", gap=None):
            st.caption(_recorded_words(recorded))
            published = published_like(experiment)
            if published:
                st.caption(_published_words(published))


def gradient_chart(run: Run, experiment: Experiment, watched: Watched) -> None:
    """The global norm of the gradient before each update, and where it is clipped."""
    norms = watched.points(GRAD_NORM.name)
    curves, clip = {"gradient norm": norms}, experiment.training.clip_norm
    if clip:
        curves["clip norm"] = _level(norms, clip)
    table = wide_table(curves, "step", MOST_ROWS)
    chart(table, list(curves), "Norm", True, f"norm-{run.id}", "norm-chart", height=NORM_HEIGHT)


def loss_table(
    watched: Watched, floor: float | None = None, behind: dict[str, Points] | None = None
) -> dict[str, np.ndarray]:
    """The columns that are drawn, the step and then what is to lie behind first."""
    curves = dict(behind or {})
    curves |= {"train": watched.points(TRAIN_LOSS.name), "validation": watched.points(VALID_LOSS.name)}
    if floor:
        curves["floor"] = _level(curves["validation"], float(np.log(floor)))
    return wide_table(curves, "step")


def chart(
    table: dict[str, np.ndarray],
    series: list[str],
    y_title: str,
    log_y: bool,
    key: str,
    place: str,
    x: str = "step",
    height: int = LOSS_HEIGHT,
    legend_title: str | None = None,
) -> None:
    """A chart that keeps its zoom while its points change.

    Args:
        table: columns by name, of one length.
        series: the columns to draw.
        key: of the chart; another one makes another chart.
        place: the key of the container around it.
    """
    with st.container(key=place):
        # Selecting is what makes Streamlit keep the chart, and with it the zoom, when the data change.
        spec = line_spec(series, x, y_title, log_y, layout.picture_height(height), legend_title)
        st.vega_lite_chart(_as_arrow(with_stops(table)), spec, key=key, on_select="rerun", selection_mode=["zoom"])


def _height(legend_title: str | None) -> int:
    """A longer legend must not take its room from the curves."""
    return LOSS_HEIGHT + 2 * LEGEND_ROW if legend_title else LOSS_HEIGHT


def _before_points(before: Watched) -> dict[str, Points]:
    points = {}
    for name, measure in zip(BEFORE, (TRAIN_LOSS, VALID_LOSS), strict=True):
        steps, values = before.points(measure.name)
        points[name] = (thinned(steps, MOST_BEFORE), thinned(values, MOST_BEFORE)) if len(steps) else NO_POINTS
    return points


def _recorded_words(recorded: RecordedRun) -> str:
    return (
        f"Faint and broad: the recorded run of {recorded.preset} of {recorded.date}. Its test perplexity is "
        f"{recorded.epochs[-1].test:.2f} after {_epochs(len(recorded.epochs))}, and {recorded.test_word_by_word:.2f} "
        f"when the test text is read word by word. Made by `{recorded.command}`."
    )


def _published_words(published: Published) -> str:
    return (
        f"Published for these settings, not measured here (`{published.source}`, {_epochs(published.epochs)}): "
        f"train {published.train:.2f}, validation {published.valid:.2f}, test {published.test:.2f}."
    )


def _epochs(count: int) -> str:
    return f"{count} epoch{'' if count == 1 else 's'}"


def _as_arrow(table: dict[str, np.ndarray]) -> pa.Table:
    """What Streamlit makes of a data frame in ten times the time: it asks each column what it is, in threads."""
    return pa.table({name: pa.array(column, from_pandas=True) for name, column in table.items()})


def _level(like: Points, value: float) -> Points:
    """A straight line under a curve."""
    return like[0], np.full(len(like[0]), value)
