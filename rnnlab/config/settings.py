"""Every setting that decides a result, declared once, in four groups."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any, ClassVar

from rnnlab.config.cells import CELL_KINDS
from rnnlab.config.corpora import CORPORA, UPLOAD
from rnnlab.config.feeding import MISTAKES, Mistake
from rnnlab.config.live_changes import CHANGEABLE, EXAMPLE, PATTERN, Change, read_changes
from rnnlab.config.table import InvalidSetting, Play, Section, check, counted, setting, settings_of, shown
from rnnlab.config.tasks import (
    ADDING,
    CONTINUE_SERIES,
    CONTINUE_TEXT,
    LABEL_NUMBERS,
    LABEL_PEAKS,
    RECALL,
    SYMBOLS,
    Task,
)
from rnnlab.formulas import sizes

WAVES = {"two_sines": "Sum of two sines"}
PROBLEMS = {"recall": "Delayed recall", "adding": "Adding problem"}
"""By the values of the setting `problem`."""

MOST_START = 10_000
MOST_LETTERS = 80
"""Letters of a file's name in the name of a run, so that the settings fit behind it."""


def minibatches_of(length: int, batch_size: int, num_steps: int) -> int:
    """Windows of `batch_size` streams that a sequence of values or tokens is cut into, at least one."""
    return max(1, (length // batch_size - 1) // num_steps)


@dataclass(frozen=True)
class SineData(Section):
    """A wave of one number a step, and the two classic mistakes as settings."""

    kind: ClassVar[str] = "sine"

    shape: str = setting(
        "sine", "Shape", "The wave to learn.", choices=("sine", "two_sines", "triangle", "square", "sawtooth")
    )
    samples: int = setting(300, "Samples", "Time steps of the wave that the network trains on.", low=2, high=1_000_000)
    frequency: float = setting(
        0.1,
        "Frequency",
        "Radians per sample; 0.1 is one period in 63 samples. The wave sin(linspace(0, 10, 100)) has 10/99.",
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
        "What the network reads: the wave; or zeros, a common mistake: the network never sees the wave.",
        choices=("wave", "zeros"),
    )
    target: str = setting(
        "next",
        "Target",
        "What the network should answer at each step: the next value; the previous value, which is the mistake that "
        "np.roll(x, 1) makes; or whether this value is a peak. This label depends on the next step.",
        choices=("next", "previous", "peaks"),
    )

    @property
    def asked(self) -> Task:
        """What the network should answer at each step."""
        return LABEL_PEAKS if self.target == "peaks" else CONTINUE_SERIES

    @property
    def vocabulary_size(self) -> int:
        """A wave has no tokens."""
        return 0

    @property
    def needs_own_text(self) -> bool:
        """A wave needs no text."""
        return False

    def minibatches(self, batch_size: int, num_steps: int) -> int | None:
        """Minibatches of an epoch, as far as the settings say it; None where that takes the data."""
        return minibatches_of(self.samples + 1, batch_size, num_steps)

    @property
    def own_text(self) -> str:
        """The identifier of no text."""
        return ""

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The classic mistakes in these settings."""
        return tuple(mistake for mistake in MISTAKES if getattr(self, mistake.setting) == mistake.wrong)

    @property
    def most_start(self) -> int:
        """The last position in the validation part that a screen offers to start from."""
        return self.samples - 1

    @property
    def subject(self) -> tuple[str, ...]:
        """What is learned. Two runs with the same subject learn the same thing."""
        return (self.shape,)

    @property
    def truth(self) -> tuple[Any, ...]:
        """What a network's answers are measured against. Runs with the same truth are drawn over each other."""
        return (self.shape, self.frequency)

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
        "What the network should answer at each word: the next word; or, in the built-in grammar, a label: whether the "
        "word is singular or plural. The label can depend on later words.",
        choices=("next_token", "number_tags"),
    )
    tokens: str = setting(
        "words",
        "Tokens",
        "The pieces that the text is cut into. The network reads and predicts one piece at each step.",
        choices=("words", "characters"),
    )
    vocabulary_size: int = setting(
        10_000,
        "Vocabulary",
        "Number of tokens that are kept, the most frequent first. All others become <unk>, the unknown word. The "
        "treebank has 10,000.",
        low=2,
        high=1_000_000,
    )
    train_tokens: int = setting(
        0,
        "Training tokens",
        "Train on this many tokens from the start of the corpus; 0 takes all. Results on a part cannot be compared "
        "with published numbers.",
        low=0,
        high=10**12,
    )
    motif: str = setting(
        "a a b",
        "Motif",
        "The words that the period text repeats from its start to its end. Period text only.",
        pattern=r"[^\s<>]{1,12}( [^\s<>]{1,12}){1,19}",
        example="2 to 20 words with a blank between them, such as a a b",
    )
    upload: str = setting(
        "",
        "Your text",
        "Identifier of a text of your own. The Data screen and --file fill it in.",
        pattern="([0-9a-f]{64})?",
        example="empty, or the 64 hexadecimal digits of a text that was kept",
    )

    @property
    def asked(self) -> Task:
        """What the network should answer at each step."""
        return LABEL_NUMBERS if self.task == "number_tags" else CONTINUE_TEXT

    def minibatches(self, batch_size: int, num_steps: int) -> int | None:
        """Minibatches of an epoch, as far as the settings say it; None where that takes the data."""
        return minibatches_of(self.train_tokens, batch_size, num_steps) if self.train_tokens else None

    @property
    def own_text(self) -> str:
        """The identifier of a text of one's own; "" for a corpus that is built in."""
        return self.upload if self.corpus == UPLOAD else ""

    @property
    def needs_own_text(self) -> bool:
        """Whether the text to learn is one of one's own, uploaded already or not."""
        return self.corpus == UPLOAD

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The classic mistakes belong to waves."""
        return ()

    @property
    def most_start(self) -> int:
        """The last position in the validation part that a screen offers to start from."""
        return MOST_START

    @property
    def subject(self) -> tuple[str, ...]:
        """What is learned. Two runs with the same subject learn the same thing."""
        motif = (self.motif,) if self.corpus == "period" else ()
        return (self.corpus, self.upload, self.tokens, *motif)

    @property
    def truth(self) -> tuple[Any, ...]:
        """What a network's answers are measured against. Runs with the same truth are drawn over each other."""
        return dataclasses.astuple(self)

    def title(self, text_name: str = "") -> str:
        """What is learned, in words; a text of one's own by its name."""
        own_name = text_name[:MOST_LETTERS] if self.needs_own_text else ""
        title = own_name or CORPORA[self.corpus].label
        return f"{title} in characters" if self.tokens == "characters" else title


def sequence_length(problem: str, time_lag: int) -> int:
    """Time steps of a sequence of a memory task: the numbers to add; or a symbol, the blanks and the cue."""
    return time_lag + 2 if problem == "recall" else time_lag


@dataclass(frozen=True)
class MemoryData(Section):
    """Separate sequences whose answer comes at the last step and depends on earlier ones: memory, and nothing else."""

    kind: ClassVar[str] = "memory"

    problem: str = setting(
        "recall",
        "Problem",
        "What must be remembered. Delayed recall: the symbol at the start of a sequence. Adding: two marked numbers.",
        source="Hochreiter 1997; Arjovsky 2016",
        choices=("recall", "adding"),
    )
    time_lag: int = setting(
        50,
        "Time lag",
        "T, the number of steps that the memory must last: the blanks between the symbol and the cue, or the numbers "
        "of an adding sequence.",
        source="Hochreiter 1997",
        low=2,
        high=200,
        play=Play(2, 200, 2),
    )
    symbols: int = setting(
        8,
        "Symbols",
        "Number of different symbols. A network that has forgotten the symbol is right once in as many times. Delayed "
        "recall only.",
        low=2,
        high=len(SYMBOLS),
        play=Play(2, len(SYMBOLS), 1),
    )
    sequences: int = setting(
        1_000,
        "Sequences",
        "Sequences that the network trains on. An epoch reads each of them once.",
        low=1,
        high=50_000,
    )

    @property
    def asked(self) -> Task:
        """What the network should answer at the last step of each sequence."""
        return dataclasses.replace(RECALL, tags=SYMBOLS[: self.symbols]) if self.problem == "recall" else ADDING

    @property
    def length(self) -> int:
        """Time steps of one sequence: for recall, the blanks between the symbol and the cue."""
        return sequence_length(self.problem, self.time_lag)

    @property
    def vocabulary_size(self) -> int:
        """Number of tokens: the symbols, the blank and the cue; 0 where the network reads numbers."""
        return self.symbols + 2 if self.problem == "recall" else 0

    @property
    def needs_own_text(self) -> bool:
        """These sequences need no text."""
        return False

    def minibatches(self, batch_size: int, num_steps: int) -> int | None:
        """Minibatches of an epoch, as far as the settings say it; None where that takes the data."""
        return self.sequences // batch_size

    @property
    def own_text(self) -> str:
        """The identifier of no text."""
        return ""

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The classic mistakes belong to waves."""
        return ()

    @property
    def most_start(self) -> int:
        """Every sequence is shown from its start."""
        return 0

    @property
    def subject(self) -> tuple[str, ...]:
        """What is learned. Two runs with the same subject learn the same thing."""
        return (self.problem, str(self.time_lag), str(self.symbols))

    @property
    def truth(self) -> tuple[Any, ...]:
        """What a network's answers are measured against. Runs with the same truth are drawn over each other."""
        return self.subject

    def title(self, text_name: str = "") -> str:
        """What is learned, in words."""
        return PROBLEMS[self.problem]


@dataclass(frozen=True)
class SeriesData(Section):
    """A column of numbers from a file of one's own."""

    kind: ClassVar[str] = "series"

    series: str = setting(
        "",
        "Your series",
        "Identifier of a file of your own. The Data screen and --file fill it in.",
        pattern="([0-9a-f]{64})?",
        example="empty, or the 64 hexadecimal digits of a file that was kept",
    )
    column: str = setting(
        "",
        "Column",
        "Name of the column to learn, or its number, counted from 1. If empty, the first column of numbers that does "
        "not merely count the rows.",
        pattern=r"[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]{0,100}",
        example="empty, or a name of at most 100 characters on one line",
    )
    decimal_mark: str = setting(
        "auto",
        "Decimal mark",
        "How the file writes decimals: 1.5 or 1,5. Auto decides from the numbers themselves. Data says what it took.",
        choices=("auto", "point", "comma"),
    )
    missing: str = setting(
        "interpolate",
        "Missing values",
        "What stands in for a missing value: a straight line between its neighbours; or nothing, so that its row is "
        "cut out and the series gets shorter. At both ends they are always cut.",
        choices=("interpolate", "cut"),
    )
    season: int = setting(
        0,
        "Season",
        "Rows after which the series roughly repeats, such as 12 for monthly values; 0 for none. Compare then also "
        "shows the forecast that repeats the last season. Training does not use it.",
        source="Hyndman and Athanasopoulos 2021",
        low=0,
        high=1_000_000,
    )
    train_share: float = setting(
        0.8,
        "Training share",
        "Share of the series, from its start, that the network trains on. The first half of the rest is the validation "
        "part, the second half is the test part.",
        low=0.1,
        high=0.95,
    )

    @property
    def asked(self) -> Task:
        """What the network should answer at each step."""
        return CONTINUE_SERIES

    @property
    def vocabulary_size(self) -> int:
        """A series has no tokens."""
        return 0

    @property
    def own_text(self) -> str:
        """The identifier of the file; "" before there is one."""
        return self.series

    @property
    def needs_own_text(self) -> bool:
        """Whether the data are a file of one's own: always."""
        return True

    def minibatches(self, batch_size: int, num_steps: int) -> int | None:
        """Minibatches of an epoch; None, because that takes the data."""
        return None

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The classic mistakes belong to waves."""
        return ()

    @property
    def most_start(self) -> int:
        """Compare always starts at the end of the training part."""
        return 0

    @property
    def subject(self) -> tuple[str, ...]:
        """What is learned. Two runs with the same subject learn the same thing."""
        return (self.series, self.column)

    @property
    def truth(self) -> tuple[Any, ...]:
        """What a network's answers are measured against. Runs with the same truth are drawn over each other."""
        return (*self.subject, self.decimal_mark, self.missing, self.train_share)

    def title(self, text_name: str = "") -> str:
        """What is learned, in words: the name of the file."""
        return text_name[:MOST_LETTERS] or "Series of your own"


@dataclass(frozen=True)
class ModelConfig(Section):
    """The network: embedding (text only), a stack of recurrent layers, a head."""

    cell: str = setting(
        "lstm",
        "Cell",
        "The recurrent cell.",
        tf1=", ".join(cell.tf1 for cell in CELL_KINDS.values() if cell.tf1),
        source="; ".join(cell.source for cell in CELL_KINDS.values() if cell.source),
        choices=tuple(CELL_KINDS),
    )
    units: int = setting(
        32,
        "Units",
        "Width of every recurrent layer.",
        tf1="num_units, hidden_size",
        low=1,
        high=10**12,
        play=Play(1, 128, 1),
    )
    num_layers: int = setting(
        1,
        "Layers",
        "Number of recurrent layers, stacked on each other.",
        tf1="MultiRNNCell",
        source="Graves 2013",
        low=1,
        high=64,
        play=Play(1, 4, 1),
    )
    layer_units: str = setting(
        "",
        "Width of each layer",
        "Widths from the first layer to the last, such as 64, 32. If empty, every layer has the width in Units.",
        tf1="the cells of a MultiRNNCell",
        pattern=r"(\s*[0-9]{1,12}\s*(,\s*[0-9]{1,12}\s*)*)?",
        example="empty, or widths such as 64, 32",
    )
    embedding_dim: int = setting(
        0,
        "Embedding",
        "Width of the word vectors; 0 takes the width of the first layer.",
        tf1="embedding_lookup",
        source="Bengio 2003",
        low=0,
        high=10**12,
    )
    tie_embeddings: bool = setting(
        False,
        "Tied embeddings",
        "The output layer uses the word vectors as its weights. This saves parameters and improves word models. Text "
        "only.",
        source="Press and Wolf 2017; Inan 2017",
    )
    forget_bias: float = setting(
        1.0,
        "Forget bias",
        "Initial bias of the forget gate, added before its sigmoid. With 0, the gate keeps half of the memory at "
        "every step; with 1 it keeps 73 %, with 2 it keeps 88 %. LSTM only.",
        tf1="forget_bias",
        source="Gers 2000; Jozefowicz 2015",
        low=-100.0,
        high=100.0,
        play=Play(-2.0, 6.0, 0.5),
    )
    use_peepholes: bool = setting(
        False,
        "Peepholes",
        "The gates also read the memory cell, through weights of their own. LSTM only.",
        tf1="LSTMCell(use_peepholes)",
        source="Gers 2002",
    )
    cell_clip: float = setting(
        0.0,
        "Cell clip",
        "Limit on the size of the memory cell's values after each step; 0 has no limit. LSTM only.",
        tf1="LSTMCell(cell_clip)",
        source="Sak 2014",
        low=0.0,
        high=1e12,
    )
    num_proj: int = setting(
        0,
        "Projection",
        "Each layer's output is projected to this width before the next layer and the next step read it; 0 has no "
        "projection. LSTM only.",
        tf1="LSTMCell(num_proj)",
        source="Sak 2014",
        low=0,
        high=10**12,
    )
    proj_clip: float = setting(
        0.0,
        "Projection clip",
        "Limit on the size of the projected output's values; 0 has no limit. LSTM with a projection only.",
        tf1="LSTMCell(proj_clip)",
        source="Sak 2014",
        low=0.0,
        high=1e12,
    )
    reset_after: bool = setting(
        False,
        "Reset after",
        "Where the reset gate of a GRU acts. Off: on the state, before the matrix product, as in the paper. On: on "
        "the product, with a second bias, as in Keras and cuDNN. GRU only.",
        tf1="GRUCell, which is off",
        source="Cho 2014; Keras GRU(reset_after)",
    )
    unrolling: str = setting(
        "dynamic",
        "Unrolling",
        "How the cell is repeated over time: a loop; a copy for each step; a loop that saves the state of each "
        "stream; or two networks, one of which reads backwards.",
        tf1="dynamic_rnn, static_rnn, static_state_saving_rnn, bidirectional_dynamic_rnn",
        source="Schuster 1997 for the last",
        choices=("dynamic", "static", "state_saving", "bidirectional"),
    )
    input_dropout: float = setting(
        0.0,
        "Input dropout",
        "Share of the first layer's inputs dropped during training; the recurrent connections are left alone.",
        tf1="1 - input_keep_prob",
        source="Zaremba 2014",
        low=0.0,
        below=1.0,
    )
    output_dropout: float = setting(
        0.0,
        "Output dropout",
        "Share of every layer's outputs dropped during training; the recurrent connections are left alone.",
        tf1="DropoutWrapper, 1 - output_keep_prob",
        source="Zaremba 2014",
        low=0.0,
        below=1.0,
        play=Play(0.0, 0.9, 0.05),
    )
    state_dropout: float = setting(
        0.0,
        "State dropout",
        "Share of the state h dropped between two time steps during training; the memory cell c is left alone.",
        tf1="DropoutWrapper, 1 - state_keep_prob",
        source="Semeniuta 2016; Gal 2016",
        low=0.0,
        below=1.0,
    )
    dropout_masks: str = setting(
        "per_step",
        "Dropout masks",
        "Draw a new mask at every step, or keep one mask for the whole window.",
        tf1="DropoutWrapper(variational_recurrent)",
        source="Zaremba 2014; Gal 2016",
        choices=("per_step", "variational"),
    )
    init_scale: float = setting(
        0.0,
        "Initial scale",
        "Initial weights are drawn uniformly between -scale and scale; 0 takes Keras's Glorot and orthogonal "
        "initialisers.",
        tf1="init_scale (ptb_word_lm)",
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
                f"least 1 for each layer ({counted(self.num_layers, 'layer')}), or empty; please change it.",
            )

    @property
    def widths(self) -> tuple[int, ...]:
        """Units H of each layer, from the first to the last."""
        if not self.layer_units.strip():
            return (self.units,) * self.num_layers
        # int() knows fewer signs as blank than the pattern does.
        return tuple(int(width.strip()) for width in self.layer_units.split(","))

    @property
    def architecture(self) -> ModelConfig:
        """The settings without those that only set the initial weights. Compiled code does not depend on them."""
        return dataclasses.replace(self, forget_bias=0.0, init_scale=0.0)

    @property
    def is_bidirectional(self) -> bool:
        """Whether a second network reads the sequence backwards."""
        return self.unrolling == "bidirectional"

    @property
    def layers(self) -> tuple[sizes.LayerSize, ...]:
        """The parts of each layer, to count its weights."""
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
        "How a gradient becomes an update. Adam's epsilon is 1e-7, as in Keras.",
        tf1="an epsilon of 1e-8, as in PyTorch",
        source="Kingma 2014",
        choices=("sgd", "adam"),
    )
    learning_rate: float = setting(
        0.01,
        "Learning rate",
        "Size of an update in the first epochs.",
        tf1="assign_lr, once an epoch (ptb_word_lm)",
        source="Robbins and Monro 1951",
        above=0.0,
        high=100.0,
        play=Play(0.0001, 10.0),
    )
    lr_decay: float = setting(
        1.0,
        "Rate decay",
        "Factor on the learning rate at each epoch past the full-rate epochs.",
        tf1="lr_decay (ptb_word_lm)",
        source="Zaremba 2014",
        above=0.0,
        high=1.0,
    )
    lr_schedule: str = setting(
        "epochs",
        "Rate schedule",
        "How the learning rate falls after the full-rate epochs: by the rate decay at each epoch, or linearly at each "
        "update, to 0 at the end.",
        source="Zaremba 2014; linear: Goyal 2017",
        choices=("epochs", "linear"),
    )
    full_rate_epochs: int = setting(
        1,
        "Full-rate epochs",
        "Epochs before the learning rate starts to fall.",
        tf1="max_epoch (ptb_word_lm)",
        source="Zaremba 2014",
        low=0,
        high=1_000_000,
    )
    epochs: int = setting(
        10,
        "Epochs",
        "Passes over the training data.",
        tf1="max_max_epoch (ptb_word_lm)",
        low=1,
        high=1_000_000,
    )
    batch_size: int = setting(
        1,
        "Batch size",
        "Number of parallel streams that the data are cut into. They are not shuffled samples.",
        low=1,
        high=100_000,
    )
    num_steps: int = setting(
        300,
        "Window",
        "Number of time steps that the gradient reaches back (truncated backpropagation through time).",
        tf1="num_steps (ptb_word_lm)",
        source="Williams and Peng 1990",
        low=1,
        high=100_000,
    )
    carry_state: bool = setting(
        True,
        "Carry state",
        "Start each minibatch from the final state of the previous one, otherwise from zeros.",
        tf1="pass final_state as initial_state (ptb_word_lm), otherwise zero_state",
        source="Mikolov 2010",
    )
    clip_norm: float = setting(
        0.0,
        "Clip norm",
        "Gradients with a larger global norm are scaled down to this norm; 0 never clips. A word that occurs twice "
        "counts twice in the norm, unless embeddings are tied.",
        tf1="clip_by_global_norm, max_grad_norm",
        source="Pascanu 2013",
        low=0.0,
        high=1e12,
    )
    feedback: float = setting(
        0.0,
        "Feedback",
        "Probability that a training input is the network's own previous output: 0 is teacher forcing, 1 is "
        "free-running. With a feedback schedule, this is its final value.",
        source="Williams and Zipser 1989; Bengio 2015",
        low=0.0,
        high=1.0,
        play=Play(0.0, 1.0, 0.05),
    )
    feedback_schedule: str = setting(
        "constant",
        "Feedback schedule",
        "How the share of true inputs falls from 1: linearly, exponentially, or as an inverse sigmoid. Constant: the "
        "feedback does not change.",
        source="Bengio 2015, scheduled sampling",
        choices=("constant", "linear", "exponential", "inverse_sigmoid"),
    )
    feedback_half: int = setting(
        500,
        "Feedback reaches half after",
        "Number of updates after which the schedule replaces half of the true inputs.",
        source="sets k and c of Bengio 2015",
        low=2,
        high=10**9,
    )
    feedback_gradient: bool = setting(
        False,
        "Gradient through feedback",
        "The gradient also passes through the fed-back value. Series only, because a drawn word has no gradient.",
    )
    loss_scale: str = setting(
        "mean",
        "Loss scale",
        "The loss whose gradient is taken: the mean over all tokens, or the sum over time and the mean over the "
        "batch. The curves always show the mean.",
        tf1="sequence_loss_by_example, summed over time (ptb_word_lm)",
        source="Zaremba 2014",
        choices=("mean", "sum_over_time"),
    )
    precision: str = setting(
        "auto",
        "Precision",
        "How the large matrix products are computed during training: in float32, or from bfloat16 copies with float32 "
        "sums and weights. Auto measures once which products are clearly faster in bfloat16 on this machine. A run "
        "keeps the choice. Evaluation is always in float32.",
        source="Kalamkar 2019; Micikevicius 2018",
        choices=("auto", "float32", "bfloat16"),
    )
    evaluate_every: int = setting(
        0,
        "Evaluate every",
        "Steps between two measurements of train and validation loss, both on the same weights. 0 measures about 100 "
        "times a run.",
        low=0,
        high=10**12,
    )
    changes: str = setting(
        "",
        "Changes",
        "What was moved while a run trained, and after how many updates. A run with the same changes makes them again "
        "at the same steps. From its step on, a changed learning rate no longer follows its schedule.",
        pattern=PATTERN,
        example=EXAMPLE,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        steps = dict.fromkeys(CHANGEABLE, -1)
        for change in read_changes(self.changes):
            self._check_change(change, steps.get(change.name))
            steps[change.name] = change.step

    def _check_change(self, change: Change, last_step: int | None) -> None:
        told = f"Changes (changes) was {shown(self.changes)}, but"
        if last_step is None:
            raise InvalidSetting(
                "changes", f"{told} only {' and '.join(CHANGEABLE)} can be changed; please leave out the others."
            )
        if change.step <= last_step:
            raise InvalidSetting("changes", f"{told} the steps of {change.name} must ascend; please sort them.")
        row, kind = {name: (row, kind) for name, row, kind in settings_of(TrainingConfig)}[change.name]
        try:
            check(change.name, row, kind, change.value)
        except InvalidSetting as error:
            raise InvalidSetting("changes", str(error)) from error
        if change.name == "feedback" and not self.feedback:
            raise InvalidSetting(
                "changes",
                f"{told} feedback can be changed only in a run that begins with some; please set feedback above 0.",
            )


DataSettings = SineData | TextData | MemoryData | SeriesData

DATA_KINDS: dict[str, type[DataSettings]] = {
    section.kind: section for section in (SineData, SeriesData, TextData, MemoryData)
}
