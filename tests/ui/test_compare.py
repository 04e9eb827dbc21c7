"""The Compare screen of a wave: the ways of feeding and their sentences."""

import dataclasses

import numpy as np
import pytest

from rnnlab import generation
from rnnlab.analyses import cost
from rnnlab.analyses.series import CompareSeries
from rnnlab.config import Experiment, MemoryData, ModelConfig, SeriesData, SineData, TrainingConfig
from rnnlab.config.feeding import EVERY_WAY, WAYS
from rnnlab.lab import Lab
from rnnlab.store.location import Location
from rnnlab.ui.server import lab_access
from rnnlab.ui.widgets.asking import titles
from rnnlab.worker.execution import train_run
from tests.support.app_test import new_app, screens_in_their_entry, widget
from tests.support.labs import small_experiment


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A real lab whose workers' tasks are executed in this process."""
    with pytest.MonkeyPatch.context() as patch:
        location = Location.from_environment({"RNNLAB_HOME": str(tmp_path_factory.mktemp("lab"))})
        for name, value in location.environment().items():
            patch.setenv(name, value)
        patch.setattr(Lab, "prepare", lambda self: None)
        patch.setattr("rnnlab.engine.engine_file.start_engine", lambda *_: None)
        lab_access.lab.clear()
        opened = lab_access.lab()
        patch.setattr(opened._workers, "call", answer_here)
        yield opened
        lab_access.lab.clear()


def answer_here(function, *arguments, progress, **_):
    return function(*arguments, progress)


def trained(lab, **data):
    return train(lab, dataclasses.replace(small_experiment(), data=SineData(samples=40, **data)))


def train(lab, experiment):
    run_id = lab.submit(experiment, "local", "A run")
    location = lab.location
    submission = lab.store.get(run_id).submission
    assert train_run(run_id, submission, location.database, location.artifacts, location.engine_name) == "finished"
    return run_id


@pytest.fixture(scope="module")
def wave_run(lab):
    return trained(lab)


@pytest.fixture
def compare(lab, monkeypatch):
    """Opens the Compare screen as a link does."""
    screens_in_their_entry(monkeypatch)

    def open_link(run_id, **parameters):
        app = new_app()
        app.query_params.update({"run": run_id, "prime": "5", "horizon": "50", **parameters})
        app.switch_page("pages/compare.py").run()
        assert not app.exception
        return app

    return open_link


def texts(elements):
    return " ".join(element.value for element in elements).replace("\\", "")


def in_address(app, name):
    value = app.query_params[name]
    return value if isinstance(value, str) else value[0]


def test_runs_of_one_name_and_one_second_are_told_apart(lab, wave_run):
    """The browser sends the words of what is chosen."""
    twin = dataclasses.replace(lab.run(trained(lab)), created=lab.run(wave_run).created)
    named = titles([lab.run(wave_run), twin])
    assert all(run_id in words and words.startswith("A run · ") for run_id, words in named.items())
    assert twin.id not in titles([twin])[twin.id]


def test_the_state_is_carried_unless_somebody_chooses_otherwise(compare, wave_run):
    app = compare(wave_run)
    assert widget(app.segmented_control, "compare-way").value == "carried"
    assert widget(app.segmented_control, "compare-way").options == [way.label for way in WAYS.values()]
    assert EVERY_WAY["carried"].sentence in texts(app.markdown)
    assert "running alone for 50 steps" in texts(app.markdown)


@pytest.mark.parametrize("way", ["reset", "zero_filled", "reread"])
def test_the_chosen_way_has_its_sentence_its_errors_and_its_link(compare, wave_run, way):
    app = compare(wave_run)
    widget(app.segmented_control, "compare-way").set_value(way).run()
    assert not app.exception
    assert EVERY_WAY[way].sentence in texts(app.markdown)
    assert EVERY_WAY["carried"].sentence not in texts(app.markdown)
    assert "fed back in this way for 50 steps" in texts(app.markdown)
    assert in_address(app, "way") == way


def test_a_link_brings_the_way_back(compare, wave_run):
    app = compare(wave_run, way="reset")
    assert widget(app.segmented_control, "compare-way").value == "reset"
    assert not app.warning


def test_a_way_that_does_not_exist_gets_a_sentence(compare, wave_run):
    app = compare(wave_run, way="backwards")
    assert widget(app.segmented_control, "compare-way").value == "carried"
    assert "must be one of carried, reset" in texts(app.warning)


@pytest.mark.parametrize(("name", "value", "key"), [("target", "previous", "previous"), ("inputs", "zeros", "zeros")])
def test_a_mistake_in_training_can_be_tried_with_the_same_settings(compare, wave_run, name, value, key):
    app = compare(wave_run)
    app.button(key=f"train-{key}").click().run()
    assert not app.exception
    said = texts([*app.warning, *app.error, *app.info, *app.markdown])
    assert [title.value for title in app.title] == ["Train"], said
    assert in_address(app, name) == value
    assert widget(app.text_input, "w_units").value == "4"  # as in the run


@pytest.mark.parametrize(("name", "value", "key"), [("target", "previous", "previous"), ("inputs", "zeros", "zeros")])
def test_a_run_that_was_trained_wrongly_says_so(compare, lab, name, value, key):
    app = compare(trained(lab, **{name: value}))
    assert EVERY_WAY[key].sentence in texts(app.markdown)
    assert f"train-{key}" not in {button.key for button in app.button}
    assert "because its own errors are its inputs" not in texts(app.markdown)
    assert (EVERY_WAY["zeros"].label in widget(app.segmented_control, "compare-way").options) == (key == "zeros")


def test_a_network_that_hears_zeros_can_be_fed_zeros_only_as_long_as_it_is_looked_at(compare, lab, wave_run):
    deaf = trained(lab, inputs="zeros")
    app = compare(deaf, way="zeros")
    assert widget(app.segmented_control, "compare-way").value == "zeros"
    assert "If the wave had begun 31 steps later" in texts(app.markdown)
    widget(app.selectbox, "compared-run").select(wave_run).run()
    assert not app.exception
    assert widget(app.segmented_control, "compare-way").value == "carried"
    assert not app.warning


def test_the_cost_is_measured_when_somebody_asks(compare, wave_run, monkeypatch):
    monkeypatch.setattr(cost, "COST_LENGTHS", (3, 8))
    app = compare(wave_run)
    assert "times as long" not in texts(app.markdown)
    app.button(key="measure-cost").click().run()
    assert not app.exception
    assert "For 8 values, carrying the state took" in texts(app.markdown)
    widget(app.segmented_control, "compare-way").set_value("reset").run()
    assert "For 8 values, carrying the state took" in texts(app.markdown)


@pytest.mark.parametrize(
    ("problem", "verdict"), [("recall", "After 3 blanks, "), ("adding", "The mean squared error is ")]
)
def test_a_memory_task_shows_its_answers_and_why_there_is_no_free_run(compare, lab, problem, verdict):
    data = MemoryData(problem=problem, time_lag=3, symbols=4, sequences=20)
    app = compare(train(lab, Experiment(data, ModelConfig(units=4), TrainingConfig(epochs=2, batch_size=5))))
    assert not app.exception
    assert verdict in texts(app.markdown)
    assert ("The network was trained at a time lag of 3." in texts(app.markdown)) == (problem == "recall")
    assert "cannot be fed back as the next input" in texts(app.info)


def test_a_measured_cost_is_kept_until_somebody_measures_again(compare, lab, monkeypatch):
    monkeypatch.setattr(cost, "COST_LENGTHS", (3,))
    measured, measure_cost = [], generation.measure_cost
    monkeypatch.setattr(generation, "measure_cost", lambda *of: measured.append(of) or measure_cost(*of))
    run_id = trained(lab)
    for _ in range(2):  # two visitors
        app = compare(run_id)
        app.button(key="measure-cost").click().run()
        assert "For 3 values, carrying the state took" in texts(app.markdown)
        assert "Measured on" in texts(app.caption)
    assert len(measured) == 1
    app.button(key="measure-cost").click().run()
    assert not app.exception
    assert len(measured) == 2


@pytest.fixture(scope="module")
def own_run(lab):
    values = 5e6 + 1e6 * np.sin(0.5 * np.arange(200))
    series = lab.files.keep_text("\n".join(map(str, values)))
    return train(lab, dataclasses.replace(small_experiment(epochs=2), data=SeriesData(series=series, season=13)))


def test_a_series_of_ones_own_is_compared_in_its_units_with_naive_forecasts(lab, compare, own_run):
    app = compare(own_run)
    answer = lab.ask(own_run, CompareSeries(prime=5, horizon=50))
    assert f"its error is {float(f'{answer.free_running_rmse:.3g}'):,.0f}" in texts(app.markdown)
    assert "The series has only 40 values after its training part" in texts(app.caption)
    assert "“same as one season before”" in texts(app.markdown)
    assert len(answer.free_running) == 40
    assert answer.free_running_rmse > 1e4  # In the units of the file.
    assert not any((button.key or "").startswith("train-") for button in app.button)  # No mistakes of waves.
