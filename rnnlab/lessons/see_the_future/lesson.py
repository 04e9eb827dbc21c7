"""Must it see the future? Whether `the` is singular or plural is known only from the noun after it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnlab.analyses.tags import TagsAnswer, TagsOfStretch
from rnnlab.config import Play
from rnnlab.lessons.lesson import Ask, Lesson, Trial
from rnnlab.lessons.results import Results, Seen
from rnnlab.measures import VALID_ACCURACY, VALID_LOSS
from rnnlab.plots.lesson_pictures import BARS, Line, Picture
from rnnlab.presets import GRAMMAR_NUMBERS

WAYS = ("left to right", "both ways")
WORD = "the"
STRETCH = 4_000
"""Words of the validation text that are labelled."""

ALL = Line("all correct", (100.0, 100.0), is_truth=True)
GUESS = Line("a guess", (50.0, 50.0), is_truth=True)
SHARE = Ask(
    "share",
    Picture("How it reads", "Correct labels of “the”, %", WAYS, (ALL,), limits=(0, 112), kind=BARS),
    place=Play(0, 100, 5),
)


def see(results: Results) -> Seen:
    """The share of right labels of `the`, and the perplexity of all labels, of both ways to read."""
    forward, both = (_share(results.ask(TagsOfStretch(0, STRETCH), index)) for index in (0, 1))
    losses = [float(results.curve(VALID_LOSS, index)[1][-1]) for index in (0, 1)]
    numbers = {
        "forward": forward,
        "both": both,
        "perplexity_forward": float(np.exp(losses[0])),
        "perplexity_both": float(np.exp(losses[1])),
    }
    picture = SHARE.picture.with_lines(ALL, GUESS, Line("correct labels", (forward, both), BARS))
    return Seen({SHARE.step: picture}, numbers, {SHARE.step: f"{forward:.0f}"})


def _share(answer: TagsAnswer) -> float:
    """Per cent of the right labels of the word whose number shows later only."""
    asked = np.array([word == WORD for word in answer.inputs]) & (answer.truth >= 0)
    said = answer.probabilities.argmax(axis=1)
    return float(100 * np.mean(said[asked] == answer.truth[asked]))


def holds(numbers: Mapping[str, float]) -> bool:
    """Whether the numbers are as the text `claim` says."""
    sees = numbers["perplexity_both"] < 1.02 and numbers["both"] > 95
    return sees and numbers["perplexity_forward"] > 1.06 and numbers["forward"] < 80


SEE_THE_FUTURE = Lesson(
    id="see-the-future",
    title="Must it see the future?",
    question="Is `the` singular or plural, if the noun comes later?",
    minutes=5,
    file=__file__,
    asks=(SHARE,),
    trials=(
        Trial(GRAMMAR_NUMBERS.name, {"unrolling": "dynamic"}, name="left to right"),
        Trial(GRAMMAR_NUMBERS.name, {"unrolling": "bidirectional"}, name="both ways"),
    ),
    controls=("units", "epochs", "num_steps"),
    see=see,
    holds=holds,
    compared={"forward": "Left to right (%)", "both": "Both ways (%)"},
    source="Schuster and Paliwal 1997; ten seeds here",
    watched=VALID_ACCURACY,
)
