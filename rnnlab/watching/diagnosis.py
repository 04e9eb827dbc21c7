"""What the curves of a run say about its training: a few findings, each with a sentence, the most important first.

    history of the run -> one function for each kind of finding -> the findings that there are

Each function of `KINDS` asks one question and says nothing when its evidence does not exceed the noise of the curve. A
finding that was already shown stays until the evidence is half as strong, so that a sentence does not come and go from
look to look.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from rnnlab.formulas import perplexity, written
from rnnlab.watching.trends import NO_POINTS, Points, finite, flat_since, grouped, noise, smoothed

FEWEST_POINTS = 12
"""Evaluations, and updates, before a trend is spoken of."""

NEWEST = 5
"""Points whose mean is called the present value."""

NOTABLE = 0.02
"""Relative change of a loss below 1, or of a perplexity, that a person would see on the chart."""

LUCK = 4.0
"""Standard deviations of the noise that a rise must exceed: the lowest of many values is low by luck, too."""

EXPLODED_FACTOR, EXPLODED_PERPLEXITY = 10.0, 1000.0
"""An explosion: a mean squared error of this many times its lowest, and a perplexity of this many times the first."""

SOME_CLIPPED = 0.05
"""Share of clipped updates that is worth a sentence."""

TENTH = 0.1

NEW, SHOWN = 1.0, 0.5
"""Evidence that a finding needs: when it is new, and when it was shown at the last look."""


@dataclass(frozen=True)
class Finding:
    """One thing that the curves say.

    Attributes:
        kind: a key of `KINDS`.
        sentence: what a person reads.
        step: where to mark it on the axis of steps; None if it has no place.
        settings: what to try instead, by the names of settings, such as `{"learning_rate": 10.0}`; often nothing.
    """

    kind: str
    sentence: str
    step: int | None = None
    settings: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class History:
    """What was measured of one run, and what is known about it. A curve may have no points.

    Attributes:
        train, valid: losses of the evaluations, in nats or as a mean squared error.
        batch_loss: of each update, evenly thinned when there are very many.
        settled_train: the training losses without their first window, before which the state is empty.
        newest_norms: the gradient norms of the newest updates, not thinned, float64 (N,).
        whole_perplexity: of a whole validation or test part, the newest value; None before there is one.
        unigram_losses: how hard the training and the validation text are for whom only knows word frequencies, in nats;
            None where nobody measured it.
        noise_losses: mean square of the noise in the training and the validation part of a wave; None without noise.
        overflow_step: the first step with a number that is not finite; None if all are finite.
        is_perplexity: whether the exponential of the loss is a perplexity.
        token: what a text is made of, `word` or `character`.
        clip_norm: the gradient's largest norm; 0 for no clipping.
        learning_rate: of the first update.
        floor: the lowest perplexity that any model can reach; None where nobody knows.
    """

    train: Points = NO_POINTS
    valid: Points = NO_POINTS
    batch_loss: Points = NO_POINTS
    settled_train: Points = NO_POINTS
    newest_norms: np.ndarray = field(default_factory=lambda: np.array([]))
    whole_perplexity: float | None = None
    unigram_losses: tuple[float | None, float | None] = (None, None)
    noise_losses: tuple[float | None, float | None] = (None, None)
    overflow_step: int | None = None
    is_perplexity: bool = False
    token: str = "word"
    clip_norm: float = 0.0
    learning_rate: float = 0.0
    floor: float | None = None

    @property
    def measure(self) -> str:
        """What the loss is called in a sentence."""
        return "perplexity" if self.is_perplexity else "loss"


def diagnose(history: History, before: Sequence[Finding] = ()) -> list[Finding]:
    """The findings that there are, the most important first; often none.

    Args:
        history: of one run.
        before: the findings of the last look, which are kept as long as they are half true.
    """
    shown = {finding.kind for finding in before}
    found = [find(history, NEW) or (find(history, SHOWN) if kind in shown else None) for kind, find in KINDS.items()]
    return [finding for finding in found if finding]


# --- one function for each kind of finding ---------------------------------------------------------------------------


def _exploded(history: History, evidence: float) -> Finding | None:
    """The loss is far worse than that of the untrained network, or is not finite any more."""
    steps, losses = finite(history.batch_loss)
    overflow = history.overflow_step
    if not len(losses) or (overflow is None and len(losses) < FEWEST_POINTS):
        return None
    high = losses > _explosion_limit(history, losses, evidence)
    if overflow is None and not high[-NEWEST:].all():
        return None
    rate = TENTH * history.learning_rate
    # An overflow before the first update is not the learning rate's fault.
    helps = {"learning_rate": rate} if overflow != 0 else {}
    advice = f" Try a tenth of the learning rate: {rate:g}." if helps else ""
    if not high[-1]:
        return Finding("exploded", f"A number overflowed at step {overflow:,}.{advice}", overflow, helps)
    last_calm = int(np.flatnonzero(~high)[-1])  # There is one: the first loss is below the limit.
    since = int(steps[last_calm + 1])
    grown = f"The loss exploded at step {since:,}: it grew from {losses[last_calm]:.3g} to {losses[-1]:.3g}"
    end = f" and overflowed at step {overflow:,}" if overflow is not None else ""
    return Finding("exploded", f"{grown}{end}.{advice}", since, helps)


def _explosion_limit(history: History, losses: np.ndarray, evidence: float) -> float:
    """The loss above which it has exploded: never below that of the untrained network."""
    untrained = float(losses[0])
    if history.is_perplexity:
        return untrained + evidence * math.log(EXPLODED_PERPLEXITY)
    return max(2 * untrained, EXPLODED_FACTOR * float(losses.min())) * evidence


def _overfitting(history: History, evidence: float) -> Finding | None:
    """Validation has risen since its lowest value, and training has not."""
    (steps, valid), (_, train) = grouped(finite(history.valid)), grouped(finite(history.train))
    if len(valid) < FEWEST_POINTS or len(train) != len(valid):
        return None
    course = smoothed(valid)
    best = int(course.argmin())
    if len(valid) - best < NEWEST + 2:
        return None
    newest = valid[-NEWEST:] - course[best]
    rise = float(newest.mean())
    enough = evidence * (LUCK * noise(valid) + NOTABLE * _scale(history, valid))
    train_rise = float(train[-NEWEST:].mean() - smoothed(train)[best])
    if rise < enough or newest.min() < enough / 2 or train_rise > 0.5 * rise:
        return None
    step = _lowest_near(history.valid, int(steps[max(best - 2, 0)]), int(steps[best + 2]))
    risen = f"has risen by {_rise(history, course[best], rise)} since about step {step:,}"
    sentence = (
        f"The network is overfitting: the validation {history.measure} {risen}, while the training {history.measure} "
        "has not."
    )
    return Finding("overfitting", sentence, step)


def _floor_reached(history: History, evidence: float) -> Finding | None:
    """The perplexity of a whole part is as low as any model's can be, but for what nobody would see."""
    excess = _excess(history)
    if excess is None or excess > NOTABLE:
        return None
    beside = f"the perplexity is {history.whole_perplexity:.3g}, and no model can do better than {history.floor:.3g}"
    return Finding("floor_reached", f"The floor is reached: {beside} on average.")


def _stands_still(history: History, evidence: float) -> Finding | None:
    """The training loss has not changed for a quarter of the run, with certainty."""
    steps, train = grouped(finite(history.train))
    if len(train) < FEWEST_POINTS:
        return None
    tolerance = NOTABLE * (2 - evidence)
    start = flat_since(train, tolerance * _scale(history, train), max(FEWEST_POINTS - 2, len(train) // 4))
    if start is None:
        return None
    step = int(steps[start])
    sentence = (
        f"The loss stands still: since step {step:,} the training {history.measure} has changed by less than "
        f"{100 * tolerance:.0f} %."
    )
    return Finding("stands_still", sentence, step)


def _clipped(history: History, evidence: float) -> Finding | None:
    """Clipping shortened a share of the newest gradients."""
    norms = history.newest_norms[np.isfinite(history.newest_norms)]
    if not history.clip_norm or len(norms) < FEWEST_POINTS:
        return None
    share = clipped_share(norms, history.clip_norm)
    if share < SOME_CLIPPED * evidence:
        return None
    sentence = (
        f"Clipping acted on {100 * share:.0f} % of the last {len(norms):,} updates: their gradients were longer than "
        f"the clip norm, {history.clip_norm:g}."
    )
    return Finding("clipped", sentence)


def _above_floor(history: History, evidence: float) -> Finding | None:
    """How far the perplexity of a whole part is from the lowest possible one."""
    excess = _excess(history)
    if excess is None or excess <= NOTABLE:
        return None
    sentence = (
        f"The perplexity is {100 * excess:.0f} % above the floor: {written(history.whole_perplexity or 0.0)}, and the "
        f"best possible model has {history.floor:.3g}."
    )
    return Finding("above_floor", sentence)


def _validation_below(history: History, evidence: float) -> Finding | None:
    """Validation is below training, and one known difference between the two explains at least half of it."""
    (_, valid), (_, train) = grouped(finite(history.valid)), grouped(finite(history.train))
    if len(valid) < FEWEST_POINTS or len(train) != len(valid):
        return None
    gaps = (train - valid)[-NEWEST:]
    if gaps.mean() < evidence * NOTABLE * _scale(history, train) or gaps.min() < 0:
        return None
    reasons = (reason(history) for reason in (_easier_text, _less_noise, _empty_start))
    sentences = [reason.sentence for reason in reasons if reason and reason.share >= gaps.mean() / 2]
    return Finding("validation_below", sentences[0]) if sentences else None


class Reason(NamedTuple):
    """Why validation may be below training.

    Attributes:
        share: of the difference between the two losses, in their unit.
        sentence: what a person reads.
    """

    share: float
    sentence: str


def _easier_text(history: History) -> Reason | None:
    """The words of the validation text are more frequent ones."""
    train, valid = history.unigram_losses
    if train is None or valid is None:
        return None
    return Reason(
        train - valid,
        "The validation perplexity is below the training perplexity because the validation text is easier: a model "
        f"that only knows {history.token} frequencies has a perplexity of {written(perplexity(valid))} on it and "
        f"{written(perplexity(train))} on the training text.",
    )


def _less_noise(history: History) -> Reason | None:
    """The noise in the validation part of a wave is smaller, by chance."""
    train, valid = history.noise_losses
    if train is None or valid is None:
        return None
    return Reason(
        train - valid,
        "The validation loss is below the training loss because its noise is smaller by chance. A model that knows the "
        f"wave without the noise has a loss of {valid:.3g} in validation and {train:.3g} in training.",
    )


def _empty_start(history: History) -> Reason | None:
    """Only the training loss counts the first steps, which the network predicts with an empty memory."""
    if history.noise_losses != (None, None):  # The noise of the first window may be larger than that of the others.
        return None
    settled, train = (grouped(finite(points))[1][-NEWEST:] for points in (history.settled_train, history.train))
    if len(settled) < NEWEST or len(settled) != len(train) or (settled > train).any():
        return None
    newest = perplexity(settled[-1]) if history.is_perplexity else settled[-1]
    return Reason(
        float(train.mean() - settled.mean()),
        f"The validation {history.measure} is below the training {history.measure} because only training counts the "
        "first steps, which the network predicts with an empty state. Without the first window, the training "
        f"{history.measure} is {newest:.3g}.",
    )


KINDS: Mapping[str, Callable[[History, float], Finding | None]] = {
    "exploded": _exploded,
    "overfitting": _overfitting,
    "floor_reached": _floor_reached,
    "stands_still": _stands_still,
    "validation_below": _validation_below,
    "clipped": _clipped,
    "above_floor": _above_floor,
}
"""What there is to find, in the order of importance. A function gets the evidence that it needs: `NEW` or `SHOWN`."""


# --- what they share -------------------------------------------------------------------------------------------------


def clipped_share(norms: np.ndarray, clip_norm: float) -> float:
    """Share of gradients (N,) that were longer than the clip norm; N >= 1."""
    return float(np.mean(norms > clip_norm))


def _excess(history: History) -> float | None:
    """How far the perplexity of a whole part is above the floor, relative to it; None where one is not known."""
    if history.floor is None or history.whole_perplexity is None:
        return None
    return history.whole_perplexity / history.floor - 1


def _scale(history: History, losses: np.ndarray) -> float:
    """What a relative change refers to: the loss, or 1 nat where the perplexity is what a person looks at."""
    level = float(np.median(losses[-NEWEST:]))
    return min(level, 1.0) if history.is_perplexity else level


def _rise(history: History, lowest: float, rise: float) -> str:
    """A rise of the loss in per cent of what is shown."""
    ratio = perplexity(rise) - 1 if history.is_perplexity else rise / lowest
    return f"{100 * ratio:.0f} %"


def _lowest_near(points: Points, first: int, last: int) -> int:
    """The step of the lowest value between two steps."""
    steps, values = points
    near = np.flatnonzero((steps >= first) & (steps <= last) & np.isfinite(values))
    return int(steps[near[values[near].argmin()]])
