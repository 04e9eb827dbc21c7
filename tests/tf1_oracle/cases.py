"""The cases that are compared with TensorFlow 1: plain values that both processes read.

Neither TensorFlow nor rnnlab is imported here: `run_tf1.py` needs the first with TensorFlow 1's cells switched on, the
tests need it as rnnlab uses it, and one process cannot have both.
"""

from __future__ import annotations

from dataclasses import dataclass

BATCH, STEPS, FEATURES, UNITS = 3, 7, 4, 5
LENGTHS = (7, 3, 1)
STREAMS = ("a", "b", "c")
STREAMS_LATER = ("b", "c", "a")
"""The streams' places in the batch of the first and of the second window of the state-saving case: a state belongs to
a stream, not to a row."""


@dataclass(frozen=True)
class Cell:
    """A cell of TensorFlow 1: `kind` is its class in `tf.compat.v1.nn.rnn_cell`, the rest are its arguments."""

    kind: str
    units: int = UNITS
    forget_bias: float = 1.0
    use_peepholes: bool = False
    cell_clip: float = 0.0
    num_proj: int = 0
    proj_clip: float = 0.0

    @property
    def output_size(self) -> int:
        return self.num_proj or self.units

    @property
    def state_sizes(self) -> tuple[int, ...]:
        """Widths of the parts of the state in TensorFlow 1's order."""
        return (self.units, self.output_size) if "LSTM" in self.kind else (self.units,)


@dataclass(frozen=True)
class Case:
    """One comparison: cells (a stack; forward and backward for `bidirectional`), and how they are unrolled."""

    name: str
    cells: tuple[Cell, ...]
    unrolling: str = "dynamic"
    lengths: tuple[int, ...] | None = None

    @property
    def widths_read(self) -> tuple[int, ...]:
        """Width of what each cell reads."""
        if self.unrolling == "bidirectional":
            return (FEATURES,) * len(self.cells)
        return (FEATURES, *(cell.output_size for cell in self.cells[:-1]))


PEEPHOLES = Cell("LSTMCell", use_peepholes=True)
EVERYTHING = Cell("LSTMCell", forget_bias=0.5, use_peepholes=True, cell_clip=0.6, num_proj=3, proj_clip=0.2)
STACK = (Cell("BasicLSTMCell", 5), Cell("BasicLSTMCell", 4, forget_bias=0.0), Cell("BasicLSTMCell", 6))
MIXED = (Cell("GRUCell", 5), EVERYTHING, Cell("BasicRNNCell", 4))

KINDS = (
    Case("basic_rnn", (Cell("BasicRNNCell"),)),
    Case("gru", (Cell("GRUCell"),)),
    Case("basic_lstm_forget_bias_0", (Cell("BasicLSTMCell", forget_bias=0.0),)),
    Case("basic_lstm_forget_bias_1", (Cell("BasicLSTMCell"),)),
    Case("basic_lstm_forget_bias_2.5", (Cell("BasicLSTMCell", forget_bias=2.5),)),
    Case("lstm", (Cell("LSTMCell"),)),
    Case("peepholes", (PEEPHOLES,)),
    Case("cell_clip", (Cell("LSTMCell", cell_clip=0.6),)),
    Case("num_proj", (Cell("LSTMCell", num_proj=3),)),
    Case("proj_clip", (Cell("LSTMCell", num_proj=3, proj_clip=0.2),)),
    Case("everything", (EVERYTHING,)),
    Case("stack", STACK),
    Case("stack_of_kinds", MIXED),
)

LENGTHS_AND_LOOPS = (
    *(
        Case(f"{name}_lengths", (cell,), lengths=LENGTHS)
        for name, cell in (
            ("basic_rnn", Cell("BasicRNNCell")),
            ("gru", Cell("GRUCell")),
            ("basic_lstm", Cell("BasicLSTMCell")),
            ("everything", EVERYTHING),
        )
    ),
    Case("stack_lengths", STACK, lengths=LENGTHS),
    Case("static_rnn", (Cell("BasicRNNCell"),), "static"),
    Case("static_gru", (Cell("GRUCell"),), "static"),
    Case("static_lstm", (EVERYTHING,), "static"),
    Case("static_stack", STACK, "static"),
    Case("static_lengths", (EVERYTHING,), "static", LENGTHS),
    Case("bidirectional", (Cell("BasicLSTMCell"), Cell("BasicLSTMCell", 3, forget_bias=0.0)), "bidirectional"),
    Case("bidirectional_lengths", (Cell("GRUCell"), EVERYTHING), "bidirectional", LENGTHS),
    Case("bidirectional_layer", (Cell("BasicLSTMCell"), Cell("BasicLSTMCell")), "bidirectional", LENGTHS),
)

WINDOWS = (
    Case("state_saving_rnn", (Cell("BasicRNNCell"),), "state_saving"),
    Case("state_saving_gru", (Cell("GRUCell"),), "state_saving"),
    Case("state_saving_lstm", (EVERYTHING,), "state_saving"),
    Case("state_saving_lengths", (EVERYTHING,), "state_saving", LENGTHS),
)


@dataclass(frozen=True)
class LanguageModel:
    """ptb_word_lm in small: three minibatches in a row, with a clip that some of the updates meet."""

    vocabulary: int = 11
    units: int = 5
    layers: int = 2
    num_steps: int = 4
    minibatches: int = 3
    forget_bias: float = 0.0
    learning_rate: float = 1.0
    max_grad_norm: float = 1.2
    init_scale: float = 0.5


LANGUAGE_MODEL = LanguageModel()


@dataclass(frozen=True)
class Dropout:
    """Layers that let a small signal through unchanged, one of which keeps it over time, and half of it is dropped.

    Every value that reaches the last output has then been doubled once for each mask that it met.
    """

    name: str
    kind: str = "BasicLSTMCell"
    layers: int = 1
    memory: int = 0
    state: bool = False
    variational: bool = False
    units: int = 150
    steps: int = 4


DROPOUTS = (
    Dropout("one_layer"),
    Dropout("two_layers", layers=2),
    Dropout("two_layers_and_the_upper_remembers", layers=2, memory=1),
    Dropout("three_layers", layers=3, memory=1),
    Dropout("rnn", "BasicRNNCell", layers=2),
    Dropout("state_of_rnn", "BasicRNNCell", layers=2, state=True),
    Dropout("state_of_lstm", layers=2, state=True),
    Dropout("variational_rnn", "BasicRNNCell", layers=2, memory=1, state=True, variational=True),
)
