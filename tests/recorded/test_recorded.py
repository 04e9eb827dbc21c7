"""Recorded runs: the files that are shipped, and which experiment each belongs to."""

import dataclasses
import json
from importlib import resources

import pytest

from rnnlab import recorded
from rnnlab.config import from_flat, to_flat
from rnnlab.presets import PRESETS
from rnnlab.recorded import PUBLISHED, RecordedEpoch, RecordedRun, published_like, recorded_like, recorded_runs

FILES = [file for name in PRESETS if (file := resources.files(recorded) / f"{name}.json").is_file()]


def epoch(words_per_second):
    return RecordedEpoch(train=30.5, valid=20.25, test=21.0, seconds=3.5, words_per_second=words_per_second)


RUN = RecordedRun(
    preset="grammar",
    experiment=from_flat({"seed": 7}, PRESETS["grammar"].experiment),
    command="python -m benchmarks.record_run grammar",
    machine="an abacus, 2 rods",
    date="2025-01-31",
    epochs=(epoch(100.0), epoch(1.0), epoch(110.0)),
    test_word_by_word=20.75,
    curves={"train_loss": ((0, 4.5), (10, 3.25)), "valid_loss": ((0, 4.5), (10, 3.5))},
)


@pytest.fixture
def with_run(monkeypatch):
    monkeypatch.setattr(recorded.runs, "recorded_runs", lambda: {"grammar": RUN})


def changed(**settings):
    return from_flat(settings, RUN.experiment)


def test_a_written_run_is_read_as_it_was():
    assert recorded.from_json(recorded.to_json(RUN)) == RUN


def test_a_file_from_before_a_setting_existed_has_its_default():
    fields = json.loads(recorded.to_json(RUN))
    del fields["experiment"]["carry_state"]
    assert recorded.from_json(json.dumps(fields)).experiment.training.carry_state is True


def test_one_disturbed_epoch_does_not_change_the_speed():
    assert RUN.words_per_second == 100.0


@pytest.mark.parametrize(("epochs", "last_step"), [(1, 3), (2, 6), (3, 9), (50, 9)])
def test_a_shorter_run_is_compared_with_the_same_epochs_only(epochs, last_step):
    points = tuple((step, 4.5 - step / 10) for step in range(10))  # Three epochs of three steps.
    run = dataclasses.replace(RUN, curves={"train_loss": points})
    assert run.curve_until("train_loss", epochs) == points[: last_step + 1]


@pytest.mark.usefixtures("with_run")
@pytest.mark.parametrize("same", [{}, {"seed": 3}, {"epochs": 1}, {"epochs": 40}, {"evaluate_every": 5}])
def test_other_seeds_and_lengths_lie_beside_the_recorded_run(same):
    assert recorded_like(changed(**same)) is RUN


@pytest.mark.usefixtures("with_run")
@pytest.mark.parametrize(
    "other", [{"units": 65}, {"learning_rate": 0.004}, {"train_tokens": 0}, {"carry_state": False}, {"corpus": "ptb"}]
)
def test_other_settings_have_no_recorded_run(other):
    assert recorded_like(changed(**other)) is None


@pytest.mark.usefixtures("with_run")
def test_a_wave_has_no_recorded_text():
    assert recorded_like(PRESETS["sine"].experiment) is None


def test_published_perplexities_belong_to_the_settings_of_their_preset():
    small = PRESETS["ptb-small"].experiment
    assert published_like(from_flat({"seed": 5, "epochs": 2}, small)) is PUBLISHED["ptb-small"]
    assert published_like(from_flat({"train_tokens": 1000}, small)) is None
    assert published_like(PRESETS["sine"].experiment) is None


@pytest.mark.parametrize("name", [name for name in PUBLISHED if name in PRESETS])
def test_published_perplexities_took_as_many_epochs_as_the_preset_has(name):
    assert PRESETS[name].experiment.training.epochs == PUBLISHED[name].epochs


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_shipped_run_is_a_whole_run_of_its_preset(file):
    run = recorded.from_json(file.read_text("utf-8"))
    assert file.name == f"{run.preset}.json"
    # The precision of a recording is its own: which one `auto` means depends on the machine.
    precision = {"precision": run.experiment.training.precision}
    assert to_flat(run.experiment) == to_flat(from_flat(precision, PRESETS[run.preset].experiment))
    assert len(run.epochs) == run.experiment.training.epochs
    assert run.command == f"python -m benchmarks.record_run {run.preset}"
    for points in run.curves.values():
        steps = [step for step, _ in points]
        assert steps[0] == 0
        assert steps == sorted(set(steps))
    assert recorded_runs()[run.preset] == run
    assert recorded_like(dataclasses.replace(run.experiment, seed=run.experiment.seed + 1)) == run
