"""`keras.layers` in a training step under `tf.function`, as somebody would write it today."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from benchmarks.peers.keras_weights import load
from benchmarks.peers.serve import Job, serve
from benchmarks.work import Work, streams


def prepare(task: dict[str, Any], threads: int, way: str) -> Job:
    """One training task."""
    work = Work(**task)
    return _text(work) if work.reads_tokens else _series(work)


def _series(work: Work) -> Job:
    layers = [keras.layers.LSTM(work.units, return_sequences=True) for _ in range(work.num_layers)]
    model = keras.Sequential([keras.Input((work.num_steps, 1)), *layers, keras.layers.Dense(1)])
    load(model.layers, work)
    optimizer = keras.optimizers.Adam(work.learning_rate)
    optimizer.build(model.trainable_variables)

    @tf.function
    def step(inputs: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(model(inputs, training=True) - targets))
        gradients = tape.gradient(loss, [v.value for v in model.trainable_variables])
        optimizer.apply(gradients, model.trainable_variables)
        return loss

    inputs, targets, _ = map(tf.constant, streams(work).window(0, work.num_steps))
    return Job(lambda steps: [float(step(inputs, targets)) for _ in range(steps)])


def _text(work: Work) -> Job:
    embedding = keras.layers.Embedding(work.vocabulary, work.units)
    layers = [keras.layers.LSTM(work.units, return_sequences=True, return_state=True) for _ in range(work.num_layers)]
    head = keras.layers.Dense(work.vocabulary)
    drop = keras.layers.Dropout(work.dropout) if work.dropout else lambda hidden, training: hidden

    def forward(inputs: tf.Tensor, states: list) -> tuple[tf.Tensor, list]:
        hidden, after = drop(embedding(inputs), training=True), []
        for layer, state in zip(layers, states, strict=True):
            hidden, *state = layer(hidden, initial_state=state)
            hidden = drop(hidden, training=True)
            after.append(state)
        return head(hidden), after

    states = [[tf.zeros((work.batch_size, work.units))] * 2 for _ in layers]
    forward(tf.zeros((work.batch_size, work.num_steps), tf.int32), states)
    load([embedding, *layers, head], work)
    step = _clipped_update(
        forward, [v for layer in (embedding, *layers, head) for v in layer.trainable_variables], work
    )
    cut = streams(work)
    windows = itertools.cycle(range(cut.num_windows(work.num_steps)))

    def run(steps: int) -> list[float]:
        nonlocal states
        losses = []
        for window in itertools.islice(windows, steps):
            inputs, targets, _ = cut.window(window, work.num_steps)
            loss, states = step(tf.constant(inputs), tf.constant(targets), states)
            losses.append(float(loss) / work.num_steps)
        return losses

    return Job(run)


def _clipped_update(forward: Callable, variables: list[keras.Variable], work: Work) -> Callable:
    """One update of ptb_word_lm: the cost summed over time, clipping, descent."""
    optimizer = keras.optimizers.SGD(work.learning_rate)
    optimizer.build(variables)

    @tf.function
    def step(inputs: tf.Tensor, targets: tf.Tensor, states: list) -> tuple[tf.Tensor, list]:
        with tf.GradientTape() as tape:
            logits, after = forward(inputs, states)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, logits)
            cost = tf.reduce_sum(losses) / work.batch_size
        gradients = tape.gradient(cost, [v.value for v in variables])
        gradients, _ = tf.clip_by_global_norm(gradients, work.clip_norm)
        optimizer.apply(gradients, variables)
        return cost, after

    return step


if __name__ == "__main__":
    serve(prepare)
