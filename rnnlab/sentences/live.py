"""What to look at in each live figure, in one sentence: numbers in, words out; "" where there is nothing to say yet."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from rnnlab.formulas import perplexity, written

FEWEST_CROSSINGS = 3
"""Of zero, upwards: two periods, from which a frequency can be told."""

REGULAR = 0.1
"""Relative spread of the periods below which a wave has one frequency."""

NOTABLE_FREQUENCY = 0.01
"""Relative error of a frequency that is worth a sentence: two steps in the 200 of a sample."""

FLAT = 0.1
"""Share of the target's spread below which a wave is flat."""

RUN_AWAY = 10.0
"""Times the target's largest value."""


def loss_sentence(train: np.ndarray, valid: np.ndarray, is_perplexity: bool) -> str:
    """How far the losses have come.

    Args:
        train, valid: losses of the evaluations, oldest first, float64 (N,), finite.
        is_perplexity: speak of their exponentials.
    """
    if not len(train) or not len(valid):
        return ""
    measure = "perplexity" if is_perplexity else "loss"
    first, now, held_out = (_number(loss, is_perplexity) for loss in (train[0], train[-1], valid[-1]))
    if len(train) == 1:
        return f"Before the first update the training {measure} is {now} and the validation {measure} {held_out}."
    verb = "fell" if train[-1] < train[0] else "rose"
    return f"The training {measure} {verb} from {first} to {now}; the validation {measure} is {held_out}."


def accuracy_sentence(train: np.ndarray, valid: np.ndarray) -> str:
    """How far the accuracies have come.

    Args:
        train, valid: accuracies of the evaluations, oldest first, float64 (N,), finite.
    """
    if not len(train) or not len(valid):
        return ""
    if len(train) == 1:
        return (
            f"Before the first update the training accuracy is {train[0]:.1%}; the validation accuracy {valid[0]:.1%}."
        )
    verb = "fell" if train[-1] < train[0] else "rose"
    now = f"{verb} from {train[0]:.1%} to {train[-1]:.1%}" if train[-1] != train[0] else f"is {train[-1]:.1%}"
    return f"The training accuracy {now}; the validation accuracy is {valid[-1]:.1%}."


def gradient_sentence(norms: np.ndarray, clip_norm: float) -> str:
    """How long the newest gradients were, and how many of them were clipped.

    Args:
        norms: of the newest updates, float64 (N,), finite.
        clip_norm: the gradient's largest norm; 0 for no clipping.
    """
    if not len(norms):
        return ""
    updates = f"the last {len(norms):,} updates" if len(norms) > 1 else "the first update"
    if not clip_norm:
        between = f"between {norms.min():.2g} and {norms.max():.2g}"
        return f"The gradient norm was {between} in {updates}, without clipping."
    share = float(np.mean(norms > clip_norm))
    if not share:
        return f"The gradient norm stayed below the clip norm, {clip_norm:g}, in {updates}."
    return f"The gradient norm was clipped in {100 * share:.0f} % of {updates}."


def wave_sentence(
    generated: np.ndarray,
    target: np.ndarray,
    has_one_frequency: bool,
    earlier: tuple[int, np.ndarray] | None = None,
    noun: str = "wave",
) -> str:
    """What is most wrong with a wave that was generated free-running, or how near it is to its target.

    Args:
        generated: float64 (N,), NaN where a value was not finite.
        target: the wave without noise at the same steps, float64 (N,).
        has_one_frequency: whether the target crosses zero upwards once in each period.
        earlier: an earlier step and what was generated then, to compare with; None compares nothing.
        noun: what is generated.
    """
    if not len(generated):
        return ""
    if not np.isfinite(generated).all() or np.abs(generated).max() > RUN_AWAY * np.abs(target).max():
        return f"The generated {noun} runs away: its own errors come back as inputs and grow."
    if generated.std() < FLAT * target.std():
        return (
            f"The generated {noun} goes flat near {generated.mean():.2f}: fed back, the outputs do not keep swinging."
        )
    error = _frequency_error(generated, target) if has_one_frequency else None
    if error is not None and abs(error) >= NOTABLE_FREQUENCY:
        return (
            f"The frequency of the generated {noun} is {100 * abs(error):.0f} % too {'high' if error > 0 else 'low'}."
        )
    before = f"; at step {earlier[0]:,} it was {_distance(earlier[1], target)}" if earlier else ""
    return f"The generated {noun} is {_distance(generated, target)} away from the target (RMSE){before}."


def text_sentence(tokens: Sequence[str], noun: str = "words") -> str:
    """How varied a generated text is.

    Args:
        tokens: what was generated.
        noun: `words` or `characters`.
    """
    if not tokens:
        return ""
    different = f"{len(set(tokens))} of these {len(tokens)} {noun} are different"
    unknown = list(tokens).count("<unk>")
    rare = f", and {unknown} {'is' if unknown == 1 else 'are'} <unk>, which stands for any rare word" if unknown else ""
    return f"{different}{rare}."


def labels_sentence(truth: Sequence[int], probabilities: Sequence[Sequence[float | None]]) -> str:
    """How many labels are right, and what the most frequent label alone would get.

    Args:
        truth: the number of each step's right label, -1 where nobody knows it.
        probabilities: of each label at each step; None where a number was not finite.
    """
    numbers = np.array(probabilities, "float64")  # None becomes NaN.
    right_ones = np.array(truth)
    known = right_ones >= 0
    if not known.any():
        return ""
    if not np.isfinite(numbers).all():
        return "The network's outputs are not finite any more, so it gives no labels."
    right = int((numbers.argmax(axis=1) == right_ones)[known].sum())
    most_frequent = int(np.bincount(right_ones[known]).max())
    return (
        f"{right} of the {int(known.sum())} labels are right; giving the most frequent label everywhere would get "
        f"{most_frequent} right."
    )


def _number(loss: float, is_perplexity: bool) -> str:
    return written(perplexity(loss)) if is_perplexity else f"{loss:.3g}"


def _distance(generated: np.ndarray, target: np.ndarray) -> str:
    """Root mean squared error of (N,) against (N,), written."""
    error = math.sqrt(np.mean((generated - target) ** 2))
    return f"{error:.2g}" if math.isfinite(error) else "too far for a number"


def _frequency_error(generated: np.ndarray, target: np.ndarray) -> float | None:
    """Relative error of the frequency; None where one of the two has no steady one."""
    ours, right = _period(generated - generated.mean()), _period(target)
    return right / ours - 1 if ours and right else None


def _period(wave: np.ndarray) -> float | None:
    """Mean steps between upward crossings of zero; None for too few of them, or uneven ones."""
    before = np.flatnonzero((wave[:-1] < 0) & (wave[1:] >= 0))
    if len(before) < FEWEST_CROSSINGS:
        return None
    crossings = before + wave[before] / (wave[before] - wave[before + 1])
    periods = np.diff(crossings)
    return float(periods.mean()) if periods.std() < REGULAR * periods.mean() else None
