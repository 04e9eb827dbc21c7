"""`keras.Model.fit`, as Keras's own examples train."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from benchmarks.peers.keras_weights import load
from benchmarks.peers.serve import Job, serve
from benchmarks.work import Work, streams


def prepare(task: dict[str, Any], threads: int, way: str) -> Job:
    """One training task."""
    work = Work(**task)
    return _text(work) if work.reads_tokens else _series(work)


def _series(work: Work) -> Job:
    model = keras.Sequential(
        [
            keras.Input((work.num_steps, 1)),
            *(keras.layers.LSTM(work.units, return_sequences=True) for _ in range(work.num_layers)),
            keras.layers.Dense(1),
        ]
    )
    model.compile(keras.optimizers.Adam(work.learning_rate), "mse")
    load(model.layers, work)
    inputs, targets, _ = streams(work).window(0, work.num_steps)

    def run(steps: int) -> list[float]:
        return model.fit(inputs, targets, epochs=steps, batch_size=1, verbose=0).history["loss"]

    return Job(run)


def _text(work: Work) -> Job:
    layers: list[keras.Layer] = [keras.layers.Embedding(work.vocabulary, work.units)]
    layers += [keras.layers.Dropout(work.dropout)] * bool(work.dropout)
    for _ in range(work.num_layers):
        layers.append(keras.layers.LSTM(work.units, return_sequences=True, stateful=True))
        layers += [keras.layers.Dropout(work.dropout)] * bool(work.dropout)
    window = keras.Input(batch_shape=(work.batch_size, work.num_steps), dtype="int32")
    model = keras.Sequential([window, *layers, keras.layers.Dense(work.vocabulary)])
    # Keras averages over the tokens of a window, so the rate is that much larger and the norm that much smaller.
    optimizer = keras.optimizers.SGD(
        work.learning_rate * work.num_steps, global_clipnorm=work.clip_norm / work.num_steps
    )
    model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    load(model.layers, work)
    inputs, targets = _windows_below_each_other(work)
    windows = len(inputs) // work.batch_size
    position = 0

    def run(steps: int) -> list[float]:
        nonlocal position
        rows = np.arange(position * work.batch_size, (position + steps) * work.batch_size) % len(inputs)
        position = (position + steps) % windows
        history = model.fit(inputs[rows], targets[rows], batch_size=work.batch_size, shuffle=False, verbose=0)
        return history.history["loss"]

    return Job(run)


def _windows_below_each_other(work: Work) -> tuple[np.ndarray, np.ndarray]:
    """Inputs and targets (windows * B, T): each B rows are the next minibatch, as `fit` cuts them."""
    cut = streams(work)
    windows = [cut.window(k, work.num_steps) for k in range(cut.num_windows(work.num_steps))]
    return np.concatenate([w.inputs for w in windows]), np.concatenate([w.targets for w in windows])


if __name__ == "__main__":
    serve(prepare)
