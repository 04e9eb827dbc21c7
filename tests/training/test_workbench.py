"""What a worker keeps of the runs that it has trained."""

import dataclasses

from rnnlab.config import Experiment, ModelConfig
from rnnlab.presets import PTB_MEDIUM, PTB_SMALL
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
