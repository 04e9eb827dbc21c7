"""Every recurrent cell, declared once: all that settings, screens, drawings and the memory estimate know about it.

Its arithmetic is a class in `rnnlab.models`. Nothing here loads TensorFlow.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CellKind:
    """One cell.

    Attributes:
        label: its name on screens, also before the word "units".
        drawn: its short label in the picture of the network.
        gates: vectors of H numbers that one step computes from the input and from the state.
        parts: the letters of these gates, and then of the parts of the state.
        keeps: the letter of the gate that decides how much of the memory is kept; empty if there is none.
        tf1: the name of TensorFlow 1's class; empty if there is none.
        source: the paper.
        settings: flat names of the settings of `ModelConfig` that affect this cell only.
    """

    label: str
    drawn: str
    gates: int
    parts: tuple[str, ...]
    keeps: str = ""
    tf1: str = ""
    source: str = ""
    settings: tuple[str, ...] = ()


CELL_KINDS = {
    "simple_rnn": CellKind("Simple RNN", "RNN", gates=1, parts=("g", "h"), tf1="BasicRNNCell", source="Elman 1990"),
    "lstm": CellKind(
        "LSTM",
        "LSTM",
        gates=4,
        parts=("i", "f", "g", "o", "h", "c"),
        keeps="f",
        tf1="BasicLSTMCell",
        source="Hochreiter and Schmidhuber 1997",
        settings=("forget_bias", "use_peepholes", "cell_clip", "num_proj", "proj_clip"),
    ),
    "gru": CellKind(
        "GRU",
        "GRU",
        gates=3,
        parts=("z", "r", "g", "h"),
        keeps="z",
        tf1="GRUCell",
        source="Cho 2014",
        settings=("reset_after",),
    ),
}
"""By the value of the setting `cell`, in the order of the choices on Train."""
