"""How much one machine can bear. This is checked when a run is submitted. A stored run may come from a larger
machine."""

from __future__ import annotations

from rnnlab.config.experiment import Experiment
from rnnlab.config.table import InvalidSetting, counted
from rnnlab.formulas import sizes


def check_memory(experiment: Experiment, vocabulary: int | None = None) -> None:
    """Refuse an experiment that needs more memory than one run may have.

    Args:
        experiment: the one to be trained.
        vocabulary: tokens of the loaded text; the default is `vocabulary_size`, the most that there can be.
    Raises:
        InvalidSetting: it needs too much. The message gives the need, the limit and what to do.
    """
    model, training = experiment.model, experiment.training
    tokens = training.batch_size * training.num_steps
    needed = sizes.training_bytes(
        experiment.parameters(vocabulary), model.layers, experiment.outputs(vocabulary), tokens
    )
    allowed = sizes.memory_limit()
    if needed > allowed:
        least, most = min(model.widths), max(model.widths)
        widths = f"{least}" if least == most else f"{least} to {most}"
        raise InvalidSetting(
            "units",
            f"Training {counted(model.num_layers, 'layer')} of {widths} units on {counted(tokens, 'time step')} at "
            f"once would need about {sizes.readable_bytes(needed)} of memory, but {sizes.readable_bytes(allowed)} are "
            "allowed; take fewer units, a shorter window or a smaller batch.",
        )
