"""Generation in one `tf.function` around the whole loop, with Keras's cells."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from benchmarks.peers.keras_weights import load
from benchmarks.peers.serve import Job, serve
from benchmarks.work import Work, prime


def prepare(task: dict[str, Any], threads: int, way: str) -> Job:
    """One generation task."""
    work = Work(**task)
    embedding = keras.layers.Embedding(work.vocabulary, work.units) if work.reads_tokens else None
    cells = [keras.layers.LSTMCell(work.units) for _ in range(work.num_layers)]
    head = keras.layers.Dense(work.outputs)
    _build(embedding, cells, head, work)

    @tf.function
    def generate(value: tf.Tensor, horizon: tf.Tensor) -> tf.Tensor:
        states = [[tf.zeros((work.batch_size, work.units))] * 2 for _ in cells]
        chosen = tf.TensorArray(value.dtype, horizon)
        for t in tf.range(horizon):
            hidden = embedding(value) if embedding else value
            after = []
            for cell, state in zip(cells, states, strict=True):
                hidden, state = cell(hidden, state)
                after.append(state)
            states = after
            value = _draw(head(hidden), work.temperature) if work.reads_tokens else head(hidden)
            chosen = chosen.write(t, value)
        return chosen.stack()

    first, horizon = prime(work)[:, 0], tf.constant(work.num_steps)

    def run(steps: int) -> list[float]:
        values: list[float] = []
        for _ in range(0, steps, work.num_steps):
            generated = generate(tf.constant(first), horizon).numpy()
            values = generated.reshape(work.num_steps, -1)[:, 0].tolist()
        return values

    return Job(run, granule=work.num_steps)


def _build(embedding: keras.Layer | None, cells: list[keras.Layer], head: keras.Layer, work: Work) -> None:
    for cell, width in zip(cells, work.widths_read, strict=True):
        cell.build((None, width))
    head.build((None, work.units))
    if embedding:
        embedding.build(())
    load([*([embedding] if embedding else []), *cells, head], work)


def _draw(logits: tf.Tensor, temperature: float) -> tf.Tensor:
    """One word for each row: int32 (B,)."""
    if temperature == 0:
        return tf.argmax(logits, -1, output_type=tf.int32)
    return tf.random.categorical(logits / temperature, 1, dtype=tf.int32)[:, 0]


if __name__ == "__main__":
    serve(prepare)
