"""Exponents of maps that are known in closed form, and of a network whose exponents are known."""

import math

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.config import ModelConfig
from rnnlab.errors import Cancelled, LabError
from rnnlab.inspection.lyapunov import carry_by, lyapunov_exponents, network_exponents
from rnnlab.inspection.state_map import orbit, precise
from rnnlab.models import Network


def rotation(angle):
    return np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])


@pytest.mark.parametrize(("factor", "expected"), [(1.0, 0.0), (0.9, math.log(0.9))])
def test_a_rotation_keeps_lengths_and_a_factor_scales_them(factor, expected):
    found = lyapunov_exponents(carry_by(np.repeat(factor * rotation(0.3)[None], 500, axis=0)), steps=500, width=2)
    np.testing.assert_allclose(found, [expected, expected], atol=1e-3)


@pytest.mark.parametrize("m", [0.05, 0.2])
def test_a_limit_cycle_has_one_exponent_of_0_and_one_of_its_pull(m):
    """r' = r + m r (1 - r^2), turned by an angle, in the plane. On the cycle r = 1, dr'/dr = 1 - 2 m."""
    turn, point, matrices = rotation(0.1), np.array([0.3, 0.2]), []
    for _ in range(5000):
        squared = point @ point
        matrices.append(turn @ ((1 + m * (1 - squared)) * np.eye(2) - 2 * m * np.outer(point, point)))
        point = turn @ (point * (1 + m * (1 - squared)))
    found = lyapunov_exponents(carry_by(np.array(matrices)), steps=len(matrices), width=2)
    np.testing.assert_allclose(found, [0.0, math.log(1 - 2 * m)], atol=1e-3)


def test_an_lstm_without_kernels_forgets_at_the_rate_of_its_forget_gate():
    network = Network(ModelConfig(cell="lstm", units=3, forget_bias=1.5), seed=0)
    cell = network.cells[0]
    for kernel in (cell.kernel, cell.recurrent_kernel):
        kernel.assign(tf.zeros_like(kernel))
    network = precise(network)
    start = np.random.default_rng(0).normal(size=(1, 6))
    found = orbit(network, np.zeros(200), 200, start)
    exponents = network_exponents(network, found.states[:-1, 0], found.inputs[1:, 0])
    np.testing.assert_allclose(exponents[:3], [math.log(1 / (1 + math.exp(-1.5)))] * 3, atol=1e-3)
    assert (exponents[3:] < -10).all()  # h decides nothing: these directions end in one step.


def test_some_vectors_carried_forwards_give_the_first_exponents_of_a_wide_network(monkeypatch):
    network = precise(Network(ModelConfig(cell="gru", units=6), seed=2))
    states = orbit(network, np.sin(0.1 * np.arange(100)), 203).states[100:, 0]
    all_of_them = network_exponents(network, states)
    monkeypatch.setattr("rnnlab.inspection.lyapunov.WHOLE", 5)
    np.testing.assert_allclose(network_exponents(network, states, count=2), all_of_them[:2], atol=1e-6)
    with pytest.raises(LabError, match="ask for the first 10"):
        network_exponents(network, states)


def test_it_reports_and_can_be_ended():
    reports = []

    def cancel(done, total):
        reports.append((done, total))
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        lyapunov_exponents(carry_by(np.ones((100, 1, 1))), steps=100, width=1, report=cancel)
    assert len(reports) == 2
    assert reports[0][0] == 0 < reports[1][0] < reports[1][1]
