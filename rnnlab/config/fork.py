"""What a run may change that goes on from the weights of another one."""

from __future__ import annotations

from rnnlab.config.experiment import Experiment
from rnnlab.config.flat import all_settings, to_flat
from rnnlab.config.table import InvalidSetting, shown

FORKABLE = frozenset(
    {
        *("shape", "frequency", "noise"),
        *("input_dropout", "output_dropout", "state_dropout", "dropout_masks"),
        *("learning_rate", "lr_decay", "lr_schedule", "full_rate_epochs", "clip_norm", "loss_scale", "changes"),
        *("feedback", "feedback_schedule", "feedback_half", "feedback_gradient"),
        *("epochs", "carry_state", "precision", "evaluate_every"),
    }
)
"""The settings that do not decide what a checkpoint holds: its weights, its optimiser and its place in the data."""


def check_fork(experiment: Experiment, parent: Experiment, step: int, total_steps: int | None) -> None:
    """Refuse a fork whose settings do not go with its parent's weights, or that has nothing left to do.

    Args:
        experiment: of the fork.
        parent: of the run that it goes on from.
        step: updates that the parent has done.
        total_steps: updates of the whole parent; None where no worker has looked at its data.
    Raises:
        InvalidSetting: with what came, what is allowed and what to do.
    """
    mine, its = to_flat(experiment), to_flat(parent)
    for name in sorted({*mine, *its} - FORKABLE):
        if mine.get(name) != its.get(name):
            label = all_settings()[name][0].label if name in all_settings() else name.capitalize()
            raise InvalidSetting(
                name,
                f"{label} ({name}) was {shown(mine.get(name))}, but a fork keeps the weights that were learned with "
                f"{shown(its.get(name))}; please take that, or press Train to begin anew.",
            )
    epochs = parent.training.epochs
    if total_steps and experiment.training.epochs * total_steps <= step * epochs:
        done = step * epochs // total_steps
        raise InvalidSetting(
            "epochs",
            f"Epochs (epochs) was {experiment.training.epochs}, but {done} of them are done; please set more.",
        )
