"""Free-running generation: every input is the network's own previous output."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import tensorflow as tf

from rnnlab.config.sampling import Sampling
from rnnlab.errors import LabError
from rnnlab.generation.compiled import compiled_once
from rnnlab.generation.next_token import Limits, chooser, limits_of
from rnnlab.generation.series import continue_series
from rnnlab.generation.teacher_forced import as_inputs, as_numbers, as_tokens, as_values
from rnnlab.generation.uniform import uniform, uniform_rows
from rnnlab.models import Network
from rnnlab.models.feedback_loop import array_of, batch_first, loop_back
from rnnlab.models.network import NetworkState

LONGEST_HORIZON = 1_000_000_000
"""Of a batch: steps are counted in int32, from the first of the prime on."""


def generate_free_running(
    step: Callable, state: NetworkState, first_input: tf.Tensor, horizon: tf.Tensor, choose: Callable
) -> tf.Tensor:
    """Run a network on its own outputs: each output becomes the next input.

    Args:
        step: one time step, (inputs (B, ...), state) -> (outputs (B, ...), state).
        state: the state before `first_input` was read; any nest of tensors.
        first_input: the last value that is known: float32 (B, F) or int32 (B,).
        horizon: int32 scalar, steps to generate, >= 1.
        choose: makes the next input from the outputs, (outputs, t) -> the shape and dtype of `first_input`: the
            identity for a series, a draw for words.
    Returns:
        What was chosen at each step, (B, horizon, ...). The first input is not included.
    """
    looped = loop_back(
        step=lambda t, value, state: step(value, state),
        rule=lambda t, outputs: choose(outputs, t),
        first=first_input,
        state=state,
        steps=horizon,
        kept=(array_of(first_input, horizon),),
    )
    return batch_first(looped.kept[0].stack())


def generate_series(network: Network, prime: np.ndarray, horizon: int) -> np.ndarray:
    """Read a prime, then go on alone: the state is carried, and each output is the next input.

    Args:
        network: a series network.
        prime: float32 (B, P, 1), the observed values, in the units of the data; P >= 1.
        horizon: steps to generate, >= 1.
    Returns:
        float32 (B, horizon, 1), in the units of the data. The prime is not included.
    Raises:
        ValueError: a prime of another shape, a horizon below 1, or a network of text or one that cannot generate.
    """
    return continue_series(network, prime, horizon)


def generate_tokens(
    network: Network, prime: np.ndarray, horizon: int, sampling: Sampling | float = 1.0, seed: int = 0
) -> np.ndarray:
    """Read a prime, then draw token after token, each drawn token being the next input.

    Args:
        network: a text network.
        prime: int32 (B, P) token ids; P >= 1.
        horizon: tokens to generate, >= 1.
        sampling: how each token is drawn; a number is its temperature, and 0 always takes the most probable token.
        seed: decides the draws.
    Returns:
        int32 (B, horizon) token ids. The prime is not included.
    Raises:
        ValueError: a prime of another shape or with unknown tokens, a horizon below 1, a temperature below 0, all
            tokens banned, or a network that cannot generate.
    """
    network.check_generates()
    source, limits = limits_of(Sampling.of(sampling), network.vocabulary)
    (each_seed,) = _one_for_each("seed", seed, 1, 0, 2**31 - 1)
    generate = compiled_once(network, _tokens, source)
    return generate(as_inputs(network, prime), _horizon(horizon), limits, tf.constant(each_seed)).numpy()


def _tokens(
    network: Network, source: str, prime: tf.Tensor, horizon: tf.Tensor, limits: Limits, seed: tf.Tensor
) -> tf.Tensor:
    streams = tf.shape(prime)[0]
    choose = chooser(source, limits, numbers=lambda t: uniform_rows(streams, seed, t))
    state = _state_before_last(network, prime)
    return generate_free_running(network.step, state, prime[:, -1], horizon, choose)


def generate_series_batch(
    network: Network, primes: Sequence[np.ndarray], horizons: int | Sequence[int]
) -> list[np.ndarray]:
    """Continue series of different lengths side by side, in one compiled call: each as `generate_series` would alone.

    Args:
        network: a series network.
        primes: B arrays float32 (P, 1), each of a length of its own, P >= 1.
        horizons: steps to generate after each, >= 1; one number is everybody's.
    Returns:
        B arrays float32 (horizon, 1), in the units of the data. The primes are not included.
    Raises:
        ValueError: a prime of another shape, a horizon below 1, not one horizon for each prime, a network of text or
            one that cannot generate.
    """
    network.check_generates()
    if network.reads_tokens:
        raise LabError("This network reads text, but a series was to be continued; please use generate_tokens_batch.")
    inputs, lengths, steps = _side_by_side(network, primes, horizons)
    chosen = compiled_once(network, _series_streams)(inputs, lengths, steps).numpy()
    return [chosen[i, p - 1 : p - 1 + h] for i, (p, h) in enumerate(zip(lengths, steps, strict=True))]


def generate_tokens_batch(
    network: Network,
    primes: Sequence[np.ndarray],
    horizons: int | Sequence[int],
    sampling: Sampling | float = 1.0,
    seeds: int | Sequence[int] = 0,
    end_token: int | None = None,
) -> list[np.ndarray]:
    """Continue texts of different lengths side by side, in one compiled call: each as `generate_tokens` would alone.

    What is drawn for a text depends on its own seed and its own step, not on its place or on the other texts.

    Args:
        network: a text network.
        primes: B arrays int32 (P,) of token ids, each of a length of its own, P >= 1.
        horizons: most tokens to generate after each, >= 1; one number is everybody's.
        sampling: see `generate_tokens`.
        seeds: decide the draws, from 0; one number is everybody's, and equal primes then go on equally.
        end_token: a text ends with the first such token that it generates, for instance the id of `<eos>`; None: only
            the horizon ends it.
    Returns:
        B arrays int32 (N,) of token ids, N <= horizon, the end token included. The primes are not.
    Raises:
        ValueError: a prime of another shape or with unknown tokens, a horizon below 1, a seed below 0, not one horizon
            or seed for each prime, a temperature below 0, all tokens banned, an unknown end token, a network of series
            or one that cannot generate.
    """
    network.check_generates()
    if not network.reads_tokens:
        raise LabError("This network continues a series, but text was wanted; please use generate_series_batch.")
    source, limits = limits_of(Sampling.of(sampling), network.vocabulary)
    if end_token is not None and not 0 <= end_token < network.vocabulary:
        raise LabError(f"The end token was {end_token}, but this network knows 0 to {network.vocabulary - 1}.")
    inputs, lengths, steps = _side_by_side(network, primes, horizons)
    generate = compiled_once(network, _token_streams, source)
    end = tf.constant(-1 if end_token is None else end_token, tf.int32)
    each_seed = _one_for_each("seed", seeds, len(lengths), 0, 2**31 - 1)
    chosen = generate(inputs, lengths, steps, limits, each_seed, end).numpy()
    texts = [chosen[i, p - 1 : p - 1 + h] for i, (p, h) in enumerate(zip(lengths, steps, strict=True))]
    return [_until(text, end_token) for text in texts]


def _series_streams(network: Network, primes: tf.Tensor, lengths: tf.Tensor, horizons: tf.Tensor) -> tf.Tensor:
    return _run_streams(
        network,
        primes,
        lengths,
        horizons,
        choose=lambda outputs, own_steps: outputs,
        is_last=lambda values: tf.zeros_like(lengths, tf.bool),
    )


def _token_streams(
    network: Network,
    source: str,
    primes: tf.Tensor,
    lengths: tf.Tensor,
    horizons: tf.Tensor,
    limits: Limits,
    seeds: tf.Tensor,
    end_token: tf.Tensor,
) -> tf.Tensor:
    choose = chooser(source, limits, numbers=lambda own_steps: uniform(seeds, own_steps))
    return _run_streams(network, primes, lengths, horizons, choose, is_last=lambda tokens: tokens == end_token)


def _run_streams(
    network: Network, primes: tf.Tensor, lengths: tf.Tensor, horizons: tf.Tensor, choose: Callable, is_last: Callable
) -> tf.Tensor:
    """Read each prime to its own end and go on from there: at step t some streams still read, others already generate.

        prime a b c, horizon 3    reads   a b c x y       next   b c x y z
        prime d,     horizon 4    reads   d u v w         next   u v w q

    Args:
        primes: (B, P) or (B, P, 1), filled up with anything after each one's end.
        lengths: int32 (B,), how much of each counts.
        horizons: int32 (B,).
        choose: makes the next inputs from the outputs and each stream's own step, int32 (B,), 0 at its first choice.
        is_last: whether what was chosen ends a stream, bool (B,).
    Returns:
        The next input after each step, (B, steps, ...): stream b's own begin at step lengths[b] - 1.
    """
    first_own = lengths - 1
    end = first_own + horizons  # One past each stream's last choice.

    def rule(t: tf.Tensor, outputs: tf.Tensor) -> tf.Tensor:
        chosen = choose(outputs, tf.maximum(t - first_own, 0))
        known = primes[:, tf.minimum(t + 1, tf.shape(primes)[1] - 1)]
        still_reads = tf.reshape(t + 1 < lengths, [-1, *[1] * (known.shape.rank - 1)])
        return tf.where(still_reads, known, chosen)

    looped = loop_back(
        step=lambda t, value, state: network.step(value, state),
        rule=rule,
        first=primes[:, 0],
        state=network.zero_state(tf.shape(primes)[0]),
        steps=tf.reduce_max(end),
        kept=(array_of(primes[:, 0], None),),  # It grows: streams may end long before the longest horizon.
        ends=lambda t, value: (t + 1 >= end) | ((t >= first_own) & is_last(value)),
    )
    return batch_first(looped.kept[0].gather(tf.range(looped.steps)))


def _state_before_last(network: Network, prime: tf.Tensor) -> NetworkState:
    """The state after all of the prime but its last value, which is the first input of the free run."""
    zero = network.zero_state(tf.shape(prime)[0])
    if prime.shape[1] == 1:  # Nothing comes before; the branch below could not even be built.
        return zero
    return tf.cond(tf.shape(prime)[1] > 1, lambda: network(prime[:, :-1], zero)[1], lambda: zero)


def _horizon(horizon: int) -> tf.Tensor:
    if not isinstance(horizon, int | np.integer) or horizon < 1:
        raise LabError(f"The horizon was {horizon}, but must be a whole number of at least 1.")
    return tf.constant(horizon, tf.int32)


def _side_by_side(
    network: Network, primes: Sequence[np.ndarray], horizons: int | Sequence[int]
) -> tuple[tf.Tensor, np.ndarray, np.ndarray]:
    """The primes filled up to one length, their lengths and their horizons."""
    if len(primes) == 0:
        raise LabError("There was no prime, but at least 1 is needed; please give one for each series or text.")
    dtype, wanted = ("int32", "(P,)") if network.reads_tokens else ("float32", "(P, 1)")
    arrays = [as_numbers(prime) for prime in primes]
    for i, array in enumerate(arrays):
        if array.ndim != len(wanted.split(", ")) or 0 in array.shape or array.shape[1:] not in ((), (1,)):
            raise LabError(f"Prime {i} has the shape {array.shape}, but must be {wanted} with P of at least 1.")
    arrays = [as_tokens(array, network.vocabulary) if network.reads_tokens else as_values(array) for array in arrays]
    lengths = np.array([len(array) for array in arrays], "int32")
    padded = np.zeros((len(arrays), lengths.max(), *arrays[0].shape[1:]), dtype)
    for row, array in zip(padded, arrays, strict=True):
        row[: len(array)] = array
    return as_inputs(network, padded), lengths, _one_for_each("horizon", horizons, len(arrays), 1, LONGEST_HORIZON)


def _one_for_each(name: str, numbers: int | Sequence[int], count: int, low: int, high: int) -> np.ndarray:
    """int32 (count,): the numbers, or one number as often as needed."""
    each = list(numbers) if isinstance(numbers, Sequence | np.ndarray) else [numbers] * count
    if len(each) != count:
        raise LabError(f"There were {len(each)} {name}s for {count} primes; please give one for each or one for all.")
    for i, number in enumerate(each):
        if not isinstance(number, int | np.integer) or not low <= number <= high:
            raise LabError(f"The {name} of prime {i} was {number}, but must be a whole number from {low} to {high}.")
    return np.array(each, "int32")


def _until(tokens: np.ndarray, end_token: int | None) -> np.ndarray:
    """The tokens up to and with the first end token."""
    if end_token is None or end_token not in tokens:
        return tokens
    return tokens[: int(np.argmax(tokens == end_token)) + 1]
