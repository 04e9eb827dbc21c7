"""How far back the error reaches in a network before its training."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnlab.analyses.gradients import GLOROT, UntrainedAnswer, UntrainedGradients
from rnnlab.lessons.lesson import Ask, Choice, Lesson, Trial
from rnnlab.lessons.results import Results, Seen, floats
from rnnlab.plots.lesson_pictures import DOTS, Line, Picture
from rnnlab.presets import SINE

REACH = 20
"""Steps back."""

STARTS = {"simple RNN": "simple", "LSTM, b = 0": "bias0", "LSTM, b = 1": "bias1", "LSTM, b = 5": "bias5"}
"""The compared cells, by the labels of `rnnlab.analyses.gradients`, and the names of their numbers."""

PLACES = ("simple RNN", "b = 0", "b = 1", "b = 5")
"""The same in the picture, where there is little room."""

SMALL = 0.1
"""The `init_scale` of ptb_word_lm, which the question is about."""

ORDER = Ask(
    "order",
    Picture("Cell, or forget bias b of an LSTM", "Gradient remaining", PLACES, log_y=True, kind=DOTS),
    (
        Choice("rises", "b=5 most", (1e-9, 1e-5, 1e-2, 1.0)),
        Choice("same", "all alike", (1e-3, 1e-3, 1e-3, 1e-3)),
        Choice("falls", "simple RNN most", (1.0, 1e-2, 1e-5, 1e-9)),
    ),
)


def see(results: Results) -> Seen:
    """What is left of the gradient 20 steps back, of each cell and both starts."""
    answer = results.ask(UntrainedGradients(REACH))
    remaining = _remaining(answer, SMALL)
    small, glorot = (
        tuple(float(curve[-1]) for curve in curves.values()) for curves in (remaining, _remaining(answer, GLOROT))
    )
    lines = (
        Line("small weights (-0.1 to 0.1)", small, DOTS),
        Line("Glorot and orthogonal", glorot, DOTS),
    )
    numbers = dict(zip(STARTS.values(), small, strict=True)) | {"simple_glorot": glorot[0]}
    rises, falls = ([*small] == sorted(small, reverse=down) for down in (False, True))
    came_true = "rises" if rises and small[-1] > 2 * small[0] else "falls" if falls else "same"
    steps, curves = tuple(range(1, REACH + 1)), tuple(Line(label, floats(curve)) for label, curve in remaining.items())
    back = Picture("Steps back", "Gradient remaining", steps, curves, log_y=True, first_color=len(lines))
    pictures, closer = {ORDER.step: ORDER.picture.with_lines(*lines)}, {ORDER.step: {"Step by step": back}}
    return Seen(pictures, numbers, {ORDER.step: came_true}, closer=closer)


def _remaining(answer: UntrainedAnswer, scale: float) -> dict[str, np.ndarray]:
    """The gradient 1 to `REACH` steps back, divided by that one step back, of each of `STARTS`; float (REACH,)."""
    labels = [start.label for start in answer.starts]
    norms = answer.norms[answer.init_scales.index(scale)]  # (starts, K + 1)
    return {label: norms[labels.index(label), 1:] / norms[labels.index(label), 1] for label in STARTS}


def holds(numbers: Mapping[str, float]) -> bool:
    """Whether the numbers are as the text `claim` says."""
    in_order = numbers["simple"] < 1e-6 < numbers["bias0"] < 1e-3 < numbers["bias1"] < 0.1 < numbers["bias5"]
    return bool(in_order and np.isfinite(numbers["bias5"])) and numbers["simple_glorot"] > 0.01


HOW_FAR_BACK = Lesson(
    id="how-far-back",
    title="How far back does the error reach?",
    question="Which cell still feels an error 20 steps back?",
    minutes=6,
    file=__file__,
    asks=(ORDER,),
    trials=(Trial(SINE.name, {"epochs": 1, "full_rate_epochs": 1}),),
    controls=("units", "frequency"),
    see=see,
    holds=holds,
    source="Bengio, Simard and Frasconi 1994; Pascanu 2013; ten seeds here",
    compared={number: label for label, number in STARTS.items()},
    watched=None,
)
