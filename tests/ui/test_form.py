import pytest

from rnnlab.config import Experiment, InvalidSetting
from rnnlab.form import Form, read_link
from rnnlab.presets import PRESETS


@pytest.mark.parametrize("name", PRESETS)
def test_preset_survives_its_link(name):
    form, notes = read_link(Form.of_preset(name).link())
    assert notes == []
    assert form.experiment() == PRESETS[name].experiment


def test_link_is_short_and_brings_everything_back():
    form = Form.of_preset("ptb-small")
    form.set("units", "16")
    form.set("carry_state", False)
    form.set("output_dropout", "0.1")
    assert form.link() == {"preset": "ptb-small", "units": "16", "carry_state": "false", "output_dropout": "0.1"}
    assert read_link(form.link())[0].experiment() == form.experiment()


def test_default_needs_no_link():
    assert Form.of_preset("sine").link() == {}


def test_float_survives_the_link_to_the_last_bit():
    form = Form.of_preset("sine")
    form.set("frequency", 10 / 99)
    assert read_link(form.link())[0].values["frequency"] == 10 / 99


def test_typed_nonsense_is_kept_complained_about_and_left_out_of_the_link():
    form = Form.of_preset("sine")
    form.set("units", "many")
    form.set("epochs", "20")
    assert form.values["units"] == "many"
    assert set(form.complaints()) == {"units"}
    assert form.link() == {"preset": "sine", "epochs": "20"}
    with pytest.raises(InvalidSetting, match="many"):
        form.experiment()


def test_whole_number_may_be_typed_in_any_way():
    form = Form.of_preset("sine")
    form.set("epochs", " 1e3 ")
    assert form.values["epochs"] == 1000


def test_settings_that_contradict_each_other_are_complained_about_at_one_of_them():
    form = Form.of_preset("sine")
    form.set("num_steps", "301")
    assert "301" in form.complaints()["num_steps"]


def test_each_unusable_parameter_gets_a_sentence_and_the_others_count():
    form, notes = read_link({"units": "inf", "cell": "transformer", "epochs": "5", "foo": "1", "preset": "nix"})
    assert len(notes) == 4
    assert form.values["epochs"] == 5
    assert form.values["units"] == PRESETS["sine"].experiment.model.units


def test_endless_value_gives_a_short_sentence():
    _, notes = read_link({"units": "9" * 10_000, "x" * 10_000: "1"})
    assert all(len(note) < 400 for note in notes)


def test_kind_alone_brings_settings_that_suit_it():
    assert read_link({"data": "text"})[0].preset == "ptb-demo"


def test_run_without_a_preset_gives_its_settings():
    experiment = Experiment(seed=5)
    form = Form.of_experiment(experiment, None)
    assert form.experiment() == experiment
    assert read_link(form.link())[0].experiment() == experiment


# --- found by tests/fuzz ---------------------------------------------------------------------------------------------


def test_a_parameter_that_comes_several_times_is_nobodys_guess():
    form, notes = read_link({"units": ["3", "4"], "epochs": ["5", "5"], "preset": ["sine", "grammar"]})
    assert form.values["units"] == PRESETS["sine"].experiment.model.units
    assert form.values["epochs"] == 5
    assert notes == [
        "Units (units) comes 2 times in the link; please give it once.",
        "Preset comes 2 times in the link; please give it once.",
    ]


@pytest.mark.parametrize("parameters", [{"corpus": "grammar"}, {"preset": "ptb-small", "samples": "40"}])
def test_a_setting_of_other_data_is_not_passed_over_in_silence(parameters):
    form, (note,) = read_link(parameters)
    name = list(parameters)[-1]
    assert f"({name}) was" in note
    assert "leave it out, or take data" in note
    assert name not in form.values


def test_a_preset_that_does_not_go_with_the_data_is_not_passed_over_in_silence():
    form, notes = read_link({"preset": "sine", "data": "text"})
    assert form.preset == "ptb-demo"
    assert notes == ["Preset was 'sine' in the link, but data text does not go with it; ptb-demo is taken instead."]


@pytest.mark.parametrize("name", ["preset", "data", "units", "strange"])
def test_signs_that_are_not_seen_make_no_long_sentence(name):
    _, (note,) = read_link({name: "\U000e0001" * 60} if name != "strange" else {"\U000e0001" * 60: "1"})
    assert len(note) < 300
    assert "\n" not in note


def test_a_link_that_names_what_the_data_decide_gets_a_sentence():
    form, notes = read_link({"preset": "delayed-recall", "num_steps": "1", "time_lag": "9"})
    assert [note for note in notes if "Window (num_steps) was 1, but must be 11 with these data" in note] == notes != []
    assert form.values["num_steps"] == 11
    assert read_link({"preset": "delayed-recall", "num_steps": "52"})[1] == []
