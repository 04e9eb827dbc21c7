"""Phase, main components and fixed points, on oscillations that are known."""

import math

import numpy as np
import pytest

from rnnlab.config import ModelConfig
from rnnlab.errors import LabError
from rnnlab.formulas.drift import is_small, rmse_of_drift
from rnnlab.inspection.components import main_components
from rnnlab.inspection.fixed_points import closed_loop_fixed_point, find_fixed_point
from rnnlab.inspection.phase import fit_phase
from rnnlab.inspection.state_map import jacobians, orbit, precise
from rnnlab.models import Network

FREQUENCY = 0.1


@pytest.mark.parametrize("error", [0.002, -0.001, 0.0])
def test_amplitude_phase_and_frequency_error_of_a_built_wave_are_found(error):
    times = 50 + np.arange(1000)
    found = fit_phase(0.8 * np.sin(FREQUENCY * (1 + error) * times + 0.3), FREQUENCY, start=50)
    np.testing.assert_allclose(found.amplitudes, 0.8, atol=2e-3)
    np.testing.assert_allclose(found.phases, 0.3 + FREQUENCY * error * found.times, atol=2e-3)
    assert found.frequency_error == pytest.approx(error, abs=2e-5)


def test_phases_do_not_jump_and_a_dead_oscillation_has_none():
    times = np.arange(1000)
    found = fit_phase(np.sin(1.1 * FREQUENCY * times), FREQUENCY)
    assert found.phases[-1] == pytest.approx(FREQUENCY * 0.1 * found.times[-1], abs=0.1)  # beyond pi
    dead = fit_phase(np.exp(-times / 100) * np.sin(FREQUENCY * times), FREQUENCY)
    assert np.isnan(dead.phases[-1])
    assert not np.isnan(dead.phases[0])
    assert np.isnan(fit_phase(np.zeros(1000), FREQUENCY).drift)
    with pytest.raises(LabError, match="at least 189 steps"):
        fit_phase(np.zeros(188), FREQUENCY)


@pytest.mark.parametrize("drift", [1e-4, 1e-3])
def test_the_error_of_a_frequency_alone_is_that_of_the_formula(drift):
    horizon, times = 628, np.arange(628)
    error = 2 * np.sin((FREQUENCY + drift) * times) - 2 * np.sin(FREQUENCY * times)
    assert is_small(drift, horizon)
    assert rmse_of_drift(drift, horizon, amplitude=2.0) == pytest.approx(np.sqrt(np.mean(error**2)), rel=0.03)


def test_main_components_of_an_ellipse_are_its_axes():
    angle = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    axes = np.linalg.qr(np.random.default_rng(0).normal(size=(5, 2)))[0].T
    states = 7 + np.stack([3 * np.cos(angle), np.sin(angle)], 1) @ axes
    found = main_components(states)
    np.testing.assert_allclose(found.shares, [0.9, 0.1], atol=1e-9)
    np.testing.assert_allclose(np.abs(found.directions @ axes.T), np.eye(2), atol=1e-9)
    assert np.ptp(found.project(states)[:, 0]) == pytest.approx(6, abs=1e-3)


def test_the_fixed_point_of_a_built_rotation_turns_by_its_angle():
    turn = np.array([[math.cos(0.3), -math.sin(0.3)], [math.sin(0.3), math.cos(0.3)]])
    middle = np.array([2.0, -1.0])
    starts = middle + np.random.default_rng(0).normal(size=(4, 2))
    found = find_fixed_point(
        lambda points: middle + (points - middle) @ turn.T, lambda points: np.repeat(turn[None], len(points), 0), starts
    )
    np.testing.assert_allclose(found.state, middle, atol=1e-6)
    np.testing.assert_allclose(sorted(found.eigenvalues, key=np.imag), np.exp([-0.3j, 0.3j]), atol=1e-9)
    assert found.q < 1e-12


def test_a_map_without_a_fixed_point_is_told():
    shift, identity = np.array([1.0, 0.0]), np.eye(2)
    with pytest.raises(LabError, match=r"the smallest q was 5\.0e-01"):
        find_fixed_point(
            lambda points: points + shift, lambda points: np.stack([identity] * len(points)), np.zeros((2, 2))
        )


def test_a_network_stays_at_its_fixed_point():
    network = Network(ModelConfig(cell="gru", units=4), seed=3)
    states = orbit(precise(network), np.sin(0.1 * np.arange(40)), 60).states[::10, 0]
    found = closed_loop_fixed_point(network, states)
    np.testing.assert_allclose(orbit(precise(network), [], 3, found.state[None]).states[-1, 0], found.state, atol=1e-6)
    assert found.q < 1e-12
    expected = np.linalg.eigvals(jacobians(precise(network), found.state[None])[0])
    np.testing.assert_allclose(sorted(np.abs(found.eigenvalues)), sorted(np.abs(expected)))
