"""Every setting that decides a result, declared once.

    Experiment(data=SineData | TextData, model=ModelConfig, training=TrainingConfig, seed)

Each field carries its default, range, help and source. From this one table come the widgets, the JSON, the shareable
URL, the command line's options and their check: a value from any of them meets the same sentence.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, get_type_hints

from rnnlab import sizes


class InvalidSetting(ValueError):
    """A setting cannot be used. The message says what came, what is allowed and what to do.

    Attributes:
        name: the setting's flat name, such as `units`; empty when the settings contradict each other.
    """

    def __init__(self, name: str, message: str):
        super().__init__(message)
        self.name = name


@dataclass(frozen=True)
class Setting:
    """One row of the table: what a field may hold and what a person should know about it."""

    label: str
    help: str
    source: str = ""
    low: float | None = None
    high: float | None = None
    above: float | None = None
    below: float | None = None
    choices: tuple[str, ...] = ()

    def range_text(self, kind: type) -> str:
        """The allowed values in words, such as `a whole number of at least 1`."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if kind is bool:
            return "true or false"
        if kind is str:
            return "text"
        noun = "a whole number" if kind is int else "a finite number"
        bounds = [
            f"{word} {_plain(value)}"
            for word, value in (
                ("of at least", self.low),
                ("above", self.above),
                ("of at most" if self.low is None and self.above is None else "and at most", self.high),
                ("below" if self.low is None and self.above is None else "and below", self.below),
            )
            if value is not None
        ]
        return " ".join([noun, *bounds])


def setting(default: Any, label: str, help: str, **limits: Any) -> Any:
    """Declare a dataclass field with its row of the table; `limits` are the other fields of `Setting`."""
    return field(default=default, metadata={"setting": Setting(label, help, **limits)})


class Section:
    """A group of settings that checks each of its own fields when it is made."""

    def __post_init__(self) -> None:
        for name, row, kind in settings_of(type(self)):
            object.__setattr__(self, name, check(name, row, kind, getattr(self, name)))


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

SEED = Setting(
    "Seed", "Decides the first weights, the dropout and the noise: same seed, same curve.", low=0, high=2**31 - 1
)


@dataclass(frozen=True)
class Experiment:
    """Everything that decides a result.

    Raises:
        InvalidSetting: the settings contradict each other or need more memory than is allowed.
    """

    data: SineData | TextData = field(default_factory=SineData)
    model: ModelConfig = field(default_factory=ModelConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    seed: int = field(default=0, metadata={"setting": SEED})

    def __post_init__(self) -> None:
        object.__setattr__(self, "seed", check("seed", SEED, int, self.seed))
        if isinstance(self.data, SineData):
            self._check_window(self.data)
        self._check_memory()

    @property
    def is_text(self) -> bool:
        """Whether the network reads words and answers with probabilities, rather than numbers."""
        return isinstance(self.data, TextData)

    def parameters(self, vocabulary: int | None = None) -> int:
        """Number of trainable weights.

        Args:
            vocabulary: tokens of the loaded corpus; without it `vocabulary_size`, the most there can be.
        """
        model = self.model
        if isinstance(self.data, TextData):
            words = vocabulary or self.data.vocabulary_size
            width = model.embedding_dim or model.units
            return sizes.network_parameters(model.cell, model.units, model.num_layers, width, words, words)
        return sizes.network_parameters(model.cell, model.units, model.num_layers, 1, 1)

    def _check_window(self, data: SineData) -> None:
        # samples + 1 points are cut into the streams; each stream's last point is only a target.
        stream = max((data.samples + 1) // self.training.batch_size - 1, 0)
        shorter = f"a window of at most {stream} steps, " if stream else ""
        if self.training.num_steps > stream:
            raise InvalidSetting(
                "num_steps",
                f"A window of {self.training.num_steps} steps does not fit: {data.samples} samples in "
                f"{self.training.batch_size} stream(s) leave {stream} each; take {shorter}more samples or a smaller "
                "batch.",
            )

    def _check_memory(self) -> None:
        model, training = self.model, self.training
        outputs = self.data.vocabulary_size if isinstance(self.data, TextData) else 1
        tokens = training.batch_size * training.num_steps
        needed = sizes.training_bytes(self.parameters(), model.cell, model.units, model.num_layers, outputs, tokens)
        allowed = sizes.memory_limit()
        if needed > allowed:
            raise InvalidSetting(
                "units",
                f"Training {model.num_layers} layer(s) of {model.units} units on {tokens} time steps at once would "
                f"need about {sizes.readable_bytes(needed)} of memory and {sizes.readable_bytes(allowed)} are allowed; "
                "take fewer units, a shorter window or a smaller batch.",
            )


# --- the table -------------------------------------------------------------------------------------------------------


def settings_of(section: Any) -> tuple[tuple[str, Setting, type], ...]:
    """The rows of one section class: (field name, row, type), in the order of declaration."""
    return _rows(section)


@cache  # reading type hints takes longer than all checks together
def _rows(section: type) -> tuple[tuple[str, Setting, type], ...]:
    hints = get_type_hints(section)
    return tuple(
        (f.name, f.metadata["setting"], hints[f.name]) for f in dataclasses.fields(section) if "setting" in f.metadata
    )


@cache
def all_settings() -> dict[str, tuple[Setting, type]]:
    """Every setting by its flat name; the names are unique across all sections."""
    sections = (*DATA_KINDS.values(), ModelConfig, TrainingConfig, Experiment)
    return {name: (row, kind) for section in sections for name, row, kind in settings_of(section)}


def default_of(name: str) -> Any:
    """The declared default of one setting."""
    for section in (*DATA_KINDS.values(), ModelConfig, TrainingConfig, Experiment):
        for f in dataclasses.fields(section):
            if f.name == name:
                return f.default
    raise unknown_setting(name)


def unknown_setting(name: str) -> InvalidSetting:
    """The error for a name that is not in the table."""
    return InvalidSetting(
        name, f"There is no setting called {_shown(name)}; the settings are data, {', '.join(all_settings())}."
    )


def check(name: str, row: Setting, kind: type, value: Any) -> Any:
    """The value in its declared type, if the row allows it.

    Text is accepted for every type, so that a URL, a command line and a typed field meet the same check as a number.

    Raises:
        InvalidSetting: with what came, what is allowed and what to do.
    """
    converted = _convert(kind, value)
    if converted is None or not _within(row, kind, converted):
        raise InvalidSetting(
            name, f"{row.label} ({name}) was {_shown(value)}, but must be {row.range_text(kind)}; please change it."
        )
    return converted


def parse_setting(name: str, value: Any) -> Any:
    """Check one value by the flat name of its setting; see `check`."""
    if name not in all_settings():
        raise unknown_setting(name)
    row, kind = all_settings()[name]
    return check(name, row, kind, value)


def _convert(kind: type, value: Any) -> Any:
    """`value` as `kind`, or None where it is not one."""
    if kind is bool:
        return {"true": True, "false": False, "1": True, "0": False}.get(str(value).strip().lower())
    if kind is str:
        return value if isinstance(value, str) else None
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    if not math.isfinite(number):
        return None
    if kind is int:
        return int(number) if number == int(number) else None
    return number


def _within(row: Setting, kind: type, value: Any) -> bool:
    if row.choices:
        return value in row.choices
    if kind in (bool, str):
        return True
    return (
        (row.low is None or value >= row.low)
        and (row.high is None or value <= row.high)
        and (row.above is None or value > row.above)
        and (row.below is None or value < row.below)
    )


def _shown(value: Any) -> str:
    """What came, short enough for a sentence even when somebody pasted a book."""
    try:
        text = repr(value) if isinstance(value, str) else str(value)
    except ValueError:  # Python refuses to write out whole numbers of more than 4,300 digits
        return "a number of thousands of digits"
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:37] + "..."


def _plain(number: float) -> str:
    """A bound as a person writes it: `1,000,000`, `0.5`."""
    return f"{number:,}" if isinstance(number, int) else f"{number:g}"


# --- flat and JSON forms ---------------------------------------------------------------------------------------------


def to_flat(experiment: Experiment) -> dict[str, Any]:
    """All settings under their flat names, with `data` for the kind: what a URL and a form hold."""
    kind = "text" if experiment.is_text else "sine"
    flat: dict[str, Any] = {"data": kind}
    for section in (experiment.data, experiment.model, experiment.training):
        flat.update(dataclasses.asdict(section))
    return flat | {"seed": experiment.seed}


def from_flat(flat: Mapping[str, Any], base: Experiment | None = None) -> Experiment:
    """An experiment from flat names.

    Args:
        flat: any subset of the names of `to_flat`; text is accepted for every type. Settings of the data kind that is
            not chosen are checked and then left out.
        base: where the settings that `flat` does not name come from; the defaults when it is None.
    Raises:
        InvalidSetting: an unknown name, or a value that its row does not allow.
    """
    base = base or Experiment()
    values = {name: parse_setting(name, value) for name, value in flat.items() if name != "data"}
    kind = str(flat.get("data", "text" if base.is_text else "sine"))
    if kind not in DATA_KINDS:
        raise InvalidSetting(
            "data", f"Data was {_shown(kind)}, but must be one of {', '.join(DATA_KINDS)}; please change it."
        )
    data = base.data if type(base.data) is DATA_KINDS[kind] else DATA_KINDS[kind]()
    return Experiment(
        data=_replace(data, values),
        model=_replace(base.model, values),
        training=_replace(base.training, values),
        seed=values.get("seed", base.seed),
    )


def changes(experiment: Experiment, base: Experiment) -> dict[str, Any]:
    """The flat settings of `experiment` that differ from those of `base`: the short form for a link."""
    before = to_flat(base)
    return {name: value for name, value in to_flat(experiment).items() if before.get(name) != value}


def to_json(experiment: Experiment) -> str:
    """The experiment as one line of JSON with sorted keys, so that equal experiments are equal texts."""
    return json.dumps(to_flat(experiment), sort_keys=True)


def from_json(text: str) -> Experiment:
    """The experiment that `to_json` wrote.

    Raises:
        InvalidSetting: not a JSON object, or a setting that is not allowed.
    """
    try:
        flat = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidSetting("", f"The settings are not JSON ({error}); write them with rnnlab.to_json.") from error
    if not isinstance(flat, dict):
        raise InvalidSetting(
            "", "The settings are not a JSON object of names and values; write them with rnnlab.to_json."
        )
    return from_flat(flat)


def _replace(section: Any, values: Mapping[str, Any]) -> Any:
    names = {name for name, _, _ in settings_of(type(section))}
    return dataclasses.replace(section, **{name: value for name, value in values.items() if name in names})
