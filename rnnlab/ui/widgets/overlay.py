"""The curves of several runs over each other: what is measured, along which axis, and how smooth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import streamlit as st

from rnnlab.config import CONTINUE_SERIES, Experiment
from rnnlab.measures import BATCH_LOSS, LOSS_UNIT, Measure
from rnnlab.plots import palette
from rnnlab.plots.overlay import Overlaid, color_of, overlay_spec, overlay_table
from rnnlab.sentences.settings import told_apart
from rnnlab.store.run import Run
from rnnlab.ui.server.lab_access import my_lab
from rnnlab.ui.widgets.layout import picture_height
from rnnlab.ui.widgets.samples import sample_curves
from rnnlab.watching.groups import compared_measures
from rnnlab.watching.overlay import AXES, Clock, placed, running_mean
from rnnlab.watching.run_table import flat_settings
from rnnlab.watching.trends import finite

HEIGHT = 320
"""Pixels of the chart, where no teacher presents."""

SPANS = {"Off": 1, "5 points": 5, "21 points": 21, "101 points": 101}
"""Points that a smoothed curve is the mean of."""


def color_mark(place: int) -> None:
    """A spot in the colour of a run's curve, to stand before its name."""
    st.html(f'<i class="color-mark" style="background: {color_of(place)}"></i>', width="content")


def overlay(runs: Sequence[Run], colors: Mapping[str, int]) -> None:
    """The curves of some runs, with what is drawn chosen above them.

    Args:
        colors: the place of each run in the palette.
    """
    known = {run.id: experiment for run in runs if (experiment := run.known_experiment) is not None}
    shown = [run for run in runs if run.id in known and run.measured]
    if not shown:
        return
    measure, axis, span, log_y = _choices(shown)
    sets = [flat_settings(run.experiment_json) for run in shown]
    names = told_apart([run.name for run in shown], sets)
    curves = []
    for run, name in zip(shown, names, strict=True):
        curve = my_lab().curve(run.id, measure.name)
        times = my_lab().sample_times(run.id) if axis == "Seconds" else ()
        places, values = placed((curve.steps, curve.values), Clock(run, known[run.id], times), axis)
        smooth = running_mean(values, span) if span > 1 else None
        curves.append(Overlaid(name, color_of(colors[run.id]), places, values, smooth))
    _draw("overlay", curves, axis, measure.label, log_y)
    _caption(curves, span, axis)
    _free_runs({name: (run, known[run.id]) for run, name in zip(shown, names, strict=True)}, colors)


def _draw(key: str, curves: Sequence[Overlaid], x_title: str, y_title: str, log_y: bool = False) -> None:
    table = overlay_table(curves)
    st.vega_lite_chart(
        pa.table({name: pa.array(column, from_pandas=True) for name, column in table.items()}),
        overlay_spec(curves, x_title, y_title, log_y, picture_height(HEIGHT)),
        key=key,
        on_select="rerun",
        selection_mode=["zoom"],
    )


def _free_runs(runs: Mapping[str, tuple[Run, Experiment]], colors: Mapping[str, int]) -> None:
    """What the networks generated last, over each other, if all of them continue the same series."""
    experiments = [experiment for _, experiment in runs.values()]
    same_series = len({experiment.data for experiment in experiments}) == 1
    if not same_series or experiments[0].task != CONTINUE_SERIES:
        return
    curves: list[Overlaid] = []
    for name, (run, experiment) in runs.items():
        sample = my_lab().newest_sample(run.id)
        if sample is None:
            continue
        found = sample_curves(experiment, sample)
        if not curves:
            curves.append(Overlaid("target", palette.TARGET, *found["target"]))
        curves.append(Overlaid(name, color_of(colors[run.id]), *finite(found["generated"])))
    if curves:
        st.markdown("###### What they generate on their own")
        _draw("overlay-free", curves, "Time step", "Value")
        st.caption("The newest sample of each run. Every input is the network's own previous output.")


def _choices(runs: Sequence[Run]) -> tuple[Measure, str, int, bool]:
    """What is drawn: the measure, the horizontal axis, points of the mean, and whether on a logarithmic axis."""
    found = compared_measures(runs)
    found += [BATCH_LOSS] if any(BATCH_LOSS.name in run.measured for run in runs) else []
    measures = {measure.label: measure for measure in found}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="overlay-choices"):
        label = st.selectbox("Measure", list(measures), key="overlay-measure", width=230)
        axis = st.selectbox("Horizontal axis", list(AXES), key="overlay-axis", width=150)
        smooth = st.selectbox("Smoothing", list(SPANS), key="overlay-smoothing", width=150)
        log_y = st.toggle("Log", value=measures[label].unit == LOSS_UNIT, key=f"overlay-log-{measures[label].name}")
    return measures[label], axis, SPANS[smooth], log_y


def _caption(curves: Sequence[Overlaid], span: int, axis: str) -> None:
    sentences = []
    if span > 1:
        sentences.append(f"A thick line is the mean of {span} measured points. The measured curve is faint behind it.")
    if axis == "Seconds":
        sentences.append("Seconds since training began, pauses included.")
    if axis == "Tokens":
        sentences.append("Tokens of a text, or values of a series, that the network was trained on.")
    if not any(len(one.places) for one in curves):
        sentences.append("Nothing has been measured yet.")
    if sentences:
        st.caption(" ".join(sentences))
