"""How fast a forget gate forgets: the closed form, without a network."""

from __future__ import annotations

import math

import numpy as np


def share_kept(forget_bias: float, steps: float | np.ndarray) -> np.ndarray:
    """What is left of an LSTM's memory c after some steps when only the bias opens the forget gate.

    Every step multiplies c by sigmoid(forget_bias), so k steps leave sigmoid(forget_bias) ** k of it.

    Args:
        forget_bias: what is added to the forget gate before its sigmoid.
        steps: k, >= 0; a number or an array of any shape.
    Returns:
        float64 of the shape of `steps`, between 0 and 1.
    Source: Gers 2000; Jozefowicz 2015 on why the bias should not start at 0.
    """
    # log(sigmoid(b)) = -log(1 + exp(-b)), which neither overflows nor loses the small gates to rounding.
    return np.exp(-np.logaddexp(0.0, -forget_bias) * np.asarray(steps, "float64"))


def half_life(forget_bias: float) -> float:
    """The number of steps after which half of the memory is left when only the bias opens the forget gate.

    It is the k with sigmoid(forget_bias) ** k = 1/2: 1 for a bias of 0, 2.2 for 1, 5.5 for 2.

    Args:
        forget_bias: what is added to the forget gate before its sigmoid; any number that the setting allows.
    Returns:
        Steps, > 0; a fraction of a step for a gate that keeps less than half.
    """
    return float(math.log(2.0) / np.logaddexp(0.0, -forget_bias))
