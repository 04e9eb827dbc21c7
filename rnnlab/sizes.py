"""How large a network is, in closed form: nothing is built to find out.

The Train screen shows the number of parameters while the teacher types, and settings that no machine could hold are
refused here, before TensorFlow is asked for the memory.
"""

from __future__ import annotations

import os

GATES = {"simple_rnn": 1, "gru": 3, "lstm": 4}
"""Gate blocks of one cell: how many (units,) vectors one step computes from the input and from the state."""

FLOAT_BYTES = 4
DEFAULT_MEMORY_LIMIT = 8 * 2**30
"""Bytes one run may need. A laptop's size, the same everywhere, so that a link that works here works there;
`RNNLAB_MEMORY_LIMIT` (bytes) overrides it."""


def cell_parameters(cell: str, inputs: int, units: int) -> int:
    """Number of weights of one recurrent layer: per gate a kernel, a recurrent kernel and a bias.

    Args:
        cell: a key of `GATES`.
        inputs: width of what the layer reads, >= 1.
        units: width of the layer, >= 1.
    """
    return GATES[cell] * (inputs * units + units * units + units)


def network_parameters(
    cell: str, units: int, num_layers: int, features: int, outputs: int, embedding_rows: int = 0
) -> int:
    """Number of trainable weights of the whole network.

    Args:
        features: width of the first layer's input: 1 for a series, `embedding_dim` for text.
        outputs: width of the head: 1 for a series, the vocabulary for text.
        embedding_rows: words in the embedding table, 0 for a series.
    """
    embedding = embedding_rows * features
    layers = cell_parameters(cell, features, units) + (num_layers - 1) * cell_parameters(cell, units, units)
    head = units * outputs + outputs
    return embedding + layers + head


def training_bytes(parameters: int, cell: str, units: int, num_layers: int, outputs: int, tokens: int) -> int:
    """Bytes that training needs at least: weights, gradients, two optimiser slots, and one minibatch's activations.

    Args:
        tokens: batch_size * num_steps, the time steps whose activations are alive at once.
    """
    # Forward and backward each keep the gates, the state and the output of every layer, and the head's outputs.
    per_token = 2 * (num_layers * units * (GATES[cell] + 2) + 2 * outputs)
    return FLOAT_BYTES * (4 * parameters + per_token * tokens)


def memory_limit() -> int:
    """Bytes that one run may need: `RNNLAB_MEMORY_LIMIT`, or 8 GiB."""
    text = os.environ.get("RNNLAB_MEMORY_LIMIT", "")
    return int(text) if text.isdigit() else DEFAULT_MEMORY_LIMIT


def readable_bytes(count: float) -> str:
    """A number of bytes as a person says it: `812 MiB`, `3.7 GiB`, `1.5e+10 GiB`."""
    if count < 2**30:
        return f"{count / 2**20:.0f} MiB"
    gibibytes = count / 2**30
    return f"{gibibytes:.1f} GiB" if gibibytes < 1e5 else f"{gibibytes:.1e} GiB"
