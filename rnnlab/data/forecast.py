"""The end of the training part of a series as the start of a forecast, and the naive forecasts from there."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnlab.data.dataset import Dataset
from rnnlab.errors import LabError


class Known(NamedTuple):
    """The values around the end of the training part, in the units of the data.

    Attributes:
        history: float64 (N,), the training part.
        future: float64 (H,), the values after it that are predicted, H >= 1.
    """

    history: np.ndarray
    future: np.ndarray


class NaiveForecast(NamedTuple):
    """A forecast that takes no network: the value some steps before.

    Attributes:
        label: such as `same as before`.
        one_step: float64 (H,), each from the true values before it.
        alone: float64 (H,), from the history alone, as a free run: its last values again and again.
    """

    label: str
    one_step: np.ndarray
    alone: np.ndarray


def known_around(dataset: Dataset, horizon: int) -> Known:
    """The training part, and up to `horizon` values after it.

    Raises:
        ValueError: the data are no series.
    """
    if dataset.has_tokens or dataset.sequences:
        raise LabError(f"{dataset.label} is no series of values; take the data of a wave or a series of one's own.")
    future = np.concatenate([dataset.valid, dataset.test])[:horizon]
    return Known(dataset.scale.undo(dataset.train), dataset.scale.undo(future))


def naive_forecasts(known: Known, season: int = 0) -> list[NaiveForecast]:
    """`same as before`, and `same as one season before` if there is a season and the history shows one.

    Args:
        known: what is forecast, and from what.
        season: in steps; at most 1 for none.
    Source: the naive and the seasonal naive method of Hyndman and Athanasopoulos 2021.
    """
    lags = {"same as before": 1}
    if 1 < season <= len(known.history):
        lags["same as one season before"] = season
    return [_naive(label, known, lag) for label, lag in lags.items()]


def _naive(label: str, known: Known, lag: int) -> NaiveForecast:
    last, steps = known.history[-lag:], len(known.future)
    return NaiveForecast(label, np.concatenate([last, known.future])[:steps], np.resize(last, steps))
