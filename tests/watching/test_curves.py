from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from rnnlab.config import Experiment, to_json
from rnnlab.data.grammar import floor_perplexity
from rnnlab.formulas.round_steps import is_round
from rnnlab.presets import preset
from rnnlab.store.curves import Curve, Curves
from rnnlab.store.store import RunStore, Sample
from rnnlab.watching.curves import MOST_POINTS, MOST_SAMPLES, NEWEST_UPDATES, GrowingCurve, Watched
from rnnlab.watching.durations import spoken_duration


class Script:
    """A lab that returns prepared curves, one after the other."""

    def __init__(self, *readings):
        self.readings = list(readings)

    def curves(self, run_id, since):
        return self.readings.pop(0)

    def samples(self, run_id, after_step):
        return [Sample(step, {}) for step in (0, 10, 20) if step > after_step]


def reading(first, last, replaces=False):
    steps = np.arange(first, last)
    return Curves({"train_loss": Curve(steps, steps * 1.0)}, execution=1, last_row=last, replaces=replaces)


@pytest.fixture
def run(tmp_path):
    store = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    now = datetime.now(UTC)
    started = {"started": now, "ended": now + timedelta(seconds=4)}
    return replace(store.get(store.create(Experiment(), "me")), step=8, execution=1, state="finished", **started)


def test_curves_grow(run):
    watched = Watched()
    lab = Script(reading(0, 3, replaces=True), reading(3, 5))
    watched.look(lab, run)
    watched.look(lab, run)
    assert watched.points("train_loss")[0].tolist() == [0, 1, 2, 3, 4]
    assert watched.last("train_loss") == 4
    assert len(watched.samples) == 3


def test_curves_that_were_cut_back_replace_the_old_ones(run):
    watched = Watched()
    lab = Script(reading(0, 9, replaces=True), reading(0, 2, replaces=True))
    watched.look(lab, run)
    watched.look(lab, run)
    assert watched.points("train_loss")[0].tolist() == [0, 1]


@pytest.mark.parametrize("portion", [1, 7, 350, 10 * MOST_POINTS])
def test_a_curve_of_any_length_stays_evenly_thinned_with_its_first_and_its_last_point(portion):
    curve, total = GrowingCurve(), 5 * MOST_POINTS + 3
    for first in range(0, total, portion):
        steps = 10 * np.arange(first, min(first + portion, total))
        curve.append(steps, np.sqrt(steps))
    steps, values = curve.points
    assert steps[0] == 0
    assert steps[-1] == 10 * (total - 1)
    assert MOST_POINTS / 2 <= len(steps) <= MOST_POINTS + 1
    assert len(set(np.diff(steps)[:-1])) == 1
    np.testing.assert_array_equal(values, np.sqrt(steps))


def test_a_short_curve_is_kept_whole_with_every_point_once():
    curve = GrowingCurve()
    for first in range(0, MOST_POINTS, 40):
        curve.append(np.arange(first, first + 40), np.arange(first, first + 40) / 4)
    assert curve.points[0].tolist() == list(range(MOST_POINTS))
    curve.append(np.array([], "int64"), np.array([]))
    assert len(curve.points[0]) == MOST_POINTS


class Chatter(Script):
    """A lab whose run makes one sample more at each look."""

    def samples(self, run_id, after_step):
        return [Sample(after_step + 1, {})]


def test_of_very_many_samples_some_are_kept_and_the_newest(run):
    watched, looks = Watched(), 5 * MOST_SAMPLES
    lab = Chatter(*(reading(n, n + 1, replaces=n == 0) for n in range(looks)))
    for _ in range(looks):
        watched.look(lab, run)
    steps = [sample.step for sample in watched.samples]
    assert steps == sorted(set(steps))
    assert MOST_SAMPLES / 2 <= len(steps) <= MOST_SAMPLES
    assert steps[-1] == looks - 1
    assert watched.sample_at(looks // 2).step <= looks // 2


def test_the_first_steps_keep_their_samples_however_many_follow(run):
    watched, looks = Watched(), 12 * MOST_SAMPLES
    lab = Chatter(*(reading(n, n + 1, replaces=n == 0) for n in range(looks)))
    for _ in range(looks):
        watched.look(lab, run)
    early = [sample.step for sample in watched.samples if is_round(sample.step)]
    assert early == [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000]
    for step in [sample.step for sample in watched.samples]:
        assert watched.sample_at(step).step == step


def points_of(steps, **by_name):
    steps = np.array(steps)
    return {name: Curve(steps, np.array(values, "float64")) for name, values in by_name.items()}


def test_what_is_not_finite_is_no_point_but_the_step_of_the_overflow(run):
    whole = Curves(points_of([0, 1, 2], batch_loss=[1, 50, 3e9], grad_norm=[1, 1, 1]), 1, 1, replaces=True)
    rest = Curves(points_of([3, 4], batch_loss=[1e20, np.inf]), 1, 2, replaces=False)
    watched, lab = Watched(), Script(whole, rest, Curves(points_of([0], batch_loss=[1]), 2, 3, replaces=True))
    watched.look(lab, run)
    assert watched.overflow_step is None
    watched.look(lab, run)
    assert watched.overflow_step == 4
    assert watched.points("batch_loss")[0].tolist() == [0, 1, 2, 3]
    watched.look(lab, run)
    assert watched.overflow_step is None


def test_the_first_number_that_is_not_finite_in_any_curve_counts(run):
    curves = points_of([0, 1, 2], batch_loss=[1, 2, np.nan], grad_norm=[1, np.inf, np.nan])
    watched = Watched()
    watched.look(Script(Curves(curves, 1, 1, replaces=True)), run)
    assert watched.overflow_step == 1


def test_the_newest_gradient_norms_are_those_of_the_last_updates(run):
    first = Curves(points_of(range(150), grad_norm=range(150)), 1, 1, replaces=True)
    second = Curves(points_of(range(150, 180), grad_norm=range(150, 180)), 1, 2, replaces=False)
    watched, lab = Watched(), Script(first, second)
    watched.look(lab, run)
    watched.look(lab, run)
    assert watched.newest_norms.tolist() == list(range(180 - NEWEST_UPDATES, 180))


def test_the_diagnosis_is_that_of_the_run_that_is_watched(run):
    losses = [0.5, 0.6, 1e5, 1e20, np.inf]
    watched = Watched()
    watched.look(Script(Curves(points_of(range(5), batch_loss=losses), 1, 1, replaces=True)), run)
    (finding,) = watched.diagnosis(run)
    assert (finding.kind, finding.step) == ("exploded", 2)
    assert finding.settings == {"learning_rate": pytest.approx(Experiment().training.learning_rate / 10)}


def test_the_floor_of_the_grammar_is_known_to_the_diagnosis(run):
    grammar = replace(run, experiment_json=to_json(preset("grammar").experiment))
    measured = points_of([250], epoch_valid_perplexity=[4 * floor_perplexity()])
    watched = Watched()
    watched.look(Script(Curves(measured, 1, 1, replaces=True)), grammar)
    (finding,) = watched.diagnosis(grammar)
    assert "300 % above the floor" in finding.sentence


@pytest.mark.parametrize(
    ("preset_name", "explaining", "words"),
    [
        ("sine", {"noise_train_loss": [1.0], "noise_valid_loss": [0.8]}, "its noise is smaller"),
        ("sine", {"settled_train_loss": 0.85 * np.linspace(2, 1, 20)}, "an empty state"),
        ("ptb-demo", {"unigram_train_loss": [5.3], "unigram_valid_loss": [5.1]}, "the validation text is easier"),
    ],
)
def test_what_explains_a_low_validation_loss_is_read_for_the_diagnosis(run, preset_name, explaining, words):
    watched = replace(run, experiment_json=to_json(preset(preset_name).experiment))
    falling = np.linspace(2, 1, 20)
    measured = points_of(range(20), train_loss=falling, valid_loss=0.85 * falling)
    for name, values in explaining.items():
        measured |= points_of(range(len(values)), **{name: values})
    one = Watched()
    one.look(Script(Curves(measured, 1, 1, replaces=True)), watched)
    (finding,) = one.diagnosis(watched)
    assert words in finding.sentence


def test_sample_is_the_last_one_before_the_step(run):
    watched = Watched()
    watched.look(Script(reading(0, 1, replaces=True)), run)
    assert [watched.sample_at(step).step for step in (0, 9, 10, 15, 99)] == [0, 0, 10, 10, 20]
    assert Watched().sample_at(3) is None


def test_speed_of_a_finished_run_is_that_of_the_whole(run):
    assert Watched().steps_per_second(run) == pytest.approx(2)
    assert Watched().steps_per_second(replace(run, execution=2)) is None


@pytest.mark.parametrize(("seconds", "words"), [(7.6, "8 s"), (89, "89 s"), (150, "2 min"), (7200, "2 h 0 min")])
def test_duration_is_spoken(seconds, words):
    assert spoken_duration(seconds) == words
