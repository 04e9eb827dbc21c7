"""The network: a function (inputs, state) -> (outputs, state).

Training, evaluation, teacher-forced prediction and free-running generation are ways to call it.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from rnnlab.config import ModelConfig
from rnnlab.models.cells import CELLS, RecurrentCell, State
from rnnlab.models.dropout import drop
from rnnlab.models.unrolling import unroll

NetworkState = tuple[State, ...]
"""The state of all layers, the first layer's first; each a tuple of float32 (B, H)."""


class Network(keras.layers.Layer):
    """Embedding (text only), a stack of recurrent layers with dropout between them, and a dense head.

    Args:
        model: the settings of the network.
        vocabulary: number V of tokens for a network that reads and predicts text; 0 for a series of one number a step.
        seed: decides the first weights.

    Inputs are int32 token ids (B, T) and outputs logits (B, T, V) for text; inputs and outputs are float32 (B, T, 1) in
    the units of the data for a series. `step` drops the T.
    """

    def __init__(self, model: ModelConfig, vocabulary: int = 0, seed: int = 0):
        super().__init__(name="network")
        self.model = model
        self.vocabulary = vocabulary
        seeds = [int(s) for s in np.random.SeedSequence(seed).generate_state(model.num_layers + 2) >> 1]
        features = (model.embedding_dim or model.units) if vocabulary else 1
        self.embedding = self._make_embedding(features, seeds[0]) if vocabulary else None
        self.cells = [self._make_cell(layer, seeds[2 + layer]) for layer in range(model.num_layers)]
        self.head = self._make_head(seeds[1])
        for layer, cell in enumerate(self.cells):
            cell.build((None, model.units if layer else features))
        self.head.build((None, model.units))
        self.built = True

    def _uniform(self, seed: int) -> keras.initializers.Initializer:
        scale = self.model.init_scale
        return keras.initializers.RandomUniform(-scale, scale, seed=seed)

    def _make_embedding(self, features: int, seed: int) -> keras.layers.Embedding:
        # Without a scale of its own: Keras's default for embeddings, uniform in +-0.05.
        start = self._uniform(seed) if self.model.init_scale else keras.initializers.RandomUniform(seed=seed)
        embedding = keras.layers.Embedding(self.vocabulary, features, embeddings_initializer=start, name="embedding")
        embedding.build(())
        return embedding

    def _make_cell(self, layer: int, seed: int) -> RecurrentCell:
        model = self.model
        extra: dict[str, Any] = {"forget_bias": model.forget_bias} if model.cell == "lstm" else {}
        return CELLS[model.cell](model.units, init_scale=model.init_scale, seed=seed, name=f"layer_{layer}", **extra)

    def _make_head(self, seed: int) -> keras.layers.Dense:
        # ptb_word_lm starts softmax_b like every other variable, uniform: its scope's initializer.
        scaled = bool(self.model.init_scale)
        return keras.layers.Dense(
            self.vocabulary or 1,
            kernel_initializer=self._uniform(seed) if scaled else keras.initializers.GlorotUniform(seed=seed),
            bias_initializer=self._uniform(seed + 1) if scaled else "zeros",
            name="head",
        )

    @property
    def is_text(self) -> bool:
        """Whether inputs are token ids and outputs logits."""
        return bool(self.vocabulary)

    def zero_state(self, batch_size: int | tf.Tensor) -> NetworkState:
        """The state before anything was read. TF1: `zero_state`, fed as `initial_state`."""
        return tuple(cell.zero_state(batch_size) for cell in self.cells)

    def step(self, inputs: tf.Tensor, state: NetworkState) -> tuple[tf.Tensor, NetworkState]:
        """One time step without dropout.

        Args:
            inputs: int32 (B,) for text, float32 (B, 1) for a series.
            state: the state after the step before.
        Returns:
            logits (B, V) or values (B, 1), and the state after this step.
        """
        hidden = self.embedding(inputs) if self.embedding else inputs
        after = []
        for cell, layer_state in zip(self.cells, state, strict=True):
            hidden, layer_state = cell(hidden, layer_state)
            after.append(layer_state)
        return self.head(hidden), tuple(after)

    def call(
        self, inputs: tf.Tensor, state: NetworkState, dropout_seed: tf.Tensor | None = None
    ) -> tuple[tf.Tensor, NetworkState]:
        """A whole sequence: equal to `step` over its columns.

        Args:
            inputs: int32 (B, T) for text, float32 (B, T, 1) for a series.
            state: the state before the first step.
            dropout_seed: int32 (2,); None, as in evaluation and generation, drops nothing.
        Returns:
            logits (B, T, V) or values (B, T, 1), and the state after the last step.
        """
        model = self.model
        hidden = self.embedding(inputs) if self.embedding else inputs
        if dropout_seed is not None:
            hidden = drop(hidden, model.input_dropout, dropout_seed, place=0)
        after = []
        for layer, (cell, layer_state) in enumerate(zip(self.cells, state, strict=True)):
            hidden, layer_state = unroll(cell, hidden, layer_state)
            if dropout_seed is not None:
                hidden = drop(hidden, model.output_dropout, dropout_seed, place=layer + 1)
            after.append(layer_state)
        return self.head(hidden), tuple(after)
