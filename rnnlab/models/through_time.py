"""The loop over time and its own gradient: backpropagation through time.

TensorFlow's own gradient of a loop keeps every intermediate value of every step, and adds up one gradient of the
recurrent kernel a step. Here only the states are kept, each step is computed once more on the way back, and the
kernel's gradient is one product over all steps. What a step is, forwards and backwards, is asked of the cell alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import tensorflow as tf

from rnnlab.models.cells import RecurrentCell, State, Weights
from rnnlab.models.products import Arithmetic

WIDE_STEP = 512
"""Numbers that a step takes from its inputs, all streams together, from which two things pay that make a tiny network
slower: fetching them one step ahead, because XLA would else fetch them again in each operation that it fuses them into,
and computing what all steps took from the state before in one product on the way back."""


class Window(NamedTuple):
    """What a loop over time reads, time first.

    Attributes:
        projected: float32 (T, B, gates * H), what each step takes from its inputs; T >= 1.
        valid: bool (T, B, 1), or None where every step counts; a step that does not leaves the state as it is.
        noise: float32 (T, B, P), factors on the h that each step reads; None for none.
    """

    projected: tf.Tensor
    valid: tf.Tensor | None
    noise: tf.Tensor | None

    @property
    def steps(self) -> int | tf.Tensor:
        """T, as a number where it is known when the graph is built: XLA needs a bound for its loops."""
        return self.projected.shape[0] if self.projected.shape[0] is not None else tf.shape(self.projected)[0]

    @property
    def is_wide(self) -> bool:
        """See `WIDE_STEP`; a batch of unknown size is not."""
        return (self.projected.shape[1:].num_elements() or 0) >= WIDE_STEP

    def valid_at(self, t: tf.Tensor) -> tf.Tensor | None:
        """Which rows count at a step: bool (B, 1)."""
        return None if self.valid is None else self.valid[t]

    def noise_at(self, t: tf.Tensor) -> tf.Tensor | None:
        """A step's factors: float32 (B, P)."""
        return None if self.noise is None else self.noise[t]


class StepGradients(NamedTuple):
    """What one step passes back."""

    inputs: tf.Tensor
    from_state: tf.Tensor
    combine_weights: Weights
    state: State


def run_through_time(
    cell: RecurrentCell, window: Window, state: State, arithmetic: Arithmetic
) -> tuple[tf.Tensor, State]:
    """Step through a window.

    Args:
        cell: what a step is.
        window: what it reads.
        state: before the first step.
        arithmetic: how it is computed.
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
    """The state that a step reads: h times the noise; the memory c is spared."""
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
        """The way back through the window.

        Args:
            before: the state before each step, (T, B, width).
            from_states: what each step took from it, (T, B, gates * H).
            d_h: gradient of h after each step, (T, B, P).
            d_last: gradient of the state after the last step.
        Returns:
            Gradients of what each step took from its inputs and from its state, (T, B, gates * H), of the
            `combine_weights`, and of the first state.
        """
        steps = self.window.steps

        def body(t: tf.Tensor, d_state: State, d_combine: Weights, arrays: tuple[tf.TensorArray, ...]) -> tuple:
            d_state = (d_state[0] + d_h[t], *d_state[1:])
            state = tuple(part[t] for part in before)
            own = self._step_back(t, state, from_states[t] if self.window.is_wide else None, d_state)
            d_combine = tuple(total + one for total, one in zip(d_combine, own.combine_weights, strict=True))
            return t - 1, own.state, d_combine, (arrays[0].write(t, own.inputs), arrays[1].write(t, own.from_state))

        arrays = tuple(tf.TensorArray(d_h.dtype, size=steps) for _ in range(2))
        d_combine = tuple(tf.zeros_like(weight) for weight in self.combine_weights)
        start = (tf.convert_to_tensor(steps - 1), tuple(d_last), d_combine, arrays)
        _, d_first, d_combine, arrays = tf.while_loop(lambda t, *_: t >= 0, body, start, maximum_iterations=steps)
        return arrays[0].stack(), arrays[1].stack(), d_combine, d_first

    def _step_back(self, t: tf.Tensor, state: State, from_state: tf.Tensor | None, d_after: State) -> StepGradients:
        """One step computed again from the state before it, and its gradients for a gradient of the state after it.

        What it took from that state is computed again where it is not given.
        """
        valid, noise = self.window.valid_at(t), self.window.noise_at(t)
        from_inputs = self.window.projected[t]
        fed = with_noise(state, noise)
        with tf.GradientTape() as of_product:
            of_product.watch(fed[0])
            product = self.cell.project_state(fed[0], self.weights, self.arithmetic.step)
        from_state = product if from_state is None else from_state
        with tf.GradientTape() as of_rest:
            of_rest.watch((from_inputs, from_state, self.combine_weights, fed))
            after = self.cell.combine(from_inputs, from_state, fed, self.combine_weights)
        nothing = tuple(tf.zeros_like(part) for part in d_after)
        d_step, d_passed = where(valid, d_after, nothing), where(valid, nothing, d_after)
        d_inputs, d_from_state, d_combine, d_fed = of_rest.gradient(
            after,
            (from_inputs, from_state, self.combine_weights, fed),
            output_gradients=d_step,
            unconnected_gradients="zero",
        )
        d_h = d_fed[0] + of_product.gradient(product, fed[0], output_gradients=d_from_state)
        d_state = with_noise((d_h, *d_fed[1:]), noise)
        if valid is not None:
            d_state = tuple(own + passed for own, passed in zip(d_state, d_passed, strict=True))
        return StepGradients(d_inputs, d_from_state, d_combine, d_state)
