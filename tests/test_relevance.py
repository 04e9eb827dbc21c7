"""Which settings have no effect beside others: held against what the networks and the training really do."""

import pytest

from rnnlab import config
from rnnlab.config import Play
from rnnlab.config.relevance import RULES
from rnnlab.presets import PRESETS

EVERY_SETTING = sorted(config.all_settings())


def values(preset="sine", **changed):
    return config.to_flat(PRESETS[preset].experiment) | changed


@pytest.mark.parametrize(
    ("name", "unused", "used"),
    [
        ("forget_bias", {"cell": "gru"}, {"cell": "lstm"}),
        ("reset_after", {"cell": "lstm"}, {"cell": "gru"}),
        ("num_proj", {"cell": "simple_rnn"}, {"cell": "lstm"}),
        ("proj_clip", {"num_proj": 0}, {"num_proj": 4}),
        ("units", {"layer_units": "4, 4"}, {"layer_units": " "}),
        ("embedding_dim", {"data": "sine"}, {"data": "text"}),
        ("lr_decay", {"lr_schedule": "linear"}, {"lr_schedule": "epochs"}),
        ("full_rate_epochs", {"lr_decay": 1.0}, {"lr_decay": 0.5}),
        ("full_rate_epochs", {"lr_decay": 1.0}, {"lr_schedule": "linear", "lr_decay": 1.0}),
        ("feedback_gradient", {"feedback": 0.0}, {"feedback": 0.1}),
        (
            "feedback_half",
            {"feedback": 0.5, "feedback_schedule": "constant"},
            {"feedback": 0.5, "feedback_schedule": "linear"},
        ),
        ("dropout_masks", {}, {"state_dropout": 0.1}),
    ],
)
def test_a_setting_without_effect_gets_its_reason(name, unused, used):
    assert config.why_unused(name, values(**unused)).endswith(".")
    assert config.why_unused(name, values(**used)) == ""


@pytest.mark.parametrize("typed", ["", "many", "-5", None])
@pytest.mark.parametrize("other", ["cell", "num_proj", "layer_units", "lr_decay", "feedback", "input_dropout"])
def test_whatever_is_typed_elsewhere_the_table_answers(other, typed):
    for name in EVERY_SETTING:
        assert isinstance(config.why_unused(name, values(**{other: typed})), str), name


def test_every_rule_names_settings_that_there_are():
    assert {name for rule in RULES for name in rule.names} <= set(EVERY_SETTING)


@pytest.mark.parametrize("name", [name for name, (row, _) in config.all_settings().items() if row.play])
def test_every_position_of_a_slider_may_be_chosen(name):
    row, kind = config.all_settings()[name]
    positions = row.play.positions
    assert len(positions) >= 4
    assert list(positions) == sorted({*positions})
    for position in positions:
        assert config.check(name, row, kind, position) == position
        assert row.play.nearest(position) == position


def test_a_slider_stands_where_it_is_closest_to_what_was_typed():
    assert Play(1, 128, 1).nearest(650) == 128
    assert Play(0.0, 1.0, 0.05).nearest(-3) == 0.0
    assert Play(0.0, 1.0, 0.25).nearest(0.6) == 0.5
    rate = Play(0.001, 1.0)
    assert rate.positions == (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
    assert rate.nearest(0.03) == 0.02  # 1.5 times as much, where 0.05 would be 1.7 times
    assert rate.nearest(0) == 0.001
