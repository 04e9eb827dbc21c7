"""Every setting that decides a result, declared once, in four groups."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import ClassVar

from rnnlab.config.cells import CELL_KINDS
from rnnlab.config.corpora import CORPORA, UPLOAD
from rnnlab.config.feeding import MISTAKES, Mistake
from rnnlab.config.table import InvalidSetting, Play, Section, setting, shown
from rnnlab.config.tasks import CONTINUE_SERIES, CONTINUE_TEXT, LABEL_NUMBERS, LABEL_PEAKS, Task
from rnnlab.formulas import sizes

WAVES = {"two_sines": "Sum of two sines"}
MOST_START = 10_000
MOST_LETTERS = 80
"""Of a file's name that a run's name takes over, so that the settings fit behind it."""


@dataclass(frozen=True)
class SineData(Section):
    """A wave of one number a step, and the origin's two mistakes as switches."""

    kind: ClassVar[str] = "sine"

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
        play=Play(0.02, 1.0, 0.02),
    )
    noise: float = setting(
        0.0,
        "Noise",
        "Standard deviation of the Gaussian noise added to every sample.",
        low=0.0,
        high=10.0,
        play=Play(0.0, 1.0, 0.05),
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
        "What it must say: the next value; the previous one, which is what np.roll(x, 1) asks for by mistake; or "
        "whether this value is a peak, a tag that looks one step ahead.",
        choices=("next", "previous", "peaks"),
    )

    @property
    def asked(self) -> Task:
        """What the network is asked for at each step."""
        return LABEL_PEAKS if self.target == "peaks" else CONTINUE_SERIES

    @property
    def needs_own_text(self) -> bool:
        """A wave needs no text."""
        return False

    @property
    def own_text(self) -> str:
        """The identifier of no text."""
        return ""

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The classic mistakes that it was made with."""
        return tuple(mistake for mistake in MISTAKES if getattr(self, mistake.setting) == mistake.wrong)

    @property
    def most_start(self) -> int:
        """The last place in the validation part that a screen offers to start from."""
        return self.samples - 1

    @property
    def subject(self) -> tuple[str, ...]:
        """What is learned, to compare with: two runs of one subject learn the same thing."""
        return (self.shape,)

    def title(self, text_name: str = "") -> str:
        """What is learned, in words."""
        return WAVES.get(self.shape, f"{self.shape.capitalize()} wave")


@dataclass(frozen=True)
class TextData(Section):
    """A corpus, cut into words or characters."""

    kind: ClassVar[str] = "text"

    corpus: str = setting(
        "ptb",
        "Corpus",
        f"The text to learn from: {'; '.join(corpus.label for corpus in CORPORA.values())}.",
        source="Mikolov 2010 prepared the treebank",
        choices=tuple(CORPORA),
    )
    task: str = setting(
        "next_token",
        "Task",
        "What it must say of each word: the next one, or, in the grammar, whether its noun is singular or plural, a "
        "tag that may depend on words to come.",
        choices=("next_token", "number_tags"),
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
    upload: str = setting(
        "",
        "Your text",
        "Identifier of a text of your own; filled in by the Data screen and by --file.",
        pattern="([0-9a-f]{64})?",
        example="empty, or the 64 hexadecimal digits of a text that was kept",
    )

    @property
    def asked(self) -> Task:
        """What the network is asked for at each step."""
        return LABEL_NUMBERS if self.task == "number_tags" else CONTINUE_TEXT

    @property
    def own_text(self) -> str:
        """The identifier of a text of one's own; "" for a corpus that is built in."""
        return self.upload if self.corpus == UPLOAD else ""

    @property
    def needs_own_text(self) -> bool:
        """Whether a text of one's own is to be learned, named or not."""
        return self.corpus == UPLOAD

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The classic mistakes belong to waves."""
        return ()

    @property
    def most_start(self) -> int:
        """The last place in the validation part that a screen offers to start from."""
        return MOST_START

    @property
    def subject(self) -> tuple[str, ...]:
        """What is learned, to compare with: two runs of one subject learn the same thing."""
        return (self.corpus, self.upload, self.tokens)

    def title(self, text_name: str = "") -> str:
        """What is learned, in words; a text of one's own by its name."""
        own_name = text_name[:MOST_LETTERS] if self.needs_own_text else ""
        title = own_name or CORPORA[self.corpus].label
        return f"{title} in characters" if self.tokens == "characters" else title


@dataclass(frozen=True)
class ModelConfig(Section):
    """The network: embedding (text only), a stack of recurrent layers, a head."""

    cell: str = setting(
        "lstm",
        "Cell",
        f"The recurrent cell. TF1: {', '.join(cell.tf1 for cell in CELL_KINDS.values() if cell.tf1)}.",
        source="; ".join(cell.source for cell in CELL_KINDS.values() if cell.source),
        choices=tuple(CELL_KINDS),
    )
    units: int = setting(
        32,
        "Units",
        "Width of every recurrent layer. TF1: num_units, hidden_size.",
        low=1,
        high=10**12,
        play=Play(1, 128, 1),
    )
    num_layers: int = setting(
        1,
        "Layers",
        "Recurrent layers stacked on each other. TF1: MultiRNNCell.",
        source="Graves 2013",
        low=1,
        high=64,
        play=Play(1, 4, 1),
    )
    layer_units: str = setting(
        "",
        "Width of each layer",
        "Widths from the first layer to the last, such as 64, 32; empty makes every layer as wide as Units. TF1: the "
        "cells of a MultiRNNCell.",
        pattern=r"(\s*[0-9]{1,12}\s*(,\s*[0-9]{1,12}\s*)*)?",
        example="empty, or widths such as 64, 32",
    )
    embedding_dim: int = setting(
        0,
        "Embedding",
        "Width of the word vectors; 0 takes the width of the layers. TF1: embedding_lookup.",
        source="Bengio 2003",
        low=0,
        high=10**12,
    )
    tie_embeddings: bool = setting(
        False,
        "Tied embeddings",
        "Let the output layer use the word vectors as its weights: fewer parameters, better word models. Text only.",
        source="Press and Wolf 2017; Inan 2017",
    )
    forget_bias: float = setting(
        1.0,
        "Forget bias",
        "Added to the forget gate before its sigmoid at the start: 0 forgets half at every step, 1 keeps 73 %, 2 keeps "
        "88 %. LSTM only. TF1: forget_bias.",
        source="Gers 2000; Jozefowicz 2015",
        low=-100.0,
        high=100.0,
        play=Play(-2.0, 6.0, 0.5),
    )
    use_peepholes: bool = setting(
        False,
        "Peepholes",
        "Let the gates see the memory cell through weights of their own. LSTM only. TF1: LSTMCell(use_peepholes).",
        source="Gers 2002",
    )
    cell_clip: float = setting(
        0.0,
        "Cell clip",
        "Bound on the memory cell after each step; 0 has none. LSTM only. TF1: LSTMCell(cell_clip).",
        source="Sak 2014",
        low=0.0,
        high=1e12,
    )
    num_proj: int = setting(
        0,
        "Projection",
        "Width that each layer's output is projected to before it goes on and back; 0 has none. LSTM only. TF1: "
        "LSTMCell(num_proj).",
        source="Sak 2014",
        low=0,
        high=10**12,
    )
    proj_clip: float = setting(
        0.0,
        "Projection clip",
        "Bound on the projected output; 0 has none. LSTM with a projection only. TF1: LSTMCell(proj_clip).",
        source="Sak 2014",
        low=0.0,
        high=1e12,
    )
    reset_after: bool = setting(
        False,
        "Reset after",
        "Where a GRU resets: the state before its product, as the paper and TF1: GRUCell do, or the product after it, "
        "as Keras and cuDNN do, with a second bias. GRU only.",
        source="Cho 2014; Keras GRU(reset_after)",
    )
    unrolling: str = setting(
        "dynamic",
        "Unrolling",
        "How the cell is laid out over time: a loop; a copy for each step; a loop whose states are kept by stream; or "
        "two networks, one reading backwards. TF1: dynamic_rnn, static_rnn, static_state_saving_rnn, "
        "bidirectional_dynamic_rnn.",
        source="Schuster 1997 for the last",
        choices=("dynamic", "static", "state_saving", "bidirectional"),
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
        play=Play(0.0, 0.9, 0.05),
    )
    state_dropout: float = setting(
        0.0,
        "State dropout",
        "Share of h that is dropped on its way to the next step, along time; the memory cell c is spared. TF1: "
        "DropoutWrapper, 1 - state_keep_prob.",
        source="Semeniuta 2016; Gal 2016",
        low=0.0,
        below=1.0,
    )
    dropout_masks: str = setting(
        "per_step",
        "Dropout masks",
        "Other values are dropped at every step, or the same ones through a whole window. TF1: "
        "DropoutWrapper(variational_recurrent).",
        source="Zaremba 2014; Gal 2016",
        choices=("per_step", "variational"),
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

    def __post_init__(self) -> None:
        super().__post_init__()
        widths = self.widths
        if len(widths) != self.num_layers or 0 in widths:
            raise InvalidSetting(
                "layer_units",
                f"Width of each layer (layer_units) was {shown(self.layer_units)}, but must be one whole number of at "
                f"least 1 for each of the {self.num_layers} layer(s), or empty; please change it.",
            )

    @property
    def widths(self) -> tuple[int, ...]:
        """Units H of each layer, the first layer's first."""
        if not self.layer_units.strip():
            return (self.units,) * self.num_layers
        # int() knows fewer signs as blank than the pattern does.
        return tuple(int(width.strip()) for width in self.layer_units.split(","))

    @property
    def architecture(self) -> ModelConfig:
        """The settings without those that only set the first weights, which are not part of any compiled code."""
        return dataclasses.replace(self, forget_bias=0.0, init_scale=0.0)

    @property
    def is_bidirectional(self) -> bool:
        """Whether a second network reads the sequence backwards."""
        return self.unrolling == "bidirectional"

    @property
    def layers(self) -> tuple[sizes.LayerSize, ...]:
        """What each layer is made of, for counting its weights."""
        cell = CELL_KINDS[self.cell]
        return tuple(
            sizes.LayerSize(
                gates=cell.gates,
                units=units,
                projection=self.num_proj if "num_proj" in cell.settings else 0,
                peepholes=self.use_peepholes and "use_peepholes" in cell.settings,
                second_bias=self.reset_after and "reset_after" in cell.settings,
                directions=2 if self.is_bidirectional else 1,
            )
            for units in self.widths
        )


@dataclass(frozen=True)
class TrainingConfig(Section):
    """How the network is fitted."""

    optimizer: str = setting(
        "adam",
        "Optimizer",
        "How a gradient becomes an update. Adam adds epsilon 1e-7, as Keras does; TF1 and PyTorch add 1e-8.",
        source="Kingma 2014",
        choices=("sgd", "adam"),
    )
    learning_rate: float = setting(
        0.01,
        "Learning rate",
        "Step size in the first epochs. ptb_word_lm assigns it anew at each one: assign_lr.",
        source="Robbins and Monro 1951",
        above=0.0,
        high=100.0,
        play=Play(0.0001, 10.0),
    )
    lr_decay: float = setting(
        1.0,
        "Rate decay",
        "Factor on the learning rate after each epoch past the full-rate epochs. ptb_word_lm: lr_decay.",
        source="Zaremba 2014",
        above=0.0,
        high=1.0,
    )
    lr_schedule: str = setting(
        "epochs",
        "Rate schedule",
        "How the learning rate falls past the full-rate epochs: by its decay at each epoch, or in a line, update by "
        "update, to nothing at the end.",
        source="Zaremba 2014; linear: Goyal 2017",
        choices=("epochs", "linear"),
    )
    full_rate_epochs: int = setting(
        1,
        "Full-rate epochs",
        "Epochs before the learning rate starts to fall. ptb_word_lm: max_epoch.",
        source="Zaremba 2014",
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
        "Start each minibatch from the state that the one before it ended with. ptb_word_lm feeds final_state back as "
        "initial_state; TF1: zero_state where it does not.",
        source="Mikolov 2010",
    )
    clip_norm: float = setting(
        0.0,
        "Clip norm",
        "Global norm that the gradients are scaled down to; 0 never clips. As in TF1, a word that comes twice counts "
        "twice, unless embeddings are tied. TF1: clip_by_global_norm, max_grad_norm.",
        source="Pascanu 2013",
        low=0.0,
        high=1e12,
    )
    feedback: float = setting(
        0.0,
        "Feedback",
        "Probability that a training input is the network's own previous output: 0 is teacher forcing, 1 free-running. "
        "With a schedule, where it ends.",
        source="Williams and Zipser 1989; Bengio 2015",
        low=0.0,
        high=1.0,
    )
    feedback_schedule: str = setting(
        "constant",
        "Feedback schedule",
        "How the share of true inputs falls from 1: not at all (constant feedback), in a line, exponentially, or as an "
        "inverse sigmoid.",
        source="Bengio 2015, scheduled sampling",
        choices=("constant", "linear", "exponential", "inverse_sigmoid"),
    )
    feedback_half: int = setting(
        500,
        "Half own after",
        "Updates after which the schedule has half of the true inputs replaced.",
        source="sets k and c of Bengio 2015",
        low=2,
        high=10**9,
    )
    feedback_gradient: bool = setting(
        False,
        "Gradient through feedback",
        "Let the gradient pass through the fed-back value. Series only: a drawn word has no gradient.",
    )
    loss_scale: str = setting(
        "mean",
        "Loss scale",
        "What the gradient is taken of: the mean over all tokens, or the sum over time and mean over the batch, as "
        "in ptb_word_lm; the curves always show the mean. TF1: sequence_loss_by_example.",
        source="Zaremba 2014",
        choices=("mean", "sum_over_time"),
    )
    precision: str = setting(
        "auto",
        "Precision",
        "Of the large products in training: bfloat16 copies with float32 sums and weights, or float32; auto takes "
        "bfloat16 for those that this machine is clearly faster with, which it measures once. A run keeps the choice. "
        "Evaluation is always float32.",
        source="Kalamkar 2019; Micikevicius 2018",
        choices=("auto", "float32", "bfloat16"),
    )
    evaluate_every: int = setting(
        0,
        "Evaluate every",
        "Steps between two measurements of train and validation loss at the same weights; 0 chooses about 100 a run.",
        low=0,
        high=10**12,
    )


DATA_KINDS: dict[str, type[SineData] | type[TextData]] = {"sine": SineData, "text": TextData}
