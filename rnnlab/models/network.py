"""The network: a function (inputs, state) -> (outputs, state).

Training, evaluation, teacher-forced prediction and free-running generation are ways to call it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import keras
import tensorflow as tf

from rnnlab.config import MOST_STATIC_STEPS, Experiment, ModelConfig
from rnnlab.errors import LabError
from rnnlab.models.cells import Gates, RecurrentCell, Values, make_cell
from rnnlab.models.dropout import BACKWARD_STATE_SITE, INPUT_SITE, STATE_SITE, drop, time_mask
from rnnlab.models.fast_path import unroll_fast
from rnnlab.models.products import PLAIN, Arithmetic, row_product
from rnnlab.models.unrolling import unroll_bidirectional, unroll_static
from rnnlab.seeds import part_seeds

NetworkState = tuple[Any, ...]
"""The state of all layers, the first layer's first; each a tuple of float32 (B, width). In a bidirectional network each
is a pair of such tuples: the forward cell's and the backward cell's."""


class Masks(NamedTuple):
    """The masks of dropout, float32 (B, T, width), or (B, width) for one step; None without dropout.

    Attributes:
        inputs: on the inputs of the first layer.
        outputs: on each layer's outputs.
        states: on the h that each layer reads.
    """

    inputs: tf.Tensor | None
    outputs: tuple[tf.Tensor | None, ...]
    states: tuple[tf.Tensor | None, ...]

    @classmethod
    def none(cls, layers: int) -> Masks:
        """No dropout."""
        return cls(None, (None,) * layers, (None,) * layers)

    def at(self, t: tf.Tensor) -> Masks:
        """The masks of one step."""
        return Masks(*tf.nest.map_structure(lambda factors: None if factors is None else factors[:, t], tuple(self)))


class TiedHead(keras.layers.Layer):
    """An output layer whose weights are the word vectors: logits = h E' + b.

    Args:
        embedding: E (V, P), built.

    Source: Press and Wolf 2017.
    """

    def __init__(self, embedding: keras.layers.Embedding):
        super().__init__(name="head")
        self._embedding = (embedding,)  # In a tuple, so that Keras does not count its weights twice.
        self.units = embedding.input_dim

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the bias."""
        if not self.built:  # type: ignore[has-type]  # Keras calls this again at the first call.
            self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")
            self.built = True

    @property
    def kernel(self) -> keras.Variable:
        """The word vectors, float32 (V, P)."""
        return self._embedding[0].embeddings

    def call(self, hidden: tf.Tensor) -> tf.Tensor:
        """Logits float32 (..., V) from float32 (..., P)."""
        return tf.tensordot(hidden, tf.transpose(self.kernel), 1) + self.bias


class Network(keras.layers.Layer):
    """Embedding (text only), a stack of recurrent layers with dropout between them, and a dense head.

    Args:
        model: the settings of the network.
        vocabulary: number V of tokens for a network that reads text; 0 for a series of one number a step.
        seed: decides the first weights.
        tags: number of labels for a network that labels each step; 0 for one that predicts the next value or token.
        features: numbers F that it reads at each step, if it does not read tokens.

    Inputs are int32 token ids (B, T) for text, float32 (B, T, F) in the units of the data for a series. Outputs are O
    wide: logits of the next token (V) or of the tags, or the next value of a series (1). `step` drops the T.
    """

    def __init__(self, model: ModelConfig, vocabulary: int = 0, seed: int = 0, tags: int = 0, features: int = 1):
        super().__init__(name="network")
        self.model = model
        self.vocabulary = vocabulary
        self.tags = tags
        self.features = features
        layers = model.num_layers
        directions = 2 if model.is_bidirectional else 1
        seeds = part_seeds(seed, 2 + directions * layers)
        width = (model.embedding_dim or model.widths[0]) if vocabulary else features
        self.embedding = self._make_embedding(width, seeds[0]) if vocabulary else None
        self.cells = self._make_cells("layer", seeds[2 : 2 + layers])
        self.backward_cells = self._make_cells("backward", seeds[2 + layers :])
        self.head = self._make_head(seeds[1])
        for layer, cell in enumerate(self.cells):
            both = [cell, *self.backward_cells[layer : layer + 1]]
            for one in both:
                one.build((None, width))
            width = sum(one.output_size for one in both)
        self.head.build((None, width))
        self.built = True

    @classmethod
    def for_experiment(cls, experiment: Experiment, vocabulary: int, seed: int = 0) -> Network:
        """The network that an experiment trains.

        Args:
            vocabulary: tokens of its loaded text, 0 for a series.
            seed: decides the first weights.
        """
        return cls(experiment.model, vocabulary, seed, len(experiment.task.tags), experiment.task.features)

    def start(self, model: ModelConfig, seed: int) -> None:
        """Set all weights to the initial weights of a new network with these settings and this seed.

        Code that was compiled for this network stays valid.

        Args:
            model: replaces the network's settings; it must have the same `architecture`.
            seed: decides the first weights.
        """
        self.model = model
        cells = [*self.cells, *self.backward_cells]
        embedding_seed, head_seed, *cell_seeds = part_seeds(seed, 2 + len(cells))
        if self.embedding:
            vectors = self.embedding.embeddings
            vectors.assign(self._first_vectors(embedding_seed)(vectors.shape))
        for cell, cell_seed in zip(cells, cell_seeds, strict=True):
            cell.start(model, cell_seed)
        kernel, bias = self._first_head(head_seed)
        if not self.is_tied:
            self.head.kernel.assign(kernel(self.head.kernel.shape))
        self.head.bias.assign(bias(self.head.bias.shape))

    def _uniform(self, seed: int) -> keras.initializers.Initializer:
        scale = self.model.init_scale
        return keras.initializers.RandomUniform(-scale, scale, seed=seed)

    def _first_vectors(self, seed: int) -> keras.initializers.Initializer:
        """The initialiser of the word vectors. Without `init_scale`, it is Keras's default: uniform in +-0.05."""
        return self._uniform(seed) if self.model.init_scale else keras.initializers.RandomUniform(seed=seed)

    def _first_head(self, seed: int) -> tuple[keras.initializers.Initializer, keras.initializers.Initializer]:
        """The initialisers of the output layer's kernel and bias. A tied output layer does not use the first one."""
        tied = bool(self.embedding and self.model.tie_embeddings)
        # As every other variable, ptb_word_lm's softmax_b starts uniform, by the initializer of its scope.
        if self.model.init_scale and not tied:
            return self._uniform(seed), self._uniform(seed + 1)
        return keras.initializers.GlorotUniform(seed=seed), keras.initializers.Zeros()

    def _make_embedding(self, features: int, seed: int) -> keras.layers.Embedding:
        start = self._first_vectors(seed)
        embedding = keras.layers.Embedding(self.vocabulary, features, embeddings_initializer=start, name="embedding")
        embedding.build(())
        return embedding

    def _make_cells(self, name: str, seeds: list[int]) -> list[RecurrentCell]:
        return [
            make_cell(self.model, units, seed, f"{name}_{layer}")
            for layer, (units, seed) in enumerate(zip(self.model.widths, seeds, strict=False))
        ]

    def _make_head(self, seed: int) -> keras.layers.Layer:
        if self.embedding and self.model.tie_embeddings:
            return TiedHead(self.embedding)
        kernel, bias = self._first_head(seed)
        outputs = self.tags or self.vocabulary or 1
        return keras.layers.Dense(outputs, kernel_initializer=kernel, bias_initializer=bias, name="head")

    @property
    def reads_tokens(self) -> bool:
        """Whether inputs are token ids."""
        return bool(self.vocabulary)

    @property
    def gives_logits(self) -> bool:
        """Whether outputs are logits, of tokens or of tags, rather than values."""
        return bool(self.vocabulary or self.tags)

    @property
    def named_weights(self) -> dict[str, keras.Variable]:
        """Every weight by name: `embedding`, `layer_0/kernel`, `backward_0/bias`, `head/bias`, ...

        In the order of `weights`.
        """
        vectors = self.embedding.embeddings if self.embedding else None
        named = {} if vectors is None else {"embedding": vectors}
        for layer in (*self.cells, *self.backward_cells, self.head):
            # The weights of a tied head include the word vectors.
            named |= {f"{layer.name}/{weight.name}": weight for weight in layer.weights if weight is not vectors}
        return named

    @property
    def state_names(self) -> tuple[str, ...]:
        """A name for each part of the state, in the order of `tf.nest.flatten`: `layer_0/h`, `layer_0/c`, ..."""
        names = []
        for layer, cell in enumerate(self.cells):
            both = [cell, *self.backward_cells[layer : layer + 1]]
            names += [f"{one.name}/{part}" for one in both for part in one.state_names]
        return tuple(names)

    @property
    def gate_names(self) -> tuple[str, ...]:
        """A name for each gate of the cells that read forwards: `layer_0/i`, `layer_0/f`, ..."""
        return tuple(f"{cell.name}/{gate}" for cell in self.cells for gate in cell.gate_names)

    def named_gates(self, gates: tuple[Gates, ...]) -> dict[str, tf.Tensor]:
        """The gates of `read_step` by name, see `gate_names`: float32 (B, H)."""
        layers = zip(self.cells, gates, strict=True)
        return {f"{cell.name}/{gate}": opened[gate] for cell, opened in layers for gate in cell.gate_names}

    def named_state(self, state: NetworkState) -> dict[str, tf.Tensor]:
        """Each layer's state by name, see `state_names`: float32 (B, width)."""
        return dict(zip(self.state_names, tf.nest.flatten(state), strict=True))

    def zero_state(self, batch_size: int | tf.Tensor) -> NetworkState:
        """The state before the first input. TF1: `zero_state`, passed as `initial_state`."""
        ahead = tuple(cell.zero_state(batch_size) for cell in self.cells)
        if not self.backward_cells:
            return ahead
        return tuple(zip(ahead, (cell.zero_state(batch_size) for cell in self.backward_cells), strict=True))

    def check_generates(self) -> None:
        """Refuse a network that cannot run on its own output.

        Raises:
            ValueError: it cannot; the message says why.
        """
        self._check_steps()
        if self.tags:
            raise LabError(
                "This network labels each step, and a label cannot be fed back as the next input; to generate, train a "
                "network that predicts the next value or word (target next, or task next_token)."
            )
        if self.features != 1:
            raise LabError(
                f"This network reads {self.features} numbers at each step and answers one, which cannot be fed back as "
                "the next input; to generate, train a network that predicts the next value."
            )

    def _check_steps(self) -> None:
        if self.backward_cells:
            raise LabError(
                "A bidirectional network cannot generate: its backward network would have to start at the end of a "
                "sequence that does not exist yet; to generate, train a network with unrolling dynamic."
            )

    def step(
        self, inputs: tf.Tensor, state: NetworkState, masks: Masks | None = None
    ) -> tuple[tf.Tensor, NetworkState]:
        """One time step.

        Args:
            inputs: int32 (B,) for text, float32 (B, F) for a series.
            state: after the previous step.
            masks: of this step, in training. None is no dropout, as in evaluation and generation.
        Returns:
            float32 (B, O), and the state after this step.
        Raises:
            ValueError: the network is bidirectional.
        """
        hidden, after, _ = self.read_step(inputs, state, masks)
        return self._say(hidden), after

    def read_step(
        self,
        inputs: tf.Tensor,
        state: NetworkState,
        masks: Masks | None = None,
        pushes: NetworkState | None = None,
    ) -> tuple[tf.Tensor, NetworkState, tuple[Gates, ...]]:
        """`step` without the head.

        Args:
            inputs, state, masks: as in `step`.
            pushes: added to the state after the step, before the next layer reads it; None for none. The gradient of a
                loss with respect to a push is that with respect to the state.
        Returns:
            The input of the head, float32 (B, P); the state after the step; each layer's gates.
        """
        self._check_steps()
        masks = masks or Masks.none(len(self.cells))
        hidden = _times(self.embedded(inputs), masks.inputs)
        after, gates = [], []
        none = (None,) * len(self.cells)
        layers = zip(self.cells, state, masks.states, masks.outputs, pushes or none, strict=True)
        for cell, (h, *rest), noise, kept, push in layers:
            opened, layer_state = cell.step(hidden, (_times(h, noise), *rest))
            if push is not None:
                layer_state = tuple(part + more for part, more in zip(layer_state, push, strict=True))
            hidden = _times(layer_state[0], kept)
            after.append(layer_state)
            gates.append(opened)
        return hidden, tuple(after), tuple(gates)

    def values_of_step(self, inputs: tf.Tensor, state: NetworkState, layer: int) -> Values:
        """Every number of one layer's part in one time step by name, see `RecurrentCell.values`.

        Args:
            inputs, state: as in `step`.
            layer: from 0.
        """
        _, after, _ = self.read_step(inputs, state)
        below = after[layer - 1][0] if layer else self.embedded(inputs)
        return self.cells[layer].values(below, state[layer])

    def _say(self, hidden: tf.Tensor) -> tf.Tensor:
        """The head on one step: float32 (B, P) -> float32 (B, O)."""
        if hidden.shape[0] == 1 and self.reads_tokens:
            return row_product(hidden, tf.convert_to_tensor(self.head.kernel), self.is_tied) + self.head.bias
        return self.head(hidden)

    def masks(self, inputs: tf.Tensor, seed: tf.Tensor) -> Masks:
        """The masks of dropout in `call` with this seed; see `step`.

        Args:
            inputs: as in `call`.
            seed: int32 (2,).
        """
        rate, features = self.model.input_dropout, self.cells[0].kernel.shape[0]
        widths = [cell.output_size for cell in self.cells]

        def factors(width: int, rate: float, site: int) -> tf.Tensor | None:
            return time_mask(inputs, width, rate, seed, site, self._variational)

        return Masks(
            factors(features, rate, INPUT_SITE),
            tuple(factors(w, self.model.output_dropout, layer + 1) for layer, w in enumerate(widths)),
            tuple(factors(w, self.model.state_dropout, STATE_SITE + layer) for layer, w in enumerate(widths)),
        )

    def call(
        self,
        inputs: tf.Tensor,
        state: NetworkState,
        dropout_seed: tf.Tensor | None = None,
        lengths: tf.Tensor | None = None,
    ) -> tuple[tf.Tensor, NetworkState]:
        """A whole sequence: equal to `step` over its columns.

        Args:
            inputs: int32 (B, T) for text, float32 (B, T, F) for a series.
            state: the state before the first step.
            dropout_seed: int32 (2,). None is no dropout, as in evaluation and generation.
            lengths: int32 (B,), valid steps of each sequence; None for all. TF1: `sequence_length`.
        Returns:
            float32 (B, T, O), which past the end of a sequence is the head's output for zeros; and the state after the
            last valid step.
        """
        hidden, after = self.read(inputs, state, dropout_seed, lengths)
        return self.head(hidden), after

    def read(
        self,
        inputs: tf.Tensor,
        state: NetworkState,
        dropout_seed: tf.Tensor | None = None,
        lengths: tf.Tensor | None = None,
        arithmetic: Arithmetic = PLAIN,
    ) -> tuple[tf.Tensor, NetworkState]:
        """All of `call` but the head: float32 (B, T, P), what the head reads, and the state after the last step."""
        return self.read_vectors(self.embedded(inputs), state, dropout_seed, lengths, arithmetic)

    def read_vectors(
        self,
        vectors: tf.Tensor,
        state: NetworkState,
        dropout_seed: tf.Tensor | None = None,
        lengths: tf.Tensor | None = None,
        arithmetic: Arithmetic = PLAIN,
    ) -> tuple[tf.Tensor, NetworkState]:
        """`read` from the vectors that the first layer reads, float32 (B, T, F): those of `embedded`, or any others."""
        hidden = self._dropped(vectors, self.model.input_dropout, dropout_seed, INPUT_SITE)
        after = []
        for layer, layer_state in enumerate(state):
            hidden, layer_state = self._unroll(layer, hidden, layer_state, dropout_seed, lengths, arithmetic)
            hidden = self._dropped(hidden, self.model.output_dropout, dropout_seed, layer + 1)
            after.append(layer_state)
        return hidden, tuple(after)

    @property
    def is_tied(self) -> bool:
        """Whether the head uses the word vectors as its weights."""
        return isinstance(self.head, TiedHead)

    @property
    def _variational(self) -> bool:
        return self.model.dropout_masks == "variational"

    def embedded(self, inputs: tf.Tensor) -> tf.Tensor:
        """What the first layer reads: vectors float32 (..., F) of token ids (...), or the values of a series."""
        # This reads only the rows. Keras's layer would first read the whole table, and TensorFlow copies the table of a
        # variable whose rows are updated.
        return tf.gather(self.embedding.embeddings.value, inputs) if self.embedding else inputs

    def _dropped(self, hidden: tf.Tensor, rate: float, seed: tf.Tensor | None, site: int) -> tf.Tensor:
        return hidden if seed is None else drop(hidden, rate, seed, site, self._variational)

    def _state_noise(
        self, hidden: tf.Tensor, cell: RecurrentCell, seed: tf.Tensor | None, site: int
    ) -> tf.Tensor | None:
        if seed is None:
            return None
        return time_mask(hidden, cell.output_size, self.model.state_dropout, seed, site, self._variational)

    def _unroll(
        self,
        layer: int,
        hidden: tf.Tensor,
        state: Any,
        seed: tf.Tensor | None,
        lengths: tf.Tensor | None,
        arithmetic: Arithmetic,
    ) -> tuple[tf.Tensor, Any]:
        """One layer over the whole sequence, unrolled as the settings say."""
        cell = self.cells[layer]
        noise = self._state_noise(hidden, cell, seed, STATE_SITE + layer)
        if self.backward_cells:
            back = self.backward_cells[layer]
            noises = (noise, self._state_noise(hidden, back, seed, BACKWARD_STATE_SITE + layer))
            return unroll_bidirectional(cell, back, hidden, state, lengths, noises, arithmetic)
        # Static unrolling needs a number of steps that is known and not too large.
        if self.model.unrolling == "static" and (hidden.shape[1] or MOST_STATIC_STEPS + 1) <= MOST_STATIC_STEPS:
            return unroll_static(cell, hidden, state, lengths, noise, arithmetic)
        return unroll_fast(cell, hidden, state, lengths, noise, arithmetic)


def _times(values: tf.Tensor, factors: tf.Tensor | None) -> tf.Tensor:
    return values if factors is None else values * factors
