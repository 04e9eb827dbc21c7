"""The loop over time and its own gradient: backpropagation through time.

TensorFlow's own gradient of a loop keeps every intermediate value of every step, and adds one gradient of the recurrent
kernel for each step. Here only the states are kept. The backward pass computes each step again, and the kernel's
gradient is one product over all steps. Only the cell knows what a step computes, forwards and backwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import tensorflow as tf

from rnnlab.models.cells import RecurrentCell, State, Weights
from rnnlab.models.products import Arithmetic

WIDE_STEP = 1024
"""Size of a step's projected inputs, all streams together, from which on a step is wide. Two things differ then:

- Its projected inputs are fetched one step ahead. Otherwise XLA fetches them again in each operation that it fuses.
- The backward pass computes each step again. A narrow step has so few slopes that those of all steps are kept."""


class Window(NamedTuple):
    """The input of a loop over time, time first.

    Attributes:
        projected: float32 (T, B, gates * H), the projected inputs of each step; T >= 1.
        valid: bool (T, B, 1); a step that is not valid leaves the state as it is. None: every step is valid.
        noise: float32 (T, B, P), factors on the h that each step reads; None for none.
    """

    projected: tf.Tensor
    valid: tf.Tensor | None
    noise: tf.Tensor | None

    @property
    def steps(self) -> int | tf.Tensor:
        """T, as a number if it is known when the graph is built, because XLA needs a bound for its loops."""
        return self.projected.shape[0] if self.projected.shape[0] is not None else tf.shape(self.projected)[0]

    @property
    def is_wide(self) -> bool:
        """Whether its steps are wide, see `WIDE_STEP`; False for a batch of unknown size."""
        return (self.projected.shape[1:].num_elements() or 0) >= WIDE_STEP

    def valid_at(self, t: tf.Tensor) -> tf.Tensor | None:
        """Which rows count at a step: bool (B, 1)."""
        return None if self.valid is None else self.valid[t]

    def noise_at(self, t: tf.Tensor) -> tf.Tensor | None:
        """A step's factors: float32 (B, P)."""
        return None if self.noise is None else self.noise[t]


class StepGradients(NamedTuple):
    """The gradients of one step: of its projected inputs, its projected state, `combine`'s weights, and its state."""

    inputs: tf.Tensor
    from_state: tf.Tensor
    combine_weights: Weights
    state: State


def run_through_time(
    cell: RecurrentCell, window: Window, state: State, arithmetic: Arithmetic
) -> tuple[tf.Tensor, State]:
    """Step through a window.

    Args:
        cell: computes a step.
        window: the inputs.
        state: before the first step.
        arithmetic: how the products are computed.
    Returns:
        h after every step, float32 (T, B, P); the state after the last one.
    """

    @tf.custom_gradient
    def run(
        projected: tf.Tensor, weights: Weights, combine_weights: Weights, first: State
    ) -> tuple[tuple[tf.Tensor, ...], Callable[..., tuple]]:
        inner = window._replace(projected=projected)
        layer = _Layer(cell, inner, weights, combine_weights, arithmetic)
        after = _call(lambda: layer.forwards(first), arithmetic)

        def gradient(d_h: tf.Tensor, *d_last: tf.Tensor) -> tuple[tf.Tensor, Weights, Weights, State]:
            before = tuple(tf.concat([part[None], parts[:-1]], 0) for part, parts in zip(first, after, strict=True))
            with tf.GradientTape() as tape:
                tape.watch(weights)
                h = with_noise(before, window.noise)[0]
                from_states = cell.project_state(h, weights, arithmetic.window)  # (T, B, gates * H)
            d_projected, d_from_states, d_combine, d_first = _call(
                lambda: layer.backwards(before, from_states, d_h, d_last), arithmetic
            )
            d_weights = tape.gradient(from_states, weights, output_gradients=d_from_states)
            return d_projected, d_weights, d_combine, d_first

        return (after[0], *(part[-1] for part in after)), gradient

    weights, combine_weights = (values_of(variables) for variables in (cell.state_weights, cell.combine_weights))
    h, *after = run(window.projected, weights, combine_weights, tuple(state))
    return h, tuple(after)


def values_of(variables: Any) -> Weights:
    """Weights as tensors."""
    return tuple(tf.convert_to_tensor(variable) for variable in variables)


def with_noise(state: State, noise: tf.Tensor | None) -> State:
    """The state that a step reads: h times the noise; the memory c has no noise."""
    return state if noise is None else (state[0] * noise, *state[1:])


def where(valid: tf.Tensor | None, chosen: State, other: State) -> State:
    """`chosen` in the rows that are valid, `other` in the rest."""
    if valid is None:
        return chosen
    return tuple(tf.where(valid, one, two) for one, two in zip(chosen, other, strict=True))


def _call(function: Callable[[], Any], arithmetic: Arithmetic) -> Any:
    return tf.function(function, jit_compile=True, autograph=False)() if arithmetic.is_compiled else function()


class _Layer(NamedTuple):
    """A cell at work on one window."""

    cell: RecurrentCell
    window: Window
    weights: Weights
    combine_weights: Weights
    arithmetic: Arithmetic

    def forwards(self, state: State) -> State:
        """The states after each step: a tuple of (T, B, width)."""
        window, steps = self.window, self.window.steps
        after = tuple(tf.TensorArray(part.dtype, size=steps, element_shape=part.shape) for part in state)

        def body(t: tf.Tensor, ahead: tuple, state: State, after: tuple[tf.TensorArray, ...]) -> tuple:
            (from_inputs,) = ahead or (window.projected[t],)
            state = self._step(t, from_inputs, state)
            written = tuple(array.write(t, part) for array, part in zip(after, state, strict=True))
            return t + 1, (window.projected[tf.minimum(t + 1, steps - 1)],) if ahead else (), state, written

        start = (tf.constant(0), (window.projected[0],) if window.is_wide else (), state, after)
        *_, after = tf.while_loop(lambda t, *_: t < steps, body, start, maximum_iterations=steps)
        return tuple(array.stack() for array in after)

    def _step(self, t: tf.Tensor, from_inputs: tf.Tensor, state: State) -> State:
        fed = with_noise(state, self.window.noise_at(t))
        from_state = self.cell.project_state(fed[0], self.weights, self.arithmetic.step)
        after = self.cell.combine(from_inputs, from_state, fed, self.combine_weights)
        return where(self.window.valid_at(t), after, state)

    def backwards(
        self, before: State, from_states: tf.Tensor, d_h: tf.Tensor, d_last: State
    ) -> tuple[tf.Tensor, tf.Tensor, Weights, State]:
        """The backward pass through the window.

        Args:
            before: the state before each step, (T, B, width).
            from_states: the projected state of each step, (T, B, gates * H).
            d_h: gradient of h after each step, (T, B, P).
            d_last: gradient of the state after the last step.
        Returns:
            Gradients of the projected inputs and of the projected state of each step, (T, B, gates * H), of the
            `combine_weights`, and of the first state.
        """
        by_slopes = self.cell.is_elementwise and not self.window.is_wide
        way_back = self._backwards_by_slopes if by_slopes else self._backwards_step_by_step
        return way_back(before, from_states, d_h, d_last)

    def _backwards_step_by_step(
        self, before: State, from_states: tf.Tensor, d_h: tf.Tensor, d_last: State
    ) -> tuple[tf.Tensor, tf.Tensor, Weights, State]:
        """For any cell: compute each step again and differentiate it."""
        steps = self.window.steps

        def body(t: tf.Tensor, d_state: State, d_combine: Weights, arrays: tuple[tf.TensorArray, ...]) -> tuple:
            d_state = (d_state[0] + d_h[t], *d_state[1:])
            own = self._step_back(t, tuple(part[t] for part in before), from_states[t], d_state)
            d_combine = tuple(total + one for total, one in zip(d_combine, own.combine_weights, strict=True))
            found = [own.from_state] if self.cell.takes_one_sum else [own.from_state, own.inputs]
            written = tuple(array.write(t, one) for array, one in zip(arrays, found, strict=True))
            return t - 1, own.state, d_combine, written

        arrays = tuple(tf.TensorArray(d_h.dtype, size=steps) for _ in range(1 if self.cell.takes_one_sum else 2))
        d_combine = tuple(tf.zeros_like(weight) for weight in self.combine_weights)
        start = (tf.convert_to_tensor(steps - 1), tuple(d_last), d_combine, arrays)
        _, d_first, d_combine, arrays = tf.while_loop(lambda t, *_: t >= 0, body, start, maximum_iterations=steps)
        d_from_states, *d_projected = (array.stack() for array in arrays)
        return d_projected[0] if d_projected else d_from_states, d_from_states, d_combine, d_first

    def _step_back(self, t: tf.Tensor, state: State, from_state: tf.Tensor, d_after: State) -> StepGradients:
        """Compute one step again, and its gradients from the gradient of the state after it."""
        from_inputs, noise = self.window.projected[t], self.window.noise_at(t)
        fed = with_noise(state, noise)
        d_step, d_passed = self._divided(t, d_after)
        parts = (from_inputs, from_state, self.combine_weights, fed)
        with tf.GradientTape() as tape:
            tape.watch(parts)
            after = self.cell.combine(from_inputs, from_state, fed, self.combine_weights)
        d_inputs, d_from_state, d_combine, d_fed = tape.gradient(
            after, parts, output_gradients=d_step, unconnected_gradients="zero"
        )
        d_fed = (d_fed[0] + self._through_product(d_from_state), *d_fed[1:])
        return StepGradients(d_inputs, d_from_state, d_combine, _joined(with_noise(d_fed, noise), d_passed))

    def _backwards_by_slopes(
        self, before: State, from_states: tf.Tensor, d_h: tf.Tensor, d_last: State
    ) -> tuple[tf.Tensor, tf.Tensor, Weights, State]:
        """The same for a cell whose units do not mix in `combine`.

        The slopes of each unit's next state, with respect to its own gates and state, are computed for all steps at
        once. The loop that remains is linear.
        """
        window, steps = self.window, self.window.steps
        fed = with_noise(before, window.noise)
        with tf.GradientTape(persistent=True) as tape:
            tape.watch((window.projected, from_states, fed, self.combine_weights))
            after = self.cell.combine(window.projected, from_states, fed, self.combine_weights)
        slopes = [tape.gradient(part, (window.projected, from_states, fed)) for part in after]
        of_inputs, of_from_states = ([part[k] for part in slopes] for k in range(2))
        of_state = list(zip(*(part[2] for part in slopes), strict=True))
        is_one_sum = self.cell.takes_one_sum

        def body(t: tf.Tensor, d_state: State, arrays: tuple[tf.TensorArray, ...]) -> tuple:
            d_step, d_passed = self._divided(t, (d_state[0] + d_h[t], *d_state[1:]))
            d_from_state = _pulled_back(d_step, of_from_states, t)
            direct, *d_rest = (_pulled_back(d_step, of_part, t) for of_part in of_state)
            d_fed = (_sum([self._through_product(d_from_state), direct]), *d_rest)
            found = [d_from_state] if is_one_sum else [d_from_state, _pulled_back(d_step, of_inputs, t)]
            found += d_step if self.combine_weights else []
            d_state = _joined(with_noise(d_fed, window.noise_at(t)), d_passed)
            return t - 1, d_state, tuple(array.write(t, one) for array, one in zip(arrays, found, strict=True))

        count = (1 if is_one_sum else 2) + (len(after) if self.combine_weights else 0)
        arrays = tuple(tf.TensorArray(d_h.dtype, size=steps) for _ in range(count))
        start = (tf.convert_to_tensor(steps - 1), tuple(d_last), arrays)
        _, d_first, arrays = tf.while_loop(lambda t, *_: t >= 0, body, start, maximum_iterations=steps)
        d_from_states, *rest = (array.stack() for array in arrays)
        d_projected = d_from_states if is_one_sum else rest.pop(0)
        d_combine = tape.gradient(after, self.combine_weights, output_gradients=rest) if self.combine_weights else ()
        return d_projected, d_from_states, d_combine, d_first

    def _divided(self, t: tf.Tensor, d_after: State) -> tuple[State, tuple[tf.Tensor | None, ...]]:
        """The gradient in two parts: of the rows in which the step is valid, and of the rows that skip the step."""
        valid = self.window.valid_at(t)
        if valid is None:
            return d_after, (None,) * len(d_after)
        nothing = tuple(tf.zeros_like(part) for part in d_after)
        return where(valid, d_after, nothing), where(valid, nothing, d_after)

    def _through_product(self, d_from_state: tf.Tensor) -> tf.Tensor:
        """Gradient of the h that a step read, from the gradient of its projection."""
        h = tf.zeros((tf.shape(d_from_state)[0], self.cell.output_size))  # The product is linear: any h will do.
        with tf.GradientTape() as tape:
            tape.watch(h)
            product = self.cell.project_state(h, self.weights, self.arithmetic.step)
        return tape.gradient(product, h, output_gradients=d_from_state)


def _joined(own: State, passed: tuple[tf.Tensor | None, ...]) -> State:
    return tuple(_sum(pair) for pair in zip(own, passed, strict=True))


def _sum(parts: Sequence[tf.Tensor | None]) -> tf.Tensor:
    """Sum of the parts that are not None."""
    return tf.add_n([part for part in parts if part is not None])


def _pulled_back(d_after: State, slopes: Sequence[tf.Tensor | None], t: tf.Tensor) -> tf.Tensor | None:
    """Gradient of a part of step t from the gradients of the next state, (B, H), and their slopes, (T, B, n H)."""
    parts = [_times_blocks(slope[t], part) for part, slope in zip(d_after, slopes, strict=True) if slope is not None]
    return tf.add_n(parts) if parts else None


def _times_blocks(blocks: tf.Tensor, factor: tf.Tensor) -> tf.Tensor:
    """(B, n H) times (B, H), n times."""
    count = blocks.shape[-1] // factor.shape[-1]
    return blocks * (factor if count == 1 else tf.tile(factor, [1, count]))
