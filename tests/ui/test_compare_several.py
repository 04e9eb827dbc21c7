"""The Compare screen of several runs: which ones a link and a person may put on the same axes."""

import dataclasses
import json

import numpy as np
import pytest

from rnnlab.analyses.series import CompareSeries
from rnnlab.analyses.text import CompareText
from rnnlab.config import ModelConfig, SineData, Sweep
from rnnlab.store.claim import claim_run
from rnnlab.training.trainer import Measurement
from rnnlab.ui.state.address import read_parameters
from rnnlab.ui.table import MOST_OTHERS
from rnnlab.watching.together import have_same_truth
from tests.support.app_test import widget
from tests.support.labs import small_experiment
from tests.ui.test_compare import compare, in_address, lab, texts, train  # noqa: F401
from tests.ui.test_compare_text import text_of


def wave_of(units=4, **data):
    data = SineData(samples=40, **data)
    return dataclasses.replace(small_experiment(epochs=5), data=data, model=ModelConfig(units=units))


@pytest.fixture(scope="module")
def waves(lab):  # noqa: F811
    """Two networks that learned the same wave, one of them from noisy values."""
    return [train(lab, wave_of(4)), train(lab, wave_of(7, noise=0.1))]


@pytest.fixture(scope="module")
def other_wave(lab):  # noqa: F811
    return train(lab, wave_of(frequency=0.5))


def figure(app):
    """The first Plotly figure of a screen."""
    return json.loads(app.get("plotly_chart")[0].proto.spec)


def test_two_runs_are_on_the_same_axes_and_the_better_one_is_named(lab, compare, waves):  # noqa: F811
    app = compare(waves[0], **{"with": waves[1]})
    answers = [lab.ask(run_id, CompareSeries(5, 50)) for run_id in waves]
    errors = [answer.free_running_rmse for answer in answers]
    table, said = app.table[0].value, texts(app.markdown)
    names = [name.replace("\\", "") for name in table.index]
    assert not app.warning
    assert f"(RMSE): {names[np.argmin(errors)]}, " in said
    assert f"Largest: {names[np.argmax(errors)]}, " in said
    assert [float(text) for text in table["Free-running error (RMSE)"]] == pytest.approx(errors, rel=0.01)
    curves = [trace["name"] for trace in figure(app)["data"] if trace.get("showlegend", True)]
    assert curves == ["target (broad, pale)", *names]
    assert in_address(app, "with") == waves[1]


def test_a_click_adds_a_run_and_another_takes_it_away(compare, waves):  # noqa: F811
    app = compare(waves[0])
    assert "with" not in app.query_params
    widget(app.multiselect, "compare-with").set_value([waves[1]]).run()
    assert in_address(app, "with") == waves[1]
    assert "Smallest error of the free runs" in texts(app.markdown)
    widget(app.multiselect, "compare-with").set_value([]).run()
    assert not app.exception
    assert "with" not in app.query_params
    assert "it has learned" in texts(app.markdown) or "it drifts" in texts(app.markdown)


def test_only_runs_over_the_same_curve_have_the_same_truth(lab, waves, other_wave):  # noqa: F811
    first, second, other = (lab.run(run_id) for run_id in (*waves, other_wave))
    assert have_same_truth(first, second)
    assert not have_same_truth(first, other)


def test_the_bad_ids_of_a_link_get_one_warning_that_names_each(compare, waves, other_wave):  # noqa: F811
    app = compare(waves[0], **{"with": f"{waves[1]},nobody,{other_wave},gone"})
    (warning,) = app.warning
    said = warning.value.replace("\\", "")
    assert "There are no runs 'nobody', 'gone'; they may have been deleted." in said
    assert said.count("on the Runs page") == 1
    assert "learned other data" in warning.value
    assert in_address(app, "with") == waves[1]
    app.run()
    assert not app.warning


@pytest.mark.parametrize("ids", ["a b", "a,,b", "<b>", ",".join("abcdef")])
def test_what_is_no_list_of_ids_gets_one_sentence(ids):
    kept, (sentence,) = read_parameters({"with": [ids]})
    assert not kept
    assert f"at most {MOST_OTHERS} runs" in sentence


def pretend_to_train(lab, run_id):  # noqa: F811
    """A run with an update behind it, but without weights."""
    claim = claim_run(lab.location.database, run_id, 1, "another machine", None)
    claim.start(0, 10)
    claim.append([Measurement(1, "valid_loss", 1.0)], 1)
    claim.end("finished")


def test_the_runs_of_a_group_are_taken_by_one_click(lab, compare):  # noqa: F811
    group_id = lab.submit_group(Sweep(wave_of(), {"units": [2, 3]}, 2), "local", "Widths")
    by_place = {(run.experiment.seed, run.experiment.model.units): run.id for run in lab.members(group_id)}
    for place in ((0, 2), (1, 2), (1, 3)):
        pretend_to_train(lab, by_place[place])
    app = compare(by_place[0, 2])
    app.button(key="with-group").click().run()
    assert not app.exception
    # One run of each width; the first one of the other width has not been trained.
    assert in_address(app, "with") == by_place[1, 3]


def test_a_task_of_which_one_run_is_shown_says_so(lab, compare, waves):  # noqa: F811
    tagging = lab.submit(wave_of(target="peaks"), "local", "Peaks")
    pretend_to_train(lab, tagging)
    app = compare(tagging, **{"with": waves[0]})
    assert "Compare shows one run at a time" in texts(app.warning)
    assert "with" not in app.query_params


def test_two_networks_read_the_same_passage(lab, compare):  # noqa: F811
    runs = [train(lab, text_of(seed=seed)) for seed in (0, 1)]
    app = compare(runs[0], **{"with": runs[1]}, start="20", prime="6")
    passages = [lab.ask(run_id, CompareText(20, 6, 40, 12)).passage for run_id in runs]
    perplexities = [float(np.exp(np.mean(passage.surprises.astype(float)))) for passage in passages]
    said = texts(app.markdown)
    for seed, perplexity in enumerate(perplexities):
        assert f"seed {seed}, {perplexity:.4g}" in said
    surprises = [trace["y"] for trace in figure(app)["data"]]
    assert len(surprises) == 2
    assert len(app.text) == 2  # what each of them writes
