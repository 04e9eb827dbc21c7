"""Separate sequences and a network's answers to them, on Data, Train and Compare."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from rnnlab.config import Experiment, MemoryData
from rnnlab.data import Dataset
from rnnlab.plots.live import wide_table
from rnnlab.sentences import memory as sentences
from rnnlab.sentences.live import labels_sentence
from rnnlab.ui.widgets import layout
from rnnlab.ui.widgets.figure import STATIC
from rnnlab.ui.widgets.live_chart import HEIGHT, live_chart
from rnnlab.watching.curves import Points

MOST_STRIPS = 8
"""Sequences that are drawn below each other."""

LOWEST_ROW = 20
"""Pixels of a sequence, at least, where many share the height of a chart."""


def sequences_overview(dataset: Dataset, data: MemoryData) -> None:
    """What the network reads and what it should answer, with its sentence."""
    if dataset.tags:
        _recall_overview(dataset, data)
    else:
        _adding_overview(dataset)


def _recall_overview(dataset: Dataset, data: MemoryData) -> None:
    from rnnlab.plots.sequences import recall_picture

    st.markdown(sentences.recall_sentence(data.symbols, data.time_lag))
    rows = dataset.sequences["train"].answers[:MOST_STRIPS].tolist()
    with st.container(key="strips"):
        st.html(recall_picture(dataset.tags, data.time_lag, rows=rows).html)
    st.caption(f"The first {len(rows)} training sequences. The symbols come in an order that the seed decides.")


def _adding_overview(dataset: Dataset) -> None:
    from rnnlab.plots.sequences import adding_figure

    numbers, marks = dataset.sequences["train"].inputs[0].T
    st.markdown(sentences.adding_sentence(numbers[marks == 1].tolist(), len(numbers)))
    st.plotly_chart(adding_figure(numbers, marks), config=STATIC, key="adding")
    st.caption("The first training sequence. The seed decides the numbers and the marks.")


def recall_sample(content: dict[str, Any], experiment: Experiment, data: MemoryData) -> str:
    """The answer to each symbol; returns a sentence on what to look at.

    Args:
        content: as `rnnlab.generation.answers.answers_of` gives it.
        experiment: of the run.
        data: its settings.
    """
    from rnnlab.plots.sequences import recall_picture

    probabilities, rows = np.array(content["probabilities"], "float64"), content["truth"]
    row_height = max(LOWEST_ROW, layout.picture_height(HEIGHT) // (len(rows) + 1))
    picture = recall_picture(experiment.task.tags, data.time_lag, probabilities, rows, row_height)
    with st.container(key="live-sample"):
        st.html(picture.html)
    if not np.isfinite(probabilities).all():
        return labels_sentence(content["truth"], content["probabilities"])
    accuracy = float(np.mean(probabilities.argmax(axis=1) == np.array(rows)))
    return sentences.recall_verdict(accuracy, len(rows), data.time_lag)


def adding_sample(key: str, content: dict[str, Any]) -> str:
    """The answered sums beside the right ones; returns a sentence on what to look at.

    Args:
        key: of the chart.
        content: as `rnnlab.generation.answers.answers_of` gives it.
    """
    curves = sum_curves(content)
    live_chart(wide_table(curves, "sequence"), "Sum", key=key, place="live-sample", x="sequence")
    errors = curves["answer"][1] - curves["right sum"][1]
    return sentences.adding_verdict(float(np.mean(errors**2)))


def sum_curves(content: dict[str, Any]) -> dict[str, Points]:
    """The right sums, ascending, and the network's answers to the same sequences."""
    truth = np.array(content["truth"], "float64")
    order, numbers = np.argsort(truth), np.arange(len(truth))
    values = np.array(content["values"], "float64")  # None becomes NaN.
    return {
        "right sum": (numbers, truth[order]),
        "always 1": (numbers, np.ones(len(truth))),
        "answer": (numbers, values[order]),
    }
