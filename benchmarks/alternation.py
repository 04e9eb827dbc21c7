"""Compare contestants in one sitting: in turn, many times, medians and ratios. Shared machines drift; ratios hold."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping


def alternate(contestants: Mapping[str, Callable[[], None]], rounds: int) -> dict[str, list[float]]:
    """Seconds of every call: each contestant once a round, `rounds` times, after one call that does not count."""
    for call in contestants.values():
        call()
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, call in contestants.items():
            began = time.perf_counter()
            call()
            seconds[name].append(time.perf_counter() - began)
    return seconds


def print_rates(title: str, unit: str, work: float, seconds: Mapping[str, list[float]]) -> None:
    """One table: the median rate of each, and the median over the rounds of the first one's rate against it.

    Args:
        title: what was done.
        unit: of the work, such as `words`.
        work: how much of it one call does.
        seconds: as `alternate` gives them.
    """
    ours = next(iter(seconds.values()))
    print(f"\n{title} (medians of {len(ours)} alternations)\n")
    print(f"| | {unit}/s | ms | ratio |\n|---|---|---|---|")
    for name, times in seconds.items():
        ratio = statistics.median(their / our for their, our in zip(times, ours, strict=True))
        median = statistics.median(times)
        print(f"| {name} | {work / median:,.0f} | {1e3 * median:.1f} | {ratio:.2f} |")
