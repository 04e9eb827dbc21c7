"""The figures of the Data screen."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from rnnlab.config import RECALL, Experiment
from rnnlab.data import Dataset, tables
from rnnlab.data.vocabulary import visible
from rnnlab.errors import LabError
from rnnlab.plots.sequences import adding_figure
from rnnlab.plots.waves import inputs_targets_figure, wave_figure
from rnnlab.plots.words import frequent_words_figure, rank_frequency_figure

WORDS = 20
"""Frequent tokens that are drawn."""


def data_figure(experiment: Experiment, dataset: Dataset) -> go.Figure:
    """What the network learns from.

    Raises:
        ValueError: the data are symbols and blanks, which no curve shows.
    """
    if experiment.task.name == RECALL.name:
        raise LabError("The sequences of delayed recall are drawn by run.compare().picture().")
    if dataset.sequences:
        values = dataset.sequences["train"].inputs[0]
        return adding_figure(values[:, 0], values[:, 1])
    if dataset.has_tokens:
        words, counts = zip(*tables.frequent_words(dataset, WORDS), strict=True)
        return frequent_words_figure([visible(word) for word in words], counts)
    train, valid, test = (dataset.scale.undo(dataset.split(name)) for name in ("train", "valid", "test"))
    if experiment.data.needs_own_text:
        return wave_figure(train, np.concatenate([valid, test]), "validation and test")
    return wave_figure(train, valid)


def inputs_figure(dataset: Dataset, steps: int) -> go.Figure:
    """Input and target of a series at its first steps."""
    if dataset.has_tokens or dataset.sequences:
        raise LabError("Only a wave or a series has inputs and targets that are drawn as curves.")
    streams = dataset.streams("train", 1)
    inputs = dataset.scale.undo(streams.inputs[0, :steps, 0])
    targets = streams.targets[0, :steps]
    return inputs_targets_figure(inputs, targets if dataset.tags else dataset.scale.undo(targets[:, 0]))


def ranks_figure(dataset: Dataset) -> go.Figure:
    """The rank-frequency curve of a text."""
    if not dataset.has_tokens or dataset.sequences:
        raise LabError("Only a text has tokens to count; take run.data_figure().")
    return rank_frequency_figure(*tables.rank_frequency(dataset))
