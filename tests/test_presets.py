import pytest

from rnnlab.config import InvalidSetting, from_json, to_json
from rnnlab.presets import PRESETS, preset


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_found_and_travel(name):
    found = preset(name)
    assert found.name == name
    assert from_json(to_json(found.experiment)) == found.experiment
    assert found.title
    assert found.about.endswith(".")
    assert found.expect.endswith(".")


def test_the_presets_of_the_design_are_there():
    assert {"sine", "sine-original", "ptb-small", "ptb-demo", "grammar"} <= set(PRESETS)


def test_ptb_small_is_the_published_recipe():
    """The row `small` of ptb_word_lm: get_config and SmallConfig."""
    experiment = preset("ptb-small").experiment
    model, training = experiment.model, experiment.training
    assert (model.init_scale, model.units, model.num_layers, model.forget_bias) == (0.1, 200, 2, 0.0)
    assert (training.clip_norm, training.num_steps, training.batch_size) == (5.0, 20, 20)
    assert (training.full_rate_epochs, training.epochs, training.lr_decay) == (4, 13, 0.5)
    assert (training.learning_rate, training.optimizer, training.loss_scale) == (1.0, "sgd", "sum_over_time")
    assert experiment.parameters() == 4_651_600


def test_unknown_preset_is_answered_with_the_nearest():
    with pytest.raises(InvalidSetting, match=r"no preset called 'ptb-smal'; .*did you mean ptb-small\?"):
        preset("ptb-smal")


@pytest.mark.parametrize("name", ["zzzz", "", "x" * 10_000, None, 3])
def test_unknown_preset_gets_one_sentence(name):
    with pytest.raises(InvalidSetting, match=r"please take one of these|did you mean") as caught:
        preset(name)
    assert "sine" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400
