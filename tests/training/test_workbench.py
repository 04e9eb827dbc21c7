"""What a worker keeps of the runs that it has trained."""

import dataclasses

from rnnlab.config import Experiment, ModelConfig, from_flat
from rnnlab.data import load_dataset
from rnnlab.presets import PTB_MEDIUM, PTB_SMALL
from rnnlab.training import Trainer
from rnnlab.training.workbench import KEPT, Workbench, WorkbenchPool

WORDS = 10_000


def wave_with(units: int) -> Experiment:
    return Experiment(model=ModelConfig(units=units))


def used(pool: WorkbenchPool, experiment: Experiment, vocabulary: int = 0) -> Workbench:
    """What the pool gives for one run, after the run."""
    workbench = pool.take(experiment, vocabulary)
    pool.give_back(workbench)
    return workbench


def test_every_shape_of_a_lesson_stays_compiled():
    pool = WorkbenchPool()
    first = [used(pool, wave_with(units)) for units in range(1, KEPT + 1)]
    again = [used(pool, dataclasses.replace(wave_with(units), seed=7)) for units in range(1, KEPT + 1)]
    assert all(one is other for one, other in zip(first, again, strict=True))


def test_the_one_that_was_used_longest_ago_makes_room():
    pool = WorkbenchPool()
    first, second, *_ = [used(pool, wave_with(units)) for units in range(1, KEPT + 1)]
    assert used(pool, wave_with(1)) is first
    used(pool, wave_with(KEPT + 1))
    assert used(pool, wave_with(1)) is first
    assert used(pool, wave_with(2)) is not second


def test_two_runs_at_once_do_not_share():
    pool = WorkbenchPool()
    used(pool, wave_with(1))
    assert pool.take(wave_with(1), 0) is not pool.take(wave_with(1), 0)


def test_large_networks_are_not_hoarded():
    pool = WorkbenchPool()
    large, small = PTB_MEDIUM.experiment, PTB_SMALL.experiment
    wave = used(pool, wave_with(1))
    assert used(pool, large, WORDS) is not used(pool, large, WORDS)
    assert used(pool, wave_with(1)) is wave
    at_once = [pool.take(small, WORDS) for _ in range(6)]
    for workbench in at_once:
        pool.give_back(workbench)
    kept = {id(pool.take(small, WORDS)) for _ in range(6)} & {id(workbench) for workbench in at_once}
    assert 1 <= len(kept) < 6


FLAT = {"data": "sine", "samples": 60, "num_steps": 20, "units": 3, "epochs": 2}


def test_a_run_on_a_used_workbench_has_the_bits_of_one_on_a_new_workbench(make_trainer):
    """Whatever decides first weights: were one of these kept from the run before, the bits would differ."""
    changed = {"forget_bias": 3.0, "init_scale": 0.2, "seed": 9}
    experiment = from_flat(FLAT | changed)
    new = Trainer(experiment, load_dataset(experiment.data, experiment.seed))
    before = make_trainer(from_flat(FLAT))
    before.advance()
    used = make_trainer(experiment, after=before)
    assert used.network.model == experiment.model
    for trainer in (new, used):
        while not trainer.finished:
            trainer.advance()
    arrays, expected = used.state_dict(), new.state_dict()
    assert arrays.keys() == expected.keys()
    assert all(arrays[name].tobytes() == expected[name].tobytes() for name in arrays)
