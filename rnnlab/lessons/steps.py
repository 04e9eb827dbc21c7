"""The steps of a lesson in their order, and which of them may be opened."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from rnnlab.lessons.lesson import Lesson

PREDICT, RUN, SEE, CHANGE, TAKE_AWAY = "predict", "run", "see", "change", "take-away"
"""Kinds of steps."""

TITLES = {
    PREDICT: "Predict",
    RUN: "Run",
    SEE: "See",
    CHANGE: "Now change one thing",
    TAKE_AWAY: "Take away",
}


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        kind: one of `TITLES`.
        asked: the question that it is about, by `Ask.step`; "" if it is about the whole lesson.
    """

    kind: str
    asked: str = ""

    @property
    def key(self) -> str:
        """Its name in a link."""
        return f"{self.kind}-{self.asked}" if self.asked else self.kind


def steps_of(lesson: Lesson) -> list[Step]:
    """All steps: the predictions come before anything is run, and so before anything is seen."""
    predict, see = ([Step(kind, ask.step) for ask in lesson.asks] for kind in (PREDICT, SEE))
    return [*predict, Step(RUN), *see, Step(CHANGE), Step(TAKE_AWAY)]


def after(lesson: Lesson, step: Step) -> Step:
    """The step that follows; the last one is followed by itself."""
    steps = steps_of(lesson)
    return steps[min(steps.index(step) + 1, len(steps) - 1)]


def opened(lesson: Lesson, wanted: str, predicted: Collection[str], has_result: bool) -> Step:
    """The step that is shown.

    Args:
        wanted: the key of a step; anything else stands for the first one.
        predicted: the questions that have a prediction.
        has_result: whether the experiment has been run to its end.
    Returns:
        The wanted step; or the first prediction that is missing before it, or the experiment if that is missing.
    """
    steps = steps_of(lesson)
    step = next((one for one in steps if one.key == wanted), steps[0])
    missing = [one for one in steps if one.kind == PREDICT and one.asked not in predicted]
    if missing and steps.index(step) > steps.index(missing[0]):
        return missing[0]
    return step if has_result or step.kind in (PREDICT, RUN) else Step(RUN)
