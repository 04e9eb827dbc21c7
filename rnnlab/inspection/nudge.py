"""The nudge: push the state of a network once, a little, and follow the pushed and the unpushed network.

Both run on in the same regime: teacher-forced, or free-running. In a text both draw with the same uniform numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from rnnlab.config.sampling import Sampling
from rnnlab.errors import LabError
from rnnlab.generation.compiled import compiled_once
from rnnlab.generation.next_token import Limits, chooser, limits_of
from rnnlab.generation.teacher_forced import as_array
from rnnlab.generation.uniform import uniform
from rnnlab.inspection.state_map import check_finite, dtype_of, forced_step, orbit, output_of, precise, state_width
from rnnlab.models import Network
from rnnlab.models.feedback_loop import array_of, loop_back

GIVEN, GIVEN_FIRST, DRAWN = "given", "given first", "drawn"
"""Whether all tokens of a stretch are given, some of them, or none. A graph is compiled for each of the three."""


@dataclass(frozen=True, eq=False)
class Pushed:
    """One regime after a push.

    Attributes:
        distances: float64 (N + 1,), between the states of the pushed and the unpushed network after 0, 1, ... N steps,
            relative to the size of the state at the push. The first one is the size of the push.
        outputs: (N,), of the unpushed network after 1, 2, ... steps: predicted values, or the words that it read.
        pushed_outputs: (N,), the same of the pushed network.
    """

    distances: np.ndarray
    outputs: np.ndarray
    pushed_outputs: np.ndarray


@dataclass(frozen=True, eq=False)
class Nudge:
    """One push in both regimes, in the same direction."""

    teacher_forced: Pushed
    free_running: Pushed


def nudge_series(network: Network, values: np.ndarray, prime: int, at: int, size: float = 1e-4, seed: int = 0) -> Nudge:
    """Push the state of a network that continues a series.

    Args:
        network: of a series, able to generate.
        values: float (P + steps,), the true values, as the network reads them.
        prime: P, the values that the free run reads first.
        at: steps after the prime at which the state is pushed, 0 <= at < steps.
        size: of the push, relative to the state.
        seed: decides the direction of the push.
    Returns:
        N = steps - at. Outputs are what the network predicts.
    Raises:
        ValueError: prime, at or size out of its range, or another kind of network.
    Example:
        nudge_series(network, wave(data, 550), prime=50, at=100).free_running.distances[-1]
    """
    length, moment = len(values), _moment(len(values), prime, at, size)
    network = precise(network)
    regimes = []
    for known in (length, prime):
        base = orbit(network, values[:known], length)
        start = _pushed(base.states[moment], size, seed)
        pushed = orbit(network, values[moment + 1 : known], length - moment - 1, start)
        distances = _distances(base.states[moment:], start, pushed.states)
        regimes.append(Pushed(distances, base.outputs[moment + 1 :, 0], pushed.outputs[:, 0]))
    return Nudge(*regimes)


def nudge_text(
    network: Network,
    tokens: np.ndarray,
    prime: int,
    at: int,
    size: float = 1e-4,
    sampling: Sampling | float = 1.0,
    seed: int = 0,
) -> Nudge:
    """Push the state of a network that continues a text.

    Args:
        network: of a text, able to generate.
        tokens: int32 (P + steps,), the true tokens.
        prime, at, size: as in `nudge_series`.
        sampling: how the free run draws; a number is its temperature.
        seed: decides the draws and the direction of the push.
    Returns:
        N = steps - at. Outputs are the tokens that the networks read. Free-running, the pushed network draws with the
        same uniform numbers, so its words are the same until the push changes one.
    Raises:
        ValueError: prime, at or size out of its range, or another kind of network.
    """
    length, moment = len(tokens), _moment(len(tokens), prime, at, size)
    network = precise(network)
    regimes = []
    for known in (length, prime):
        base = text_orbit(network, tokens[:known], length, sampling, seed)
        start = _pushed(base.states[moment], size, seed)
        following = tokens[moment + 1 : known]
        pushed = text_orbit(network, following, length - moment - 1, sampling, seed, start, first_draw=at)
        distances = _distances(base.states[moment:], start, pushed.states)
        regimes.append(Pushed(distances, base.tokens[moment + 1 :, 0], pushed.tokens[:, 0]))
    return Nudge(*regimes)


def _moment(length: int, prime: int, at: int, size: float) -> int:
    """The position of the state that is pushed, among the states after each step."""
    if not 1 <= prime < length:
        raise LabError(f"The prime was {prime}, but must be 1 to {length - 1} here, so that something follows.")
    if not 0 <= at < length - prime:
        raise LabError(
            f"The push was {at} steps after the prime, but must be 0 to {length - prime - 1} steps after it here; take "
            "an earlier one, or more steps."
        )
    if not (size > 0 and np.isfinite(size)):
        raise LabError(f"The size of the push was {size}, but must be a finite number above 0.")
    return prime - 1 + at


def _pushed(state: np.ndarray, size: float, seed: int) -> np.ndarray:
    """The state (B, S), pushed in a direction that only the seed decides."""
    direction = np.random.default_rng(seed).standard_normal(state.shape[1])
    return state + size * np.linalg.norm(state, axis=1, keepdims=True) * direction / np.linalg.norm(direction)


def _distances(base: np.ndarray, start: np.ndarray, states: np.ndarray) -> np.ndarray:
    """The distance of the pushed states (N, 1, S) and of their start from the base (N + 1, 1, S): float64 (N + 1,)."""
    apart = np.concatenate([start[None], states])[:, 0] - base[:, 0]
    return np.linalg.norm(apart.astype("float64"), axis=1) / np.linalg.norm(base[0, 0].astype("float64"))


@dataclass(frozen=True, eq=False)
class TextOrbit:
    """The states that a network of a text passes through.

    Attributes:
        tokens: int32 (T, B), read at each step.
        states: (T, B, S), after each step.
    """

    tokens: np.ndarray
    states: np.ndarray


def text_orbit(
    network: Network,
    tokens: np.ndarray,
    steps: int,
    sampling: Sampling | float = 1.0,
    seed: int = 0,
    start: np.ndarray | None = None,
    first_draw: int = 0,
) -> TextOrbit:
    """Read given tokens, and after them tokens that the network draws itself.

    Args:
        network: of a text, able to generate. All is computed in its own precision, see `precise`.
        tokens: int32 (K,), read first. With none, the first one is drawn in the state `start`.
        steps: T, >= 1; with K >= T all tokens are given.
        sampling: how tokens are drawn.
        seed: decides the draws; the streams share them.
        start: (B, S), the state before the first step; None is zeros.
        first_draw: the number of draws that were made before.
    Raises:
        ValueError: a network of a series or one that cannot generate, or no step.
    """
    network.check_generates()
    if not network.reads_tokens:
        raise LabError("This network continues a series, but a text is needed; please take a text network.")
    if steps < 1:
        raise LabError(f"The number of steps was {steps}, but must be at least 1; take 1 or more.")
    dtype = dtype_of(network)
    source, limits = limits_of(Sampling.of(sampling), network.vocabulary)
    vector = tf.zeros((1, state_width(network)), dtype) if start is None else tf.constant(start, dtype)
    given = as_array(network, np.asarray(tokens)[None])[0][:steps] if len(tokens) else np.zeros(0, "int32")
    kind = GIVEN if len(given) == steps else GIVEN_FIRST if len(given) else DRAWN
    run = compiled_once(network, _text_orbit, source, kind)
    numbers = tf.constant([steps, seed, first_draw], tf.int32)
    found = run(tf.constant(given), vector, numbers, limits)
    read, states = (part.numpy() for part in found)
    check_finite(states)
    return TextOrbit(read, states)


def _text_orbit(
    network: Network, source: str, kind: str, given: tf.Tensor, start: tf.Tensor, numbers: tf.Tensor, limits: Limits
) -> tuple[tf.Tensor, tf.Tensor]:
    """Tokens (K,), states (B, S), int32 (steps, seed, first draw) -> tokens (T, B) and states (T, B, S)."""
    steps, seed, first_draw = tf.unstack(numbers)
    streams, known = tf.shape(start)[:1], tf.shape(given)[0]
    seeds = tf.fill(streams, seed)
    choose = chooser(source, limits, lambda step: uniform(seeds, tf.fill(streams, step)))

    def drawn_after(t: tf.Tensor, vector: tf.Tensor) -> tf.Tensor:
        return choose(tf.cast(output_of(network, vector), tf.float32), first_draw + t + 1 - known)

    def step(t: tf.Tensor, token: tf.Tensor, memory: tuple) -> tuple[tf.Tensor, tuple]:
        vector, tokens, states = memory
        vector = forced_step(network, token, vector)
        return vector, (vector, tokens.write(t, token), states.write(t, vector))

    def rule(t: tf.Tensor, vector: tf.Tensor) -> tf.Tensor:
        if kind == DRAWN:
            return drawn_after(t, vector)
        following = tf.fill(streams, tf.gather(given, tf.minimum(t + 1, known - 1)))
        if kind == GIVEN:
            return following
        return tf.cond(t + 1 < known, lambda: following, lambda: drawn_after(t, vector))

    first = drawn_after(tf.constant(-1), start) if kind == DRAWN else tf.fill(streams, given[0])
    kept = (array_of(first, steps), array_of(start, steps))
    _, tokens, states = loop_back(step, rule, first, (start, *kept), steps).state
    return tokens.stack(), states.stack()
