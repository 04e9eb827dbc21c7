"""Lessons, walked through: nothing of a result before a prediction, and nothing that is not allowed."""

import dataclasses
import json
import re

import pytest

from rnnlab import config
from rnnlab.lessons.lesson import DONT_KNOW
from rnnlab.lessons.recorded import RecordedResult, recorded_result
from rnnlab.lessons.results import Seen
from rnnlab.lessons.table import LESSONS
from rnnlab.ui.screens.lessons import run as run_screen
from rnnlab.watching.waiting import queue_words
from rnnlab.worker.execution import train_run
from tests.support.app_test import widget
from tests.ui.test_pages import address, texts

TINY = {"units": 4, "epochs": 2, "samples": 60, "num_steps": 30}
"""Settings with which a wave's network trains in moments."""


@pytest.fixture
def lesson(monkeypatch):
    """The first lesson with networks that are trained in moments."""
    first = LESSONS["own-voice"]
    trials = tuple(dataclasses.replace(trial, changes={**trial.changes, **TINY}) for trial in first.trials)
    tiny = dataclasses.replace(first, trials=trials)
    monkeypatch.setitem(LESSONS, tiny.id, tiny)
    return tiny


@pytest.fixture
def open_at(app, lab, monkeypatch):
    """Opens Lessons as a link does. What a worker would do is done in this process."""
    monkeypatch.setattr(lab._workers, "call", answer_here)

    def open_link(**link):
        app.query_params.update(link)
        app.switch_page("pages/lessons.py").run()
        assert not app.exception
        return app

    return open_link


def answer_here(function, *arguments, progress, **_):
    return function(*arguments, progress)


def press(app, key):
    app.button(key=key).click().run()
    assert not app.exception


def labels(app):
    return [button.label for button in app.button]


def go_on(app, label="Next"):
    (button,) = [button for button in app.button if button.label == label]
    button.click().run()
    assert not app.exception


def everything(app):
    """All words on the page, and the names of all its figures."""
    words = [element.value for kind in (app.markdown, app.caption, app.text, app.info) for element in kind]
    return " ".join(map(str, words)), [figure.proto.id for figure in app.get("plotly_chart")]


def train(lab, app, name="trained"):
    location = lab.location
    for run_id in app.session_state["lesson"][name].split(","):
        run = lab.store.get(run_id)
        assert train_run(run_id, run.submission, location.database, location.artifacts, location.engine_name)
        assert lab.run(run_id).state == "finished"


@pytest.mark.parametrize("name", LESSONS)
def test_nothing_of_the_result_is_on_the_page_before_the_predictions_and_not_knowing_goes_on(open_at, name):
    lesson = LESSONS[name]
    app = open_at(lesson=name, step="take-away")  # A link that would like to open at the end.
    for ask in lesson.asks:
        words, figures = everything(app)
        assert lesson.texts[f"ask {ask.step}"].split("\n")[0] in words
        assert len(figures) == 1
        assert f"ask-{name}-{ask.step}" in figures[0]
        for hidden in [*(f"see {one.step}" for one in lesson.asks), "teacher", "claim"]:
            for paragraph in lesson.texts[hidden].split("\n\n"):
                assert paragraph.split("{")[0][:60] not in words
        assert "Next" not in labels(app)
        press(app, f"predict-{DONT_KNOW}")
    assert app.session_state["lesson"]["step"] == "run"
    assert "run-trained" in [button.key for button in app.button]
    assert not any(button.label == "See what happened" for button in app.button)


def test_a_lesson_is_walked_from_its_question_to_its_sheet(open_at, lesson, lab, monkeypatch):
    later = config.all_settings() | {"sparkle": config.all_settings()["clip_norm"]}  # As if it had come since.
    monkeypatch.setattr(config, "all_settings", lambda: later)
    app = open_at(lesson=lesson.id)
    app.session_state["forms"]["sine"].set("units", 7)  # For Train, before the lesson.
    press(app, "predict-phase")
    press(app, "run-trained")
    runs = [lab.run(run_id) for run_id in app.session_state["lesson"]["trained"].split(",")]
    assert [run.experiment for run in runs] == lesson.experiments()
    assert "See what happened" not in labels(app)
    train(lab, app)
    app.run()
    go_on(app, "See what happened")
    words, _ = everything(app)
    assert "You predicted **B: wrong phase**" in words
    assert "hand back both" in words
    (figure,) = app.get("plotly_chart")
    assert "your prediction" in figure.proto.spec
    go_on(app)
    assert {one.key.split("~")[0].removeprefix("w_") for one in app.text_input if one.key.startswith("w_")} == {"units"}
    assert widget(app.text_input, "w_units").value == str(lesson.base.model.units)
    assert app.button(key="run-changed").disabled
    widget(app.text_input, "w_units").set_value("5").run()
    press(app, "run-changed")
    changed = [lab.run(run_id) for run_id in app.session_state["lesson"]["changed"].split(",")]
    assert [run.experiment.model.units for run in changed] == [5, 5]
    assert [run.experiment.data.target for run in changed] == ["next", "previous"]
    assert address(app)["units"] == "5"
    train(lab, app, "changed")
    app.run()
    assert not app.exception
    assert re.search(r"Error with output and state: [\d.]+ → \*\*[\d.]+\*\*", everything(app)[0])
    go_on(app)
    downloads = [button.proto.label for button in app.get("download_button")]
    assert downloads == ["Sheet to print", "My predictions"]
    assert lab.predictions()[0].choice == "phase"


@pytest.mark.parametrize(("name", "scale"), [("good-loss", "log"), ("floor", "linear"), ("see-the-future", "linear")])
def test_a_loss_is_drawn_on_a_logarithmic_axis_while_it_trains_and_a_perplexity_as_the_result_is(open_at, name, scale):
    app = open_at(lesson=name)
    press(app, f"predict-{DONT_KNOW}")
    press(app, "run-trained")
    (chart,) = app.get("vega_lite_chart")
    assert json.loads(chart.proto.spec)["layer"][0]["encoding"]["y"]["scale"]["type"] == scale


def test_a_recorded_result_can_be_looked_at_meanwhile_and_not_before_the_prediction(open_at, lesson, lab, monkeypatch):
    (ask,) = lesson.asks
    seen = Seen({ask.step: ask.picture}, {}, {ask.step: "still"})
    monkeypatch.setattr(run_screen, "recorded_result", lambda _: RecordedResult(seen, "2026-01-02"))
    app = open_at(lesson=lesson.id)
    assert not app.toggle
    press(app, "predict-on")
    assert "2026-01-02" not in everything(app)[0]
    (toggle,) = app.toggle
    toggle.set_value(True).run()
    words, figures = everything(app)
    assert "Recorded on 2026-01-02" in words
    assert any("recorded-" in name for name in figures)
    assert "See what happened" not in labels(app)
    press(app, "run-trained")
    words, figures = everything(app)
    first = lab.run(app.session_state["lesson"]["trained"].split(",")[0])
    assert queue_words(lab, first).capitalize() in words
    assert any("recorded-" in name for name in figures)
    train(lab, app)
    app.run()
    assert "The run is over." in everything(app)[0]
    assert "See what happened" in labels(app)


def test_a_result_with_a_second_picture_shows_the_one_that_is_chosen(open_at, lesson, lab):
    (ask,) = lesson.asks
    seen = dataclasses.replace(recorded_result(lesson.id).seen, closer={ask.step: {"Over time": ask.picture}})
    app = open_at(lesson=lesson.id)
    press(app, f"predict-{DONT_KNOW}")
    press(app, "run-trained")
    train(lab, app)
    app.session_state["lesson_seen"] = {app.session_state["lesson"]["trained"]: seen}
    app.run()
    go_on(app, "See what happened")
    for chosen, is_closer in (("Result", False), ("Over time", True), ("Result", False)):
        (choice,) = [one for one in app.button_group if one.label == "Picture"]
        choice.set_value(chosen).run()
        assert not app.exception
        (figure,) = everything(app)[1]
        assert ("Over time" in figure) == is_closer


def test_the_prediction_is_there_in_a_new_session_and_stays_once_the_experiment_runs(open_at, lesson, lab):
    app = open_at(lesson=lesson.id)
    press(app, "predict-on")
    go_on(app, "Back")
    assert "Your prediction: **A: goes on**" in everything(app)[0]
    press(app, "predict-still")
    press(app, "run-trained")
    go_on(app, "Back")
    assert all(app.button(key=f"predict-{choice}").disabled for choice in ("on", "phase", "still", DONT_KNOW))
    assert "C: stands still" in everything(app)[0]
    assert [one.choice for one in lab.predictions()] == ["on", "still"]


def test_a_link_gives_back_other_settings_and_says_what_it_cannot(open_at, lesson, lab):
    app = open_at(lesson=lesson.id, controls="learning_rate,unitz,corpus")
    press(app, f"predict-{DONT_KNOW}")
    press(app, "run-trained")
    train(lab, app)
    app.run()
    for label in ("See what happened", "Next"):
        go_on(app, label)
    drawn = {one.key.split("~")[0].removeprefix("w_") for one in app.text_input if one.key.startswith("w_")}
    assert drawn == {"learning_rate"}
    assert app.session_state["lesson"]["controls"] == "learning_rate"


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ({"lesson": "own-vice"}, "no lesson"),
        ({"lesson": "<b>"}, "Lesson (lesson) was"),
        ({"lesson": "own-voice", "step": "../x"}, "Step (step) was"),
        ({"lesson": "own-voice", "controls": "a b"}, "Controls (controls) was"),
    ],
)
def test_an_unusable_link_gets_a_sentence(app, link, sentence):
    app.query_params.update(link)
    told = ""
    for screen in ("pages/home.py", "pages/lessons.py"):
        app.switch_page(screen).run()
        assert not app.exception
        told += texts(app.warning)
    assert sentence in told


def test_runs_of_another_experiment_are_no_result_of_a_lesson(open_at, lesson, lab):
    other = lab.submit(config.from_flat({"units": 3, "epochs": 1}), "local", "Another")
    app = open_at(lesson=lesson.id, step="see-voice", trained=f"{other},gone")
    press(app, f"predict-{DONT_KNOW}")
    assert app.session_state["lesson"]["step"] == "run"
    assert app.session_state["lesson"]["trained"] == ""


def test_a_number_is_placed(open_at, lab):
    app = open_at(lesson="floor")
    (slider,) = app.slider
    slider.set_value(9.0).run()
    assert not app.exception
    press(app, "predict-place")
    assert [one.choice for one in lab.predictions()] == ["9"]
    assert app.session_state["lesson"]["step"] == "run"


def test_homes_second_button_begins_the_first_lesson(app):
    app.run()
    press(app, "first-lesson")
    first = next(iter(LESSONS.values()))
    assert app.session_state["lesson"]["lesson"] == first.id
    assert first.texts[f"ask {first.asks[0].step}"].split("\n")[0] in everything(app)[0]


def test_every_lesson_is_in_the_list_and_begins_there(open_at):
    app = open_at()
    offered = [button.key for button in app.button if str(button.key).startswith("begin-")]
    assert offered == [f"begin-{name}" for name in LESSONS]
    press(app, "begin-floor")
    assert address(app)["lesson"] == "floor"
    assert app.session_state["lesson"]["step"] == "predict-line"
    go_on(app, "All lessons")
    assert "lesson" not in address(app)
