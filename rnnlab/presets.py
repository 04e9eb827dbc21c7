"""Named experiments, each with what to expect of it."""

from __future__ import annotations

import dataclasses
import difflib
from dataclasses import dataclass

from rnnlab.config import (
    Experiment,
    InvalidSetting,
    MemoryData,
    ModelConfig,
    SeriesData,
    SineData,
    Sweep,
    TextData,
    TrainingConfig,
    all_settings,
    shown,
    to_flat,
)
from rnnlab.config.sweep import values_of, what_differs


@dataclass(frozen=True)
class PresetGroup:
    """Presets that stand together on Home.

    Attributes:
        title: above them.
        about: one sentence on what they have in common.
        is_folded: whether they are out of sight until somebody opens the group.
    """

    title: str
    about: str
    is_folded: bool = False


WAVES = PresetGroup("Waves", "The network predicts the next value. Each run takes a few seconds.")
LANGUAGE = PresetGroup(
    "Language", "The network predicts the next word, or labels each word. Each run takes about a minute."
)
MEMORY = PresetGroup("Memory", "The answer depends on something that was read earlier. Each run takes a few seconds.")
TREEBANK = PresetGroup(
    "The full Penn Treebank, for people with an hour",
    "The network trains on all 929,589 tokens. Most presets have the settings of TensorFlow's tutorial ptb_word_lm.",
    is_folded=True,
)


@dataclass(frozen=True)
class Preset:
    """An experiment under a name.

    Attributes:
        name: its name in a link and on the command line.
        title: its name on the screen.
        group: where it stands on Home.
        about: what it is, in one or two sentences.
        expect: what a good run looks like, with the source of each number.
    """

    name: str
    title: str
    group: PresetGroup
    about: str
    expect: str
    experiment: Experiment


SINE = Preset(
    name="sine",
    title="Sine wave",
    group=WAVES,
    about="An LSTM learns a sine wave so well that it can continue the wave on its own.",
    expect="Free-running error below 0.05 (RMSE over 500 steps after a prime of 50). Over 100 seeds, the median was "
    "0.007 and the worst was 0.027.",
    experiment=Experiment(
        data=SineData(samples=300),
        model=ModelConfig(units=32, forget_bias=1.0),
        training=TrainingConfig(
            optimizer="adam",
            learning_rate=0.01,
            # A rate that stays at 0.01 left 3 of 10 seeds above 0.2; clipping at 1 instead of 0.1 left the worst of 54
            # seeds at 0.066. Windows of 100 make an update three times as fast as one window of 300, and as good.
            lr_decay=0.98,
            full_rate_epochs=133,
            epochs=334,
            num_steps=100,
            clip_norm=0.1,
        ),
    ),
)

SINE_ORIGINAL = Preset(
    name="sine-original",
    title="Sine wave, too small a network",
    group=WAVES,
    about="Five units learn 100 samples, sin(linspace(0, 10, 100)), in 500 steps. That is too little to continue the "
    "wave.",
    expect="It nearly always drifts: the free-running error (RMSE over 500 steps) was above 0.1 with 93 of 100 seeds. "
    "Its median was 0.49. With 2 of the seeds it was below 0.05.",
    experiment=Experiment(
        data=SineData(samples=100, frequency=10 / 99),
        model=ModelConfig(units=5, forget_bias=1.0),
        training=TrainingConfig(optimizer="adam", learning_rate=0.001, epochs=500, full_rate_epochs=500, num_steps=100),
    ),
)


def _ptb_word_lm(
    data: TextData = TextData(corpus="ptb"),  # noqa: B008  # Frozen: one for all is safe.
    units: int = 200,
    num_layers: int = 2,
    init_scale: float = 0.1,
    dropout: float = 0.0,
    num_steps: int = 20,
    clip_norm: float = 5.0,
    full_rate_epochs: int = 4,
    epochs: int = 13,
    lr_decay: float = 0.5,
) -> Experiment:
    """A configuration of ptb_word_lm; the defaults are those of the small one. Source: Zaremba 2014."""
    return Experiment(
        data=data,
        model=ModelConfig(
            units=units,
            num_layers=num_layers,
            forget_bias=0.0,
            init_scale=init_scale,
            input_dropout=dropout,
            output_dropout=dropout,
        ),
        training=TrainingConfig(
            optimizer="sgd",
            learning_rate=1.0,
            lr_decay=lr_decay,
            full_rate_epochs=full_rate_epochs,
            epochs=epochs,
            batch_size=20,
            num_steps=num_steps,
            clip_norm=clip_norm,
            loss_scale="sum_over_time",
        ),
    )


def _ptb_tied(dropout: float, full_rate_epochs: int, epochs: int) -> Experiment:
    """The small configuration's network, trained with settings of our own choice."""
    small = _ptb_word_lm(dropout=dropout, full_rate_epochs=full_rate_epochs, epochs=epochs, lr_decay=1.0)
    return dataclasses.replace(
        small,
        model=dataclasses.replace(small.model, forget_bias=1.0, tie_embeddings=True),
        training=dataclasses.replace(small.training, lr_schedule="linear", batch_size=10),
    )


PTB_SMALL = Preset(
    name="ptb-small",
    title="Penn Treebank, small",
    group=TREEBANK,
    about="The small configuration of ptb_word_lm: two layers of 200 units, 13 epochs.",
    expect="A recorded run of 13 epochs had test perplexity 113.86. The published perplexities are train 37.99, "
    "validation 121.39 and test 115.91 (ptb_word_lm).",
    experiment=_ptb_word_lm(),
)

PTB_SMALL_FAST = Preset(
    name="ptb-small-fast",
    title="Penn Treebank, small and fast",
    group=TREEBANK,
    about="The same two layers of 200 units, but two epochs are enough. The changes: tied embeddings, smaller batches, "
    "an open forget gate and a learning rate that falls linearly to 0.",
    expect="Test perplexity 114.0 to 114.9 after two epochs with five seeds, median 114.2. A sixth seed ended at "
    "117.7. The small configuration of ptb_word_lm needs six epochs for 115.9.",
    experiment=_ptb_tied(dropout=0.0, full_rate_epochs=0, epochs=2),
)

PTB_SMALL_BEST = Preset(
    name="ptb-small-best",
    title="Penn Treebank, small and best",
    group=TREEBANK,
    about="The fast recipe with a dropout of 0.25, for twelve epochs.",
    expect="A recorded run had test perplexity 95.55. The small configuration of ptb_word_lm ends near 114.",
    experiment=_ptb_tied(dropout=0.25, full_rate_epochs=2, epochs=12),
)

PTB_MEDIUM = Preset(
    name="ptb-medium",
    title="Penn Treebank, medium",
    group=TREEBANK,
    about="The medium configuration of ptb_word_lm: two layers of 650 units, dropout 0.5, 39 epochs.",
    expect="Published perplexity after 39 epochs: train 48.45, validation 86.16, test 82.07 (ptb_word_lm with Zaremba "
    "2014's settings; not measured here).",
    experiment=_ptb_word_lm(
        units=650, init_scale=0.05, dropout=0.5, num_steps=35, full_rate_epochs=6, epochs=39, lr_decay=0.8
    ),
)

PTB_LARGE = Preset(
    name="ptb-large",
    title="Penn Treebank, large",
    group=TREEBANK,
    about="The large configuration of ptb_word_lm: two layers of 1,500 units, dropout 0.65, 55 epochs.",
    expect="Published perplexity after 55 epochs: train 37.87, validation 82.62, test 78.29 (ptb_word_lm with Zaremba "
    "2014's settings; not measured here).",
    experiment=_ptb_word_lm(
        units=1500,
        init_scale=0.04,
        dropout=0.65,
        num_steps=35,
        clip_norm=10.0,
        full_rate_epochs=14,
        epochs=55,
        lr_decay=1 / 1.15,
    ),
)

PTB_TEST = Preset(
    name="ptb-test",
    title="Penn Treebank, two units",
    group=TREEBANK,
    about="The test configuration of ptb_word_lm: one layer of two units and windows of two words. It only shows that "
    "everything runs.",
    expect="One epoch. The network learns little more than word frequencies.",
    experiment=_ptb_word_lm(units=2, num_layers=1, num_steps=2, clip_norm=1.0, full_rate_epochs=1, epochs=1),
)

PTB_DEMO = Preset(
    name="ptb-demo",
    title="Penn Treebank, one minute",
    group=LANGUAGE,
    about="A small part of the treebank with a small vocabulary, short enough for one lesson.",
    expect="It trains in about a minute. Its numbers cannot be compared with published ones.",
    experiment=_ptb_word_lm(
        data=TextData(corpus="ptb", train_tokens=100_000, vocabulary_size=2_000), units=128, epochs=6
    ),
)

GRAMMAR = Preset(
    name="grammar",
    title="A grammar with a known floor",
    group=LANGUAGE,
    about="A known grammar writes the sentences. So the lowest perplexity that any model can reach, the floor, is "
    "known exactly and drawn as a line.",
    expect="Validation perplexity falls towards the floor. Only chance can take it slightly below.",
    experiment=Experiment(
        data=TextData(corpus="grammar", train_tokens=100_000),
        model=ModelConfig(units=64, num_layers=1, forget_bias=1.0),
        training=TrainingConfig(
            optimizer="adam",
            learning_rate=0.005,
            lr_decay=0.7,
            full_rate_epochs=3,
            epochs=8,
            batch_size=20,
            num_steps=20,
            clip_norm=5.0,
        ),
    ),
)

GRAMMAR_NUMBERS = Preset(
    name="grammar-numbers",
    title="Singular or plural, read both ways",
    group=LANGUAGE,
    about="A bidirectional network labels each word of the grammar as singular or plural. The number of `the` shows "
    "only in the noun after it.",
    expect="Validation perplexity of the labels falls below 1.01. With dynamic unrolling, the network has not read the "
    "noun yet, and the perplexity stays near 1.09.",
    experiment=Experiment(
        data=TextData(corpus="grammar", task="number_tags", train_tokens=20_000),
        model=ModelConfig(units=16, unrolling="bidirectional"),
        training=TrainingConfig(
            optimizer="adam", learning_rate=0.01, epochs=5, full_rate_epochs=5, batch_size=20, num_steps=20
        ),
    ),
)

OWN_SERIES = Preset(
    name="own-series",
    title="Series of your own",
    group=WAVES,
    about="An LSTM learns a column of numbers from a CSV file of yours, and continues it from the end of its training "
    "part.",
    expect="A sine wave in a file is learned as well as the sine preset's, whatever its size. Free-running error below "
    "0.05 of its amplitude (RMSE over 500 steps): 0.002 to 0.024 with ten seeds, with amplitude 1 and with 1,000,000.",
    experiment=dataclasses.replace(SINE.experiment, data=SeriesData()),
)

DELAYED_RECALL = Preset(
    name="delayed-recall",
    title="Delayed recall",
    group=MEMORY,
    about="An LSTM reads one of 8 symbols and 50 blanks. At the cue it must answer the symbol. Its forget gate starts "
    "open, with a forget bias of 4.",
    expect="After 600 updates, all 8 symbols are recalled in ten of ten seeds. With a forget bias of 0 or 1, all ten "
    "stay at chance, 0.125. A run takes about 4 seconds.",
    experiment=Experiment(
        data=MemoryData(problem="recall", time_lag=50, symbols=8, sequences=1_000),
        model=ModelConfig(units=32, forget_bias=4.0),
        training=TrainingConfig(
            optimizer="adam",
            learning_rate=0.003,
            epochs=12,
            full_rate_epochs=12,
            batch_size=20,
            # Without clipping, 2 of 4 seeds still forgot some of the symbols after these 600 updates.
            clip_norm=1.0,
            evaluate_every=25,
        ),
    ),
)

ADDING_PROBLEM = Preset(
    name="adding",
    title="Adding problem",
    group=MEMORY,
    about="An LSTM reads 20 numbers, two of which are marked. At the last step it must answer their sum.",
    expect="Mean squared error 0.0003 to 0.0009 over ten seeds. Always answering 1.0 has 0.167. A run takes about 3 "
    "seconds.",
    experiment=Experiment(
        data=MemoryData(problem="adding", time_lag=20, sequences=10_000),
        model=ModelConfig(units=32, forget_bias=1.0),
        training=TrainingConfig(
            optimizer="adam",
            learning_rate=0.01,
            lr_schedule="linear",
            epochs=4,
            full_rate_epochs=1,
            batch_size=50,
            clip_norm=1.0,
            evaluate_every=25,
        ),
    ),
)

PERIOD = Preset(
    name="period",
    title="A period text without memory",
    group=MEMORY,
    about="The text is a a b, again and again, in windows of one word. The state is reset at each window, "
    "so after an a no network can know whether a or b follows.",
    expect="Validation perplexity falls to the floor, 1.59, and never below it, in ten of ten seeds. With Carry state "
    "on, it ends between 1.01 and 1.04. A run takes a few seconds.",
    experiment=Experiment(
        data=TextData(corpus="period", motif="a a b"),
        model=ModelConfig(units=16, forget_bias=1.0),
        training=TrainingConfig(
            optimizer="adam",
            learning_rate=0.03,
            epochs=8,
            full_rate_epochs=8,
            batch_size=20,
            num_steps=1,
            carry_state=False,
            evaluate_every=60,
        ),
    ),
)

PRESETS = {
    preset.name: preset
    for preset in (
        *(SINE, SINE_ORIGINAL, OWN_SERIES, PTB_DEMO, GRAMMAR, GRAMMAR_NUMBERS),
        *(DELAYED_RECALL, ADDING_PROBLEM, PERIOD),
        *(PTB_SMALL, PTB_SMALL_FAST, PTB_SMALL_BEST, PTB_MEDIUM, PTB_LARGE, PTB_TEST),
    )
}


def grouped() -> dict[PresetGroup, list[Preset]]:
    """The presets of each group, both in the order of the table."""
    groups = list(dict.fromkeys(preset.group for preset in PRESETS.values()))
    return {group: [preset for preset in PRESETS.values() if preset.group == group] for group in groups}


DEFAULT_PRESET = "sine"
PRESET_OF_KIND = {"sine": DEFAULT_PRESET, "series": "own-series", "text": "ptb-demo", "memory": "delayed-recall"}
"""Where the settings start for each kind of data, because settings that suit a wave do not suit a text."""

PRESET_OF_PROBLEM = {"recall": "delayed-recall", "adding": "adding"}
"""Where the settings start for each memory task."""


def preset(name: str) -> Preset:
    """The preset of that name.

    Raises:
        InvalidSetting: there is no such preset; the message lists all and offers the nearest.
    """
    if isinstance(name, str) and name in PRESETS:
        return PRESETS[name]
    nearest = difflib.get_close_matches(name, PRESETS, n=1) if isinstance(name, str) else []
    advice = f"did you mean {nearest[0]}?" if nearest else "please take one of these."
    raise InvalidSetting("preset", f"There is no preset called {shown(name)}; there are {', '.join(PRESETS)}: {advice}")


MOST_CHANGES = 6
"""Settings that the name of a run lists."""
NAME_LENGTH = 200
"""Characters that the name of a run may have."""


def run_name(experiment: Experiment, preset_name: str | None = None, text_name: str = "") -> str:
    """The name of a run that nobody has named: what it learns from, and what differs from its preset.

    Args:
        experiment: its settings.
        preset_name: the preset that they started from.
        text_name: name of a text of one's own, such as its file name.
    """
    base = PRESETS.get(preset_name or "")
    is_the_presets = base is not None and base.experiment.data.subject == experiment.data.subject
    title = base.title if base and is_the_presets else experiment.data.title(text_name)
    changed = _changes(experiment, base.experiment if base else Experiment())
    more = len(changed) - MOST_CHANGES
    listed = ", ".join(changed[:MOST_CHANGES]) + (f" and {more} more" if more > 0 else "")
    return _cut(f"{title}: {listed}" if listed else title)


def group_name(sweep: Sweep, preset_name: str | None = None, text_name: str = "") -> str:
    """The name of a group that nobody has named, such as `Sine wave: cell, 3 seeds`.

    Args:
        sweep: its runs.
        preset_name, text_name: as for `run_name`.
    """
    labels = [all_settings()[name][0].label.lower() for name in sweep.varied]
    counted = [f"{sweep.seeds} seeds"] if sweep.seeds > 1 else []
    base = run_name(sweep.base, preset_name, text_name)
    return _cut(f"{base} · {', '.join(labels + counted)}") if labels + counted else base


def member_names(name: str, sweep: Sweep) -> list[str]:
    """The names of the runs of a group: what differs, and then the group's name."""
    differs = [what_differs(values_of(experiment, sweep.varies)) for experiment in sweep.experiments]
    return [_cut(f"{words} · {name}") for words in differs]


def _cut(name: str) -> str:
    return name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 3] + "..."


def _changes(experiment: Experiment, base: Experiment) -> list[str]:
    """Changed settings such as `units 16`, in the order of the table, without those that the title names."""
    now, before = to_flat(experiment), to_flat(base)
    said = {"data", "shape", "corpus", "problem", "upload", "series", "tokens"}
    names = [name for name in now if name in before and name not in said and now[name] != before[name]]
    return [f"{all_settings()[name][0].label.lower()} {_written(now[name])}" for name in names]


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
