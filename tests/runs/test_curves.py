import time

import numpy as np
import pytest

from rnnlab.runs.claim import claim_run
from rnnlab.runs.curves import Curves
from tests.runs.test_claim import Point, points
from tests.support.labs import small_experiment

pytestmark = pytest.mark.both_databases


@pytest.fixture
def run_id(store) -> str:
    return store.create(small_experiment(), "ada")


@pytest.fixture
def claim(store, run_id):
    return claim_run(store.url, run_id, 1, "engine", None)


def test_points_come_back_to_the_last_bit(store, run_id, claim):
    values = [0.1, 1 / 3, 1e-300, float(np.float32(0.1)), 5e-324]
    claim.append([Point(step, "loss", value) for step, value in enumerate(values)], 5)
    curve = store.curves(run_id).by_name["loss"]
    assert curve.values.tolist() == values
    assert curve.steps.tolist() == [0, 1, 2, 3, 4]


def test_curves_of_different_pace_are_kept_apart(store, run_id, claim):
    claim.append([Point(0, "train", 1.0), Point(0, "valid", 2.0), Point(1, "train", 0.5)], 1)
    curves = store.curves(run_id).by_name
    assert {name: curve.values.tolist() for name, curve in curves.items()} == {"train": [1.0, 0.5], "valid": [2.0]}


def test_appending_the_same_points_again_changes_nothing(store, run_id, claim):
    claim.append(points(range(5)), 5)
    claim.append(points(range(3, 8)), 8)
    assert store.curves(run_id).by_name["loss"].steps.tolist() == list(range(8))


def test_a_reader_gets_only_what_is_new(store, run_id, claim):
    claim.append(points(range(5)), 5)
    first = store.curves(run_id)
    claim.append(points(range(5, 7)), 7)
    second = store.curves(run_id, first)
    assert first.replaces
    assert not second.replaces
    assert second.by_name["loss"].steps.tolist() == [5, 6]
    assert store.curves(run_id, second).by_name == {}


def test_a_reader_is_told_when_the_run_went_back_to_a_checkpoint(store, run_id, claim):
    claim.append(points(range(5)), 5)
    before = store.curves(run_id)
    again = claim_run(store.url, run_id, 1, "engine", None)
    again.append(points(range(2)), 2)
    after = store.curves(run_id, before)
    assert after.replaces
    assert after.by_name["loss"].steps.tolist() == [0, 1]


def test_a_reader_that_looked_before_the_first_point_misses_nothing(store, run_id):
    nothing = store.curves(run_id)
    claim_run(store.url, run_id, 1, "engine", None).append(points(range(3)), 3)
    assert store.curves(run_id, nothing).by_name["loss"].steps.tolist() == [0, 1, 2]


def test_five_thousand_points_are_read_within_a_few_milliseconds(store, run_id, claim):
    for start in range(0, 5000, 100):
        claim.append(points(range(start, start + 100)), start + 100)
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        curves: Curves = store.curves(run_id)
        seconds.append(time.perf_counter() - began)
    assert len(curves.by_name["loss"].steps) == 5000
    assert min(seconds) < 0.01
