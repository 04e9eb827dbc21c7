"""Every screen runs, found by glob: a new file in pages/ is tested without a word here."""

from pathlib import Path

import pytest

from rnnlab.presets import SINE
from tests.support.app_test import widget

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "pages").glob("*.py"))


def address(app):
    """The parameters of the address. AppTest has a page's values as texts, and a test's values as lists."""
    return {name: value if isinstance(value, str) else value[0] for name, value in app.query_params.items()}


def texts(elements):
    return " ".join(element.value for element in elements).replace("\\", "")


@pytest.mark.parametrize("page", PAGES)
def test_screen_runs_without_a_run(app, page):
    app.run()
    app.switch_page(page).run()
    assert not app.exception
    assert len(app.title) == 1


def test_link_sets_the_settings(app):
    app.query_params.update({"preset": "sine", "units": "16", "learning_rate": "0.003"})
    app.run()
    app.switch_page("pages/train.py").run()
    assert widget(app.text_input, "w_units").value == "16"
    assert widget(app.text_input, "w_learning_rate").value == "0.003"
    assert address(app) == {"preset": "sine", "units": "16", "learning_rate": "0.003"}


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"units": "inf"}, "Units (units) was 'inf'"),
        ({"num_layers": "0"}, "Layers (num_layers) was '0'"),
        ({"preset": "sinus"}, "did you mean sine"),
        ({"unitz": "3"}, "did you mean units"),
        ({"run": "gone"}, "There is no run 'gone'"),
        ({"data": "video"}, "Data was 'video'"),
    ],
)
def test_unusable_link_gets_a_sentence_and_keeps_the_rest(app, parameters, sentence):
    app.query_params.update(parameters | {"epochs": "77"})
    app.run()
    assert not app.exception
    assert sentence in texts(app.warning)
    app.switch_page("pages/train.py").run()
    assert widget(app.text_input, "w_epochs").value == "77"


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("num_layers", "0", "but must be a whole number of at least 1"),
        ("units", "1e9", "would need about"),
        ("units", "many", "but must be a whole number of at least 1"),
        ("num_steps", "400", "does not fit"),
    ],
)
def test_what_is_typed_stays_and_gets_a_sentence(app, name, typed, sentence):
    app.switch_page("pages/train.py").run()
    widget(app.text_input, f"w_{name}").set_value(typed).run()
    assert sentence in texts(app.markdown)
    assert app.button(key="train").disabled
    app.switch_page("pages/data.py").run()
    app.switch_page("pages/train.py").run()
    assert app.session_state["forms"]["sine"].values[name] in (typed, int(float(typed)) if typed != "many" else typed)
    assert not app.exception


def drawn(app, key):
    return [field for field in app.text_input if field.key == key]


def test_the_drawer_is_empty_until_somebody_opens_it_and_loses_nothing(app):
    app.switch_page("pages/train.py").run()
    assert not drawn(app, "w_cell_clip")
    app.session_state["drawer"] = True
    app.run()
    widget(app.text_input, "w_cell_clip").set_value("2.5").run()
    assert address(app)["cell_clip"] == "2.5"
    app.session_state["drawer"] = False
    app.run()
    assert not drawn(app, "w_cell_clip")
    app.button(key="train").click().run()
    app.session_state["drawer"] = True
    app.run()
    assert widget(app.text_input, "w_cell_clip").value == "2.5"


def test_a_complaint_keeps_the_drawer_open_that_it_would_hide_in(app):
    app.switch_page("pages/train.py").run()
    app.session_state["drawer"] = True
    app.run()
    widget(app.text_input, "w_cell_clip").set_value("-3").run()
    app.session_state["drawer"] = False
    app.run()
    assert widget(app.text_input, "w_cell_clip").value == "-3"
    assert "Cell clip (cell_clip) was '-3'" in texts(app.markdown)
    widget(app.text_input, "w_cell_clip").set_value("3").run()
    assert widget(app.text_input, "w_cell_clip").value == "3"
    assert not app.button(key="train").disabled


def test_settings_survive_another_kind_of_data_and_back(app):
    app.switch_page("pages/train.py").run()
    widget(app.text_input, "w_units").set_value("7").run()
    widget(app.selectbox, "w_dataset").select("grammar").run()
    assert widget(app.text_input, "w_units").value == "128"
    widget(app.selectbox, "w_dataset").select("sine").run()
    assert widget(app.text_input, "w_units").value == "7"


def test_preset_sets_everything(app):
    app.switch_page("pages/train.py").run()
    widget(app.selectbox, "w_preset").select("ptb-small").run()
    assert widget(app.text_input, "w_units").value == "200"
    assert widget(app.selectbox, "w_dataset").value == "ptb"
    assert address(app)["preset"] == "ptb-small"


def test_switches_of_the_two_mistakes_change_the_data(app):
    app.switch_page("pages/data.py").run()
    widget(app.toggle, "w_switch_target_previous").set_value(True).run()
    assert app.session_state["forms"]["sine"].values["target"] == "previous"
    assert address(app)["target"] == "previous"


def test_run_of_a_link_shows_its_settings(app, lab):
    run_id = lab.submit(SINE.experiment, "local", "My run", "sine")
    app.query_params["run"] = run_id
    app.run()
    app.switch_page("pages/train.py").run()
    assert not app.exception
    assert any(">My run<" in element.proto.body for element in app.get("html"))
    assert address(app)["run"] == run_id


def test_train_queues_a_run_with_the_settings(app, lab):
    app.switch_page("pages/train.py").run()
    widget(app.text_input, "w_units").set_value("5").run()
    app.button(key="train").click().run()
    assert not app.exception
    run = lab.run(app.session_state["run"])
    assert (run.experiment.model.units, run.state) == (5, "queued")


def test_runs_can_be_renamed_and_deleted(app, lab):
    run_id = lab.submit(SINE.experiment, "local", "First name", "sine")
    app.switch_page("pages/runs.py").run()
    app.text_input(key=f"name-{run_id}").set_value("Second name").run()
    app.button(key=f"rename-{run_id}").click().run()
    assert lab.run(run_id).name == "Second name"
    app.button(key=f"delete-{run_id}").click().run()
    assert lab.runs("local") == []
    assert "1 deleted run" in texts(app.caption)
    assert not app.exception


def test_runs_of_others_are_not_listed(app, lab):
    lab.submit(SINE.experiment, "somebody else", "Not mine", "sine")
    app.switch_page("pages/runs.py").run()
    assert "Not mine" not in texts(app.markdown)
    assert not app.dataframe


# --- found by tests/fuzz ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", [("data", "train"), ("train", "data"), ("train", "data", "train")])
def test_fields_that_two_screens_share_are_filled_on_both(app, way):
    app.query_params.update({"num_steps": "42", "seed": "7"})
    app.run()
    for screen in way:
        app.switch_page(f"pages/{screen}.py").run()
    assert widget(app.text_input, "w_num_steps").value == "42"
    assert widget(app.text_input, "w_seed").value == "7"
    assert address(app)["num_steps"] == "42"


def test_train_takes_the_fields_that_data_shows_too(app, lab):
    app.switch_page("pages/data.py").run()
    widget(app.text_input, "w_num_steps").set_value("42").run()
    app.switch_page("pages/train.py").run()
    app.button(key="train").click().run()
    assert lab.run(app.session_state["run"]).experiment.training.num_steps == 42


def test_what_is_typed_and_not_entered_survives_the_choice_of_another_dataset(app):
    app.switch_page("pages/train.py").run()
    widget(app.text_input, "w_units").set_value("7")
    widget(app.text_input, "w_epochs").set_value("many")
    widget(app.selectbox, "w_dataset").select("grammar").run()
    widget(app.selectbox, "w_dataset").select("sine").run()
    assert widget(app.text_input, "w_units").value == "7"
    assert widget(app.text_input, "w_epochs").value == "many"


def test_data_says_what_is_wrong_on_another_screen(app):
    app.switch_page("pages/train.py").run()
    widget(app.text_input, "w_units").set_value("many").run()
    app.switch_page("pages/data.py").run()
    assert "Units (units) was 'many'" in texts(app.markdown)


def test_nothing_in_a_link_becomes_markdown(app):
    app.query_params["units"] = "![](http://x.example/y) **b**"
    app.run()
    (warning,) = app.warning
    assert "\\!\\[\\]\\(http" in warning.value
    assert "\\*\\*b\\*\\*" in warning.value


@pytest.mark.parametrize("name", ["prime", "temperature", "draw"])
def test_a_comparison_that_makes_no_sense_is_said_on_every_screen(app, name):
    app.query_params.update({name: "1_0", "epochs": "77"})
    app.run()
    assert f"({name}) was '1_0'" in texts(app.warning)


def test_a_run_whose_settings_make_a_long_name_is_trained(app, lab):
    app.query_params.update({"num_layers": "64", "layer_units": ",".join(["123"] * 64)})
    app.switch_page("pages/train.py").run()
    app.button(key="train").click().run()
    assert not app.warning
    assert len(lab.run(app.session_state["run"]).name) == 200


def widgets(app):
    kinds = ("text_input", "selectbox", "radio", "toggle", "button_group", "slider", "select_slider")
    return [one for kind in kinds for one in app.get(kind)]


@pytest.mark.parametrize("screen", ["data", "train"])
def test_a_message_that_gets_lost_cannot_change_a_setting(app, screen):
    """Each widget starts from what is kept: none depends on a message that sets it, which the next run may overtake."""
    app.query_params.update({"preset": "sine", "units": "16", "frequency": "0.3", "shape": "square", "cell": "gru"})
    app.switch_page(f"pages/{screen}.py").run()
    if screen == "train":
        widget(app.text_input, "w_units").set_value("64").run()
        widget(app.selectbox, "w_preset").select("sine-original").run()
    drawn_now = widgets(app)
    assert len(drawn_now) > 5
    assert [one.key for one in drawn_now if one.proto.set_value] == []
