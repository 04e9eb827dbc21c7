"""No callback takes the page away: what goes wrong in it becomes a note."""

import ast
from dataclasses import replace

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests

from rnnlab.ui.screens import train as train_screen
from rnnlab.ui.widgets import group_form
from tests.support.app_test import widget
from tests.support.code import named, tree_of
from tests.support.evidence import ROOT

SCREENS = [*sorted((ROOT / "rnnlab" / "ui").rglob("*.py")), *sorted((ROOT / "pages").glob("*.py")), ROOT / "app.py"]
NOT_CALLED = {"rerun", "ignore"}
"""Words that Streamlit takes in the place of a callback."""

DEEDS = {"submit", "pause", "stop", "resume", "rename", "annotate", "trash", "restore", "delete"}


def callbacks_of(tree):
    """What each `on_click` and `on_change` of a file is given, as keyword or in a dictionary of keywords."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in ("on_click", "on_change"):
            yield node.value
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value in ("on_click", "on_change"):
                    yield value


def test_every_callback_is_guarded():
    wrong = []
    for file in SCREENS:
        tree = tree_of(file)
        guarded = {
            function.name
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef)
            and any(isinstance(one, ast.Name) and one.id == "callback" for one in function.decorator_list)
        }
        for given in callbacks_of(tree):
            if isinstance(given, ast.Constant) and given.value in NOT_CALLED:
                continue
            if not isinstance(given, ast.Name):
                wrong.append(f"{named(file)}: {ast.unparse(given)} should be a function of this file")
            elif given.id not in guarded:
                wrong.append(f"{named(file)}: {given.id} lacks @callback")
    assert wrong == []


def test_screens_change_runs_through_the_visitors_door_only():
    """`lab()` is for looking; it would let anybody stop anybody's run."""
    assert [
        f"{named(file)}:{node.lineno}: {ast.unparse(node)}"
        for file in SCREENS
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.Attribute) and node.attr in DEEDS and ast.unparse(node.value) == "lab()"
    ] == []


@pytest.fixture
def train(app):
    app.switch_page("pages/train.py").run()
    return app


def texts(elements):
    return " ".join(element.value.replace("\\", "") for element in elements)


def test_what_is_typed_and_not_entered_is_complained_of_beside_its_field_when_train_is_clicked(train, lab):
    """The browser sends the text with the click that leaves the field."""
    widget(train.text_input, "w_units").set_value("-5")
    train.button(key="train").click().run()
    assert not train.exception
    assert widget(train.text_input, "w_units").value == "-5"
    assert "Units (units) was '-5'" in texts(train.markdown)
    assert lab.everybodys_runs() == []


def test_what_is_typed_and_not_entered_is_what_is_trained(train, lab):
    widget(train.text_input, "w_units").set_value("7")
    train.button(key="train").click().run()
    (run,) = lab.everybodys_runs()
    assert run.experiment.model.units == 7


@pytest.mark.parametrize("error", [RuntimeError("a secret"), ValueError("not ours"), KeyError("x")])
def test_a_callback_that_fails_leaves_the_page_and_a_sentence(train, monkeypatch, error):
    def fail(*_):
        raise error

    monkeypatch.setattr(train_screen, "run_name", fail)
    widget(train.text_input, "w_epochs").set_value("77")
    train.button(key="train").click().run()
    assert not train.exception
    assert widget(train.text_input, "w_epochs").value == "77"
    assert "There was an unexpected error" in texts(train.warning)


def test_a_choice_is_kept_when_the_next_click_comes_while_it_is_being_kept(train, monkeypatch):
    """Streamlit ends a script, and a callback like one, as soon as there is a newer message."""
    is_drawn, asked = group_form.session.is_drawn, []

    def look_while_a_click_comes(name):
        asked.append(get_script_run_ctx().script_requests.request_rerun(RerunData()))
        return is_drawn(name)

    monkeypatch.setattr(group_form.session, "is_drawn", look_while_a_click_comes)
    widget(train.selectbox, "w_seeds").set_value(3)
    train.run()
    assert asked == [True]
    assert not train.exception
    assert train.session_state["seeds"] == 3


def test_a_click_counts_when_the_next_message_comes_before_its_script_has_begun(train, lab, monkeypatch):
    """Streamlit would begin with the newer message, which says nothing of the click."""
    ready, asked = ScriptRequests.on_scriptrunner_ready, []

    def take_up_while_a_message_comes(self):
        request = ready(self)
        if not asked:
            asked.append(self.request_rerun(replace(request.rerun_data, widget_states=WidgetStates())))
        return request

    monkeypatch.setattr(ScriptRequests, "on_scriptrunner_ready", take_up_while_a_message_comes)
    train.button(key="train").click().run()
    assert asked == [True]
    assert not train.exception
    assert len(lab.everybodys_runs()) == 1
