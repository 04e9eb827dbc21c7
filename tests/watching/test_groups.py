"""What is read of a group while it grows, and what its finished runs came to."""

import dataclasses
import math

import pytest

from rnnlab.config import Sweep
from rnnlab.presets import GRAMMAR
from rnnlab.store.claim import claim_run
from rnnlab.training.trainer import Measurement
from rnnlab.watching.group_line import group_line, outcome_lines
from rnnlab.watching.groups import (
    Outcome,
    WatchedGroup,
    compared_measures,
    done_share,
    finals,
    levels,
    one_of_each,
    outcomes,
)
from tests.support.labs import small_experiment


@pytest.fixture
def group(lab):
    return lab.group(lab.submit_group(Sweep(small_experiment(), {"units": [2, 4]}, 2)))


def train(lab, run, losses, state=None):
    """A worker measures these validation losses, one every ten steps, and leaves the run in that state."""
    claim = claim_run(lab.location.database, run.id, run.submission, "another machine", None)
    claim.start(0, 40)
    measurements = [Measurement(10 * i, "valid_loss", loss) for i, loss in enumerate(losses)]
    claim.append(measurements, measurements[-1].step)
    if state:
        claim.end(state)
    return claim


def test_curves_are_read_as_they_grow_and_nothing_is_read_of_runs_that_stand_still(lab, group, monkeypatch):
    first, *_ = lab.members(group.id)
    claim = train(lab, first, [3.0, 2.0])
    watched, read = WatchedGroup(), []
    reads = lab.curves
    monkeypatch.setattr(lab, "curves", lambda run_id, since: read.append(run_id) or reads(run_id, since))
    watched.look(lab, lab.members(group.id))
    assert len(read) == 4
    claim.append([Measurement(20, "valid_loss", 1.0)], 20)
    watched.look(lab, lab.members(group.id))
    assert read[4:] == [first.id]
    steps, values = watched.points(first.id, "valid_loss")
    assert (steps.tolist(), values.tolist()) == ([0, 10, 20], [3, 2, 1])
    assert len(watched.points(first.id, "train_loss")[0]) == 0


def test_a_run_that_goes_back_to_its_checkpoint_has_its_curve_read_anew(lab, group):
    first, *_ = lab.members(group.id)
    train(lab, first, [3.0, 2.0])
    watched = WatchedGroup()
    watched.look(lab, lab.members(group.id))
    train(lab, lab.run(first.id), [3.0])
    watched.look(lab, lab.members(group.id))
    assert watched.points(first.id, "valid_loss")[1].tolist() == [3.0]


def test_only_finished_runs_have_a_final_value(lab, group):
    runs = lab.members(group.id)
    train(lab, runs[0], [3.0, 1.0], "finished")
    train(lab, runs[1], [3.0, 7.0], "failed")
    train(lab, runs[2], [3.0, 2.0], "finished")
    train(lab, runs[3], [3.0, 9.0])
    found = finals(group, lab.members(group.id), "valid_loss")
    assert found == [(0, 0, 1.0), (0, 1, 2.0)]
    assert outcomes(group, found) == [Outcome("units 2", 2, 1.5, 1.0, 2.0)]


def test_the_share_that_is_done_counts_what_is_over_as_done(lab, group):
    runs = lab.members(group.id)
    assert done_share(runs) == 0
    train(lab, runs[0], [3.0, 2.0, 1.0])  # 20 of 40 steps
    train(lab, runs[1], [3.0, 2.0], "failed")
    assert done_share(lab.members(group.id)) == pytest.approx((0.5 + 1) / 4)


def test_the_time_left_follows_the_progress_of_the_last_seconds(lab, group):
    runs = lab.members(group.id)
    times = iter([100.0, 110.0])
    watched = WatchedGroup(clock=lambda: next(times))
    watched.look(lab, runs)
    assert watched.seconds_left is None
    train(lab, runs[0], [3.0, 2.0, 1.0])  # an eighth of all that is to be done, in ten seconds
    watched.look(lab, lab.members(group.id))
    assert watched.seconds_left == pytest.approx(70)


def test_runs_are_compared_by_what_was_measured_the_validation_loss_first(lab, group):
    runs = lab.members(group.id)
    assert [measure.name for measure in compared_measures(runs)] == ["valid_loss"]
    claim = train(lab, runs[0], [3.0])
    claim.append([Measurement(10, "train_loss", 1.0), Measurement(10, "grad_norm", 1.0)], 10)
    assert [measure.name for measure in compared_measures(lab.members(group.id))] == ["valid_loss", "train_loss"]


def test_a_grammar_has_its_floor_to_compare_with(lab):
    from rnnlab.data import floor_perplexity

    experiment = GRAMMAR.experiment
    run = lab.run(lab.submit(experiment))
    assert levels(run, "valid_loss") == {"floor": pytest.approx(math.log(floor_perplexity(experiment)))}
    assert levels(run, "train_loss") == {}
    assert levels(lab.run(lab.submit(small_experiment())), "valid_loss") == {}


def test_the_command_lines_line_counts_the_states(lab, group):
    runs = lab.members(group.id)
    train(lab, runs[0], [1.0], "finished")
    assert group_line(lab.members(group.id), 75) == "1 of 4 runs finished, 3 queued, 75 s left"
    assert group_line(runs, None, "There are no workers.") == "queued: There are no workers."
    over = [dataclasses.replace(run, state="finished") for run in runs]
    assert group_line(over, 0.0) == "4 of 4 runs finished"


def test_the_command_line_lists_medians_and_ranges(lab, group):
    for run, loss in zip(lab.members(group.id), (4.0, 8.0, 2.0, 9.0), strict=True):
        train(lab, run, [10.0, loss], "finished")
    lines = [line.split("  ") for line in outcome_lines(group, lab.members(group.id))]
    cells = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    assert cells[0] == ["Validation loss:"]
    assert cells[2:] == [["units 2", "2", "3", "2", "4"], ["units 4", "2", "8.5", "8", "9"]]


def test_one_run_of_each_variant_is_the_first_one_given(lab, group):
    backwards = lab.members(group.id)[::-1]
    chosen = one_of_each(group, backwards)
    assert [run.experiment.model.units for run in chosen] == [2, 4]
    for run in chosen:
        same = [other for other in backwards if other.experiment.model.units == run.experiment.model.units]
        assert run == same[0]


def test_all_runs_are_taken_where_only_the_seed_varies(lab):
    seeds = lab.group(lab.submit_group(Sweep(small_experiment(), {}, 3)))
    assert one_of_each(seeds, lab.members(seeds.id)) == lab.members(seeds.id)
