"""Fixed points of a map, and the eigenvalues of its Jacobian there.

Source: Sussillo and Barak 2013, who minimise q = |F(s) - s|^2 / 2 from states of an orbit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rnnlab.errors import LabError
from rnnlab.generation.compiled import run_compiled
from rnnlab.inspection.state_map import check_series, closed_step, filled, jacobians, precise
from rnnlab.models import Network

ROUNDS = 60
"""Steps of the minimisation."""

NEWTON_ROUNDS = 20
FOUND = 1e-12
"""q below which a point is fixed."""

FIRST_DAMPING = 1e-2

Map = Callable[[np.ndarray], np.ndarray]
"""(N, S) -> (N, S)."""

Derivative = Callable[[np.ndarray], np.ndarray]
"""(N, S) -> (N, S, S)."""


@dataclass(frozen=True, eq=False)
class FixedPoint:
    """A point that a map leaves where it is.

    Attributes:
        state: float64 (S,).
        q: |F(s) - s|^2 / 2 there.
        eigenvalues: complex (S,), of the Jacobian there, the largest modulus first.
    """

    state: np.ndarray
    q: float
    eigenvalues: np.ndarray


def find_fixed_point(step: Map, derivative: Derivative, starts: np.ndarray) -> FixedPoint:
    """Minimise q from every start, then take Newton's steps; the found point that is closest to the starts' middle.

    Args:
        step, derivative: the map and its Jacobian.
        starts: float64 (N, S), such as states of an orbit.
    Raises:
        ValueError: no start led to a fixed point; the message gives the smallest q.
    """
    points = _minimised(step, derivative, np.asarray(starts, "float64"))
    points = _newton(step, derivative, points)
    with np.errstate(over="ignore", invalid="ignore"):
        rests = _q(step(points) - points)
    is_found = rests < FOUND
    if not is_found.any():
        raise LabError(
            f"No fixed point was found: the smallest q was {np.nanmin(rests):.1e}, but must be below {FOUND:.0e}; "
            "train the network for longer."
        )
    distances = np.where(is_found, np.linalg.norm(points - np.mean(starts, axis=0), axis=1), np.inf)
    best = int(np.argmin(distances))
    eigenvalues = np.linalg.eigvals(derivative(points[best : best + 1])[0])
    order = np.argsort(-np.abs(eigenvalues), kind="stable")
    return FixedPoint(points[best], float(rests[best]), eigenvalues[order])


def _minimised(step: Map, derivative: Derivative, points: np.ndarray) -> np.ndarray:
    """Levenberg-Marquardt on q for all points at once: a step is only taken where it makes q smaller."""
    damping = np.full(len(points), FIRST_DAMPING)
    identity = np.eye(points.shape[1])
    rest = step(points) - points
    for _ in range(ROUNDS):
        slope = derivative(points) - identity  # (N, S, S), of the rest
        downhill = np.einsum("nij,ni->nj", slope, rest)
        normal = np.einsum("nij,nik->njk", slope, slope) + damping[:, None, None] * identity
        tried = points - np.linalg.solve(normal, downhill[..., None])[..., 0]
        tried_rest = step(tried) - tried
        is_better = _q(tried_rest) < _q(rest)
        points = np.where(is_better[:, None], tried, points)
        rest = np.where(is_better[:, None], tried_rest, rest)
        damping = np.where(is_better, damping / 5, damping * 5).clip(1e-12, 1e6)
        if (_q(rest) < FOUND).all():
            break
    return points


def _newton(step: Map, derivative: Derivative, points: np.ndarray) -> np.ndarray:
    """Newton's steps for F(s) - s = 0, kept where they make q smaller."""
    identity = np.eye(points.shape[1])
    for _ in range(NEWTON_ROUNDS):
        rest = step(points) - points
        slope = derivative(points) - identity
        # The pseudo-inverse: an exact eigenvalue of 1 has no inverse.
        tried = points - (np.linalg.pinv(slope) @ rest[..., None])[..., 0]
        is_better = _q(step(tried) - tried) < _q(rest)
        if not is_better.any():
            break
        points = np.where(is_better[:, None], tried, points)
    return points


def _q(rest: np.ndarray) -> np.ndarray:
    return np.sum(np.square(rest), axis=1) / 2


def closed_loop_fixed_point(network: Network, starts: np.ndarray) -> FixedPoint:
    """The fixed point of a network of a series that reads its own outputs.

    Args:
        network: of a series, able to generate.
        starts: (N, S), states of a free run, see `orbit`.
    Raises:
        ValueError: none was found, or another kind of network.
    Example:
        states = orbit(precise(network), prime, 1000).states[500:, 0]
        closed_loop_fixed_point(network, states[::100]).eigenvalues
    """
    check_series(network)
    network = precise(network)
    count = len(starts)

    def step(points: np.ndarray) -> np.ndarray:
        return run_compiled(network, closed_step, arrays=(filled(points.astype(starts.dtype), count),))[: len(points)]

    def derivative(points: np.ndarray) -> np.ndarray:
        return jacobians(network, points)

    return find_fixed_point(step, derivative, starts)
