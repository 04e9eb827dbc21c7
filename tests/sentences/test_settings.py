"""The settings in which a run and the form beside it differ, in words."""

import pytest

from rnnlab import config
from rnnlab.presets import PRESETS
from rnnlab.sentences.settings import described, differing, stale_sentence

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
