"""The settings on the screen, and their help."""

import re

import pytest

from rnnlab import config
from rnnlab.config import ModelConfig, TrainingConfig
from rnnlab.form import Form
from rnnlab.presets import PRESETS
from rnnlab.ui.markdown import escaped
from rnnlab.ui.widgets.fields import FRONT, FRONT_DATA, NOT_TYPED, drawer_groups, help_of

TF1_NAMES = {
    "cell": ("BasicRNNCell", "BasicLSTMCell", "GRUCell"),
    "units": ("num_units",),
    "num_layers": ("MultiRNNCell",),
    "layer_units": ("MultiRNNCell",),
    "embedding_dim": ("embedding_lookup",),
    "forget_bias": ("forget_bias",),
    "use_peepholes": ("LSTMCell(use_peepholes)",),
    "cell_clip": ("LSTMCell(cell_clip)",),
    "num_proj": ("LSTMCell(num_proj)",),
    "proj_clip": ("LSTMCell(proj_clip)",),
    "reset_after": ("GRUCell",),
    "unrolling": ("dynamic_rnn", "static_rnn", "static_state_saving_rnn", "bidirectional_dynamic_rnn"),
    "input_dropout": ("input_keep_prob",),
    "output_dropout": ("DropoutWrapper", "output_keep_prob"),
    "state_dropout": ("DropoutWrapper", "state_keep_prob"),
    "dropout_masks": ("DropoutWrapper(variational_recurrent)",),
    "clip_norm": ("clip_by_global_norm", "max_grad_norm"),
    "learning_rate": ("assign_lr",),
    "carry_state": ("initial_state", "zero_state"),
    "loss_scale": ("sequence_loss_by_example",),
}
"""TensorFlow 1's names of each part."""

WITHOUT_A_PAPER = {"units", "layer_units"}


@pytest.mark.parametrize("name", TF1_NAMES)
def test_the_help_of_every_part_has_a_source(name):
    row, _ = config.all_settings()[name]
    assert bool(row.source) or name in WITHOUT_A_PAPER


@pytest.mark.parametrize("name", TF1_NAMES)
def test_the_names_in_tensorflow_1_have_a_line_of_their_own(name):
    *before, line = help_of(config.all_settings()[name][0]).split("\n\n")
    assert line.startswith("In TensorFlow 1: ")
    assert line.endswith(".")
    assert all(word in line for word in TF1_NAMES[name])
    assert len(before) == 1


@pytest.mark.parametrize("name", config.all_settings())
def test_no_label_and_no_other_line_of_the_help_speaks_of_tensorflow_1(name):
    row, _ = config.all_settings()[name]
    words = row.label + help_of(row).split("\n\n")[0]
    assert not re.search(r"tensorflow|tf1|keep_prob|ptb_word_lm", words, re.IGNORECASE)


@pytest.mark.parametrize("preset", ["sine", "ptb-small"])
@pytest.mark.parametrize("cell", config.CELL_KINDS)
def test_every_setting_that_matters_has_one_place(preset, cell):
    form = Form.of_preset(preset)
    form.set("cell", cell)
    front = [*FRONT_DATA[form.kind], *(name for names in FRONT.values() for name in names)]
    drawer = [name for names in drawer_groups(form, ()).values() for name in names]
    shown = front + drawer
    assert len(shown) == len(set(shown))
    data = type(PRESETS[preset].experiment.data)
    every = {name for section in (data, ModelConfig, TrainingConfig) for name, _, _ in config.settings_of(section)}
    others = [row for name, row in config.CELL_KINDS.items() if name != cell]
    of_other_cells = {name for row in others for name in row.settings if name not in FRONT["Network"]}
    assert set(shown) == (every | {"seed"}) - set(NOT_TYPED) - of_other_cells


def test_what_is_wrong_is_shown_although_the_cell_does_not_use_it():
    form = Form.of_preset("sine")
    form.set("num_proj", "many")
    form.set("cell", "gru")
    assert "num_proj" in drawer_groups(form, form.complaints())["LSTM"]


@pytest.mark.parametrize(
    "name",
    ["[a](http://x.example)", "![a](x.png)", "www.x.example", "a@x.example", "*b* `c` $d$ :red[e]", "<b>", "a&amp;b"],
)
def test_what_somebody_typed_is_no_markdown(name):
    """A backslash before each mark, and no address in one piece; tests/browser looks whether there is a link."""
    shown = escaped(name)
    assert re.sub(r"\\(.)", r"\1", shown).replace("\u2060", "") == name
    assert not re.search(r"(?<!\\)[^\w\s\\\u2060]|https?\\:\\/|www\\\.|@\w", shown)
