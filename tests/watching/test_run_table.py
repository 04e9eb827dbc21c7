"""The table of runs: which columns it has, and what is in them."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from rnnlab import config
from rnnlab.config import Experiment, ModelConfig, TextData
from rnnlab.presets import PRESETS
from rnnlab.store.listing import RunPage
from rnnlab.store.run import Run
from rnnlab.store.spark import Spark
from rnnlab.store.summary import Summary, to_json
from rnnlab.watching.run_table import MOST_SETTINGS, colors_kept, flat_settings, run_columns

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
STATES = {"finished": "Finished", "queued": "Waiting"}


def run(name="run", experiment=None, *, state="finished", owner="ada", best=None, **values):
    text = config.to_json(experiment or Experiment())
    measured = to_json({"valid_loss": Summary(2.0, 9, best, 4)}) if best is not None else None
    given = {"id": name, "owner": owner, "name": name, "preset": None, "experiment_json": text, "state": state}
    given |= dict.fromkeys(("error", "note", "engine", "total_steps", "started", "ended", "heartbeat"))
    given |= dict.fromkeys(("submission", "execution", "deaths"), 1) | {"step": 10, "created": NOW, "queued": NOW}
    return Run(**given | {"measured_json": measured, "best_loss": best} | values)


def columns(*runs, baseline=None, groups=None, sizes=None):
    page = RunPage(list(runs), len(runs), groups or {}, sizes or {})
    return run_columns(page, STATES, {"ada": "you"}, baseline)


def units(count, **model):
    return Experiment(model=ModelConfig(units=count, **model))


def test_a_run_shows_what_it_came_to():
    spark = Spark((3.0, 1.0), 9, 2).to_json()
    one = run("wave", best=1.0, spark_json=spark, tags="exam", remark="Drifts.", group_id="g", free_error=0.25)
    found, _ = columns(one, groups={"g": "Cells"}, sizes={"wave": 2_500_000})
    assert found == {
        "Name": ["wave"],
        "State": ["Finished"],
        "Best validation loss": [1.0],
        "At step": [4],
        "Validation loss": [[3.0, 1.0]],
        "Free-running error": [0.25],
        "Steps": [10],
        "Tags": ["exam"],
        "Notes": ["Drifts."],
        "Group": ["Cells"],
        "Weights, MB": [2.5],
        "Started": [NOW],
    }


def test_a_column_without_a_value_is_left_out_and_one_with_some_has_gaps():
    found, _ = columns(run("new", state="queued"), run("old", best=1.0))
    assert found["Best validation loss"] == [None, 1.0]
    assert "Tags" not in found
    assert columns()[0] == {"Name": []}


def test_only_settings_that_differ_have_a_column_and_numbers_stay_numbers():
    found, left = columns(run("a", units(8)), run("b", units(16)))
    assert found["Units"] == [8, 16]
    assert "Cell" not in found
    assert left == 0
    mixed, _ = columns(run("a", units(8)), run("b", units(8, cell="gru")))
    assert mixed["Cell"] == ["LSTM", "GRU"]
    assert "Units" not in mixed


def test_settings_beyond_the_columns_are_counted():
    model = ModelConfig(units=9, num_layers=2, input_dropout=0.1, output_dropout=0.1, state_dropout=0.1)
    other = Experiment(model=model, seed=5)
    assert len(config.changes(other, Experiment())) == 6
    more = Experiment(model=ModelConfig(**{**vars(model), "cell": "simple_rnn"}), seed=5)
    found, left = columns(run("a"), run("b", more))
    names = {config.all_settings()[name][0].label for name in config.changes(more, Experiment())}
    assert len(names & set(found)) == MOST_SETTINGS
    assert left >= 1


def test_settings_that_this_version_does_not_know_leave_their_columns_empty():
    old = run("old", experiment_json='{"unitz": 3}')
    found, _ = columns(run("a", units(8)), run("b", units(16)), old)
    assert found["Units"] == [8, 16, None]


@pytest.mark.parametrize("text", ['{"unitz": 3}', '{"data": "video"}', '{"data": "sine", "unitz": 3}'])
def test_unknown_settings_are_none(text):
    assert flat_settings(text) == {}


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_settings_are_those_of_the_stored_experiment_also_where_they_came_later(preset):
    text = config.to_json(preset.experiment)
    assert flat_settings(text) == json.loads(text)
    older = {name: value for name, value in json.loads(text).items() if name != "clip_norm"}
    same = config.to_flat(config.from_json(json.dumps(older)))
    assert flat_settings(json.dumps(older)) == json.loads(json.dumps(same))


def test_runs_on_different_data_are_told_apart_by_what_both_have():
    found, _ = columns(run("wave", units(8)), run("text", Experiment(data=TextData(), model=ModelConfig(units=16))))
    assert found["Units"] == [8, 16]
    assert "Corpus" not in found


def test_owners_are_shown_where_there_are_two():
    assert "Owner" not in columns(run(), run())[0]
    assert columns(run(), run(owner="local"))[0]["Owner"] == ["you", "local"]


def test_a_baseline_has_the_others_measured_against_it():
    base = run("base", units(8), best=2.0)
    found, _ = columns(base, run("lower", units(16), best=1.0), run("new", state="queued"), baseline=base)
    assert found["Loss against the baseline, %"] == [None, pytest.approx(-50), None]
    assert found["Other settings than the baseline"][:2] == [None, "units 16"]


def test_a_run_keeps_its_colour_while_others_come_and_go():
    first = colors_kept({}, ["a", "b", "c"])
    assert first == {"a": 0, "b": 1, "c": 2}
    second = colors_kept(first, ["a", "c"])
    assert second == {"a": 0, "c": 2}
    assert colors_kept(second, ["d", "c", "a", "e"]) == {"d": 1, "c": 2, "a": 0, "e": 3}


def test_the_moment_of_a_start_is_that_of_its_creation():
    assert columns(run(created=NOW - timedelta(days=1)))[0]["Started"] == [NOW - timedelta(days=1)]
