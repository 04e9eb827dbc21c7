"""The one table of settings, met the way a URL, a file, a command line and a forged message meet it."""

import dataclasses
import math
import random
import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from rnnlab import config
from rnnlab.config import (
    Experiment,
    InvalidSetting,
    MemoryData,
    ModelConfig,
    SeriesData,
    SineData,
    TextData,
    TrainingConfig,
    changes,
    from_flat,
    from_json,
    to_flat,
    to_json,
)
from rnnlab.data import load_dataset
from tests.support.seeds import for_each_seed
from tests.support.strange import Unwritable, nested_list

SECTIONS = (SineData, TextData, MemoryData, SeriesData, ModelConfig, TrainingConfig)
ROWS = config.all_settings()


def allowed_value(row, kind, draw):
    """Some value that the row allows, small enough for the memory estimate."""
    if row.choices:
        return draw.choice(row.choices)
    if kind is bool:
        return draw.random() < 0.5
    if row.pattern:
        return "" if re.fullmatch(row.pattern, "") else draw.choice(["a b", "x y x z"])
    if kind is str:
        return "".join(draw.choices("abc0 é'\"\\&=", k=draw.randrange(8)))
    low = row.low if row.low is not None else row.above if row.above is not None else -50
    high = min(value for value in (row.high, row.below, low + 40) if value is not None)
    if kind is int:
        return draw.randint(int(low), int(high))
    return draw.uniform(low, high) or high / 3


def random_experiment(seed):
    draw = random.Random(seed)

    def section(kind):
        return kind(**{name: allowed_value(row, type_, draw) for name, row, type_ in config.settings_of(kind)})

    data = section(draw.choice([SineData, TextData, MemoryData, SeriesData]))
    training = section(TrainingConfig)
    if isinstance(data, SineData):  # enough samples for the window
        data = dataclasses.replace(data, samples=training.batch_size * (training.num_steps + 1) + 7)
    elif isinstance(data, MemoryData):
        data = dataclasses.replace(data, sequences=training.batch_size + 3)
    elif isinstance(data, TextData) and data.task == "number_tags":
        data = dataclasses.replace(data, corpus="grammar", tokens="words")
    model = section(ModelConfig)
    model = dataclasses.replace(model, layer_units=", ".join(str(draw.randint(1, 9)) for _ in range(model.num_layers)))
    task = Experiment(data, training=TrainingConfig(num_steps=1)).task
    tags = task.tags
    if model.is_bidirectional and task.can_generate:
        model = dataclasses.replace(model, unrolling="dynamic")
    # Tied word vectors are as wide as the last layer's output, and tags have none.
    model = dataclasses.replace(model, embedding_dim=model.layers[-1].output, tie_embeddings=not tags)
    if not task.can_generate:
        training = dataclasses.replace(training, feedback=0.0)
    return Experiment(data, model, training, draw.randrange(2**31))


# --- round trips -----------------------------------------------------------------------------------------------------


@for_each_seed(range(40))
def test_json_round_trip(seed):
    experiment = random_experiment(seed)
    assert from_json(to_json(experiment)) == experiment
    assert "\n" not in to_json(experiment)


@for_each_seed(range(40))
def test_flat_round_trip_as_text(seed):
    """A URL makes text of everything."""
    experiment = random_experiment(seed)
    assert from_flat(to_flat(experiment)) == experiment
    assert from_flat({name: str(value) for name, value in to_flat(experiment).items()}) == experiment


@for_each_seed(range(40))
def test_changes_rebuild_the_experiment_from_any_other(seed):
    experiment, base = random_experiment(seed), random_experiment(seed + 1000)
    assert from_flat(changes(experiment, base), base) == experiment
    assert changes(experiment, experiment) == {}


def test_equal_experiments_are_equal_texts():
    assert to_json(Experiment()) == to_json(Experiment(seed=0, model=ModelConfig(), data=SineData()))
    assert to_json(Experiment()) != to_json(Experiment(seed=1))


def test_experiments_are_values():
    assert hash(Experiment()) == hash(Experiment())
    with pytest.raises(dataclasses.FrozenInstanceError):
        Experiment().seed = 3


# --- the table -------------------------------------------------------------------------------------------------------


def test_names_are_unique():
    names = [name for section in (*SECTIONS, Experiment) for name, _, _ in config.settings_of(section)]
    assert len(names) == len(set(names))
    assert "data" not in names


def test_every_field_is_in_the_table():
    for section in SECTIONS:
        assert [field.name for field in dataclasses.fields(section)] == [
            name for name, _, _ in config.settings_of(section)
        ]


def test_every_row_says_what_it_is():
    for name, (row, _) in ROWS.items():
        assert row.label, name
        assert row.help.endswith("."), name


def test_defaults_are_allowed_by_their_own_rows():
    for name, (row, kind) in ROWS.items():
        default = config.default_of(name)
        assert config.check(name, row, kind, default) == default
        assert type(default) is kind


def test_numbers_are_written_as_people_write_them():
    row, kind = ROWS["samples"]
    assert row.range_text(kind) == "a whole number of at least 2 and at most 1,000,000"
    row, kind = ROWS["learning_rate"]
    assert row.range_text(kind) == "a finite number above 0 and at most 100"


# --- refusals --------------------------------------------------------------------------------------------------------


def _next(bound, direction, kind):
    return bound + direction if kind is int else math.nextafter(bound, direction * math.inf)


def outside(name):
    """Values just outside the row, and values of no row at all."""
    row, kind = ROWS[name]
    wrong = [None, [], {}, object()]
    if row.choices:
        return [*wrong, "", "no such thing", row.choices[0].upper(), 0, "x" * 10_000]
    if kind is bool:
        return [*wrong, "perhaps", 2, ""]
    if kind is str:
        return [*wrong, 3]
    wrong += [math.inf, -math.inf, math.nan, "inf", "-inf", "nan", "1e999", "", " ", "many", True, 10**400, 10**5000]
    wrong += ["9" * 5000, "1;drop table", complex(1, 1)]
    wrong += [0.5, "2.5"] if kind is int else []
    # The very next number: a bound that has moved by a little must be seen.
    wrong += [_next(row.low, -1, kind)] if row.low is not None else []
    wrong += [_next(row.high, 1, kind)] if row.high is not None else []
    wrong += [row.above] if row.above is not None else []
    wrong += [row.below] if row.below is not None else []
    return wrong


@pytest.mark.parametrize("name", ROWS)
def test_bad_values_get_one_sentence(name):
    row, kind = ROWS[name]
    for value in outside(name):
        with pytest.raises(InvalidSetting) as caught:
            config.parse_setting(name, value)
        sentence = str(caught.value)
        assert caught.value.name == name
        assert isinstance(caught.value, ValueError)
        assert row.label in sentence
        assert name in sentence
        assert row.range_text(kind) in sentence
        assert sentence.endswith("please change it.")
        assert "\n" not in sentence
        assert len(sentence) < 300


@pytest.mark.parametrize("name", ROWS)
def test_all_ways_in_meet_the_same_sentence(name):
    value = outside(name)[-1] if ROWS[name][1] is not str else 3
    with pytest.raises(InvalidSetting) as parsed:
        config.parse_setting(name, value)
    with pytest.raises(InvalidSetting) as flat:
        from_flat({name: value})
    section = next(s for s in (*SECTIONS, Experiment) if name in {row[0] for row in config.settings_of(s)})
    with pytest.raises(InvalidSetting) as built:
        section(**{name: value})
    assert str(parsed.value) == str(flat.value) == str(built.value)


def test_sentence_says_what_came():
    with pytest.raises(InvalidSetting, match=r"^Layers \(num_layers\) was 0, but must be a whole number of at least 1"):
        ModelConfig(num_layers=0)
    with pytest.raises(InvalidSetting, match=r"^Units \(units\) was 'inf', but"):
        from_flat({"units": "inf"})


@pytest.mark.parametrize("units", [10**9, "1000000000", "1e9"])
def test_a_network_too_large_is_refused_by_the_estimate_when_it_is_asked(units):
    experiment = from_flat({"units": units})
    with pytest.raises(
        InvalidSetting, match=r"1000000000 units .* would need about .* are allowed; take fewer units"
    ) as e:
        config.check_limits(experiment)
    assert e.value.name == "units"


def test_what_the_machine_bears_does_not_decide_what_is_valid(monkeypatch):
    monkeypatch.setenv("RNNLAB_MEMORY_LIMIT", "1000")
    experiment = Experiment()
    with pytest.raises(InvalidSetting, match="0 MiB are allowed"):
        config.check_limits(experiment)


def test_the_estimate_counts_the_texts_own_vocabulary():
    """256 streams of 256 characters: refused with the most words that there can be, and small with the 65 there are."""
    training = TrainingConfig(batch_size=256, num_steps=256)
    experiment = Experiment(TextData(corpus="upload", tokens="characters"), ModelConfig(units=128), training)
    with pytest.raises(InvalidSetting, match="of memory"):
        config.check_limits(experiment)
    config.check_limits(experiment, vocabulary=65)


@pytest.mark.parametrize("name", ["unit", "Units", "", "x" * 10_000, "data.units"])
def test_unknown_names(name):
    with pytest.raises(InvalidSetting, match="There is no setting called") as caught:
        from_flat({name: 1})
    assert "units" in str(caught.value)
    assert len(str(caught.value)) < 800


@pytest.mark.parametrize("data", ["", "music", None, ["sine"], 3])
def test_unknown_data_kind(data):
    with pytest.raises(InvalidSetting, match="must be one of sine, series, text"):
        from_flat({"data": data})


@pytest.mark.parametrize(
    "text", ["", "{", "nonsense", "[" * 100_000, '{"seed": ' + "9" * 5000 + "}", "[1]", "3", "null"]
)
def test_what_is_not_json_settings(text):
    with pytest.raises(InvalidSetting) as caught:
        from_json(text)
    assert "\n" not in str(caught.value)
    assert "rnnlab.to_json" in str(caught.value)


@pytest.mark.parametrize("text", ['{"units": NaN}', '{"units": Infinity}', '{"units": {"a": 1}}', '{"seed": -1}'])
def test_json_values_meet_the_table(text):
    with pytest.raises(InvalidSetting, match="but must be"):
        from_json(text)


# --- settings that contradict each other -----------------------------------------------------------------------------


@pytest.mark.parametrize("batch_size", [1, 2, 3, 7, 50])
def test_the_longest_window_allowed_is_the_longest_that_fits(batch_size):
    """The check in the settings and the reader must draw one and the same line."""
    data = SineData(samples=100)
    longest = load_dataset(data, 0).streams("train", batch_size).weights.shape[1]
    Experiment(data=data, training=TrainingConfig(batch_size=batch_size, num_steps=longest))
    with pytest.raises(InvalidSetting, match=f"window of at most {longest} ") as caught:
        Experiment(data=data, training=TrainingConfig(batch_size=batch_size, num_steps=longest + 1))
    assert caught.value.name == "num_steps"


def test_more_streams_than_samples():
    with pytest.raises(InvalidSetting, match=r"10 samples in 20 stream.* leave 0 each; take more samples or"):
        Experiment(data=SineData(samples=10), training=TrainingConfig(batch_size=20, num_steps=1))


@pytest.mark.parametrize(
    ("flat", "base"),
    [
        ({"corpus": "grammar"}, Experiment()),
        ({"data": "sine", "corpus": "grammar"}, Experiment(TextData())),
        ({"samples": 300}, Experiment(TextData())),
        ({"data": "sine", "corpus": "bible"}, Experiment()),
    ],
)
def test_settings_of_the_other_data_kind_are_refused_rather_than_ignored(flat, base):
    name = list(flat)[-1]
    with pytest.raises(InvalidSetting, match=rf"\({name}\) was") as caught:
        from_flat(flat, base)
    assert caught.value.name == name


@pytest.mark.parametrize(
    ("data", "task"),
    [
        (SineData(), "continue_series"),
        (SineData(target="previous"), "continue_series"),
        (SineData(target="peaks"), "label_peaks"),
        (TextData(), "continue_text"),
        (SeriesData(), "continue_series"),
        (TextData(corpus="grammar", task="number_tags"), "label_numbers"),
    ],
)
def test_the_data_decide_what_the_network_is_asked_for(data, task):
    assert Experiment(data, training=TrainingConfig(num_steps=1)).task is config.TASKS[task]


# --- parameters ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("units", "published"), [(200, 4_651_600), (650, 19_775_200), (1500, 66_022_000)])
def test_published_parameter_counts(units, published):
    model = ModelConfig(units=units, num_layers=2)
    training = TrainingConfig(batch_size=20, num_steps=35)
    assert Experiment(TextData(), model, training).parameters() == published


def test_parameters_of_the_vocabulary_that_was_loaded():
    experiment = Experiment(TextData(), ModelConfig(units=3, embedding_dim=5))
    # 7 words of 5, an LSTM of 4 gates x (5 + 3 + 1) x 3, a head of 3 x 7 + 7.
    assert experiment.parameters(vocabulary=7) == 35 + 108 + 28


def test_every_message_in_the_table_is_one_line():
    assert not [name for name, (row, _) in ROWS.items() if re.search(r"\n|  ", row.help)]


@pytest.mark.parametrize("text", ["10.000", "1.0", "1_000", "1,000", "1 000", "０１２", "0x10", "1e-3", "1e2.0", "+-3"])
def test_whole_numbers_that_may_mean_another_number_are_refused(text):
    with pytest.raises(InvalidSetting, match="must be a whole number"):
        config.parse_setting("epochs", text)


@pytest.mark.parametrize(("text", "number"), [("10", 10), (" +7 ", 7), ("1e3", 1000), ("2E+2", 200), (4.0, 4)])
def test_whole_numbers_are_read_as_people_write_them(text, number):
    assert config.parse_setting("epochs", text) == number


@pytest.mark.parametrize("text", ["1_0.5", "1,5", "٣.٥", "0x1p-3", "infinity", "1e400"])
def test_decimal_numbers_that_may_mean_another_number_are_refused(text):
    with pytest.raises(InvalidSetting, match="must be a finite number"):
        config.parse_setting("learning_rate", text)


# --- found by tests/fuzz ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [b"5", bytearray(b"7"), np.bool_(True), np.array([5]), np.timedelta64(5, "s")])
def test_what_only_turns_into_a_number_is_none(value):
    for name in ("units", "learning_rate"):
        with pytest.raises(InvalidSetting, match=rf"\({name}\) was .* number"):
            config.parse_setting(name, value)


@pytest.mark.parametrize("value", [Decimal("5.00000000000000000001"), Fraction(10**25 + 1, 10**24), "5.0"])
def test_a_whole_number_is_not_what_is_nearly_one(value):
    with pytest.raises(InvalidSetting, match="must be a whole number"):
        config.parse_setting("epochs", value)


@pytest.mark.parametrize("value", ["1e-400", "0." + "0" * 400 + "1", Decimal("1e-400"), Fraction(1, 10**400)])
def test_a_number_too_small_for_a_float_is_not_taken_for_0(value):
    """A clip norm of 0 never clips, and one that small clips everything."""
    with pytest.raises(InvalidSetting, match="Clip norm"):
        config.parse_setting("clip_norm", value)
    assert config.parse_setting("clip_norm", "0e5") == 0


@pytest.mark.parametrize("value", [-0.0, "-0.0", "-0"])
def test_minus_zero_is_zero_and_equal_experiments_stay_equal_texts(value):
    assert to_json(from_flat({"noise": value})) == to_json(from_flat({"noise": 0.0}))


@pytest.mark.parametrize("name", ["carry_state", "units", "cell"])
@pytest.mark.parametrize(
    "value",
    [10**5000, nested_list(970), nested_list(100_000), Unwritable(), [Unwritable()]],
    ids=["long", "deep", "deeper", "unwritable", "list of it"],
)
def test_what_cannot_be_written_gets_a_sentence_too(name, value):
    with pytest.raises(InvalidSetting, match=rf"\({name}\) was a .*, but must be"):
        config.parse_setting(name, value)


def test_a_sentence_holds_no_sign_that_a_terminal_obeys():
    with pytest.raises(InvalidSetting) as caught:
        config.parse_setting("units", [np.str_("\x1b[2J")])
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("part", ["data", "model", "training"])
@pytest.mark.parametrize("value", [None, 5, "sine", TextData])
def test_a_part_of_an_experiment_that_is_none_gets_a_sentence(part, value):
    with pytest.raises(InvalidSetting, match=rf"^{part.capitalize()} was .*, but must be a ") as caught:
        Experiment(**{part: value})
    assert caught.value.name == part


def test_data_of_no_kind_that_cannot_be_written():
    with pytest.raises(InvalidSetting, match="a number of thousands of digits, but must be one of sine, series, text"):
        from_flat({"data": 10**5000})


@pytest.mark.parametrize("value", ["garbage", "F" * 64, "0" * 63, "../texts/x", "\ud800"])
@pytest.mark.parametrize("name", ["upload", "series"])
def test_an_upload_is_an_identifier(name, value):
    with pytest.raises(InvalidSetting, match=rf"Your (text|series) \({name}\) was"):
        config.parse_setting(name, value)


@pytest.mark.parametrize("column", ["a\nb", "\x1b[2J", "\u202eevil", "\ud800", "x" * 101])
def test_a_columns_name_stands_on_one_line(column):
    with pytest.raises(InvalidSetting, match=r"Column \(column\) was"):
        config.parse_setting("column", column)
    assert config.parse_setting("column", "Température, °C") == "Température, °C"


def test_memory_of_64_different_widths_is_one_short_sentence():
    widths = ", ".join(str(10**9 + i) for i in range(64))
    with pytest.raises(InvalidSetting, match="of 1000000000 to 1000000063 units") as caught:
        config.check_limits(from_flat({"num_layers": 64, "layer_units": widths}))
    assert len(str(caught.value)) < 300


def test_an_unknown_name_gets_the_nearest_one():
    with pytest.raises(InvalidSetting, match=r"did you mean units\?"):
        from_flat({"Unit": 3})
    assert len(str(config.unknown_setting("\U000e0001" * 60))) < 300


@pytest.mark.parametrize("blank", [" ", "\x1f", "\u00a0", "\n", "\u3000"])
def test_widths_with_any_blank_beside_them(blank):
    """int() must accept every sign that the pattern takes for a blank."""
    model = ModelConfig(num_layers=2, layer_units=f"{blank}8{blank},{blank}4{blank}")
    assert model.widths == (8, 4)


@pytest.mark.parametrize(("name", "value"), [("num_steps", "1"), ("carry_state", True)])
def test_what_the_data_decide_is_not_replaced_without_a_word(name, value):
    with pytest.raises(InvalidSetting, match=r"A window is one whole sequence") as refused:
        from_flat({"data": "memory", name: value})
    assert refused.value.name == name
    decided = to_flat(from_flat({"data": "memory"}))[name]
    assert to_flat(from_flat({"data": "memory", name: decided}))[name] == decided
