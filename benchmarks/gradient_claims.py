"""What Look inside says about untrained cells: how much of the gradient is left 20 steps back.

The claims are rows of `benchmarks.inside_claims`, and are checked there.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnlab.analyses.gradients import GLOROT, Start
from rnnlab.config import SineData
from rnnlab.data import load_dataset
from rnnlab.data.stretch import windows_ending_at_answers
from rnnlab.inspection.gradients import Shape, untrained_gradients

UNITS, BACK, ROWS = 32, 20, 8

SMALL = 0.1
"""The `init_scale` of ptb_word_lm's small configuration."""

SIMPLE_RNN = Start("simple RNN", "simple_rnn")


def lstm(bias: float) -> Start:
    """An LSTM with this forget bias."""
    return Start(f"LSTM, b = {bias:g}", "lstm", bias)


def share_left(start: Start, init_scale: float, seed: int) -> float:
    """The norm of the gradient with respect to h 20 steps back, over that 1 step back, of a wave's error."""
    data = SineData()
    windows = windows_ending_at_answers(load_dataset(data, 0), data, BACK + 1, ROWS)
    inputs = np.stack([one.inputs for one in windows])
    targets = np.array([one.targets[-1] for one in windows])
    found = untrained_gradients(start.model(UNITS, init_scale), Shape(0, 0, 1), seed, inputs, targets)
    norms = found.norms("layer_0/h")
    return float(norms[BACK] / norms[1])


def share_is_between(start: Start, init_scale: float, low: float, high: float) -> Callable[[int], tuple[bool, str]]:
    """A check of the share that is left, for `inside_claims.Claim`."""

    def check(seed: int) -> tuple[bool, str]:
        share = share_left(start, init_scale, seed)
        return low < share < high, f"share left {share:.3g}"

    return check


INFINITE = float("inf")

GRADIENT_CLAIMS = (
    (
        "vanishing-simple-rnn",
        "Untrained, with weights within 0.1, a simple RNN has less than 1e-6 of the gradient left 20 steps back.",
        share_is_between(SIMPLE_RNN, SMALL, 0.0, 1e-6),
    ),
    (
        "vanishing-lstm-0",
        "An untrained LSTM with forget bias 0 has between 1e-6 and 1e-4 left.",
        share_is_between(lstm(0), SMALL, 1e-6, 1e-4),
    ),
    (
        "vanishing-lstm-1",
        "An untrained LSTM with forget bias 1 has between 1e-3 and 3e-2 left.",
        share_is_between(lstm(1), SMALL, 1e-3, 3e-2),
    ),
    (
        "kept-lstm-5",
        "An untrained LSTM with forget bias 5 has more than half left.",
        share_is_between(lstm(5), SMALL, 0.5, INFINITE),
    ),
    (
        "orthogonal-simple-rnn",
        "With Glorot and orthogonal starts, a simple RNN that reads a wave has between 0.03 and 1 left.",
        share_is_between(SIMPLE_RNN, GLOROT, 0.03, 1.0),
    ),
)
"""Rows of `inside_claims.CLAIMS`: name, sentence, check."""
