"""What changes while training goes on: the learning rate, and how often the network reads its own output."""

from __future__ import annotations

import math

from rnnlab.config import TrainingConfig
from rnnlab.config.live_changes import value_at


def learning_rate(training: TrainingConfig, epoch: float) -> float:
    """The learning rate after some epochs, counted from 0; full for `full_rate_epochs`.

    With the schedule `epochs` it then falls by `lr_decay` each epoch, with `linear` in a line to 0 at the end.

    Args:
        epoch: epochs that are done; a part of one counts with `linear` only.
    Source: ptb_word_lm, `lr_decay ** max(i + 1 - max_epoch, 0)` (Zaremba 2014).
    """
    if training.lr_schedule == "linear":
        falling = training.epochs - training.full_rate_epochs
        if falling <= 0:
            return training.learning_rate
        return training.learning_rate * min(1.0, max(0.0, (training.epochs - epoch) / falling))
    return training.learning_rate * training.lr_decay ** max(int(epoch) + 1 - training.full_rate_epochs, 0)


def learning_rate_at(training: TrainingConfig, step: int, steps_per_epoch: int) -> float:
    """The learning rate of one update, counted from 0: as it was changed while the run trained, else its schedule's."""
    changed = value_at(training.changes, "learning_rate", step)
    return learning_rate(training, step / steps_per_epoch) if changed is None else changed


def feedback_at(training: TrainingConfig, step: int) -> float:
    """The feedback of one update, counted from 0: as it was changed while the run trained, else its schedule's."""
    changed = value_at(training.changes, "feedback", step)
    return feedback_probability(training, step) if changed is None else changed


def feedback_probability(training: TrainingConfig, step: int) -> float:
    """The probability that an input of one update, counted from 0, is the network's own previous output.

    Bengio's schedules give the share e of true inputs; here it is 1 - e, and never above `feedback`:

        linear            e = 1 - c i
        exponential       e = k ** i
        inverse sigmoid   e = k / (k + exp(i / k))

    c and k are such that e = 1/2 at i = `feedback_half`.

    Source: Bengio 2015, section 2.4.
    """
    if training.feedback_schedule == "constant":
        return training.feedback
    return min(training.feedback, 1.0 - _true_share(training.feedback_schedule, training.feedback_half, step))


def _true_share(schedule: str, half: int, step: int) -> float:
    if schedule == "linear":
        return max(0.0, 1.0 - 0.5 * step / half)
    if schedule == "exponential":
        return 0.5 ** (step / half)
    k = _sigmoid_scale(half)
    return 1.0 / (1.0 + math.exp(min(step / k, 700.0)) / k)  # exp(700) is the largest that a float holds, nearly.


def _sigmoid_scale(half: int) -> float:
    """The k > 1 with k log k = half: where k / (k + exp(half / k)) is one half. By Newton's method."""
    k = float(half) + 1.0
    for _ in range(60):
        k -= (k * math.log(k) - half) / (math.log(k) + 1.0)
    return k
