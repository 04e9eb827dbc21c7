"""The learning rate through the epochs."""

from __future__ import annotations

from rnnlab.config import TrainingConfig


def learning_rate(training: TrainingConfig, epoch: int) -> float:
    """The rate of one epoch, counted from 0: full for `full_rate_epochs`, then falling by `lr_decay` each epoch.

    Source: ptb_word_lm, `lr_decay ** max(i + 1 - max_epoch, 0)` (Zaremba 2014).
    """
    return training.learning_rate * training.lr_decay ** max(epoch + 1 - training.full_rate_epochs, 0)
