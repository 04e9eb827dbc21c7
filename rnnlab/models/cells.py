"""Recurrent cells: one time step each, with the letters of the papers.

The step of a cell has three parts, which serve one step and a whole sequence alike:

1. `project_inputs` projects the inputs. It does not need the state, so a whole sequence is one large matrix product.
2. `project_state` projects the previous state. This is one matrix product a step.
3. `combine` makes the gates from the two projections, and the next state from the gates. It has no large intermediate
   values, so the backward pass through time only needs to keep the states.

The weights have Keras's layout (`kernel`, `recurrent_kernel`, `bias`; gates side by side). So they can be copied to and
from `keras.layers.LSTM` and `keras.layers.GRU`, and `keras.layers.RNN` accepts a cell.
"""

from __future__ import annotations

from typing import ClassVar

import keras
import numpy as np
import tensorflow as tf

from rnnlab.config import ModelConfig
from rnnlab.errors import LabError
from rnnlab.models.products import Product, full_product

State = tuple[tf.Tensor, ...]
"""The state of one layer: a tuple of float32 (B, width) tensors. The first part is also the layer's output."""

Weights = tuple[tf.Tensor, ...]

Gates = dict[str, tf.Tensor]
"""The gates of one step by name, see `gate_names`: float32 (B, H) each, after their sigmoid or tanh."""

MATRICES = {
    "kernel": (0, keras.initializers.GlorotUniform),
    "recurrent_kernel": (1, keras.initializers.Orthogonal),
    "peepholes": (2, keras.initializers.GlorotUniform),
    "projection": (3, keras.initializers.GlorotUniform),
}
"""All weights except the bias: the position of the weight's seed, and its initialiser without an `init_scale`."""


class RecurrentCell(keras.layers.Layer):
    """The common part of all cells: their weights, and the three parts of a step.

    Args:
        units: width H of the gates.
        init_scale: all weights start uniform in [-init_scale, init_scale]; 0 takes Keras's Glorot uniform kernel and
            orthogonal recurrent kernel. `first_bias` gives the initial biases.
        seed: decides the initial weights.
    """

    gate_names: ClassVar[tuple[str, ...]] = ()
    """The letters of the gates, in the order in which they lie in the weights: i input, f forget, o output, z update, r
    reset, and g, the candidate for the new content."""

    takes_one_sum: ClassVar[bool] = False
    """Whether `combine_by_name` looks only at the sum of its first two arguments, which then have the same gradient."""

    state_names: ClassVar[tuple[str, ...]] = ("h",)

    def __init__(self, units: int, init_scale: float = 0.0, seed: int = 0, name: str | None = None):
        super().__init__(name=name)
        self.units = units
        self.init_scale = init_scale
        self.seed = seed

    @classmethod
    def of_settings(cls, model: ModelConfig, units: int, seed: int = 0, name: str | None = None) -> RecurrentCell:
        """The cell with these settings. A cell that has settings of its own overrides this.

        Args:
            model: the settings; those of other cells do not matter.
            units: width H of this layer.
            seed: decides the first weights.
            name: of the layer, part of the names of its weights.
        """
        return cls(units, model.init_scale, seed, name)

    @property
    def output_size(self) -> int:
        """Width P of the output h; H unless a cell projects it."""
        return self.units

    @property
    def state_size(self) -> list[int]:
        """Widths of the parts of the state, in the form of `keras.layers.RNN`: P for h, H for the others."""
        return [self.output_size] + [self.units] * (len(self.state_names) - 1)

    @property
    def is_elementwise(self) -> bool:
        """Whether in `combine` the next state of each unit depends only on the unit's own gates and state.

        If True, the backward pass through time is shorter. If it is True by mistake, gradients are wrong.
        """
        return False

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the weights for inputs of width `input_shape[-1]`."""
        if self.built:  # type: ignore[has-type]  # Keras calls this again at the first call.
            return
        width = len(self.gate_names) * self.units
        self.kernel = self._add_matrix("kernel", (input_shape[-1], width))
        self.recurrent_kernel = self._add_matrix("recurrent_kernel", (self.output_size, width))
        self.bias = self.add_weight(shape=self.bias_shape, initializer=self.first_bias, name="bias")
        self.build_variants()
        self.built = True

    def build_variants(self) -> None:
        """Create the weights that only some settings of a cell have; by default none."""

    def start(self, model: ModelConfig, seed: int) -> None:
        """Set the weights of a built cell to the initial weights of a new cell with these settings and this seed.

        The settings may differ from the cell's own only in initial weights, see `ModelConfig.architecture`.
        """
        self.init_scale, self.seed = model.init_scale, seed
        for name in MATRICES:
            weight = getattr(self, name, None)
            if weight is not None:
                weight.assign(self._first_matrix(name)(weight.shape))
        self.bias.assign(self.first_bias(self.bias_shape))

    def _add_matrix(self, name: str, shape: tuple[int | None, int]) -> keras.Variable:
        return self.add_weight(shape=shape, initializer=self._first_matrix(name), name=name)

    def _first_matrix(self, name: str) -> keras.initializers.Initializer:
        """The initialiser of a weight: uniform or Keras's default, with the seed of its position."""
        position, default = MATRICES[name]
        seed = int(np.random.SeedSequence(self.seed).generate_state(position + 1)[position] >> 1)
        scale = self.init_scale
        return keras.initializers.RandomUniform(-scale, scale, seed=seed) if scale else default(seed=seed)

    @property
    def bias_shape(self) -> tuple[int, ...]:
        """Shape of the bias; by default one number for each gate and unit."""
        return (len(self.gate_names) * self.units,)

    def first_bias(self, shape: tuple[int, ...], dtype: str | None = None) -> tf.Tensor:
        """The bias before training; by default zeros."""
        return tf.zeros(shape, dtype or "float32")

    def _first_bias_of(self, shape: tuple[int, ...], **gates: float) -> tf.Tensor:
        values = [gates.get(gate, 0.0) for gate in self.gate_names]
        return tf.reshape(tf.repeat(tf.constant(values, tf.float32), self.units), shape)

    def zero_state(self, batch_size: int | tf.Tensor) -> State:
        """The state before the first input: zeros (B, width) for each part. TF1: `zero_state`."""
        return tuple(tf.zeros((batch_size, width)) for width in self.state_size)

    @property
    def state_weights(self) -> tuple[keras.Variable, ...]:
        """The weights of `project_state`."""
        return (self.recurrent_kernel,)

    @property
    def combine_weights(self) -> tuple[keras.Variable, ...]:
        """The weights of `combine`; by default none."""
        return ()

    def project_inputs(self, inputs: tf.Tensor, product: Product = full_product) -> tf.Tensor:
        """The first part of a step: inputs float32 (..., F) -> (..., gates * H)."""
        return product(inputs, self.kernel.value) + self.bias

    def project_state(self, h: tf.Tensor, weights: Weights, product: Product = full_product) -> tf.Tensor:
        """The second part of a step: previous h float32 (..., P) and `state_weights` -> (..., gates * H)."""
        return product(h, weights[0])

    def combine_by_name(
        self, from_inputs: tf.Tensor, from_state: tf.Tensor, state: State, weights: Weights
    ) -> tuple[Gates, State]:
        """The third part of a step: make the gates from the two projections, and the next state from the gates.

        Args:
            from_inputs: the result of `project_inputs`.
            from_state: the result of `project_state`.
            state: before the step.
            weights: the values of `combine_weights`.
        Returns:
            The gates by name, and the state after the step.
        """
        raise LabError(f"{type(self).__name__} has no recurrence of its own; take one of {', '.join(CELLS)}.")

    def combine(self, from_inputs: tf.Tensor, from_state: tf.Tensor, state: State, weights: Weights) -> State:
        """The state after a step; see `combine_by_name`."""
        return self.combine_by_name(from_inputs, from_state, state, weights)[1]

    def step(self, inputs: tf.Tensor, state: State) -> tuple[Gates, State]:
        """One time step by name.

        Args:
            inputs: float32 (B, F).
            state: before the step.
        Returns:
            The gates, float32 (B, H) each; and the state after the step, whose first part is the output.
        """
        from_state = self.project_state(state[0], tuple(weight.value for weight in self.state_weights))
        return self.combine_by_name(self.project_inputs(inputs), from_state, tuple(state), self.combine_weights)

    def gates(self, inputs: tf.Tensor, state: State) -> Gates:
        """The gates of one time step by name, see `gate_names`: inputs (B, F), state -> float32 (B, H) each.

        Example:
            cell.gates(inputs, state)["f"]  # how much of the memory c an LSTM keeps
        """
        return self.step(inputs, state)[0]

    def call(self, inputs: tf.Tensor, state: State) -> tuple[tf.Tensor, State]:
        """One time step: inputs (B, F), state -> output (B, P), state."""
        _, after = self.step(inputs, state)
        return after[0], after


class SimpleRNNCell(RecurrentCell):
    """g = tanh(x W + h U + b);  h' = g. TF1: BasicRNNCell. Source: Elman 1990."""

    gate_names = ("g",)
    takes_one_sum = True
    is_elementwise = True

    def combine_by_name(  # noqa: D102
        self, from_inputs: tf.Tensor, from_state: tf.Tensor, state: State, weights: Weights
    ) -> tuple[Gates, State]:
        g = tf.tanh(from_inputs + from_state)
        return {"g": g}, (g,)


class LSTMCell(RecurrentCell):
    """Long short-term memory with a forget gate. TF1: BasicLSTMCell, and LSTMCell for the variants.

    i, f, o = sigmoid(x W + h U + b);  g = tanh(x Wg + h Ug + bg);  c' = f c + i g;  h' = o tanh(c')

    With peepholes p: p_i c and p_f c, of the memory before the step, are added to the sums of i and f; p_o c', of the
    memory after it, is added to the sum of o. With a projection M: h' = (o tanh(c')) M. The clips limit c' before
    anything reads it, and h' after its projection.

    Args:
        forget_bias: initial bias of the forget gate. TF1 adds the same number at run time to a bias that starts at 0.
            Gate and gradient are equal; only the variable has a different value.
        use_peepholes: with weights `peepholes` (3, H), for i, f and o.
        cell_clip: bound on c'; 0 for none.
        num_proj: width P of h', with weights `projection` (H, P); 0 leaves it H wide, without a projection.
        proj_clip: bound on the projected h'; 0 for none.

    Source: Hochreiter and Schmidhuber 1997; Gers 2000 for the forget gate, 2002 for peepholes; Sak 2014 for the
    projection.
    """

    gate_names = ("i", "f", "g", "o")
    takes_one_sum = True
    state_names = ("h", "c")

    def __init__(
        self,
        units: int,
        forget_bias: float = 1.0,
        use_peepholes: bool = False,
        cell_clip: float = 0.0,
        num_proj: int = 0,
        proj_clip: float = 0.0,
        init_scale: float = 0.0,
        seed: int = 0,
        name: str | None = None,
    ):
        super().__init__(units, init_scale, seed, name)
        self.forget_bias = forget_bias
        self.use_peepholes = use_peepholes
        self.cell_clip = cell_clip
        self.num_proj = num_proj
        self.proj_clip = proj_clip

    @classmethod
    def of_settings(cls, model: ModelConfig, units: int, seed: int = 0, name: str | None = None) -> RecurrentCell:  # noqa: D102
        return cls(
            units,
            forget_bias=model.forget_bias,
            use_peepholes=model.use_peepholes,
            cell_clip=model.cell_clip,
            num_proj=model.num_proj,
            proj_clip=model.proj_clip,
            init_scale=model.init_scale,
            seed=seed,
            name=name,
        )

    @property
    def output_size(self) -> int:  # noqa: D102
        return self.num_proj or self.units

    @property
    def is_elementwise(self) -> bool:  # noqa: D102
        return not self.num_proj

    @property
    def is_plain(self) -> bool:
        """Whether it is the LSTM that Keras and cuDNN know, without variants."""
        return not (self.use_peepholes or self.cell_clip or self.num_proj)

    def build_variants(self) -> None:  # noqa: D102
        self.peepholes = self._add_matrix("peepholes", (3, self.units)) if self.use_peepholes else None
        self.projection = self._add_matrix("projection", (self.units, self.num_proj)) if self.num_proj else None

    def start(self, model: ModelConfig, seed: int) -> None:  # noqa: D102
        self.forget_bias = model.forget_bias
        super().start(model, seed)

    def first_bias(self, shape: tuple[int, ...], dtype: str | None = None) -> tf.Tensor:  # noqa: D102
        return self._first_bias_of(shape, f=self.forget_bias)

    @property
    def combine_weights(self) -> tuple[keras.Variable, ...]:  # noqa: D102
        return tuple(weight for weight in (self.peepholes, self.projection) if weight is not None)

    def combine_by_name(  # noqa: D102
        self, from_inputs: tf.Tensor, from_state: tf.Tensor, state: State, weights: Weights
    ) -> tuple[Gates, State]:
        _, c = state
        i, f, g, o = tf.split(from_inputs + from_state, 4, axis=-1)
        if self.use_peepholes:
            to_i, to_f, to_o = tf.unstack(weights[0])
            i, f = i + to_i * c, f + to_f * c
        i, f, g = tf.sigmoid(i), tf.sigmoid(f), tf.tanh(g)
        c = _clipped(f * c + i * g, self.cell_clip)
        if self.use_peepholes:
            o = o + to_o * c
        o = tf.sigmoid(o)
        h = o * tf.tanh(c)
        if self.num_proj:
            h = _clipped(tf.matmul(h, weights[-1]), self.proj_clip)
        return {"i": i, "f": f, "g": g, "o": o}, (h, c)


class GRUCell(RecurrentCell):
    """Gated recurrent unit in the form of the paper, which resets the state before the product. TF1: GRUCell.

    z, r = sigmoid(x W + h U + b);  g = tanh(x Wg + (r * h) Ug + bg);  h' = z h + (1 - z) g

    Both gates' biases start at 1, as in TF1, so that an untrained unit keeps most of its state. Keras:
    `GRU(reset_after=False)`.

    Source: Cho 2014.
    """

    gate_names = ("z", "r", "g")

    @classmethod
    def of_settings(cls, model: ModelConfig, units: int, seed: int = 0, name: str | None = None) -> RecurrentCell:  # noqa: D102
        kind = ResetAfterGRUCell if model.reset_after else GRUCell
        return kind(units, model.init_scale, seed, name)

    def first_bias(self, shape: tuple[int, ...], dtype: str | None = None) -> tf.Tensor:  # noqa: D102
        return self._first_bias_of(shape, z=1.0, r=1.0)

    @property
    def combine_weights(self) -> tuple[keras.Variable, ...]:  # noqa: D102
        return (self.recurrent_kernel,)

    def project_state(self, h: tf.Tensor, weights: Weights, product: Product = full_product) -> tf.Tensor:
        """The projections for the two gates: (..., 2 H). That of the candidate needs the reset gate first."""
        return product(h, weights[0][:, : 2 * self.units])

    def combine_by_name(  # noqa: D102
        self, from_inputs: tf.Tensor, from_state: tf.Tensor, state: State, weights: Weights
    ) -> tuple[Gates, State]:
        (h,) = state
        x_z, x_r, x_g = tf.split(from_inputs, 3, axis=-1)
        h_z, h_r = tf.split(from_state, 2, axis=-1)
        z = tf.sigmoid(x_z + h_z)
        r = tf.sigmoid(x_r + h_r)
        g = tf.tanh(x_g + tf.matmul(r * h, weights[0][:, 2 * self.units :]))
        return {"z": z, "r": r, "g": g}, (z * h + (1 - z) * g,)


class ResetAfterGRUCell(RecurrentCell):
    """Gated recurrent unit in the form that resets after the product. Keras: `GRU(reset_after=True)`, its default.

    z, r = sigmoid(x W + h U + b);  g = tanh(x Wg + r * (h Ug + bg));  h' = z h + (1 - z) g

    It needs one product a step instead of two; cuDNN uses it for that reason. The bias has two rows, as in Keras: the
    first is added to the product of the inputs, the second to that of the state.

    Source: Cho 2014; the reset after the product is cuDNN's.
    """

    gate_names = ("z", "r", "g")
    is_elementwise = True

    @property
    def bias_shape(self) -> tuple[int, ...]:  # noqa: D102
        return (2, len(self.gate_names) * self.units)

    @property
    def state_weights(self) -> tuple[keras.Variable, ...]:  # noqa: D102
        return self.recurrent_kernel, self.bias

    def project_inputs(self, inputs: tf.Tensor, product: Product = full_product) -> tf.Tensor:  # noqa: D102
        return product(inputs, self.kernel.value) + self.bias[0]

    def project_state(self, h: tf.Tensor, weights: Weights, product: Product = full_product) -> tf.Tensor:  # noqa: D102
        recurrent_kernel, bias = weights
        return product(h, recurrent_kernel) + bias[1]

    def combine_by_name(  # noqa: D102
        self, from_inputs: tf.Tensor, from_state: tf.Tensor, state: State, weights: Weights
    ) -> tuple[Gates, State]:
        (h,) = state
        x_z, x_r, x_g = tf.split(from_inputs, 3, axis=-1)
        h_z, h_r, h_g = tf.split(from_state, 3, axis=-1)
        z = tf.sigmoid(x_z + h_z)
        r = tf.sigmoid(x_r + h_r)
        g = tf.tanh(x_g + r * h_g)
        return {"z": z, "r": r, "g": g}, (z * h + (1 - z) * g,)


CELLS: dict[str, type[RecurrentCell]] = {"simple_rnn": SimpleRNNCell, "lstm": LSTMCell, "gru": GRUCell}
"""The class of each cell of `rnnlab.config.CELL_KINDS`."""


def make_cell(model: ModelConfig, units: int, seed: int = 0, name: str | None = None) -> RecurrentCell:
    """A cell of width `units` with these settings; settings of other cells do not matter."""
    return CELLS[model.cell].of_settings(model, units, seed, name)


def _clipped(values: tf.Tensor, bound: float) -> tf.Tensor:
    return tf.clip_by_value(values, -bound, bound) if bound else values
