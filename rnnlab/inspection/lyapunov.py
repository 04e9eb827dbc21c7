"""Lyapunov exponents: the rates at which small pushes grow or shrink along an orbit.

A push is carried through the Jacobian of each step. Several pushes at once are made orthogonal again by a QR
decomposition, so that they do not all turn into the direction that grows fastest. The exponents are the means of the
logarithms of the diagonal of R. Source: Benettin 1980; Vogt 2022 for recurrent networks.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from rnnlab.errors import LabError
from rnnlab.generation.compiled import run_compiled
from rnnlab.inspection.nudge import text_orbit
from rnnlab.inspection.state_map import (
    as_inputs_of,
    check_series,
    dtype_of,
    filled,
    jacobians,
    orbit,
    precise,
    step_of,
)
from rnnlab.models import Network

Carry = Callable[[int, int, np.ndarray], np.ndarray]
"""Carries tangent vectors along an orbit: the first step, the step after the last one, (S, K) -> (S, K)."""

Report = Callable[[int, int], None]
"""Called with how many parts are done, and how many there are. The error that it raises ends the computation."""

SETTLING = 0.1
"""Share of the steps that are not counted: in them the tangent vectors turn into their directions."""

WHOLE = 128
"""Widest state whose Jacobians are computed in full. Along others only some tangent vectors are carried."""

EVERY = 5
"""Steps that tangent vectors are carried between two decompositions, where the Jacobians are not computed in full."""

PARTS = 20


def unreported(_done: int, _total: int) -> None:
    """Nobody looks."""


def lyapunov_exponents(
    carry: Carry, steps: int, width: int, count: int | None = None, every: int = 1, report: Report = unreported
) -> np.ndarray:
    """The largest exponents of an orbit, in nats a step.

    Args:
        carry: the derivative of any map along the orbit; `carry_by` makes it from Jacobians.
        steps: T, of the orbit, >= 1.
        width: S.
        count: K, how many exponents; None for all.
        every: steps between two decompositions. Within them the vectors must not become parallel.
        report: of the progress.
    Returns:
        float64 (K,), the largest first. Minus infinity for a direction that a step maps to 0.
    Example:
        lyapunov_exponents(carry_by(0.9 * np.eye(2)[None].repeat(100, 0)), steps=100, width=2)  # -0.105, -0.105
    """
    if steps < 1:
        raise LabError(f"The orbit had {steps} steps, but must have at least 1; take more.")
    count = width if count is None else min(count, width)
    settling = int(SETTLING * steps) // every * every
    vectors, _ = np.linalg.qr(np.random.default_rng(0).standard_normal((count, width)).T)
    sums = np.zeros(count)
    stops = sorted({*range(every, steps, every), settling, steps} - {0})
    first, shown = 0, max(1, len(stops) // PARTS)
    for number, stop in enumerate(stops):
        if number % shown == 0:
            report(number, len(stops))
        vectors, triangle = np.linalg.qr(carry(first, stop, vectors).astype("float64"))
        if stop > settling:
            with np.errstate(divide="ignore"):
                sums += np.log(np.abs(np.diag(triangle)))
        first = stop
    report(len(stops), len(stops))
    return np.sort(sums / (steps - settling))[::-1]


def carry_by(matrices: np.ndarray) -> Carry:
    """Carry tangent vectors by Jacobians (T, S, S), one for each step."""

    def carry(first: int, stop: int, vectors: np.ndarray) -> np.ndarray:
        for matrix in matrices[first:stop]:
            vectors = matrix @ vectors
        return vectors

    return carry


def carry_along(network: Network, states: np.ndarray, inputs: np.ndarray | None = None) -> Carry:
    """Carry tangent vectors through a network's step by forward differentiation, without its whole Jacobian.

    Args:
        network, states, inputs: as in `jacobians`. It is called for at most EVERY steps at once.
    """
    if inputs is None:
        check_series(network)
    states = np.asarray(states, dtype_of(network).as_numpy_dtype)
    inputs = None if inputs is None else as_inputs_of(network, inputs)

    def carry(first: int, stop: int, vectors: np.ndarray) -> np.ndarray:
        along = [filled(part[first:stop], EVERY) for part in (states, inputs) if part is not None]
        rows = np.ascontiguousarray(vectors.T, dtype=states.dtype)
        return run_compiled(network, _carry, arrays=(np.array(stop - first, "int32"), rows, *along)).T

    return carry


def _carry(
    network: Network, steps: tf.Tensor, rows: tf.Tensor, states: tf.Tensor, inputs: tf.Tensor | None = None
) -> tf.Tensor:
    """Tangent vectors (K, S) along the first `steps` of states (n, S) and inputs (n, ...) -> (K, S).

    The step is differentiated backwards. That is linear in its seed, and is differentiated by the seed: both together
    are the derivative forwards.
    """

    def body(t: tf.Tensor, rows: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        each = tf.fill(rows.shape[:1], t)
        state, read = tf.gather(states, each), None if inputs is None else tf.gather(inputs, each)
        seed = tf.zeros_like(rows)
        with tf.GradientTape() as forwards:
            forwards.watch(seed)
            with tf.GradientTape() as backwards:
                backwards.watch(state)
                after = step_of(network, state, read)
            back = backwards.gradient(after, state, output_gradients=seed)
        return t + 1, forwards.gradient(back, seed, output_gradients=rows)

    return tf.while_loop(lambda t, _: t < steps, body, (tf.constant(0), rows), maximum_iterations=states.shape[0])[1]


def network_exponents(
    network: Network,
    states: np.ndarray,
    inputs: np.ndarray | None = None,
    count: int | None = None,
    report: Report = unreported,
) -> np.ndarray:
    """The exponents of a network along an orbit of it.

    Args:
        network, states, inputs: as in `jacobians`; without inputs the network reads its own outputs.
        count: how many; None for all, where the state is at most 128 wide.
        report: of the progress.
    Returns:
        float64 (K,), in nats a step, the largest first.
    Raises:
        ValueError: all were wanted of a wider state, or the network cannot generate.
    """
    width = states.shape[1]
    if width <= WHOLE:
        matrices = jacobians(network, states, inputs)
        return lyapunov_exponents(carry_by(matrices), len(states), width, count, report=report)
    if count is None:
        raise LabError(
            f"The state is {width} wide, but all exponents are computed up to {WHOLE}; ask for the first 10."
        )
    return lyapunov_exponents(carry_along(network, states, inputs), len(states), width, count, EVERY, report)


def exponents_of_regimes(
    network: Network,
    values: np.ndarray,
    prime: int,
    count: int | None = None,
    seed: int = 0,
    report: Report = unreported,
) -> tuple[np.ndarray, np.ndarray]:
    """The exponents of a network, teacher-forced and free-running.

    Args:
        network: of a series or a text, able to generate.
        values: (P + steps,), the true values as the network reads them, or token ids.
        prime: P, those that the free run reads first. The exponents are of the steps after them.
        count: as in `network_exponents`.
        seed: decides the draws of a text, whose drawn words are kept.
        report: of the progress.
    Returns:
        Teacher-forced and free-running, float64 (K,) each, in nats a step, the largest first.
    Raises:
        ValueError: prime out of its range, or as in `network_exponents`.
    Example:
        forced, alone = exponents_of_regimes(network, wave(data, 2050), prime=50)
    """
    if not 1 <= prime < len(values):
        raise LabError(f"The prime was {prime}, but must be 1 to {len(values) - 1} here, so that something follows.")
    network = precise(network)
    found = []
    for regime, known in enumerate((len(values), prime)):

        def report_both(done: int, total: int, regime: int = regime) -> None:
            report(regime * total + done, 2 * total)

        report_both(0, 1)
        states, inputs = _passed(network, values[:known], len(values), seed)
        # A series that runs alone: its inputs depend on the state.
        is_closed = known == prime and not network.reads_tokens
        own = None if is_closed else inputs[prime:]
        found.append(network_exponents(network, states[prime - 1 : -1], own, count, report_both))
    forced, alone = found
    return forced, alone


def _passed(network: Network, values: np.ndarray, steps: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The states (T, S) after each step and the inputs (T,)."""
    if network.reads_tokens:
        read = text_orbit(network, values, steps, seed=seed)
        return read.states[:, 0], read.tokens[:, 0]
    passed = orbit(network, values, steps)
    return passed.states[:, 0], passed.inputs[:, 0]
