"""One step of a network as a Keras model, with the states going in and out. It needs no class of ours to be loaded.

The model is made of Keras's own layers and operations, so every cell is expressed, with all of its variants.
"""

from __future__ import annotations

import io
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from rnnlab.errors import LabError
from rnnlab.models import Network
from rnnlab.models.cells import GRUCell, LSTMCell, RecurrentCell, ResetAfterGRUCell, SimpleRNNCell

Parts = list[Any]
"""The parts of a layer's state as Keras's symbolic tensors (B, width); the first one is the layer's output."""

OUTPUT = "output"
"""The name of the output among what the model returns; all others are states."""


def step_model(network: Network) -> keras.Model:
    """A model of one step: a dictionary of `input` and the states before -> a dictionary of `output` and the states
    after.

    The names of the states are those of `Network.state_names`, with `_` in the place of `/`. The input is int32 (B,)
    for tokens, otherwise float32 (B, F). The output holds logits or values, float32 (B, O).

    Raises:
        LabError: the network reads backwards too, so it has no single step.
    """
    if network.backward_cells:
        raise LabError(
            "A network that reads both ways has no step of its own: its second half begins at the end of a sequence. "
            "Take the script instead."
        )
    if network.embedding:
        entry = keras.Input((), dtype="int32", name="input")
        hidden = _embedded(network.embedding.embeddings.numpy(), entry)
    else:
        entry = hidden = keras.Input((network.features,), name="input")
    before: dict[str, Any] = {"input": entry}
    after: dict[str, Any] = {}
    for cell in network.cells:
        names = [f"{cell.name}_{part}" for part in cell.state_names]
        state = [keras.Input((width,), name=name) for name, width in zip(names, cell.state_size, strict=True)]
        before |= dict(zip(names, state, strict=True))
        state = STEPS[type(cell)](cell, hidden, state)
        after |= dict(zip(names, state, strict=True))
        hidden = state[0]
    kernel = network.head.kernel.numpy()
    output = _product(hidden, kernel.T if network.is_tied else kernel, network.head.bias.numpy(), "head")
    return keras.Model(before, {OUTPUT: output, **after}, name="step")


def model_bytes(model: keras.Model) -> bytes:
    """The model as the content of a `.keras` file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "step.keras"
        with warnings.catch_warnings():
            # Keras asks NumPy for the arrays of variables in a way that NumPy 2 calls old.
            warnings.simplefilter("ignore", DeprecationWarning)
            model.save(file)
        return file.read_bytes()


def weights_bytes(network: Network) -> bytes:
    """All weights by name as the content of an `.npz` file, which holds no code."""
    content = io.BytesIO()
    arrays = {name: weight.numpy() for name, weight in network.named_weights.items()}
    np.savez(content, allow_pickle=False, **arrays)
    return content.getvalue()


def _embedded(vectors: np.ndarray, tokens: Any) -> Any:
    layer = keras.layers.Embedding(*vectors.shape, name="embedding")
    hidden = layer(tokens)
    layer.set_weights([vectors])
    return hidden


def _product(values: Any, kernel: np.ndarray, bias: np.ndarray | None, name: str) -> Any:
    """values @ kernel + bias, as a dense layer."""
    layer = keras.layers.Dense(kernel.shape[1], use_bias=bias is not None, name=name)
    result = layer(values)
    layer.set_weights([kernel] if bias is None else [kernel, bias])
    return result


def _scaled(values: Any, factors: np.ndarray, name: str) -> Any:
    """Each unit of (B, H) times a weight of its own."""
    layer = keras.layers.EinsumDense("bh,h->bh", output_shape=(len(factors),), name=name)
    result = layer(values)
    layer.set_weights([factors])
    return result


def _from_inputs(cell: RecurrentCell, inputs: Any, bias: np.ndarray) -> Any:
    return _product(inputs, cell.kernel.numpy(), bias, f"{cell.name}_kernel")


def _simple_rnn(cell: RecurrentCell, inputs: Any, state: Parts) -> Parts:
    from_state = _product(state[0], cell.recurrent_kernel.numpy(), None, f"{cell.name}_recurrent_kernel")
    return [ops.tanh(_from_inputs(cell, inputs, cell.bias.numpy()) + from_state)]


def _lstm(cell: LSTMCell, inputs: Any, state: Parts) -> Parts:
    h, c = state
    name = cell.name
    from_state = _product(h, cell.recurrent_kernel.numpy(), None, f"{name}_recurrent_kernel")
    i, f, g, o = ops.split(_from_inputs(cell, inputs, cell.bias.numpy()) + from_state, 4, axis=-1)
    peepholes = dict(zip("ifo", cell.peepholes.numpy(), strict=True)) if cell.peepholes is not None else {}
    if peepholes:
        i = i + _scaled(c, peepholes["i"], f"{name}_peephole_i")
        f = f + _scaled(c, peepholes["f"], f"{name}_peephole_f")
    c = _clipped(ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(g), cell.cell_clip)
    if peepholes:
        o = o + _scaled(c, peepholes["o"], f"{name}_peephole_o")
    h = ops.sigmoid(o) * ops.tanh(c)
    if cell.projection is not None:
        h = _clipped(_product(h, cell.projection.numpy(), None, f"{name}_projection"), cell.proj_clip)
    return [h, c]


def _gru(cell: RecurrentCell, inputs: Any, state: Parts) -> Parts:
    (h,) = state
    recurrent, two = cell.recurrent_kernel.numpy(), 2 * cell.units
    x_z, x_r, x_g = ops.split(_from_inputs(cell, inputs, cell.bias.numpy()), 3, axis=-1)
    h_z, h_r = ops.split(_product(h, recurrent[:, :two], None, f"{cell.name}_recurrent_gates"), 2, axis=-1)
    z, r = ops.sigmoid(x_z + h_z), ops.sigmoid(x_r + h_r)
    g = ops.tanh(x_g + _product(r * h, recurrent[:, two:], None, f"{cell.name}_recurrent_candidate"))
    return [z * h + (1.0 - z) * g]


def _gru_reset_after(cell: RecurrentCell, inputs: Any, state: Parts) -> Parts:
    (h,) = state
    bias = cell.bias.numpy()
    x_z, x_r, x_g = ops.split(_from_inputs(cell, inputs, bias[0]), 3, axis=-1)
    from_state = _product(h, cell.recurrent_kernel.numpy(), bias[1], f"{cell.name}_recurrent_kernel")
    h_z, h_r, h_g = ops.split(from_state, 3, axis=-1)
    z, r = ops.sigmoid(x_z + h_z), ops.sigmoid(x_r + h_r)
    return [z * h + (1.0 - z) * ops.tanh(x_g + r * h_g)]


STEPS: dict[type[RecurrentCell], Callable[[Any, Any, Parts], Parts]] = {
    SimpleRNNCell: _simple_rnn,
    LSTMCell: _lstm,
    GRUCell: _gru,
    ResetAfterGRUCell: _gru_reset_after,
}
"""One step of each cell, in Keras's layers and operations."""


def _clipped(values: Any, bound: float) -> Any:
    return ops.clip(values, -bound, bound) if bound else values
