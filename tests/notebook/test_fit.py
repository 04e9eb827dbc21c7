"""Fit in a notebook: what it trains, what it shows, and what its result says of itself."""

import io
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from xml.etree import ElementTree

import numpy as np
import pytest

import rnnlab
from rnnlab import training
from rnnlab.analyses.series import CompareSeries
from rnnlab.config import InvalidSetting
from rnnlab.errors import LabError
from rnnlab.lab import Lab
from rnnlab.measures import MEASURES
from rnnlab.worker.answering import answer_question
from tests.support.labs import small_experiment

SETTINGS = {"samples": 40, "units": 4, "epochs": 40, "num_steps": 30}


@pytest.fixture(scope="module")
def fitted():
    """A run, and what was written to the terminal meanwhile."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        run = rnnlab.fit("sine", **SETTINGS)
    return run, out.getvalue(), err.getvalue()


@pytest.fixture(scope="module")
def run(fitted):
    return fitted[0]


@pytest.fixture(scope="module")
def quiet(run):
    """The same experiment, trained by the library without a word."""
    return training.fit(run.experiment)


@pytest.fixture
def lab(monkeypatch, tmp_path):
    """The lab that the notebook's functions open."""
    monkeypatch.setenv("RNNLAB_HOME", str(tmp_path))
    return Lab.open()


def test_settings_change_those_of_the_preset(run):
    assert run.experiment == rnnlab.from_flat(SETTINGS, rnnlab.preset("sine").experiment)
    assert (run.preset, run.state, run.step) == ("sine", "finished", 40)


def test_it_measures_what_the_quiet_fit_of_the_library_measures(run, quiet):
    for name in run.history:
        assert [part.tolist() for part in run.curve(name)] == [part.tolist() for part in quiet.curve(name)]
    table = run.curves()
    assert table.index.name == "step"
    steps, losses = quiet.curve("valid_loss")
    assert table["valid_loss"].dropna().to_dict() == dict(zip(steps, losses, strict=True))


def test_a_bar_goes_to_its_end_in_the_terminal(fitted):
    _, out, err = fitted
    assert out == ""
    assert "40/40" in err
    assert "train loss" in err


def test_nothing_is_written_without_progress(capfd):
    rnnlab.fit(small_experiment(epochs=2), progress=False)
    assert capfd.readouterr() == ("", "")


def test_a_function_is_told_of_each_moment():
    told = []
    run = rnnlab.fit(small_experiment(epochs=5), progress=lambda step, total, measurements: told.append((step, total)))
    assert {total for _, total in told} == {5}
    assert [step for step, _ in told] == sorted(step for step, _ in told)
    assert told[-1] == (run.step, 5)


def test_nothing_but_the_bar_is_written_when_tensorflow_starts():
    code = "import rnnlab; rnnlab.fit('sine', epochs=1, units=2); print('done')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "done\n"
    lines = [line for line in done.stderr.replace("\r", "\n").splitlines() if line.strip()]
    assert lines
    assert all(re.match(r"\s*\d+%\|", line) for line in lines), lines


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("sin", {}), "did you mean sine"),
        (("sine", {"unit": 3}), "no setting called 'unit'; did you mean units"),
        (("sine", {"progres": False}), "did you mean progress"),
        (("sine", {"units": 0}), r"Units \(units\) was 0"),
        (("own-series", {}), "file="),
        (("sine", {"file": "no/such/file.txt"}), "There is no file"),
    ],
)
def test_a_mistake_is_answered_with_one_sentence(arguments, sentence):
    start, settings = arguments
    with pytest.raises(LabError, match=sentence) as caught:
        rnnlab.fit(start, progress=False, **settings) if "progres" not in settings else rnnlab.fit(start, **settings)
    (shown,) = caught.value._render_traceback_()
    assert shown == f"{type(caught.value).__name__}: {caught.value}"
    assert "\n" not in shown


def test_an_unknown_public_name_is_answered_with_the_nearest():
    with pytest.raises(AttributeError, match="did you mean open_run"):
        _ = rnnlab.openrun
    assert not hasattr(rnnlab, "nothing_like_that")


def test_it_is_short_as_text_and_a_card_in_a_notebook(run):
    assert len(repr(run)) < 200
    assert "finished at step 40" in repr(run)
    card = run._repr_html_()
    ElementTree.fromstring(card)  # well-formed
    for label, value in {"Units": "4", "Samples": "40"}.items():
        assert f">{label}</td>" in card
        assert f">{value}</td>" in card
    assert "Forget bias" not in card  # as in the preset
    best = run.curves()["valid_loss"].min()
    assert f"{best:.4g}" in card


def test_the_curves_of_the_card_lie_in_their_frame(run):
    root = ElementTree.fromstring(run._repr_html_())
    svg = root.find(".//svg")
    _, _, width, height = map(float, svg.get("viewBox").split())
    lines = svg.findall("polyline")
    assert len(lines) == 2
    points = [tuple(map(float, point.split(","))) for line in lines for point in line.get("points").split()]
    assert all(0 <= x <= width and 0 <= y <= height for x, y in points)
    assert min(y for _, y in points) < height / 4
    assert max(y for _, y in points) > 3 * height / 4


def test_a_name_with_markup_stays_text(run):
    run.name, before = "<b>&amp;", run.name
    try:
        assert "&lt;b&gt;&amp;amp;" in run._repr_html_()
    finally:
        run.name = before


@pytest.mark.parametrize("name", ["loss_figure", "gradient_figure", "data_figure", "inputs_figure", "cost_figure"])
def test_each_figure_has_curves_on_a_clear_page(run, name, monkeypatch):
    monkeypatch.setattr("rnnlab.analyses.cost.COST_LENGTHS", (2, 4))
    figure = getattr(run, name)()
    assert all(len(trace.x) and len(trace.x) == len(trace.y) for trace in figure.data)
    assert figure.layout.paper_bgcolor == "rgba(0, 0, 0, 0)"


def test_the_loss_figure_holds_the_measured_losses(run):
    curves = {trace.name: trace for trace in run.loss_figure().data}
    assert set(curves) == {"train", "validation"}
    assert np.array_equal(curves["validation"].y, run.curve("valid_loss")[1])
    assert run.loss_figure().layout.yaxis.type == "log"


def test_a_measure_is_drawn_by_its_name(run):
    figure = run.measure_figure("learning_rate")
    assert figure.data[0].name == MEASURES["learning_rate"].label
    with pytest.raises(LabError, match="there are batch_loss"):
        run.measure_figure("perplexity")
    with pytest.raises(LabError, match="no accuracy"):
        run.accuracy_figure()


def test_a_comparison_has_the_numbers_of_the_library(run):
    expected = rnnlab.compare_series(run.network, run.experiment.data, prime=20, horizon=30)
    found = run.compare(prime=20, horizon=30)
    assert np.array_equal(found.free_running, expected.free_running)
    assert found.free_running_rmse == pytest.approx(expected.free_running_rmse, rel=1e-6)
    assert len(repr(found)) < 160
    assert [trace.name.split()[0] for trace in found.figure().data] == ["target", "teacher-forced", "free-running"]
    assert len(found.errors_figure().data) == 2
    table = found.table()
    assert table["free_running"].isna().sum() == 20
    assert table["free_running"].dropna().tolist() == expected.free_running.tolist()
    assert np.array_equal(run.generate(30, prime=20), expected.free_running)


def test_another_way_of_feeding_is_an_option_of_the_comparison(run):
    assert run.compare(20, 10, way="reset").carried_rmse is not None
    with pytest.raises(LabError, match="no 'ways'; it takes prime, horizon, way"):
        run.compare(20, 10, ways="reset")


def test_a_saved_run_is_one_of_the_lab(run, lab, monkeypatch):
    monkeypatch.setattr(run, "id", None)
    run_id = run.save("from a notebook")
    kept = lab.run(run_id)
    assert (kept.name, kept.state, kept.step, kept.total_steps) == ("from a notebook", "finished", 40, 40)
    assert kept.experiment == run.experiment
    assert kept.measured["valid_loss"].best == run.curves()["valid_loss"].min()
    assert kept.ended >= kept.started
    for name, curve in lab.curves(run_id).by_name.items():
        assert [curve.steps.tolist(), curve.values.tolist()] == [part.tolist() for part in run.curve(name)]
    (sample,) = lab.samples(run_id)
    assert sample.step == 40
    assert kept.free_error == sample.content["error"]
    # What the app's Compare asks a worker for.
    answer, sentence = answer_question(CompareSeries(20, 30), run_id, lab.location.database, lab.location.artifacts)
    assert sentence == ""
    assert np.array_equal(answer.free_running, run.compare(20, 30).free_running)
    assert rnnlab.runs().loc[run_id, "last valid_loss"] == kept.measured["valid_loss"].last
    assert run.save() == run_id
    assert len(rnnlab.runs()) == 1


def test_an_opened_run_is_the_one_that_was_saved(run, lab, monkeypatch):
    monkeypatch.setattr(run, "id", None)
    opened = rnnlab.open_run(run.save())
    assert opened.experiment == run.experiment
    assert opened.curves().equals(run.curves())
    assert np.array_equal(opened.compare(20, 30).free_running, run.compare(20, 30).free_running)
    assert np.array_equal(opened.dataset.train, run.dataset.train)
    assert opened._repr_html_() == run._repr_html_()


def test_a_saved_run_can_be_trained_on(run, lab, monkeypatch):
    """Its checkpoint holds what a worker needs: the optimiser's slots and the carried state."""
    monkeypatch.setattr(run, "id", None)
    run_id = run.save()
    from rnnlab.store.weights import newest_weights

    _, arrays = newest_weights(lab.store, lab.files, run_id)
    trainer = training.trainer_for(run.experiment)
    trainer.load_state_dict(arrays)
    assert trainer.step == 40


def test_an_empty_lab_has_no_runs(lab):
    assert len(rnnlab.runs()) == 0
    with pytest.raises(LabError, match="There is no run"):
        rnnlab.open_run("nothing")


def test_what_ran_away_is_a_sentence():
    with pytest.raises(LabError, match=r"training cannot go on|overflowed"):
        rnnlab.fit(small_experiment(optimizer="sgd", learning_rate=100.0), progress=False)


def test_an_experiment_of_ones_own_is_named_by_what_it_learns():
    run = rnnlab.fit(small_experiment(epochs=1), progress=False, seed=7)
    assert run.preset is None
    assert run.experiment.seed == 7
    with pytest.raises(InvalidSetting):
        rnnlab.fit(small_experiment(), corpus="ptb")


def test_no_result_of_the_library_is_a_page_of_numbers(run, quiet):
    comparison = rnnlab.compare_series(run.network, run.experiment.data, prime=20, horizon=30)
    for result in (quiet, quiet.dataset, comparison):
        assert len(repr(result)) < 160
    assert f"{comparison.free_running_rmse:.4g}" in repr(comparison)
