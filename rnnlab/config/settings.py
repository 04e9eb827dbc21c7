"""Every setting that decides a result, declared once, in four groups."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rnnlab.config.table import Section, setting


@dataclass(frozen=True)
class SineData(Section):
    """A wave of one number a step, and the origin's two mistakes as switches."""

    shape: str = setting(
        "sine", "Shape", "The wave to learn.", choices=("sine", "two_sines", "triangle", "square", "sawtooth")
    )
    samples: int = setting(300, "Samples", "Time steps of the wave that the network trains on.", low=2, high=1_000_000)
    frequency: float = setting(
        0.1,
        "Frequency",
        "Radians that the wave turns per sample; 0.1 is one period in 63 samples. The first origin took "
        "sin(linspace(0, 10, 100)): 10/99.",
        above=0.0,
        high=math.pi,
    )
    noise: float = setting(
        0.0, "Noise", "Standard deviation of the Gaussian noise added to every sample.", low=0.0, high=10.0
    )
    inputs: str = setting(
        "wave",
        "Inputs",
        "What the network reads: the wave, or zeros, the first origin's mistake that leaves it nothing to listen to.",
        choices=("wave", "zeros"),
    )
    target: str = setting(
        "next",
        "Target",
        "What it must say: the next value, or the previous one, which is what np.roll(x, 1) asks for by mistake.",
        choices=("next", "previous"),
    )


@dataclass(frozen=True)
class TextData(Section):
    """A corpus, cut into words or characters."""

    corpus: str = setting(
        "ptb",
        "Corpus",
        "The Penn Treebank, the built-in grammar, the documentation inside Python, or a text of your own.",
        source="Mikolov 2010 prepared the treebank",
        choices=("ptb", "grammar", "python_docs", "upload"),
    )
    tokens: str = setting("words", "Tokens", "What the text is cut into.", choices=("words", "characters"))
    vocabulary_size: int = setting(
        10_000,
        "Vocabulary",
        "Most frequent tokens that are kept; the others become <unk>. The treebank has 10,000.",
        low=2,
        high=1_000_000,
    )
    train_tokens: int = setting(
        0,
        "Training tokens",
        "Train on this many tokens from the start of the corpus; 0 takes all. A part is not comparable with "
        "published numbers.",
        low=0,
        high=10**12,
    )
    upload: str = setting("", "Your text", "Identifier of an uploaded text; filled in by the Data screen.")


@dataclass(frozen=True)
class ModelConfig(Section):
    """The network: embedding (text only), a stack of recurrent layers, a head."""

    cell: str = setting(
        "lstm",
        "Cell",
        "The recurrent cell. TF1: BasicRNNCell, BasicLSTMCell, GRUCell.",
        source="Elman 1990; Hochreiter and Schmidhuber 1997; Cho 2014",
        choices=("simple_rnn", "lstm", "gru"),
    )
    units: int = setting(
        32, "Units", "Width of every recurrent layer. TF1: num_units, hidden_size.", low=1, high=10**12
    )
    num_layers: int = setting(
        1, "Layers", "Recurrent layers stacked on each other. TF1: MultiRNNCell.", source="Graves 2013", low=1, high=64
    )
    embedding_dim: int = setting(
        0,
        "Embedding",
        "Width of the word vectors; 0 takes the width of the layers. TF1: embedding_lookup.",
        low=0,
        high=10**12,
    )
    forget_bias: float = setting(
        1.0,
        "Forget bias",
        "Added to the forget gate before its sigmoid at the start: 0 forgets half at every step, 1 keeps 73 %, 2 keeps "
        "88 %. LSTM only. TF1: forget_bias.",
        source="Gers 2000; Jozefowicz 2015",
        low=-100.0,
        high=100.0,
    )
    input_dropout: float = setting(
        0.0,
        "Input dropout",
        "Share of the first layer's inputs that is dropped in training, never along time. TF1: 1 - input_keep_prob.",
        source="Zaremba 2014",
        low=0.0,
        below=1.0,
    )
    output_dropout: float = setting(
        0.0,
        "Output dropout",
        "Share of every layer's outputs that is dropped in training, never along time. TF1: DropoutWrapper, "
        "1 - output_keep_prob.",
        source="Zaremba 2014",
        low=0.0,
        below=1.0,
    )
    init_scale: float = setting(
        0.0,
        "Initial scale",
        "All weights start uniform between -scale and scale; 0 takes Keras's Glorot and orthogonal starts. "
        "ptb_word_lm: init_scale.",
        source="Zaremba 2014; Glorot 2010",
        low=0.0,
        high=10.0,
    )


@dataclass(frozen=True)
class TrainingConfig(Section):
    """How the network is fitted."""

    optimizer: str = setting(
        "adam", "Optimizer", "How a gradient becomes an update.", source="Kingma 2014", choices=("sgd", "adam")
    )
    learning_rate: float = setting(0.01, "Learning rate", "Step size in the first epochs.", above=0.0, high=100.0)
    lr_decay: float = setting(
        1.0,
        "Rate decay",
        "Factor on the learning rate after each epoch past the full-rate epochs. ptb_word_lm: lr_decay.",
        source="Zaremba 2014",
        above=0.0,
        high=1.0,
    )
    full_rate_epochs: int = setting(
        1,
        "Full-rate epochs",
        "Epochs before the learning rate starts to fall. ptb_word_lm: max_epoch.",
        low=0,
        high=1_000_000,
    )
    epochs: int = setting(10, "Epochs", "Passes over the data. ptb_word_lm: max_max_epoch.", low=1, high=1_000_000)
    batch_size: int = setting(
        1, "Batch size", "Parallel streams that the data is cut into; not shuffled samples.", low=1, high=100_000
    )
    num_steps: int = setting(
        300,
        "Window",
        "Time steps that the gradient reaches back: truncated backpropagation through time. ptb_word_lm: num_steps.",
        source="Williams and Peng 1990",
        low=1,
        high=100_000,
    )
    carry_state: bool = setting(
        True,
        "Carry state",
        "Start each minibatch from the state that the one before it ended with, as ptb_word_lm feeds initial_state.",
    )
    clip_norm: float = setting(
        0.0,
        "Clip norm",
        "Global norm that the gradients are scaled down to; 0 never clips. TF1: clip_by_global_norm, max_grad_norm.",
        source="Pascanu 2013",
        low=0.0,
        high=1e12,
    )
    loss_scale: str = setting(
        "mean",
        "Loss scale",
        "What the gradient is taken of: the mean over all tokens, or the sum over time and mean over the batch, as "
        "in ptb_word_lm. The curves always show the mean.",
        choices=("mean", "sum_over_time"),
    )
    evaluate_every: int = setting(
        0,
        "Evaluate every",
        "Steps between two measurements of train and validation loss at the same weights; 0 chooses about 100 a run.",
        low=0,
        high=10**12,
    )


DATA_KINDS: dict[str, type[SineData] | type[TextData]] = {"sine": SineData, "text": TextData}
