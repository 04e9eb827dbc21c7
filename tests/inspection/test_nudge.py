"""A push is followed: its distances against pushes by hand and against the exponents."""

import numpy as np
import pytest

from rnnlab.config import ModelConfig
from rnnlab.errors import LabError
from rnnlab.inspection.lyapunov import network_exponents
from rnnlab.inspection.nudge import nudge_series, nudge_text, text_orbit
from rnnlab.inspection.state_map import orbit, precise
from rnnlab.models import Network

VALUES = np.sin(0.1 * np.arange(240))


@pytest.fixture(scope="module")
def network():
    return Network(ModelConfig(units=5), seed=4)


@pytest.fixture(scope="module")
def text_network():
    return Network(ModelConfig(units=5), vocabulary=9, seed=4)


def test_a_push_begins_with_its_size_and_fades_at_the_rate_of_the_largest_exponent(network):
    found = nudge_series(network, VALUES, prime=20, at=10, size=1e-4)
    assert found.teacher_forced.distances[0] == pytest.approx(1e-4)
    assert found.free_running.distances[0] == pytest.approx(1e-4)
    assert len(found.teacher_forced.distances) == 211
    assert len(found.free_running.outputs) == len(found.free_running.pushed_outputs) == 210
    base = orbit(precise(network), VALUES, 240)
    rate = network_exponents(precise(network), base.states[29:-1, 0], base.inputs[30:, 0])[0]
    early, late = found.teacher_forced.distances[[20, 83]]  # One period.
    assert np.log(late / early) / 63 == pytest.approx(rate, abs=0.03)


def test_outputs_are_those_of_the_orbit(network):
    found = nudge_series(network, VALUES, prime=20, at=10, size=0.5)
    free = orbit(precise(network), VALUES[:20], 240)
    np.testing.assert_allclose(found.free_running.outputs, free.outputs[30:, 0])
    assert np.abs(found.free_running.pushed_outputs[0] - found.free_running.outputs[0]) > 1e-3
    forced = orbit(precise(network), VALUES, 240)
    np.testing.assert_allclose(found.teacher_forced.outputs, forced.outputs[30:, 0])


def test_a_small_push_of_a_text_leaves_its_words_and_a_large_one_changes_them(text_network):
    tokens = np.random.default_rng(0).integers(0, 9, 60)
    small, large = (nudge_text(text_network, tokens, prime=10, at=5, size=size, seed=3) for size in (1e-6, 30.0))
    np.testing.assert_array_equal(small.free_running.outputs, small.free_running.pushed_outputs)
    assert (large.free_running.outputs != large.free_running.pushed_outputs).any()
    np.testing.assert_array_equal(large.teacher_forced.pushed_outputs, tokens[15:])
    assert small.teacher_forced.distances[-1] < 1e-3 * small.teacher_forced.distances[0]
    drawn = text_orbit(precise(text_network), tokens[:10], 60, seed=3).tokens[15:, 0]
    np.testing.assert_array_equal(small.free_running.outputs, drawn)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"prime": 0}, "The prime was 0, but must be 1 to 239"),
        ({"at": 220}, "must be 0 to 219 steps after it"),
        ({"size": 0.0}, "must be a finite number above 0"),
    ],
)
def test_what_makes_no_push_is_refused(network, changed, sentence):
    with pytest.raises(LabError, match=sentence):
        nudge_series(network, VALUES, **{"prime": 20, "at": 0, "size": 1e-4} | changed)


def test_another_kind_of_network_is_refused(network, text_network):
    with pytest.raises(LabError, match="series network"):
        nudge_series(text_network, VALUES, 20, 0)
    with pytest.raises(LabError, match="text network"):
        nudge_text(network, np.arange(20), 5, 0)
