"""Anything as a setting of `Experiment`, its sections, `from_flat` and `from_json`."""

from __future__ import annotations

import json
from decimal import Decimal

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from rnnlab import config
from rnnlab.config import DATA_KINDS, Experiment, InvalidSetting, ModelConfig, TrainingConfig
from tests.fuzz.budget import examples
from tests.fuzz.hostile import ANY_VALUE, NAMES, STRANGE_NAMES, one_setting, several_settings
from tests.fuzz.verdict import check_meaning, check_sentence

SECTIONS = (*DATA_KINDS.values(), ModelConfig, TrainingConfig, Experiment)
HOME = {name: section for section in SECTIONS for name, _, _ in config.settings_of(section)}


def taken(experiment, name):
    return config.to_flat(experiment)[name]


def check_round_trip(experiment):
    """Equal experiments are equal texts, and the text brings the experiment back."""
    text = config.to_json(experiment)
    again = config.from_json(text)
    assert again == experiment
    assert config.to_json(again) == text
    assert config.from_flat({name: str(value) for name, value in config.to_flat(experiment).items()}) == experiment


def outcome(make):
    """What a call returns, or the error that is a sentence. Any other error is raised."""
    try:
        return make(), None
    except InvalidSetting as error:
        return None, error


@examples("library: one setting")
@given(one_setting(ANY_VALUE))
@example(("noise", -0.0))
@example(("clip_norm", "1e-400"))
@example(("epochs", Decimal("5.00000000000000000001")))
@example(("units", b"5"))
@example(("units", np.bool_(True)))
@example(("carry_state", 10**5000))
@example(("shape", np.str_("sine")))
@example(("upload", "garbage"))
@example(("layer_units", "\x1f7"))
def test_one_setting_is_taken_as_it_was_meant_or_refused_by_its_name(drawn):
    name, value = drawn
    parsed, refused = outcome(lambda: config.parse_setting(name, value))
    if refused:
        assert refused.name == name
        check_sentence(str(refused), name)
    else:
        check_meaning(name, value, parsed)
    built, also_refused = outcome(lambda: HOME[name](**{name: value}))
    if refused:
        assert str(also_refused) == str(refused)
    elif also_refused:  # contradicts the defaults
        check_sentence(str(also_refused), also_refused.name)
    else:
        assert getattr(built, name) == parsed


@examples("library: several settings")
@given(
    several_settings(ANY_VALUE),
    st.dictionaries(STRANGE_NAMES | st.integers() | st.none(), ANY_VALUE, max_size=1),
    st.one_of(st.just({}), st.fixed_dictionaries({"data": st.sampled_from([*DATA_KINDS]) | ANY_VALUE})),
)
def test_settings_together_are_taken_as_they_were_meant_or_refused_by_name(settings, strange, kind):
    flat = settings | strange | kind
    experiment, refused = outcome(lambda: config.from_flat(flat))
    if refused:
        check_sentence(str(refused))
        assert refused.name in {*flat, *NAMES, "data"}
        if refused.name in {*NAMES, "data"}:
            check_sentence(str(refused), refused.name)
        return
    assert not strange or set(strange) <= {*NAMES, "data"}
    for name, value in settings.items():
        check_meaning(name, value, taken(experiment, name))
    if kind:
        assert config.to_flat(experiment)["data"] == kind["data"]
    check_round_trip(experiment)
    sentence = outcome(lambda: config.check_limits(experiment))[1]
    if sentence:
        check_sentence(str(sentence), "units")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | st.sampled_from(NAMES), inner),
    max_leaves=8,
)


@examples("library: json")
@given(JSON.map(json.dumps) | st.dictionaries(st.sampled_from(NAMES), JSON, max_size=3).map(json.dumps) | st.text())
def test_any_text_as_json_is_an_experiment_or_a_sentence(text):
    experiment, refused = outcome(lambda: config.from_json(text))
    if refused:
        check_sentence(str(refused))
    else:
        check_round_trip(experiment)


@examples("library: parts")
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("data", "model", "training", "seed"), ANY_VALUE)))
def test_anything_as_a_part_of_an_experiment_is_a_sentence(parts):
    experiment, refused = outcome(lambda: Experiment(**parts))
    if refused:
        assert refused.name in parts
        check_sentence(str(refused), refused.name)
    else:
        check_round_trip(experiment)
