"""What a lesson is: one question, a prediction, an experiment, and what it asserts.

A lesson is data. Its folder declares one `Lesson`; its texts lie in the Markdown file beside it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from rnnlab.config import Experiment, Play, Sweep, from_flat
from rnnlab.config.sweep import variant_of
from rnnlab.errors import LabError
from rnnlab.lessons.results import Results, Seen
from rnnlab.measures import VALID_LOSS, Measure
from rnnlab.plots.lesson_pictures import Picture
from rnnlab.presets import preset
from rnnlab.texts import texts_beside

DONT_KNOW = "unknown"
"""The prediction of a person who does not know. It counts."""

LETTERS = "ABCDEF"
PER_CENT = "(%)"
"""Ends the words for a number in per cent."""

POWER = re.compile(r"(\d)e([+-]\d+)")
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
"""Digits of an exponent. Unlike `1e-05` it is never broken into two lines."""

MOST_WORDS, MOST_MINUTES, MOST_SECONDS = 90, 8, 60
"""Words of a step, minutes of a lesson, seconds of its experiment on two quiet cores."""


class NotAPrediction(LabError):
    """A lesson was given a prediction that it does not offer. The message says what it offers."""


@dataclass(frozen=True)
class Choice:
    """One of the answers that can be predicted.

    Attributes:
        key: as which it is kept.
        words: on its button.
        values: its drawing: one value at each place of the ask's picture.
    """

    key: str
    words: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Ask:
    """One question of a lesson, which is answered by a prediction.

    Attributes:
        step: names it in the store; `ask STEP` and `see STEP` are its texts.
        picture: the axes, and what is known before the experiment.
        choices: the drawn answers; () where a number is placed.
        place: the numbers that can be placed; None where there are choices.
        came_out: how the result begins in words.
        question: in a few words, shown again above the result; "" where the lesson asks nothing else.
    """

    step: str
    picture: Picture
    choices: tuple[Choice, ...] = ()
    place: Play | None = None
    came_out: str = "It came out as"
    question: str = ""

    def checked(self, prediction: str) -> str:
        """A prediction as it is kept. Raises `NotAPrediction`."""
        if prediction == DONT_KNOW or prediction in {choice.key for choice in self.choices}:
            return prediction
        number = _number(prediction)
        if self.place and number is not None and self.place.low <= number <= self.place.high:
            return f"{number:.6g}"
        offered = ", ".join(choice.key for choice in self.choices)
        if self.place:
            offered = f"a number from {self.place.low:g} to {self.place.high:g}"
        raise NotAPrediction(f"The prediction was {prediction!r}, but must be {offered} or {DONT_KNOW}; choose again.")

    def drawn(self, prediction: str) -> tuple[float, ...] | float | None:
        """The drawing of a prediction: values, or the height of a line; None for one who does not know."""
        values = {choice.key: choice.values for choice in self.choices}
        if prediction in values:
            return values[prediction]
        return _number(prediction) if self.place and prediction != DONT_KNOW else None

    @property
    def panels(self) -> dict[str, tuple[float, ...]]:
        """The drawing of each choice by its letter: a button below has room for its words."""
        return {letter: choice.values for letter, choice in zip(LETTERS, self.choices, strict=False)}

    def verdict(self, prediction: str, right: str) -> str:
        """A prediction beside what came true, as Markdown."""
        if prediction == DONT_KNOW:
            return f"You did not know. {self.came_out} **{self.words(right)}**."
        if prediction == right:
            return f":green[:material/check:] You predicted **{self.words(right)}**. That is right."
        return f"You predicted **{self.words(prediction)}**. {self.came_out} **{self.words(right)}**."

    def words(self, prediction: str) -> str:
        """A prediction as a person reads it, such as `C: it stands still`."""
        for letter, choice in zip(LETTERS, self.choices, strict=False):
            if choice.key == prediction:
                return f"{letter}: {choice.words}"
        return "I don't know" if prediction == DONT_KNOW else prediction


def _with_raised_powers(text: str) -> str:
    return POWER.sub(lambda found: f"{found[1]}·10{str(int(found[2])).translate(RAISED)}", text)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


@dataclass(frozen=True)
class Trial:
    """One training of a lesson's experiment, or a group of them.

    Attributes:
        preset: the name of the preset that it starts from.
        changes: flat settings that differ from the preset's.
        varied: the values of one setting that each get a training; empty for a single one.
        seeds: trainings of each value.
        is_played_with: whether the settings that a person changes afterwards are changed here.
        name: in the legend; "" names it by what is varied.
    """

    preset: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    varied: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    seeds: int = 1
    is_played_with: bool = True
    name: str = ""

    def sweep(self, played: Mapping[str, Any] | None = None, seed: int = 0) -> Sweep:
        """Its trainings.

        Args:
            played: flat settings that a person has changed.
            seed: of the trial, which has `seeds` seeds of its own.
        Raises:
            InvalidSetting: a changed setting is not allowed or has no effect here.
        """
        changed = dict(played or {}) if self.is_played_with else {}
        kept = {name: value for name, value in changed.items() if name not in self.varied}
        first = seed * self.seeds
        base = from_flat({**self.changes, **kept, "seed": first}, preset(self.preset).experiment)
        return Sweep(base, self.varied, self.seeds)

    @property
    def is_group(self) -> bool:
        """Whether it has several trainings."""
        return bool(self.varied) or self.seeds > 1


@dataclass(frozen=True)
class Lesson:
    """One lesson.

    Attributes:
        id: in links and in the store.
        title: on the screen.
        question: in one sentence, for the list of lessons.
        minutes: that it takes, at most `MOST_MINUTES`.
        file: of its declaration; the texts are in the Markdown file beside it.
        asks: what is predicted, usually one question.
        trials: its experiment.
        controls: the settings that a student may change afterwards. It is a list of what is allowed: no other setting
            ever appears, also none that is added to the lab later.
        see: what the experiment came to, from the trained networks of all trials, in their order.
        holds: whether the numbers of `see` are as the text `claim` says.
        source: of the claim: a paper, or what was measured.
        compared: what a change is about: names of a few numbers of `see`, with the words for each.
        watched: the measure that is drawn while it trains; None where nothing is learned.
    """

    id: str
    title: str
    question: str
    minutes: int
    file: str
    asks: tuple[Ask, ...]
    trials: tuple[Trial, ...]
    controls: tuple[str, ...]
    see: Callable[[Results], Seen]
    holds: Callable[[Mapping[str, float]], bool]
    source: str
    compared: Mapping[str, str]
    watched: Measure | None = VALID_LOSS

    @cached_property
    def texts(self) -> dict[str, str]:
        """Its texts by their names; see `text_names`."""
        return texts_beside(self.file)

    @property
    def text_names(self) -> list[str]:
        """What its Markdown file has: a text for each step, the claim, and notes for the teacher."""
        asked = [f"{part} {ask.step}" for ask in self.asks for part in ("ask", "see")]
        return [*asked, "run", "change", "claim", "teacher"]

    @property
    def played(self) -> Trial:
        """The first trial that is played with."""
        return next(trial for trial in self.trials if trial.is_played_with)

    @property
    def base(self) -> Experiment:
        """Its settings."""
        return self.played.sweep().base

    def told(self, step: str, numbers: Mapping[str, float]) -> str:
        """The text `see STEP` with what came out, as Markdown; 7e-10 as people write it; 40 % and b = 1 in one line."""
        told = _with_raised_powers(self.texts[f"see {step}"].format(**numbers))
        for sign in (" %", " = "):
            told = told.replace(sign, sign.replace(" ", "\N{NO-BREAK SPACE}"))
        return told

    def changes(self, before: Mapping[str, float], now: Mapping[str, float]) -> list[str]:
        """What became of the compared numbers, as Markdown: `Validation loss: 0.003 → **0.001**`; whole per cents."""
        told = []
        for name, words in self.compared.items():
            form = ".0f" if PER_CENT in words else ".2g"
            was, became = (_with_raised_powers(format(one[name], form)) for one in (before, now))
            told.append(f"{words}: {was} → **{became}**")
        return told

    def known(self, predictions: Mapping[str, str]) -> dict[str, str]:
        """Those of some predictions, by step, that the lesson still offers."""
        asks = {ask.step: ask for ask in self.asks}
        found = {}
        for step, prediction in predictions.items():
            if step in asks:
                with suppress(NotAPrediction):
                    found[step] = asks[step].checked(prediction)
        return found

    def conclusions(self, numbers: Mapping[str, float]) -> list[str]:
        """What each question comes to: the paragraph that ends its result, in Markdown; `numbers` as for `told`."""
        return [self.told(ask.step, numbers).rsplit("\n\n", 1)[-1] for ask in self.asks]

    def experiments(self, played: Mapping[str, Any] | None = None, seed: int = 0) -> list[Experiment]:
        """All trainings, in the order in which `see` has them.

        Args:
            played: settings that a person has changed; only the lesson's own controls can be.
            seed: of the experiment: two of them have no training in common.
        """
        return [one for trial in self.trials for one in trial.sweep(played, seed).experiments]

    def labels(self, experiments: list[Experiment]) -> list[str]:
        """A word for each training, which those that differ only in their seed have in common."""
        words = []
        for trial in self.trials:
            count = len(trial.sweep().experiments)
            mine, experiments = experiments[:count], experiments[count:]
            words += [trial.name or variant_of(one, trial.varied) or self.title for one in mine]
        return words

    def ask(self, step: str) -> Ask:
        """The question of that step. Raises `NotAPrediction`."""
        for ask in self.asks:
            if ask.step == step:
                return ask
        raise NotAPrediction(
            f"The lesson {self.id} has no step {step!r}; it has {', '.join(a.step for a in self.asks)}."
        )
