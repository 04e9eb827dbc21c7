"""The charts of a run while it trains: the loss, and the gradient's norm."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import NamedTuple

import numpy as np
import streamlit as st

from rnnlab import config
from rnnlab.config import Experiment, Task, TrainingConfig, counted
from rnnlab.config.live_changes import read_changes
from rnnlab.data.levels import Level, known_level
from rnnlab.formulas import perplexities
from rnnlab.measures import ACCURACIES, BATCH_LOSS, GRAD_NORM, TRAIN_LOSS, VALID_LOSS, Measure
from rnnlab.plots.live import BEFORE, thinned, wide_table
from rnnlab.recorded import Published, RecordedRun, published_like, recorded_like
from rnnlab.sentences.live import accuracy_sentence, gradient_sentence, loss_sentence
from rnnlab.store.run import Run
from rnnlab.ui.markdown import texts_beside
from rnnlab.ui.widgets.live_chart import live_chart
from rnnlab.watching.curves import NO_POINTS, Points, Watched, reference_points
from rnnlab.watching.diagnosis import Finding

TEXTS = texts_beside(__file__)

LOSSES = (TRAIN_LOSS, VALID_LOSS)

MOST_BEFORE = 300
"""Points of a curve of the run before: it lies behind, and costs as much at every tick."""

MARKS = {"overfitting": "lowest validation", "exploded": "explosion"}
"""Words for the step of a finding, by its kind."""


class Before(NamedTuple):
    """The run that was shown before another one.

    Attributes:
        watched: its curves.
        settings: what was different in it, in words.
    """

    watched: Watched
    settings: str


def loss_chart(
    run: Run,
    experiment: Experiment,
    watched: Watched,
    findings: Sequence[Finding],
    before: Before | None,
) -> None:
    """The losses of a run, over those of the run before it and of a recorded run with the same settings.

    Args:
        findings: what the curves say; the step of the first that has one is marked.
        before: the run that was shown before this one, if it learned the same thing.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="loss-head"):
        st.markdown(
            "###### Loss",
            width="content",
            help="Training and validation loss are measured with the same weights, so the two curves can be compared.",
        )
        choices = drawn_measures(experiment.task)
        measure = choices[0]
        if len(choices) > 1:
            measure = st.segmented_control(
                "Measure",
                choices,
                default=measure,
                required=True,
                key=f"measure-{run.id}",
                label_visibility="collapsed",
            )
        is_accuracy = measure == "Accuracy"
        words = "Draw the logarithm of the vertical axis."
        log_y = not is_accuracy and st.toggle("Log", value=True, key=f"log-{run.id}", help=words)
    level = known_level(experiment)
    recorded = recorded_like(experiment)
    behind = _before_points(before.watched) if before else {}
    behind |= reference_points(recorded, experiment.training.epochs) if recorded else {}
    marked = next((finding for finding in findings if finding.step is not None and finding.kind in MARKS), None)
    table = loss_table(watched, level, behind, shows_updates=marked is not None and marked.kind == "exploded")
    if is_accuracy:
        table = accuracy_table(watched, level, before)
    elif measure == "Perplexity":
        table |= {name: perplexities(losses) for name, losses in table.items() if name != "step"}
    # A title of the legend, so that it belongs to the picture that somebody saves.
    title = f"faint: the run before, with {before.settings}" if before else None
    title = f"recorded run: {recorded.preset}, {recorded.date}" if recorded else title
    # A longer legend must not take its room from the curves.
    with st.container(key="long-legend") if title else nullcontext():
        live_chart(
            table,
            measure,
            key=f"loss-{run.id}",
            place="live-chart",
            log_y=log_y,
            height=None,
            legend_title=title,
            marks=[*_finding_mark(marked), *_change_marks(experiment.training)],
        )
    train, valid = (watched.points(one.name)[1] for one in (ACCURACIES.values() if is_accuracy else LOSSES))
    st.caption(accuracy_sentence(train, valid) if is_accuracy else loss_sentence(train, valid, measure == "Perplexity"))
    if before and recorded:
        st.caption(f"Thin and faint: the run before, with {before.settings}.")
    if not experiment.training.carry_state and not experiment.task.is_sequences:
        st.caption("The state is reset at each window, in training and when the two losses are measured.")
    if recorded:
        with st.container(key="fold-reference", gap=None):
            st.caption(_recorded_words(recorded))
            published = published_like(experiment)
            if published:
                st.caption(_published_words(published))


def _finding_mark(marked: Finding | None) -> list[tuple[int, str]]:
    return [(marked.step, MARKS[marked.kind])] if marked and marked.step is not None else []


def _change_marks(training: TrainingConfig) -> list[tuple[int, str]]:
    """What was moved while it trained, such as `learning rate 0.001`."""
    rows = config.all_settings()
    return [
        (change.step, f"{rows[change.name][0].label.lower()} {change.value:g}")
        for change in read_changes(training.changes)
    ]


def gradient_chart(run: Run, experiment: Experiment, watched: Watched) -> None:
    """The global norm of the gradient before each update, and where it is clipped."""
    norms = watched.points(GRAD_NORM.name)
    curves, clip = {"gradient norm": norms}, experiment.training.clip_norm
    if clip:
        curves["clip norm"] = _level(norms, clip)
    live_chart(wide_table(curves, "step"), "Norm", key=f"norm-{run.id}", place="norm-chart", log_y=True)
    st.caption(gradient_sentence(watched.newest_norms, clip))


def loss_table(
    watched: Watched,
    level: Level | None = None,
    behind: dict[str, Points] | None = None,
    shows_updates: bool = False,
) -> dict[str, np.ndarray]:
    """The columns that are drawn, the step and then what is to lie behind first.

    Args:
        level: a loss that is known, to compare with.
        shows_updates: whether the loss of each update is drawn, up to the step at which a number overflowed.
    """
    curves = dict(behind or {})
    if shows_updates:
        steps, losses = watched.points(BATCH_LOSS.name)
        if watched.overflow_step is not None:  # A row without a value, so that the axis reaches it.
            steps, losses = np.append(steps, watched.overflow_step), np.append(losses, np.nan)
        curves["each update"] = (steps, losses)
    curves |= {"train": watched.points(TRAIN_LOSS.name), "validation": watched.points(VALID_LOSS.name)}
    if level:
        curves[level.name] = _level(curves["validation"], level.loss)
    return wide_table(curves, "step")


def accuracy_table(watched: Watched, level: Level | None = None, before: Before | None = None) -> dict[str, np.ndarray]:
    """The accuracies as columns, the step first.

    Args:
        level: the loss of a guess; its accuracy is drawn too. Other levels have none.
        before: the run that was shown before this one.
    """
    measures = tuple(ACCURACIES.values())
    train, valid = (watched.points(measure.name) for measure in measures)
    curves = _before_points(before.watched, measures) if before else {}
    curves |= {"train": train, "validation": valid}
    if level and level.accuracy is not None:
        curves[level.name] = _level(valid, level.accuracy)
    return wide_table(curves, "step")


def drawn_measures(task: Task) -> list[str]:
    """What the chart of a run can show, the first one until somebody chooses."""
    perplexity = ["Perplexity"] if task.is_perplexity else []
    accuracy = ["Accuracy"] if task.tags else []
    return [*accuracy, *perplexity, "Loss"] if task.is_sequences else [*perplexity, "Loss", *accuracy]


def _before_points(before: Watched, measures: Sequence[Measure] = LOSSES) -> dict[str, Points]:
    points = {}
    for name, measure in zip(BEFORE, measures, strict=True):
        steps, values = before.points(measure.name)
        points[name] = (thinned(steps, MOST_BEFORE), thinned(values, MOST_BEFORE)) if len(steps) else NO_POINTS
    return points


def _recorded_words(recorded: RecordedRun) -> str:
    epochs = counted(len(recorded.epochs), "epoch")
    return TEXTS["recorded"].format(recorded=recorded, test=recorded.epochs[-1].test, epochs=epochs)


def _published_words(published: Published) -> str:
    return TEXTS["published"].format(published=published, epochs=counted(published.epochs, "epoch"))


def _level(like: Points, value: float) -> Points:
    """A straight line under a curve."""
    return like[0], np.full(len(like[0]), value)
