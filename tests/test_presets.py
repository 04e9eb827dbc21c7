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
    wanted = {"sine", "sine-original", "ptb-small", "ptb-medium", "ptb-large", "ptb-test", "ptb-demo", "grammar"}
    assert wanted <= set(PRESETS)


@pytest.mark.parametrize(
    ("name", "init", "clip", "steps", "units", "layers", "full", "epochs", "keep", "decay", "parameters"),
    [
        ("ptb-small", 0.1, 5, 20, 200, 2, 4, 13, 1.0, 0.5, 4_651_600),
        ("ptb-medium", 0.05, 5, 35, 650, 2, 6, 39, 0.5, 0.8, 19_775_200),
        ("ptb-large", 0.04, 10, 35, 1500, 2, 14, 55, 0.35, 1 / 1.15, 66_022_000),
        ("ptb-test", 0.1, 1, 2, 2, 1, 1, 1, 1.0, 0.5, None),
    ],
)
def test_the_treebank_presets_are_the_published_recipes(
    name, init, clip, steps, units, layers, full, epochs, keep, decay, parameters
):
    """The configurations of ptb_word_lm: get_config and its four classes; Zaremba 2014."""
    experiment = preset(name).experiment
    data, model, training = experiment.data, experiment.model, experiment.training
    assert (data.corpus, data.vocabulary_size, data.train_tokens) == ("ptb", 10_000, 0)
    assert (model.cell, model.init_scale, model.units, model.num_layers) == ("lstm", init, units, layers)
    assert (model.forget_bias, model.dropout_masks, model.state_dropout) == (0.0, "per_step", 0.0)
    assert (model.input_dropout, model.output_dropout) == pytest.approx((1 - keep, 1 - keep))
    assert (training.clip_norm, training.num_steps, training.batch_size) == (clip, steps, 20)
    assert (training.full_rate_epochs, training.epochs, training.lr_decay) == (full, epochs, decay)
    assert (training.learning_rate, training.optimizer, training.loss_scale) == (1.0, "sgd", "sum_over_time")
    assert training.carry_state
    assert parameters is None or experiment.parameters() == parameters


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
