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

from typing import ClassVar, NamedTuple

import keras
import tensorflow as tf

from rnnlab.config import ModelConfig
from rnnlab.errors import LabError
from rnnlab.models.products import Product, full_product
from rnnlab.seeds import matrix_seed

State = tuple[tf.Tensor, ...]
"""The state of one layer: a tuple of float32 (B, width) tensors. The first part is also the layer's output."""

Weights = tuple[tf.Tensor, ...]

Gates = dict[str, tf.Tensor]
"""The gates of one step by name, see `gate_names`: float32 (B, H) each, after their sigmoid or tanh."""

Values = dict[str, tf.Tensor]
"""Numbers on the way from the inputs of one step to its next state by name, float32 (B, width) each."""

W_X, U_H, BIAS = GATE_TERMS = ("W x", "U h", "b")
"""Terms of a gate's sum: from the inputs, from the state, and the bias."""

SIGMOID, TANH = "σ", "tanh"
"""Functions of a `Line`."""


class Line(NamedTuple):
    """One line of a cell's arithmetic: name = function(term + term + ...).

    Attributes:
        name: what is computed: a gate, or a part of the next state, such as `c'`.
        terms: what is added up, by their names in `RecurrentCell.values`. A product of two numbers of the same unit
            joins their names with a dot, such as `f·c`.
        function: what is done to the sum; "" for nothing.
    """

    name: str
    terms: tuple[str, ...]
    function: str = ""

    @property
    def sum_name(self) -> str:
        """The name of the sum of the terms in `RecurrentCell.values`."""
        return sum_of(self.name) if self.function else self.name


class Combined(NamedTuple):
    """The result of the third part of a step.

    Attributes:
        gates: by name.
        state: after the step.
        values: the numbers on the way by name, as far as they are computed here; see `RecurrentCell.values`.
    """

    gates: Gates
    state: State
    values: Values


def term_of(name: str, term: str) -> str:
    """The name of a term of a gate's sum."""
    return f"{name}: {term}"


def sum_of(name: str) -> str:
    """The name of the sum that a gate, or a part of the state, is a function of."""
    return f"sum of {name}"


MATRICES = {
    "kernel": keras.initializers.GlorotUniform,
    "recurrent_kernel": keras.initializers.Orthogonal,
    "peepholes": keras.initializers.GlorotUniform,
    "projection": keras.initializers.GlorotUniform,
}
"""All weights except the bias, and their initialisers without an `init_scale`."""


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

    state_term: ClassVar[str] = U_H
    """The name of what `project_state` adds to a gate's sum."""

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
        """The initialiser of a weight: uniform or Keras's default, with the seed of that weight."""
        seed, scale = matrix_seed(self.seed, name), self.init_scale
        return keras.initializers.RandomUniform(-scale, scale, seed=seed) if scale else MATRICES[name](seed=seed)

    @property
    def bias_shape(self) -> tuple[int, ...]:
        """Shape of the bias; by default one number for each gate and unit."""
        return (len(self.gate_names) * self.units,)

    def first_bias(self, shape: tuple[int, ...], dtype: str | None = None) -> tf.Tensor:
        """The bias before training; by default zeros."""
        return tf.zeros(shape, dtype or "float32")

    def _first_bias_of(self, shape: tuple[int, ...], dtype: str | None, **gates: float) -> tf.Tensor:
        values = [gates.get(gate, 0.0) for gate in self.gate_names]
        return tf.reshape(tf.repeat(tf.constant(values, dtype or "float32"), self.units), shape)

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

    @property
    def input_bias(self) -> tf.Tensor:
        """The part of the bias that is added to the projected inputs: float32 (gates * H,)."""
        return self.bias.value

    def weigh_inputs(self, inputs: tf.Tensor, product: Product = full_product) -> tf.Tensor:
        """The inputs times their weights: inputs float32 (..., F) -> (..., gates * H)."""
        return product(inputs, self.kernel.value)

    def project_inputs(self, inputs: tf.Tensor, product: Product = full_product) -> tf.Tensor:
        """The first part of a step: inputs float32 (..., F) -> (..., gates * H)."""
        return self.weigh_inputs(inputs, product) + self.input_bias

    def project_state(self, h: tf.Tensor, weights: Weights, product: Product = full_product) -> tf.Tensor:
        """The second part of a step: previous h float32 (..., P) and `state_weights` -> (..., gates * H)."""
        return product(h, weights[0])

    def combine_by_name(
        self, from_inputs: tf.Tensor, from_state: tf.Tensor, state: State, weights: Weights
    ) -> Combined:
        """The third part of a step: make the gates from the two projections, and the next state from the gates.

        Args:
            from_inputs: the result of `project_inputs`.
            from_state: the result of `project_state`.
            state: before the step.
            weights: the values of `combine_weights`.
        Returns:
            The gates by name, the state after the step, and the numbers on the way.
        """
        raise LabError(f"{type(self).__name__} has no recurrence of its own; take one of {', '.join(CELLS)}.")

    def combine(self, from_inputs: tf.Tensor, from_state: tf.Tensor, state: State, weights: Weights) -> State:
        """The state after a step; see `combine_by_name`."""
        return self.combine_by_name(from_inputs, from_state, state, weights).state

    def step(self, inputs: tf.Tensor, state: State) -> tuple[Gates, State]:
        """One time step by name.

        Args:
            inputs: float32 (B, F).
            state: before the step.
        Returns:
            The gates, float32 (B, H) each; and the state after the step, whose first part is the output.
        """
        combined = self._combined(inputs, tuple(state))
        return combined.gates, combined.state

    def _combined(self, inputs: tf.Tensor, state: State) -> Combined:
        from_inputs = self.project_inputs(inputs)
        return self.combine_by_name(from_inputs, self._from_state(state), state, self.combine_weights)

    def _from_state(self, state: State) -> tf.Tensor:
        return self.project_state(state[0], tuple(weight.value for weight in self.state_weights))

    @property
    def lines(self) -> tuple[Line, ...]:
        """The arithmetic of one step, a line for each gate and each part of the next state, in the order in which they
        are computed. `values` has their numbers."""
        raise LabError(f"{type(self).__name__} has no lines of its own; take one of {', '.join(CELLS)}.")

    def values(self, inputs: tf.Tensor, state: State) -> Values:
        """Every number of one time step by name.

        Args:
            inputs: float32 (B, F).
            state: before the step.
        Returns:
            float32 (B, width) each: the terms, the sum and the value of each of `lines`, and the factors of each term
            that is a product. The terms of a gate's sum have the gate before them, such as `f: W x`. The state before
            the step is `h` and `c`; that after it is `h'` and `c'`.
        """
        state = tuple(state)
        gates, after, values = self._combined(inputs, state)
        before = dict(zip(self.state_names, state, strict=True))
        then = {f"{name}'": part for name, part in zip(self.state_names, after, strict=True)}
        weighed, bias = self.weigh_inputs(inputs), self.input_bias[None]
        from_inputs = self._by_gate(W_X, weighed) | self._by_gate(BIAS, tf.broadcast_to(bias, tf.shape(weighed)))
        return from_inputs | self._by_gate(self.state_term, self._from_state(state)) | before | gates | values | then

    def _by_gate(self, term: str, sums: tf.Tensor) -> Values:
        """A term of the gates' sums, float32 (B, gates * H), as one value for each gate."""
        parts = tf.split(sums, sums.shape[-1] // self.units, axis=-1)
        return {term_of(gate, term): part for gate, part in zip(self.gate_names, parts, strict=False)}

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
    ) -> Combined:
        total = from_inputs + from_state
        g = tf.tanh(total)
        return Combined({"g": g}, (g,), {sum_of("g"): total})

    @property
    def lines(self) -> tuple[Line, ...]:  # noqa: D102
        return Line("g", GATE_TERMS, TANH), Line("h'", ("g",))


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
        return self._first_bias_of(shape, dtype, f=self.forget_bias)

    @property
    def combine_weights(self) -> tuple[keras.Variable, ...]:  # noqa: D102
        return tuple(weight for weight in (self.peepholes, self.projection) if weight is not None)

    def combine_by_name(  # noqa: D102
        self, from_inputs: tf.Tensor, from_state: tf.Tensor, state: State, weights: Weights
    ) -> Combined:
        _, c = state
        i_sum, f_sum, g_sum, o_sum = tf.split(from_inputs + from_state, 4, axis=-1)
        values: Values = {}
        if self.use_peepholes:
            to_i, to_f, to_o = tf.unstack(weights[0])
            seen_by_i, seen_by_f = to_i * c, to_f * c
            i_sum, f_sum = i_sum + seen_by_i, f_sum + seen_by_f
            values |= {term_of("i", "p c"): seen_by_i, term_of("f", "p c"): seen_by_f}
        i, f, g = tf.sigmoid(i_sum), tf.sigmoid(f_sum), tf.tanh(g_sum)
        kept, added = f * c, i * g
        c_sum = kept + added
        c = _clipped(c_sum, self.cell_clip)
        if self.use_peepholes:
            seen_by_o = to_o * c
            o_sum = o_sum + seen_by_o
            values |= {term_of("o", "p c'"): seen_by_o}
        o, squashed = tf.sigmoid(o_sum), tf.tanh(c)
        h = o * squashed
        values |= {sum_of("i"): i_sum, sum_of("f"): f_sum, sum_of("g"): g_sum, sum_of("o"): o_sum}
        values |= {"f·c": kept, "i·g": added, sum_of("c'"): c_sum, "tanh c'": squashed, "o·tanh c'": h}
        if self.num_proj:
            projected = tf.matmul(h, weights[-1])
            values |= {"m": h, "M m": projected, sum_of("h'"): projected}
            h = _clipped(projected, self.proj_clip)
        return Combined({"i": i, "f": f, "g": g, "o": o}, (h, c), values)

    @property
    def lines(self) -> tuple[Line, ...]:  # noqa: D102
        before, after = (("p c",), ("p c'",)) if self.use_peepholes else ((), ())
        return (
            Line("i", (*GATE_TERMS, *before), SIGMOID),
            Line("f", (*GATE_TERMS, *before), SIGMOID),
            Line("g", GATE_TERMS, TANH),
            Line("c'", ("f·c", "i·g"), _clip_name(self.cell_clip)),
            Line("o", (*GATE_TERMS, *after), SIGMOID),
            Line("m" if self.num_proj else "h'", ("o·tanh c'",)),
            *((Line("h'", ("M m",), _clip_name(self.proj_clip)),) if self.num_proj else ()),
        )


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
        return self._first_bias_of(shape, dtype, z=1.0, r=1.0)

    @property
    def combine_weights(self) -> tuple[keras.Variable, ...]:  # noqa: D102
        return (self.recurrent_kernel,)

    def project_state(self, h: tf.Tensor, weights: Weights, product: Product = full_product) -> tf.Tensor:
        """The projections for the two gates: (..., 2 H). That of the candidate needs the reset gate first."""
        return product(h, weights[0][:, : 2 * self.units])

    def combine_by_name(  # noqa: D102
        self, from_inputs: tf.Tensor, from_state: tf.Tensor, state: State, weights: Weights
    ) -> Combined:
        (h,) = state
        x_z, x_r, x_g = tf.split(from_inputs, 3, axis=-1)
        h_z, h_r = tf.split(from_state, 2, axis=-1)
        z_sum, r_sum = x_z + h_z, x_r + h_r
        z, r = tf.sigmoid(z_sum), tf.sigmoid(r_sum)
        from_reset = tf.matmul(r * h, weights[0][:, 2 * self.units :])
        values = {sum_of("z"): z_sum, sum_of("r"): r_sum, term_of("g", "U (r h)"): from_reset}
        return _gru_combined(z, r, x_g + from_reset, h, values)

    @property
    def lines(self) -> tuple[Line, ...]:  # noqa: D102
        return _gru_lines(GATE_TERMS, (W_X, "U (r h)", BIAS))


class ResetAfterGRUCell(RecurrentCell):
    """Gated recurrent unit in the form that resets after the product. Keras: `GRU(reset_after=True)`, its default.

    z, r = sigmoid(x W + h U + b);  g = tanh(x Wg + r * (h Ug + bg));  h' = z h + (1 - z) g

    It needs one product a step instead of two; cuDNN uses it for that reason. The bias has two rows, as in Keras: the
    first is added to the product of the inputs, the second to that of the state.

    Source: Cho 2014; the reset after the product is cuDNN's.
    """

    gate_names = ("z", "r", "g")
    is_elementwise = True
    state_term = "(U h + d)"

    @property
    def bias_shape(self) -> tuple[int, ...]:  # noqa: D102
        return (2, len(self.gate_names) * self.units)

    @property
    def state_weights(self) -> tuple[keras.Variable, ...]:  # noqa: D102
        return self.recurrent_kernel, self.bias

    @property
    def input_bias(self) -> tf.Tensor:  # noqa: D102
        return self.bias.value[0]

    def project_state(self, h: tf.Tensor, weights: Weights, product: Product = full_product) -> tf.Tensor:  # noqa: D102
        recurrent_kernel, bias = weights
        return product(h, recurrent_kernel) + bias[1]

    def combine_by_name(  # noqa: D102
        self, from_inputs: tf.Tensor, from_state: tf.Tensor, state: State, weights: Weights
    ) -> Combined:
        (h,) = state
        x_z, x_r, x_g = tf.split(from_inputs, 3, axis=-1)
        h_z, h_r, h_g = tf.split(from_state, 3, axis=-1)
        z_sum, r_sum = x_z + h_z, x_r + h_r
        z, r = tf.sigmoid(z_sum), tf.sigmoid(r_sum)
        reset = r * h_g
        values = {sum_of("z"): z_sum, sum_of("r"): r_sum, self.state_term: h_g}
        values |= {term_of("g", f"r·{self.state_term}"): reset}
        return _gru_combined(z, r, x_g + reset, h, values)

    @property
    def lines(self) -> tuple[Line, ...]:  # noqa: D102
        return _gru_lines((W_X, self.state_term, BIAS), (W_X, f"r·{self.state_term}", BIAS))


CELLS: dict[str, type[RecurrentCell]] = {"simple_rnn": SimpleRNNCell, "lstm": LSTMCell, "gru": GRUCell}
"""The class of each cell of `rnnlab.config.CELL_KINDS`."""


def make_cell(model: ModelConfig, units: int, seed: int = 0, name: str | None = None) -> RecurrentCell:
    """A cell of width `units` with these settings; settings of other cells do not matter."""
    return CELLS[model.cell].of_settings(model, units, seed, name)


def _gru_combined(z: tf.Tensor, r: tf.Tensor, g_sum: tf.Tensor, h: tf.Tensor, values: Values) -> Combined:
    """The end of a step that both kinds of GRU have in common: h' = z h + (1 - z) g."""
    g, share = tf.tanh(g_sum), 1 - z
    kept, added = z * h, share * g
    values |= {sum_of("g"): g_sum, "(1 − z)": share, "z·h": kept, "(1 − z)·g": added}
    return Combined({"z": z, "r": r, "g": g}, (kept + added,), values)


def _gru_lines(gate: tuple[str, ...], candidate: tuple[str, ...]) -> tuple[Line, ...]:
    """The lines of both kinds of GRU; they differ in the terms of the candidate's sum."""
    return (
        Line("z", gate, SIGMOID),
        Line("r", gate, SIGMOID),
        Line("g", candidate, TANH),
        Line("h'", ("z·h", "(1 − z)·g")),
    )


def _clip_name(bound: float) -> str:
    return f"clip ±{bound:g}" if bound else ""


def _clipped(values: tf.Tensor, bound: float) -> tf.Tensor:
    return tf.clip_by_value(values, -bound, bound) if bound else values
