"""Generation by calling `predict` once a step, as most of the questions on the web do it."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from benchmarks.peers.keras_weights import load
from benchmarks.peers.serve import Job, serve
from benchmarks.work import Work, prime


def prepare(task: dict[str, Any], threads: int, way: str) -> Job:
    """One generation task."""
    work = Work(**task)
    model = _model(work)
    load(model.layers, work)
    random = np.random.default_rng()

    def run(steps: int) -> list[float]:
        for layer in model.layers:
            if isinstance(layer, keras.layers.LSTM):
                layer.reset_state()
        value, values = prime(work), []
        for _ in range(steps):
            outputs = model.predict(value, batch_size=work.batch_size, verbose=0)
            value = _draw(outputs[:, -1], work.temperature, random) if work.reads_tokens else outputs
            values.append(float(value.flat[0]))
        return values

    return Job(run)


def _model(work: Work) -> keras.Model:
    """A network of one time step that remembers its state."""
    layers: list[keras.Layer] = [keras.layers.Embedding(work.vocabulary, work.units)] if work.reads_tokens else []
    layers += [keras.layers.LSTM(work.units, return_sequences=True, stateful=True) for _ in range(work.num_layers)]
    shape = (work.batch_size, 1) if work.reads_tokens else (work.batch_size, 1, 1)
    step = keras.Input(batch_shape=shape, dtype="int32" if work.reads_tokens else "float32")
    return keras.Sequential([step, *layers, keras.layers.Dense(work.outputs)])


def _draw(logits: np.ndarray, temperature: float, random: np.random.Generator) -> np.ndarray:
    """One word for each row: int32 (B, 1)."""
    if temperature == 0:
        return logits.argmax(-1).astype("int32")[:, None]
    shares = np.exp((logits - logits.max(-1, keepdims=True)) / temperature)
    below = np.cumsum(shares, -1)
    point = random.random((len(logits), 1), "float32") * below[:, -1:]
    return (below >= point).argmax(-1).astype("int32")[:, None]


if __name__ == "__main__":
    serve(prepare)
