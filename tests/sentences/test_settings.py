"""The settings in which a run and the form beside it differ, in words."""

import pytest

from rnnlab import config
from rnnlab.presets import PRESETS
from rnnlab.sentences.settings import described, differing, differing_among, shared, stale_sentence, told_apart

SINE = config.to_flat(PRESETS["sine"].experiment)
WORDS = config.to_flat(PRESETS["grammar"].experiment)


@pytest.mark.parametrize(
    ("run", "form", "sentence"),
    [
        (SINE, SINE, ""),
        (SINE | {"units": 32}, SINE | {"units": 8}, "This is a run with units 32. Press Train for units 8."),
        (
            SINE | {"cell": "lstm", "num_layers": 1},
            SINE | {"cell": "gru", "num_layers": 2},
            "This is a run with cell LSTM and layers 1. Press Train for cell GRU and layers 2.",
        ),
        (SINE, WORDS, "This is a run on other data. Press Train for the settings in the form."),
        (
            SINE | {"carry_state": True},
            SINE | {"carry_state": False},
            "This is a run with carry state on. Press Train for carry state off.",
        ),
    ],
)
def test_a_run_of_other_settings_says_which(run, form, sentence):
    assert stale_sentence(run, form) == sentence


def test_what_has_no_effect_makes_no_difference():
    assert differing(SINE | {"embedding_dim": 4}, SINE) == []
    assert differing(SINE | {"cell": "gru", "forget_bias": 3.0}, SINE | {"cell": "gru"}) == []
    assert differing(SINE | {"forget_bias": 3.0}, SINE) == ["forget_bias"]


def test_what_was_typed_wrong_is_quoted_and_many_are_counted():
    changed = {"noise": "lots", "units": 1, "num_layers": 2, "epochs": 3, "seed": 99}
    names = differing(SINE | changed, SINE)
    assert set(names) == {*changed}
    assert described(SINE | changed, names) == "noise lots, units 1, layers 2 and 2 other settings"
    assert described(SINE | changed, names[:-1]).endswith("and 1 other setting")


def test_a_setting_that_one_of_many_has_otherwise_differs():
    assert differing_among([SINE, SINE, SINE | {"units": 7}]) == ["units"]
    assert differing_among([SINE] * 3) == []
    assert differing_among([]) == []


def test_a_setting_counts_if_it_has_an_effect_in_one_of_many():
    gru = SINE | {"cell": "gru"}
    assert differing_among([gru, gru | {"forget_bias": 9.0}]) == []
    assert differing_among([gru, SINE | {"forget_bias": 9.0}]) == ["cell", "forget_bias"]


def test_sets_for_different_data_share_no_setting_of_their_data():
    names = shared(differing_among([SINE, WORDS]), [SINE, WORDS])
    assert "frequency" not in names
    assert "corpus" not in names
    assert "epochs" in names


def test_runs_are_named_by_what_differs_and_otherwise_by_their_titles():
    assert told_apart(["a", "b"], [SINE | {"units": 7}, SINE | {"units": 9}]) == ["units 7", "units 9"]
    assert told_apart(["a", "b"], [SINE, SINE]) == ["a", "b"]
    assert told_apart(["a", "a"], [SINE, SINE]) == ["a (1)", "a (2)"]
    assert told_apart(["only"], [SINE]) == ["only"]
    waves_and_words = told_apart(["wave", "words"], [SINE, WORDS])
    assert [words.split(" · ")[0] for words in waves_and_words] == ["wave", "words"]


def test_no_two_names_are_the_same_where_more_differs_than_is_named():
    many = [SINE | {"noise": 0.1, "units": 1, "num_layers": 2, "seed": seed} for seed in (1, 2)]
    names = told_apart(["a", "b", "c"], [SINE, *many])
    assert len(set(names)) == 3
