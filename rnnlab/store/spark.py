"""A few values of a growing curve, evenly spread over its points: what a list of runs draws as a spark line."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from rnnlab.store.curves import Curve

MOST_VALUES = 32
"""A spark line is about 100 pixels wide."""

DIGITS = 4
"""Of each value. More cannot be seen, and a list reads many of them."""


@dataclass(frozen=True)
class Spark:
    """Every `stride`-th value of a curve.

    Attributes:
        values: finite ones, at most `MOST_VALUES`.
        last_step: of the newest point that was counted.
        seen: how many points were counted.
        stride: a power of two.
    """

    values: tuple[float, ...] = ()
    last_step: int = -1
    seen: int = 0
    stride: int = 1

    def extended(self, curve: Curve) -> Spark:
        """The spark line after more was measured. Points that are not newer, or not finite, count for nothing."""
        counted = (curve.steps > self.last_step) & np.isfinite(curve.values)
        steps, values = curve.steps[counted], curve.values[counted]
        if not len(steps):
            return self
        new = values[-self.seen % self.stride :: self.stride]
        kept, stride = [*self.values, *(float(f"{value:.{DIGITS}g}") for value in new)], self.stride
        while len(kept) > MOST_VALUES:
            kept, stride = kept[::2], 2 * stride
        return Spark(tuple(kept), int(steps[-1]), self.seen + len(steps), stride)

    def to_json(self) -> str:
        """The text that `spark_from_json` reads."""
        return json.dumps([self.last_step, self.seen, self.stride, self.values])


def spark_from_json(text: str | None) -> Spark:
    """What `Spark.to_json` wrote; an empty one for a row that has none."""
    if not text:
        return Spark()
    last_step, seen, stride, values = json.loads(text)
    return Spark(tuple(values), last_step, seen, stride)
