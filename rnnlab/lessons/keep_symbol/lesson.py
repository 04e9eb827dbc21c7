"""Keep one symbol for 50 steps: what the forget bias buys."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import cast

import numpy as np

from rnnlab.analyses.memory import RecallSymbols
from rnnlab.config import MemoryData
from rnnlab.formulas.forgetting import share_kept
from rnnlab.lessons.lesson import Ask, Choice, Lesson, Trial
from rnnlab.lessons.results import Results, Seen, floats
from rnnlab.measures import VALID_ACCURACY
from rnnlab.plots.lesson_pictures import BARS, Line, Picture
from rnnlab.presets import DELAYED_RECALL

BIASES = (0.0, 1.0, 4.0)
NAMES = tuple(f"bias {bias:g}" for bias in BIASES)
CHANCE = 1 / 8
LEARNED = 0.5
"""Share of right answers from which a network has learned something."""

CHANCES = Line("chance", (CHANCE,) * len(BIASES), is_truth=True)
LEARN_IT = Ask(
    "bias",
    Picture("Forget bias", "Right answers", NAMES, (CHANCES,), limits=(0, 1.05), kind=BARS),
    (
        Choice("all", "all three", (1.0, 1.0, 1.0)),
        Choice("1-4", "1 and 4", (CHANCE, 1.0, 1.0)),
        Choice("1", "only 1", (CHANCE, 1.0, CHANCE)),
        Choice("4", "only 4", (CHANCE, CHANCE, 1.0)),
    ),
)


def see(results: Results) -> Seen:
    """The share of right answers with each forget bias."""
    shares = tuple(results.ask(RecallSymbols(), index).accuracy for index in range(len(BIASES)))
    learned = tuple(share > LEARNED for share in shares)
    drawn = {tuple(value > LEARNED for value in choice.values): choice.key for choice in LEARN_IT.choices}
    picture = LEARN_IT.picture.with_lines(CHANCES, Line("right answers", shares, BARS))
    numbers = {f"bias{bias:g}": share for bias, share in zip(BIASES, shares, strict=True)}
    right = drawn.get(learned, "none of these")
    blanks = cast(MemoryData, results.experiments[0].data).time_lag
    closer = {LEARN_IT.step: {"Before training": _kept_before_training(blanks)}}
    return Seen({LEARN_IT.step: picture}, numbers, {LEARN_IT.step: right}, closer=closer)


def _kept_before_training(blanks: int) -> Picture:
    """What a forget gate leaves of the memory over the blanks, while only its bias opens it."""
    steps = np.arange(blanks + 1)
    biases = {**dict(zip(NAMES, BIASES, strict=True)), f"bias ln {blanks}": math.log(blanks)}
    lines = tuple(Line(name, floats(share_kept(bias, steps))) for name, bias in biases.items())
    return Picture("Blanks", "Memory kept", tuple(map(int, steps)), lines, limits=(0, 1.05))


def holds(numbers: Mapping[str, float]) -> bool:
    """Whether the numbers are as the text `claim` says."""
    return numbers["bias4"] > 0.9 and numbers["bias0"] < 0.3 and numbers["bias1"] < 0.3


KEEP_SYMBOL = Lesson(
    id="keep-symbol",
    title="Keep one symbol for 50 steps",
    question="What does the forget bias buy?",
    minutes=6,
    file=__file__,
    asks=(LEARN_IT,),
    trials=(Trial(DELAYED_RECALL.name, varied={"forget_bias": BIASES}),),
    controls=("time_lag", "epochs", "units"),
    see=see,
    holds=holds,
    compared={f"bias{bias:g}": f"Right answers, bias {bias:g}" for bias in BIASES},
    source="Tallec and Ollivier 2018; ten seeds here",
    watched=VALID_ACCURACY,
)
