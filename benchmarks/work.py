"""What contestants do: the same network, the same first weights, the same data, in NumPy alone.

A peer's process must not load the libraries of another, so nothing here imports TensorFlow or PyTorch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.data import Streams, cut_streams

FREQUENCY = 10 / 99
"""Radians per sample of the wave: that of sin(linspace(0, 10, 100))."""

SEED = 0


@dataclass(frozen=True)
class Work:
    """A network and what is done with it, again and again.

    A series network (vocabulary 0) is trained on one wave of num_steps + 1 samples, every update from an empty state,
    with Adam and the mean squared error. A text network carries its state from window to window; its cost is summed
    over time and averaged over the streams, its gradients are clipped and descended, as in ptb_word_lm.

    Attributes:
        task: `train` or `generate`.
        units, num_layers: of the LSTM.
        num_steps: window of training, or horizon of generation.
        batch_size: parallel streams.
        vocabulary: V, 0 for a series.
        dropout: of the embedded input and of each layer's output, in training.
        learning_rate: on the scale of that cost.
        clip_norm: on the scale of that cost; 0 does not clip.
        words: length of the text, random words: the speed does not depend on them.
        temperature: of the drawn words; 0 takes the most likely one.
    """

    task: str
    units: int
    num_layers: int = 1
    num_steps: int = 100
    batch_size: int = 1
    vocabulary: int = 0
    dropout: float = 0.0
    learning_rate: float = 0.01
    clip_norm: float = 0.0
    words: int = 0
    temperature: float = 1.0

    @property
    def reads_tokens(self) -> bool:
        """Whether inputs are words."""
        return bool(self.vocabulary)

    @property
    def features(self) -> int:
        """Width of what the first layer reads: the embedding is as wide as the layers."""
        return self.units if self.reads_tokens else 1

    @property
    def outputs(self) -> int:
        """Width of what the head says."""
        return self.vocabulary or 1

    @property
    def is_repeatable(self) -> bool:
        """Whether two programs that do the same get the same numbers: not if one of them draws."""
        return self.dropout == 0 if self.task == "train" else not self.reads_tokens or self.temperature == 0

    @property
    def flops(self) -> float:
        """Floating-point operations of one step, those of the matrix products alone.

        Two for each weight that is multiplied (all but the looked-up embedding and the biases) and each token; three
        times that in training, whose way back needs two products for each one on the way there. A step is an update in
        training, and one time step of all streams in generation.
        """
        layers = sum(4 * self.units * (width + self.units) for width in self.widths_read)
        product = 2 * (layers + self.units * self.outputs) * self.batch_size
        return product if self.task == "generate" else 3 * product * self.num_steps

    @property
    def widths_read(self) -> list[int]:
        """What each layer reads, the first layer's first."""
        return [self.features] + [self.units] * (self.num_layers - 1)


@dataclass(frozen=True)
class Product:
    """A matrix product (rows, inner) x (inner, columns), which no network can be faster than.

    Attributes:
        dtype: `float32` or `bfloat16`, of both factors and of the result.
    """

    rows: int
    inner: int
    columns: int
    dtype: str

    @property
    def flops(self) -> float:
        """Floating-point operations of one product."""
        return 2.0 * self.rows * self.inner * self.columns

    @property
    def label(self) -> str:
        """As the table calls it."""
        return f"product {self.rows} x {self.inner} x {self.columns}"


def first_weights(work: Work) -> dict[str, np.ndarray]:
    """The weights that everybody starts with, uniform within 1 / sqrt(units): float32, by RNN Lab's names.

    The layout is Keras's: kernels (F, 4 H) and (H, 4 H) with the gates i, f, g, o side by side, head (H, O).
    """
    random = np.random.default_rng(SEED)
    H, scale = work.units, work.units**-0.5
    shapes: dict[str, tuple[int, ...]] = {"embedding/embeddings": (work.vocabulary, H)} if work.reads_tokens else {}
    for layer, width in enumerate(work.widths_read):
        shapes[f"layer_{layer}/kernel"] = (width, 4 * H)
        shapes[f"layer_{layer}/recurrent_kernel"] = (H, 4 * H)
        shapes[f"layer_{layer}/bias"] = (4 * H,)
    shapes |= {"head/kernel": (H, work.outputs), "head/bias": (work.outputs,)}
    return {name: random.uniform(-scale, scale, shape).astype("float32") for name, shape in shapes.items()}


def sequence(work: Work) -> np.ndarray:
    """What is trained on: a wave float32 (num_steps + 1,), or random words int32 (words,)."""
    if work.reads_tokens:
        return np.random.default_rng(SEED).integers(0, work.vocabulary, work.words).astype("int32")
    return np.sin(FREQUENCY * np.arange(work.num_steps + 1)).astype("float32")


def streams(work: Work) -> Streams:
    """The same as minibatches, as `ptb_word_lm` reads its text."""
    return cut_streams(sequence(work), work.batch_size)


def prime(work: Work) -> np.ndarray:
    """The one value or word that each stream goes on from: float32 (B, 1, 1) or int32 (B, 1)."""
    if work.reads_tokens:
        return (np.arange(work.batch_size, dtype="int32") % work.vocabulary)[:, None]
    return np.linspace(0.1, 0.9, work.batch_size, dtype="float32")[:, None, None]
