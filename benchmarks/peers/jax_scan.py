"""JAX as its users train and generate: `jax.jit` around `lax.scan`, and optax."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from benchmarks.peers.serve import Job, serve
from benchmarks.work import Work, first_weights, prime, streams

KERAS_EPSILON = 1e-7
"""Of Adam, so that everybody's updates are the same; optax's own is 1e-8."""

Weights = dict[str, jax.Array]
State = tuple[tuple[jax.Array, jax.Array], ...]
"""h and c of each layer: float32 (B, H)."""


def prepare(task: dict[str, Any], threads: int, way: str) -> Job:
    """One task of any kind."""
    work = Work(**task)
    if work.task == "generate":
        return _generation(work)
    return _text(work) if work.reads_tokens else _series(work)


def _series(work: Work) -> Job:
    inputs, targets, _ = map(_time_first, streams(work).window(0, work.num_steps))
    optimizer = optax.adam(work.learning_rate, eps=KERAS_EPSILON)

    def loss(weights: Weights) -> jax.Array:
        outputs, _ = _forward(work, weights, inputs, _zero_state(work), None)
        return jnp.mean(jnp.square(outputs - targets))

    @jax.jit
    def update(weights: Weights, memory: Any) -> tuple[Weights, Any, jax.Array]:
        value, gradients = jax.value_and_grad(loss)(weights)
        changes, memory = optimizer.update(gradients, memory)
        return optax.apply_updates(weights, changes), memory, value

    weights = _weights(work)
    memory = optimizer.init(weights)

    def run(steps: int) -> list[float]:
        nonlocal weights, memory
        losses = []
        for _ in range(steps):
            weights, memory, value = update(weights, memory)
            losses.append(value)
        return [float(value) for value in losses]

    return Job(run)


def _text(work: Work) -> Job:
    """As ptb_word_lm: the cost summed over time, clipping by the global norm, descent."""
    optimizer = optax.chain(optax.clip_by_global_norm(work.clip_norm), optax.sgd(work.learning_rate))
    cut = streams(work)
    windows = itertools.cycle(range(cut.num_windows(work.num_steps)))

    def cost(weights: Weights, inputs: jax.Array, targets: jax.Array, state: State, key: jax.Array) -> Any:
        logits, after = _forward(work, weights, inputs, state, key)
        losses = optax.softmax_cross_entropy_with_integer_labels(logits, targets)
        return jnp.sum(losses) / work.batch_size, after

    @jax.jit
    def update(weights: Weights, memory: Any, inputs: jax.Array, targets: jax.Array, state: State, key: Any) -> Any:
        key, own = jax.random.split(key)
        (value, after), gradients = jax.value_and_grad(cost, has_aux=True)(weights, inputs, targets, state, own)
        changes, memory = optimizer.update(gradients, memory)
        return optax.apply_updates(weights, changes), memory, after, key, value / work.num_steps

    weights = _weights(work)
    memory, state, key = optimizer.init(weights), _zero_state(work), jax.random.key(0)

    def run(steps: int) -> list[float]:
        nonlocal weights, memory, state, key
        losses = []
        for window in itertools.islice(windows, steps):
            inputs, targets, _ = map(_time_first, cut.window(window, work.num_steps))
            weights, memory, state, key, value = update(weights, memory, inputs, targets, state, key)
            losses.append(value)
        return [float(value) for value in losses]

    return Job(run)


def _generation(work: Work) -> Job:
    weights, first = _weights(work), jnp.asarray(prime(work)[:, 0])

    @jax.jit
    def generate(weights: Weights, first: jax.Array, key: jax.Array) -> jax.Array:
        def step(carry: Any, key: jax.Array) -> tuple[Any, jax.Array]:
            value, state = carry
            outputs, state = _forward(work, weights, value[None], state, None)
            value = _draw(outputs[0], key, work.temperature) if work.reads_tokens else outputs[0]
            return (value, state), value

        return jax.lax.scan(step, (first, _zero_state(work)), jax.random.split(key, work.num_steps))[1]

    def run(steps: int) -> list[float]:
        values: list[float] = []
        for _ in range(0, steps, work.num_steps):
            generated = np.asarray(generate(weights, first, jax.random.key(0)))
            values = generated.reshape(work.num_steps, -1)[:, 0].tolist()
        return values

    return Job(run, granule=work.num_steps)


def _forward(
    work: Work, weights: Weights, inputs: jax.Array, state: State, key: jax.Array | None
) -> tuple[jax.Array, State]:
    """Inputs (T, B) of words or (T, B, 1) of a series -> outputs (T, B, O), state; dropout if there is a key."""
    drop = _dropout(work.dropout, key, work.num_layers + 1)
    hidden = drop(0, weights["embedding/embeddings"][inputs]) if work.reads_tokens else inputs
    after = []
    for layer, layer_state in enumerate(state):
        kernels = (weights[f"layer_{layer}/{name}"] for name in ("kernel", "recurrent_kernel", "bias"))
        hidden, layer_state = _lstm(*kernels, hidden, layer_state)
        hidden = drop(layer + 1, hidden) if work.reads_tokens else hidden
        after.append(layer_state)
    return hidden @ weights["head/kernel"] + weights["head/bias"], tuple(after)


def _lstm(kernel: jax.Array, recurrent: jax.Array, bias: jax.Array, inputs: jax.Array, state: tuple) -> tuple:
    """One layer over (T, B, F): the product of all inputs at once, and a scan over time."""

    def step(state: tuple[jax.Array, jax.Array], projected: jax.Array) -> tuple[tuple, jax.Array]:
        h, c = state
        i, f, g, o = jnp.split(projected + h @ recurrent, 4, axis=-1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    projected = inputs @ kernel + bias
    if len(projected) == 1:  # Running free, whose loop is around all layers.
        state, hidden = step(state, projected[0])
        return hidden[None], state
    state, hidden = jax.lax.scan(step, state, projected)
    return hidden, state


def _dropout(rate: float, key: jax.Array | None, places: int) -> Callable[[int, jax.Array], jax.Array]:
    """Dropout at one of several places, with a mask of its own at each."""
    if key is None or rate == 0:
        return lambda place, hidden: hidden
    keys = jax.random.split(key, places)

    def drop(place: int, hidden: jax.Array) -> jax.Array:
        return jnp.where(jax.random.bernoulli(keys[place], 1 - rate, hidden.shape), hidden / (1 - rate), 0.0)

    return drop


def _draw(logits: jax.Array, key: jax.Array, temperature: float) -> jax.Array:
    """One word for each row: int32 (B,)."""
    if temperature == 0:
        return jnp.argmax(logits, -1).astype("int32")
    return jax.random.categorical(key, logits / temperature).astype("int32")


def _weights(work: Work) -> Weights:
    return {name: jnp.asarray(value) for name, value in first_weights(work).items()}


def _zero_state(work: Work) -> State:
    zeros = jnp.zeros((work.batch_size, work.units))
    return ((zeros, zeros),) * work.num_layers


def _time_first(batch: np.ndarray) -> jax.Array:
    return jnp.asarray(batch.swapaxes(0, 1))


if __name__ == "__main__":
    serve(prepare)
