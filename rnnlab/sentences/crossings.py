"""How often information crosses dropout, in words."""

from __future__ import annotations

from rnnlab.config import Experiment, ModelConfig, counted
from rnnlab.sentences.gates import needs_one_direction

MOST_LAYERS = 8
"""Layers that the drawing has room for."""


def needs_few_layers(experiment: Experiment) -> str | None:
    """Why the way through a network is not drawn; None if it is."""
    if experiment.model.num_layers > MOST_LAYERS:
        layers = experiment.model.num_layers
        return f"This network has {layers} layers, but the drawing has room for {MOST_LAYERS}."
    return needs_one_direction(experiment)


def crossings(model: ModelConfig, steps: int) -> int:
    """How often a number crosses dropout on its way from an input to an output some steps later.

    Args:
        model: its depth, and whether it has dropout on the state.
        steps: from the input to the output.
    """
    return model.num_layers + 1 + (steps if model.state_dropout else 0)


def crossings_sentence(model: ModelConfig, steps: int) -> str:
    """How often, and whether time matters."""
    count, layers = crossings(model, steps), counted(model.num_layers, "layer")
    if model.state_dropout:
        return (
            f"This run also drops parts of the state, so each step in time is one more crossing: {count} in all, "
            f"{model.num_layers + 1} upwards and {counted(steps, 'step')} in time. The longer ago, the less arrives."
        )
    told = (
        f"With {layers}, the way crosses dropout {model.num_layers} + 1 = {count} times: once at the input and once "
        f"above each layer. It is {count} however many time steps lie between, here {steps}."
    )
    return f"{told} {_rates(model)}"


def _rates(model: ModelConfig) -> str:
    if not (model.input_dropout or model.output_dropout):
        return "This run has no dropout. The dotted arrows show where it would act."
    through = (1 - model.input_dropout) * (1 - model.output_dropout) ** model.num_layers
    return (
        f"At this run's rates, {model.input_dropout:g} at the input and {model.output_dropout:g} above the layers, "
        f"a single number gets through all of them with probability {through:.3g}."
    )
