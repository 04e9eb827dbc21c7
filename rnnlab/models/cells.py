"""Recurrent cells: one time step each, in the letters of the papers.

A cell's step has three parts: what it takes from the inputs, what it takes from the state before, and how the two
become the next state. The first does not look at the state, so a whole sequence goes through it as one large matrix
product; the last has no weights, so the way back through time needs to keep the states alone. One step and a whole
sequence are the same three functions.

The weights have Keras's layout (`kernel`, `recurrent_kernel`, `bias`; gates side by side), so that they can be copied
to and from `keras.layers.LSTM` and `keras.layers.GRU(reset_after=True)`, and a cell can be given to `keras.layers.RNN`.
"""

from __future__ import annotations

from typing import ClassVar

import keras
import numpy as np
import tensorflow as tf

State = tuple[tf.Tensor, ...]
"""The state of one layer: a tuple of float32 (B, H) tensors. The first part is also the layer's output."""


class RecurrentCell(keras.layers.Layer):
    """What the cells share: their weights, and a step made of three parts.

    Args:
        units: width H of the output and of every part of the state.
        init_scale: all weights start uniform in [-init_scale, init_scale]; 0 takes Keras's Glorot uniform kernel,
            orthogonal recurrent kernel and zero bias.
        seed: decides the first weights.
    """

    gates: ClassVar[tuple[str, ...]] = ()
    state_names: ClassVar[tuple[str, ...]] = ("h",)

    def __init__(self, units: int, init_scale: float = 0.0, seed: int = 0, name: str | None = None):
        super().__init__(name=name)
        self.units = units
        self.init_scale = init_scale
        self.seed = seed

    @property
    def state_size(self) -> list[int]:
        """Widths of the parts of the state, as `keras.layers.RNN` asks for them."""
        return [self.units] * len(self.state_names)

    @property
    def output_size(self) -> int:
        """Width of the output."""
        return self.units

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the weights for inputs of width `input_shape[-1]`."""
        if self.built:  # type: ignore[has-type]  # Keras calls this again at the first call.
            return
        width = len(self.gates) * self.units
        seeds = [int(s) for s in np.random.SeedSequence(self.seed).generate_state(2) >> 1]
        start = keras.initializers.RandomUniform
        if self.init_scale:
            kernel, recurrent = (start(-self.init_scale, self.init_scale, seed=s) for s in seeds)
        else:
            kernel = keras.initializers.GlorotUniform(seed=seeds[0])
            recurrent = keras.initializers.Orthogonal(seed=seeds[1])
        self.kernel = self.add_weight(shape=(input_shape[-1], width), initializer=kernel, name="kernel")
        self.recurrent_kernel = self.add_weight(
            shape=(self.units, width), initializer=recurrent, name="recurrent_kernel"
        )
        self.bias = self.add_weight(shape=self.bias_shape, initializer=self.first_bias, name="bias")
        self.built = True

    @property
    def bias_shape(self) -> tuple[int, ...]:
        """Shape of the bias; one number a gate and unit unless a cell says otherwise."""
        return (len(self.gates) * self.units,)

    def first_bias(self, shape: tuple[int, ...], dtype: str | None = None) -> tf.Tensor:
        """The bias before training: zeros unless a cell says otherwise."""
        return tf.zeros(shape, dtype or "float32")

    def zero_state(self, batch_size: int | tf.Tensor) -> State:
        """The state before anything was read: zeros (B, H) for each part. TF1: `zero_state`."""
        return tuple(tf.zeros((batch_size, self.units)) for _ in self.state_names)

    @property
    def state_weights(self) -> tuple[keras.Variable, ...]:
        """The weights of `project_state`."""
        return (self.recurrent_kernel,)

    def project_inputs(self, inputs: tf.Tensor) -> tf.Tensor:
        """What a step takes from the inputs: float32 (..., F) -> (..., gates * H)."""
        return tf.tensordot(inputs, self.kernel, 1) + self.bias

    def project_state(self, h: tf.Tensor, weights: tuple[tf.Tensor, ...]) -> tf.Tensor:
        """What a step takes from the state before: float32 (..., H) and `state_weights` -> (..., gates * H)."""
        return tf.tensordot(h, weights[0], 1)

    def combine(self, from_inputs: tf.Tensor, from_state: tf.Tensor, state: State) -> State:
        """How the two become the next state: (B, gates * H) twice and the state before -> the state after."""
        raise TypeError(f"{type(self).__name__} has no recurrence of its own; take one of {', '.join(CELLS)}.")

    def call(self, inputs: tf.Tensor, state: State) -> tuple[tf.Tensor, State]:
        """One time step: inputs (B, F), state -> output (B, H), state."""
        after = self.combine(
            self.project_inputs(inputs), self.project_state(state[0], self.state_weights), tuple(state)
        )
        return after[0], after


class SimpleRNNCell(RecurrentCell):
    """h' = tanh(x W + h U + b). TF1: BasicRNNCell. Source: Elman 1990."""

    gates = ("h",)

    def combine(self, from_inputs: tf.Tensor, from_state: tf.Tensor, state: State) -> State:  # noqa: D102
        return (tf.tanh(from_inputs + from_state),)


class LSTMCell(RecurrentCell):
    """Long short-term memory with a forget gate. TF1: BasicLSTMCell.

    i, f, g, o = split(x W + h U + b);  c' = sigmoid(f) c + sigmoid(i) tanh(g);  h' = sigmoid(o) tanh(c')

    Args:
        forget_bias: where the forget gate's bias starts. TF1 adds the same number at run time to a bias that starts at
            0: the gate and its gradient are equal, only the variable shows a different number.

    Source: Hochreiter and Schmidhuber 1997; Gers 2000 for the forget gate.
    """

    gates = ("i", "f", "g", "o")
    state_names = ("h", "c")

    def __init__(
        self, units: int, forget_bias: float = 1.0, init_scale: float = 0.0, seed: int = 0, name: str | None = None
    ):
        super().__init__(units, init_scale, seed, name)
        self.forget_bias = forget_bias

    def first_bias(self, shape: tuple[int, ...], dtype: str | None = None) -> tf.Tensor:  # noqa: D102
        zeros = np.zeros((len(self.gates), self.units), "float32")
        zeros[self.gates.index("f")] = self.forget_bias
        return tf.constant(zeros.reshape(shape))

    def combine(self, from_inputs: tf.Tensor, from_state: tf.Tensor, state: State) -> State:  # noqa: D102
        _, c = state
        i, f, g, o = tf.split(from_inputs + from_state, 4, axis=-1)
        c = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(g)
        h = tf.sigmoid(o) * tf.tanh(c)
        return h, c


class GRUCell(RecurrentCell):
    """Gated recurrent unit, the form that resets after the product. Keras: `GRU(reset_after=True)`.

    z, r = sigmoid(x W + h U + b);  g = tanh(x Wg + r * (h Ug + bg));  h' = z h + (1 - z) g

    The bias has two rows as in Keras: the first is added to the input's product, the second to the state's.

    Source: Cho 2014; the reset after the product is cuDNN's.
    """

    gates = ("z", "r", "g")

    @property
    def bias_shape(self) -> tuple[int, ...]:  # noqa: D102
        return (2, len(self.gates) * self.units)

    @property
    def state_weights(self) -> tuple[keras.Variable, ...]:  # noqa: D102
        return self.recurrent_kernel, self.bias

    def project_inputs(self, inputs: tf.Tensor) -> tf.Tensor:  # noqa: D102
        return tf.tensordot(inputs, self.kernel, 1) + self.bias[0]

    def project_state(self, h: tf.Tensor, weights: tuple[tf.Tensor, ...]) -> tf.Tensor:  # noqa: D102
        recurrent_kernel, bias = weights
        return tf.tensordot(h, recurrent_kernel, 1) + bias[1]

    def combine(self, from_inputs: tf.Tensor, from_state: tf.Tensor, state: State) -> State:  # noqa: D102
        (h,) = state
        x_z, x_r, x_g = tf.split(from_inputs, 3, axis=-1)
        h_z, h_r, h_g = tf.split(from_state, 3, axis=-1)
        z = tf.sigmoid(x_z + h_z)
        r = tf.sigmoid(x_r + h_r)
        g = tf.tanh(x_g + r * h_g)
        return (z * h + (1 - z) * g,)


CELLS: dict[str, type[RecurrentCell]] = {"simple_rnn": SimpleRNNCell, "lstm": LSTMCell, "gru": GRUCell}
