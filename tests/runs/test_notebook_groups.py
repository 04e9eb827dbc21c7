"""A sweep from a notebook, trained by a real engine."""

import io
from contextlib import redirect_stderr

import pytest

import rnnlab
from rnnlab import training
from rnnlab.config import InvalidSetting, from_flat
from rnnlab.errors import LabError
from tests.support.labs import small_experiment

pytestmark = pytest.mark.slow


@pytest.fixture
def in_shared_lab(shared_lab, monkeypatch):
    """What the notebook's functions open is the lab whose engine runs already."""
    for name, value in shared_lab.location.environment().items():
        monkeypatch.setenv(name, value)
    return shared_lab


def test_a_sweep_is_a_group_of_the_lab_with_tables_and_figures(in_shared_lab):
    written = io.StringIO()
    with redirect_stderr(written):
        group = rnnlab.sweep(small_experiment(), forget_bias=[0, 4], seeds=2, name="biases")
    assert "4 of 4 runs finished" in written.getvalue()
    assert [run.state for run in in_shared_lab.members(group.id)] == ["finished"] * 4

    table = group.table()
    assert table[["forget_bias", "seed"]].values.tolist() == [[0, 0], [4, 0], [0, 1], [4, 1]]
    alone = training.fit(from_flat({"forget_bias": 4, "seed": 1}, small_experiment()))
    last = alone.curve("valid_loss")[1][-1]
    assert table["valid_loss"].iloc[3] == last

    curves = group.curves()
    mine = curves[(curves["forget_bias"] == 4) & (curves["seed"] == 1)]
    assert mine["batch_loss"].dropna().tolist() == alone.curve("batch_loss")[1].tolist()

    by_bias = table.groupby("forget_bias")["valid_loss"].median()
    assert group.outcomes()["median"].tolist() == by_bias.tolist()
    medians = [trace for trace in group.figure().data if trace.line.width == 3]
    assert [trace.name for trace in medians] == ["forget bias 0", "forget bias 4"]
    assert [trace.y[-1] for trace in medians] == by_bias.tolist()
    assert sum(len(trace.y) for trace in group.finals_figure().data) == 4 + 2

    assert rnnlab.open_group(group.id).table().equals(table)
    assert group.open(table.index[3]).curve("valid_loss")[1][-1] == last
    assert set(table.index) <= set(rnnlab.runs().query(f"group == '{group.id}'").index)
    assert "4 of 4 runs finished" in repr(group)
    assert "forget bias 4" in group._repr_html_()
    with pytest.raises(LabError, match="take one of valid_loss"):
        group.figure("perplexity")


def test_it_is_silent_without_progress_and_takes_data_of_ones_own(in_shared_lab, capfd):
    own = rnnlab.own_text("the cat sat on the mat\n" * 100)
    group = rnnlab.sweep(own, seeds=2, progress=False, num_layers=1, units=4, epochs=1)
    assert capfd.readouterr() == ("", "")
    assert group.table()["epoch_valid_perplexity"].between(1, 20).all()


def test_a_run_that_runs_away_says_why_and_leaves_the_others_alone(in_shared_lab):
    group = rnnlab.sweep(small_experiment(optimizer="sgd"), learning_rate=[100.0, 0.01], progress=False)
    failed, finished = group.table().to_dict("records")
    assert (failed["state"], finished["state"], finished["step"]) == ("failed", "finished", 40)
    assert "training cannot go on" in failed["error"] or "overflowed" in failed["error"]
    assert group.outcomes().index.tolist() == ["learning rate 0.01"]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"units": [4]}, "needs at least two values"),
        ({"unit": [4, 8]}, "did you mean units"),
        ({"seed": 2, "sed": 1}, "did you mean seed"),
        ({"seeds": 0}, "The number of seeds was 0"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_trains(in_shared_lab, settings, sentence):
    before = len(in_shared_lab.everybodys_runs())
    with pytest.raises(InvalidSetting, match=sentence):
        rnnlab.sweep(small_experiment(), progress=False, **settings)
    assert len(in_shared_lab.everybodys_runs()) == before
