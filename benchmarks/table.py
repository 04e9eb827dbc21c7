"""What a sitting measured, as one table of medians, ratios and shares of the limit.

Every ratio is taken within a round, so that what drifts from round to round drops out; the table has the median.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from benchmarks.alternation import Case, Times
from benchmarks.contestants import RNN_LAB, Contestant
from benchmarks.work import Product

EXPLANATION = """
FLOP count: 2 for each token and each multiplied weight (4 H (F + H) of each layer, H O of the head; neither embedding
nor biases), three times that in training. The limits are the rates of the first two products in the same rounds. In
brackets: the smallest and the largest ratio of a round."""


def median_ratio(theirs: Sequence[float], ours: Sequence[float]) -> float:
    """The median over the rounds of how many times as long they took."""
    return statistics.median(their / our for their, our in zip(theirs, ours, strict=True))


def print_table(title: str, unit: str, cases: Sequence[Case], products: Sequence[Product], times: Times) -> None:
    """All rows: rate, milliseconds a step, ratio to RNN Lab, and the share of the two limits.

    Args:
        title: what was done.
        unit: of the rate, such as `words`.
        cases, products: as they were measured; the first two products are the limits, float32 and bfloat16.
        times: as `measure` gives them.
    """
    limits = products[:2]
    print(f"\n{title} (medians of {len(next(iter(times.values())))} alternations)\n")
    print(f"| | | {unit}/s | ms a step | times RNN Lab's time | GFLOP/s | of float32 limit | of bfloat16 limit |")
    print("|---|---|---|---|---|---|---|---|")
    for case in cases:
        for one in case.contestants:
            print(f"| {case.label} | {one.label} | {_contestant_cells(case, one, limits, times)} |")
    for product in products:
        seconds = times[product.label, product.dtype]
        rate = f"| {product.label} | {product.dtype} | {1 / statistics.median(seconds):,.0f} | {_ms(seconds)} | |"
        print(f"{rate} {_shares(product.flops, seconds, limits, times)} |")
    print(EXPLANATION)


def _contestant_cells(case: Case, contestant: Contestant, limits: Sequence[Product], times: Times) -> str:
    """What one row says after its labels."""
    seconds = times.get((case.label, contestant.label))
    if seconds is None:
        return f"not installed: {contestant.package} | | | | |"
    ours = times[case.label, RNN_LAB.label]
    rate = case.units_a_step / statistics.median(seconds)
    ratios = f"{median_ratio(seconds, ours):,.2f} ({_range(seconds, ours)})"
    return f"{rate:,.0f} | {_ms(seconds)} | {ratios} | {_shares(case.work.flops, seconds, limits, times)}"


def _range(theirs: Sequence[float], ours: Sequence[float]) -> str:
    ratios = [their / our for their, our in zip(theirs, ours, strict=True)]
    return f"{min(ratios):,.2f} to {max(ratios):,.2f}"


def _ms(seconds: Sequence[float]) -> str:
    return f"{1e3 * statistics.median(seconds):,.4g}"


def _shares(flops: float, seconds: Sequence[float], limits: Sequence[Product], times: Times) -> str:
    """GFLOP/s, and the share of each limit: the median over the rounds of the ratio within a round."""
    cells = [f"{flops / statistics.median(seconds) / 1e9:,.3g}"]
    for limit in limits:
        fastest = [limit.flops / own for own in times[limit.label, limit.dtype]]
        share = statistics.median(flops / own / fast for own, fast in zip(seconds, fastest, strict=True))
        cells.append(f"{100 * share:.3g} %")
    return " | ".join(cells)
