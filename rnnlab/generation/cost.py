"""What generating costs: with the state carried, and with everything read again for each new value."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnnlab.errors import LabError
from rnnlab.generation.feeding import feed_back
from rnnlab.models import Network

CONTESTANTS = ("carried", "reread")


@dataclass(frozen=True)
class GenerationCost:
    """Measured seconds.

    Attributes:
        lengths: the N numbers of generated values.
        carried: for each length the seconds of each round, with the state carried.
        reread: the same, with everything re-read at every step.
    """

    lengths: tuple[int, ...]
    carried: tuple[tuple[float, ...], ...]
    reread: tuple[tuple[float, ...], ...]

    @property
    def medians(self) -> tuple[list[float], list[float]]:
        """Median seconds for each length: carried, re-read."""
        carried, reread = ([statistics.median(seconds) for seconds in way] for way in (self.carried, self.reread))
        return carried, reread

    @property
    def ratios(self) -> list[float]:
        """For each length how many times as long re-reading takes: the median of the rounds' ratios."""
        return [
            statistics.median(again / once for once, again in zip(*pair, strict=True))
            for pair in zip(self.carried, self.reread, strict=True)
        ]


def measure_cost(
    network: Network, lengths: Sequence[int], rounds: int = 3, most_seconds: float = math.inf
) -> GenerationCost:
    """Time both ways in turn, after one value, in one sitting.

    Args:
        network: a series network.
        lengths: numbers of values to generate, rising, each >= 1.
        rounds: times that each is measured, after one call that does not count.
        most_seconds: a length is left out, and all after it, when re-reading is expected to take longer than this; the
            first is always measured.
    Raises:
        ValueError: no length, one below 1, or a network that `feed_back` refuses.
    """
    if not lengths:
        raise LabError("There was no length to measure; please give at least one number of values.")
    measured: list[list[tuple[float, ...]]] = []
    for i, length in enumerate(lengths):
        if measured and _expected_seconds(measured[-1][1], lengths[i - 1], length) > most_seconds:
            break
        measured.append(_alternate(network, length, rounds))
    carried, reread = zip(*measured, strict=True)
    return GenerationCost(tuple(lengths[: len(measured)]), carried, reread)


def _expected_seconds(reread: tuple[float, ...], before: int, length: int) -> float:
    return statistics.median(reread) * (length / before) ** 2


def _alternate(network: Network, length: int, rounds: int) -> list[tuple[float, ...]]:
    """Seconds of each round: first of the one way, then of the other."""
    prime = np.zeros((1, 1, 1), "float32")
    for way in CONTESTANTS:
        feed_back(network, prime, length, way)
    seconds: dict[str, list[float]] = {way: [] for way in CONTESTANTS}
    for _ in range(rounds):
        for way in CONTESTANTS:
            began = time.perf_counter()
            feed_back(network, prime, length, way)
            seconds[way].append(time.perf_counter() - began)
    return [tuple(seconds[way]) for way in CONTESTANTS]
