"""A stretch of the data that a network is looked at with, and windows that end at a step whose answer counts."""

from __future__ import annotations

import dataclasses
from typing import Any, NamedTuple

import numpy as np

from rnnlab.config import DataSettings, SineData
from rnnlab.data.batching import Streams
from rnnlab.data.dataset import Dataset
from rnnlab.data.sine import wave
from rnnlab.errors import LabError


class Stretch(NamedTuple):
    """T steps, as the network reads them.

    Attributes:
        inputs: int32 (T,) token ids, or float32 (T, F) values.
        targets: int32 (T,) tokens or labels, or float32 (T,) values.
        counts: bool (T,), whether the target of a step counts.
        start: the step of the data that is the first one here, or the number of a separate sequence.
    """

    inputs: np.ndarray
    targets: np.ndarray
    counts: np.ndarray
    start: int


def stretch_of(dataset: Dataset, data: DataSettings, start: int, length: int) -> Stretch:
    """Successive steps: of the validation part of a text, of a whole series, or one separate validation sequence.

    Args:
        dataset: the data.
        data: the settings that the dataset was made with.
        start: first step, or the number of a separate sequence. A start past the end is set back to where the data
            still have `length` steps, and the number of a sequence counts on from 0 again.
        length: steps, >= 1; fewer where the data have fewer. A separate sequence has its own length.
    """
    if length < 1:
        raise LabError(f"The length was {length}, but must be at least 1; take 1 or more.")
    if dataset.sequences:
        streams = _sequences(dataset)
        return _row(streams, start % len(streams.weights), 0, streams.weights.shape[1])._replace(
            start=start % len(streams.weights)
        )
    if isinstance(data, SineData):  # A wave has no end.
        return _row(_series(dataset, wave(data, length + 2, start)), 0, 0, length)._replace(start=start)
    streams = _all_steps(dataset)
    first = max(0, min(start, streams.weights.shape[1] - length))
    return _row(streams, 0, first, length)


def windows_ending_at_answers(dataset: Dataset, data: DataSettings, steps: int, rows: int) -> list[Stretch]:
    """Windows of equal length whose last step has an answer that counts, evenly spread over the data.

    Args:
        dataset, data: as in `stretch_of`.
        steps: of each window; a separate sequence has its own length, and short data have shorter windows.
        rows: windows, >= 1; fewer where the data have fewer.
    Raises:
        ValueError: no step has an answer that counts.
    """
    if dataset.sequences:
        return [stretch_of(dataset, data, row, steps) for row in range(min(rows, len(_sequences(dataset).weights)))]
    streams = _all_steps(dataset)
    counted = np.flatnonzero(streams.weights[0])
    if not len(counted):
        raise LabError(f"{dataset.label} has no step with a known answer; take other data.")
    length = min(steps, counted[-1] + 1)
    ends = counted[counted >= length - 1]
    chosen = ends[np.unique(np.linspace(0, len(ends) - 1, rows).astype(int))]
    return [_row(streams, 0, end + 1 - length, length) for end in chosen]


def _sequences(dataset: Dataset) -> Streams:
    validation = dataset.sequences["valid"]
    return validation.streams(len(validation.inputs))


def _all_steps(dataset: Dataset) -> Streams:
    """All steps in one stream: of the validation part of a text, or of a whole series."""
    if dataset.has_tokens:
        return dataset.streams("valid", 1)
    return _series(dataset, np.concatenate([dataset.train, dataset.valid, dataset.test]))


def _series(dataset: Dataset, values: np.ndarray) -> Streams:
    """These values in one stream, paired with targets as the dataset's own are."""
    own: dict[str, Any] = {"train": values}
    return dataclasses.replace(dataset, **own).streams("train", 1)


def _row(streams: Streams, row: int, first: int, length: int) -> Stretch:
    part = slice(first, first + length)
    inputs, targets = streams.inputs[row, part], streams.targets[row, part]
    if inputs.dtype.kind == "f" and inputs.ndim == 1:
        inputs = inputs[:, None]
    targets = targets.reshape(len(targets))
    return Stretch(inputs, targets, streams.weights[row, part] > 0, first)
