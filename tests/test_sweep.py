"""Which experiments a sweep makes, and what it refuses."""

import pytest

from rnnlab.config import Experiment, InvalidSetting, ModelConfig, SineData, Sweep, to_flat
from rnnlab.config.sweep import MOST_SEEDS, MOST_VARIANTS, parse_values, variant_of, variants, what_differs

BASE = Experiment(seed=5)


def values(sweep, *names):
    return [tuple(to_flat(experiment)[name] for name in names) for experiment in sweep.experiments]


def test_seeds_count_on_from_that_of_the_experiment():
    assert values(Sweep(BASE, {}, 3), "seed") == [(5,), (6,), (7,)]


def test_every_value_has_its_first_seed_before_any_has_its_second():
    sweep = Sweep(BASE, {"forget_bias": [0, 4]}, 2)
    assert values(sweep, "seed", "forget_bias") == [(5, 0.0), (5, 4.0), (6, 0.0), (6, 4.0)]


def test_a_grid_has_every_pair_once():
    sweep = Sweep(BASE, {"cell": ["lstm", "gru"], "units": [4, 8, 16]}, 2)
    found = values(sweep, "cell", "units", "seed")
    assert len(found) == len(set(found)) == 12
    assert found[:3] == [("lstm", 4, 5), ("lstm", 8, 5), ("lstm", 16, 5)]


def test_all_other_settings_are_those_of_the_base():
    base = Experiment(data=SineData(samples=400), model=ModelConfig(units=3), seed=1)
    for experiment in Sweep(base, {"learning_rate": [0.1, 0.2]}, 2).experiments:
        flat = to_flat(experiment)
        assert flat | {"learning_rate": 0.01, "seed": 1} == to_flat(base)


def test_what_varies_has_the_checked_values_and_the_seeds():
    assert Sweep(BASE, {"forget_bias": ["-2", "1"]}, 2).varies == {"forget_bias": [-2.0, 1.0], "seed": [5, 6]}
    assert Sweep(BASE, {"seed": [3, 9]}).varies == {"seed": [3, 9]}
    assert values(Sweep(BASE, {"seed": [3, 9]}), "seed") == [(3,), (9,)]


@pytest.mark.parametrize(
    ("varied", "seeds", "sentence"),
    [
        ({"units": [4]}, 1, r"Units \(units\) has 4 to try, but needs at least two values"),
        ({"units": []}, 1, "has nothing to try"),
        ({"units": [4, 8, 4]}, 1, r"has 4 twice; please name each value once"),
        ({"units": [4, 0]}, 1, r"Units \(units\) was 0, but must be a whole number of at least 1"),
        ({"nonsense": [1, 2]}, 1, "There is no setting called 'nonsense'"),
        ({"units": range(1, MOST_VARIANTS + 2)}, 1, f"make {MOST_VARIANTS + 1} combinations, but at most"),
        (
            {"units": [1, 2], "seed": [1, 2], "cell": ["lstm", "gru"]},
            1,
            "3 settings have several values, but at most 2",
        ),
        ({"seed": [1, 2]}, 2, "Seeds are both listed and counted"),
        ({}, 0, "The number of seeds was 0, but must be from 1 to 100"),
        ({}, MOST_SEEDS + 1, "The number of seeds was 101"),
        (
            {"cell": ["gru", "lstm"], "forget_bias": [0, 1]},
            1,
            "Forget bias has no effect in some of these runs. Only the",
        ),
        ({"corpus": ["ptb", "grammar"]}, 1, "data sine has no such setting"),
        ({"num_layers": [1, 2], "layer_units": ["8", "8, 4"]}, 1, "one whole number of at least 1 for each"),
    ],
)
def test_a_sweep_that_makes_no_sense_gets_a_sentence(varied, seeds, sentence):
    with pytest.raises(InvalidSetting, match=sentence):
        Sweep(BASE, varied, seeds)


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("forget_bias", "-2, 1,5", (-2.0, 1.0, 5.0)),
        ("cell", "simple_rnn,lstm", ("simple_rnn", "lstm")),
        ("layer_units", "64, 32; 32, 16", ("64, 32", "32, 16")),
        ("use_peepholes", "true, false", (True, False)),
        ("units", "4, 8,", (4, 8)),
    ],
)
def test_a_list_is_read_as_a_person_types_it(name, text, found):
    assert parse_values(name, text) == found


@pytest.mark.parametrize("text", ["", "4", "4, 4", "4; x", "4, 8 16"])
def test_a_list_that_cannot_be_read_is_refused(text):
    with pytest.raises(InvalidSetting, match="Units"):
        parse_values("units", text)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"cell": "lstm"}, "LSTM"),
        ({"forget_bias": -2.0}, "forget bias -2"),
        ({"cell": "gru", "units": 16}, "GRU, units 16"),
        ({"use_peepholes": True}, "peepholes on"),
        ({"unrolling": "state_saving"}, "unrolling state saving"),
        ({"layer_units": ""}, "width of each layer none"),
        ({}, ""),
    ],
)
def test_what_differs_is_said_in_words(values, words):
    assert what_differs(values) == words


def test_each_member_belongs_to_a_variant_whatever_its_seed():
    sweep = Sweep(BASE, {"cell": ["lstm", "gru"], "units": [4, 8]}, 2)
    names = variants(sweep.varies)
    assert names == ["LSTM, units 4", "LSTM, units 8", "GRU, units 4", "GRU, units 8"]
    assert [variant_of(experiment, sweep.varies) for experiment in sweep.experiments] == names * 2


def test_seeds_alone_are_one_variant():
    assert variants(Sweep(BASE, {}, 3).varies) == [""]
