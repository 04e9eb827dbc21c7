"""Every setting of the network, declared once."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from rnnlab.config.cells import CELL_KINDS
from rnnlab.config.table import InvalidSetting, Play, Section, counted, setting, shown
from rnnlab.formulas import sizes


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
