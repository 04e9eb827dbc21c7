"""The size of a network in closed form, without building it.

The Train screen shows the number of parameters while a person types. Settings that need too much memory are refused
before TensorFlow allocates any.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

FLOAT_BYTES = 4


class LayerSize(NamedTuple):
    """The parts of one recurrent layer.

    Attributes:
        gates: number of (units,) vectors that one step computes from the input and from the state.
        units: width H of the layer.
        projection: width P that its output is projected to; 0 for none.
        peepholes: whether its gates read the memory cell.
        second_bias: whether the product of the state has a bias of its own.
        directions: 2 if a second cell of the same size reads backwards, otherwise 1.
    """

    gates: int
    units: int
    projection: int = 0
    peepholes: bool = False
    second_bias: bool = False
    directions: int = 1

    @property
    def output(self) -> int:
        """Width of the output, which the next layer reads."""
        return self.directions * (self.projection or self.units)


def layer_parameters(layer: LayerSize, inputs: int) -> int:
    """Number of weights of one recurrent layer: for each gate two kernels and a bias, and peepholes and a projection.

    Args:
        layer: the layer.
        inputs: width of its inputs, >= 1.
    """
    units, fed_back = layer.units, layer.projection or layer.units
    biases = 2 if layer.second_bias else 1
    gates = layer.gates * units * (inputs + fed_back + biases)
    return layer.directions * (gates + 3 * units * layer.peepholes + units * layer.projection)


def network_parameters(
    layers: Sequence[LayerSize], features: int, outputs: int, embedding_rows: int = 0, is_tied: bool = False
) -> int:
    """Number of trainable weights of the whole network.

    Args:
        layers: from the first to the last.
        features: width of the first layer's input: 1 for a series, `embedding_dim` for text.
        outputs: width of the head: 1 for a series, the vocabulary for text.
        embedding_rows: words in the embedding table, 0 for a series.
        is_tied: whether the head uses the embedding table as its weights.
    """
    count, width = embedding_rows * features, features
    for layer in layers:
        count, width = count + layer_parameters(layer, width), layer.output
    return count + (0 if is_tied else width * outputs) + outputs


def training_bytes(parameters: int, layers: Sequence[LayerSize], outputs: int, tokens: int) -> int:
    """Bytes that training needs at least: weights, gradients, two optimiser slots, and the activations of a minibatch.

    Args:
        tokens: batch_size * num_steps, the time steps whose activations are kept at once.
    """
    # Forward and backward each keep the gates, the state and the output of every layer, and the head's outputs.
    activations = sum(layer.directions * layer.units * (layer.gates + 2) for layer in layers)
    return FLOAT_BYTES * (4 * parameters + 2 * (activations + 2 * outputs) * tokens)


def readable_bytes(count: float) -> str:
    """A number of bytes in words: `812 MiB`, `3.7 GiB`, `1.5e+10 GiB`."""
    if count < 2**30:
        return f"{count / 2**20:.0f} MiB"
    gibibytes = count / 2**30
    return f"{gibibytes:.1f} GiB" if gibibytes < 1e5 else f"{gibibytes:.1e} GiB"
